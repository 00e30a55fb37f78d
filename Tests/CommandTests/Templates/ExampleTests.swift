import HASystem
import TestSupport
import Testing

/// The commands that the examples' documents tell people to type.
@Suite("Documents of the examples") struct ExampleTests {
    @Test(arguments: ["quickstart", "custom-template", "cosmos", "https"])
    func commands(_ example: String) throws {
        let folder = try TemporaryFolder()
        for name in ["templates", "examples"] { folder.link(name, to: "\(projectFolder)/\(name)") }
        let page = try FileReader(files: .system).read("\(projectFolder)/examples/\(example)/README.md").bytes
        let commands = String(decoding: page, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("    ") }.joined(separator: "\n")
        // nginx asks for its file of processes, which another may have.
        let run = try ProgramRun.bash(
            """
            set -eu
            PATH=$PATH:/usr/sbin
            haproxy-gen() { "$PROGRAM" "$@"; }
            nginx() { command nginx -g "pid $PWD/nginx.pid;" "$@"; }
            \(commands)
            """, in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        #expect(!run.stderr.contains("[WARNING]") && !run.stderr.contains("[warn]"), "\(run)")
    }

    private static let shipped = ["templates/haproxy.cfg.tmpl", "templates/nginx.conf.tmpl"]

    static let cases: [(example: String, templates: [String], more: String)] = [
        ("quickstart", shipped, ""),
        ("https", shipped, #""paramFiles": "FOLDER/params.json", "#),
        ("custom-template", ["examples/custom-template/haproxy.cfg.tmpl"], ""),
    ]

    @Test("requests reach the services that tests/routes.json of the example names", arguments: cases)
    func routes(_ test: (example: String, templates: [String], more: String)) throws {
        let path = "\(projectFolder)/examples/\(test.example)"
        for template in test.templates {
            let folder = try TemporaryFolder()
            let output = template.contains("nginx") ? "edge.conf" : "edge.cfg"
            try folder.write(
                """
                {"tests": "\(path)/tests/*.json", "targets": [{"name": "edge", "template": "\(projectFolder)/\(template)",
                  \(test.more.replacing("FOLDER", with: path))"services": "\(path)/services", "output": "\(output)"}]}
                """, to: "haproxy-gen.json")
            let run = try ProgramRun.run(["test"], in: folder.path)
            #expect(run.exitCode == 0, "\(template): \(run)")
        }
    }
}
