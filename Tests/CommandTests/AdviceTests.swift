import TestSupport
import Testing

/// What a person is told who has just begun: one mistake where one was made, and what to write instead.
@Suite("Advice to those who begin") struct AdviceTests {
    private static let project =
        #"{"targets": [{"name": "edge", "template": "t.cfg.tmpl", "services": "s", "output": "o.cfg"}]}"#

    private func run(_ line: String, _ files: [String: String] = [:]) throws -> ProgramRun {
        let given = [
            "t.cfg.tmpl": "# {{ len . }}\n\n# end\n", "d/x": "", "s/a.json": #"{"Id": "a", "Port": 1}"#,
            "haproxy-gen.json": Self.project,
        ]
        let folder = try TemporaryFolder(given.merging(files) { $1 })
        return try ProgramRun.bash(line, in: folder.path)
    }

    static let services: [(json: String, place: String, words: String)] = [
        (#"{"services": []}"#, "1:2", "a list of them that begins with ["),
        (#"{"Items": [{"Id": "a"}]}"#, "1:2", "has no key around it"),
        (#"{"Id": team}"#, "1:8", #"texts stand in quotes: "team""#), (#"{"Id": a-b}"#, "1:8", #""a-b""#),
        (#"{"Domains": [shop.example.org]}"#, "1:14", #"texts stand in quotes: "shop""#),
        (#"{"Attributes": {"x": True}}"#, "1:22", "write true"),
        (#"{"Attributes": {"x": None}}"#, "1:22", "write null"),
        (#"{Id: "a"}"#, "1:2", #"keys are quoted: "Id""#), ("{'Id': 'a'}", "1:2", "keys stand in double quotes"),
        ("Id: a", "1:1", "JSON begins with { or [ here"),
    ]

    @Test("service files", arguments: services.indices)
    func serviceFile(_ index: Int) throws {
        let example = Self.services[index]
        let run = try run("\"$PROGRAM\" render -t t.cfg.tmpl -s b.json", ["b.json": example.json])
        let mistakes = run.stderr.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(run.exitCode == 1 && mistakes.count == 1, "\(run)")
        #expect(mistakes.first?.hasPrefix("b.json:\(example.place): ") == true, "\(mistakes)")
        #expect(mistakes.first?.contains(example.words) == true, "\(mistakes)")
    }

    static let projects: [(json: String, place: String, words: String)] = [
        (
            #"{"targets": [{"name": "a", "template": "t.cfg.tmpl", "services": "s", "output": "o", "mode": 644}]}"#,
            "1:94", #"write "0644""#
        ),
        (#"{"targets": [7]}"#, "1:14", "it is a number here; write { … }"),
        ("[]", "1:1", "it is a list here; write { … }"),
        (#"{"targets": {"name": "a"}}"#, "1:13", "it is an object here; write [ … ]"),
        (
            #"{"targets": [{"name": "a", "template": "t.cfg.tmpl", "services": "s", "output": "d"}]}"#, "1:81",
            "is a folder; name a file in it"
        ),
        (
            #"{"targets": [{"name": "a", "template": "t.cfg.tmpl", "services": "s", "output": "new/"}]}"#, "1:81",
            "is a folder; name a file in it"
        ),
    ]

    @Test("project files", arguments: projects.indices)
    func projectFile(_ index: Int) throws {
        let example = Self.projects[index]
        for command in ["check", "apply --dry-run"] {
            let run = try run("\"$PROGRAM\" \(command)", ["haproxy-gen.json": example.json])
            #expect(run.exitCode == 1, "\(run)")
            #expect(run.stderr.contains("haproxy-gen.json:\(example.place): error: "), "\(run)")
            #expect(run.stderr.contains(example.words), "\(run)")
        }
    }

    @Test("types in plain words")
    func types() throws {
        for (template, words) in [
            ("{{ .Id }}", "a list of services has no field or method Id"),
            ("{{ range . }}{{ .Foo }}{{ end }}", "a service has no field or method Foo"),
            ("{{ range . }}{{ .Hosts.Ip }}{{ end }}", "a list of hosts has no field or method Ip"),
            ("{{ range . }}{{ add .Hosts 1 }}{{ end }}", "not a list of hosts"),
        ] {
            let run = try run("\"$PROGRAM\" check --syntax t.cfg.tmpl", ["t.cfg.tmpl": template])
            #expect(run.exitCode == 1 && run.stderr.contains(words), "\(run)")
            #expect(!run.stderr.contains("types.") && run.stderr.contains("1 template: 1 error"), "\(run)")
        }
    }

    @Test("targets, and lines without text")
    func commands() throws {
        let unknown = try run("\"$PROGRAM\" apply --dry-run wrong")
        #expect(unknown.exitCode == 2 && unknown.stderr.contains("has no target 'wrong'; name edge"), "\(unknown)")
        let near = try run("\"$PROGRAM\" apply --dry-run edg")
        #expect(near.stderr.contains("did you mean 'edge'?"), "\(near)")
        let blank = try run("\"$PROGRAM\" explain edge:2")
        #expect(blank.exitCode == 0 && blank.stdout.contains("this line is blank"), "\(blank)")
    }

    @Test("a pipe in a folder of services is left out, and that is said")
    func pipe() throws {
        let run = try run("mkfifo s/p.json && \"$PROGRAM\" render -t t.cfg.tmpl -s s")
        #expect(run.exitCode == 0 && run.stdout == "# 1\n\n# end\n", "\(run)")
        #expect(run.stderr.contains("s/p.json is a pipe, socket or device, and is left out"), "\(run)")
    }

    @Test("a lock that is a link")
    func lock() throws {
        let run = try run(
            "mkdir -p state/t && ln -s ../../s/a.json state/t/.lock && \"$PROGRAM\" state import s/a.json t")
        #expect(run.exitCode == 3 && run.stderr.contains("it is a symbolic link"), "\(run)")
    }
}
