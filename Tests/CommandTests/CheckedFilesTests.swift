import TestSupport
import Testing

@testable import haproxy_gen

/// What `check` makes of the files that are named, and of those that are gone.
@Suite("Files that check is given") struct CheckedFilesTests {
    private static let project = """
        {"targets": [{"name": "edge", "template": "templates/edge.cfg.tmpl", "services": ["services/*.json"],
                      "include": ["pieces"], "output": "rendered/edge.cfg", "dialect": "plain"}]}
        """
    private static let files = [
        "haproxy-gen.json": project, "templates/edge.cfg.tmpl": "# {{ len . }}\n", "rendered/edge.cfg": "# 1\n",
        "pieces/a.tmpl": "# a\n", "services/a.json": #"{"Id": "a", "Port": 80}"#,
    ]

    private static func folder(_ changes: [String: String] = [:], below prefix: String = "") throws -> TemporaryFolder {
        var all: [String: String] = [:]
        for (name, text) in files.merging(changes, uniquingKeysWith: { $1 }) { all[prefix + name] = text }
        return try TemporaryFolder(all)
    }

    private static func errors(_ run: ProgramRun) -> [String] {
        run.stderr.split(separator: "\n").filter { $0.contains(": error: ") }.map(String.init)
    }

    struct Named: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let path: String
        let text: String
        /// The place of the only error; nil: there is none.
        let error: String?

