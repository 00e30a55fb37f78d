import TestSupport
import Testing

/// `--include`, `--param` and `--params` of the whole program.
@Suite struct SharedPiecesTests {
    private func render(_ files: [String: String], _ arguments: [String]) throws -> ProgramRun {
        let folder = try TemporaryFolder(files)
        return try ProgramRun.run(["render"] + arguments, in: folder.path)
    }

    @Test func includedTemplatesAreFound() throws {
        let run = try render(
            [
                "t.txt": #"{{template "a" .}}{{partial "sub/b.tmpl" .}}"#, "d.json": "1",
                "parts/a.tmpl": "A{{.}}", "parts/sub/b.tmpl": "B{{.}}", "parts/.hidden": "{{",
            ], ["-t", "t.txt", "--data", "d.json", "--include", "parts", "--dialect", "plain"])
        #expect(run == ProgramRun(exitCode: 0, stdout: "A1B1", stderr: ""))
    }

    @Test func aMistakeInAnIncludedFileNamesIt() throws {
        let run = try render(
            ["t.txt": "", "d.json": "1", "parts/a.tmpl": "\n{{.x"],
            ["-t", "t.txt", "--data", "d.json", "--include", "parts", "--dialect", "plain"])
        #expect(run.exitCode == 1)
        #expect(run.stderr.hasPrefix("parts/a.tmpl:2:1: error: this action is not closed [unclosed-action]\n"))
    }

    @Test func parametersComeFromTheCommandLineAndAFile() throws {
        let run = try render(
            [
                "t.txt": #"{{param "a"}} {{param "b"}} {{printf "%T" (param "c")}} {{param "d" "e"}}"#,
                "p.json": #"{"a": 1, "b": 2}"#,
            ],
            [
                "-t", "t.txt", "--data", "p.json", "--params", "p.json", "-p", "b=x=y", "-p", "c=80", "--dialect",
                "plain",
            ])
        #expect(run == ProgramRun(exitCode: 0, stdout: "1 x=y int e", stderr: ""))
    }

    @Test func wrongParametersAreRefused() throws {
        let files = ["t.txt": "", "p.json": "[1]", "d.json": "1"]
        let start = ["-t", "t.txt", "--data", "d.json", "--dialect", "plain"]
        #expect(try render(files, start + ["-p", "novalue"]).exitCode == 2)
        let notAnObject = try render(files, start + ["--params", "p.json"])
        #expect(notAnObject.exitCode == 1)
        #expect(
            notAnObject.stderr.hasPrefix("p.json:1:1: error: the parameters must be one JSON object [wrong-type]\n"))
        #expect(try render(files, start + ["--include", "nowhere"]).exitCode == 3)
    }
}
