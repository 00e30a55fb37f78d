import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

@Suite("Rendering")
struct RenderTests {
    /// `haproxy-gen render` in a folder of files; the template is `t.cfg`, the data `d.json`, unless said otherwise.
    private func render(
        _ template: String, data: String = "{}", _ options: [String] = [], stdin: String = ""
    ) throws -> ProgramRun {
        let folder = try TemporaryFolder(["t.cfg": template, "d.json": data])
        return try ProgramRun.run(
            ["render", "-t", "t.cfg", "--data", "d.json"] + options, stdin: stdin, in: folder.path)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let template: String
        var data = "{}"
        var options: [String] = []
        let output: String
    }

    @Test(
        "output",
        arguments: [
            Case(testDescription: "text alone", template: "global\n", output: "global\n"),
            Case(testDescription: "nothing", template: "", output: ""),
            Case(
                testDescription: "data", template: "bind :{{ .port }}\n", data: #"{"port": 9007199254740993}"#,
                output: "bind :9007199254740993\n"),
            Case(
                testDescription: "haproxy squeezes blank lines", template: "\n\na\n\n \t\nb\n\n",
                output: "a\n\nb\n"),
            Case(
                testDescription: "plain keeps blank lines", template: "\n\na\n\n \t\nb\n\n",
                options: ["--dialect=plain"], output: "\n\na\n\n \t\nb\n\n"),
            Case(
                testDescription: "blank lines kept on demand", template: "a\n\n\nb\n",
                options: ["--blank-lines", "keep"], output: "a\n\n\nb\n"),
            Case(
                testDescription: "blank lines removed on demand", template: "a\n\n\nb\n",
                options: ["--blank-lines", "remove"], output: "a\nb\n"),
            Case(
                testDescription: "missing key as Go prints it", template: "{{ .x }}\n",
                options: ["--missing-key=default", "--dialect=plain"], output: "<no value>\n"),
            Case(
                testDescription: "delimiters", template: "{{ [[ .x ]] }}\n", data: #"{"x": 1}"#,
                options: ["--delims", "[[,]]"], output: "{{ 1 }}\n"),
            Case(
                testDescription: "- is standard output", template: "a\n", options: ["-o", "-"], output: "a\n"),
            Case(
                testDescription: "characters of several bytes", template: "# {{ .x }}\n", data: #"{"x": "日本 ä"}"#,
                output: "# 日本 ä\n"),
        ])
    func output(_ test: Case) throws {
        let run = try render(test.template, data: test.data, test.options)
        #expect(run == ProgramRun(exitCode: 0, stdout: test.output, stderr: ""))
    }

