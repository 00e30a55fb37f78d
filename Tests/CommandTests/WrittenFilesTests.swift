import HASystem
import TestSupport
import Testing

/// Outputs that would replace what they are made of are refused, and checks and reloads that did not happen are told.
@Suite struct WrittenFilesTests {
    private static func folder(_ targets: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder([
            "t.cfg": "# {{ param \"v\" \"1\" }}\n", "s/a.json": #"{"Id": "a", "Port": 1}"#, "data.json": "{}",
            "haproxy-gen.json": "{\"targets\": [\(targets)]}", "real/x": "",
        ])
        _ = try ProgramRun.bash("ln -s real link", in: folder.path)
        return folder
    }

    private static func target(_ output: String, _ more: String = "", name: String = "a") -> String {
        """
        {"name": "\(name)", "template": "t.cfg", "services": "s", "dialect": "plain", "output": "\(output)"\(more)}
        """
    }

    @Test(
        "an option names a file that the render reads",
        arguments: [
            ("render -t t.cfg --data data.json -o data.json", "data.json"),
            ("render -t t.cfg -s s -o ./t.cfg", "t.cfg"),
            ("render -t t.cfg -s s -o s/../s/a.json", "s/a.json"),
            ("render -t t.cfg -s s -o out --source-map s/a.json", "s/a.json"),
            ("render -t t.cfg -s s -o new --source-map real/../new", "new"),
            ("generate -t t.cfg data.json -o data.json", "data.json"),
        ])
    func options(_ line: String, _ input: String) throws {
        let folder = try Self.folder(Self.target("o.cfg"))
        let before = try (folder.read("t.cfg"), folder.read("s/a.json"), folder.read("data.json"))
        let run = try ProgramRun.bash("\"$PROGRAM\" " + line, in: folder.path)
        #expect(run.exitCode == 2 && run.stderr.contains("would be written over"), "\(run)")
        #expect(run.stderr.contains(input), "\(run)")
        #expect(try (folder.read("t.cfg"), folder.read("s/a.json"), folder.read("data.json")) == before)
        #expect(try folder.names() == ["data.json", "haproxy-gen.json", "link", "real", "s", "t.cfg"])
    }

    @Test("a source map that cannot be written leaves the output alone")
    func map() throws {
        let folder = try Self.folder(Self.target("o"))
        let run = try ProgramRun.bash(
            "\"$PROGRAM\" render -t t.cfg -s s -o o --source-map none/map", in: folder.path)
        #expect(run.exitCode == 3 && run.stderr.contains("cannot write none/map"), "\(run)")
        #expect(try !folder.names().contains("o"))
    }

    @Test("devices take everything")
    func devices() throws {
        let folder = try Self.folder(Self.target("o.cfg"))
        let line = "\"$PROGRAM\" render -t t.cfg -s s -o /dev/null --source-map /dev/null"
        #expect(try ProgramRun.bash(line, in: folder.path).exitCode != 2)
    }

    @Test(
        "an output of the project that the project is made of",
        arguments: ["t.cfg", "./t.cfg", "s/a.json", "haproxy-gen.json", "state/x"])
    func project(_ output: String) throws {
        let folder = try Self.folder(Self.target(output))
        _ = try ProgramRun.bash("mkdir state", in: folder.path)
        for command in ["render", "apply", "check", "diff"] {
            let run = try ProgramRun.run([command], in: folder.path)
            #expect(run.exitCode == 1, "\(run)")
            #expect(run.stderr.contains("haproxy-gen.json:1:14: error: the output of 'a' would replace"), "\(run)")
        }
        #expect(try folder.read("t.cfg") == "# {{ param \"v\" \"1\" }}\n")
    }

    @Test("pipes among services are left out, and one as the output is refused")
    func pipes() throws {
        let folder = try Self.folder(Self.target("o"))
        let made = try ProgramRun.bash("mkfifo s/p.json && \"$PROGRAM\" apply && rm o && mkfifo o", in: folder.path)
        #expect(made.exitCode == 0, "\(made)")
        for command in ["apply", "diff", "check"] {
            let run = try ProgramRun.run([command], in: folder.path)
            #expect(run.exitCode == 3 && run.stderr.contains("cannot read o: it is not a regular file"), "\(run)")
        }
    }

    @Test("one output of two targets in another spelling", arguments: ["./real/o", "link/o", "real/../real/o"])
    func oneOutput(_ output: String) throws {
        let folder = try Self.folder(Self.target("real/o") + ", " + Self.target(output, name: "b"))
        let run = try ProgramRun.run(["apply"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("'a' and 'b' write the same output"), "\(run)")
        #expect(try FileSystem.system.names(folder.path("real")) == ["x"])
    }

    @Test("apply does not install what its check could not look at; check and render skip it")
    func missingCheck() throws {
        let folder = try Self.folder(Self.target("o", #", "check": "no-such-proxy -c {file}", "reload": "touch done""#))
        let run = try ProgramRun.run(["apply"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("no-such-proxy is not installed"), "\(run)")
        #expect(try folder.names() == ["data.json", "haproxy-gen.json", "link", "real", "s", "state", "t.cfg"])
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
    }

    @Test("what is reloaded after a roll back is noted until it worked")
    func pendingReload() throws {
        func project(_ version: Int, _ reload: String) -> String {
            let more = #", "params": {"v": \#(version)}, "reload": "\#(reload)""#
            return "{\"targets\": [\(Self.target("o", more)), \(Self.target("p", more, name: "b"))]}"
        }
        let folder = try Self.folder("")
        try folder.write(project(1, "true"), to: "haproxy-gen.json")
        #expect(try ProgramRun.run(["apply"], in: folder.path).exitCode == 0)
        // The first target's proxy takes the new file and no other; nothing can be reloaded then.
        let once = "cat {file} >> seen; test ! -e no || exit 1; touch no"
        try folder.write(project(2, once), to: "haproxy-gen.json")
        let failed = try ProgramRun.run(["apply"], in: folder.path)
        #expect(failed.exitCode == 3 && failed.stderr.contains("the next apply of a, b reloads again"), "\(failed)")
        #expect(try folder.read("o") == "# 1\n" && folder.read("p") == "# 1\n")
        // Each was tried again.
        #expect(try folder.read("seen") == "# 2\n# 2\n# 1\n# 1\n")
        try folder.write(project(1, "cat {file} >> again"), to: "haproxy-gen.json")
        let next = try ProgramRun.run(["apply"], in: folder.path)
        #expect(next.exitCode == 0, "\(next)")
        #expect(try folder.read("again") == "# 1\n# 1\n")
        let quiet = try ProgramRun.run(["apply"], in: folder.path)
        #expect(quiet == ProgramRun(exitCode: 0, stderr: "o is unchanged\np is unchanged\n"))
    }
}
