import TestSupport
import Testing

/// `--trust-config`: whose Config is written as it is.
@Suite struct TrustConfigTests {
    private static let service = #"{"Id": "a", "ApplicationProtocol": "http", "Config": "option x\noption y"}"#
    private static let template = "{{ range . }}{{ .Config }}{{ end }}\n"

    static let cases: [(arguments: [String], exitCode: Int32)] = [
        (["-s", "a.json"], 0), (["-s", "-"], 1), (["-s", "-", "--trust-config", "stdin"], 0),
        (["-s", "-", "--trust-config", "state"], 1), (["-s", "-", "--dialect", "plain"], 0),
    ]

    @Test(arguments: cases.indices)
    func render(_ index: Int) throws {
        let (arguments, exitCode) = Self.cases[index]
        let folder = try TemporaryFolder(["a.json": Self.service, "t.cfg.tmpl": Self.template])
        let run = try ProgramRun.run(
            ["render", "-t", "t.cfg.tmpl"] + arguments, stdin: Self.service, in: folder.path)
        #expect(run.exitCode == exitCode, "\(run)")
        if exitCode == 0 {
            #expect(run.stdout == "option x\noption y\n")
        } else {
            #expect(run.stderr.contains("[unsafe-value]") && run.stderr.contains("--trust-config"), "\(run)")
        }
    }
}
