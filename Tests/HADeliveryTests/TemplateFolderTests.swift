import HAServices
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What a template may read of its folder, and what not.
@Suite struct TemplateFolderTests {
    private let folder: TemporaryFolder
    private let answers: RenderEnvironment.Files

    init() throws {
        folder = try TemporaryFolder(["top.txt": "secret", "t/a.txt": "A", "t/sub/b.txt": "B"])
        folder.link("t/in", to: "sub/../sub/b.txt")
        folder.link("t/folder", to: "sub")
        folder.link("t/sub/up", to: "../a.txt")
        folder.link("t/out", to: "../top.txt")
        folder.link("t/absolute", to: folder.path("t/a.txt"))
        folder.link("t/loop", to: "loop")
        folder.link("t/nowhere", to: "missing")
        folder.link("t/parent", to: "..")
        answers = TemplateFolder(path: folder.path("t"), files: .system).answers
    }

    @Test(arguments: [
        ("a.txt", "A"), ("sub/b.txt", "B"), ("in", "B"), ("folder/b.txt", "B"), ("sub/up", "A"), ("folder/up", "A"),
    ])
    func readable(_ path: String, _ text: String) throws {
        #expect(String(decoding: try answers.read(path).get(), as: UTF8.self) == text)
        #expect(try answers.exists(path).get())
    }

    @Test(arguments: [
        ("out", RenderEnvironment.Fault.outside), ("absolute", .outside), ("parent/top.txt", .outside),
        ("nowhere", .notFound), ("missing", .notFound), ("a.txt/x", .notFolder), ("sub", .isFolder),
        ("loop", .unreadable("too many symbolic links")),
    ])
    func refused(_ path: String, _ fault: RenderEnvironment.Fault) {
        #expect(answers.read(path) == .failure(fault))
    }

    @Test func existence() {
        #expect(answers.exists("sub") == .success(true))
        #expect(answers.exists("nowhere") == .success(false))
        #expect(answers.exists("a.txt/x") == .success(false))
        #expect(answers.exists("out") == .failure(.outside))
    }

    @Test func listing() throws {
        let entries = try answers.list("sub").get().map { "\($0.name) \($0.isFolder) \($0.size)" }.sorted()
        #expect(entries == ["b.txt false 1", "up false 8"])
        guard case .failure(.notFolder) = answers.list("a.txt") else { return #expect(Bool(false)) }
    }

    @Test func theProgramAllowsWhatItShould() throws {
        try folder.write(
            #"{{ readFile "a.txt" }}{{ getenv "X" }}{{ now.Year }}{{ warnf "w" }}"#, to: "t/x.tmpl")
        try folder.write("1", to: "d.json")
        let arguments = ["render", "-t", "t/x.tmpl", "--data", "d.json", "--dialect", "plain"]
        let run = try ProgramRun.run(
            arguments + ["--env", "X"], environment: ["X": "x", "SOURCE_DATE_EPOCH": "86400"], in: folder.path)
        #expect(run.stdout == "Ax1970")
        #expect(run.exitCode == 0)
        #expect(run.stderr.hasPrefix("t/x.tmpl:1:56: warning: w [template-warning]\n"))
        let refused = try ProgramRun.run(arguments, environment: ["X": "x"], in: folder.path)
        #expect(refused.exitCode == 1)
        #expect(refused.stderr.contains("note: allow it with --env X\n"))
        let malformed = try ProgramRun.run(arguments, environment: ["SOURCE_DATE_EPOCH": "soon"], in: folder.path)
        #expect(malformed.exitCode == 1)
        #expect(malformed.stderr.contains("SOURCE_DATE_EPOCH"))
    }
}
