import HATemplate

/// What random bytes are given to, and what must hold whatever they are.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// Lexer, parser, checker and compiler, in every dialect.
    case templates
    /// A template and, after a NUL, the JSON that it renders, under narrow limits.
    case renders
    /// The reader of JSON against a slow one.
    case json
    /// Service files, with NUL between them.
    case services
    /// Payloads with NUL between them, one after the other into a table; state files; imported files.
    case states
    /// Requests of HTTP, which come in pieces of any size.
    case http

    /// What is wrong with the program, as this input shows; nil when all is well. A trap says it too.
    func complaint(about input: [UInt8]) -> String? {
        switch self {
        case .templates: TemplateFuzz.complaint(input)
        case .renders: RenderFuzz.complaint(input)
        case .json: JSONFuzz.complaint(input)
        case .services: ServiceFuzz.complaint(input)
        case .states: StateFuzz.complaint(input)
        case .http: HTTPFuzz.complaint(input)
        }
    }
}

/// What must hold of every diagnostic: it says something, and its places lie inside their files.
func complaint(about diagnostics: [Diagnostic]) -> String? {
    var printer = DiagnosticPrinter()
    for diagnostic in diagnostics {
        if diagnostic.message.isEmpty { return "a diagnostic without words: \(diagnostic.code.rawValue)" }
        for location in [diagnostic.location] + diagnostic.notes.map(\.location) {
            guard let location else { continue }
            guard location.range.start <= location.range.end, Int(location.range.end) <= location.file.count else {
                return "\(diagnostic.code.rawValue): \(location.range) of \(location.file.count) bytes"
            }
        }
    }
    for diagnostic in diagnostics.prefix(20) {
        if printer.text(of: diagnostic).isEmpty { return "nothing is printed for \(diagnostic.code.rawValue)" }
    }
    return nil
}

/// The pieces of an input between its NUL bytes.
func pieces(of input: [UInt8], atMost count: Int) -> [[UInt8]] {
    input.split(separator: 0, maxSplits: count - 1, omittingEmptySubsequences: false).map(Array.init)
}
