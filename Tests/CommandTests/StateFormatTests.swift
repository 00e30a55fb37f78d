import HATemplate
import TestSupport
import Testing

/// `--format json` of every command below `state` is one JSON value on standard output, and nothing else.
@Suite struct StateFormatTests {
    /// The words after `state`, the exit code, and where a value stands in the result.
    static let commands: [(words: [String], exit: Int32, path: [String], value: String)] = [
        (["list"], 0, ["0", "table"], "astro"),
        (["show", "astro"], 0, ["table"], "astro"),
        (["show", "astro", "--revision", "1"], 0, ["services", "0", "Id"], "app1"),
        (["log", "astro"], 0, ["2", "changes", "0", "text"], "new, 1 host"),
        (["diff", "astro", "1", "2"], 1, ["1", "service"], "reports"),
        (["diff", "astro", "2", "2"], 0, [], "[]"),
        (["rollback", "astro", "1"], 0, ["revision"], "4"),
        (["rollback", "astro", "3"], 0, ["changes"], "[]"),
        (["verify"], 0, ["findings"], "[]"),
        (["verify", "astro"], 0, ["files"], "4"),
        (["import", "services.json", "new"], 0, ["changes", "0", "change"], "added"),
        (["import", "services.json", "astro"], 0, ["before"], "3"),
        (["export", "astro"], 0, ["0", "Id"], "app1"),
        (["export", "astro", "--revision", "2"], 0, ["0", "Hosts", "1", "Id"], "kml4nk654m3"),
    ]

    @Test(arguments: commands)
    func printsJSON(row: (words: [String], exit: Int32, path: [String], value: String)) throws {
        let bench = try GenerateBench()
        for name in ["1-start", "2-start", "3-stop"] { _ = try bench.generate([bench.example(name)]) }
        try bench.folder.write(#"[{"Id": "web", "Port": 80}]"#, to: "services.json")
        let run = try bench.state(row.words + ["--format", "json"])
        #expect(run.exitCode == row.exit && run.stderr.isEmpty, "\(run)")
        let document = try Document.json(name: "", bytes: Array(run.stdout.utf8))
        var value = document.root
        for step in row.path {
            let elements = value.kind == .list ? Array(document.elements(of: value)) : []
            let next = Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            value = try #require(next ?? document.field(step, of: value), "\(step) in \(run.stdout)")
        }
        let shown =
            switch value.kind {
            case .list: value.count == 0 ? "[]" : "list"
            case .int: String(value.asInt)
            default: document.text(of: value) ?? ""
            }
        #expect(shown == row.value, "\(run)")
    }

    static let failures: [(words: [String], exit: Int32)] = [
        (["show", "none"], 1), (["log", "none"], 1), (["export", "astro", "--revision", "9"], 1),
        (["rollback", "astro", "9"], 1), (["import", "none.json", "astro"], 3), (["list", "--state", "none"], 3),
        (["diff", "astro", "1"], 2), (["verify", "none"], 1),
    ]

    @Test(arguments: failures)
    func failuresPrintNothing(row: (words: [String], exit: Int32)) throws {
        let bench = try GenerateBench()
        _ = try bench.generate([bench.example("1-start")])
        let run = try bench.state(row.words + ["--format", "json"])
        #expect(run.exitCode == row.exit && run.stdout.isEmpty && !run.stderr.isEmpty, "\(run)")
    }
}
