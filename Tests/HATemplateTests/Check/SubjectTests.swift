import Testing

@testable import HATemplate

/// Types from data, from JSON Schema, and from nothing.
@Suite struct SubjectTests {
    static let data: [(data: String, template: String, findings: [String])] = [
        (#"{"a": 1}"#, "{{.a}}", []),
        (#"{"a": 1}"#, "{{.b}}", ["1:3 missing-key"]),
        (#"{"a": 1}"#, "{{.a.b}}", ["1:3 unknown-field"]),
        (#"{"a": {"b": [1, 2]}}"#, "{{range .a.b}}{{add . 1}}{{.x}}{{end}}", ["1:28 unknown-field"]),
        (#"[{"a": 1}, {"a": 2, "b": 1}]"#, "{{range .}}{{.a}}{{.b}}{{end}}", ["1:20 warning may-be-absent"]),
        (#"[{"a": 1}, {"b": 1}]"#, "{{range .}}{{if index . \"b\"}}{{.b}}{{end}}{{end}}", []),
        (#"[{"a": 1}, {"b": 1}]"#, "{{range .}}{{if isset . \"b\"}}{{.b}}{{end}}{{end}}", []),
        (#"[{"a": 1}, {"b": 1}]"#, "{{range .}}{{if .b}}{{.b}}{{end}}{{end}}", ["1:17 warning may-be-absent"]),
        (#"{"a": null}"#, "{{.a.b}}", ["1:3 nil-value"]),
        (#"{"a": null}"#, "{{with .a}}{{.b}}{{end}}", []),
        (#"[{"a": null}, {"a": {"b": 1}}]"#, "{{range .}}{{.a.b}}{{end}}", ["1:14 warning may-be-nil"]),
        (#"[{"a": null}, {"a": {"b": 1}}]"#, "{{range .}}{{if .a}}{{.a.b}}{{end}}{{end}}", []),
        (#"[{"a": null}, {"a": {"b": 1}}]"#, "{{range .}}{{if ne .a nil}}{{.a.b}}{{end}}{{end}}", []),
        (#"[{"a": null}, {"a": {"b": 1}}]"#, "{{range .}}{{and .a .a.b}}{{end}}", []),
        (#"[{"a": null}, {"a": {"b": 1}}]"#, "{{range .}}{{or .a .a.b}}{{end}}", ["1:20 warning may-be-nil"]),
        (#"[1, "a"]"#, "{{range .}}{{eq . 1}}{{end}}", ["1:14 warning may-fail"]),
        (#"[1, "a"]"#, "{{range .}}{{eq . 1.5}}{{end}}", ["1:14 cannot-compare"]),
        (#"[1, 2.5]"#, "{{range .}}{{lt . 1}}{{end}}", ["1:14 warning may-fail"]),
        (#"[]"#, "{{range .}}{{.x.y}}{{end}}", []),
        (#"{"a": 1}"#, "{{range $k, $v := .}}{{upper $k}}{{add $v 1}}{{$v.x}}{{end}}", ["1:48 unknown-field"]),
        (#"{"a": [[{"b": 1}]]}"#, "{{(index .a 0 0).c}}", ["1:4 missing-key"]),
        (#"{"a": [[{"b": 1}]]}"#, "{{index .a 0 0 \"c\"}}", []),
        (#"{"a": [[{"b": 1}]]}"#, "{{(index .a 0 0 \"c\").d}}", ["1:4 nil-value"]),
        (#""text""#, "{{.}}{{.x}}", ["1:8 unknown-field"]),
        ("null", "{{.}}{{.x}}", ["1:8 nil-value"]),
        (#"{"aa": 1, "dd": 1}"#, "{{with .aa}}{{.bb}}{{end}}{{.cc}}", ["1:15 unknown-field", "1:29 missing-key"]),
    ]

    @Test(arguments: data)
    func infersFromData(row: (data: String, template: String, findings: [String])) throws {
        let found = try check(row.template, .json(row.data))
        #expect(found == row.findings, "\(row.template): \(found)")
    }

    @Test func missingKeysMayBeAllowed() throws {
        let data = try CheckSubject.json(#"{"a": 1}"#)
        #expect(try check("{{.b}}{{.b.c}}{{.b.c 1}}", data, CheckOptions(missingKey: .default)) == [])
        #expect(try check("{{.b}}{{.b.c}}", data, CheckOptions(missingKey: .zero)) == ["1:9 nil-value"])
        #expect(try check("{{len .b}}", data, CheckOptions(missingKey: .default)) == ["1:7 wrong-argument"])
    }

    static let schema = """
        {"type": "object", "required": ["name", "port", "tags", "tree", "kind"], "additionalProperties": false,
         "properties": {
            "name": {"type": "string"}, "port": {"$ref": "#/definitions/port"}, "note": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}}, "maybe": {"type": ["string", "null"]},
            "kind": {"enum": ["a", "b"]}, "either": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            "free": {"type": "object", "additionalProperties": {"type": "integer"}}, "anything": {},
            "tree": {"$ref": "#/definitions/tree"},
            "both": {"allOf": [{"properties": {"x": {"type": "integer"}}, "required": ["x"]},
                               {"properties": {"y": {"type": "string"}}, "required": ["y"]}]}},
         "definitions": {
            "port": {"type": "integer"},
            "tree": {"type": "object", "required": ["value", "children"], "additionalProperties": false, "properties": {
                "value": {"type": "number"}, "children": {"type": "array", "items": {"$ref": "#/definitions/tree"}}}}}}
        """

    static let schemaRows: [(template: String, findings: [String])] = [
        ("{{.name}} {{.port}}", []),
        ("{{.nam}}", ["1:3 missing-key"]),
        ("{{.name.x}}", ["1:3 unknown-field"]),
        ("{{.port.x}}", ["1:3 unknown-field"]),
        ("{{eq .port \"80\"}}", ["1:3 cannot-compare"]),
        ("{{.note}}", ["1:3 warning may-be-absent"]),
        ("{{index . \"note\"}}", []),
        ("{{with index . \"note\"}}{{upper .}}{{end}}", []),
        ("{{range .tags}}{{.x}}{{end}}", ["1:18 unknown-field"]),
        ("{{(index . \"maybe\").x}}", ["1:4 unknown-field"]),
        ("{{eq .kind 1}}", ["1:3 cannot-compare"]),
        ("{{with index . \"either\"}}{{len .}}{{end}}", ["1:32 warning may-fail"]),
        ("{{with index . \"free\"}}{{.key}}{{end}}", ["1:26 warning may-be-absent"]),
        ("{{with index . \"free\"}}{{range $k, $v := .}}{{$k}}{{$v.x}}{{end}}{{end}}", ["1:53 unknown-field"]),
        ("{{with index . \"anything\"}}{{.a.b.c}}{{end}}", []),
        (
            "{{range .tree.children}}{{.valu}}{{range .children}}{{.value.x}}{{end}}{{end}}",
            ["1:27 missing-key", "1:55 unknown-field"]
        ),
        ("{{with index . \"both\"}}{{.x}}{{.y}}{{.y.z}}{{end}}", ["1:38 unknown-field"]),
        ("{{define \"t\"}}{{.value}}{{range .children}}{{template \"t\" .}}{{end}}{{end}}{{template \"t\" .tree}}", []),
        ("{{printf \"%d\" .tree.value}}", ["1:15 warning wrong-verb"]),
    ]

    @Test(arguments: schemaRows)
    func readsSchemas(row: (template: String, findings: [String])) throws {
        let found = try check(row.template, .schema(Self.schema))
        #expect(found == row.findings, "\(row.template): \(found)")
    }

    static let badSchemas: [(schema: String, place: String)] = [
        (#"{"type": "text"}"#, "1:10 bad-schema"),
        (##"{"$ref": "#/nope"}"##, "1:10 bad-schema"),
        (#"{"$ref": "http://x/y"}"#, "1:10 bad-schema"),
        (#"{"properties": []}"#, "1:16 bad-schema"),
        (#"{"properties": {"a": 5}}"#, "1:22 bad-schema"),
        (#"{"type": "object", "required": "a"}"#, "1:32 bad-schema"),
        (#"{"oneOf": {}}"#, "1:11 bad-schema"),
        (#"{"enum": 1}"#, "1:10 bad-schema"),
        (#"{"type": "#, "1:10 json-unexpected-end"),
    ]

    @Test(arguments: badSchemas)
    func refusesBadSchemas(schema: String, place: String) throws {
        do {
            _ = try CheckSubject.schema(schema)
            Issue.record("\(schema) was taken")
        } catch let mistakes as Diagnostics {
            let found = try #require(mistakes.items.first.map(summary))
            #expect(found.hasPrefix(place), "\(schema): \(found)")
        }
    }

    @Test func aSchemaMaySpeakOfItself() throws {
        #expect(try check("{{.a}}", .schema(##"{"$ref": "#"}"##)) == [])
        let chain = (0..<5_000).map { ##""d\##($0)": {"$ref": "#/definitions/d\##($0 + 1)"}"## } + [#""d5000": {}"#]
        let long = ##"{"$ref": "#/definitions/d0", "definitions": {\##(chain.joined(separator: ", "))}}"##
        #expect(try check("{{.a}}", .schema(long)) == [])
        let deep = ##"{"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}, "required": ["a", "b"]}"##
        #expect(try check("{{.a.b.a.b.a}}", .schema(deep)) == [])
    }

    @Test func nothingIsKnownOfUnknownData() throws {
        #expect(try check("{{.a.b}}{{len .x}}{{range .}}{{.}}{{end}}{{eq .a .b}}", .unknown) == [])
        #expect(
            try check("{{len 5}}{{template \"x\"}}", .unknown) == ["1:7 wrong-argument", "1:21 undefined-template"])
    }

    @Test func settingsMayBeKnown() throws {
        let parameters = try Document.json(name: "p", bytes: Array(#"{"port": 80}"#.utf8))
        let options = CheckOptions(parameters: parameters)
        #expect(try check("{{add (param \"port\") 1}}", .unknown, options) == [])
        #expect(try check("{{(param \"port\").x}}", .unknown, options) == ["1:4 unknown-field"])
        #expect(try check("{{param \"prot\"}}", .unknown, options) == ["1:9 unknown-parameter"])
        #expect(try check("{{param \"prot\" 1}}", .unknown, options) == [])
        #expect(try check("{{param \"prot\"}}", .unknown) == [])
    }
}
