import TestSupport
import Testing

/// What of services has no effect is told wherever they are read, unless the template says that it has a use for it.
@Suite("Warnings at services") struct ServiceWarningTests {
    private static let passed = #"{"Id": "a", "Port": 443, "Domains": ["a.example"], "Hosts": [{"Ip": "10.0.0.1"}]}"#
    private static let lost = #"{"Id": "b", "ApplicationProtocol": "http", "Hosts": [{"Ip": "10.0.0.1", "Port": 1}]}"#
    private static let template = "{{ range . }}# {{ .Id }}\n{{ end }}"

    static let comments: [(comment: String, told: [String])] = [
        ("", ["unused-field", "lost-service"]),
        ("{{/* haproxy-gen:ignore unused-field */}}", ["lost-service"]),
        ("{{- /* haproxy-gen:ignore unused-field, lost-service */ -}}", []),
        ("{{/* haproxy-gen:ignore lost-service */}}{{/* haproxy-gen:ignore unused-field */}}", []),
        ("{{/* haproxy-gen:ignore unused-variable */}}", ["unused-field", "lost-service", "unused-ignore"]),
    ]

    @Test("a comment of the template silences them", arguments: comments.indices, ["check", "render", "generate"])
    func silenced(_ index: Int, _ command: String) throws {
        let (comment, told) = Self.comments[index]
        let folder = try TemporaryFolder([
            "t.cfg": comment + Self.template, "s.json": "[\(Self.passed), \(Self.lost)]", "o": "# a\n# b\n",
            "haproxy-gen.json":
                #"{"targets": [{"name": "x", "template": "t.cfg", "services": "s.json", "output": "o", "check": "true"}]}"#,
        ])
        let words =
            switch command {
            case "check": ["check"]
            case "render": ["render", "-t", "t.cfg", "-s", "s.json"]
            default: ["generate", "-t", "t.cfg", "--state", "state"]
            }
        var stdin = ""
        if command == "generate" {
            let made = try ProgramRun.run(["state", "import", "s.json", "astro"], in: folder.path)
            #expect(made.exitCode == 0, "\(made)")
            for code in ["unused-field", "lost-service"] { #expect(made.stderr.contains("[\(code)]"), "\(made)") }
            stdin = #"{"table": "astro", "running": [], "candidates": []}"#
        }
        let run = try ProgramRun.run(words, stdin: stdin, in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        // Only `check` looks at comments for themselves.
        for code in ["unused-field", "lost-service", "unused-ignore"] {
            let isTold = told.contains(code) && (command == "check" || code != "unused-ignore")
            #expect(run.stderr.contains("[\(code)]") == isTold, "\(code): \(run)")
        }
    }

    @Test("of a stored table, at their places in its file")
    func stored() throws {
        let folder = try TemporaryFolder(["s.json": Self.passed, "t.cfg": Self.template])
        let made = try ProgramRun.run(["state", "import", "s.json", "astro"], in: folder.path)
        #expect(made.exitCode == 0 && made.stderr.contains("s.json:1:26: warning: Domains has no effect"), "\(made)")
        let show = try ProgramRun.run(["state", "show", "astro"], in: folder.path)
        #expect(show.exitCode == 0 && show.stderr.contains("state/astro/current.json:"), "\(show)")
        let payload = #"{"table": "astro", "running": [], "candidates": []}"#
        for words in [["--dry-run"], []] {
            let run = try ProgramRun.run(
                ["generate", "-t", "t.cfg", "--state", "state"] + words, stdin: payload, in: folder.path)
            #expect(run.exitCode == 0 && run.stderr.contains("warning: Domains has no effect"), "\(run)")
            #expect(run.stderr.split(separator: "[unused-field]").count == 2, "once: \(run)")
        }
    }
}