    @Test("standard input as data, as the template, as services")
    func standardInput() throws {
        let folder = try TemporaryFolder(["t.cfg": "{{ .x }}\n", "d.json": #"{"x": 1}"#, "list.cfg": "{{ len . }}\n"])
        let data = try ProgramRun.run(["render", "-tt.cfg", "--data=-"], stdin: #"{"x": 2}"#, in: folder.path)
        #expect(data == ProgramRun(exitCode: 0, stdout: "2\n", stderr: ""))
        let template = try ProgramRun.run(
            ["render", "-t", "-", "--data", "d.json", "--dialect=plain"], stdin: "x={{ .x }}", in: folder.path)
        #expect(template == ProgramRun(exitCode: 0, stdout: "x=1", stderr: ""))
        let services = try ProgramRun.run(["render", "-t", "list.cfg", "-s", "-"], stdin: "[]", in: folder.path)
        #expect(services == ProgramRun(exitCode: 0, stdout: "0\n", stderr: ""))
    }

    @Test("a template whose name tells no dialect is plain, and that is said")
    func guessed() throws {
        let folder = try TemporaryFolder(["t.txt": "a\n\n\nb\n", "d.json": "{}"])
        let words = ["render", "-t", "t.txt", "--data", "d.json"]
        let note = """
            haproxy-gen: note: 't.txt' is rendered as plain text: name it *.cfg.tmpl or *.conf.tmpl, or give --dialect

            """
        #expect(
            try ProgramRun.run(words, in: folder.path) == ProgramRun(exitCode: 0, stdout: "a\n\n\nb\n", stderr: note))
        let said = try ProgramRun.run(words + ["--dialect=plain"], in: folder.path)
        #expect(said == ProgramRun(exitCode: 0, stdout: "a\n\n\nb\n", stderr: ""))
    }

    @Test("a folder without service files gives an empty list, and that is said")
    func emptyFolder() throws {
        let folder = try TemporaryFolder(["t.cfg": "{{ len . }} services\n", "services/README": ""])
        let run = try ProgramRun.run(["render", "-t", "t.cfg", "-s", "services"], in: folder.path)
        #expect(run.exitCode == 0 && run.stdout == "0 services\n")
        #expect(run.stderr == "haproxy-gen: note: no *.json file is in the folder services\n")
    }

    // MARK: Mistakes

    @Test("a mistake in the template: code 1, its place, nothing on standard output")
    func templateMistake() throws {
        let run = try render("global\n  {{ if .x }}\n")
        #expect(run.exitCode == 1 && run.stdout == "")
        #expect(run.stderr.hasPrefix("t.cfg:"))
        #expect(run.stderr.contains(": error: "))
    }

    @Test("a failure while rendering: code 1, its place, nothing on standard output")
    func runtimeMistake() throws {
        let run = try render("global\n  maxconn {{ .x }}\n")
        #expect(run.exitCode == 1 && run.stdout == "")
        #expect(run.stderr.hasPrefix("t.cfg:2:"))
    }

    @Test("mistakes of the template and the data in one run")
    func bothMistakes() throws {
        let run = try render("{{ if }}\n", data: "{\n  \"a\": tru\n}\n")
        #expect(run.exitCode == 1 && run.stdout == "")
        #expect(run.stderr.contains("t.cfg:1:"))
        #expect(run.stderr.contains("d.json:2:"))
    }

    @Test("mistakes of several service files in one run")
    func serviceMistakes() throws {
        let folder = try TemporaryFolder(["t.cfg": "x", "services/b.json": "{", "services/a.json": "[}"])
        let run = try ProgramRun.run(["render", "-t", "t.cfg", "-s", "services"], in: folder.path)
        #expect(run.exitCode == 1 && run.stdout == "")
        let places = run.stderr.split(separator: "\n").filter { $0.contains(": error: ") }.map {
            $0.prefix { $0 != ":" }
        }
        #expect(places == ["services/a.json", "services/b.json"])
    }

    @Test("diagnostics are colored on demand")
    func color() throws {
        #expect(try render("{{ if }}").stderr.contains("\u{1B}[") == false)
        #expect(try render("{{ if }}", ["--color=always"]).stderr.contains("\u{1B}["))
    }

    // MARK: Files

    @Test("the file is written, left alone when nothing changes, and replaced when something does")
    func file() throws {
        let folder = try TemporaryFolder(["t.cfg": "port {{ .x }}\n", "d.json": #"{"x": 1}"#])
        let words = ["render", "-t", "t.cfg", "--data", "d.json", "-o", "out.cfg"]
        let wrote = ProgramRun(exitCode: 0, stdout: "", stderr: "wrote out.cfg\n")
        #expect(try ProgramRun.run(words, in: folder.path) == wrote)
        let again = try ProgramRun.run(words, in: folder.path)
        #expect(again == ProgramRun(exitCode: 0, stdout: "", stderr: "out.cfg is unchanged\n"))
        try folder.write(#"{"x": 2}"#, to: "d.json")
        #expect(try ProgramRun.run(words, in: folder.path) == wrote)
        #expect(try folder.read("out.cfg") == "port 2\n")
        #expect(try folder.names() == ["d.json", "out.cfg", "t.cfg"])
    }

    @Test("a new file's mode follows the umask")
    func mode() throws {
        let folder = try TemporaryFolder(["t.cfg": "x\n", "d.json": "1"])
        let run = try ProgramRun.bash(
            "umask 027; \"$PROGRAM\" render -t t.cfg --data d.json -o out.cfg", in: folder.path)
        #expect(run.exitCode == 0)
        #expect(try folder.status("out.cfg").mode == 0o640)
    }

    @Test(
        "a failure leaves the old file as it was",
        arguments: [("{{ .x.y.z }}", 1), ("{{ if }}", 1), ("x", 3)])
    func kept(_ template: String, _ code: Int32) throws {
        let folder = try TemporaryFolder(["t.cfg": template, "d.json": "{}", "out.cfg": "old\n"])
        let data = code == 3 ? "missing.json" : "d.json"
        let run = try ProgramRun.run(["render", "-t", "t.cfg", "--data", data, "-o", "out.cfg"], in: folder.path)
        #expect(run.exitCode == code && run.stdout == "")
        #expect(try folder.read("out.cfg") == "old\n")
        #expect(try folder.names() == ["d.json", "out.cfg", "t.cfg"])
    }

    @Test(
        "a file that grows too large: the old one stays, no temporary file is left",
        .enabled(if: ProgramRun.canLimitFiles))
    func tooLarge() throws {
        let folder = try TemporaryFolder([
            "t.cfg": "{{ range 100000 }}line\n{{ end }}", "d.json": "{}", "out.cfg": "old\n",
        ])
        let run = try ProgramRun.bash(
            "ulimit -f 16; \"$PROGRAM\" render -t t.cfg --data d.json -o out.cfg", environment: ProgramRun.uncounted,
            in: folder.path)
        let sentence = "cannot write out.cfg: the file would be larger than the system allows"
        #expect(run == ProgramRun(exitCode: 3, stdout: "", stderr: "haproxy-gen: error: \(sentence)\n"))
        #expect(try folder.read("out.cfg") == "old\n")
        #expect(try folder.names() == ["d.json", "out.cfg", "t.cfg"])
    }

    @Test("a folder that may not be written", .enabled(if: geteuid() == 0, "needs root, to become somebody else"))
    func forbidden() throws {
        guard ProgramRun.installed("setpriv") != nil else { return }
        let folder = try TemporaryFolder(["t.cfg": "new\n", "d.json": "{}", "out.cfg": "old\n"])
        chmod(folder.path, 0o755)
        let run = try ProgramRun.bash(
            """
            cp "$PROGRAM" program
            setpriv --reuid 65534 --regid 65534 --clear-groups ./program render -t t.cfg --data d.json -o out.cfg
            """, environment: ProgramRun.uncounted, in: folder.path)
        #expect(run.exitCode == 3)
        #expect(run.stderr == "haproxy-gen: error: cannot write out.cfg: permission denied in its folder\n")
        #expect(try folder.read("out.cfg") == "old\n")
    }

    @Test("a reader that stops early ends a long output silently")
    func head() throws {
        let folder = try TemporaryFolder(["t.cfg": "{{ range 1000000 }}line\n{{ end }}", "d.json": "{}"])
        let run = try ProgramRun.bash(
            """
            { "$PROGRAM" render -t t.cfg --data d.json; echo "status $?" >&2; } | head -n 1
            """, in: folder.path)
        #expect(run == ProgramRun(exitCode: 0, stdout: "line\n", stderr: "status 141\n"))
    }

    @Test("file names with spaces, dashes and letters of any script")
    func names() throws {
        let folder = try TemporaryFolder(["a b/-t.cfg": "{{ . }}\n", "日本.json": "1"])
        let run = try ProgramRun.run(
            ["render", "--template=a b/-t.cfg", "--data", "日本.json", "-o", "a b/ä.cfg"], in: folder.path)
        #expect(run == ProgramRun(exitCode: 0, stdout: "", stderr: "wrote a b/ä.cfg\n"))
        #expect(try folder.read("a b/ä.cfg") == "1\n")
    }
}
