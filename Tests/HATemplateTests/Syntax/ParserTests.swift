import Testing

@testable import HATemplate

@Suite struct ParserTests {
    /// Templates and what their trees print: the same text in normal form. Expectations follow Go's node printing.
    static let trees: [(String, String)] = [
        ("hello", "hello"),
        ("{{.}}", "{{.}}"),
        ("{{  .x  }}", "{{.x}}"),
        ("{{.a.b.c}}", "{{.a.b.c}}"),
        ("{{$x := 1}}{{$x}}", "{{$x := 1}}{{$x}}"),
        ("{{$x := 1}}{{$x = 2}}{{$x.y}}", "{{$x := 1}}{{$x = 2}}{{$x.y}}"),
        ("{{printf `%d` 23}}", #"{{printf "%d" 23}}"#),
        ("{{ .x | printf \"%s\" | print 1 }}", #"{{.x | printf "%s" | print 1}}"#),
        ("{{(.x)}}", "{{(.x)}}"),
        ("{{(.x).y.z}}", "{{(.x).y.z}}"),
        ("{{print (len (slice .x 1)) nil true 'a'}}", "{{print (len (slice .x 1)) nil true 'a'}}"),
        ("{{if .x}}a{{end}}", "{{if .x}}a{{end}}"),
        ("{{if .x}}a{{else}}b{{end}}", "{{if .x}}a{{else}}b{{end}}"),
        ("{{if .x}}a{{else if .y}}b{{else}}c{{end}}", "{{if .x}}a{{else}}{{if .y}}b{{else}}c{{end}}{{end}}"),
        ("{{with .x}}a{{else with .y}}b{{end}}", "{{with .x}}a{{else}}{{with .y}}b{{end}}{{end}}"),
        ("{{with $x := .y}}{{$x}}{{end}}", "{{with $x := .y}}{{$x}}{{end}}"),
        ("{{range .l}}{{break}}{{continue}}{{end}}", "{{range .l}}{{break}}{{continue}}{{end}}"),
        ("{{range $i,$v:=.l}}{{$i}}{{else}}-{{end}}", "{{range $i, $v := .l}}{{$i}}{{else}}-{{end}}"),
        (#"{{template "t"}}{{template `t` .x}}"#, #"{{template "t"}}{{template "t" .x}}"#),
        (#"{{block "b" .x}}body{{end}}"#, #"{{template "b" .x}}"#),
        ("a{{/* gone */}}b", "ab"),
        (" a {{- .x -}} b ", " a{{.x}}b "),
        ("{{1 |}}", "{{1}}"),
        ("{{\"a\\tb\\\"\"}}", #"{{"a\tb\""}}"#),
        ("{{len .a.b}}{{.m | len}}", "{{len .a.b}}{{.m | len}}"),
    ]

    @Test(arguments: trees)
    func printsBack(template: String, expected: String) throws {
        let printed = try printedTree(template)
        #expect(printed == expected)
        #expect(try printedTree(printed) == expected, "the normal form prints as itself")
    }

    private func printedTree(_ template: String) throws -> String {
        let tree = try Parser.parse(
            SourceFile(name: "t", text: template), name: Array("main".utf8), library: .standard)
        let main = try #require(tree.definition(named: Array("main".utf8)))
        return NodePrinter.text(of: main.body, in: tree)
    }

    /// Broken templates, and all mistakes found in them: `LINE:COLUMN CODE`, separated by commas.
    static let mistakes: [(String, String)] = [
        ("{{.x", "1:1 unclosed-action"),
        ("a\n  {{.x\nb {{.y}}", "2:3 unclosed-action"),
        ("{{ .x {{ .y }}", "1:1 unclosed-action"),
        ("{{}}", "1:3 missing-value"),
        ("{{if}}a{{end}}", "1:5 missing-value"),
        ("{{range .x}}\n{{if .y}}", "2:1 missing-end,1:1 missing-end"),
        ("{{end}}", "1:3 unexpected-end"),
        ("{{else}}", "1:3 unexpected-token"),
        ("{{if .a}}{{else}}{{else}}{{end}}", "1:20 unexpected-token"),
        ("{{range .a}}{{else if .b}}{{end}}", "1:15 unexpected-token"),
        ("{{nosuch .x}}", "1:3 undefined-function"),
        ("{{$x}}", "1:3 undefined-variable"),
        ("{{if $x := 1}}{{end}}{{$x}}", "1:24 undefined-variable"),
        ("{{break}}", "1:3 outside-loop"),
        ("{{range .l}}{{block \"b\" .}}{{break}}{{end}}{{end}}", "1:30 outside-loop"),
        ("{{range .l}}{{else}}{{continue}}{{end}}", "1:23 outside-loop"),
        ("{{define \"a\"}}x{{end}}\n{{define \"a\"}}y{{end}}", "2:10 duplicate-template"),
        ("{{if .x}}{{define \"a\"}}{{end}}{{end}}", "1:12 unexpected-token"),
        ("{{template}}", "1:11 missing-value"),
        ("{{template .x}}", "1:12 unexpected-token"),
        ("{{template \"a\" .x .y | }}{{define .x}}{{end}}", "1:35 unexpected-token"),
        ("{{1 | 2}}", "1:7 not-a-function"),
        ("{{\"a\".b}}", "1:3 unexpected-token"),
        ("{{\"\\q\"}}", "1:4 bad-string"),
        ("{{'ab'}}", "1:3 bad-string"),
        ("{{08}}", "1:3 bad-number"),
        ("{{1i}}", "1:3 bad-number"),
        ("{{18446744073709551616}}", "1:3 bad-number"),
        ("{{.x..y}}", "1:5 unexpected-token"),
        ("{{print(1)}}", "1:8 unexpected-token"),
        ("{{$a, $b := .x}}", "1:3 unexpected-token"),
        ("{{range $a, $b, $c := .x}}{{end}}", "1:13 unexpected-token"),
        ("{{nosuch}}\n{{$x}}\n{{if}}{{end}}", "1:3 undefined-function,2:3 undefined-variable,3:5 missing-value"),
        ("{{ .x | | .y }}", "1:9 unexpected-token"),
        ("{{(.x | }}", "1:9 unclosed-parenthesis"),
        ("é{{é}}", "1:4 undefined-function"),
    ]

    @Test(arguments: mistakes)
    func reports(template: String, expected: String) {
        let found = Self.mistakes(in: template).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(found.joined(separator: ",") == expected)
    }

    /// Broken literals, and the text that the mistake marks.
    @Test(arguments: [
        (#"{{"\xg1 more"}}"#, #"\x"#), (#"{{"\x1g more"}}"#, #"\x1"#), (#"{{"\u12"}}"#, #"\u12"#),
        (#"{{"\uD800 more"}}"#, #"\uD800"#), (#"{{"\08 more"}}"#, #"\0"#), (#"{{"\q more"}}"#, #"\q"#),
    ])
    func brokenEscapesAreMarked(template: String, marked: String) throws {
        let file = SourceFile(name: "t", text: template)
        let error = try #require(throws: Diagnostics.self) { try Template.parse(file) }
        let range = try #require(error.items.first?.location?.range)
        #expect(String(decoding: Array(template.utf8)[Int(range.start)..<Int(range.end)], as: UTF8.self) == marked)
    }

    static func mistakes(in template: String) -> [String] {
        do {
            _ = try Template.parse(SourceFile(name: "t", text: template))
            return []
        } catch {
            return error.items.map(summary)
        }
    }

    @Test func anUnclosedActionShowsWhereTheNextOpens() throws {
        #expect(throws: Diagnostics.self) { try Template.parse(SourceFile(name: "t", text: "{{ .x\n{{ .y }}")) }
        do {
            _ = try Template.parse(SourceFile(name: "t", text: "{{ .x\n{{ .y }}"))
        } catch {
            let note = try #require(error.items.first?.notes.first?.location)
            #expect(LineIndex(note.file).position(at: note.range.start) == SourcePosition(line: 2, column: 1))
        }
    }

    @Test func anUnknownFunctionSuggestsItsNeighbour() {
        #expect(
            Self.mistakes(in: "{{pritnf 1}}") == [
                #"1:3 undefined-function there is no function "pritnf" (did you mean printf?)"#
            ])
    }

    @Test(arguments: [("ende", "end"), ("esle", "else"), ("rnage", "range"), ("templte", "template")])
    func aMisspeltKeywordIsNamed(word: String, keyword: String) {
        let found = Self.mistakes(in: "{{\(word)}}").first
        #expect(found?.contains("(did you mean \(keyword)?)") == true, "\(found ?? "")")
    }

    static let advice: [(template: String, place: String, advice: String)] = [
        ("{{1 + 2}}", "1:5", "numbers are added by a function: add .A .B; texts are put together by print .A .B"),
        ("{{.Port+1}}", "1:8", "numbers are added by a function: add .A .B; texts are put together by print .A .B"),
        ("{{.Port - 1}}", "1:9", "numbers are subtracted by a function: sub .A .B"),
        ("{{.a-b}}", "1:5", "look up a key that is not a plain name: index .A \"some-key\""),
        ("{{.a * 2}}", "1:6", "numbers are multiplied by a function: mul .A .B"),
        ("{{.a / 2}}", "1:6", "numbers are divided by a function: div .A .B"),
        ("{{.a % 2}}", "1:6", "the rest of a division is given by a function: mod .A .B"),
        (
            "{{range $i, $e in .}}{{$e}}{{end}}", "1:13",
            "a loop declares its variables with :=, as in {{range $i, $e := .List}}"
        ),
        ("{{- range e in .}}{{end}}", "1:11", "a loop declares its variables with :=, as in {{range $i, $e := .List}}"),
    ]

    @Test(arguments: advice)
    func advises(template: String, place: String, advice: String) throws {
        let error = #expect(throws: Diagnostics.self) {
            try Template.parse(SourceFile(name: "t", text: template))
        }
        let found = try #require(error?.items.first)
        #expect(error?.items.count == 1 && "\(found)".hasPrefix("t:\(place):"), "\(found)")
        #expect(found.notes.map(\.message) == [advice])
    }

    // MARK: Depth

    @Test func tenThousandParenthesesAreFine() throws {
        let depth = 10_000
        let template =
            "{{" + String(repeating: "(not ", count: depth) + "1" + String(repeating: ")", count: depth) + "}}"
        #expect(try render(template) == "true")
    }

    @Test(arguments: [10_001, 1_000_000])
    func moreParenthesesAreAMistake(depth: Int) {
        let template = "{{" + String(repeating: "(", count: depth) + "1"
        #expect(Self.mistakes(in: template).first?.contains("nesting-too-deep") == true)
    }

    @Test func manyNestedBlocksAreFine() throws {
        let depth = 10_000
        let template = String(repeating: "{{if 1}}", count: depth) + "x" + String(repeating: "{{end}}", count: depth)
        #expect(try render(template) == "x")
    }

    @Test func aMillionNestedBlocksAreAMistake() {
        let template = String(repeating: "{{if 1}}", count: 1_000_000)
        #expect(Self.mistakes(in: template) == ["1:80001 nesting-too-deep blocks nest more than 10000 levels deep"])
    }
}
