import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

@Suite struct FunctionsTests {
    @Test func theDocumentIsCurrent() throws {
        try expectGolden(FunctionReference.markdown(Template.functions), "../../../docs/functions.md")
    }

    @Test func everyExampleWorks() {
        for function in Template.functions where function.result.hasPrefix("error:") {
            Issue.record("\(function.name): \(function.result)")
        }
    }

    @Test func aFunctionIsExplained() throws {
        let run = try ProgramRun.run(["functions", "printf"])
        #expect(run.exitCode == 0)
        #expect(run.stdout.contains("printf FORMAT [VALUES…]: string"))
        #expect(run.stdout.contains("prints:\n  web:00080\n"))
    }

    @Test func anAliasIsExplained() throws {
        #expect(try ProgramRun.run(["functions", "partial"]).stdout.hasPrefix("partials.Include NAME [DOT]"))
    }

    @Test func aWordIsSearchedFor() throws {
        let run = try ProgramRun.run(["functions", "LESS THAN"])
        #expect(run.exitCode == 0)
        #expect(run.stdout.contains("lt ") && run.stdout.contains("le "))
        #expect(!run.stdout.contains("printf"))
    }

    @Test func aMisspeltNameGetsASuggestion() throws {
        let run = try ProgramRun.run(["functions", "pritnf"])
        #expect(run.exitCode == 1)
        #expect(
            run.stderr
                == "haproxy-gen: error: no function is called or described by 'pritnf' (did you mean 'printf'?)\n")
    }
}
