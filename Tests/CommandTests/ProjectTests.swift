import HADelivery
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

/// The commands that work from a project file, as whole programs.
@Suite("Projects") struct ProjectTests {
    private static let template = """
        {{ range . }}
        backend {{ .Id }}
        {{ .Config }}
        {{ range .Hosts }}
          server {{ .Ip }} {{ .Ip }}:{{ .Port }}
        {{ end }}{{ end }}
        """
    private static let service = #"{"Id": "app1", "Port": 80, "Hosts": [{"Ip": "10.0.0.1"}], "Config": "  mode http"}"#
    private static let project =
        #"{"targets": [{"name": "a", "template": "t.cfg", "services": "s", "output": "a.cfg", "reload": "true", "#
        + #""check": "true"}, {"name": "b", "template": "t.cfg", "services": "s", "output": "b.cfg", "check": "true"}]}"#

    private static func folder() throws -> TemporaryFolder {
        try TemporaryFolder(["t.cfg": template, "s/a.json": service, "haproxy-gen.json": project, "sub/x": ""])
    }

    private func run(_ words: [String], in folder: TemporaryFolder, _ sub: String = "") throws -> ProgramRun {
        try ProgramRun.run(words, in: folder.path + "/" + sub)
    }

    @Test("render writes every target, from any folder below; a mistake in one stops all")
    func render() throws {
        let folder = try Self.folder()
        let printed = try run(["render", "--stdout", "b"], in: folder)
        #expect(printed.exitCode == 0 && printed.stdout.contains("server 10.0.0.1 10.0.0.1:80"))
        let result = try run(["render"], in: folder, "sub")
        #expect(result.exitCode == 0 && result.stderr.hasSuffix("\nwrote ../a.cfg\nwrote ../b.cfg\n"), "\(result)")
        #expect(try folder.read("a.cfg") == printed.stdout)
        try folder.write(#"{"Id": "app2"}"#, to: "s/a.json")
        #expect(try run(["render"], in: folder).exitCode == 1)
        #expect(try folder.read("a.cfg") == printed.stdout)
    }

    @Test("render checks every target before the first file changes; owner and mode are the target's")
    func renderChecks() throws {
        let folder = try Self.folder()
        let broken = Self.project.replacing(
            #""b.cfg", "check": "true""#, with: #""b.cfg", "check": "! grep -q 10.0.0.9 {file}", "mode": "0600""#)
        try folder.write(broken, to: "haproxy-gen.json")
        #expect(try run(["render"], in: folder).exitCode == 0)
        #expect(try folder.status("b.cfg").mode == 0o600 && folder.status("a.cfg").mode == 0o644)
        let before = try folder.read("a.cfg")
        try folder.write(Self.service.replacing("10.0.0.1", with: "10.0.0.9"), to: "s/a.json")
        let result = try run(["render"], in: folder)
        #expect(result.exitCode == 1, "\(result)")
        #expect(result.stderr.contains("b: the output did not pass its check; b.cfg stays as it was"), "\(result)")
        #expect(try folder.read("a.cfg") == before && folder.read("b.cfg") == before)
        // An output that is wrong by itself needs no proxy.
        let service = Self.service.replacing(
            "\"Config\": \"  mode http\"", with: "\"Config\": \"  server 10.0.0.1 x:1\"")
        try folder.write(service, to: "s/a.json")
        let twice = try run(["render"], in: folder)
        #expect(twice.exitCode == 1 && twice.stderr.contains("[duplicate-name]"), "\(twice)")
        #expect(try folder.read("a.cfg") == before)
        // A change of the owner that is not allowed, or of nobody known, is told.
        try folder.write(
            broken.replacing("\"0600\"", with: "\"0600\", \"owner\": \"nosuchuser\""), to: "haproxy-gen.json")
        try folder.write(Self.service.replacing("10.0.0.1", with: "10.0.0.2"), to: "s/a.json")
        let nobody = try run(["render"], in: folder)
        #expect(nobody.exitCode == 3 && nobody.stderr.contains("there is no user or group 'nosuchuser'"), "\(nobody)")
        #expect(try folder.read("a.cfg") == before && folder.names().allSatisfy { !$0.hasSuffix(".tmp") })
    }

    @Test("the source map of a target is that of its template, and goes with --stdout")
    func sourceMap() throws {
        let folder = try Self.folder()
        let target = try run(["render", "--stdout", "a", "--source-map", "target.map"], in: folder)
        #expect(target.exitCode == 0 && target.stderr == "wrote target.map\n", "\(target)")
        _ = try run(["render", "-t", "t.cfg", "-s", "s", "-o", "a.cfg", "--source-map", "own.map"], in: folder)
        #expect(try folder.read("target.map") == folder.read("own.map"))
        #expect(try folder.read("a.cfg") == target.stdout)
        let alone = try run(["render", "--source-map", "x.map"], in: folder)
        let says = "option '--source-map' needs '-t TEMPLATE' or '--stdout TARGET' beside it"
        #expect(alone.exitCode == 2 && alone.stderr.contains(says), "\(alone)")
    }

    @Test("diff: 0 and 1, three formats")
    func diff() throws {
        let folder = try Self.folder()
        _ = try run(["render"], in: folder)
        let none = try run(["diff"], in: folder)
        #expect(none == ProgramRun(exitCode: 0))
        try folder.write(Self.service.replacing("10.0.0.1", with: "10.0.0.2"), to: "s/a.json")
        let human = try run(["diff", "a"], in: folder)
        #expect(human.exitCode == 1)
        #expect(human.stdout.hasPrefix("a: a.cfg\n  backend app1: +1 server, −1\n--- a.cfg\n+++ a.cfg\n@@ "))
        let json = try run(["diff", "--format", "json"], in: folder).stdout
        let document = try Document.json(name: "", bytes: Array(json.utf8))
        #expect(document.field("targets", of: document.root)?.count == 2)
        let github = try run(["diff", "--format=github"], in: folder).stdout
        #expect(github.contains("- backend app1: +1 server, −1\n") && github.contains("```diff\n--- a.cfg"))
    }

    @Test(
        "wrong use",
        arguments: [
            (["diff", "c"], "the project has no target 'c'"), (["render", "-p", "a=1"], "option '--param' needs"),
            (["render", "-s", "x"], "option '-t TEMPLATE' is missing"),
        ])
    func usage(_ words: [String], _ message: String) throws {
        let result = try run(words, in: Self.folder())
        #expect(result.exitCode == 2 && result.stderr.contains(message), "\(result)")
    }

    @Test("no project file")
    func noProject() throws {
        let folder = try TemporaryFolder()
        let result = try run(["apply"], in: folder)
        #expect(
            result.exitCode == 2 && result.stderr.contains("there is no haproxy-gen.json here or in a folder above"))
    }

    @Test("no project file, and not all of proxym's variables")
    func proxymIncomplete() throws {
        let variables = ["PROXYM_PROXY_TEMPLATE_PATH": "t.cfg", "PROXYM_PROXY_CHECK_COMMAND": "true"]
        let folder = try TemporaryFolder()
        let result = try ProgramRun.run(["apply"], environment: variables, in: folder.path)
        let names = "not set: PROXYM_PROXY_CONFIG_FILE_PATH and PROXYM_FILE_CONFIGS_PATH"
        #expect(result.exitCode == 2 && result.stderr.contains("these variables of proxym are \(names)"), "\(result)")
    }

    @Test(
        "init writes a project that passes check and renders, and never over another",
        arguments: [("haproxy", "haproxy.cfg", [String]()), ("nginx", "nginx.conf", ["--proxy", "nginx"])])
    func initialize(_ proxy: String, _ name: String, _ words: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(try run(["init"] + words, in: folder).exitCode == 0)
        let checked = try run(["check", "--require-proxy"], in: folder)
        #expect(checked.exitCode == 0 && checked.stderr.contains("0 errors, 0 warnings"), "\(checked)")
        #expect(try run(["diff"], in: folder).exitCode == 0)
        #expect(try run(["render"], in: folder).stderr.hasSuffix("rendered/\(name) is unchanged\n"))
        #expect(try folder.read("rendered/\(name)").contains("10.0.0.2:8080"))
        let again = try run(["init"] + words, in: folder)
        #expect(again.exitCode == 1 && again.stderr.contains("templates/\(name).tmpl exists already"), "\(again)")
        let shipped = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/templates/"
        let template = try FileReader(files: .system).read(shipped + "\(name).tmpl").bytes
        #expect(try Array(folder.read("templates/\(name).tmpl").utf8) == template)
    }

    @Test("init leaves a .gitignore as it is, and says what belongs into it")
    func initializeBesideGitignore() throws {
        let folder = try TemporaryFolder([".gitignore": "*.log\n"])
        let note = "haproxy-gen: note: .gitignore exists already; add the line '/state/.installed/' to it\n"
        #expect(try run(["init"], in: folder).stderr.hasSuffix(note))
        #expect(try folder.read(".gitignore") == "*.log\n")
        let other = try TemporaryFolder([".gitignore": "*.log\n/state/.installed/\n"])
        #expect(try !run(["init"], in: other).stderr.contains("note"))
    }

    @Test("init for a proxy that there is none of")
    func initializeWrong() throws {
        let result = try run(["init", "--proxy", "apache"], in: TemporaryFolder())
        #expect(
            result.exitCode == 2 && result.stderr.contains("option '--proxy' must be haproxy or nginx, not 'apache'"),
            "\(result)")
    }

