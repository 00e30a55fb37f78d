import Testing

@testable import HATemplate

@Suite struct CollectionsOrderTests {
    @Test(arguments: [
        Printed("sort (slice 3 1 2.5)", "[1 2.5 3]"),
        Printed(#"sort (slice "b" "a" "B" "A")"#, "[a A b B]"),
        Printed(#"sort (slice "b" "a" "B" "A") "value" "desc""#, "[B b A a]"),
        Printed(#"sort (slice "10" "9" "2" "a" "1e1")"#, "[10 1e1 2 9 a]"),
        Printed(#"sort (slice 3 "b" 1 "a" 2.5 true)"#, "[a b 1 true 2.5 3]"),
        Printed("sort (collections.Slice 3 nil 1)", "[<nil> 1 3]"),
        Printed("sort .m", "[1 2 3]"),
        Printed(#"sort .m "value" "desc""#, "[3 2 1]"),
        Printed(#"apply (sort .svc "id") "index" "." "id""#, "[api Api db web]"),
        Printed(#"apply (sort .svc "port" "desc") "index" "." "port""#, "[8080 5432 443 80]"),
        Printed(#"apply (sort .svc ".t.a.") "index" "." "id""#, "[Api db api web]"),
        Printed(#"apply (sort .svc "proto" "desc") "index" "." "id""#, "[Api db web api]"),
        Printed(#"apply (sort .svc "nope") "index" "." "id""#, "[web Api db api]"),
        Printed(#"sort .mm "w""#, "[map[w:1] map[w:2]]"),
        Printed(#"sort (slice (dict "a" 2) (dict "b" 1) (dict "a" -1)) "a""#, "[map[a:-1] map[b:1] map[a:2]]"),
        Printed(
            #"sort (slice "web-2" "web-10" "web2" "Web-1" "web_1" "web.1" "web")"#,
            "[web web_1 Web-1 web-10 web-2 web.1 web2]"),
        Printed(
            #"sort (slice "résumé" "resume" "Resume" "Résumé" "resumes" "résumes")"#,
            "[resume Resume résumé Résumé resumes résumes]"),
        Printed(
            #"sort (slice "ß" "ss" "st" "sr" "æ" "ae" "af" "đ" "d" "e" "þ" "z")"#, "[ae æ af d đ e sr ss ß st z þ]"),
        Printed(#"sort (slice "α" "β" "Α" "ά" "я" "а" "Я" "日" "😀" "z" "0")"#, "[😀 0 z α Α ά β а я Я 日]"),
    ])
    func sorts(_ row: Printed) throws {
        #expect(try render("{{ \(row.template) }}", data: collectionData) == row.output)
    }

    /// Long lists go through merging; equal keys stay as they stood.
    @Test func longListsStayStable() throws {
        var items: [String] = []
        var expected: [[Int]] = Array(repeating: [], count: 10)
        for number in 0..<1_000 {
            let key = number * 7_919 % 10
            items.append("{\"k\": \(key), \"n\": \(number)}")
            expected[key].append(number)
        }
        let data = "[" + items.joined(separator: ",") + "]"
        let output = try render(#"{{ range sort . "k" }}{{ .n }} {{ end }}"#, data: data)
        #expect(output == expected.joined().map { "\($0) " }.joined())
    }

    @Test(arguments: [
        Printed(#"where .svc "proto" "http""#, "web api "), Printed(#"where .svc "port" ">" 443"#, "Api db "),
        Printed(#"where .svc "port" "<=" 443.5"#, "web api "), Printed(#"where .svc "port" 443.0"#, "api "),
        Printed(#"where .svc "port" "443""#, ""), Printed(#"where .svc "port" "ne" "443""#, ""),
        Printed(#"where .svc "id" "NE" "web""#, "Api db api "), Printed(#"where .svc "id" "<>" "web""#, "Api db api "),
        Printed(#"where .svc "id" "" "web""#, "web "), Printed(#"where .svc "id" ">" "b""#, "web db "),
        Printed(#"where .svc "port" "in" (slice "80" 443.0 "x")"#, "api "),
        Printed(#"where .svc "port" "not in" (seq 80 443)"#, "Api db "),
        Printed(#"where .svc "id" "in" "webdb""#, "web db "),
        Printed(#"where .svc "id" "not in" (slice "web" "db")"#, "Api api "),
        Printed(#"where .svc "id" "not in" 5"#, ""),
        Printed(#"where .svc "tags" "intersect" (slice "a" "c")"#, "web Api api "),
        Printed(#"where .svc "id" "like" "(?i)^a""#, "Api api "), Printed(#"where .svc "port" "like" "8""#, ""),
        Printed(#"where .svc "tags" (slice "a" "b")"#, ""), Printed(#"where .svc "t.a" 2"#, "db api "),
        Printed(#"where .svc ".t.b." "eq" "x""#, "web db "), Printed(#"where .svc "t.q" nil"#, "web Api db api "),
        Printed(#"where .svc "t.q" "ne" 1"#, "web Api db api "), Printed(#"where .svc "port.x" "in" (slice 1 2)"#, ""),
    ])
    func chooses(_ row: Printed) throws {
        #expect(try render("{{ range \(row.template) }}{{ .id }} {{ end }}", data: collectionData) == row.output)
    }

    @Test func choosesInMaps() throws {
        #expect(
            try render(#"{{ where .ml "w" 1 }}{{ where .mm "w" 1 }}"#, data: collectionData) == "map[y:[map[w:1]]]map[]"
        )
    }

    @Test(arguments: [
        Printed("{{ sort 5 }}", "1:9 wrong-argument argument 1 must be a list or a map, not an int"),
        Printed(#"{{ sort .svc "port.x" }}"#, "1:4 unknown-field int has no field or method x"),
        Printed(#"{{ sort .svc "q.x" }}"#, "1:4 nil-value there is no value to take .x of"),
        Printed(#"{{ where 5 "a" 1 }}"#, "1:10 wrong-argument argument 1 must be a list or a map, not an int"),
        Printed(#"{{ where .svc nil 1 }}"#, "1:15 wrong-argument argument 2 must be a key, not nil"),
        Printed(#"{{ where .svc "id" 5 1 }}"#, "1:20 wrong-argument argument 3 must be an operator, not an int"),
        Printed(
            #"{{ where .svc "id" "~" 1 }}"#,
            #"1:20 wrong-argument argument 3 must be an operator such as "eq", ">=", "in" or "like", not a string "~""#),
        Printed(
            #"{{ where .svc "id" "like" "(" }}"#,
            #"1:27 wrong-argument argument 4 must be a regular expression (missing closing )), not a string "(""#),
        Printed(#"{{ where .svc "id" }}"#, "1:4 wrong-argument-count where takes 3 to 4 arguments, not 2"),
        Printed(
            #"{{ where .svc "tags" "intersect" (collections.Slice (seq 1)) }}"#,
            "1:35 wrong-argument argument 4 must be a list of text, numbers, bools or records, not a [][]int"),
    ])
    func refuses(_ row: Printed) {
        #expect(mistake(row.template, data: collectionData) == row.output)
    }

    @Test(arguments: [
        Printed("compare.Eq 1 2 1.0", "true"), Printed(#"compare.Eq 1 "1""#, "false"),
        Printed("compare.Eq nil nil", "true"), Printed("compare.Eq (seq 2) (slice 1 2)", "true"),
        Printed("compare.Eq .mixed .mixed", "true"), Printed("compare.Eq 9007199254740993 9007199254740992.0", "false"),
        Printed("compare.Ne 1 2 3", "true"), Printed("compare.Ne 1 2 1", "false"),
        Printed("compare.Lt 1 2.5", "true"), Printed(#"compare.Lt "1" 2"#, "true"),
        Printed(#"compare.Lt "10" "9""#, "true"), Printed(#"compare.Lt "a" 5"#, "true"),
        Printed("compare.Lt 9007199254740992.0 9007199254740993", "true"), Printed("compare.Lt (seq 1) 5", "true"),
        Printed("compare.Lt nil -5", "false"), Printed("compare.Le 1 1 2", "true"),
        Printed(#"compare.Gt "NaN" 1"#, "false"), Printed("compare.Gt 3 2 1", "true"),
        Printed(#"compare.Ge "1.0" "1""#, "true"), Printed("compare.Ge 9007199254740992 9007199254740993", "false"),
        Printed(#"cond "x" 1 2"#, "1"), Printed("cond 0.0 1 2", "2"), Printed("default 5 0", "5"),
        Printed("default 5 false", "false"), Printed("default 5", "5"), Printed("slice | default 5", "5"),
    ])
    func compares(_ row: Printed) throws {
        #expect(try render("{{ \(row.template) }}", data: collectionData) == row.output)
    }

    @Test func comparisonsNeedTwoValues() {
        #expect(
            mistake("{{ compare.Eq 1 }}") == "1:4 wrong-argument-count compare.Eq takes at least 2 arguments, not 1")
        #expect(mistake("{{ default 1 2 3 }}") == "1:4 wrong-argument-count default takes 1 to 2 arguments, not 3")
    }
}
