import HAServices
import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

/// Names in a project file of what is not there: told at the name, all in one run, and to machines too.
@Suite struct NamedFilesTests {
    private static let project = """
        {"targets": [
          {"name": "a", "template": "edge.cfg.tmpl", "output": "a.cfg",
           "services": ["web.json", "none", "*.jsn"], "include": ["inc"], "paramFiles": "param.json"},
          {"name": "b", "template": "edge.conf.tmpl", "output": "b.cfg", "data": "no.json"},
          {"name": "c", "template": "sub/edge.tmpl", "output": "c.cfg", "table": "t"},
          {"name": "d", "template": "edge.cfg.tmpl", "output": "d.cfg", "services": ["web.json"],
           "dialect": "plain"}
        ]}
        """
    private static let expected = [
        "3:59: error: there is no file or folder 'inc' [missing-file]",
        "3:81: error: there is no file or folder 'param.json'; did you mean 'params.json'? [missing-file]",
        "3:29: error: there is no file or folder 'none' [missing-file]",
        "4:29: error: there is no file or folder 'edge.conf.tmpl'; did you mean 'edge.cfg.tmpl'? [missing-file]",
        "4:74: error: there is no file or folder 'no.json' [missing-file]",
        "5:29: error: there is no file or folder 'sub/edge.tmpl' [missing-file]",
        "5:74: error: there is no table 't' in state: it has none [missing-file]",
    ]

    private func folder() throws -> TemporaryFolder {
        try TemporaryFolder([
            "haproxy-gen.json": Self.project, "edge.cfg.tmpl": "# {{ len . }}\n", "params.json": "{}",
            "web.json": #"{"Id": "web", "Port": 80}"#, "d.cfg": "# 1\n",
        ])
    }

    private func errors(_ run: ProgramRun) -> [String] {
        run.stderr.split(separator: "\n").filter { $0.contains(": error: ") }
            .map { String($0.dropFirst("haproxy-gen.json:".count)) }
    }

    @Test(arguments: [["check"], ["diff"], ["apply", "--dry-run"], ["render"]])
    func allAreReported(_ words: [String]) throws {
        let folder = try folder()
        let run = try ProgramRun.run(words, in: folder.path)
        #expect(run.exitCode == 1 && errors(run) == Self.expected, "\(run)")
        #expect(
            try folder.names()
                == ["d.cfg", "edge.cfg.tmpl", "haproxy-gen.json", "params.json", "state", "web.json"]
                .filter { $0 != "state" }, "nothing is written")
    }

    @Test func aTargetThatHasAllItsFiles() throws {
        let folder = try folder()
        let run = try ProgramRun.run(["render", "--stdout", "d"], in: folder.path)
        #expect(run == ProgramRun(exitCode: 0, stdout: "# 1\n", stderr: ""))
    }

    @Test func machinesGetThemToo() throws {
        let folder = try folder()
        let run = try ProgramRun.run(["check", "--format", "github"], in: folder.path)
        let first = "::error file=haproxy-gen.json,line=3,endLine=3,col=59,endColumn=60,title=missing-file::"
        #expect(run.stdout.hasPrefix(first), "\(run)")
        let told = run.stdout.split(separator: "\n").filter { $0.contains("title=missing-file::") }
        #expect(told.count == Self.expected.count)
    }

    @Test("what was named on the command line has no place")
    func commandLine() throws {
        let words = ["check", "--state", "other", "--table", "t", "edge.cfg.tmpl"]
        let folder = try folder()
        let run = try ProgramRun.run(words, in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("error: there is no table 't' in other"), "\(run)")
    }

    @Test("a file that is there and cannot be read is no wrong name")
    func unreadable() throws {
        let folder = try folder()
        try folder.write("", to: "sub")
        let run = try ProgramRun.run(["render", "--stdout", "c"], in: folder.path)
        #expect(run.exitCode == 3 && run.stderr.contains("sub/edge.tmpl: a part of the path is not a folder"), "\(run)")
    }
}
