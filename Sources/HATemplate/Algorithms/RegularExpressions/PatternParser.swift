/// Reads a pattern into a tree. It keeps its own stack of open groups, so that their depth costs memory and not the
/// thread's stack. Go: regexp/syntax/parse.go, with the flags of regexp.Compile.
struct PatternParser {
    typealias Mistake = RegularExpression.Mistake
    typealias NodeIndex = PatternTree.NodeIndex

    struct Flags: OptionSet {
        let rawValue: UInt8

        /// `i`
        static let ignoresCase = Flags(rawValue: 1 << 0)
        /// `m`: `^` and `$` stand at lines.
        static let byLines = Flags(rawValue: 1 << 1)
        /// `s`: the dot matches line breaks.
        static let dotMatchesAll = Flags(rawValue: 1 << 2)
        /// `U`: repetitions are short unless a `?` follows.
        static let prefersShort = Flags(rawValue: 1 << 3)
    }

    /// A group that is open; the first is the whole pattern.
    struct Group {
        /// Number of the capture; 0 when the group captures nothing.
        let capture: Int
        /// The flags to go back to.
        let flags: Flags
        /// Where its parenthesis stands.
        let offset: Int
        /// The alternatives before the last `|`.
        var alternatives: [NodeIndex] = []
        /// Those after them that match one scalar each, which become one class.
        var singles: [NodeIndex] = []
        /// What stands after the last `|`.
        var parts: [NodeIndex] = []
    }

    let bytes: [UInt8]
    var offset = 0
    var flags: Flags = []
    var tree = PatternTree()
    /// The classes of `\p{…}` that were needed so far, by their names as written.
    var unicodeClasses: [[UInt8]: ScalarSet] = [:]
    var groups = [Group(capture: 0, flags: [], offset: 0)]

    static func parse(_ bytes: [UInt8]) throws(Mistake) -> PatternTree {
        var parser = PatternParser(bytes: bytes)
        try parser.parse()
        return parser.tree
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func parse() throws(Mistake) {
        /// Where the repetition that was read last begins.
        var lastRepetition: Int?
        while let byte = peek() {
            var repetition: Int?
            switch byte {
            case UInt8(ascii: "("): try openGroup()
            case UInt8(ascii: ")"): try closeGroup()
            case UInt8(ascii: "|"):
                try endAlternative()
                offset += 1
            case UInt8(ascii: "^"): try pushAssertion(flags.contains(.byLines) ? .lineStart : .textStart, length: 1)
            case UInt8(ascii: "$"): try pushAssertion(flags.contains(.byLines) ? .lineEnd : .textEnd, length: 1)
            case UInt8(ascii: "."):
                offset += 1
                try push(tree.add(flags.contains(.dotMatchesAll) ? .any : Self.anyButLineBreak))
            case UInt8(ascii: "["): try parseClass()
            case UInt8(ascii: "*"): repetition = try parseRepetition(.star, after: lastRepetition)
            case UInt8(ascii: "+"): repetition = try parseRepetition(.plus, after: lastRepetition)
            case UInt8(ascii: "?"): repetition = try parseRepetition(.optional, after: lastRepetition)
            case UInt8(ascii: "{"): repetition = try parseCountedRepetition(after: lastRepetition)
            case UInt8(ascii: "\\"): try parseBackslash()
            default: try pushLiteral(nextScalar())
            }
            lastRepetition = repetition
        }
        let root = try endGroup()
        if groups.count > 1, let open = groups.last {
            throw Mistake(.missingParenthesis, 0..<bytes.count, place: open.offset..<(open.offset + 1))
        }
        tree.root = root
    }

    static let anyButLineBreak = ScalarSet([0x0A...0x0A]).inverted

    // MARK: Reading

    func peek(_ distance: Int = 0) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    /// Whether the rest begins with some ASCII text.
    func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    }

    /// Reads one scalar. At the end it gives U+FFFD and stays there, as Go does.
    mutating func nextScalar() throws(Mistake) -> UInt32 {
        guard offset < bytes.count else { return 0xFFFD }
        let decoded = bytes.withUnsafeBufferPointer { DecodedScalar.decode($0, at: offset) }
        guard decoded.isValid else { throw Mistake(.invalidUTF8, offset..<bytes.count, place: offset..<(offset + 1)) }
        offset += decoded.length
        return decoded.scalar.value
    }

    func checkUTF8(_ range: Range<Int>) throws(Mistake) {
        let invalid = bytes.withUnsafeBufferPointer { firstInvalidUTF8(UnsafeBufferPointer(rebasing: $0[range])) }
        if let invalid {
            let start = range.lowerBound + invalid
            throw Mistake(.invalidUTF8, start..<range.upperBound, place: start..<(start + 1))
        }
    }

    // MARK: Building

    mutating func push(_ node: NodeIndex) throws(Mistake) {
        try check(node)
        groups[groups.count - 1].parts.append(node)
    }

    /// Throws when a node is more than a pattern may have.
    private func check(_ node: NodeIndex) throws(Mistake) {
        if let excess = tree.excess(of: node) { throw Mistake(excess, 0..<bytes.count) }
    }

    mutating func pushLiteral(_ scalar: UInt32) throws(Mistake) {
        try push(tree.addScalar(scalar, ignoresCase: flags.contains(.ignoresCase)))
    }

