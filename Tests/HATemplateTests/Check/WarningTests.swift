import Testing

@testable import HATemplate

/// What the checker warns of, and where.
@Suite struct WarningTests {
    typealias Row = (template: String, findings: [String])

    static let variables: [Row] = [
        ("{{$x := 1}}", ["1:3 warning unused-variable"]),
        ("{{$x := 1}}{{$x = 2}}", ["1:3 warning unused-variable"]),
        ("{{$x := 1}}{{$x}}", []),
        ("{{$_ := 1}}{{$_more := 1}}", []),
        ("{{range $i, $h := .Hosts}}{{$h.Ip}}{{end}}", ["1:9 warning unused-variable"]),
        ("{{range $i, $h := .Hosts}}{{$i}}{{end}}", []),
        ("{{range $i, $h := .Hosts}}{{end}}", ["1:9 warning unused-variable", "1:13 warning unused-variable"]),
        ("{{range $h := .Hosts}}{{end}}", ["1:9 warning unused-variable"]),
        ("{{if false}}{{$x := 1}}{{$x}}{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{$x := 1}}{{range .Hosts}}{{$x := .Ip}}{{$x}}{{end}}{{$x}}", ["1:30 warning shadowed-variable"]),
        ("{{$x := 1}}{{$x}}{{$x := 2}}{{$x}}", ["1:20 warning shadowed-variable"]),
        ("{{range .Hosts}}{{$x := .Ip}}{{$x}}{{end}}{{range .Hosts}}{{$x := .Ip}}{{$x}}{{end}}", []),
        ("{{if $x := .Id}}{{$x}}{{else if $x := .Balance}}{{$x}}{{end}}", []),
        ("{{if $x := .Id}}{{$x}}{{$x := 1}}{{$x}}{{end}}", ["1:25 warning shadowed-variable"]),
        ("{{define \"a\"}}{{$x := .}}{{$x}}{{end}}{{$x := 1}}{{$x}}{{template \"a\" .}}", []),
        ("{{$x := 1}}{{define \"a\"}}{{end}}{{template \"a\" $x}}", []),
    ]

    /// Every use is listed, also where nothing reaches it.
    static let rawText: [Row] = [
        ("{{raw .Id}}", ["1:3 note raw-text"]),
        ("{{if true}}{{.Id | raw | upper}}{{end}}", ["1:20 note raw-text"]),
        ("{{if false}}{{raw .Nope}}{{end}}", ["1:6 warning unreachable-branch", "1:15 note raw-text"]),
        ("{{define \"a\"}}{{raw .}}{{end}}", ["1:17 note raw-text"]),
        ("{{\"raw\"}}{{safeHTML .Id}}", []),
    ]

    static let templates: [Row] = [
        ("{{define \"a\"}}{{end}}x", ["1:10 warning unused-template"]),
        ("{{define \"a\"}}{{end}}", []),
        ("{{define \"a\"}}{{end}}{{template \"a\"}}", []),
        ("{{define \"a\"}}{{end}}{{partial \"a\"}}", []),
        ("{{define \"a\"}}{{end}}{{partial .Id .}}", []),
        (
            "{{define \"a\"}}{{end}}{{partial \"no\"}}",
            ["1:10 warning unused-template", "1:32 undefined-template"]
        ),
        ("{{block \"a\" .}}{{end}}", []),
        (
            "{{define \"a\"}}{{template \"b\"}}{{end}}{{define \"b\"}}{{end}}x",
            ["1:10 warning unused-template", "1:47 warning unused-template"]
        ),
        (
            "{{define \"a\"}}{{len 1 2}}{{.anything}}{{end}}x",
            ["1:10 warning unused-template", "1:17 wrong-argument-count"]
        ),
    ]

