import Testing

@testable import HATemplate

/// What the machine does in one step or with a fixed number of bytes must print what small steps would.
@Suite struct FusedInstructionTests {
    private func render(_ template: String, _ data: String, dialect: Dialect = .plain) throws -> String {
        let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: dialect)
        var output = ByteBuffer()
        try compiled.render(Document.json(name: "d", bytes: Array(data.utf8)), into: &output)
        return String(decoding: output.array, as: UTF8.self)
    }

    /// Texts around the 32 bytes that are copied at once, in the template, amid the data and at its end.
    @Test(arguments: [0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 100], Dialect.allCases)
    func textsOfAnyLengthAreWhole(length: Int, dialect: Dialect) throws {
        let text = String(repeating: "abc-1.2_", count: 13).prefix(length)
        let data = #"{"long": "\#(String(repeating: "x", count: 40))", "a": "\#(text)", "b": "y\#(text)"}"#
        let rendered = try render("# {{.b}}-{{.a}}\n# \(text){{.b}}\n", data, dialect: dialect)
        #expect(rendered == "# y\(text)-\(text)\n# \(text)y\(text)\n")
    }

    @Test(arguments: [
        0, 5, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 31_000, 65_535, 100_000, 999_999, 12_345_678, 99_999_999,
        100_000_000, 4_294_967_296, .max, -1, -10, -99_999_999, .min,
    ])
    func integersAreTheirDigits(value: Int) throws {
        var buffer = ByteBuffer()
        buffer.append(decimal: value)
        #expect(String(decoding: buffer.array, as: UTF8.self) == String(value))
        #expect(try render("p{{.}}q", "\(value)") == "p\(value)q")
    }

    @Test(arguments: [
        (#"{{if eq .a "x"}}1{{else}}2{{end}}{{ne .a "x"}}"#, #"{"a": "x"}"#, "1false"),
        (#"{{if eq .a "x"}}1{{else}}2{{end}}{{ne .a "x"}}"#, #"{"a": "xy"}"#, "2true"),
        (#"{{eq .a .b}} {{ne .a .b}}"#, #"{"a": "", "b": ""}"#, "true false"),
        (#"{{eq .a 1}} {{ne .a 2}} {{eq .b nil}}"#, #"{"a": 1, "b": null}"#, "true true true"),
        ("{{range .}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}},{{end}}", #"["a", "b", "c"]"#, "a,c,"),
        (
            "{{range .}}{{range .}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}};{{end}}", #"[["a", "b"], ["c"]]"#,
            "a;c;"
        ),
        ("{{range $i, $v := .}}{{$i}}{{$v.n}} {{else}}none{{end}}", #"[{"n": 7}, {"n": "s"}]"#, "07 1s "),
        ("{{range .}}a{{else}}none{{end}}", "[]", "none"),
        ("{{range $k, $v := .}}{{$k}}={{$v}};{{end}}", #"{"b": 1, "a": 2}"#, "a=2;b=1;"),
        ("{{range 3}}{{.}}{{end}}", "1", "012"),
    ])
    func stepsInOneDoWhatEachWould(template: String, data: String, expected: String) throws {
        #expect(try render(template, data) == expected)
    }

    /// More elements than are read ahead at once, of several kinds.
    @Test func loopsOverMixedListsVisitAll() throws {
        let elements = (0..<70).map { $0 % 3 == 0 ? #"{"n": "\#($0)"}"# : $0 % 3 == 1 ? #""\#($0)""# : "\($0)" }
        let template =
            #"{{range .}}{{if eq (printf "%T" .) "map[string]interface {}"}}{{.n}}{{else}}{{.}}{{end}} {{end}}"#
        let rendered = try render(template, "[\(elements.joined(separator: ","))]")
        #expect(rendered == (0..<70).map { "\($0) " }.joined())
    }

    /// A failure after a text that is written in the same step.
    @Test func aFailureIsAtItsOwnAction() throws {
        let compiled = try Template.parse(SourceFile(name: "t", text: "text\n  {{.x}}"))
        let document = try Document.json(name: "d", bytes: Array("{}".utf8))
        var output = ByteBuffer()
        let error = #expect(throws: Diagnostic.self) { try compiled.render(document, into: &output) }
        let location = try #require(error?.location)
        #expect(LineIndex(location.file).position(at: location.range.start) == SourcePosition(line: 2, column: 5))
        #expect(String(decoding: output.array, as: UTF8.self) == "text\n  ")
    }

    /// An unsafe byte at every place of a value that is looked at in one piece.
    @Test(arguments: 0..<40)
    func anUnsafeByteIsSeenAnywhere(place: Int) throws {
        var text = Array(String(repeating: "a", count: 40))
        text[place] = "\n"
        let value = String(text).replacing("\n", with: #"\n"#)
        let data = #"{"v": "\#(value)", "w": "\#(value.dropFirst(place))"}"#
        for name in ["v", "w"] {
            #expect(throws: Diagnostic.self, "\(name)") {
                try render("frontend f\n    bind {{.\(name)}}\n", data, dialect: .haproxy)
            }
        }
    }
}
