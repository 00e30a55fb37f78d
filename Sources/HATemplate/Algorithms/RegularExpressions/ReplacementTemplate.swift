/// What stands for a match: text with `$1`, `${1}`, `$name`, `${name}` and `$$`. Go: regexp.Expand.
struct ReplacementTemplate {
    private enum Part {
        case text(Range<Int>)
        /// The first of these groups that took part in the match.
        case groups([Int])
    }

    private var parts: [Part] = []
    /// Whether it names a group other than the whole match.
    private(set) var usesGroups = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, groupNames: [[UInt8]]) {
        let dollar = UInt8(ascii: "$")
        var plainStart = 0
        var offset = 0
        while offset < bytes.count {
            guard bytes[offset] == dollar else {
                offset += 1
                continue
            }
            if offset + 1 < bytes.count, bytes[offset + 1] == dollar {
                // The first dollar stands; the second goes.
                parts.append(.text(plainStart..<(offset + 1)))
                offset += 2
            } else if let reference = Self.reference(bytes, at: offset + 1) {
                parts.append(.text(plainStart..<offset))
                let groups = Self.groups(of: Array(bytes[reference.name]), groupNames)
                if groups != [0] { usesGroups = true }
                parts.append(.groups(groups))
                offset = reference.end
            } else {
                offset += 1
                continue
            }
            plainStart = offset
        }
        parts.append(.text(plainStart..<bytes.count))
    }

    /// A part of a text in which matches are replaced.
    enum Output {
        /// Bytes of the text itself.
        case text(Range<Int>)
        /// Bytes of the replacement.
        case replacement(Range<Int>)
    }

    /// Hands on what stands for a match; false when `write` takes no more.
    func write(_ slots: [UInt32], _ write: (Output) -> Bool) -> Bool {
        for part in parts {
            switch part {
            case .text(let range):
                guard write(.replacement(range)) else { return false }
            case .groups(let groups):
                let set = groups.first { 2 * $0 + 1 < slots.count && slots[2 * $0] != PatternProgram.unset }
                guard let set else { continue }
                guard write(.text(Int(slots[2 * set])..<Int(slots[2 * set + 1]))) else { return false }
            }
        }
        return true
    }

    /// The name after a dollar, the longest there is unless it stands in braces; nil when it is none.
    private static func reference(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (name: Range<Int>, end: Int)? {
        let hasBrace = start < bytes.count && bytes[start] == UInt8(ascii: "{")
        let nameStart = hasBrace ? start + 1 : start
        var end = nameStart
        while end < bytes.count {
            let decoded = DecodedScalar.decode(bytes, at: end)
            guard decoded.scalar == "_" || GeneralCategories.isLetterOrDigit(decoded.scalar) else { break }
            end += decoded.length
        }
        guard end > nameStart else { return nil }
        guard hasBrace else { return (nameStart..<end, end) }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
        return (nameStart..<end, end + 1)
    }

    /// The groups with a number or a name.
    private static func groups(of name: [UInt8], _ groupNames: [[UInt8]]) -> [Int] {
        let isNumber = name.allSatisfy { (0x30...0x39).contains($0) } && (name.count == 1 || name[0] != 0x30)
        if isNumber, let number = Int(String(decoding: name, as: UTF8.self)), number <= 1_000_000_000 {
            return groupNames.indices.contains(number) ? [number] : []
        }
        return groupNames.indices.filter { groupNames[$0] == name }
    }
}
