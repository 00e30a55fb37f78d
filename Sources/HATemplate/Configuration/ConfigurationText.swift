/// A configuration, read into statements as its proxy reads it: words without quotes and escapes, with their places.
///
/// Contexts of templates are found by the same rules of bytes (`HAProxyBytes`, `NginxBytes`) and the same grammar. The
/// reading is forgiving: what the proxy would refuse (an open quote, a block that never ends) is taken as far as it
/// goes, because the proxy's own complaint about it is to be shown, not ours.
package struct ConfigurationText: Sendable {
    /// A word of a statement, without its quotes.
    package struct Word: Sendable {
        package let text: String
        /// In bytes of the text, with the quotes.
        package let range: Range<Int>
        /// Whether any part of it stood in quotes or after a backslash.
        package let isQuoted: Bool
        /// Whether the proxy certainly reads this text: it depends on no variable and breaks no rule.
        package let isCertain: Bool

        package init(text: String, range: Range<Int>, isQuoted: Bool, isCertain: Bool = true) {
            self.text = text
            self.range = range
            self.isQuoted = isQuoted
            self.isCertain = isCertain
        }
    }

    /// A line of HAProxy, or a directive of nginx.
    package struct Statement: Sendable {
        /// Never empty.
        package let words: [Word]
        /// 1-based line of its first word.
        package let line: Int
        /// Index of the statement that opened the section or block around it.
        package let parent: Int?
        /// Whether it opens a section or block.
        package let isOpening: Bool

        package init(words: [Word], line: Int, parent: Int?, isOpening: Bool) {
            self.words = words
            self.line = line
            self.parent = parent
            self.isOpening = isOpening
        }

        package var keyword: String { words.first?.text ?? "" }
        /// The words after the keyword.
        package var arguments: ArraySlice<Word> { words.dropFirst() }
        package var range: Range<Int> {
            guard let first = words.first, let last = words.last else { return 0..<0 }
            return first.range.lowerBound..<last.range.upperBound
        }
    }

    package let bytes: [UInt8]
    package let dialect: Dialect
    package internal(set) var statements: [Statement] = []
    /// HAProxy: `.if`, `.notice` and their like, which choose lines and belong to no section.
    package internal(set) var conditions: [Statement] = []
    /// Offsets at which lines begin.
    package let lineStarts: [Int]

    /// - Parameter environment: what variables in the text stand for.
    package init(_ bytes: [UInt8], dialect: Dialect, environment: ProxyEnvironment = .unknown) {
        self.bytes = bytes
        self.dialect = dialect
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
        switch dialect {
        case .haproxy: readHAProxy(environment)
        case .nginx: readNginx()
        case .plain: break
        }
    }

    /// The bytes of a line without its line break; nil where there is no such line. Lines are 1-based.
    package func range(ofLine line: Int) -> Range<Int>? {
        guard line >= 1, line <= lineStarts.count else { return nil }
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The 1-based line that holds an offset.
    package func line(ofOffset offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// A range without white space at its ends.
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, Self.isSpace(bytes[start]) { start += 1 }
        while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    package static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// A word while its bytes are read.
struct OpenWord {
    private var bytes: [UInt8] = []
    private var start: Int?
    private var isQuoted = false
    private var isCertain = true

    /// A byte of the word; `offset` is where what stands for it begins.
    mutating func add(_ byte: UInt8, at offset: Int) {
        if start == nil { start = offset }
        bytes.append(byte)
    }

    /// What the proxy reads here is not known.
    mutating func spoil() { isCertain = false }

    /// A quote or backslash begins or ends here.
    mutating func quote(at offset: Int) {
        if start == nil { start = offset }
        isQuoted = true
    }

    var isEmpty: Bool { start == nil }

    /// The word that ends before `end`, if one has begun; a new one can begin then.
    mutating func finish(at end: Int) -> ConfigurationText.Word? {
        guard let first = start else { return nil }
        defer { self = OpenWord() }
        return ConfigurationText.Word(
            text: String(decoding: bytes, as: UTF8.self), range: first..<end, isQuoted: isQuoted, isCertain: isCertain)
    }
}
