import HAServices
import HATemplate

/// Writes a source map as JSON, one entry a line: docs/source-map.md.
package struct SourceMapFile {
    private var json = ""
    private var files: [String: Int] = [:]
    private var names: [String] = []
    private var lines: [String: LineIndex] = [:]

    /// The text of a map.
    ///
    /// - Parameter output: what the output is called; nil for standard output.
    package static func text(_ map: SourceMap, of document: Document, output: String?) -> [UInt8] {
        var file = SourceMapFile()
        let paths = DataPaths(document)
        for index in 0..<map.count {
            guard let entry = map.entry(index, paths: paths), !entry.output.isEmpty else { continue }
            file.json += file.json.isEmpty ? "\n    " : ",\n    "
            file.add(entry)
        }
        let names = file.names.map { "\n    " + quoted($0) }.joined(separator: ",")
        let text = """
            {
              "format": 1,
              "output": \(output.map(quoted) ?? "null"),
              "bytes": \(map.outputCount),
              "files": [\(names)\(names.isEmpty ? "" : "\n  ")],
              "entries": [\(file.json)\(file.json.isEmpty ? "" : "\n  ")]
            }

            """
        return Array(text.utf8)
    }

    private mutating func add(_ entry: SourceMap.Entry) {
        let calls = entry.calls.map { place($0) }.joined(separator: ", ")
        json += "{\"output\": [\(entry.output.lowerBound), \(entry.output.upperBound)], "
        json += "\"template\": \(place(entry.template)), \"calls\": [\(calls)]"
        if let data = entry.data {
            json += ", \"data\": {\"path\": \(Self.quoted(data.path)), \"place\": \(place(data.location))}"
        }
        json += "}"
    }

    private mutating func place(_ location: HATemplate.SourceLocation) -> String {
        let name = location.file.name
        let number: Int
        if let known = files[name] {
            number = known
        } else {
            number = names.count
            files[name] = number
            names.append(name)
            lines[name] = LineIndex(location.file)
        }
        let index = lines[name] ?? LineIndex(location.file)
        let position = index.position(at: location.range.start)
        return "{\"file\": \(number), \"line\": \(position.line), \"column\": \(position.column)}"
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
