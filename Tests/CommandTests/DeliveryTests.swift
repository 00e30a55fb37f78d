import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

/// What stands around an apply: guards, versions, links, proxym's variables.
@Suite("Delivery, as a program") struct DeliveryTests {
    private static func target(_ name: String, _ more: String = "") -> String {
        #"{"name": "\#(name)", "template": "t.cfg", "data": "d.json", "output": "\#(name).cfg", "dialect": "plain", "#
            + #""check": "true {file}"\#(more.isEmpty ? "" : ", " + more)}"#
    }

    private static func folder(_ targets: [String], _ changes: [String: String] = [:]) throws -> TemporaryFolder {
        let files = [
            "haproxy-gen.json": "{\"targets\": [\(targets.joined(separator: ", "))]}", "t.cfg": "# {{ .v }}\n",
            "d.json": #"{"v": 1}"#,
        ]
        return try TemporaryFolder(files.merging(changes) { $1 })
    }

    // MARK: Guards

    @Test("a guard stops render too, until --force")
    func guardsOfRender() throws {
        let template = "{{ range . }}backend {{ .Id }}\n  server s {{ .Id }}:80\n{{ end }}"
        let project = """
            {"targets": [{"name": "a", "template": "t.cfg", "services": "s.json", "output": "a.cfg", "check": "true",
              "guards": {"requireServices": true, "maxRemoved": 0.3}}]}
            """
        let folder = try TemporaryFolder([
            "haproxy-gen.json": project, "t.cfg": template, "s.json": #"[{"Id": "x", "Port": 80}]"#,
        ])
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
        let before = try folder.read("a.cfg")
        try folder.write("[]", to: "s.json")
        let run = try ProgramRun.run(["render"], in: folder.path)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.stderr.contains("error: a: the input has no services (requireServices); --force overrides it"))
        #expect(run.stderr.contains("error: a: 1 of 1 backends would be removed"), "\(run)")
        #expect(try folder.read("a.cfg") == before)
        let forced = try ProgramRun.run(["render", "--force"], in: folder.path)
        #expect(forced.exitCode == 0 && forced.stderr.contains("note: a: the input has no services"), "\(forced)")
        let odd = try ProgramRun.run(["render", "--force", "-t", "t.cfg", "-s", "s.json"], in: folder.path)
        #expect(odd.exitCode == 2, "\(odd)")
    }

    // MARK: Versions

    @Test("the versions that are kept are listed, the newest first")
    func versions() throws {
        let folder = try Self.folder([Self.target("a"), Self.target("b")])
        for value in 1...3 {
            try folder.write(#"{"v": \#(value)}"#, to: "d.json")
            #expect(try ProgramRun.run(["apply", "a"], in: folder.path).exitCode == 0)
        }
        #expect(try ProgramRun.run(["apply", "--rollback", "a"], in: folder.path).exitCode == 0)
        let run = try ProgramRun.run(["apply", "--rollback", "list"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.isEmpty, "\(run)")
        let lines = run.stdout.split(separator: "\n").map(String.init)
        #expect(lines.first == "a: a.cfg" && Array(lines.suffix(2)) == ["b: b.cfg", "  no version is kept"], "\(run)")
        let kept = lines.dropFirst().prefix(3).compactMap { line in
            line.wholeMatch(of: /\ \ (\w+(?: \w+)?) +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  4 bytes  (.*)/)
                .map { "\($0.1) \($0.2)" }
        }
        let place = "state/.installed/a/"
        #expect(kept == ["1 ahead \(place)3", "installed \(place)2", "1 back \(place)1"], "\(run)")
        let one = try ProgramRun.run(["apply", "--rollback", "list", "b"], in: folder.path)
        #expect(one.stdout == "b: b.cfg\n  no version is kept\n", "\(one)")
        let far = try ProgramRun.run(["apply", "--rollback", "2", "a"], in: folder.path)
        #expect(
            far.exitCode == 1 && far.stderr.contains("a has 1 earlier versions, not 2; haproxy-gen apply --rollback"))
    }

    // MARK: Proxies and commands

    @Test("apply insists on the proxy where it is asked to", arguments: ["apply", "apply --dry-run"])
    func requireProxy(_ words: String) throws {
        let target = #"{"name": "a", "template": "t.cfg", "data": "d.json", "output": "a.cfg", "dialect": "haproxy"}"#
        let folder = try Self.folder([target], ["bin/x": "", "t.cfg": "defaults\n  timeout connect {{ .v }}s\n"])
        // Neither in PATH nor where only root has it; a machine with haproxy there cannot show that.
        guard
            ["/usr/local/sbin", "/usr/sbin", "/sbin"].allSatisfy({
                (try? FileSystem.system.status($0 + "/haproxy")) == nil
            })
        else { return }
        let words = words.split(separator: " ").map(String.init)
        let environment = ["PATH": folder.path("bin")]
        let run = try ProgramRun.run(words + ["--require-proxy"], environment: environment, in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("haproxy is not installed, and a check by it is"), "\(run)")
        let without = try ProgramRun.run(words, environment: environment, in: folder.path)
        #expect(without.exitCode == 0 && without.stderr.contains("was skipped: haproxy is not installed"), "\(without)")
    }

    @Test("what a reload writes ends with a line break", arguments: ["printf loading", "printf 'loading\\n'"])
    func reloadOutput(_ command: String) throws {
        let reload = #""reload": "\#(command.replacing("\\", with: "\\\\"))""#
        let folder = try Self.folder([Self.target("a", reload)])
        let run = try ProgramRun.run(["apply"], in: folder.path)
        #expect(run == ProgramRun(exitCode: 0, stderr: "wrote a.cfg\nloading\nreloaded a\n"), "\(run)")
    }

    // MARK: Links

    struct Links: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Names and where they lead.
        let links: [(String, String)]
        let output: String
        /// Part of what is said; nil: nothing.
        let says: String?
    }

    static let linkCases: [Links] = [
        .init(
            testDescription: "to the template", links: [("o.cfg", "t.cfg")], output: "o.cfg",
            says: "would replace t.cfg"),
        .init(
            testDescription: "to the data", links: [("o.cfg", "d.json")], output: "o.cfg", says: "would replace d.json"),
        .init(
            testDescription: "by a chain", links: [("x", "t.cfg"), ("o.cfg", "x")], output: "o.cfg",
            says: "would replace t.cfg"),
        .init(
            testDescription: "data that lead to the output", links: [("link.json", "o.cfg")], output: "o.cfg", says: nil
        ),
        .init(
            testDescription: "to the output of the other target", links: [("o.cfg", "a.cfg")], output: "o.cfg",
            says: "write the same output"),
        .init(
            testDescription: "both to a file that is not there", links: [("o.cfg", "none.cfg"), ("a.cfg", "none.cfg")],
            output: "o.cfg", says: "write the same output"),
        .init(
            testDescription: "through a folder", links: [("folder", ".")], output: "folder/a.cfg",
            says: "write the same output"),
        .init(
            testDescription: "through a folder to the template", links: [("folder", ".")], output: "folder/t.cfg",
            says: "would replace"),
        .init(testDescription: "to a file of its own", links: [("o.cfg", "own.cfg")], output: "o.cfg", says: nil),
    ]

    @Test("outputs that meet an input or each other through links are refused", arguments: linkCases)
    func links(_ links: Links) throws {
        let other = Self.target("b").replacing("\"b.cfg\"", with: "\"\(links.output)\"")
        let folder = try Self.folder([Self.target("a"), other])
        for (name, target) in links.links { folder.link(name, to: target) }
        for words in [["render"], ["apply"], ["check"], ["diff"]] {
            let run = try ProgramRun.run(words, in: folder.path)
            if let says = links.says {
                #expect(run.exitCode == 1 && run.stderr.contains(says), "\(words): \(run)")
            } else {
                #expect(!run.stderr.contains("[bad-value]") && !run.stderr.contains("[duplicate-id]"), "\(run)")
            }
        }
        if links.says != nil {
            #expect(try folder.read("t.cfg") == "# {{ .v }}\n" && folder.read("d.json") == #"{"v": 1}"#)
        }
    }

    @Test("a service file that is a link to the output is an input, whatever it is called")
    func serviceLink() throws {
        let folder = try TemporaryFolder([
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.tmpl", "services": "s", "output": "out.json"}]}"#,
            "t.tmpl": #"{"Id": "x{{ len . }}", "Port": 80}"#, "s/x": "", "out.json": #"{"Id": "x", "Port": 80}"#,
        ])
        folder.link("s/y.json", to: "../out.json")
        let run = try ProgramRun.run(["render"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("the output of 'a' would replace s/y.json"), "\(run)")
    }

    // MARK: init

    @Test("init makes the folder, and one that passes check", arguments: ["new", "new/", "a/b/c", "./x"])
    func initialize(_ name: String) throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.run(["init", name], in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        let checked = try ProgramRun.run(["check"], in: folder.path(name))
        #expect(checked.exitCode == 0 && checked.stderr.contains("0 errors, 0 warnings"), "\(checked)")
        #expect(try ProgramRun.run(["init", name], in: folder.path).exitCode == 1)
    }

    @Test("init cannot make a folder where a file is")
    func initializeOverFile() throws {
        let folder = try TemporaryFolder(["x": ""])
        let run = try ProgramRun.run(["init", "x/y"], in: folder.path)
        #expect(run.exitCode == 3 && run.stderr.contains("cannot write x"), "\(run)")
    }

    // MARK: proxym

    private static func proxym(_ folder: TemporaryFolder, _ more: [String: String]) -> [String: String] {
        [
            "PROXYM_PROXY_TEMPLATE_PATH": folder.path("t.cfg"), "PROXYM_PROXY_CONFIG_FILE_PATH": folder.path("o.cfg"),
            "PROXYM_FILE_CONFIGS_PATH": folder.path("s"), "PROXYM_PROXY_CHECK_COMMAND": "true",
        ].merging(more) { $1 }
    }

    @Test("proxym's switches are obeyed", arguments: ["PROXYM_PROXY_ENABLED", "PROXYM_FILE_ENABLED"])
    func proxymSwitches(_ name: String) throws {
        let folder = try TemporaryFolder(["t.cfg": "# {{ len . }}\n", "s/x": "", "o.cfg": "old\n"])
        let off = try ProgramRun.run(["apply"], environment: Self.proxym(folder, [name: "0"]), in: folder.path)
        #expect(off == ProgramRun(exitCode: 0, stderr: "haproxy-gen: note: \(name) is 0: nothing is done\n"))
        #expect(try folder.read("o.cfg") == "old\n")
        let on = try ProgramRun.run(["apply"], environment: Self.proxym(folder, [name: "1"]), in: folder.path)
        #expect(on.exitCode == 0, "\(on)")
        #expect(try folder.read("o.cfg") == "# 0\n")
    }

    @Test("proxym's commands are bash's", .enabled(if: (try? FileSystem.system.status("/bin/bash")) != nil))
    func proxymBash() throws {
        let folder = try TemporaryFolder(["t.cfg": "# {{ len . }}\n", "s/x": ""])
        let more = [
            "PROXYM_PROXY_CHECK_COMMAND":
                "[[ -s \(folder.path("o.cfg")) ]] && grep -q 0 <(cat \(folder.path("o.cfg")))",
            "PROXYM_PROXY_RELOAD_COMMAND":
                "[[ -s \(folder.path("o.cfg")) ]] && echo {a,b} > \(folder.path("reloaded"))",
        ]
        let run = try ProgramRun.run(["apply"], environment: Self.proxym(folder, more), in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        #expect(try folder.read("reloaded") == "a b\n")
    }
}