    static let branches: [Row] = [
        ("{{if eq \"a\" \"b\"}}x{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if eq \"a\" \"a\"}}x{{end}}", []),
        ("{{if eq \"a\" \"a\"}}x{{else}}y{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if true}}x{{else}} {{end}}", []),
        ("{{if not true}}x{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if or true .Id}}x{{else}}y{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if and false .Id}}x{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if gt 1 2}}x{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{with \"\"}}x{{end}}", ["1:8 warning unreachable-branch"]),
        ("{{range 0}}x{{end}}", ["1:9 warning unreachable-branch"]),
        ("{{$debug := false}}{{if $debug}}x{{end}}", []),
        ("{{$port := 80}}{{if eq $port 443}}x{{end}}", []),
        ("{{if .Id}}x{{else}}y{{end}}", []),
        ("{{if false}}{{.Nope}}{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{if true}}x{{else}}{{.Nope}}{{end}}", ["1:6 warning unreachable-branch"]),
        ("{{range .Hosts}}{{break}}{{.Ip}}{{end}}", ["1:26 warning unreachable-branch"]),
        ("{{range .Hosts}}{{if .Ip}}{{continue}}{{end}}{{.Ip}}{{end}}", []),
        ("{{if .Active}}{{or true .Nope}}{{end}}", []),
    ]

    static let clock: [Row] = [
        ("{{now.Year}}", ["1:3 warning depends-on-clock"]),
        ("{{$t := now}}{{$t.Unix}}", ["1:9 warning depends-on-clock"]),
        ("{{(time \"2026-01-02\").Year}}", []),
    ]

    static let ignores: [Row] = [
        ("{{/* haproxy-gen:ignore raw-text */}}\n{{raw .Id}}", []),
        ("{{raw .Id}}{{/* haproxy-gen:ignore raw-text */}}\n\n{{.Id | raw}}", ["3:9 note raw-text"]),
        ("{{/* haproxy-gen:ignore unknown-field */}}\n{{.Nope}}", []),
        ("{{/* haproxy-gen:ignore unknown-field */}}{{.Nope}}", []),
        ("{{- /* haproxy-gen:ignore unknown-field, unused-variable */ -}}\n{{$x := .Nope}}", []),
        (
            "{{/* haproxy-gen:ignore unknown-field */}}\n\n{{.Nope}}",
            ["1:3 warning unused-ignore", "3:3 unknown-field"]
        ),
        (
            "{{/* haproxy-gen:ignore unused-variable */}}{{.Nope}}",
            ["1:3 warning unused-ignore", "1:47 unknown-field"]
        ),
        ("{{/* haproxy-gen:ignore */}}", ["1:3 warning unused-ignore"]),
        ("{{/* haproxy-gen:ignore nosuch */}}", ["1:3 warning unused-ignore"]),
        ("{{/* another haproxy-gen:ignore nosuch */}}", []),
        ("{{/* haproxy-gen:ignore\nunknown-field */}}\n{{.Nope}}{{.Nope}}", []),
    ]

    static let all: [[Row]] = [variables, templates, branches, clock, ignores, rawText]

    @Test(arguments: all.flatMap { $0 })
    func finds(row: Row) throws {
        let found = try check(row.template, Model.one)
        #expect(found == row.findings, "\(row.template): \(found)")
    }

    // MARK: Values that may be empty

