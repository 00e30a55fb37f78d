import HATemplate

/// Finds in a configuration what no proxy is needed for to see that it is wrong.
package struct OutputLint {
    /// Something wrong, at its place in the output.
    package struct Finding: Sendable {
        package let code: DiagnosticCode
        package let severity: Diagnostic.Severity
        package let message: String
        package let range: Range<Int>
        /// The first of two, with what to say of it.
        package let other: (message: String, range: Range<Int>)?
    }

    let text: ConfigurationText
    private(set) var findings: [Finding] = []
    /// The statements of each section or block, by its index.
    let members: [Int: [Int]]

    /// Findings kept: one fault in a template may stand in every service's lines.
    private static let maximumCount = 500

    package static func check(_ text: ConfigurationText) -> [Finding] {
        var lint = OutputLint(text)
        switch text.dialect {
        case .haproxy: lint.checkHAProxy()
        case .nginx: lint.checkNginx()
        case .plain: break
        }
        return lint.findings.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private init(_ text: ConfigurationText) {
        self.text = text
        var members: [Int: [Int]] = [:]
        for (index, statement) in text.statements.enumerated() {
            if let parent = statement.parent { members[parent, default: []].append(index) }
        }
        self.members = members
    }

    /// The statements directly inside one.
    func statements(in index: Int) -> [ConfigurationText.Statement] {
        (members[index] ?? []).map { text.statements[$0] }
    }

    /// The places of the statements that open a section or block of one of some kinds.
    func openings(_ kinds: Set<String>) -> [Int] {
        text.statements.indices.filter { text.statements[$0].isOpening && kinds.contains(text.statements[$0].keyword) }
    }

    mutating func add(
        _ code: DiagnosticCode, _ message: String, at range: Range<Int>, first: Range<Int>? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        guard findings.count < Self.maximumCount else { return }
        findings.append(
            Finding(
                code: code, severity: severity, message: message, range: range,
                other: first.map { ("the first one is here", $0) }))
    }

    /// Reports the second of two equal names.
    mutating func addDuplicates(
        _ code: DiagnosticCode, _ names: [(name: String, word: ConfigurationText.Word)],
        severity: Diagnostic.Severity = .error, _ message: (String) -> String
    ) {
        var seen: [String: Range<Int>] = [:]
        for (name, word) in names {
            if let first = seen[name] {
                add(code, message(word.text), at: word.range, first: first, severity: severity)
            } else {
                seen[name] = word.range
            }
        }
    }

    /// `; did you mean 'app'?`, or nothing.
    static func advice(_ name: String, _ known: Set<String>) -> String {
        nearest(to: name, in: known.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    }
}
