import Testing

@testable import HATemplate

/// The checker and the recorded cases: it accepts what renders, and refuses what fails for its types.
@Suite struct CheckConformanceTests {
    /// Cases that render because their data never takes the branch where the fault stands.
    static let notTaken = [
        "logic/and-stops-before-missing-key": "the operand of and that is not evaluated has no such key",
        "missing-keys/if-or-short-error": "the operand of or that is not evaluated has no such key",
        "proxy-templates/example-misspelt-field-not-reached":
            "no service is of the kind whose branch misspells a field",
    ]

    /// Whether the output holds what printf says of a wrong verb or a wrong number of values.
    private func showsMistake(_ finding: Diagnostic, _ output: String) -> Bool {
        (finding.code == .wrongVerb || finding.code == .printfArguments) && output.contains("%!")
    }

    @Test(arguments: ConformanceSet.allCases.flatMap(\.cases).filter(\.isRendered))
    func acceptsWhatRenders(_ example: ConformanceCase) {
        let errors = example.findings().filter { $0.severity == .error && !showsMistake($0, example.expectedText) }
        let isListed = Self.notTaken[example.path] != nil
        guard errors.isEmpty == isListed, case .output = example.answer() else { return }
        Issue.record("\(example.path): \(example.templateText) \(errors.map(summary))")
    }

    /// What Go prints as a mistake of printf is found; a width out of range is no matter of types.
    @Test(arguments: printfMistakes)
    func findsWhatPrintfComplainsOf(_ example: ConformanceCase) {
        let isFound = example.findings().contains { showsMistake($0, example.expectedText) }
        let isOutOfRange = example.expectedText.contains("BADWIDTH") || example.expectedText.contains("BADPREC")
        #expect(isFound || isOutOfRange, "\(example.templateText) \(example.expectedText)")
    }

    static let printfMistakes = ConformanceSet.go.cases.filter {
        $0.family.hasPrefix("printf") && $0.expectedText.contains("%!")
    }

    /// The variable of an operand that `and` or `or` may skip counts as declared.
    static let skippedDeclarations: Set<String> = [
        "variables/declaration-in-lazy-or-not-run-is-undefined",
        "variables/declaration-in-lazy-and-not-run-is-undefined",
    ]

    static let valueCodes: Set<DiagnosticCode> = [
        .indexOutOfRange, .limitExceeded, .arithmetic, .templateError, .fileAccess, .notAllowed,
    ]

    /// Failures that Go finds while it runs are found without running; the rest depend on values.
    @Test(arguments: ConformanceSet.go.cases.filter(\.failsWhileRunning))
    func refusesWhatFails(_ example: ConformanceCase) {
        guard case .runError(let failure) = example.answer(), !Self.valueCodes.contains(failure.code) else { return }
        let isFound = example.findings().contains { $0.severity == .error || $0.code.isPossible }
        #expect(
            isFound || Self.skippedDeclarations.contains(example.path), "\(example.templateText) \(summary(failure))")
    }

    /// The tests above would pass without cases.
    @Test func enoughMistakesAreFound() {
        let shown = Self.printfMistakes.filter { example in
            example.findings().contains { showsMistake($0, example.expectedText) }
        }
        #expect(shown.count > 100)
        let failing = ConformanceSet.go.cases.filter { example in
            guard example.failsWhileRunning, case .runError(let failure) = example.answer() else { return false }
            return !Self.valueCodes.contains(failure.code)
                && example.findings().contains { $0.severity == .error || $0.code.isPossible }
        }
        #expect(failing.count > 400)
    }
}
