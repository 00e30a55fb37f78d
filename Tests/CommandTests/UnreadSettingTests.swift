import TestSupport
import Testing

@testable import haproxy_gen

/// Settings that no template reads are reported, wherever a person wrote them.
@Suite("Settings that nothing reads") struct UnreadSettingTests {
    private static func folder(_ template: String, params: String = "") throws -> TemporaryFolder {
        try TemporaryFolder([
            "t.cfg": template, "d.json": "{}", "shared.json": #"{"other": 1}"#,
            "pieces/p.tmpl": #"{{ param "deep" 1 }}"#,
            "haproxy-gen.json": """
            {"targets": [{"name": "a", "template": "t.cfg", "data": "d.json", "output": "o", "include": "pieces",
              "check": "true {file}", "paramFiles": "shared.json", "params": {\(params)}}]}
            """,
        ])
    }

    private static let template = "# {{ param \"maxconn\" 1 }} {{ template \"p\" }}\n"

    @Test(
        "on the command line",
        arguments: [
            ("maxcon=1", "does not read the setting 'maxcon'; did you mean 'maxconn'?"),
            ("port=1", "does not read the setting 'port' ["), ("maxconn=1", nil), ("deep=2", nil),
        ])
    func commandLine(_ setting: String, _ says: String?) throws {
        let folder = try Self.folder(Self.template)
        let words = ["render", "-t", "t.cfg", "--data", "d.json", "--include", "pieces", "--params", "shared.json"]
        let run = try ProgramRun.run(words + ["-p", setting], in: folder.path)
        #expect(run.exitCode == 0 && run.stdout.hasPrefix("# "), "\(run)")
        if let says {
            #expect(run.stderr.contains("warning: the template t.cfg \(says)"), "\(run)")
            #expect(run.stderr.contains("note: it asks for deep, maxconn"), "\(run)")
        } else {
            #expect(run.stderr.isEmpty, "\(run)")
        }
    }

    @Test("in the project file, at the name", arguments: ["check", "apply --dry-run", "render"])
    func projectFile(_ words: String) throws {
        let folder = try Self.folder(Self.template, params: #""maxconn": 2, "dep": 3"#)
        try folder.write("# 2 1\n", to: "o")
        let run = try ProgramRun.run(words.split(separator: " ").map(String.init), in: folder.path)
        let warning = "haproxy-gen.json:2:81: warning: the template t.cfg does not read the setting 'dep'; did you mean"
        #expect(run.exitCode == 0 && run.stderr.contains(warning), "\(run)")
        #expect(run.stderr.split(separator: "does not read").count == 2, "once: \(run)")
    }

    @Test("a template that makes names while it runs may read any")
    func madeNames() throws {
        let folder = try Self.folder("# {{ param (print \"a\" \"b\") 1 }}\n", params: #""x": 2"#)
        let run = try ProgramRun.run(["render"], in: folder.path)
        #expect(run.exitCode == 0 && !run.stderr.contains("does not read"), "\(run)")
    }
}
