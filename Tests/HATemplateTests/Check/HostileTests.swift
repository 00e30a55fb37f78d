import Testing

@testable import HATemplate

/// Templates that are there to break the checker: each is answered, and soon.
@Suite struct HostileTests {
    /// A template for each way to be large or entangled.
    static let templates: [(name: String, text: String)] = [
        ("many actions", String(repeating: "{{.Id}}", count: 100_000)),
        ("deep blocks", String(repeating: "{{if .Id}}", count: 9_999) + String(repeating: "{{end}}", count: 9_999)),
        (
            "deep loops",
            String(repeating: "{{range .Hosts}}", count: 9_999) + String(repeating: "{{end}}", count: 9_999)
        ),
        (
            "deep parentheses",
            "{{" + String(repeating: "(", count: 9_999) + ".Id" + String(repeating: ")", count: 9_999) + "}}"
        ),
        (
            "deep conditions",
            "{{if " + String(repeating: "(and .Id ", count: 1_500) + ".Id" + String(repeating: ")", count: 1_500)
                + "}}{{end}}"
        ),
        (
            "deep lists",
            "{{" + String(repeating: "(slice .Id ", count: 9_000) + ".Id" + String(repeating: ")", count: 9_000) + "}}"
        ),
        (
            "deep assignments",
            "{{$x := 1}}" + (0..<2_000).map { "{{range .Hosts}}{{$x = \($0)}}" }.joined()
                + String(repeating: "{{end}}", count: 2_000)
        ),
        (
            "many variables",
            (0..<4_000).map { "{{$v\($0) := .Id}}{{if $v\($0)}}{{$v\($0) = .Balance}}{{end}}" }.joined()
        ),
        (
            "variables that feed each other",
            (0..<1_000).map { "{{$v\($0) := 1}}" }.joined() + "{{range .Hosts}}"
                + (1..<1_000).map { "{{$v\($0 - 1) = $v\($0)}}" }.joined() + "{{$v999 = .Ip}}{{end}}"
        ),
        (
            "templates that call each other twice",
            (0..<60).map {
                "{{define \"t\($0)\"}}{{template \"t\($0 + 1)\" .Hosts}}{{template \"t\($0 + 1)\" .}}{{end}}"
            }.joined()
                + "{{define \"t60\"}}{{end}}{{template \"t0\" .}}"
        ),
        (
            "partials that wrap their argument",
            "{{define \"p\"}}{{partial \"p\" (dict \"a\" . \"b\" .)}}{{partial \"p\" (slice . .)}}{{end}}{{partial \"p\" .}}"
        ),
        (
            "a chain of partials",
            (0..<1_000).map { "{{define \"t\($0)\"}}{{return partial \"t\($0 + 1)\" .}}{{end}}" }.joined()
                + "{{define \"t1000\"}}{{return .Id}}{{end}}{{partial \"t0\" .}}"
        ),
        ("lists that grow", "{{$l := slice}}{{range .Hosts}}{{$l = slice $l $l (dict \"a\" $l)}}{{end}}{{$l}}"),
        ("many mistakes", String(repeating: "{{.Nope}}{{$x := 1}}", count: 2_000)),
        ("many ignores", String(repeating: "{{/* haproxy-gen:ignore unknown-field */}}", count: 1_000)),
        (
            "many templates",
            (0..<1_000).map { "{{define \"t\($0)\"}}{{template \"t\(($0 + 1) % 1_000)\" .}}{{end}}" }.joined()
                + "{{template \"t0\" .}}"
        ),
        (
            "a long way to a circle",
            (0..<1_000).map { "{{define \"t\($0)\"}}{{template \"t\($0 + 1)\" .}}{{end}}" }.joined()
                + "{{define \"t1000\"}}{{template \"t1000\" .}}{{end}}{{template \"t0\" .}}"
        ),
        ("a long format", "{{printf \"" + String(repeating: "%d", count: 100_000) + "\" .Id}}"),
    ]

    /// A check that never ends is ended by the limit.
    @Test(.timeLimit(.minutes(5)), arguments: templates.map(\.name))
    func isAnswered(name: String) throws {
        let text = try #require(Self.templates.first { $0.name == name }?.text)
        let template = try Template.parse(SourceFile(name: "t", text: text))
        let findings = template.check(against: Model.one, options: CheckOptions(dialect: .haproxy))
        #expect(findings.count <= 2_001)
    }

    @Test func hugeSchemasAreAnswered() throws {
        let nested =
            String(repeating: #"{"type": "array", "items": "#, count: 300) + "{}" + String(repeating: "}", count: 300)
        #expect(try check("{{range .}}{{range .}}{{.}}{{end}}{{end}}", .schema(nested)) == [])
        let definitions = (0..<200).map { index in
            let references = (0..<20).map { ##""p\##($0)": {"$ref": "#/definitions/d\##((index + $0) % 200)"}"## }
            return #""d\#(index)": {"properties": {\#(references.joined(separator: ", "))}}"#
        }
        let tangled = ##"{"$ref": "#/definitions/d0", "definitions": {\##(definitions.joined(separator: ", "))}}"##
        #expect(try check("{{.}}", .schema(tangled)) == [])
    }

    @Test func largeDataIsAnswered() throws {
        let items = (0..<20_000).map { #"{"id": \#($0), "key\#($0)": 1}"# }.joined(separator: ", ")
        #expect(try check("{{range .}}{{.id}}{{.key5}}{{end}}", .json("[\(items)]")) == ["1:21 warning may-be-absent"])
        let deep = String(repeating: #"{"a": ["#, count: 400) + String(repeating: "]}", count: 400)
        #expect(try check("{{.a}}{{.b}}", .json(deep)) == ["1:9 missing-key"])
    }
}