    mutating func pushAssertion(_ assertion: PatternProgram.Assertion, length: Int) throws(Mistake) {
        offset += length
        try push(tree.add(.assertion(assertion)))
    }

    // MARK: Groups

    mutating func pushGroup(capture name: [UInt8]?) {
        if let name { tree.groupNames.append(name) }
        groups.append(
            Group(capture: name == nil ? 0 : tree.groupNames.count - 1, flags: flags, offset: offset))
    }

    private mutating func openGroup() throws(Mistake) {
        if peek(1) == UInt8(ascii: "?") { return try parseGroupSyntax() }
        pushGroup(capture: [])
        offset += 1
    }

    private mutating func closeGroup() throws(Mistake) {
        let content = try endGroup()
        guard groups.count > 1, let group = groups.popLast() else {
            throw Mistake(.unexpectedParenthesis, 0..<bytes.count, place: offset..<(offset + 1))
        }
        offset += 1
        flags = group.flags
        try push(group.capture == 0 ? content : tree.add(.capture(content, group: group.capture)))
    }

    /// What stands after the last `|` becomes an alternative.
    private mutating func endAlternative() throws(Mistake) {
        let last = groups.count - 1
        let alternative = tree.addConcatenation(groups[last].parts)
        groups[last].parts = []
        try check(alternative)
        if tree.singleScalars(alternative) != nil {
            groups[last].singles.append(alternative)
        } else {
            try joinSingles()
            groups[last].alternatives.append(alternative)
        }
    }

    private mutating func joinSingles() throws(Mistake) {
        let last = groups.count - 1
        let singles = groups[last].singles
        guard let first = singles.first else { return }
        groups[last].singles = []
        guard singles.count > 1 else { return groups[last].alternatives.append(first) }
        var set = ScalarSet()
        for single in singles { set.append(tree.singleScalars(single) ?? ScalarSet()) }
        set.normalize()
        let node = tree.add(set)
        groups[last].alternatives.append(node)
        try check(node)
    }

    /// The content of the innermost group.
    private mutating func endGroup() throws(Mistake) -> NodeIndex {
        try endAlternative()
        try joinSingles()
        let last = groups.count - 1
        let alternatives = groups[last].alternatives
        guard alternatives.count > 1 else { return alternatives[0] }
        let node = tree.add(.alternation(alternatives))
        try check(node)
        return node
    }

    // MARK: Repetitions

    /// Wraps the last part; gives where the repetition begins.
    private mutating func parseRepetition(
        _ repetition: PatternTree.Repetition, length: Int = 1, after last: Int?
    ) throws(Mistake) -> Int {
        let start = offset
        offset += length
        var isGreedy = !flags.contains(.prefersShort)
        if peek() == UInt8(ascii: "?") {
            isGreedy.toggle()
            offset += 1
        }
        if let last { throw Mistake(.doubleRepetition, last..<offset) }
        let group = groups.count - 1
        guard let operand = groups[group].parts.popLast() else { throw Mistake(.nothingToRepeat, start..<offset) }
        let node = tree.add(.repetition(operand, repetition, isGreedy: isGreedy))
        groups[group].parts.append(node)
        try check(node)
        if case .counted(let minimum, let maximum) = repetition, max(minimum, maximum ?? 0) >= 2,
            tree.copies(of: node) > PatternTree.maximumCopies
        {
            throw Mistake(.repetitionCount, start..<offset)
        }
        return start
    }

    /// `{n}`, `{n,}` or `{n,m}`; any other brace is a literal.
    private mutating func parseCountedRepetition(after last: Int?) throws(Mistake) -> Int? {
        let start = offset
        guard let counts = readCounts() else {
            offset = start
            try pushLiteral(nextScalar())
            return nil
        }
        let length = offset - start
        let limit = PatternTree.maximumCopies
        guard counts.minimum <= limit, counts.maximum ?? 0 <= limit, counts.minimum <= counts.maximum ?? .max else {
            throw Mistake(.repetitionCount, start..<offset)
        }
        offset = start
        return try parseRepetition(
            .counted(minimum: counts.minimum, maximum: counts.maximum), length: length, after: last)
    }

    private mutating func readCounts() -> (minimum: Int, maximum: Int?)? {
        offset += 1
        guard let minimum = readCount() else { return nil }
        var maximum: Int? = minimum
        if peek() == UInt8(ascii: ",") {
            offset += 1
            if peek() == UInt8(ascii: "}") {
                maximum = nil
            } else if let count = readCount() {
                maximum = count
            } else {
                return nil
            }
        }
        guard peek() == UInt8(ascii: "}") else { return nil }
        offset += 1
        return (minimum, maximum)
    }

    /// A decimal number without leading zeros; a great one is more than any limit.
    private mutating func readCount() -> Int? {
        guard let first = peek(), (0x30...0x39).contains(first) else { return nil }
        if first == 0x30, let next = peek(1), (0x30...0x39).contains(next) { return nil }
        var count = 0
        while let digit = peek(), (0x30...0x39).contains(digit) {
            count = min(count * 10 + Int(digit - 0x30), 1_000_000)
            offset += 1
        }
        return count
    }
}
