import Testing

@testable import HATemplate

@Suite struct SourceMapTests {
    /// Every range as `TEXT < LINE:COLUMN (calls) data`.
    private func ranges(_ template: String, _ data: String, _ blankLines: BlankLines = .keep) throws -> [String] {
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        let document = try Document.json(name: "d", bytes: Array(data.utf8))
        var output = ByteBuffer()
        var map = try compiled.renderWithSourceMap(document, into: &output)
        blankLines.apply(to: &output, &map)
        let text = output.array
        #expect(map.outputCount == text.count)
        return (0..<map.count).compactMap { map.entry($0, paths: nil) }.filter { !$0.output.isEmpty }.map { entry in
            let shown = String(decoding: text[entry.output], as: UTF8.self)
            let calls = entry.calls.isEmpty ? "" : " (\(entry.calls.map(place).joined(separator: " ")))"
            let origin = entry.data.map { " \($0.path)@\(place($0.location))" } ?? ""
            return "\(shown) < \(place(entry.template))\(calls)\(origin)"
        }
    }

    private func place(_ location: HATemplate.SourceLocation) -> String {
        let position = LineIndex(location.file).position(at: location.range.start)
        return "\(position.line):\(position.column)"
    }

    static let examples: [(template: String, data: String, expected: [String])] = [
        ("a{{.x}}b", #"{"x": "1"}"#, ["a < 1:1", "1 < 1:4 x@1:7", "b < 1:8"]),
        (
            "{{range .hosts}}{{.ip}}:{{.port}} {{end}}",
            #"{"hosts": [{"ip": "h", "port": 80},{"ip": "i", "port": 81}]}"#,
            [
                "h < 1:19 hosts[0].ip@1:19", ": < 1:24", "80 < 1:27 hosts[0].port@1:32", "  < 1:34",
                "i < 1:19 hosts[1].ip@1:43", ": < 1:24", "81 < 1:27 hosts[1].port@1:56", "  < 1:34",
            ]
        ),
        (
            "{{define \"a\"}}<{{.}}>{{end}}\n{{template \"a\" .x}}", #"{"x": 5}"#,
            ["\n < 1:29", "< < 1:15 (2:12)", "5 < 1:18 (2:12) x@1:7", "> < 1:21 (2:12)"]
        ),
        (
            "{{define \"a\"}}<{{.}}>{{end}}{{define \"b\"}}{{partial \"a\" .}}{{end}}[{{partial \"b\" .x}}]",
            #"{"x": 5}"#,
            [
                "[ < 1:67", "< < 1:15 (1:45 1:70)", "5 < 1:18 (1:45 1:70) x@1:7", "> < 1:21 (1:45 1:70)", "] < 1:86",
            ]
        ),
        (
            "{{define \"a\"}}drop{{return .y}}{{end}}{{partial \"a\" .x}}", #"{"x": {"y": 7}}"#,
            ["7 < 1:41 x.y@1:13"]
        ),
        ("{{printf \"%s!\" .x}}", #"{"x": "v"}"#, ["v! < 1:3 x@1:7"]),
        ("{{index .l 1}}", #"{"l": [1, 2]}"#, ["2 < 1:3 l[1]@1:11"]),
        ("{{$v := .x}}{{$v}}", #"{"x": "\u0041"}"#, ["A < 1:15 x@1:7"]),
        ("{{\"literal\"}}{{1}}", "null", ["literal < 1:3", "1 < 1:16"]),
    ]

    @Test(arguments: examples)
    func maps(example: (template: String, data: String, expected: [String])) throws {
        #expect(try ranges(example.template, example.data) == example.expected)
    }

    @Test func blankLinesThatGoTakeTheirPartOfTheMap() throws {
        let template = "\n\n{{.x}}\n{{/* */}}\n\n\nb {{.y}}\n\n"
        let data = #"{"x": 1, "y": 2}"#
        #expect(
            try ranges(template, data, .squeeze) == [
                "1 < 3:3 x@1:7", "\n < 3:7", "\n < 4:10", "b  < 4:10", "2 < 7:5 y@1:15", "\n < 7:9",
            ])
        #expect(
            try ranges(template, data, .remove) == [
                "1 < 3:3 x@1:7", "\n < 3:7", "b  < 4:10", "2 < 7:5 y@1:15", "\n < 7:9",
            ])
    }

    @Test func offsetsFindTheirRange() throws {
        let compiled = try Template.parse(SourceFile(name: "t", text: "ab{{.x}}{{\"\"}}cd"))
        let document = try Document.json(name: "d", bytes: Array(#"{"x": "12"}"#.utf8))
        var output = ByteBuffer()
        let map = try compiled.renderWithSourceMap(document, into: &output)
        let starts = (0..<6).compactMap { map.index(ofOffset: $0).flatMap { map.entry($0)?.template.range.start } }
        #expect(starts == [0, 0, 4, 4, 14, 14])
        #expect(map.index(ofOffset: 6) == nil)
        #expect(map.index(ofOffset: -1) == nil)
    }

    @Test func theOutputIsTheSameWithAndWithoutAMap() throws {
        let template =
            "{{define \"a\"}}{{range .}}{{.}},{{end}}{{end}}{{template \"a\" .l}}{{partial \"a\" .l}}{{len (partial \"a\" .l)}}"
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        let document = try Document.json(name: "d", bytes: Array(#"{"l": [1, 2, 3]}"#.utf8))
        var plain = ByteBuffer()
        try compiled.render(document, into: &plain)
        var mapped = ByteBuffer()
        _ = try compiled.renderWithSourceMap(document, into: &mapped)
        #expect(plain.array == mapped.array)
        #expect(String(decoding: plain.array, as: UTF8.self) == "1,2,3,1,2,3,6")
    }
}
