import TestSupport
import Testing

/// `--state DIR --table NAME` and repeated service files: where services come from beside `-s`.
@Suite struct TableSourceTests {
    private static let template = """
        {{ range . }}backend {{ .Id }}
        {{ .Config }}
        {{ range .Hosts }}  server {{ .Ip }} {{ .Address }}
        {{ end }}{{ end }}
        """
    private static func service(_ id: String, _ more: String = "") -> String {
        #"{"Id": "\#(id)", "ApplicationProtocol": "http", "Domains": ["\#(id).example.com"], "Port": 80, "Hosts": [{"Ip": "10.0.0.1"}]\#(more)}"#
    }

    private static let project = """
        {"state": "var", "targets": [
          {"name": "a", "template": "t.cfg.tmpl", "services": "s", "output": "a.cfg", "check": "true"},
          {"name": "own", "template": "t.cfg.tmpl", "table": "mine", "output": "own.cfg", "check": "true"},
          {"name": "data", "template": "d.cfg.tmpl", "data": "d.json", "output": "data.cfg", "check": "true"}]}
        """

    /// A project with a table `mine` in its own state directory, and `other` in another and in its own.
    private func folder(_ changes: [String: String] = [:]) throws -> TemporaryFolder {
        let files = [
            "t.cfg.tmpl": Self.template, "s/web.json": Self.service("web"), "haproxy-gen.json": Self.project,
            "d.cfg.tmpl": "# {{ . }}\n", "d.json": "1",
        ]
        let folder = try TemporaryFolder(files.merging(changes) { $1 })
        for (state, table) in [("var", "mine"), ("var", "other"), ("elsewhere", "other")] {
            let made = try ProgramRun.run(
                ["state", "import", "-", table, "--state", state], stdin: Self.service("\(table)-in-\(state)"),
                in: folder.path)
            #expect(made.exitCode == 0, "\(made)")
        }
        return folder
    }

    private func run(_ words: [String], _ folder: TemporaryFolder, stdin: String = "") throws -> ProgramRun {
        try ProgramRun.run(words, stdin: stdin, in: folder.path)
    }

    // MARK: diff and apply

    static let joined: [(words: [String], has: [String], lacks: [String])] = [
        (["a"], ["backend web"], ["mine", "other"]),
        (["a", "--table", "other"], ["backend web", "backend other-in-var"], ["elsewhere"]),
        (
            ["a", "--state", "elsewhere", "--table", "other"], ["backend web", "backend other-in-elsewhere"], ["in-var"]
        ),
        (["own"], ["backend mine-in-var"], ["other"]),
        (["own", "--table", "other"], ["backend other-in-var"], ["mine"]),
        (["a", "own", "--table=other"], ["b/a.cfg", "b/own.cfg"], ["mine"]),
    ]

