import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

/// `diff --base`: outputs of now beside those of a git revision.
@Suite("Differences from a git revision", .enabled(if: ProgramRun.installed("git") != nil)) struct DiffBaseTests {
    private static let environment = [
        "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.org", "GIT_COMMITTER_NAME": "x",
        "GIT_COMMITTER_EMAIL": "x@example.org", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": "/nonexistent",
    ]

    private static let template = """
        {{ range . }}
        backend {{ .Id }}
        {{ range .Hosts }}
          server {{ .Ip }} {{ .Ip }}:{{ .Port }}
        {{ end }}{{ end }}
        """

    private static func service(_ id: String, _ ip: String) -> String {
        #"{"Id": "\#(id)", "Port": 80, "Hosts": [{"Ip": "\#(ip)"}]}"#
    }

    /// A repository whose branch `main` has one service and its output, and whose branch `change` has another server,
    /// another target, and is up to date.
    private static func repository() throws -> TemporaryFolder {
        let target = { (name: String) in
            #"{"name": "\#(name)", "template": "t.cfg", "services": "s", "output": "out/\#(name).cfg", "check": "true"}"#
        }
        let folder = try TemporaryFolder([
            "r/p/t.cfg": template, "r/p/s/a.json": service("a", "10.0.0.1"), "r/p/out/x": "", "r/p/sub/x": "",
            "r/p/haproxy-gen.json": "{\"targets\": [\(target("edge"))]}",
            "two.json": "{\"targets\": [\(target("edge")), \(target("new"))]}", "b.json": service("a", "10.0.0.2"),
        ])
        let made = try ProgramRun.bash(
            """
            set -e
            cd r && git init -q -b main . && cd p
            "$PROGRAM" render && git add -A && git commit -qm one && git tag v1
            git checkout -qb change
            cp ../../two.json haproxy-gen.json && cp ../../b.json s/a.json
            "$PROGRAM" render && git add -A && git commit -qm two
            """, environment: environment, in: folder.path)
        #expect(made.exitCode == 0, "\(made)")
        return folder
    }

    private func diff(_ words: [String], _ folder: TemporaryFolder, from: String = "r/p") throws -> ProgramRun {
        try ProgramRun.run(["diff"] + words, environment: Self.environment, in: folder.path(from))
    }

    @Test("in an up-to-date branch: what the branch changes", arguments: ["main", "v1", "HEAD~1", "HEAD^"])
    func branch(_ revision: String) throws {
        let folder = try Self.repository()
        #expect(try diff([], folder) == ProgramRun(exitCode: 0))
        let run = try diff(["--base", revision, "--format", "github"], folder)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.stdout.contains("### `edge` (`out/edge.cfg`)\n\n- backend a: +1 server, −1\n"), "\(run)")
        #expect(run.stdout.contains("-  server 10.0.0.1 10.0.0.1:80\n+  server 10.0.0.2 10.0.0.2:80\n"), "\(run)")
        #expect(run.stdout.contains("### `new` (`out/new.cfg`)\n\n- backend a added, 1 server\n"), "\(run)")
        #expect(run.stdout.contains("--- /dev/null\n+++ out/new.cfg\n"), "\(run)")
        // Nothing was checked out or written.
        #expect(
            try ProgramRun.bash("git status --porcelain", environment: Self.environment, in: folder.path("r/p"))
                == ProgramRun(exitCode: 0))
    }

    @Test("nothing differs from the branch itself; what is not committed counts")
    func head() throws {
        let folder = try Self.repository()
        let same = try diff(["--base", "HEAD", "--format", "github"], folder)
        #expect(same == ProgramRun(exitCode: 0, stdout: "No output changes.\n"), "\(same)")
        try folder.write(Self.service("a", "10.0.0.3"), to: "r/p/s/a.json")
        let run = try diff(["--base", "HEAD", "edge"], folder)
        #expect(run.exitCode == 1 && run.stdout.contains("+  server 10.0.0.3"), "\(run)")
    }

    @Test("what a branch removes")
    func removed() throws {
        let folder = try Self.repository()
        let project = try folder.read("r/p/haproxy-gen.json")
        let one = project.replacing(/, {"name": "new".*}]/, with: "]")
        try folder.write(one, to: "r/p/haproxy-gen.json")
        let run = try diff(["--base", "HEAD", "--format", "github"], folder)
        #expect(run.exitCode == 1, "\(run)")
        #expect(
            run.stdout.hasPrefix(
                "### `new` (`out/new.cfg`)\n\n- the target is removed\n- backend a removed"), "\(run)")
        #expect(
            run.stdout.contains("--- out/new.cfg\n+++ /dev/null\n") && run.stdout.contains("\n-backend a\n"), "\(run)")
        // A target that is asked for by its name is compared alone; one of another name and the same output is no new one.
        #expect(try diff(["--base", "HEAD", "edge"], folder) == ProgramRun(exitCode: 0))
        try folder.write(
            project.replacing("\"name\": \"new\"", with: "\"name\": \"other\""), to: "r/p/haproxy-gen.json")
        #expect(try diff(["--base", "HEAD"], folder) == ProgramRun(exitCode: 0))
    }

    @Test("a project file of the base with mistakes")
    func brokenBase() throws {
        let folder = try Self.repository()
        let made = try ProgramRun.bash(
            """
            set -e
            cp haproxy-gen.json good && echo '{' > haproxy-gen.json && git commit -qam broken
            mv good haproxy-gen.json
            """, environment: Self.environment, in: folder.path("r/p"))
        #expect(made.exitCode == 0, "\(made)")
        let run = try diff(["--base", "HEAD"], folder)
        let says =
            "haproxy-gen: note: targets that were removed are not shown: the project file of the base has mistakes\n"
        #expect(run == ProgramRun(exitCode: 0, stderr: says), "\(run)")
    }

    @Test("from other folders, too", arguments: [("r/p/sub", []), ("", ["--project", "r/p/haproxy-gen.json"])])
    func folders(_ from: String, _ words: [String]) throws {
        let folder = try Self.repository()
        let run = try diff(["--base", "main", "--format", "json", "edge"] + words, folder, from: from)
        #expect(run.exitCode == 1 && run.stdout.contains("backend a: +1 server, −1"), "\(run)")
    }

    @Test(
        "revisions that there are not",
        arguments: ["nowhere", "--upload-pack=touch pwned", "main:p/t.cfg", "-x", "HEAD~99"])
    func unknown(_ revision: String) throws {
        let folder = try Self.repository()
        let run = try diff(["--base=" + revision], folder)
        let says = "git knows no revision '\(revision)' here; a shallow clone has to fetch it first"
        #expect(run.exitCode == 2 && run.stderr.contains(says), "\(run)")
        #expect(try !ProgramRun.bash("ls -R", in: folder.path).stdout.contains("pwned"))
    }

    @Test("no repository, no git")
    func noRepository() throws {
        let folder = try TemporaryFolder([
            "haproxy-gen.json": #"{"targets": [{"name": "a", "template": "t.cfg", "data": "d.json", "output": "o"}]}"#,
            "t.cfg": "# x\n", "d.json": "{}", "bin/x": "",
        ])
        let environment = Self.environment.merging(["GIT_CEILING_DIRECTORIES": folder.path]) { $1 }
        let run = try ProgramRun.run(["diff", "--base", "main"], environment: environment, in: folder.path)
        #expect(run.exitCode == 3 && run.stderr.contains("error: git cannot be asked for the base: fatal: not a git"))
        let none = try ProgramRun.run(
            ["diff", "--base", "main"], environment: ["PATH": folder.path("bin")], in: folder.path)
        #expect(none.exitCode == 3 && none.stderr.contains("for the base: it is not installed"), "\(none)")
    }

    @Test("an output outside the repository is left out")
    func outside() throws {
        let folder = try Self.repository()
        let project = try folder.read("r/p/haproxy-gen.json").replacing("out/new.cfg", with: folder.path("new.cfg"))
        try folder.write(project, to: "r/p/haproxy-gen.json")
        let run = try diff(["--base", "main"], folder)
        #expect(run.exitCode == 1 && run.stdout.hasPrefix("edge: out/edge.cfg\n"), "\(run)")
        #expect(run.stderr.contains("note: new is left out: \(folder.path("new.cfg")) is not in"), "\(run)")
    }

    // MARK: Line breaks

    @Test(
        "differences of line breaks are shown as such",
        arguments: [
            ("# a\r\n# b\r\n", "# a\n# b\n", "line breaks: CR LF became LF in 2 lines", "-# a␍\n-# b␍\n+# a\n+# b\n"),
            ("# a\n# b\n", "# a\r\n# b\r\n", "line breaks: LF became CR LF in 2 lines", "-# a\n-# b\n+# a␍\n+# b␍\n"),
            ("# a\r\n# b\n", "# a\n# b\n", "line breaks: CR LF became LF in 1 line", "-# a␍\n+# a\n # b\n"),
            (
                "# a\r\n# b\r\n", "# a\r\n# b\n", "line breaks: CR LF in 1 line, before in 2",
                " # a␍\n-# b␍\n+# b\n"
            ),
        ])
    func lineBreaks(_ old: String, _ new: String, _ words: String, _ lines: String) throws {
        let folder = try TemporaryFolder([
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.cfg", "data": "d.json", "output": "o", "dialect": "plain"}]}"#,
            "t.cfg": new, "d.json": "{}", "o": old,
        ])
        for format in ["human", "github"] {
            let run = try ProgramRun.run(["diff", "--format", format], in: folder.path)
            #expect(run.exitCode == 1 && run.stdout.contains(words) && run.stdout.contains(lines), "\(run)")
        }
        // For programs the bytes are what they are.
        let json = try ProgramRun.run(["diff", "--format", "json"], in: folder.path)
        #expect(json.stdout.contains("\\r") && !json.stdout.contains("␍"), "\(json)")
        // Both end with CR LF: nothing to say.
        try folder.write("# x\r\n", to: "o")
        try folder.write("# y\r\n", to: "t.cfg")
        let same = try ProgramRun.run(["diff"], in: folder.path)
        #expect(same.stdout.hasSuffix("-# x\r\n+# y\r\n") && !same.stdout.contains("line breaks"), "\(same)")
    }
}