        init(_ description: String, _ path: String, _ text: String, error: String? = nil) {
            testDescription = description
            self.path = path
            self.text = text
            self.error = error
        }
    }

    static let namedFiles: [Named] = [
        .init("a service in a folder below", "services/team/c.json", #"{"Id": "c", "Port": 99999}"#, error: ":1:21"),
        .init("no JSON, in a folder below", "services/team/c.json", "{", error: ":1:2"),
        .init("a hidden service file", "services/.c.json", #"{"Id": "c", "Port": 99999}"#, error: ":1:21"),
        .init("a service beside the folder", "other/c.json", #"{"Id": "c", "Port": 99999}"#, error: ":1:21"),
        .init("a good one", "services/team/c.json", #"{"Id": "c", "Port": 99}"#),
        .init("a template of no target", "templates/old.cfg.tmpl", "{{ range . }}", error: ":1:"),
        .init("a template of no target in another folder", "old/old.conf.tpl", "{{ .Nam }", error: ":1:9"),
        .init("a good template of no target", "templates/old.cfg.tmpl", "{{ range . }}{{ .Id }}{{ end }}"),
        .init("a piece", "pieces/b.tmpl", "{{ end }}", error: ":1:4"),
        .init("npm's", "package.json", #"{"name": "x", "version": "1", "config": {"port": "8080"}, "source": 1}"#),
        .init("an editor's, with a comment", ".vscode/settings.json", "{ // x\n}"),
        .init("a list of numbers", "numbers.json", "[1, 2]"), .init("an empty one", "empty.json", ""),
        .init("a text", "text.json", "\"Id\""), .init("a policy", "policy.json", #"{"Id": "x", "Statement": []}"#),
        .init("data of a template", "templates/data.json", "{ // x\n}"),
    ]

    @Test("a file that is named passes only where it is good, or nothing to us", arguments: namedFiles)
    func named(_ named: Named) throws {
        let folder = try Self.folder([named.path: named.text])
        let run = try ProgramRun.run(["check", named.path], in: folder.path)
        let errors = Self.errors(run)
        #expect(run.exitCode == (named.error == nil ? 0 : 1), "\(run)")
        #expect(errors.count == (named.error == nil ? 0 : 1), "\(run)")
        if let place = named.error { #expect(errors.first?.hasPrefix(named.path + place) == true, "\(run)") }
    }

    @Test("a file that was left alone is said")
    func leftAlone() throws {
        let folder = try Self.folder(["package.json": "{}"])
        let run = try ProgramRun.run(["check", "package.json", "services/a.json"], in: folder.path)
        let note =
            "note: package.json concerns no target, and is neither a template nor a service file: it was left alone\n"
        #expect(run.exitCode == 0 && run.stderr.contains(note) && run.stderr.contains("1 target, 1 service"), "\(run)")
    }

    @Test(
        "a project below the root of the repository",
        arguments: ["haproxy-gen.json", "services/a.json", "services", "templates/edge.cfg.tmpl", "rendered/edge.cfg"])
    func below(_ path: String) throws {
        let good = try Self.folder(below: "infra/edge/")
        let run = try ProgramRun.run(["check", "infra/edge/" + path], in: good.path)
        #expect(run.exitCode == 0 && run.stderr.hasPrefix("1 target, 1 service file: 0 errors"), "\(run)")
        let absolute = try ProgramRun.run(["check", good.path("infra/edge/" + path)], in: "/")
        #expect(absolute.exitCode == 0 && absolute.stderr.contains("1 target,"), "\(absolute)")
        let stale = try Self.folder(["rendered/edge.cfg": "# 2\n"], below: "infra/edge/")
        let wrong = try ProgramRun.run(["check", "infra/edge/" + path], in: stale.path)
        #expect(wrong.exitCode == 1, "\(wrong)")
        #expect(Self.errors(wrong).first?.hasPrefix("infra/edge/rendered/edge.cfg:1:1: error: ") == true, "\(wrong)")
    }

    @Test("two projects in one run, one of them wrong")
    func twoProjects() throws {
        let folder = try Self.folder(below: "a/")
        for (name, text) in Self.files { try folder.write(text, to: "b/" + name) }
        let both = try ProgramRun.run(["check", "a/services/a.json", "b/haproxy-gen.json"], in: folder.path)
        #expect(both.exitCode == 0 && both.stderr.hasPrefix("2 targets, 2 service files: 0 errors"), "\(both)")
        try folder.write(#"{"targets": 1}"#, to: "b/haproxy-gen.json")
        let wrong = try ProgramRun.run(["check", "a/services/a.json", "b/haproxy-gen.json"], in: folder.path)
        #expect(Self.errors(wrong).count == 1, "\(wrong)")
        #expect(wrong.stderr.contains("b/haproxy-gen.json:1:13: error: 'targets' must be a list"), "\(wrong)")
    }

    @Test("an output that is gone is an error at its name", arguments: ["check", "check rendered", "check services"])
    func missingOutput(_ words: String) throws {
        let folder = try Self.folder(["rendered/other": ""])
        #expect(try ProgramRun.bash("rm rendered/edge.cfg", in: folder.path).exitCode == 0)
        let run = try ProgramRun.run(words.split(separator: " ").map(String.init), in: folder.path)
        let error = "haproxy-gen.json:2:48: error: the output 'rendered/edge.cfg' does not exist; haproxy-gen render "
        #expect(run.exitCode == 1 && Self.errors(run) == [error + "makes it [missing-file]"], "\(run)")
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
        #expect(try ProgramRun.run(["check"], in: folder.path).exitCode == 0)
    }

    @Test("git rm of a service is noticed by the hook as it is written")
    func removedService() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let hooks = try ProgramRun.bash("cat .pre-commit-hooks.yaml", in: root).stdout
        #expect(hooks.split(separator: "- id:").count == 3 && hooks.split(separator: "always_run: true\n").count == 3)
        #expect(hooks.split(separator: "pass_filenames: false\n").count == 3 && !hooks.contains("  files:"))
        let folder = try Self.folder()
        #expect(try ProgramRun.bash("rm services/a.json", in: folder.path).exitCode == 0)
        // As the hook runs it: without names.
        let run = try ProgramRun.run(["check"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("rendered/edge.cfg:1:1: error"), "\(run)")
    }

    @Test("a folder that is missing: an error where the output is committed, a warning where it is installed")
    func missingFolder() throws {
        let folder = try Self.folder()
        #expect(try ProgramRun.bash("rm -r rendered", in: folder.path).exitCode == 0)
        let run = try ProgramRun.run(["check"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("make the folder rendered, then haproxy-gen render"), "\(run)")
        for words in [["apply", "--dry-run"], ["apply"], ["render"]] {
            let run = try ProgramRun.run(words, in: folder.path)
            let says = "cannot write rendered/edge.cfg: its folder does not exist\n"
            #expect(run.exitCode == 3 && run.stderr.hasSuffix(says), "\(run)")
            #expect(try !folder.names().contains("rendered"))
        }
        let installed = Self.project.replacing("rendered/edge.cfg", with: folder.path("etc/edge.cfg"))
        try folder.write(installed, to: "haproxy-gen.json")
        let other = try ProgramRun.run(["check"], in: folder.path)
        let warning =
            "haproxy-gen.json:2:48: warning: the folder of this output, \(folder.path("etc")), does not exist on"
        #expect(other.exitCode == 0 && other.stderr.contains(warning), "\(other)")
    }
}
