import HAServices
import HATemplate

/// What reading some files gives.
enum Reading {
    case services(Document, warnings: [Diagnostic])
    case mistakes([Diagnostic])

    /// Reads texts as files named `1.json`, `2.json` …
    init(_ texts: String...) {
        self.init(files: texts.map { Array($0.utf8) })
    }

    init(files: [[UInt8]]) {
        var reader = ServiceReader()
        for (index, bytes) in files.enumerated() { reader.addFile(name: "\(index + 1).json", bytes: bytes) }
        var warnings: [Diagnostic] = []
        do {
            self = .services(try reader.finish(warnings: &warnings), warnings: warnings)
        } catch {
            self = .mistakes(error.items)
        }
    }

    /// The document, when nothing was wrong.
    var document: Document? {
        if case .services(let document, _) = self { document } else { nil }
    }

    /// What has no effect, when nothing was wrong.
    var warnings: [Diagnostic] {
        if case .services(_, let warnings) = self { warnings } else { [] }
    }

    var diagnostics: [Diagnostic] {
        if case .mistakes(let diagnostics) = self { diagnostics } else { [] }
    }

    /// `LINE:COLUMN code` of every mistake, with its file's name in front when there are several files, and its notes'
    /// places after.
    var summary: [String] {
        diagnostics.map(describe)
    }
}

/// `LINE:COLUMN code <- LINE:COLUMN of the note`
func describe(_ diagnostic: Diagnostic) -> String {
    let notes = diagnostic.notes.map { " <- " + place($0.location) }.joined()
    return "\(place(diagnostic.location)) \(diagnostic.code.rawValue)\(notes)"
}

/// `LINE:COLUMN`, or `FILE:LINE:COLUMN` for other files than the first.
func place(_ location: SourceLocation?) -> String {
    guard let location else { return "-" }
    let position = LineIndex(location.file).position(at: location.range.start)
    let file = location.file.name == "1.json" ? "" : location.file.name + ":"
    return "\(file)\(position.line):\(position.column)"
}

extension Document {
    /// The services that the root holds.
    var services: [Value] { Array(elements(of: root)) }

    /// The hosts of a service.
    func hosts(of service: Value) -> [Value] {
        field("Hosts", of: service).map { Array(elements(of: $0)) } ?? []
    }

    /// A field as text, whatever its type: `[a, b]` for lists, `{…}` for records and maps.
    func show(_ name: String, of value: Value) -> String {
        field(name, of: value).map(show) ?? "no such field"
    }

    func show(_ value: Value) -> String {
        switch value.kind {
        case .missing: "missing"
        case .time: "time"
        case .null: "null"
        case .bool: String(value.asBool)
        case .int: String(value.asInt)
        case .float: String(value.asFloat)
        case .string: text(of: value) ?? "no text"
        case .list: "[" + elements(of: value).map(show).joined(separator: ", ") + "]"
        case .record: "{" + elements(of: value).map(show).joined(separator: " ") + "}"
        case .map: "{" + entries(of: value).map { "\($0.key): \(show($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
