import HASystem
import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

/// `check` and `explain` as whole programs.
@Suite struct CheckTests {
    /// A project whose only target is good and up to date.
    private func project(_ changes: [String: String] = [:]) throws -> TemporaryFolder {
        let files = [
            "haproxy-gen.json": """
            {"targets": [{"name": "edge", "template": "templates/edge.cfg.tmpl", "services": ["services"],
                          "output": "rendered/edge.cfg"}]}
            """,
            "templates/edge.cfg.tmpl": Self.template, "services/web.json": Self.service,
            "rendered/edge.cfg": Self.output,
        ]
        return try TemporaryFolder(files.merging(changes) { $1 })
    }

    private static let template = """
        defaults
            timeout connect 5s
            timeout client 9s
            timeout server 9s
        frontend front
            bind :8080
            default_backend web
        {{- range . }}
        backend {{ .Name }}
            {{- range .Hosts }}
            server {{ or .Id .Ip }} {{ .Address }}
            {{- end }}
            {{ .Config }}
        {{- end }}

        """
    private static let service = #"{"Id": "web", "Port": 80, "Hosts": [{"Ip": "10.0.0.1"}]}"#
    private static let output = """
        defaults
            timeout connect 5s
            timeout client 9s
            timeout server 9s
        frontend front
            bind :8080
            default_backend web
        backend web
            server 10.0.0.1 10.0.0.1:80

        """

    private func check(_ words: [String] = [], _ folder: TemporaryFolder, _ environment: [String: String] = [:]) throws
        -> ProgramRun
    {
        try ProgramRun.run(["check"] + words, environment: environment, in: folder.path)
    }

