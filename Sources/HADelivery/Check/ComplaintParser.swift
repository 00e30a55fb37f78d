import HATemplate

/// Reads what HAProxy (1.8 to 3.x) and nginx write when they check a configuration.
///
///     [ALERT]    (4683) : config : parsing [out.cfg:8] : unknown keyword 'bogus' in 'frontend' section
///     [WARNING] 012/093012 (12) : config : missing timeouts for frontend 'a'.
///     2026/11/21 09:09:13 [emerg] 4772#4772: unknown directive "bogus" in /tmp/out.conf:3
///     nginx: [warn] conflicting server name "a" on 0.0.0.0:80, ignored
package struct ComplaintParser {
    /// What was said.
    package struct Report: Sendable, Equatable {
        package var complaints: [Complaint] = []
        /// Lines in no known form, before any complaint: what a command of the user's own says.
        package var otherLines: [String] = []
        /// Whether nginx found no mistake in the text, so that what failed after that is about this machine.
        package var isSyntaxOK = false
    }

    /// The path under which the proxy saw the file.
    private let path: String
    /// What the user calls it.
    private let name: String
    private var report = Report()
    /// Whether a line without a form of its own goes on with the last complaint.
    private var isOpen = false
    /// Whether that line is the first to do so.
    private var continuesFirst = true

    /// Complaints kept; a proxy may find a fault in every line.
    private static let maximumCount = 200

    package static func parse(_ text: String, path: String, name: String) -> Report {
        var parser = ComplaintParser(path: path, name: name)
        // Lines end at line feeds alone: a message may quote any other character.
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            parser.read(String(Substring(line)))
        }
        return parser.report
    }

    private init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    private mutating func read(_ line: String) {
        if Self.isSummary(line) {
            isOpen = false
            if line.hasSuffix(" syntax is ok") { report.isSyntaxOK = true }
        } else if let (label, body) = Self.labelled(line) {
            isOpen = false
            guard let severity = Self.severities[label], !Self.isSummary(body) else { return }
            add(severity, body)
        } else if line.hasPrefix("Configuration file has no error but will not start") {
            add(.error, "it has no mistake, but it would not start: nothing listens (no bind)")
            isOpen = false
        } else {
            continueLast(with: line)
        }
    }

    private static let severities: [String: Diagnostic.Severity] = [
        "ALERT": .error, "EMERG": .error, "CRIT": .error, "ERR": .error, "ERROR": .error, "WARNING": .warning,
        "WARN": .warning,
    ]

    private static func isSummary(_ text: String) -> Bool {
        let beginnings = [
            "Error(s) found in configuration file", "Fatal errors found in configuration", "Warnings were found.",
            "Configuration file is valid", "nginx: configuration file ", "nginx: the configuration file ",
        ]
        return beginnings.contains(where: text.hasPrefix)
    }

    /// `[label]` in upper case and what follows the numbers and component names after it.
    private static func labelled(_ line: String) -> (label: String, body: String)? {
        var rest = line[...]
        if rest.hasPrefix("nginx: ") { rest = rest.dropFirst(7) }
        // nginx: the date and time.
        while let first = rest.first, first.isASCII, first.isNumber || first == "/" || first == ":" || first == " " {
            rest.removeFirst()
        }
        guard rest.first == "[", let end = rest.firstIndex(of: "]") else { return nil }
        let label = rest[rest.index(after: rest.startIndex)..<end]
        guard !label.isEmpty, label.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        rest = rest[rest.index(after: end)...]
        let isNginx = label.allSatisfy(\.isLowercase)
        // Numbers of the day, of processes and connections: `325/091213 (123) : `, `12#12: `, `*1 `.
        rest = rest.drop { $0.isASCII && !$0.isLetter && $0 != "[" && $0 != "'" && $0 != "\"" }
        if !isNginx, rest.hasPrefix("config : ") { rest = rest.dropFirst(9) }
        return (label.uppercased(), String(rest))
    }

    private mutating func add(_ severity: Diagnostic.Severity, _ body: String) {
        guard report.complaints.count < Self.maximumCount else { return }
        var complaint = Complaint(severity, body)
        takePlace(&complaint)
        complaint.otherLine = Self.number(after: ["already defined at line ", "declared at line "], in: body)
        takeFurtherPlaces(&complaint)
        takeColumn(&complaint)
        while complaint.message.hasSuffix(".") || complaint.message.hasSuffix(" ") { complaint.message.removeLast() }
        report.complaints.append(complaint)
        isOpen = complaint.column == nil
        continuesFirst = true
    }

    private mutating func continueLast(with line: String) {
        var text = line[...]
        while let first = text.first, first == " " || first == "|" || first == "\t" { text.removeFirst() }
        guard !text.isEmpty else {
            isOpen = false
            return
        }
        if isOpen, let last = report.complaints.indices.last, report.complaints[last].message.utf8.count < 2_000 {
            let isSentence = continuesFirst && !report.complaints[last].message.hasSuffix(":")
            report.complaints[last].message += (isSentence ? ". " : " ") + text
            continuesFirst = false
        } else if report.complaints.isEmpty, report.otherLines.count < 50 {
            report.otherLines.append(line)
        }
    }

    // MARK: Places

    /// The place at the beginning (`parsing [FILE:8] : …`) or the end (`… in FILE:8`) of a message.
    private func takePlace(_ complaint: inout Complaint) {
        let message = complaint.message
        for opening in ["parsing [", "Parsing [", "["] where message.hasPrefix(opening + path + ":") {
            guard let line = Self.number(after: [opening + path + ":"], in: message),
                let end = message.firstIndex(of: "]")
            else { continue }
            complaint.line = line
            complaint.message = String(message[message.index(after: end)...].drop { $0 == " " || $0 == ":" })
            return
        }
        guard let range = Self.lastRange(of: " in \(path):", in: message),
            let line = Int(message[range.upperBound...])
        else { return }
        complaint.line = line
        complaint.message = String(message[..<range.lowerBound])
    }

    /// Places inside a message: the file gets the name that the user knows.
    private func takeFurtherPlaces(_ complaint: inout Complaint) {
        guard complaint.message.contains(path) else { return }
        if let line = Self.number(after: [path + ":"], in: complaint.message) {
            if complaint.line == nil { complaint.line = line } else { complaint.otherLine = line }
        }
        complaint.message = complaint.message.split(separator: path, omittingEmptySubsequences: false)
            .joined(separator: name)
    }

    /// `unmatched quote at position 19:`, after which the line and a caret follow.
    private func takeColumn(_ complaint: inout Complaint) {
        guard let column = Self.number(after: [" at position "], in: complaint.message), complaint.line != nil,
            let range = Self.lastRange(of: " at position ", in: complaint.message)
        else { return }
        complaint.column = column
        complaint.message = String(complaint.message[..<range.lowerBound])
    }

    /// The number that stands after one of some words.
    private static func number(after words: [String], in text: String) -> Int? {
        for word in words {
            guard let range = lastRange(of: word, in: text) else { continue }
            if let number = Int(text[range.upperBound...].prefix { $0.isASCII && $0.isNumber }) { return number }
        }
        return nil
    }

    private static func lastRange(of part: String, in text: String) -> Range<String.Index>? {
        text.ranges(of: part).last
    }
}