    static let empty: [Row] = [
        ("server {{.Id}} {{.Port}}", ["1:18 warning may-be-empty"]),
        ("balance {{.Balance}}", ["1:11 warning may-be-empty"]),
        ("{{.Config}}", []),
        ("    {{.Config}}\n", []),
        ("# {{.Balance}}", []),
        ("log \"{{.Balance}}\"", []),
        ("log '{{.Balance}}' {{.Balance}}", ["1:22 warning may-be-empty"]),
        ("balance {{or .Balance \"roundrobin\"}}", []),
        (
            "{{if or .Port .Weight}}port {{or .Port .Weight}} {{or .Port .ListenPort}}{{end}}",
            ["1:52 warning may-be-empty"]
        ),
        ("balance {{.Balance | default \"roundrobin\"}}", []),
        ("{{with .Balance}}balance {{.}}{{end}}", []),
        ("{{if .Balance}}balance {{.Balance}}{{end}}", []),
        ("{{if .Balance}}{{else}}balance {{.Balance}}{{end}}", ["1:34 warning may-be-empty"]),
        ("{{if not .Balance}}{{else}}balance {{.Balance}}{{end}}", []),
        ("{{if and .Active .Balance}}balance {{.Balance}}{{end}}", []),
        ("{{if or .Active .Balance}}balance {{.Balance}}{{end}}", ["1:37 warning may-be-empty"]),
        ("{{if eq .Balance \"\" \"x\"}}{{else}}balance {{.Balance}}{{end}}", []),
        ("{{if ne .Balance \"\"}}balance {{.Balance}}{{end}}", []),
        ("{{if eq .Balance \"source\" \"uri\"}}balance {{.Balance}}{{end}}", []),
        ("{{if gt .Port 0}}bind :{{.Port}}{{end}}", []),
        ("{{if lt 0 .Port}}bind :{{.Port}}{{end}}", []),
        ("{{if .Port}}bind :{{$.Port}}{{end}}", []),
        ("{{if $.Port}}bind :{{.Port}}{{end}}", []),
        ("{{$b := .Balance}}{{if $b}}balance {{.Balance}} {{$b}}{{end}}", []),
        ("{{$b := .Balance}}balance {{$b}}", ["1:29 warning may-be-empty"]),
        ("{{range .Hosts}}server {{.Id}} {{.Ip}}:{{.Port}}\n{{end}}", ["1:26 warning may-be-empty"]),
        ("{{range .Hosts}}{{if not .Id}}{{continue}}{{end}}server {{.Id}}\n{{end}}", []),
        ("{{range $h := .Hosts}}{{if .Id}}server {{$h.Id}}\n{{end}}{{end}}", []),
        ("bind :{{.ListenPort}}", ["1:9 warning may-be-empty"]),
        ("{{define \"bind\"}}\nbind :{{.}}\n{{end}}{{template \"bind\" .ListenPort}}", ["2:9 warning may-be-empty"]),
        ("{{define \"bind\"}}\nbind :{{.}}\n{{end}}{{if .ListenPort}}{{template \"bind\" .ListenPort}}{{end}}", []),
        ("{{define \"b\"}}balance {{.Balance}}{{end}}{{if .Balance}}{{template \"b\" .}}{{end}}", []),
        ("{{define \"b\"}}balance {{.Balance}}{{end}}{{template \"b\" .}}", ["1:25 warning may-be-empty"]),
        ("{{$x := \"\"}}{{if .Balance}}{{$x = .Balance}}{{else}}{{$x = \"rr\"}}{{end}}balance {{$x}}", []),
        ("team {{index .Labels \"team\"}}", ["1:8 warning may-be-empty"]),
        ("{{with index .Labels \"team\"}}team {{.}}{{end}}", []),
        ("{{/* haproxy-gen:ignore may-be-empty */}}\nbalance {{.Balance}}", []),
        ("{{print .Balance}} {{printf \"%s\" .Balance}}", []),
        ("{{if .Balance -}}\n  balance {{.Balance}}\n{{- end}}\n{{.Config}}", []),
    ]

    @Test(arguments: empty)
    func findsEmptyValues(row: Row) throws {
        let found = try check(row.template, Model.one, CheckOptions(dialect: .haproxy))
        #expect(found == row.findings, "\(row.template): \(found)")
    }

    // MARK: Values that may be absent

