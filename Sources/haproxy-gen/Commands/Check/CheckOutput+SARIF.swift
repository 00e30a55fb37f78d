import HAServices
import HATemplate

// SARIF 2.1.0, as code scanning reads it: sections 3.14 (run), 3.19 (tool component), 3.27 (result), 3.28 (location).
extension CheckOutput {
    func sarif(_ places: inout Places) -> [UInt8] {
        let codes = Set(diagnostics.map(\.code)).sorted { $0.rawValue < $1.rawValue }
        var json = JSONText()
        json.beginObject()
        json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        json.member("version", "2.1.0")
        json.key("runs")
        json.beginList()
        json.beginObject()
        json.tool(codes)
        json.member("columnKind", "unicodeCodePoints")
        json.key("results")
        json.beginList()
        for diagnostic in diagnostics {
            json.result(diagnostic, ruleIndex: codes.firstIndex(of: diagnostic.code) ?? 0, &places)
        }
        json.endList()
        json.endObject()
        json.endList()
        json.endObject()
        json.finish()
        return json.bytes
    }
}

extension JSONText {
    fileprivate mutating func tool(_ codes: [DiagnosticCode]) {
        key("tool")
        beginObject()
        key("driver")
        beginObject()
        member("name", Program.name)
        member("version", Program.version)
        key("rules")
        beginList()
        for code in codes {
            beginObject()
            member("id", code.rawValue)
            message("shortDescription", code.rawValue.split(separator: "-").joined(separator: " "))
            message("help", "See the section '\(code.rawValue)' of docs/diagnostics.md.")
            endObject()
        }
        endList()
        endObject()
        endObject()
    }

    fileprivate mutating func result(
        _ diagnostic: Diagnostic, ruleIndex: Int, _ places: inout CheckOutput.Places
    ) {
        beginObject()
        member("ruleId", diagnostic.code.rawValue)
        member("ruleIndex", ruleIndex)
        member("level", diagnostic.severity.rawValue)
        message("message", diagnostic.message)
        key("locations")
        beginList()
        if let location = diagnostic.location { self.location(location, nil, nil, &places) }
        endList()
        let related = diagnostic.notes.filter { $0.location != nil }
        if !related.isEmpty {
            key("relatedLocations")
            beginList()
            for (index, note) in related.enumerated() {
                if let location = note.location { self.location(location, note.message, index, &places) }
            }
            endList()
        }
        endObject()
    }

    private mutating func message(_ name: StaticString, _ text: String) {
        key(name)
        beginObject()
        member("text", text)
        endObject()
    }

    private mutating func location(
        _ location: HATemplate.SourceLocation, _ message: String?, _ id: Int?, _ places: inout CheckOutput.Places
    ) {
        let (start, end) = places.positions(of: location)
        beginObject()
        if let id { member("id", id) }
        key("physicalLocation")
        beginObject()
        key("artifactLocation")
        beginObject()
        member("uri", Self.reference(location.file.name))
        endObject()
        key("region")
        beginObject()
        member("startLine", start.line)
        member("startColumn", start.column)
        member("endLine", end.line)
        member("endColumn", end.column)
        endObject()
        endObject()
        if let message { self.message("message", message) }
        endObject()
    }

    /// A path as a URI reference (RFC 3986).
    private static func reference(_ path: String) -> String {
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
