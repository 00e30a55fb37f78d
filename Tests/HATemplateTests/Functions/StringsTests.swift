import Testing

@testable import HATemplate

@Suite struct StringsTests {
    /// What an expression gives, as Go's `%q` of its text.
    private func quoted(_ expression: String, data: String = "null") throws -> String {
        try render(#"{{ printf "%q" (print ("# + expression + ")) }}", data: data)
    }

    @Test(arguments: RecordedStrings.shapes + RecordedStrings.parts)
    func givesWhatHugoGives(expression: String, result: String) throws {
        #expect(try quoted(expression) == result)
    }

    @Test(arguments: RecordedNames.inflection + RecordedNames.paths + RecordedNames.urls)
    func namesAsHugoDoes(expression: String, result: String) throws {
        #expect(try quoted(expression) == result)
    }

    @Test(arguments: RecordedNames.encoding + RecordedNames.hashes)
    func encodesAsHugoDoes(expression: String, result: String) throws {
        #expect(try quoted(expression) == result)
    }

    /// Functions that Hugo does not have, or that take values which its literals cannot give.
    @Test(arguments: [
        (#"replaceAll "hello" "bye" "hello my hello""#, "bye my bye"),
        (#"splitN "a,b,c" "," 2"#, "[a b,c]"),
        (#"splitN "a,b,c" "," -1"#, "[a b c]"),
        (#"splitN "a,b,c" "," 0"#, "[]"),
        (#"splitN "a,b,c" "," 1"#, "[a,b,c]"),
        (#"splitN "abc" "" 2"#, "[a bc]"),
        (#"splitN "" "" 2"#, "[]"),
        (#"splitN "" "," 2"#, "[]"),
        (#"join ", " .list"#, "a, 1, true"),
        (#"join .list ", ""#, "a, 1, true"),
        (#".list | join "-""#, "a-1-true"),
        (#"join "," .none"#, ""),
        (#"indent 2 "a\nb""#, "  a\n  b"),
        (#"indent 0 """#, ""),
        (#"nindent 2 "a\n""#, "\n  a\n  "),
        (#"quote "a\"b" 80 .nil true"#, #""a\"b" "80" "true""#),
        (#"quote"#, ""),
        (#"quote .list"#, #""[a 1 true]""#),
        (#"squote "a" 80 .nil"#, "'a' '80'"),
        (#"trimPrefix "a" "ab""#, "b"),
        (#"trimSuffix "b" "ab""#, "a"),
        (#"toUpper "ß""#, "ß"),
        (#"toLower "A""#, "a"),
        (#"hasPrefix "ab" "a""#, "true"),
        (#"base "a/b""#, "b"),
        (#"dir "a/b""#, "a"),
        (#"b64enc "hi""#, "aGk="),
        (#"b64dec "aGk=""#, "hi"),
        (#"toJson .deep"#, #"{"a":[null,{}],"z":[]}"#),
        (#"toJSON .nil"#, "null"),
        (#"json .m"#, #"{"\u003c":1.5}"#),
        (#"jsonify .options .m"#, "{\n>  \"<\": 1.5\n>}"),
        (#"jsonify .options .none"#, "[]"),
        (#"jsonify"#, ""),
        (#"(urls.Parse "http://h/a b?c").RequestURI"#, "/a%20b?c"),
        (#"(urls.Parse "http://h").RequestURI"#, "/"),
        (#"(urls.Parse "mailto:a@b").RequestURI"#, "a@b"),
        (#"(fromJson "{\"a\": [1, 2.5]}").a"#, "[1 2.5]"),
        (#"fromJson "\"x\"""#, "x"),
        (#"fromJson "12345678901""#, "12345678901"),
        (#"parseJSON """#, "map[]"),
        (#"(parseJSON "{\"a\":{\"b\":\"\\u00e9\"}}").a.b"#, "é"),
        (#"unmarshal "[1, 2]""#, "[1 2]"),
        (#"unmarshal .format "{\"a\":1,\"a\":2}""#, "map[a:2]"),
        (#"sha512 "abc" | slicestr | printf "%.16s""#, "ddaf35a193617aba"),
        (#"sha256sum "abc" | printf "%.16s""#, "ba7816bf8f01cfea"),
        (#"crypto.FNV32a "a""#, "3826002220"),
        (#"(path.Split "a/b").File"#, "b"),
        (#"(urls.Parse "http://u:p@h/").User.Password"#, "p"),
        (#"not (urls.Parse "http://h/").User"#, "true"),
        (#"path.Join "a" .parts "..""#, "a/b"),
        (#"urls.JoinPath "http://h/x" .parts"#, "http://h/x/b/c"),
    ])
    func givesOwnResults(expression: String, result: String) throws {
        let data = """
            {"list": ["a", 1, true], "none": [], "nil": null, "m": {"<": 1.5}, "parts": ["b", "c"],
             "options": {"Indent": "  ", "prefix": ">", "noHTMLEscape": true}, "format": {"format": "json"},
             "deep": {"z": [], "a": [null, {}]}}
            """
        #expect(try render("{{ \(expression) }}", data: data) == result)
    }

    @Test(arguments: [
        (#"strings.ToUpper .l"#, "1:20 wrong-argument argument 1 must be text, not a []interface {}"),
        (#"replace "a" .l "b""#, "1:16 wrong-argument argument 2 must be text, not a []interface {}"),
        (#"replace "a" "b" "c" "x""#, #"1:24 wrong-argument argument 4 must be an integer, not a string "x""#),
        (#"split "a" 2"#, "1:14 wrong-argument argument 2 must be a string, not an int"),
        (#"slicestr "abc" 3"#, "1:4 index-out-of-range the index 3 is out of range: there are 3 elements"),
        (#"slicestr "abc" 2 1"#, "1:4 index-out-of-range the bounds of the slice are the wrong way round: 2 > 1"),
        (#"substr "abc" "x""#, #"1:17 wrong-argument argument 2 must be an integer, not a string "x""#),
        (#"strings.Repeat -1 "a""#, "1:19 wrong-argument argument 1 must be a count from 0 on, not an int -1"),
        (#"strings.Repeat 1000000000 "x""#, "1:4 limit-exceeded the result is larger than 67108864 bytes"),
        (#"strings.Repeat 9223372036854775807 "xx""#, "1:4 limit-exceeded the result is larger than 67108864 bytes"),
        (#"indent 9223372036854775807 "a\nb""#, "1:4 limit-exceeded the result is larger than 67108864 bytes"),
        (#"indent -1 "a""#, "1:11 wrong-argument argument 1 must be a number of spaces from 0 on, not an int -1"),
        (#"join "," "a""#, "1:13 wrong-argument argument 2 must be a list, not a string"),
        (#"join "," .deep"#, "1:13 wrong-argument argument 2 must be a list of texts, not a []interface {}"),
        (#"base64Decode "a?""#, "1:17 wrong-argument argument 1 is not Base64: byte 2 does not belong there"),
        (
            #"fromJson "{\"a\": }""#,
            "1:13 wrong-argument argument 1 is not JSON: expected a value but found '}'; a value follows the colon"
                + " (line 1, column 7)"
        ),
        (
            #"fromJson """#,
            "1:13 wrong-argument argument 1 is not JSON: there is no JSON value in this file (line 1, column 1)"
        ),
        (#"unmarshal "a: 1""#, #"1:14 wrong-argument argument 1 must be a JSON object or list, not a string "a: 1""#),
        (#"unmarshal .l "{}""#, "1:14 wrong-argument argument 1 must be a map of options, not a []interface {}"),
        (#"jsonify 1 2"#, "1:12 wrong-argument argument 1 must be a map of options, not an int"),
        (
            #"urls.Parse "http://a b/""#,
            "1:15 wrong-argument argument 1 is not a URL: the host holds the character ' '"
        ),
        (#"urls.JoinPath "%zz""#, "1:18 wrong-argument argument 1 is not a URL: %zz is not an escape"),
        (#"path.Base .l"#, "1:14 wrong-argument argument 1 must be text, not a []interface {}"),
        (#"md5 .l"#, "1:8 wrong-argument argument 1 must be text, not a []interface {}"),
        (#"pluralize .l"#, "1:14 wrong-argument argument 1 must be text, not a []interface {}"),
    ])
    func refuses(expression: String, message: String) {
        #expect(mistake("{{ \(expression) }}", data: #"{"l": [1], "deep": [[1]]}"#) == message)
    }

    @Test func staysLinearWhereTextsRepeatThemselves() throws {
        let data = #"{"a": ""# + String(repeating: "a", count: 200_000) + #""}"#
        #expect(try render(#"{{ strings.Contains .a (print (substr .a 100000) "b") }}"#, data: data) == "false")
        #expect(try render(#"{{ strings.RuneCount (title .a) }}"#, data: data) == "200000")
    }

    @Test func writesDocumentsAsJSON() throws {
        let text = #"{"b": [1, {"x": null}], "a": "<é\n", "c": {}, "d": []}"#
        let document = try Document.json(name: "d", bytes: Array(text.utf8))
        let compact = String(decoding: document.json(of: document.root), as: UTF8.self)
        #expect(compact == #"{"a":"<é\n","b":[1,{"x":null}],"c":{},"d":[]}"#)
        let indented = String(decoding: document.json(of: document.root, indent: "  "), as: UTF8.self)
        #expect(
            indented == """
                {
                  "a": "<é\\n",
                  "b": [
                    1,
                    {
                      "x": null
                    }
                  ],
                  "c": {},
                  "d": []
                }
                """)
    }

    @Test func writesDeepValuesWithoutRecursion() throws {
        let text = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(try render("{{ toJson (fromJson .) }}", data: #"""# + text + #"""#) == text)
    }
}