    @Test func aGoodProjectPasses() throws {
        let run = try check([], project())
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.stdout.isEmpty)
        let summary = /1 target, 1 service file: 0 errors, 0 warnings in \d+ ms\n/
        #expect(run.stderr.wholeMatch(of: summary) != nil, "\(run)")
    }

    static let faults: [(file: String, text: String, code: String, place: String)] = [
        ("services/web.json", #"{"Id": "web", "Port": 99999}"#, "port-out-of-range", "services/web.json:1:23"),
        ("services/b.json", #"{"Id": "web", "Port": 81}"#, "duplicate-id", "services/web.json:1"),
        (
            "templates/edge.cfg.tmpl", "{{ range . }}{{ .Nam }}{{ end }}", "unknown-field",
            "templates/edge.cfg.tmpl:1:17"
        ),
        ("templates/edge.cfg.tmpl", "{{ range . }}", "missing-end", "templates/edge.cfg.tmpl:1"),
        ("rendered/edge.cfg", "# by hand\n", "stale-output", "rendered/edge.cfg:1:1"),
        ("haproxy-gen.json", #"{"targets": [{"nam": "x"}]}"#, "unknown-key", "haproxy-gen.json:1"),
        (
            "services/web.json", #"{"Id": "web", "Port": 80, "Config": "bogus", "Hosts": [{"Ip": "10.0.0.1"}]}"#,
            "proxy-error", "templates/edge.cfg.tmpl:13"
        ),
    ]

    @Test(arguments: faults)
    func faultsAreFound(fault: (file: String, text: String, code: String, place: String)) throws {
        let run = try check([], project([fault.file: fault.text]))
        #expect(run.exitCode == 1, "\(run)")
        let lines = run.stderr.split(separator: "\n")
        #expect(lines.contains { $0.contains(fault.place) && $0.hasSuffix("[\(fault.code)]") }, "\(run)")
    }

    @Test func allFaultsAreReportedAtOnce() throws {
        let run = try check(
            [],
            project([
                "services/web.json": #"{"Id": "web", "Port": 99999}"#,
                "templates/edge.cfg.tmpl": "{{ range . }}{{ .Nam }}{{ .Adress }}{{ end }}",
            ]))
        for part in ["[port-out-of-range]", ".Nam", ".Adress"] { #expect(run.stderr.contains(part), "\(run)") }
    }

    @Test func aStaleLineIsShownAsItIs() throws {
        // The output of now is shown too, for a warning; it has the same name and other lines.
        let stale = "# old\n" + Self.output.replacing("10.0.0.1:80", with: "10.0.0.9:80")
        let run = try check(
            [],
            project([
                "rendered/edge.cfg": stale,
                "services/web.json": #"{"Id": "web", "Port": 80, "Config": "retries 99999"}"#,
                "templates/edge.cfg.tmpl": Self.template + "backend alone\n    server s 10.0.0.1:80\n",
            ]))
        #expect(
            run.stderr.contains("rendered/edge.cfg:1:1: error") && run.stderr.contains("\n  # old\n  ^~~~~\n"), "\(run)"
        )
        #expect(run.stderr.contains("note: now the line is: defaults\n"), "\(run)")
        #expect(run.stderr.contains("warning"), "\(run)")
    }

    @Test func noAdviceToRenderWhatIsRefused() throws {
        let run = try check([], project(["templates/edge.cfg.tmpl": Self.template + "bogus\n"]))
        #expect(run.exitCode == 1 && run.stderr.contains("[proxy-error]"), "\(run)")
        #expect(!run.stderr.contains("[stale-output]"), "\(run)")
    }

    @Test func aMissingEndIsShownAtTheEndOfTheTemplate() throws {
        let folder = try project([
            "haproxy-gen.json": """
            {"targets": [{"name": "edge", "template": "edge.conf.tmpl", "services": ["services"],
                          "output": "rendered/edge.conf"}]}
            """, "edge.conf.tmpl": "events { }\nhttp {\n{{ range . }}# {{ .Name }}\n{{ end }}",
        ])
        let run = try check([], folder)
        #expect(run.stderr.contains("edge.conf.tmpl:4:1: error: nginx says: unexpected end of file"), "\(run)")
    }

    @Test func namedFilesStandForTheirTargets() throws {
        let folder = try project(["other/x.json": #"{"Id": 1}"#, "other/x.cfg.tmpl": "{{", "notes.txt": "x"])
        for good in [
            "services/web.json", "services", "templates/edge.cfg.tmpl", "rendered/edge.cfg", "haproxy-gen.json",
        ] {
            let run = try check([good], folder)
            #expect(run.exitCode == 0 && run.stderr.hasPrefix("1 target,"), "\(good): \(run)")
        }
        let service = try check(["other/x.json"], folder)
        #expect(service.exitCode == 1 && service.stderr.contains("other/x.json:1:8: error"), "\(service)")
        #expect(service.stderr.contains("0 targets, 1 service file:"), "\(service)")
        let template = try check(["other/x.cfg.tmpl"], folder)
        #expect(template.exitCode == 1 && template.stderr.contains("other/x.cfg.tmpl:1:"), "\(template)")
        let other = try check(["notes.txt"], folder)
        #expect(other.exitCode == 0 && other.stderr.contains("concerns no target"), "\(other)")
        let missing = try check(["nowhere.json"], folder)
        #expect(missing.exitCode == 3 && missing.stderr.contains("cannot read nowhere.json"), "\(missing)")
    }

    @Test func aSyntaxCheckNeedsNoProject() throws {
        let folder = try TemporaryFolder(["a.tmpl": "{{ .X", "b.tmpl": "{{ range . }}{{ .Id }}{{ end }}"])
        #expect(try check(["--syntax", "a.tmpl"], folder).exitCode == 1)
        #expect(try check(["--syntax", "b.tmpl"], folder).exitCode == 0)
        try folder.write("{{ param \"port\" }}", to: "b.tmpl")
        #expect(try check(["--syntax", "b.tmpl"], folder).exitCode == 0, "no settings are known")
        let none = try check([], folder)
        #expect(none.exitCode == 2 && none.stderr.contains("haproxy-gen.json"), "\(none)")
    }

    @Test func aSchemaStandsInPlaceOfTheModel() throws {
        let folder = try TemporaryFolder([
            "t.tmpl": "{{ .name }}{{ .nam }}", "bad.json": "[",
            "schema.json":
                #"{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"], "additionalProperties": false}"#,
        ])
        let run = try check(["--syntax", "t.tmpl", "--schema", "schema.json"], folder)
        #expect(run.exitCode == 1 && run.stderr.contains("t.tmpl:1:15: error"), "\(run)")
        #expect(try check(["--syntax", "t.tmpl", "--schema", "bad.json"], folder).exitCode == 1)
    }

    @Test("a template alone says what it was taken for, and the Config of other data is never trusted")
    func otherData() throws {
        let folder = try TemporaryFolder()
        try folder.write("{{ range .backends }}{{ .x }}{{ end }}", to: "map.cfg.tmpl")
        try folder.write("{{ range . }}{{ .Id }}{{ end }}{{ if }}", to: "wrong.cfg.tmpl")
        try folder.write(#"{"type": "object", "properties": {"backends": {}}}"#, to: "schema.json")
        let note = "map.cfg.tmpl was checked as a template for a list of services; --schema FILE describes other data"
        #expect(try check(["--syntax", "map.cfg.tmpl"], folder).stderr.contains(note))
        #expect(
            try !check(["--syntax", "map.cfg.tmpl", "--schema", "schema.json"], folder).stderr.contains("checked as"))
        #expect(try !check(["--syntax", "wrong.cfg.tmpl"], folder).stderr.contains("checked as"))

        try folder.write("backend b\n    {{ .Config }}\n", to: "config.cfg.tmpl")
        try folder.write(#"{"Config": "balance source"}"#, to: "d.json")
        for words in [[], ["--trust-config", "stdin"]] {
            let run = try ProgramRun.run(
                ["render", "-t", "config.cfg.tmpl", "--data", "d.json"] + words, in: folder.path)
            #expect(run.exitCode == 1 && run.stderr.contains("config.cfg.tmpl:2:8: error: "), "\(run)")
            #expect(run.stderr.contains("(--trust-config is for the Config of services)"), "\(run)")
        }
    }

    // MARK: The proxy

    @Test func aMissingProxyIsSkippedOrRequired() throws {
        let folder = try project(["rendered/b.cfg": Self.output])
        try folder.write(
            """
            {"targets": [{"name": "a", "template": "templates/edge.cfg.tmpl", "services": ["services"],
                          "output": "rendered/edge.cfg", "check": "no-such-proxy -c {file}"},
                         {"name": "b", "template": "templates/edge.cfg.tmpl", "services": ["services"],
                          "output": "rendered/b.cfg", "check": "no-such-proxy -c {file}"}]}
            """, to: "haproxy-gen.json")
        let run = try check([], folder)
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.stderr.split(separator: "no-such-proxy is not installed").count == 2, "told once: \(run)")
        let required = try check(["--require-proxy"], folder)
        #expect(required.exitCode == 1 && required.stderr.contains("[proxy-missing]"), "\(required)")
    }

    static let commands: [(command: String, exit: Int32, says: String)] = [
        ("test -s {file}", 0, "0 errors"),
        ("true", 0, "note: the check of edge does not name {file}: it does not see the new output"),
        ("echo looking >&2; test -s {file}", 0, "note: the check of edge says: looking"),
        ("cat; test $? = 0", 0, "0 errors"),
        ("echo it is bad >&2; false", 1, "error: the check failed with exit code 1: it is bad [proxy-error]"),
        ("echo \\\"[ALERT] (1) : config : parsing [$(echo {file}):6] : no such 'bind'\\\"; exit 1", 1, ".tmpl:6:"),
        ("exit 7", 1, "exit code 7 and said nothing"),
        ("kill -9 $$", 1, "signal 9"),
        ("sleep 30", 1, "did not end within 1 s"),
    ]

    @Test(arguments: commands)
    func ownCommands(example: (command: String, exit: Int32, says: String)) throws {
        let folder = try project([
            "haproxy-gen.json": """
            {"targets": [{"name": "edge", "template": "templates/edge.cfg.tmpl", "services": ["services"],
                          "output": "rendered/edge.cfg", "check": "\(example.command)", "checkTimeout": 1}]}
            """
        ])
        let run = try check([], folder)
        #expect(run.exitCode == example.exit && run.stderr.contains(example.says), "\(run)")
    }

    @Test func aVerdictIsRemembered() throws {
        guard let haproxy = ProgramRun.installed("haproxy") else { return }
        let folder = try project(["bin/kept": ""])
        _ = try ProgramRun.bash("cp \(haproxy) bin/haproxy", in: folder.path)
        /// Whether the proxy was not asked: what is remembered gets a warning that no proxy gives.
        func isRemembered() throws -> Bool {
            let run = try check(
                [], folder,
                ["PATH": folder.path("bin") + ":/usr/bin:/bin", "XDG_CACHE_HOME": folder.path("cache")])
            _ = try ProgramRun.bash(
                """
                for verdict in cache/haproxy-gen/verdicts/*; do
                    grep -q remembered $verdict || printf '\\n[WARNING]  (1) : config : remembered\\n' >> $verdict
                done
                """, in: folder.path)
            return run.stderr.contains("remembered")
        }
        let good = try folder.read("templates/edge.cfg.tmpl")
        try folder.write(good + "nonsense\n", to: "templates/edge.cfg.tmpl")
        #expect(try !isRemembered() && !isRemembered(), "a refusal")
        try folder.write(good, to: "templates/edge.cfg.tmpl")
        #expect(try !isRemembered() && isRemembered() && isRemembered())
        try folder.write(#"{"Id": "web", "Port": 81, "Hosts": [{"Ip": "10.0.0.1"}]}"#, to: "services/web.json")
        #expect(try !isRemembered() && isRemembered(), "another output")
        _ = try ProgramRun.bash("cp \(haproxy) bin/new; mv bin/new bin/haproxy", in: folder.path)
        #expect(try !isRemembered() && isRemembered(), "another program")
        try folder.write("x", to: "rendered/errors.http")
        #expect(try !isRemembered() && isRemembered(), "another file beside the output")
    }

    /// What a script reads is not known.
    @Test func aScriptInPlaceOfTheProxyIsAlwaysAsked() throws {
        let folder = try project([
            "bin/haproxy": "#!/bin/sh\necho asked >> \"$ASKED\"\n", "asked": "",
        ])
        _ = try ProgramRun.bash("chmod +x bin/haproxy", in: folder.path)
        for _ in 0..<2 {
            _ = try check(
                [], folder,
                [
                    "PATH": folder.path("bin") + ":/usr/bin:/bin", "XDG_CACHE_HOME": folder.path("cache"),
                    "ASKED": folder.path("asked"),
                ])
        }
        #expect(try folder.read("asked").split(separator: "\n").count == 2)
    }

    @Test func aComplaintWithoutALineIsReportedAtItsTarget() throws {
        let folder = try project([
            "haproxy-gen.json": """
            {"targets": [
              {"name": "a", "template": "templates/edge.cfg.tmpl", "services": ["services"], "output": "a.cfg",
               "check": "echo boom {file} >/dev/null; exit 4"},
              {"name": "b", "template": "templates/edge.cfg.tmpl", "services": ["services"], "output": "b.cfg",
               "check": "echo boom {file} >/dev/null; exit 4"}
            ]}
            """
        ])
        let run = try check(["--format", "sarif"], folder)
        #expect(run.stdout.matches(of: /"uri": "haproxy-gen.json"/).count == 2, "\(run)")
        let shown = try check([], folder).stderr
        for (place, output) in [("2:3", "a.cfg"), ("4:3", "b.cfg")] {
            #expect(shown.contains("haproxy-gen.json:\(place): error: the check failed with exit code 4"), "\(shown)")
            #expect(shown.contains("note: it concerns \(output), but names no line of it\n"), "\(shown)")
        }
    }

    @Test func codeIsNotRunUnasked() throws {
        let folder = try project()
        try folder.write("os.execute('touch \(folder.path("ran"))')\n", to: "rendered/x.lua")
        try folder.write("global\n    lua-load x.lua\n" + Self.template, to: "templates/edge.cfg.tmpl")
        let refused = try check([], folder)
        #expect(refused.exitCode == 1 && refused.stderr.contains("templates/edge.cfg.tmpl:2:5: error"), "\(refused)")
        #expect(refused.stderr.contains("[runs-code]"))
        #expect((try? folder.status("ran")) == nil)
        let allowed = try check(["--allow-code"], folder)
        #expect(!allowed.stderr.contains("[runs-code]"), "\(allowed)")
        // Now the proxy gets it, and in its cage Lua starts nothing.
        #expect((try? folder.status("ran")) == nil, "\(allowed)")
        let installing = try ProgramRun.bash(
            "\"$PROGRAM\" apply --allow-code", environment: ["PATH": "/usr/sbin:/usr/bin:/bin"], in: folder.path)
        #expect((try? folder.status("ran")) != nil, "\(installing)")
    }

    @Test func nothingIsLeftBehind() throws {
        let folder = try project(["tmp/keep": "", "rendered/errors/503.http": "x"])
        _ = try check([], folder, ["TMPDIR": folder.path("tmp")])
        #expect(try FileSystem.system.names(folder.path("tmp")) == ["keep"])
        #expect(try folder.read("rendered/errors/503.http") == "x")
    }

    @Test func relativePathsLeadToTheFilesBesideTheOutput() throws {
        let folder = try project(["rendered/errors/503.http": "HTTP/1.0 503 x\r\n\r\n"])
        try folder.write(
            #"{"Id": "web", "Port": 80, "Config": "errorfile 503 errors/503.http", "Hosts": [{"Ip": "10.0.0.1"}]}"#,
            to: "services/web.json")
        let run = try check([], folder)
        #expect(!run.stderr.contains("[proxy-error]"), "\(run)")
        _ = try ProgramRun.bash("rm -r rendered/errors", in: folder.path)
        #expect(try check([], folder).stderr.contains("[proxy-error]"))
    }

    // MARK: explain

    @Test func explainTellsTheCause() throws {
        let folder = try project()
        let run = try ProgramRun.run(["explain", "rendered/edge.cfg:9"], in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.stdout.hasPrefix("rendered/edge.cfg:9\n        server 10.0.0.1 10.0.0.1:80\n"), "\(run)")
        #expect(run.stdout.contains("templates/edge.cfg.tmpl:11:5\n    wrote '    server '\n"), "\(run)")
        #expect(
            run.stdout.contains(
                "templates/edge.cfg.tmpl:11:15\n    wrote '10.0.0.1' from services[0].Hosts[0].Ip at services/web.json:1:"
            ),
            "\(run)")
        let column = try ProgramRun.run(["explain", "edge:9:12"], in: folder.path)
        #expect(column.stdout.split(separator: "wrote").count == 2, "\(column)")
    }

    static let wrongPlaces: [(place: String, exit: Int32, says: String)] = [
        ("edge", 2, "a line of an output, such as"), ("edge:0", 2, "a line of an output, such as"),
        (":3", 2, "a line of an output, such as"),
        ("edge:99", 1, "has no line 99"), ("edge:1:99", 1, "has no column 99"), ("edgy:1", 1, "no target"),
    ]

    @Test(arguments: wrongPlaces)
    func explainRefuses(example: (place: String, exit: Int32, says: String)) throws {
        let folder = try project()
        let run = try ProgramRun.run(["explain", example.place], in: folder.path)
        #expect(run.exitCode == example.exit && run.stderr.contains(example.says), "\(run)")
    }
}
