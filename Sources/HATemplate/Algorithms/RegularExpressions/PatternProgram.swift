/// A compiled pattern: a graph of instructions that read the text from left to right. Immutable, so that any number of
/// searches share it.
struct PatternProgram: Sendable {
    /// In a slot: the group took no part in the match.
    static let unset = UInt32.max

    struct Instruction: BitwiseCopyable {
        var operation: Operation
        /// What the operation needs beside `next`.
        var argument: UInt32 = 0
        /// Index of the instruction to go on with.
        var next: UInt32 = 0
        /// Number among the instructions that several others lead to; a search marks those it has been at.
        var join: UInt32 = PatternProgram.noJoin
    }

    enum Operation: UInt8, BitwiseCopyable {
        /// Reads the scalar `argument`.
        case scalar
        /// Reads a scalar of set `argument`.
        case set
        /// Reads any scalar.
        case any
        /// Goes on at `next` or, when that does not lead to a match, at `argument`.
        case split
        /// Keeps the position in slot `argument`.
        case save
        /// Goes on where assertion `argument` holds.
        case assert
        case match
        /// Goes on at `next`; only while compiling.
        case jump
    }

    enum Assertion: UInt32 {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    static let noJoin = UInt32.max

    /// A character class: bits for ASCII, and a range of `ranges` for the rest.
    struct Table: BitwiseCopyable {
        var low: UInt64 = 0
        var high: UInt64 = 0
        var start: UInt32 = 0
        var count: UInt32 = 0
    }

    var instructions: [Instruction] = []
    var start: UInt32 = 0
    /// How many instructions have a join number.
    var joinCount = 0
    var tables: [Table] = []
    /// First and last code points of ranges past ASCII, in turn.
    var ranges: [UInt32] = []
    /// The bytes that every match begins with.
    var prefix: [UInt8] = []
    /// Which bytes a match can begin with, when it must begin with one.
    var firstBytes: [Bool] = []
    /// Every match begins at the start of the text.
    var isAnchored = false

    /// The program in one place, as searches read it; valid during a call of `withView`.
    struct View {
        let instructions: UnsafeBufferPointer<Instruction>
        let tables: UnsafeBufferPointer<Table>
        let ranges: UnsafeBufferPointer<UInt32>
        let prefix: UnsafeBufferPointer<UInt8>
        let firstBytes: UnsafeBufferPointer<Bool>
        let start: UInt32
        let joinCount: Int
        let isAnchored: Bool
    }

    func withView<Result>(_ body: (View) -> Result) -> Result {
        instructions.withUnsafeBufferPointer { instructions in
            tables.withUnsafeBufferPointer { tables in
                ranges.withUnsafeBufferPointer { ranges in
                    prefix.withUnsafeBufferPointer { prefix in
                        firstBytes.withUnsafeBufferPointer { firstBytes in
                            body(
                                View(
                                    instructions: instructions, tables: tables, ranges: ranges, prefix: prefix,
                                    firstBytes: firstBytes, start: start, joinCount: joinCount, isAnchored: isAnchored))
                        }
                    }
                }
            }
        }
    }
}

extension PatternProgram.View {
    /// Whether a reading instruction takes a scalar.
    @inline(__always)
    func takes(_ scalar: UInt32, _ instruction: PatternProgram.Instruction) -> Bool {
        switch instruction.operation {
        case .scalar: instruction.argument == scalar
        case .set: contains(scalar, tables[Int(instruction.argument)])
        case .any: true
        default: false
        }
    }

    @inline(__always)
    private func contains(_ scalar: UInt32, _ table: PatternProgram.Table) -> Bool {
        if scalar < 64 { return table.low >> UInt64(scalar) & 1 != 0 }
        if scalar < 128 { return table.high >> UInt64(scalar - 64) & 1 != 0 }
        return containsInRanges(scalar, table)
    }

    private func containsInRanges(_ scalar: UInt32, _ table: PatternProgram.Table) -> Bool {
        var low = 0
        var high = Int(table.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[Int(table.start) + 2 * middle + 1] < scalar { low = middle + 1 } else { high = middle }
        }
        return low < Int(table.count) && ranges[Int(table.start) + 2 * low] <= scalar
    }

    /// Whether an assertion holds at a position of a text. Words are made of ASCII.
    func holds(_ assertion: UInt32, at position: Int, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch PatternProgram.Assertion(rawValue: assertion) {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .lineStart: return position == 0 || text[position - 1] == 0x0A
        case .lineEnd: return position == text.count || text[position] == 0x0A
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && PatternParser.isWordByte(text[position - 1])
            let after = position < text.count && PatternParser.isWordByte(text[position])
            return (before != after) == (assertion == PatternProgram.Assertion.wordBoundary.rawValue)
        case nil: return false
        }
    }

    /// The first position from `position` on where a match may begin; nil when there is none.
    func candidate(in text: UnsafeBufferPointer<UInt8>, from position: Int) -> Int? {
        guard position <= text.count else { return nil }
        if isAnchored { return position == 0 ? 0 : nil }
        if let first = prefix.first { return prefixPosition(first, in: text, from: position) }
        guard !firstBytes.isEmpty else { return position }
        var position = position
        while position < text.count {
            let byte = text[position]
            if firstBytes[Int(byte)] { return position }
            position += byte < 0x80 ? 1 : DecodedScalar.decode(text, at: position).length
        }
        return nil
    }

    /// Whether a match may begin here, which `candidate` would say too.
    @inline(__always)
    func canStart(at position: Int, of text: UnsafeBufferPointer<UInt8>) -> Bool {
        if isAnchored { return position == 0 }
        guard !firstBytes.isEmpty else { return true }
        return position < text.count && firstBytes[Int(text[position])]
    }

    private func prefixPosition(_ first: UInt8, in text: UnsafeBufferPointer<UInt8>, from position: Int) -> Int? {
        var position = position
        let last = text.count - prefix.count
        while position <= last {
            if text[position] == first {
                var matched = 1
                while matched < prefix.count, text[position + matched] == prefix[matched] { matched += 1 }
                if matched == prefix.count { return position }
            }
            position += 1
        }
        return nil
    }
}
