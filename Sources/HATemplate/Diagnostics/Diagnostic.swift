/// A finding in one of the user's files: what is wrong, where, and what would help.
public struct Diagnostic: Sendable, Error {
    public enum Severity: String, Sendable {
        case error, warning
        /// Nothing is wrong, but a person should look at it.
        case note
    }

    /// Further information, often with a place of its own ("the action opens here").
    public struct Note: Sendable {
        public var message: String
        public var location: SourceLocation?
        /// What the message advises, where each program has words of its own for it.
        package private(set) var remedy: Remedy?

        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }

        init(_ remedy: Remedy) {
            message = remedy.words
            self.remedy = remedy
        }
    }

    public var code: DiagnosticCode
    public var severity: Severity
    public var message: String
    /// Nil when the mistake has no place in a file.
    public var location: SourceLocation?
    public var notes: [Note]
    /// Others that the same run found, where it could go on: further values that cannot stand where a template puts them.
    public var further: [Diagnostic] = []

    /// The diagnostic and the further ones, each by itself.
    public var all: [Diagnostic] {
        var first = self
        first.further = []
        return [first] + further
    }

    public init(
        _ code: DiagnosticCode, _ message: String, at location: SourceLocation?, severity: Severity = .error,
        notes: [Note] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.location = location
        self.notes = notes
    }
}

extension Diagnostic {
    /// What is said in place of further mistakes or warnings.
    package static func more(_ count: Int, _ severity: Severity) -> Diagnostic {
        let noun =
            switch severity {
            case .error: "mistake"
            case .warning: "warning"
            case .note: "note"
            }
        return Diagnostic(
            .tooManyMistakes, "and \(count) more \(noun)\(count == 1 ? "" : "s")", at: nil, severity: severity)
    }
}

/// A range of a file.
public struct SourceLocation: Sendable {
    public var file: SourceFile
    public var range: SourceRange

    public init(_ file: SourceFile, _ range: SourceRange) {
        self.file = file
        self.range = range
    }
}

/// Several diagnostics thrown together: parsing and checking collect all that they find.
public struct Diagnostics: Error, Sendable {
    public var items: [Diagnostic]

    public init(_ items: [Diagnostic]) {
        self.items = items
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The first line of what `DiagnosticPrinter` writes, for logs and test failures.
    public var description: String {
        let text = "\(severity.rawValue): \(message) [\(code.rawValue)]"
        guard let location else { return text }
        let position = LineIndex(location.file).position(at: location.range.start)
        return "\(location.file.name):\(position.line):\(position.column): \(text)"
    }
}

extension Diagnostics: CustomStringConvertible {
    public var description: String {
        items.map(\.description).joined(separator: "\n")
    }
}
