import Testing

@testable import HATemplate

/// Literals where a function wants the text that it works on.
@Suite struct ArgumentOrderTests {
    struct Example: CustomTestStringConvertible {
        let template: String
        /// Column of the call, and the call that the note shows.
        let column: Int
        let advice: String

        init(_ template: String, _ column: Int, _ advice: String) {
            (self.template, self.column, self.advice) = (template, column, advice)
        }

        var testDescription: String { template }
    }

    private func warnings(_ template: String) throws -> [Diagnostic] {
        try Template.parse(SourceFile(name: "t", text: template)).warnings
    }

    @Test(arguments: [
        Example(#"{{ param "admins" | split "," }}"#, 21, #"split (param "admins") ",""#),
        Example(#"{{ .name | replace "." "_" }}"#, 12, #"replace .name "." "_""#),
        Example(#"{{ if .name | hasPrefix "api" }}{{ end }}"#, 15, #"hasPrefix .name "api""#),
        Example(#"{{ if hasPrefix "api" .name }}{{ end }}"#, 7, #"hasPrefix .name "api""#),
        Example(#"{{ .name | hasSuffix ".org" }}"#, 12, #"hasSuffix .name ".org""#),
        Example(#"{{ .name | trim "-" }}"#, 12, #"trim .name "-""#),
        Example(#"{{ trim "-" .name }}"#, 4, #"trim .name "-""#),
        Example(#"{{ trimPrefix .name "www." }}"#, 4, #"trimPrefix "www." .name"#),
        Example(#"{{ trimSuffix .name ".org" }}"#, 4, #"trimSuffix ".org" .name"#),
        Example(#"{{ strings.TrimLeft .name "-" }}"#, 4, #"strings.TrimLeft "-" .name"#),
        Example(#"{{ .name | strings.Contains "api" }}"#, 12, #"strings.Contains .name "api""#),
        Example(#"{{ $sep := "," }}{{ split $sep .s }}"#, 21, #"split .s $sep"#),
        Example(#"{{ $a := "." }}{{ $b := "_" }}{{ .s | replace ($a) $b }}"#, 39, #"replace .s ($a) $b"#),
        Example(
            #"{{ $p := "api" }}{{ if .x }}{{ $p = "app" }}{{ end }}{{ .s | hasPrefix $p }}"#, 62, #"hasPrefix .s $p"#),
        Example(#"{{ splitN "," 2 .name }}"#, 4, #"splitN .name "," 2"#),
        Example(#"{{ replaceAll .name "." "_" }}"#, 4, #"replaceAll "." "_" .name"#),
        Example(#"{{ strings.Count .name "." }}"#, 4, #"strings.Count "." .name"#),
        Example(#"{{ findRE .name "a+" }}"#, 4, #"findRE "a+" .name"#),
        Example(#"{{ regexMatch .name "a+" }}"#, 4, #"regexMatch "a+" .name"#),
        Example(#"{{ .name | regexReplaceAll "a+" "b" }}"#, 12, #"regexReplaceAll "a+" .name "b""#),
        Example(#"{{ replaceRE .name "a+" "b" }}"#, 4, #"replaceRE "a+" "b" .name"#),
        Example(#"{{ .name | substr 0 5 }}"#, 12, "substr .name 0 5"),
        Example(#"{{ default .port "80" }}"#, 4, #"default "80" .port"#),
        Example(#"{{ delimit "," .names }}"#, 4, #"delimit .names ",""#),
        Example(#"{{ isset "zone" .map }}"#, 4, #"isset .map "zone""#),
        Example(#"{{ "a.b" | replace "." "_" }}"#, 12, #"replace "a.b" "." "_""#),
        Example(#"{{ (.name | lower) | split (",") }}"#, 22, #"split (.name | lower) (",")"#),
        Example(#"{{ .name | lower | split "," }}"#, 20, #"split (.name | lower) ",""#),
    ]) func areFound(example: Example) throws {
        let found = try #require(try warnings(example.template).first, "nothing found")
        #expect(found.code == .argumentOrder && found.severity == .warning)
        let place = try #require(found.location)
        #expect(LineIndex(place.file).position(at: place.range.start).column == example.column)
        #expect(found.notes.first?.message.hasPrefix("write \(example.advice) for that") == true, "\(found.notes)")
    }

    @Test(arguments: [
        #"{{ split .name "," }}"#, #"{{ replace .name "." "_" }}"#, #"{{ hasPrefix .name "api" }}"#,
        #"{{ trim .name "-" }}"#, #"{{ .name | trimPrefix "www." }}"#, #"{{ .name | replaceAll "." "_" }}"#,
        #"{{ split "a,b" "," }}"#, #"{{ replace "https://HOST/" "HOST" .name }}"#, #"{{ .port | default "80" }}"#,
        #"{{ slicestr "abcdef" .i 1 }}"#, #"{{ .name | findRE "a+" }}"#, #"{{ .names | join "," }}"#,
        #"{{ join .names "," }}"#, #"{{ strings.Repeat .count "-" }}"#, #"{{ in "http https" .scheme }}"#,
        #"{{ $s := "a,b" }}{{ split $s "," }}"#, #"{{ $s := .t }}{{ split $s .sep }}"#,
        #"{{ $s := "a,b" }}{{ $s = .t }}{{ split $s .sep }}"#,
        #"{{ range $s := 3 }}{{ split (print $s) .sep }}{{ end }}"#,
        #"{{ $sep := "," }}{{ split .s $sep }}"#, #"{{ $s := "" }}{{ range $s = .names }}{{ split $s .sep }}{{ end }}"#,
    ]) func areNotSuspected(template: String) throws {
        #expect(try warnings(template).isEmpty)
    }

    @Test func commentsSilenceThem() throws {
        #expect(try warnings("{{/* haproxy-gen:ignore argument-order */}}\n{{ .name | split \",\" }}").isEmpty)
        #expect(try warnings("{{ .name | split \",\" }}\n{{ .name | split \";\" }}").count == 2)
    }

    @Test func checkFindsThemOnceAndInIncludes() throws {
        let template = try Template.parse(
            SourceFile(name: "t", text: #"{{ template "piece" . }}{{ .name | trim "-" }}"#),
            includes: [.init(path: "piece", file: SourceFile(name: "piece", text: #"{{ .name | split "," }}"#))])
        let found = template.check(against: .unknown).filter { $0.code == .argumentOrder }
        #expect(found.map { $0.location?.file.name } == ["t", "piece"])
        #expect(template.warnings.map { $0.location?.file.name } == ["t", "piece"])
    }

    /// `contains` takes a map and a key too, so the data decides.
    @Test func containsAsksTheData() throws {
        let template = try Template.parse(SourceFile(name: "t", text: #"{{ contains .x "api" }}"#))
        func warnings(_ data: String) throws -> [DiagnosticCode] {
            let document = try Document.json(name: "d", bytes: Array(data.utf8))
            var output = ByteBuffer()
            var warnings: [Diagnostic] = []
            try template.render(document, into: &output, warnings: &warnings)
            let checked = template.check(against: .document(document)).map(\.code).filter { $0 == .argumentOrder }
            #expect(checked == warnings.map(\.code))
            return checked
        }
        #expect(try warnings(#"{"x": "api.example.org"}"#) == [.argumentOrder])
        #expect(try warnings(#"{"x": {"api": 1}}"#) == [])
    }

    @Test(
        "in, with a list where its text is looked for",
        arguments: [
            (#"{{ in "a" .l }}"#, [3]), (#"{{ .l | in "a" }}"#, [8]),
            (#"{{ if in .t .m }}{{ end }}{{ in .t .l }}"#, [6, 29]),
            (#"{{ in .l "a" }}{{ in "a b" .t }}{{ .t | in .l }}{{ in .l .l }}"#, []),
        ] as [(String, [Int])])
    func collectionLast(_ text: String, _ places: [Int]) throws {
        let template = try Template.parse(SourceFile(name: "t", text: text))
        let document = try Document.json(name: "d", bytes: Array(#"{"l": ["a"], "t": "a", "m": {"a": 1}}"#.utf8))
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        try template.render(document, into: &output, warnings: &warnings)
        #expect(warnings.map { $0.code } == places.map { _ in .argumentOrder })
        #expect(warnings.compactMap { $0.location.map { Int($0.range.start) } } == places)
    }

    /// What COMPATIBILITY.md says of this program's side.
    @Test(arguments: [
        (#"{{ hasPrefix "api-1" "api" }}{{ hasSuffix "api-1" "-1" }}"#, "truetrue"),
        (#"{{ replace "a.b" "." "_" }}{{ replaceAll "." "_" "a.b" }}"#, "a_ba_b"),
        (#"{{ split "a,b" "," }}{{ splitN "a,b,c" "," 2 }}"#, "[a b][a b,c]"),
        (#"{{ join "-" (slice "a" "b" "") }}{{ join (slice "a" "b" "") "-" }}"#, "a-b-a-b-"),
        (#"{{ trim "--a-" "-" }}"#, "a"), (#"{{ trimPrefix "a" "ab" }}{{ trimSuffix "b" "ab" }}"#, "ba"),
        (#"{{ contains "p" "api" }}{{ contains (dict "p" 1) "p" }}"#, "truetrue"),
        (#"{{ merge (dict "a" 1) (dict "a" 2) }}"#, "map[a:2]"),
        (#"{{ default 1 false }}{{ default 1 "" }}"#, "false1"),
        (#"{{ first 1 (seq 2) }}{{ last 1 (seq 2) }}{{ substr "abcd" 1 2 }}"#, "[1][2]bc"),
        (#"{{ regexReplaceAll "b" "abc" "x" }}{{ regexMatch "b" "abc" }}"#, "axctrue"),
        (#"{{ append "c" (slice "a" "b") }}{{ coalesce "" "x" }}|{{ seq 2 }}"#, "[a b c]|[1 2]"),
        (#"{{ title "the end of a day" }}|{{ dir "a/b" }}"#, "The End of a Day|a"),
        (#"{{ json (dict "a" 1) }}{{ (parseJSON "{\"a\": 2}").a }}{{ (fromJson "{\"a\": 3}").a }}"#, #"{"a":1}23"#),
    ]) func meanings(template: String, output expected: String) throws {
        var output = ByteBuffer()
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        #expect(compiled.warnings.isEmpty)
        try compiled.render(.empty, into: &output)
        #expect(String(decoding: output.array, as: UTF8.self) == expected)
    }

    // MARK: Parameters

    @Test(arguments: [
        (#"{{ param "a" }}{{ param "b" 2 }}"#, ["a", "b"]), (#"{{ "c" | param }}"#, ["c"]), ("{{ .x }}", []),
        (#"{{ define "p" }}{{ param ("d") }}{{ end }}"#, ["d"]), (#"{{ apply .l "lower" "." }}"#, []),
        (#"{{ if false }}{{ param "e" }}{{ end }}"#, ["e"]),
    ]) func parameterNamesAreKnown(template: String, names: [String]) throws {
        #expect(try Template.parse(SourceFile(name: "t", text: template)).parameterNames == Set(names))
    }

    @Test(arguments: [
        "{{ param .name }}", #"{{ $n := "a" }}{{ param $n }}"#, #"{{ apply .l "param" "." }}"#, "{{ apply .l .f 1 }}",
        #"{{ .name | param }}"#,
    ]) func computedNamesMayBeAny(template: String) throws {
        #expect(try Template.parse(SourceFile(name: "t", text: template)).parameterNames == nil)
    }
}
