import HASystem
import TestSupport
import Testing

/// Files that are there to break `check`: each is answered with a diagnostic, soon, and in little memory.
@Suite(.serialized) struct HostileInputTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        /// The name of the file: a template or a service file.
        let file: String
        let text: @Sendable () -> String
        /// The file is made so large with zeros.
        var size = 0
        let says: String
    }

    private static func nested(_ opening: String, _ inner: String = "", _ closing: String, _ count: Int = 1_000_000)
        -> String
    {
        String(repeating: opening, count: count) + inner + String(repeating: closing, count: count)
    }

    static let cases: [Case] = [
        Case(
            testDescription: "a line of 1 GB in a template", file: "a.cfg.tmpl", text: { "{{ . }}" }, size: 1 << 30,
            says: "a.cfg.tmpl:1:1: error: with this file the template and its includes have more than 16 MiB"),
        Case(
            testDescription: "a line of 1 GB in a service file", file: "a.json", text: { #"[{"Id": "a"}, "# },
            size: 1 << 30, says: "a.json:1:15: error: expected a value but found the control character 0x00"),
        Case(
            testDescription: "a value of 8 MB in a service file", file: "a.json",
            text: { #"{"Id": ""# + String(repeating: "a", count: 8 << 20) + #"", "Port": x}"# },
            says: "a.json:1:8388628: error: expected a value but found 'x'"),
        Case(
            testDescription: "a million nested actions", file: "a.cfg.tmpl",
            text: { nested("{{if .}}", "", "{{end}}") },
            says: "[nesting-too-deep]"),
        Case(
            testDescription: "a million parentheses", file: "a.cfg.tmpl",
            text: { "{{" + nested("(", "1", ")") + "}}" }, says: "[nesting-too-deep]"),
        Case(
            testDescription: "a hundred thousand definitions", file: "a.cfg.tmpl",
            text: { (0..<100_000).map { "{{define \"t\($0)\"}}x{{end}}" }.joined() + "{{" },
            says: "[unclosed-action]"),
        Case(
            testDescription: "a million lists", file: "a.json", text: { nested("[", "", "]") }, says: "[json-too-deep]"),
        Case(
            testDescription: "a million objects", file: "a.json", text: { nested(#"{"Attributes": "#, "1", "}") },
            says: "[json-too-deep]"),
        Case(
            testDescription: "100,000 mistakes in one line", file: "a.json",
            text: { "[" + String(repeating: "1, ", count: 100_000) + "1]" }, says: "[too-many-mistakes]"),
    ]

    @Test(arguments: cases)
    func isAnswered(example: Case) throws {
        let folder = try TemporaryFolder([example.file: example.text()])
        if example.size > 0 { truncate(folder.path(example.file), off_t(example.size)) }
        // Seconds of the processor, and KiB of addresses, of which a sanitizer takes many for itself.
        let limits = ProgramRun.isSanitized ? "" : "ulimit -t 30 -v 4000000; "
        let run = try ProgramRun.bash("\(limits)\"$PROGRAM\" check \(example.file)", in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains(example.says), "\(run.stderr.suffix(1_000))")
        // One mistake in one line shows a part of it.
        #expect(run.stderr.utf8.count < 1 << 20)
    }

    @Test func anEndlessOutputIsAnswered() throws {
        let folder = try TemporaryFolder([
            "a.cfg.tmpl": "{{ range 100000000 }}0123456789abcdef{{ end }}", "data.json": "[]",
            "haproxy-gen.json": """
            {"targets": [{"name": "a", "template": "a.cfg.tmpl", "data": "data.json", "output": "a.cfg"}]}
            """,
        ])
        // A program that is not optimised takes longer for as much.
        let run = try ProgramRun.run(["check", "--time-limit", "600"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("a.cfg.tmpl:1:10: error"), "\(run)")
        #expect(run.stderr.contains("larger than 33554432 bytes [limit-exceeded]"), "\(run)")
    }

    /// The time is the processor's, so that a busy machine changes nothing; the smallest limit ends at the first look.
    @Test func aLongRenderEndsAtItsTime() throws {
        let folder = try TemporaryFolder([
            "a.tmpl": "\n{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}", "data.json": "[]",
        ])
        let render = ["render", "-t", "a.tmpl", "--data", "data.json", "--time-limit"]
        let run = try ProgramRun.run(render + ["0.001"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("a.tmpl:2:"), "\(run)")
        #expect(run.stderr.contains("rendering takes more than 0.001 seconds of processor time [limit-exceeded]"))
        let wrong = try ProgramRun.run(render + ["soon"], in: folder.path)
        #expect(wrong.exitCode == 2 && wrong.stderr.contains("--time-limit"), "\(wrong)")
    }

    @Test func renderWarnsOfLiteralsInThePlaceOfTheText() throws {
        let folder = try TemporaryFolder([
            "a.cfg.tmpl": "frontend web\n    default_backend be_{{ .name | replace \".\" \"_\" }}\n",
            "data.json": #"{"name": "api.v1"}"#,
        ])
        let run = try ProgramRun.run(["render", "-t", "a.cfg.tmpl", "--data", "data.json"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains("a.cfg.tmpl:2:35: warning: replace takes"), "\(run)")
        #expect(run.stderr.contains(#"write replace .name "." "_" for that"#))
    }

    @Test func randomAndTruncatedFilesAreAnswered() throws {
        var generator = SystemRandomNumberGenerator()
        let good = [
            ("a.cfg.tmpl", "{{range .}}{{with $x := .Hosts}}{{printf \"%d\" (len $x)}}{{end}}{{else}}x{{end}}"),
            ("a.json", #"[{"Id": "wéb", "Port": 8.0e1, "Hosts": [{"Ip": "10.0.0.1"}], "Domains": ["\u00e9"]}]"#),
        ]
        var arguments: [String] = []
        let folder = try TemporaryFolder()
        for (name, text) in good {
            for length in text.utf8.indices.enumerated().map(\.offset) {
                try folder.write(String(decoding: text.utf8.prefix(length), as: UTF8.self), to: "\(length)\(name)")
                arguments.append("\(length)\(name)")
            }
            for number in 0..<20 {
                let bytes = (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
                try folder.write(String(decoding: bytes, as: UTF8.self), to: "random\(number)\(name)")
                arguments.append("random\(number)\(name)")
            }
        }
        let run = try ProgramRun.run(["check"] + arguments, in: folder.path)
        #expect(run.exitCode == 1, "\(run.stderr.suffix(1_000))")
    }
}
