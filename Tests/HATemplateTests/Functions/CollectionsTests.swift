import Testing

@testable import HATemplate

/// A template and what it must print; Hugo 0.168 printed it where Hugo has the function.
struct Printed: CustomTestStringConvertible, Sendable {
    let template: String
    let output: String

    init(_ template: String, _ output: String) {
        self.template = template
        self.output = output
    }

    var testDescription: String { template }
}

/// Services that stand in the data of these tests.
let collectionData = #"""
    {"svc": [{"id": "web", "port": 80, "proto": "http", "t": {"a": 3, "b": "x"}, "tags": ["a", "b"]},
             {"id": "Api", "port": 8080, "proto": "tcp", "t": {"a": 1, "b": "y"}, "tags": ["c"]},
             {"id": "db", "port": 5432, "proto": "tcp", "t": {"a": 2, "b": "x"}, "tags": []},
             {"id": "api", "port": 443, "proto": "http", "t": {"a": 2, "b": "z"}, "tags": ["b", "c"]}],
     "m": {"b": 2, "a": 1, "c": 3}, "mm": {"x": {"w": 2}, "y": {"w": 1}}, "ml": {"x": [{"w": 2}], "y": [{"w": 1}]},
     "mixed": [1, "a", 2.5, true], "nil": null}
    """#

/// `%T %v` of an expression.
private func typed(_ expression: String) -> String {
    "{{ $v := \(expression) }}{{ printf \"%T %v\" $v $v }}"
}

@Suite struct CollectionsTests {
    @Test(arguments: [
        Printed("first 2 (seq 3)", "[]int [1 2]"),
        Printed(#"first "1" (slice "a" "b")"#, "[]string [a]"),
        Printed("first 0 (seq 3)", "[]int []"),
        Printed("first 9 .mixed", "[]interface {} [1 a 2.5 true]"),
        Printed(#"first 3 "日本""#, "string 日"),
        Printed("last 2 (seq 3)", "[]int [2 3]"),
        Printed("after 1 (seq 3)", "[]int [2 3]"),
        Printed("after 9 (seq 3)", "[]int []"),
        Printed("collections.Reverse .mixed", "[]interface {} [true 2.5 a 1]"),
        Printed("collections.Reverse nil", "<nil> <nil>"),
        Printed("collections.Index (seq 2) 5", "<nil> <nil>"),
        Printed(#"collections.Index (dict "a" (seq 2)) (slice "a" "x" | first 1)"#, "[]int [1 2]"),
        Printed(#"collections.Index (dict "a" (dict "b" 3)) (slice "a" "b")"#, "int 3"),
        Printed(#"collections.Index (dict "a" 1) "b" "c""#, "<nil> <nil>"),
        Printed(#"collections.Index "abc" 1"#, "uint8 98"),
        Printed("in (seq 2) 2.0", "bool true"),
        Printed(#"in (seq 2) "2""#, "bool false"),
        Printed(#"in "abc" "bc""#, "bool true"),
        Printed("in .svc (collections.Index .svc 1)", "bool true"),
        Printed("in (collections.Slice nil) nil", "bool false"),
        Printed("isset (seq 2) 1", "bool true"),
        Printed("isset (seq 2) -1", "bool true"),
        Printed(#"isset .m "d""#, "bool false"),
        Printed("isset 5 1", "bool false"),
        Printed("append 1.5 (slice 2 3)", "[]interface {} [2 3 1.5]"),
        Printed("append 1 (seq 2)", "[]int [1 2 1]"),
        Printed("append (slice 7 8) (seq 2)", "[]int [1 2 7 8]"),
        Printed("append (seq 3) .mixed", "[]interface {} [1 a 2.5 true [1 2 3]]"),
        Printed("append .mixed .mixed | len", "int 8"),
        Printed(#"append "a" nil"#, "[]string [a]"),
        Printed(
            #"append (collections.Slice "x") (slice (collections.Slice "a") (collections.Slice "b"))"#,
            "[][]string [[a] [b] [x]]"),
        Printed("seq 3", "[]int [1 2 3]"),
        Printed("seq -2", "[]int [-1 -2]"),
        Printed("seq 0", "[]int []"),
        Printed("seq 1 2 4", "[]int [1 3]"),
        Printed("seq 1 -2", "[]int [1 0 -1 -2]"),
        Printed(
            "seq 9223372036854775806 9223372036854775807",
            "[]int [9223372036854775806 9223372036854775807]"),
        Printed(
            "seq -9223372036854775808 9223372036854775807 9223372036854775807",
            "[]int [-9223372036854775808 -1 9223372036854775806]"),
        Printed(#"keyVals "a" 1 2"#, "types.KeyValues a: [1 2]"),
        Printed(#"slice (keyVals "a" 1) (keyVals "b")"#, "[]types.KeyValues [a: [1] b: []]"),
        Printed(#"(keyVals "a" 1 2).Values"#, "[]interface {} [1 2]"),
        Printed(#"(group "k" .mixed).Pages"#, "[]interface {} [1 a 2.5 true]"),
    ])
    func parts(_ row: Printed) throws {
        #expect(try render(typed(row.template), data: collectionData) == row.output)
    }

    @Test(arguments: [
        Printed("dict", "map[]"),
        Printed(#"dict "b" 1 "a" "x" "b" 2"#, "map[a:x b:2]"),
        Printed(#"dict (slice "a" "b" "c") 5 (slice "a" "d") 6"#, "map[a:map[b:map[c:5] d:6]]"),
        Printed(#"dict "a" (dict "x" 1) (slice "a" "y") 2"#, "map[a:map[x:1 y:2]]"),
        Printed(#"merge (dict "a" 1 "B" 2) (dict "b" 9)"#, "map[a:1 b:9]"),
        Printed(#"merge (dict "a" (dict "x" 1)) (dict "a" (dict "y" 2))"#, "map[a:map[x:1 y:2]]"),
        Printed(#"merge (dict "A" (dict "x" 1)) (dict "a" (dict "y" 2))"#, "map[A:map[x:1 y:2] a:map[y:2]]"),
        Printed(#"merge (dict "a" (dict "x" 1)) (dict "a" 5)"#, "map[a:5]"),
        Printed(#"merge (dict "a" 1) (dict "a" 2) nil (dict "c" 3)"#, "map[a:2 c:3]"),
        Printed(#"merge (dict "ä" 3) (dict "Ä" 1)"#, "map[Ä:1]"),
        Printed(#"delimit (slice "A" "B" "C") ", " " and ""#, "A, B and C"),
        Printed("delimit (slice 1 2.5 true) 0", "102.50true"),
        Printed(#"delimit .m "," "#, "1,2,3"),
        Printed(#"delimit (collections.Slice "a" (slice 1) "b" nil) ",""#, "a,b,"),
        Printed(#"delimit (slice "a" "b" "c") "," nil"#, "a,bc"),
        Printed(
            #"querify "foo" 1 "baz" "with spaces" "qux" "this&that=those""#,
            "baz=with+spaces&foo=1&qux=this%26that%3Dthose"),
        Printed(#"querify (dict "a" 1 "b" "x y")"#, "a=1&b=x+y"),
        Printed(#"querify "a" "x" "a" "w""#, "a=x&a=w"),
        Printed("querify", ""),
        Printed(#"apply (seq 2) "printf" "%d!" ".""#, "[1! 2!]"),
        Printed(#"apply .svc "index" "." "id""#, "[web Api db api]"),
        Printed(#"apply (slice 0 1) "not" ".""#, "[true false]"),
        Printed(#"apply (slice (slice 2 1 "x") (slice 4 3 "y")) "first" 1 ".""#, "[[2] [4]]"),
        Printed(#"apply nil "print""#, "[]"),
    ])
    func makes(_ row: Printed) throws {
        #expect(try render("{{ \(row.template) }}", data: collectionData) == row.output)
    }

    @Test(arguments: [
        Printed("uniq (slice 1 2 2 1 3)", "[]int [1 2 3]"),
        Printed(#"uniq (collections.Slice 3 "3" 3.0 true nil nil)"#, "[]interface {} [3 3 true <nil>]"),
        Printed("uniq (slice (slice 1) (slice 1))", "[][]int [[1]]"),
        Printed("intersect (seq 3) (collections.Slice 3 2.0 2)", "[]int [2 3]"),
        Printed("intersect .mixed .mixed", "[]interface {} [1 a 2.5]"),
        Printed("intersect nil (seq 1)", "[]interface {} []"),
        Printed("union (seq 3) (collections.Slice 3 4 5)", "[]int [1 2 3 4 5]"),
        Printed(#"union (seq 2) (collections.Slice "a")"#, "[]int []"),
        Printed("union (seq 2) (collections.Slice 1.5 7.0)", "[]int [1 2 7]"),
        Printed("union .mixed (seq 2)", "[]interface {} [1 a 2.5 true 2]"),
        Printed("union nil nil", "[]interface {} []"),
        Printed(#"slice "a" "b" "c" "d" | complement (collections.Slice "b") (slice "d" "x")"#, "[]string [a c]"),
        Printed("complement (seq 1) (collections.Slice 1.0 2.0)", "[]float64 [2]"),
        Printed("collections.Slice 1 2 3 | symdiff (collections.Slice 3 4)", "[]int [1 2 4]"),
        Printed("symdiff (seq 1) .mixed", "[]interface {} [a 2.5 true]"),
    ])
    func sets(_ row: Printed) throws {
        #expect(try render(typed(row.template), data: collectionData) == row.output)
    }

    /// Wherever Go has a meaning for `slice` it counts, else Hugo's.
    @Test(arguments: [
        Printed(#"slice "backend" 0 4"#, "string back"),
        Printed("slice .mixed 1 3", "[]interface {} [a 2.5]"),
        Printed(#"slice "backend""#, "string backend"),
        Printed("slice", "[]interface {} []"),
        Printed(#"slice "a" "b""#, "[]string [a b]"),
        Printed(#"slice 1 2"#, "[]int [1 2]"),
        Printed(#"slice "a" 1 "b""#, "[]interface {} [a 1 b]"),
        Printed(#"slice (dict "a" 1)"#, "[]map[string]interface {} [map[a:1]]"),
        Printed(#"collections.Slice "web" 1"#, "[]interface {} [web 1]"),
        Printed(#"collections.Slice "web""#, "[]string [web]"),
        Printed("collections.Slice (seq 2)", "[][]int [[1 2]]"),
    ])
    func slice(_ row: Printed) throws {
        #expect(try render(typed(row.template), data: collectionData) == row.output)
    }

    @Test(arguments: [
        Printed("{{ first -1 (seq 2) }}", "1:10 wrong-argument argument 1 must be a count of 0 or more, not an int -1"),
        Printed("{{ first nil (seq 2) }}", "1:10 wrong-argument argument 1 must be a count, not nil"),
        Printed(
            #"{{ last 1 .m }}"#,
            "1:11 wrong-argument argument 2 must be a list or a string, not a map[string]interface {}"),
        Printed(
            "{{ .m | after 1 }}",
            "1:9 wrong-argument argument 2 must be a list or a string, not a map[string]interface {}"),
        Printed("{{ collections.Reverse 5 }}", "1:24 wrong-argument argument 1 must be a list, not an int"),
        Printed(
            #"{{ collections.Index (seq 2) "1" }}"#,
            "1:30 wrong-argument argument 2 must be an integer, not a string"),
        Printed(
            #"{{ isset (seq 2) "x" }}"#,
            #"1:18 wrong-argument argument 2 must be an integer, not a string "x""#),
        Printed(#"{{ append 1 "x" }}"#, "1:13 wrong-argument argument 2 must be a list, not a string"),
        Printed("{{ append 1 }}", "1:4 wrong-argument-count append takes at least 2 arguments, not 1"),
        Printed(
            "{{ dict 1 2 }}",
            "1:9 wrong-argument argument 1 must be a string key or a list of string keys, not an int"),
        Printed(
            #"{{ dict "a" }}"#,
            "1:4 wrong-argument-count keys and values come in pairs, but there are 1 of them together"),
        Printed(
            #"{{ dict "a" 1 (slice "a" "b") 2 }}"#,
            #"1:16 wrong-argument argument 3 must be keys that lead through maps, not a string "a""#),
        Printed("{{ merge .m 5 }}", "1:13 wrong-argument argument 2 must be a map, not an int"),
        Printed("{{ merge 5 .m }}", "1:10 wrong-argument argument 1 must be a map, not an int"),
        Printed("{{ group nil .svc }}", "1:10 wrong-argument argument 1 must be a key, not nil"),
        Printed("{{ seq 1 0 4 }}", "1:10 wrong-argument argument 2 must be a step other than 0, not an int 0"),
        Printed("{{ seq 1 -1 4 }}", "1:10 wrong-argument argument 2 must be a step greater than 0, not an int -1"),
        Printed("{{ seq 1000001 }}", "1:4 limit-exceeded the result has more than 1000000 elements"),
        Printed(
            "{{ seq -9223372036854775808 9223372036854775807 }}",
            "1:4 limit-exceeded the result has more than 1000000 elements"),
        Printed("{{ delimit 5 1 }}", "1:12 wrong-argument argument 1 must be a list, a map or a string, not an int"),
        Printed("{{ delimit .mixed .mixed }}", "1:19 wrong-argument argument 2 must be text, not a []interface {}"),
        Printed(
            #"{{ querify "a" }}"#,
            "1:12 wrong-argument argument 1 must be a map, or a list of keys and values, not a string"),
        Printed(
            #"{{ querify "" 1 }}"#,
            #"1:12 wrong-argument argument 1 must be a key that is not empty, not a string """#),
        Printed(#"{{ apply (seq 1) "nope" "." }}"#, #"1:4 undefined-function there is no function "nope""#),
        Printed(
            #"{{ apply (seq 1) "apply" "." }}"#,
            #"1:18 wrong-argument argument 2 must be a function that can be applied, not a string "apply""#),
        Printed(#"{{ apply (seq 1) "len" }}"#, "1:4 wrong-argument-count len takes 1 argument, not none"),
        Printed(
            #"{{ apply (seq 1) "first" "." 5 }}"#,
            "1:4 wrong-argument first: argument 2 must be a list or a string, not an int"),
        Printed("{{ uniq 5 }}", "1:9 wrong-argument argument 1 must be a list, not an int"),
        Printed("{{ union .mixed 5 }}", "1:17 wrong-argument argument 2 must be a list, not an int"),
        Printed(
            "{{ intersect (collections.Slice (seq 1)) (seq 1) }}",
            "1:15 wrong-argument argument 1 must be a list of text, numbers, bools or records, not a [][]int"),
        Printed("{{ complement (seq 1) 1 }}", "1:23 wrong-argument argument 2 must be a list, not an int"),
        Printed(
            #"{{ symdiff (collections.Slice "a") (seq 1) }}"#,
            "1:13 wrong-argument argument 1 must be a list of what is in the second, not a []string"),
    ])
    func refuses(_ row: Printed) {
        #expect(mistake(row.template, data: collectionData) == row.output)
    }

    /// Sizes are checked before or while something grows.
    @Test func resultsHaveLimits() {
        let text = #"{{ $s := printf "%01000000d" 1 }}{{ delimit (seq 100000) $s }}"#
        #expect(mistake(text) == "1:37 limit-exceeded the result is larger than 67108864 bytes")
        #expect(
            mistake("{{ until 9223372036854775807 }}") == "1:4 limit-exceeded the result has more than 4194304 elements"
        )
    }

    /// Nesting in data costs memory and not the stack.
    @Test func deepDataIsNoDanger() throws {
        let depth = 900
        let list = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let map = String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        let data = #"{"l": \#(list), "m": \#(map)}"#
        #expect(
            try render("{{ len (uniq (slice $.l $.l nil)) }}{{ compare.Eq .m .m }}{{ len (merge .m .m) }}", data: data)
                == "2true1")
    }

    /// `slice "a"` is Go's, which gives the text; who wants Hugo's learns how.
    @Test func aTextInsteadOfAListIsExplained() {
        #expect(throws: Diagnostic.self) { try render(#"{{ uniq (slice "a") }}"#) }
        let error = RuntimeError.wrongArgument(1, expected: "a list", given: "string")
        #expect(
            error.advice?.message == "collections.Slice makes a list of one text; slice gives the text itself, as in Go"
        )
    }
}
