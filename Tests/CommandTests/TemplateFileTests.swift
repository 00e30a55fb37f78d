import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

/// Files as editors leave them: byte-order marks, UTF-16, a last line without a line break.
@Suite("Files of templates") struct TemplateFileTests {
    private static func write(_ bytes: [UInt8], to name: String, in folder: TemporaryFolder) throws {
        try folder.write("", to: name)
        let descriptor = try FileSystem.system.open(folder.path(name), .writing)
        defer { try? FileSystem.system.close(descriptor) }
        try FileSystem.system.writeAll(bytes, to: descriptor)
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    @Test("a byte-order mark of a template or piece is skipped", arguments: ["t.cfg.tmpl", "t.tmpl"])
    func mark(_ name: String) throws {
        let folder = try TemporaryFolder(["d.json": #"{"a": "x"}"#, "pieces/x": ""])
        try Self.write(Self.mark + Array("# {{ .a }}{{ template \"p\" }}\n".utf8), to: name, in: folder)
        try Self.write(Self.mark + Array("+".utf8), to: "pieces/p.tmpl", in: folder)
        let words = ["-t", name, "--data", "d.json", "--include", "pieces"]
        let run = try ProgramRun.run(["render"] + words, in: folder.path)
        #expect(run.exitCode == 0 && run.stdout == "# x+\n", "\(run)")
        // Places count from the first character after it.
        try Self.write(Self.mark + Array("# {{ .a.b }}\n".utf8), to: name, in: folder)
        let wrong = try ProgramRun.run(["render"] + words, in: folder.path)
        #expect(wrong.stderr.contains("\(name):1:"), "\(wrong)")
        let plain = try ProgramRun.run(["render"] + words, in: folder.path).stderr
        try Self.write(Array("# {{ .a.b }}\n".utf8), to: name, in: folder)
        #expect(try ProgramRun.run(["render"] + words, in: folder.path).stderr == plain)
    }

    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return bigEndian ? [high, low] : [low, high]
        }
    }

    @Test("UTF-16 is named", arguments: [true, false], [true, false])
    func utf16(_ bigEndian: Bool, _ hasMark: Bool) throws {
        let folder = try TemporaryFolder(["d.json": "{}", "t.cfg": "# x\n", "pieces/x": ""])
        let bytes = Self.utf16("# x\n", bigEndian: bigEndian, mark: hasMark)
        try Self.write(bytes, to: "t.cfg", in: folder)
        let error = ":1:1: error: this file is UTF-16; save it as UTF-8 [bad-character]\n"
        for words in [["render", "-t", "t.cfg", "--data", "d.json"], ["check", "--syntax", "t.cfg"]] {
            let run = try ProgramRun.run(words, in: folder.path)
            #expect(run.exitCode == 1 && run.stderr.hasPrefix("t.cfg" + error), "\(run)")
        }
        try folder.write("# x\n", to: "t.cfg")
        try Self.write(bytes, to: "pieces/p", in: folder)
        let words = ["render", "-t", "t.cfg", "--data", "d.json", "--include", "pieces"]
        let run = try ProgramRun.run(words, in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.hasPrefix("pieces/p" + error), "\(run)")
    }

    static let ends: [(template: String, dialect: String, output: String)] = [
        ("listen a\n  bind :1", "haproxy", "listen a\n  bind :1\n"),
        ("listen {{ .a }}{{ end_ -}}\n", "haproxy", "listen x\n"),
        ("events {}", "nginx", "events {}\n"), ("listen {{ .a }}", "haproxy", "listen x\n"), ("", "haproxy", ""),
        ("{{ .a }}", "plain", "x"), ("a\n", "nginx", "a\n"), ("a\n\n", "haproxy", "a\n"),
    ]

    @Test("in the dialects an output ends with a line break", arguments: ends, ["keep", "squeeze", "remove"])
    func lastLine(_ end: (template: String, dialect: String, output: String), _ blank: String) throws {
        let template = end.template.replacing("{{ end_ -}}", with: "{{ if true }}{{ end -}}")
        let folder = try TemporaryFolder(["t": template, "d.json": #"{"a": "x"}"#])
        let words = ["-t", "t", "--data", "d.json", "--dialect", end.dialect, "--blank-lines", blank]
        let run = try ProgramRun.run(["render"] + words + ["--source-map", "map"], in: folder.path)
        let expected = blank == "keep" && template.hasSuffix("\n\n") ? template : end.output
        #expect(run.exitCode == 0 && run.stdout == expected, "\(run)")
        #expect(try ProgramRun.run(["render"] + words, in: folder.path).stdout == expected)
        // The map knows the break.
        let map = try folder.read("map")
        #expect(map.contains("\"bytes\": \(expected.utf8.count),"), "\(map)")
    }

    @Test(
        "what the proxy says of the last line stands at the line", .enabled(if: ProgramRun.installed("haproxy") != nil))
    func lastLineOfProxy() throws {
        // haproxy refuses a file whose last line is not ended.
        let template = """
            defaults
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            listen web
                bind :18080
            {{- range . }}{{ range .Hosts }}
                server {{ .Id }} {{ .Address }}{{ end }}{{ end -}}

            """
        let folder = try TemporaryFolder([
            "t.cfg.tmpl": template,
            "s.json": #"{"Id": "a", "Port": 80, "Hosts": [{"Id": "h1", "Ip": "10.0.0.1"}]}"#, "o.cfg": "",
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.cfg.tmpl", "services": ["s.json"], "output": "o.cfg"}]}"#,
        ])
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
        let run = try ProgramRun.run(["check", "--require-proxy"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains("0 errors, "), "\(run)")
        #expect(try folder.read("o.cfg").hasSuffix("server h1 10.0.0.1:80\n"))
    }
}
