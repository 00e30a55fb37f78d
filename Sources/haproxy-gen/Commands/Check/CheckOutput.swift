import HADelivery
import HAServices
import HATemplate

/// The values of `check --format`.
enum CheckFormat: String, Sendable, CaseIterable {
    case human, json, sarif, github
}

/// Writes what a check found, for people or for programs.
struct CheckOutput {
    let report: CheckReport
    /// Those of the report, in the words of the command line.
    let diagnostics: [Diagnostic]
    let milliseconds: Int

    init(report: CheckReport, milliseconds: Int) {
        self.report = report
        self.milliseconds = milliseconds
        diagnostics = report.diagnostics.map(\.inCommandLineWords)
    }

    func write(as format: CheckFormat, to console: Console) throws(CommandError) {
        var places = Places()
        switch format {
        case .human:
            break
        case .json:
            try console.write(json(&places))
        case .sarif:
            try console.write(sarif(&places))
        case .github:
            try console.write(diagnostics.map { github($0, &places) }.joined())
        }
        if format == .human { console.show(diagnostics) }
        for note in report.notes { console.note(note) }
        console.say(summary + "\n")
    }

    /// `3 targets, 12 service files: 1 error, 2 warnings, 1 note in 84 ms`
    private var summary: String {
        let notes = report.noteCount == 0 ? "" : ", " + Self.count(report.noteCount, "note")
        let isAboutTemplates = report.templateCount > 0 && report.targetCount == 0 && report.serviceFiles.isEmpty
        let subjects =
            isAboutTemplates
            ? Self.count(report.templateCount, "template")
            : "\(Self.count(report.targetCount, "target")), \(Self.count(report.serviceFiles.count, "service file"))"
        return "\(subjects): "
            + "\(Self.count(report.errorCount, "error")), \(Self.count(report.warningCount, "warning"))\(notes) "
            + "in \(milliseconds) ms"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Lines and columns, with one pass over each file.
    struct Places {
        private var indices: [SourceFile.Identity: LineIndex] = [:]

        mutating func positions(of location: HATemplate.SourceLocation) -> (start: SourcePosition, end: SourcePosition)
        {
            let identity = location.file.identity
            let index = indices[identity] ?? LineIndex(location.file)
            indices[identity] = index
            return (index.position(at: location.range.start), index.position(at: location.range.end))
        }
    }

    // MARK: JSON

    private func json(_ places: inout Places) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.key("format")
        json.integer(1)
        json.key("diagnostics")
        json.beginList()
        for diagnostic in diagnostics {
            json.beginObject()
            json.member("code", diagnostic.code.rawValue)
            json.member("severity", diagnostic.severity.rawValue)
            json.member("message", diagnostic.message)
            if let location = diagnostic.location { json.place(location, &places) }
            json.key("notes")
            json.beginList()
            for note in diagnostic.notes {
                json.beginObject()
                json.member("message", note.message)
                if let location = note.location { json.place(location, &places) }
                json.endObject()
            }
            json.endList()
            json.endObject()
        }
        json.endList()
        json.key("notes")
        json.beginList()
        for note in report.notes { json.string(note) }
        json.endList()
        json.key("summary")
        json.beginObject()
        json.member("targets", report.targetCount)
        json.member("serviceFiles", report.serviceFiles.count)
        json.member("errors", report.errorCount)
        json.member("warnings", report.warningCount)
        json.member("notes", report.noteCount)
        json.member("milliseconds", milliseconds)
        json.endObject()
        json.endObject()
        json.finish()
        return json.bytes
    }

    // MARK: GitHub

    private func github(_ diagnostic: Diagnostic, _ places: inout Places) -> String {
        Self.github(diagnostic, &places)
    }

    /// GitHub's workflow commands: `::error file=…,line=…,col=…,title=…::message`.
    static func github(_ diagnostic: Diagnostic, _ places: inout Places) -> String {
        var properties: [String] = []
        if let location = diagnostic.location {
            let (start, end) = places.positions(of: location)
            properties.append("file=" + Self.property(location.file.name))
            properties += ["line=\(start.line)", "endLine=\(end.line)"]
            if start.line == end.line { properties += ["col=\(start.column)", "endColumn=\(end.column)"] }
        }
        properties.append("title=" + Self.property(diagnostic.code.rawValue))
        let notes = diagnostic.notes.map { note in
            guard let location = note.location else { return "\n\(note.message)" }
            let position = places.positions(of: location).start
            return "\n\(location.file.name):\(position.line):\(position.column): \(note.message)"
        }
        let message = Self.escaped(diagnostic.message + notes.joined())
        let command = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
        return "::\(command) \(properties.joined(separator: ","))::\(message)\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func property(_ text: String) -> String {
        var result = ""
        for scalar in escaped(text).unicodeScalars {
            switch scalar {
            case ":": result += "%3A"
            case ",": result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension JSONText {
    mutating func member(_ name: StaticString, _ text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        integer(number)
    }

    fileprivate mutating func place(_ location: HATemplate.SourceLocation, _ places: inout CheckOutput.Places) {
        let (start, end) = places.positions(of: location)
        member("file", location.file.name)
        member("line", start.line)
        member("column", start.column)
        member("endLine", end.line)
        member("endColumn", end.column)
    }
}
