import Testing

@testable import HATemplate

@Suite struct DockerGenTests {
    @Test(arguments: [
        Printed(
            #"range $k, $v := groupBy .svc "proto" }}{{ $k }}:{{ range $v }}{{ .id }} {{ end }}{{ end"#,
            "http:web api tcp:Api db "),
        Printed(#"groupByKeys .svc "t.a""#, "[1 2 3]"),
        Printed(#"groupByKeys .svc "nope""#, "[]"),
        Printed(
            #"range $k, $v := groupByMulti .svc "tags" "," }}{{ $k }}:{{ range $v }}{{ .id }} {{ end }}{{ end"#,
            "a:web b:web api c:Api api "),
        Printed(
            #"groupByMulti (slice (dict "h" "a,b") (dict "h" "b")) "h" ",""#,
            "map[a:[map[h:a,b]] b:[map[h:a,b] map[h:b]]]"),
        Printed(#"whereExist (slice (dict "a" 1) (dict "a" nil) (dict)) "a""#, "[map[a:1]]"),
        Printed(#"whereNotExist (slice (dict "a" 1) (dict "a" nil) (dict)) "a""#, "[map[a:<nil>] map[]]"),
        Printed(#"whereAny (slice (dict "t" "a,b") (dict "t" "c")) "t" "," (slice "b" "x")"#, "[map[t:a,b]]"),
        Printed(#"whereAll (slice (dict "t" "a,b") (dict "t" "b")) "t" "," (slice "a" "b")"#, "[map[t:a,b]]"),
        Printed(#"apply (whereAll .svc "tags" "," (slice "b" "c")) "index" "." "id""#, "[api]"),
        Printed(#"sortStringsAsc (slice "b" "a" "B")"#, "[B a b]"),
        Printed(#"sortStringsDesc (slice "b" "a" "B")"#, "[b a B]"),
        Printed(#"apply (sortObjectsByKeysAsc .svc "id") "index" "." "id""#, "[Api api db web]"),
        Printed(#"apply (sortObjectsByKeysAsc .svc "port") "index" "." "port""#, "[443 5432 80 8080]"),
        Printed(#"apply (sortObjectsByKeysDesc .svc "proto") "index" "." "id""#, "[Api db web api]"),
        Printed(#"closest (slice "example" "www.example" "x") "www.example.org""#, "www.example"),
        Printed(#"closest (slice "x" "y") "abc" | printf "%q""#, #""""#),
        Printed("coalesce nil 0 1", "0"),
        Printed("keys .m", "[a b c]"),
        Printed("values .m", "[1 2 3]"),
        Printed("keys nil | print", "<nil>"),
        Printed(#"hasKey .m "a""#, "true"),
        Printed(#"contains .m "z""#, "false"),
        Printed(#"contains "b" "abc""#, "true"),
        Printed(#"contains "b" (slice "a" "b")"#, "true"),
        Printed(#"containsAll (slice "a" "b") (slice "c" "b" "a")"#, "true"),
        Printed(#"containsAll (slice "a" "d") (slice "c" "b" "a")"#, "false"),
        Printed(#"containsAll (slice "ab" "c") "abc""#, "true"),
        Printed("when false 1 2", "2"),
        Printed(#"true | ternary "yes" "no""#, "yes"),
        Printed(#"empty "" }}{{ empty 0 }}{{ empty (seq 1)"#, "truetruefalse"),
        Printed("until 3", "[0 1 2]"),
        Printed("until -3", "[0 -1 -2]"),
        Printed("untilStep 3 6 2", "[3 5]"),
        Printed("untilStep 6 3 -2", "[6 4]"),
        Printed("untilStep 3 6 -1", "[]"),
    ])
    func prints(_ row: Printed) throws {
        #expect(try render("{{ \(row.template) }}", data: collectionData) == row.output)
    }

    @Test(arguments: [
        Printed(#"{{ groupBy 5 "a" }}"#, "1:12 wrong-argument argument 1 must be a list, not an int"),
        Printed(
            #"{{ groupBy .svc "t" }}"#,
            "1:17 wrong-argument argument 2 must be a key whose values are text, not a map[string]interface {}"),
        Printed(#"{{ whereExist 5 "a" }}"#, "1:15 wrong-argument argument 1 must be a list, not an int"),
        Printed(
            #"{{ whereAny .svc "id" "," (seq 2) }}"#,
            "1:28 wrong-argument argument 4 must be a list of strings, not a []int"),
        Printed(
            "{{ sortStringsAsc (seq 2) }}", "1:20 wrong-argument argument 1 must be a list of strings, not a []int"),
        Printed(#"{{ sortObjectsByKeysAsc 1 "a" }}"#, "1:25 wrong-argument argument 1 must be a list, not an int"),
        Printed(#"{{ closest "a" "b" }}"#, "1:12 wrong-argument argument 1 must be a list, not a string"),
        Printed("{{ keys 5 }}", "1:9 wrong-argument argument 1 must be a map, not an int"),
        Printed("{{ values 5 }}", "1:11 wrong-argument argument 1 must be a map, not an int"),
        Printed("{{ hasKey .m 5 }}", "1:14 wrong-argument argument 2 must be a string key, not an int"),
        Printed("{{ containsAll 5 5 }}", "1:16 wrong-argument argument 1 must be a list, not an int"),
        Printed("{{ when 1 2 3 }}", "1:9 wrong-argument argument 1 must be true or false, not an int"),
        Printed("{{ ternary 1 2 3 }}", "1:16 wrong-argument argument 3 must be true or false, not an int"),
        Printed(#"{{ until "x" }}"#, #"1:10 wrong-argument argument 1 must be an integer, not a string "x""#),
    ])
    func refuses(_ row: Printed) {
        #expect(mistake(row.template, data: collectionData) == row.output)
    }
}

/// Records of typed lists are elements like any other.
@Suite struct RecordCollectionTests {
    private func renderServices(_ template: String) throws -> String {
        let services = #"""
            [{"Id": "web", "ApplicationProtocol": "http", "Port": 8080, "ServicePort": 80, "Domains": ["b", "a"],
              "Hosts": [{"Ip": "10.0.0.2", "Port": 1}, {"Ip": "10.0.0.1", "Port": 2}]},
             {"Id": "Db", "ApplicationProtocol": "tcp", "Port": 5432, "Hosts": []},
             {"Id": "api", "ApplicationProtocol": "http", "Port": 8081, "Domains": ["a"]}]
            """#
        let reader = DocumentReader(document: try Document.json(name: "services.json", bytes: Array(services.utf8)))
        let compiled = try Template.parse(SourceFile(name: "t", text: template), name: "t")
        var output = ByteBuffer()
        try compiled.render(ProxymServices.document(reader.document.root, reader), into: &output)
        return output.withElements { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        Printed(#"range where . "ApplicationProtocol" "http" }}{{ .Id }} {{ end"#, "web api "),
        Printed(#"range where . "ListenPort" ">" 1024 }}{{ .Id }}:{{ .ListenPort }} {{ end"#, "Db:5432 api:8081 "),
        Printed(#"range where . "Domains" "intersect" (slice "b" "x") }}{{ .Id }} {{ end"#, "web "),
        Printed(#"range sort . "Id" }}{{ .Id }} {{ end"#, "api Db web "),
        Printed(#"range sort . "ListenPort" "desc" }}{{ .Id }} {{ end"#, "api Db web "),
        Printed(#"range first 1 (index . 0).Hosts }}{{ .Ip }} {{ end"#, "10.0.0.2 "),
        Printed(#"range sort (index . 0).Hosts "Ip" }}{{ .Port }} {{ end"#, "2 1 "),
        Printed(#"range complement (first 1 .) . }}{{ .Id }} {{ end"#, "Db api "),
        Printed(#"range symdiff (first 2 .) (last 2 .) }}{{ .Id }} {{ end"#, "api web "),
        Printed(#"range uniq (append . .) }}{{ .Id }} {{ end"#, "web Db api "),
        Printed(#"range union (last 1 .) . }}{{ .Id }} {{ end"#, "api web Db "),
        Printed(#"range intersect . (first 2 .) }}{{ .Id }} {{ end"#, "web Db "),
        Printed(
            #"range $k, $v := groupBy . "ListenPort" }}{{ $k }}={{ range $v }}{{ .Id }} {{ end }}{{ end"#,
            "5432=Db 80=web 8081=api "),
        Printed(#"groupByKeys . "ApplicationProtocol""#, "[http tcp]"),
        Printed(#"range whereAny . "Domains" "," (slice "a" "x") }}{{ .Id }} {{ end"#, "web api "),
        Printed(#"len (whereExist . "Nope")"#, "0"),
        Printed(#"in . (index . 1)"#, "true"),
        Printed(#"isset (index . 0) "Id" }} {{ isset (index . 0) "Nope""#, "true false"),
        Printed(#"with group "all" . }}{{ .Key }} {{ len .Pages }}{{ end"#, "all 3"),
    ])
    func works(_ row: Printed) throws {
        #expect(try renderServices("{{ \(row.template) }}") == row.output)
    }

    @Test(arguments: [
        #"where . "Id" "web""#, #"sort . "Id""#, "first 1 .", "last 1 .", "after 1 .", "collections.Reverse .",
        "uniq .", "append . .", "collections.Slice (index . 0)", "complement (first 1 .) .", "union . .",
        #"(group "k" .).Pages"#, #"index (groupBy . "Id") "web""#, #"whereExist . "Id""#,
        #"sortObjectsByKeysDesc . "Id""#,
    ])
    func listsKeepTheirType(_ expression: String) throws {
        #expect(try renderServices("{{ printf \"%T\" (\(expression)) }}") == "[]types.Service")
    }

    @Test func unknownFieldsAreMistakes() {
        for expression in [#"where . "Protocol" "http""#, #"sort . "Protocol""#, #"groupBy . "Protocol""#] {
            let diagnostic = #expect(throws: Diagnostic.self) { try renderServices("{{ \(expression) }}") }
            #expect(diagnostic?.message.hasPrefix("a service has no field or method Protocol") == true)
        }
    }
}
