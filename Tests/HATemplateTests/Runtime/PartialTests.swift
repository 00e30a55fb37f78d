import Testing

@testable import HATemplate

@Suite struct PartialTests {
    static let results: [(template: String, data: String, expected: String)] = [
        (#"{{define "a"}}<{{.}}>{{end}}{{partial "a" 1}}"#, "null", "<1>"),
        (#"{{define "a"}}<{{.}}>{{end}}{{partial "a" 1 | printf "%5s"}}"#, "null", "  <1>"),
        (#"{{define "a"}}x{{return 5}}y{{end}}{{$x := partial "a"}}{{printf "%T %v" $x $x}}"#, "null", "int 5"),
        (
            #"{{define "a"}}x{{range .}}{{if eq . 2}}{{return .}}{{end}}{{end}}y{{end}}{{partial "a" .}}"#, "[1,2,3]",
            "2"
        ),
        (
            #"{{define "a"}}{{.}}{{end}}{{range .}}{{partial .n .v}}{{end}}"#,
            #"[{"n": "a", "v": 1}, {"n": "a", "v": 2}]"#, "12"
        ),
        (#"{{define "partials/a"}}found{{end}}{{partial "a" .}}"#, "null", "found"),
        (#"{{define "a"}}{{if .}}{{partial "a" false}}!{{else}}end{{end}}{{end}}{{partial "a" true}}"#, "null", "end!"),
        (#"{{define "t"}}{{return 1}}{{end}}{{define "a"}}x{{template "t"}}y{{end}}{{partial "a"}}"#, "null", "1"),
        (#"{{define "a"}}{{return}}{{end}}{{partial "a"}}"#, "null", "<no value>"),
        (
            #"{{define "a"}}{{if eq (print "x") "x"}}{{return}}{{end}}{{end}}{{partial "a"}}"#, "null", "<no value>"
        ),
        (#"{{define "a"}}{{.x}}{{end}}{{.m | partial "a"}}"#, #"{"m": {"x": 1}}"#, "1"),
        (#"before {{define "a"}}in{{end}}{{len (partial "a" .)}} after"#, "null", "before 2 after"),
    ]

    @Test(arguments: results)
    func renders(example: (template: String, data: String, expected: String)) throws {
        #expect(try render(example.template, data: example.data) == example.expected)
    }

    static let failures: [(String, String)] = [
        (#"{{partial "no" .}}"#, "1:11 undefined-template"),
        (#"{{define "head"}}{{end}}{{partial "haed" .}}"#, "1:35 undefined-template"),
        (#"{{partial .}}"#, "1:11 wrong-argument"),
        (#"{{return 1}}"#, "1:3 outside-partial"),
        (#"{{partial}}"#, "1:3 wrong-argument-count"),
        (#"{{define "a"}}{{partial "a"}}{{end}}{{partial "a"}}"#, "1:17 limit-exceeded"),
        (#"{{param "no"}}"#, "1:3 unknown-parameter"),
        (#"{{param 1}}"#, "1:9 wrong-argument"),
    ]

    @Test(arguments: failures)
    func fails(template: String, expected: String) throws {
        let found = try #require(mistake(template))
        #expect(found.hasPrefix(expected + " "), "\(found)")
    }

    // MARK: Parameters

    /// A word for true or false is a text, and any text is true.
    @Test(
        "a parameter whose default is true or false takes no word for that",
        arguments: ["no", "No", "off", "yes", "FALSE", "disabled"])
    func switchWords(_ word: String) throws {
        let template = try Template.parse(SourceFile(name: "t", text: #"{{if param "tls" false}}on{{end}}"#))
        let parameters = try Document.json(name: "p", bytes: Array(#"{"tls": "\#(word)"}"#.utf8))
        var output = ByteBuffer()
        do {
            try template.render(.empty, options: RenderOptions(parameters: parameters), into: &output)
            Issue.record("nothing was refused")
        } catch let error as Diagnostic {
            #expect(error.code == .wrongArgument)
            #expect(error.message == #"the parameter "tls" must be true or false, not the text "\#(word)""#)
        }
    }

    @Test(
        "other values of such a parameter, and such words of others, stay what they are",
        arguments: [
            (#"{{param "p" false}}"#, "true", "true"), (#"{{param "p" true}}"#, "false", "false"),
            (#"{{param "p" false}}"#, #""10.0.0.1:514""#, "10.0.0.1:514"), (#"{{param "p" false}}"#, "1", "1"),
            (#"{{param "p" ""}}"#, #""no""#, "no"), (#"{{param "p"}}"#, #""off""#, "off"),
        ])
    func otherSwitches(_ text: String, _ value: String, _ expected: String) throws {
        let template = try Template.parse(SourceFile(name: "t", text: text))
        let parameters = try Document.json(name: "p", bytes: Array(#"{"p": \#(value)}"#.utf8))
        var output = ByteBuffer()
        try template.render(.empty, options: RenderOptions(parameters: parameters), into: &output)
        #expect(output.withElements { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func parametersAreRead() throws {
        let parameters = try Document.json(name: "p", bytes: Array(#"{"a": 1, "b": {"c": ["x"]}, "d": "\u00e9"}"#.utf8))
        let template = try Template.parse(
            SourceFile(name: "t", text: #"{{param "a"}} {{index (param "b").c 0}} {{param "d"}} {{param "e" 7}}"#))
        var output = ByteBuffer()
        try template.render(.empty, options: RenderOptions(parameters: parameters), into: &output)
        #expect(output.withElements { String(decoding: $0, as: UTF8.self) } == "1 x é 7")
    }

    // MARK: Included files

    private func parse(_ main: String, _ includes: [(String, String)]) throws(Diagnostics) -> Template {
        try Template.parse(
            SourceFile(name: "main", text: main),
            includes: includes.map { .init(path: $0.0, file: SourceFile(name: $0.0, text: $0.1)) })
    }

    private func output(of template: Template) throws -> String {
        var output = ByteBuffer()
        try template.render(.empty, into: &output)
        return output.withElements { String(decoding: $0, as: UTF8.self) }
    }

    @Test func includedFilesAreFoundUnderTheirNames() throws {
        let includes = [("server.tmpl", "S{{.}}"), ("sub/line.tpl", "L"), ("partials/p.html", "P")]
        let main = #"{{template "server" 1}}{{template "server.tmpl" 2}}{{partial "sub/line"}}{{partial "p"}}"#
        #expect(try output(of: parse(main, includes)) == "S1S2LP")
    }

    @Test func theMainFileReplacesBlocksOfALayout() throws {
        let layout = #"head {{block "body" .}}default{{end}} foot"#
        #expect(try output(of: parse(#"{{template "layout" .}}"#, [("layout.tmpl", layout)])) == "head default foot")
        let page = #"{{define "body"}}mine{{end}}{{template "layout" .}}"#
        #expect(try output(of: parse(page, [("layout.tmpl", layout)])) == "head mine foot")
    }

    @Test func twoIncludedFilesMustNotDefineOneName() {
        #expect(throws: Diagnostics.self) {
            try parse("", [("a", #"{{define "x"}}1{{end}}"#), ("b", #"{{define "x"}}2{{end}}"#)])
        }
    }

    @Test func mistakesOfAllFilesAreReported() {
        do {
            _ = try parse("{{nosuch}}", [("a", "{{.x"), ("b", "fine")])
            Issue.record("it parsed")
        } catch {
            #expect(error.items.map { $0.location?.file.name } == ["main", "a"])
        }
    }

    @Test func aFailureInAnIncludedFileShowsThatFile() throws {
        let template = try parse(#"{{template "a" 1}}"#, [("a", "\n{{.x}}")])
        do {
            _ = try output(of: template)
            Issue.record("it did not fail")
        } catch let error as Diagnostic {
            #expect(error.location?.file.name == "a")
            #expect(error.notes.last?.location?.file.name == "main")
        }
    }
}
