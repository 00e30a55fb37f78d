import TestSupport
import Testing

@testable import haproxy_gen

/// Paths and commands of a project file count from the file, wherever the program is called.
@Suite("Where commands run") struct CommandFolderTests {
    private static func folder() throws -> TemporaryFolder {
        let project = """
            {"targets": [{"name": "a", "template": "t.cfg", "data": "d.json", "output": "run/a.cfg",
              "dialect": "plain", "check": "./bin/look {file} && pwd > checked",
              "reload": "cp {file} loaded && pwd > reloaded && cp run/a.cfg again"}]}
            """
        return try TemporaryFolder([
            "p/haproxy-gen.json": project, "p/t.cfg": "# {{ .v }}\n", "p/d.json": #"{"v": 1}"#, "p/run/x": "",
            "p/sub/x": "", "p/bin/look": "", "other/x": "",
        ])
    }

    @Test(
        "check and reload run in the folder of the project file",
        arguments: [
            ("p", []), ("p/sub", []), ("other", ["--project", "../p/haproxy-gen.json"]),
            ("", ["--project", "p/haproxy-gen.json"]), ("other", ["--project", "{p}/haproxy-gen.json"]),
        ])
    func folders(_ from: String, _ words: [String]) throws {
        let folder = try Self.folder()
        try folder.write("#!/bin/sh\ntest -s \"$1\"\n", to: "p/bin/look", mode: 0o755)
        let words = words.map { $0.replacing("{p}", with: folder.path("p")) }
        let check = try ProgramRun.run(["render"] + words, in: folder.path(from))
        #expect(check.exitCode == 0, "\(check)")
        #expect(try folder.read("p/run/a.cfg") == "# 1\n")
        let real = try ProgramRun.bash("cd p && pwd -P", in: folder.path).stdout
        #expect(try folder.read("p/checked") == real)
        try folder.write(#"{"v": 2}"#, to: "p/d.json")
        let apply = try ProgramRun.run(["apply"] + words, in: folder.path(from))
        #expect(apply.exitCode == 0, "\(apply)")
        #expect(try folder.read("p/reloaded") == real)
        for name in ["loaded", "again"] { #expect(try folder.read("p/" + name) == "# 2\n") }
        #expect(try folder.names() == ["other", "p"])
    }
}