    @Test(arguments: joined)
    func targetsGetTheTable(row: (words: [String], has: [String], lacks: [String])) throws {
        let folder = try folder()
        let diff = try run(["diff"] + row.words, folder)
        #expect(diff.exitCode == 1, "\(diff)")
        for text in row.has { #expect(diff.stdout.contains(text.replacing("b/", with: "+++ ")), "\(diff)") }
        for text in row.lacks { #expect(!diff.stdout.contains(text), "\(diff)") }
        let apply = try run(["apply"] + row.words, folder)
        #expect(apply.exitCode == 0, "\(apply)")
        #expect(try run(["diff"] + row.words, folder).exitCode == 0)
    }

    static let mistakes: [(words: [String], exit: Int32, says: String)] = [
        (["diff", "--state", "var"], 2, "option '--state' needs '--table NAME' beside it"),
        (["apply", "--state", "var"], 2, "option '--state' needs '--table NAME' beside it"),
        (["check", "--state", "var"], 2, "option '--state' needs '--table NAME' beside it"),
        (["diff", "a", "--table", "../other"], 2, "in front, not '../other'"),
        (
            ["apply", "a", "--table", ".."], 2,
            "option '--table' must be a name of letters, digits, '.', '_' and '-', without '.' in front, not '..'"
        ),
        (["check", "--table", ""], 2, "option '--table' has an empty value"),
        (["diff", "a", "--table", "othr"], 1, "there is no table 'othr' in var: it has mine, other"),
        (["apply", "a", "--table", "othr"], 1, "there is no table 'othr' in var"),
        (["check", "s", "--table", "othr"], 1, "there is no table 'othr' in var"),
        (["diff", "a", "--table", "other", "--state", "nowhere"], 1, "there is no table 'other' in nowhere"),
        (
            ["diff", "a", "data", "--table", "other"], 2,
            "'data' gets other data than services, so it takes no '--table'"
        ),
        (["apply", "data", "--table", "other"], 2, "the target 'data' gets other data"),
        (["apply", "--rollback", "--table", "other"], 2, "'--rollback' and '--table' exclude each other"),
        (["check", "--syntax", "t.cfg.tmpl", "--table", "other"], 2, "'--syntax' and '--table' exclude each other"),
        (["diff", "a", "--table", "other", "--table", "mine"], 2, "option '--table' is given twice"),
    ]

    @Test(arguments: mistakes)
    func mistakesAreReported(row: (words: [String], exit: Int32, says: String)) throws {
        let run = try run(row.words, folder())
        #expect(run.exitCode == row.exit && run.stderr.contains(row.says), "\(run)")
        #expect(run.stdout.isEmpty, "\(run)")
    }

    @Test func aTableMustAgreeWithTheTargetsServices() throws {
        let folder = try folder(["s/b.json": Self.service("other-in-var")])
        let run = try run(["diff", "a", "--table", "other"], folder)
        #expect(run.exitCode == 1 && run.stderr.contains("[duplicate-id]"), "\(run)")
    }

    @Test func aConfigOfATableIsTrustedWhenAskedFor() throws {
        let folder = try folder()
        let service = Self.service("c", #", "Config": "  mode http\n  option httplog""#)
        #expect(try run(["state", "import", "-", "c", "--state", "var"], folder, stdin: service).exitCode == 0)
        for command in ["diff", "check", "apply"] {
            let operand = command == "check" ? "s" : "a"
            let refused = try run([command, operand, "--table", "c"], folder)
            #expect(refused.exitCode == 1 && refused.stderr.contains("[unsafe-value]"), "\(refused)")
            let trusted = try run([command, operand, "--table", "c", "--trust-config", "state"], folder)
            #expect(!trusted.stderr.contains("[unsafe-value]"), "\(trusted)")
        }
        let project = Self.project.replacing(#""table": "mine""#, with: #""table": "c", "trustConfig": "state""#)
        try folder.write(project, to: "haproxy-gen.json")
        #expect(try run(["diff", "own"], folder).stdout.contains("+  option httplog\n"))
        try folder.write(project.replacing(#"fig": "state""#, with: #"fig": "stat""#), to: "haproxy-gen.json")
        let wrong = try run(["diff", "own"], folder)
        #expect(wrong.exitCode == 1 && wrong.stderr.contains("did you mean 'state'?"), "\(wrong)")
    }

    // MARK: check

    @Test func checkLooksAtTargetsWithTheTable() throws {
        let folder = try folder()
        _ = try run(["render"], folder)
        #expect(try run(["check", "s"], folder).exitCode == 0)
        let run = try run(["check", "s", "--table", "other"], folder)
        #expect(run.exitCode == 1 && run.stderr.contains("[stale-output]"), "\(run)")
        #expect(run.stderr.contains("3 targets, 2 service files:"), "\(run)")
    }

    @Test func checkRendersATemplateWithTheTable() throws {
        let folder = try TemporaryFolder([
            "t.cfg.tmpl": "{{ range . }}backend {{ .Id }}\n  bogus {{ len .Hosts }}\n{{ end }}",
            "s.json": Self.service("web"), "twin.json": Self.service("app"),
        ])
        #expect(try run(["state", "import", "-", "x"], folder, stdin: Self.service("app")).exitCode == 0)
        #expect(try run(["check", "t.cfg.tmpl"], folder).exitCode == 0)
        let alone = try run(["check", "t.cfg.tmpl", "--table", "x"], folder)
        #expect(alone.exitCode == 1 && alone.stderr.contains("t.cfg.tmpl:2:3: error: haproxy says"), "\(alone)")
        #expect(alone.stderr.contains("t.cfg:2:3: note"), "\(alone)")
        let both = try run(["check", "t.cfg.tmpl", "s.json", "--table", "x"], folder)
        #expect(both.exitCode == 1 && both.stderr.contains("t.cfg:4:3: note"), "\(both)")
        let twin = try run(["check", "t.cfg.tmpl", "twin.json", "--table", "x"], folder)
        #expect(twin.exitCode == 1 && twin.stderr.contains("[duplicate-id]"), "\(twin)")
    }

    @Test func checkLooksAtATableByItself() throws {
        let folder = try TemporaryFolder()
        #expect(try run(["state", "import", "-", "x"], folder, stdin: Self.service("app")).exitCode == 0)
        let good = try run(["check", "--table", "x"], folder)
        #expect(good.exitCode == 0 && good.stderr.hasPrefix("0 targets, 1 service file: 0 errors"), "\(good)")
        let changed = try folder.read("state/x/current.json").replacing("10.0.0.1", with: "10.0.0.2")
        try folder.write(changed, to: "state/x/current.json")
        let wrong = try run(["check", "--table", "x"], folder)
        #expect(wrong.exitCode == 1 && wrong.stderr.contains("[state-digest]"), "\(wrong)")
    }

    // MARK: -s

    static let repeated: [[String]] = [
        ["-s", "s", "-s", "s/web.json"], ["-s", "s/web.json", "-s", "./s/../s/web.json"], ["-s", "s", "-s", "link"],
        ["-s", "s/*.json", "-s", "s/**/w*.json"], ["-s", "alias.json", "-s", "s"],
    ]

    @Test(arguments: repeated)
    func aFileIsReadOnce(words: [String]) throws {
        let folder = try folder()
        folder.link("link", to: "s")
        folder.link("alias.json", to: "s/web.json")
        let run = try run(["render", "-t", "t.cfg.tmpl"] + words, folder)
        #expect(run.exitCode == 0 && run.stdout.ranges(of: "backend web").count == 1, "\(run)")
        try folder.write(Self.service("web"), to: "copy.json")
        let copies = try self.run(["render", "-t", "t.cfg.tmpl", "-s", "s", "-s", "copy.json"], folder)
        #expect(copies.exitCode == 1 && copies.stderr.contains("[duplicate-id]"), "\(copies)")
    }
}
