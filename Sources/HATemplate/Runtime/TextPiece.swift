/// Where a part of a text comes from: it decides how the part may be written into a configuration.
enum TextOrigin: UInt8, BitwiseCopyable, Sendable {
    /// The template's own words, numbers, and what was declared to be trusted: written as it stands.
    case template
    /// Anything else: quoted, or refused.
    case data
    /// What Go prints where there is no value: `<nil>`, `<no value>`.
    case noValue
    /// What Go prints for a mistake in a format: `%!d(string=x)`.
    case misprint
    /// A number that has no digits alone: `1e+06` of a verb that asks for an exponent, `+Inf`, `NaN`.
    case number
    /// A list, map or record as Go prints it: `[a b]`, `map[a:1]`.
    case listing
}

/// A part of a string with one origin, as a range of the scratch memory. It may be empty: an argument from data that is
/// empty stands between its neighbours all the same.
struct TextPiece: BitwiseCopyable {
    let start: UInt32
    let count: UInt32
    let origin: TextOrigin

    var end: UInt32 { start &+ count }
    var isTrusted: Bool { origin == .template }

    init(start: UInt32, count: UInt32, origin: TextOrigin) {
        self.start = start
        self.count = count
        self.origin = origin
    }

    init(_ range: Range<Int>, _ origin: TextOrigin) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        count = UInt32(truncatingIfNeeded: range.count)
        self.origin = origin
    }

    /// The same part of a text that begins elsewhere.
    func moved(by distance: UInt32) -> TextPiece {
        TextPiece(start: start &+ distance, count: count, origin: origin)
    }

    /// The parts of the pieces that lie in a range, in order. `table` is sorted by start.
    static func overlapping(_ range: Range<Int>, in table: UnsafeBufferPointer<TextPiece>) -> [TextPiece] {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            if Int(table[middle].end) < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        var found: [TextPiece] = []
        for piece in table[low...] {
            guard Int(piece.start) <= range.upperBound else { break }
            let start = max(Int(piece.start), range.lowerBound)
            let end = min(Int(piece.end), range.upperBound)
            // Of pieces that end or begin at the range's ends, only those that are empty themselves belong to it.
            guard end > start || (end == start && piece.count == 0) else { continue }
            found.append(TextPiece(start..<end, piece.origin))
        }
        return found
    }
}

/// Collects a string's bytes and remembers where they come from.
struct PieceWriter: ~Copyable {
    /// Where the bytes go.
    var output: ByteBuffer
    /// Pieces so far, their starts counted from the string's beginning; neighbours differ in origin.
    private(set) var pieces: [TextPiece] = []
    private var written = 0

    /// Whether anybody will ask.
    let isTracking: Bool

    init(output: consuming ByteBuffer, isTracking: Bool) {
        self.output = output
        self.isTracking = isTracking
    }

    /// Says where what was written since the last call comes from.
    mutating func mark(_ origin: TextOrigin) {
        mark(upTo: output.count, origin)
    }

    /// Says that what was written since the last call is this value's text.
    mutating func mark(_ value: Value, _ memory: Memory) {
        guard isTracking else { return }
        if let shown = memory.takeNonsense(of: value) { return mark(shown) }
        guard value.hasPieces, output.count - written == value.count else {
            return mark(value.makesTrustedText ? .template : .data)
        }
        let start = written
        for piece in memory.pieces(of: value) {
            mark(upTo: start + Int(piece.end) - value.start, piece.origin)
        }
    }

    /// Appends a part of a string with its origins.
    mutating func append(_ text: Value, _ range: Range<Int>, _ memory: Memory) {
        let part = memory.slice(text, range)
        output.append(memory.bytes(of: part))
        mark(part, memory)
    }

    /// Appends a string with its origins.
    mutating func append(_ text: Value, _ memory: Memory) {
        append(text, 0..<text.count, memory)
    }

    /// Appends the template's own text.
    mutating func append(template byte: UInt8, count: Int = 1) {
        output.append(repeating: byte, count: count)
        mark(.template)
    }

    /// Appends what `write` makes of each part of a string by itself.
    mutating func append(
        eachPieceOf text: Value, _ memory: Memory, _ write: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void
    ) {
        guard isTracking, text.hasPieces else {
            write(memory.bytes(of: text), &output)
            return mark(text.makesTrustedText ? .template : .data)
        }
        for piece in memory.pieces(of: text) {
            let part = text.range(start: Int(piece.start), count: Int(piece.count))
            write(memory.bytes(of: part), &output)
            mark(piece.origin)
        }
    }

    private mutating func mark(upTo end: Int, _ origin: TextOrigin) {
        guard isTracking else { return }
        let count = end - written
        if count == 0, origin == .template { return }
        if let last = pieces.last, last.origin == origin {
            pieces[pieces.count - 1] = TextPiece(Int(last.start)..<end, origin)
        } else {
            pieces.append(TextPiece(written..<end, origin))
        }
        written = end
    }

    /// Whether everything is trusted.
    var isTrusted: Bool { isTracking && pieces.allSatisfy(\.isTrusted) }

    consuming func takeOutput() -> ByteBuffer { output }
}
