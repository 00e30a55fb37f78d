import HATemplate

/// What a check found.
package struct CheckReport: Sendable {
    /// Everything found, each thing once, in the order found.
    package private(set) var diagnostics: [Diagnostic] = []
    /// Sentences without a place, each once.
    package private(set) var notes: [String] = []
    package var targetCount = 0
    /// Templates checked by themselves.
    package var templateCount = 0
    /// Service files and tables read, each once.
    package var serviceFiles: Set<String> = []
    private var seen: Set<String> = []

    package init() {}

    package var errorCount: Int { diagnostics.count { $0.severity == .error } }
    package var warningCount: Int { diagnostics.count { $0.severity == .warning } }
    package var noteCount: Int { diagnostics.count { $0.severity == .note } }

    /// Several targets share templates and services: what is wrong with one of those is reported once.
    mutating func add(_ found: [Diagnostic]) {
        for diagnostic in found where seen.insert(Self.identity(diagnostic)).inserted {
            diagnostics.append(diagnostic)
        }
    }

    mutating func note(_ sentence: String) {
        if !notes.contains(sentence) { notes.append(sentence) }
    }

    private static func identity(_ diagnostic: Diagnostic) -> String {
        let place = diagnostic.location.map { "\($0.file.name):\($0.range.start)" } ?? ""
        // A template's line may be wrong for one service and for another.
        let data = diagnostic.notes.compactMap { $0.location.map { "\($0.file.name):\($0.range.start)" } }
        return ([place, diagnostic.code.rawValue, diagnostic.message] + data).joined(separator: "\n")
    }
}
