import HATemplate

/// One thing that a proxy says about a configuration.
package struct Complaint: Sendable, Equatable {
    package var severity: Diagnostic.Severity
    /// The proxy's words without its own name, the time and the place.
    package var message: String
    /// 1-based; nil when the proxy names no line of the file that was checked.
    package var line: Int?
    /// 1-based, in bytes of the line.
    package var column: Int?
    /// Another line that the message speaks of: where a name was first used.
    package var otherLine: Int?
    /// The part of the configuration that is meant, where that is known without the proxy's words.
    package var range: Range<Int>?
    /// What to do, a sentence each.
    package var advice: [String] = []
    /// Whether it is about the check itself, and not in a proxy's words.
    package var isAboutCheck = false

    package init(
        _ severity: Diagnostic.Severity, _ message: String, line: Int? = nil, column: Int? = nil, otherLine: Int? = nil
    ) {
        self.severity = severity
        self.message = message
        self.line = line
        self.column = column
        self.otherLine = otherLine
    }

    /// What there is to say of a check that failed without a complaint.
    static func ofCheck(_ message: String) -> Complaint {
        var complaint = Complaint(.error, message)
        complaint.isAboutCheck = true
        return complaint
    }

    /// The words that the message has in quotes, in their order.
    var quotedWords: [String] {
        var words: [String] = []
        var rest = message.unicodeScalars[...]
        while let opening = rest.first {
            rest.removeFirst()
            guard let closing = Self.quotes[opening], let end = rest.firstIndex(of: closing) else { continue }
            // An apostrophe is no quote.
            let word = String(rest[..<end])
            if !word.isEmpty, !word.hasPrefix(" ") { words.append(word) }
            rest = rest[rest.index(after: end)...]
        }
        return words
    }

    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = ["'": "'", "\"": "\"", "<": ">"]
}
