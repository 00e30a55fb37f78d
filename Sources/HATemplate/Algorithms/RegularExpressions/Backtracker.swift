/// Tries one choice after another, and never twice: where ways of the program meet, it marks that it was there at this
/// position. What is marked failed, and fails from every start; so the marks stay for the searches that follow, and all
/// matches together cost no more time than the text times the program.
struct Backtracker: ~Copyable {
    enum Outcome {
        case match, noMatch, exhausted
    }

    /// A choice to come back to, or a slot to set back.
    private struct Entry: BitwiseCopyable {
        /// An instruction; with the highest bit a slot.
        let target: UInt32
        /// Where to go on, or what the slot held.
        let position: UInt32
    }

    private static let slotBit: UInt32 = 1 << 31

    private let view: PatternProgram.View
    private let text: UnsafeBufferPointer<UInt8>
    private let marks: UnsafeMutablePointer<UInt64>
    private let markWords: Int
    /// Words from here on have not been set to 0 yet.
    private var usedWords = 0
    private let maximumEntries: Int
    private var entries = Buffer<Entry>(capacity: 64)
    private(set) var steps = 0

    /// - Parameters:
    ///   - markCount: a bit for each join and each position of the text, its end included.
    ///   - maximumEntries: how many choices to come back to it keeps.
    init(_ view: PatternProgram.View, _ text: UnsafeBufferPointer<UInt8>, markCount: Int, maximumEntries: Int) {
        self.view = view
        self.text = text
        self.maximumEntries = maximumEntries
        markWords = (markCount + 63) / 64
        marks = .allocate(capacity: max(markWords, 1))
    }

    deinit {
        marks.deallocate()
    }

    /// Looks for a match that begins at `start`.
    mutating func run(from start: Int, _ slots: inout [UInt32]) -> Outcome {
        for slot in slots.indices { slots[slot] = PatternProgram.unset }
        slots[0] = UInt32(truncatingIfNeeded: start)
        entries.truncate(to: 0)
        var index = view.start
        var position = start
        while true {
            if follow(&index, &position, &slots) {
                slots[1] = UInt32(truncatingIfNeeded: position)
                // These may have been marked on the way to the match.
                unmark(position)
                return .match
            }
            guard entries.count <= maximumEntries else { return .exhausted }
            guard let entry = comeBack(&slots) else { return .noMatch }
            index = entry.target
            position = Int(entry.position)
        }
    }

    /// The last choice that was left open; slots that were set since are set back.
    private mutating func comeBack(_ slots: inout [UInt32]) -> Entry? {
        while entries.count > 0 {
            let entry = entries.base[entries.count - 1]
            entries.truncate(to: entries.count - 1)
            guard entry.target & Self.slotBit != 0 else { return entry }
            slots[Int(entry.target & ~Self.slotBit)] = entry.position
        }
        return nil
    }

    /// Goes on until a match (true) or until nothing fits.
    private mutating func follow(_ index: inout UInt32, _ position: inout Int, _ slots: inout [UInt32]) -> Bool {
        while true {
            let instruction = view.instructions[Int(index)]
            if instruction.join != PatternProgram.noJoin, !mark(instruction.join, position) { return false }
            steps &+= 1
            switch instruction.operation {
            case .scalar, .set, .any:
                guard position < text.count else { return false }
                let byte = text[position]
                if byte < 0x80 {
                    guard view.takes(UInt32(byte), instruction) else { return false }
                    position += 1
                } else {
                    let decoded = DecodedScalar.decode(text, at: position)
                    guard view.takes(decoded.scalar.value, instruction) else { return false }
                    position += decoded.length
                }
            case .split:
                entries.append(Entry(target: instruction.argument, position: UInt32(truncatingIfNeeded: position)))
                guard entries.count <= maximumEntries else { return false }
            case .save:
                let slot = Int(instruction.argument)
                if slot < slots.count {
                    entries.append(Entry(target: instruction.argument | Self.slotBit, position: slots[slot]))
                    slots[slot] = UInt32(truncatingIfNeeded: position)
                }
            case .assert:
                guard view.holds(instruction.argument, at: position, of: text) else { return false }
            case .match: return true
            case .jump: break
            }
            index = instruction.next
        }
    }

    // MARK: Marks

    /// False when the mark was there.
    @inline(__always)
    private mutating func mark(_ join: UInt32, _ position: Int) -> Bool {
        let bit = position * view.joinCount + Int(join)
        let word = bit >> 6
        if word >= usedWords { use(word) }
        let mask = UInt64(1) << (bit & 63)
        guard marks[word] & mask == 0 else { return false }
        marks[word] = marks[word] | mask  // `|=` stops Swift 6.3's compiler under ThreadSanitizer
        return true
    }

    private mutating func use(_ word: Int) {
        let end = min(markWords, word + 64)
        (marks + usedWords).initialize(repeating: 0, count: end - usedWords)
        usedWords = end
    }

    private mutating func unmark(_ position: Int) {
        for bit in (position * view.joinCount)..<((position + 1) * view.joinCount) where bit >> 6 < usedWords {
            marks[bit >> 6] = marks[bit >> 6] & ~(UInt64(1) << (bit & 63))  // as above
        }
    }
}
