extension PatternParser {
    /// A class in brackets. Go: parseClass.
    mutating func parseClass() throws(Mistake) {
        let start = offset
        offset += 1
        var isNegated = false
        if peek() == UInt8(ascii: "^") {
            isNegated = true
            offset += 1
        }
        var set = ScalarSet()
        var isFirst = true
        while isFirst || peek() != UInt8(ascii: "]") {
            isFirst = false
            if try parseNamedClass(into: &set) { continue }
            if try parseClassEscape(into: &set) { continue }
            try parseRange(into: &set, classStart: start)
        }
        offset += 1
        set.normalize()
        try push(tree.add(isNegated ? set.inverted : set))
    }

    /// One scalar or two with a hyphen between them.
    private mutating func parseRange(into set: inout ScalarSet, classStart: Int) throws(Mistake) {
        let start = offset
        let low = try parseClassScalar(classStart: classStart)
        var high = low
        if peek() == UInt8(ascii: "-"), let next = peek(1), next != UInt8(ascii: "]") {
            offset += 1
            high = try parseClassScalar(classStart: classStart)
            guard low <= high else { throw Mistake(.characterRange, start..<offset) }
        }
        if flags.contains(.ignoresCase) {
            CaseFolding.append(orbitsOf: low...high, to: &set)
        } else {
            set.append(low...high)
        }
    }

    private mutating func parseClassScalar(classStart: Int) throws(Mistake) -> UInt32 {
        guard let byte = peek() else {
            throw Mistake(.missingBracket, classStart..<bytes.count, place: classStart..<(classStart + 1))
        }
        return byte == UInt8(ascii: "\\") ? try parseEscape() : try nextScalar()
    }

    /// `[:alpha:]` or `[:^alpha:]` within brackets; false when there is none here. Go: parseNamedClass.
    private mutating func parseNamedClass(into set: inout ScalarSet) throws(Mistake) -> Bool {
        guard starts(with: "[:") else { return false }
        var end = offset + 2
        while end + 1 < bytes.count, bytes[end] != UInt8(ascii: ":") || bytes[end + 1] != UInt8(ascii: "]") {
            end += 1
        }
        guard end + 1 < bytes.count else { return false }
        var name = bytes[(offset + 2)..<end]
        let isNegated = name.first == UInt8(ascii: "^")
        if isNegated { name = name.dropFirst() }
        guard let group = Self.asciiClass(String(decoding: name, as: UTF8.self)) else {
            throw Mistake(.characterRange, offset..<(end + 2))
        }
        offset = end + 2
        append(group, isNegated: isNegated, to: &set)
        return true
    }

    static let digits = ScalarSet([0x30...0x39])
    static let wordScalars = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// What `\s` matches: not the vertical tab, which `[:space:]` has.
    static let perlSpaces = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])

    /// The classes of ASCII by their POSIX names.
    private static func asciiClass(_ name: String) -> ScalarSet? {
        switch name {
        case "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A])
        case "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A])
        case "ascii": ScalarSet([0...0x7F])
        case "blank": ScalarSet([0x09...0x09, 0x20...0x20])
        case "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F])
        case "digit": digits
        case "graph": ScalarSet([0x21...0x7E])
        case "lower": ScalarSet([0x61...0x7A])
        case "print": ScalarSet([0x20...0x7E])
        case "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
        case "space": ScalarSet([0x09...0x0D, 0x20...0x20])
        case "upper": ScalarSet([0x41...0x5A])
        case "word": wordScalars
        case "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        default: nil
        }
    }
}