    static let absent: [Row] = [
        ("team {{index .Attributes \"team\"}}", ["1:8 warning may-be-empty"]),
        ("\"{{index .Attributes \"team\"}}\"", ["1:4 warning may-be-nil"]),
        ("# {{index .Attributes \"team\"}}", ["1:5 warning may-be-nil"]),
        // As the proxy reads them: an escaped quote, a quote of another kind, a comment right after a word.
        ("log \\\" {{index .Attributes \"team\"}}", ["1:10 warning may-be-empty"]),
        ("log \"it's {{index .Attributes \"team\"}}\"", ["1:13 warning may-be-nil"]),
        ("log a#{{index .Attributes \"team\"}}", ["1:9 warning may-be-nil"]),
        ("log \"a\\\"{{index .Attributes \"team\"}}", ["1:11 warning may-be-nil"]),
        ("team {{index .Attributes \"team\" \"name\"}}", ["1:8 warning may-be-empty"]),
        ("{{$t := index .Attributes \"team\"}}team {{$t}}", ["1:42 warning may-be-empty"]),
        ("team {{print (index .Attributes \"team\")}}", ["1:8 warning may-be-nil"]),
        ("team {{print \"t-\" (index .Labels \"team\")}}", ["1:8 warning may-be-nil"]),
        ("team {{index .Attributes \"team\" | println}}", ["1:8 warning may-be-nil"]),
        ("team {{printf \"%s\" (index .Attributes \"team\")}}", ["1:8 warning may-be-nil"]),
        ("team {{index .Attributes \"team\" | printf \"%v\" | lower}}", ["1:8 warning may-be-nil"]),
        ("team {{html (index .Attributes \"team\")}}", ["1:8 warning may-be-nil"]),
        ("{{$t := print (index .Labels \"team\")}}team {{replace $t \"a\" \"b\"}}", ["1:46 warning may-be-nil"]),
        (
            "{{define \"t\"}}team {{.}}{{end}}{{template \"t\" index .Attributes \"team\"}}",
            ["1:22 warning may-be-empty"]
        ),
        ("{{$m := unmarshal .Config}}team {{index $m \"team\"}}", ["1:35 warning may-be-empty"]),
        ("{{if .Id}}{{index .Attributes \"a\"}}{{end}}", ["1:13 warning may-be-nil"]),
        ("{{with index .Attributes \"team\"}}team {{.}} {{print .}}{{end}}", []),
        ("{{if index .Attributes \"team\"}}team {{print (index .Attributes \"team\")}}{{end}}", []),
        ("{{$t := index .Attributes \"team\"}}{{if $t}}team {{print $t}}{{end}}", []),
        ("{{if isset .Attributes \"team\"}}team {{index .Attributes \"team\"}}{{end}}", []),
        ("{{if hasKey .Attributes \"team\"}}team {{print (index .Attributes \"team\")}}{{end}}", []),
        ("team {{index .Attributes \"team\" | default \"none\"}}", []),
        ("team {{or (index .Attributes \"team\") \"none\" | print}}", []),
        ("team {{print (coalesce (index .Attributes \"team\") \"none\")}}", []),
        ("{{if eq (print (index .Attributes \"team\")) \"<nil>\"}}x{{end}}", []),
        ("{{/* haproxy-gen:ignore may-be-nil */}}team {{print (index .Attributes \"team\")}}", []),
    ]

    @Test(arguments: absent)
    func findsAbsentValues(row: Row) throws {
        let found = try check(row.template, Model.one, CheckOptions(dialect: .haproxy))
        #expect(found == row.findings, "\(row.template): \(found)")
        #expect(try check(row.template, Model.one).filter { $0.contains("may-be") } == [])
    }

    @Test func nginxBlocksBeginADirective() throws {
        let template = "server { {{.Config}} listen {{.Port}}; {{.Config}} }"
        let found = try check(template, Model.one, CheckOptions(dialect: .nginx))
        #expect(found == ["1:31 warning may-be-empty"])
        #expect(try check(template, Model.one) == [])
    }

    // MARK: Included files

    @Test func findingsNameTheirFile() throws {
        let found = try check(
            "{{template \"lib\" .}}{{$x := 1}}",
            includes: [("lib.tmpl", "{{define \"unused\"}}{{end}}\n{{.Nope}}{{$y := 1}}")])
        #expect(
            found == [
                "1:23 warning unused-variable", "lib.tmpl:2:3 unknown-field", "lib.tmpl:2:12 warning unused-variable",
            ])
    }

    @Test func ignoresBelongToTheirFile() throws {
        let include = "{{/* haproxy-gen:ignore unknown-field */}}{{.Nope}}"
        let found = try check("{{template \"lib\" .}}{{.Nope}}", includes: [("lib.tmpl", include)])
        #expect(found == ["1:23 unknown-field"])
    }

    @Test func aFindingSaysWhoCalled() throws {
        let found = try diagnostics("{{define \"a\"}}{{.Nope}}{{end}}\n{{template \"a\" .}}")
        let note = try #require(found.first?.notes.last)
        #expect(note.message == "called from here")
        #expect(note.location.map { LineIndex($0.file).position(at: $0.range.start).line } == 2)
    }

    @Test func namesAreSuggested() throws {
        let messages = try diagnostics("{{.Hots}}{{template \"bnd\"}}{{define \"bind\"}}{{end}}").map(\.message)
        #expect(messages.first?.contains("did you mean Hosts?") == true, "\(messages)")
        #expect(messages.contains { $0.contains("did you mean bind?") }, "\(messages)")
    }
}