    @Test("proxym's variables")
    func proxym() throws {
        let folder = try TemporaryFolder(["t.tmpl": Self.template, "s/a.json": Self.service, "out.cfg": "old\n"])
        let variables = [
            "PROXYM_PROXY_TEMPLATE_PATH": folder.path("t.tmpl"),
            "PROXYM_PROXY_CONFIG_FILE_PATH": folder.path("out.cfg"),
            "PROXYM_FILE_CONFIGS_PATH": folder.path("s"),
            "PROXYM_PROXY_CHECK_COMMAND": "cp \(folder.path("out.cfg")) \(folder.path("checked")); test ! -e refuse",
            "PROXYM_PROXY_RELOAD_COMMAND": "cp \(folder.path("out.cfg")) \(folder.path("reloaded"))",
        ]
        try folder.write("", to: "refuse")
        let refused = try ProgramRun.run(["apply"], environment: variables, in: folder.path)
        #expect(refused.exitCode == 1, "\(refused)")
        #expect(try folder.read("out.cfg") == "old\n")
        #expect(try ProgramRun.bash("rm refuse", in: folder.path).exitCode == 0)
        let result = try ProgramRun.run(["apply"], environment: variables, in: folder.path)
        #expect(result.exitCode == 0, "\(result)")
        let expected = "backend app1\n  mode http\n  server 10.0.0.1 10.0.0.1:80\n"
        for name in ["out.cfg", "checked", "reloaded"] { #expect(try folder.read(name) == expected) }
    }

    @Test("the schema knows the keys that the program knows")
    func schema() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try FileReader(files: .system).read(root + "/docs/haproxy-gen.schema.json")
        let schema = try Document.json(name: file.name, bytes: file.bytes)
        let names = { (path: [String]) -> Set<String> in
            let value = path.reduce(schema.root as Value?) { value, key in value.flatMap { schema.field(key, of: $0) } }
            return Set(value.map { schema.entries(of: $0).map(\.key) } ?? [])
        }
        let target = ["$defs", "target", "properties"]
        #expect(names(["properties"]) == Set(ProjectSchema.project.map(\.name)))
        #expect(names(target) == Set(ProjectSchema.target.map(\.name)))
        #expect(names(target + ["guards", "properties"]) == Set(ProjectSchema.guards.map(\.name)))
    }
}
