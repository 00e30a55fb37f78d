import Testing

@testable import HATemplate

/// The results were seen from Hugo 0.168, those of Sprig's functions are in its documentation.
@Suite("RegularExpressions")
struct RegularExpressionsTests {
    @Test(arguments: [
        ("findRE `b` `abcb`", "[b b]"), ("findRE `b` `abcb` 1", "[b]"), ("findRE `b` `abcb` 0", "[]"),
        ("findRE `b` `bbb` `2`", "[b b]"), ("findRE `b` `bbb` nil", "[]"), ("strings.FindRE `z` `abc`", "[]"),
        ("findRE `1` 1213", "[1 1]"), ("findRE `1` 1.15", "[1 1]"), ("findRE `t` true", "[t]"),
        ("printf `%#v` (findRE `b` `bbb`)", #"[]string{"b", "b", "b"}"#),
        ("printf `%T %#v` (findRE `z` `b`) (findRE `z` `b`)", "[]string []string(nil)"),
        ("findRESubmatch `(a)|(b)` `bab`", "[[b  b] [a a ] [b  b]]"),
        ("findRESubmatch `(a)|(b)` `bab` 1", "[[b  b]]"), ("len (findRESubmatch `z` `bab`)", "0"),
        ("strings.FindRESubmatch `.` `é`", "[[é]]"),
        ("replaceRE `a+b` `X` `aabbaabbab`", "XbXbX"), ("replaceRE `a+b` `X` `aabbaabbab` 1", "Xbaabbab"),
        (#"replaceRE `\Bb` `X` `abbc`"#, "aXXc"), (#"replaceRE `\Bb` `X` `abbc` 1"#, "aXbc"),
        ("replaceRE `a*` `X` `baac`", "XbXcX"), ("replaceRE `^b` `X` `bbb`", "Xbb"),
        ("replaceRE `b` `X` `bbb` 0", "bbb"), ("replaceRE `b` `X` `bbb` -3", "XXX"),
        ("replaceRE `b` `X` `bbb` `2`", "XXb"), ("replaceRE `b` `X` `bbb` 1.9", "Xbb"),
        ("replaceRE `b` `X` `bbb` nil", "bbb"), ("replaceRE 1 2 3121", "3222"), ("replaceRE 1.5 2 `1.5`", "2"),
        ("replaceRE nil nil nil", ""), ("replaceRE `` `-` `abc`", "-a-b-c-"), ("replaceRE `` `-` `abc` 2", "-a-bc"),
        ("replaceRE `(?:^|,)a` `X` `a,a,ba` 2", "XX,ba"), ("replaceRE `a|$` `X` `bab`", "bXbX"),
        ("replaceRE `x*$` `Y` `abxx`", "abY"), (#"replaceRE `\b` `|` `ab cd`"#, "|ab| |cd|"),
        ("replaceRE `(a)(b)` `$2x$1` `ab`", "a"), ("replaceRE `(a)(b)` `${2}x$1` `ab`", "bxa"),
        ("replaceRE `(?P<n>a)` `[$n][${n}][$$][$]` `a`", "[a][a][$][$]"),
        ("strings.ReplaceRE `(b)` `$01${1}$10` `abc`", "abc"),
        ("`http://gohugo.io/docs` | replaceRE `^https?://([^/]+).*` `$1`", "gohugo.io"),
        ("regexMatch `^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$` `test@acme.com`", "true"),
        ("regexMatch `^b` `abc`", "false"), ("regexMatch `` ``", "true"),
        ("regexFindAll `[2,4,6,8]` `123456789` -1", "[2 4 6 8]"), ("regexFindAll `[2,4,6,8]` `123456789` 2", "[2 4]"),
        ("regexReplaceAll `a(x*)b` `-ab-axxb-` `${1}W`", "-W-xxW-"),
    ])
    func gives(call: String, expected: String) throws {
        #expect(try render("{{ \(call) }}") == expected)
    }

    /// Patterns that are made while rendering.
    @Test func compilesPatternsOfTheData() throws {
        let data = #"{"patterns": ["a+", "b", "a+"], "text": "aabb", "bad": "a("}"#
        #expect(try render("{{ range .patterns }}{{ findRE . $.text }}{{ end }}", data: data) == "[aa][b b][aa]")
        #expect(
            mistake("{{ findRE .bad .text }}", data: data)
                == "1:11 bad-pattern argument 1 is not a regular expression: missing closing ): a(")
    }

    @Test(arguments: [
        ("{{ findRE 1 `a` }}", "1:11 wrong-argument argument 1 must be a regular expression, not an int"),
        ("{{ findRE nil `a` }}", "1:11 wrong-argument argument 1 must be a regular expression, not nil"),
        ("{{ findRE `a` . }}", "1:15 wrong-argument argument 2 must be text, not a []interface {}"),
        ("{{ findRE `a` `a` `x` }}", "1:19 wrong-argument argument 3 must be an integer, not a string \"x\""),
        ("{{ findRE `a` }}", "1:4 wrong-argument-count findRE takes 2 to 3 arguments, not 1"),
        ("{{ findRESubmatch 1 `a` }}", "1:19 wrong-argument argument 1 must be a regular expression, not an int"),
        ("{{ findRESubmatch `a` . }}", "1:23 wrong-argument argument 2 must be text, not a []interface {}"),
        ("{{ replaceRE . `b` `a` }}", "1:14 wrong-argument argument 1 must be text, not a []interface {}"),
        ("{{ replaceRE `a` . `a` }}", "1:18 wrong-argument argument 2 must be text, not a []interface {}"),
        ("{{ replaceRE `a` `b` . }}", "1:22 wrong-argument argument 3 must be text, not a []interface {}"),
        ("{{ replaceRE `a` `b` `c` `x` }}", "1:26 wrong-argument argument 4 must be an integer, not a string \"x\""),
        ("{{ regexMatch 1 `a` }}", "1:15 wrong-argument argument 1 must be a regular expression, not an int"),
        ("{{ regexReplaceAll `a` . `` }}", "1:24 wrong-argument argument 2 must be text, not a []interface {}"),
        ("{{ regexFindAll `a` `` . }}", "1:24 wrong-argument argument 3 must be an integer, not a []interface {}"),
    ])
    func refuses(template: String, expected: String) {
        #expect(mistake(template, data: "[]") == expected)
    }

    /// A constant that is wrong is found before anything runs, at its place in the literal.
    @Test(arguments: [
        ("{{ if false }}{{ findRE `a(b` . }}{{ end }}", "1:27 bad-pattern", "missing closing )"),
        ("{{ findRE \"\\\\d[é\\u00e9[\" . }}", "1:15 bad-pattern", "missing closing ]"),
        ("{{ findRE \"\\x41\\u00e9**\" . }}", "1:22 bad-pattern", "invalid nested repetition operator"),
        ("{{ replaceRE `é\\pX` `` . }}", "1:16 bad-pattern", "invalid character class range"),
        ("{{ findRE `a\r\r\nb)` . }}", "2:2 bad-pattern", "unexpected )"),
        ("{{ findRE `ab\\` . }}", "1:14 bad-pattern", "trailing backslash at end of expression"),
        ("{{ . | regexMatch `+` }}", "1:20 bad-pattern", "missing argument to repetition operator"),
        ("{{ define `x` }}\n{{ regexFindAll `x{1001}` . 1 }}{{ end }}", "2:19 bad-pattern", "invalid repeat count"),
    ])
    func findsMistakesOfConstants(template: String, place: String, reason: String) {
        #expect(mistake(template) == "\(place) this is not a regular expression: \(reason)")
    }

    @Test func findsAllMistakesOfConstants() throws {
        let template = SourceFile(name: "t", text: "{{ findRE `(` . }}{{ regexMatch `)` . }}{{ findRE `a` . }}")
        let error = #expect(throws: Diagnostics.self) { try Template.parse(template) }
        #expect(error?.items.map(\.code) == [.badPattern, .badPattern])
    }

    @Test func compilesConstantsOnce() throws {
        let template = try Template.parse(
            SourceFile(
                name: "t",
                text: "{{ findRE `a` . }}{{ replaceRE \"a\" `a` . }}{{ regexMatch `b` . }}{{ findRE . . }}"))
        #expect(template.program.patterns.count == 2)
    }

    /// A result of 64 MiB is too large for one value.
    @Test func limitsResults() throws {
        let data = #"""# + String(repeating: "a", count: 10_000) + #"""#
        let code = "1:4 limit-exceeded the result is larger than 67108864 bytes"
        #expect(mistake("{{ replaceRE `a` . . }}", data: data) == code)
    }
}
