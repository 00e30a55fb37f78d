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

    @Test(arguments: ConformanceSet.allCases)
    func acceptsWhatRenders(set: ConformanceSet) throws {
        for family in set.families {
            for example in try set.load(family).cases where example.isRendered {
                let errors = example.findings().filter {
                    $0.severity == .error && !showsMistake($0, example.expectedText)
                }
                let isListed = Self.notTaken["\(family)/\(example.name)"] != nil
                guard errors.isEmpty == isListed else { continue }
                guard case .output = example.answer() else { continue }
                Issue.record("\(family)/\(example.name): \(example.templateText) \(errors.map(summary))")
            }
        }
    }

    /// What Go prints as a mistake of printf is found; a width out of range is no matter of types.
    @Test func findsWhatPrintfComplainsOf() throws {
        var found = 0
        var missed: [String] = []
        for family in ConformanceSet.go.families where family.hasPrefix("printf") {
            for example in try ConformanceSet.go.load(family).cases where example.expectedText.contains("%!") {
                if example.findings().contains(where: { showsMistake($0, example.expectedText) }) {
                    found += 1
                } else if !example.expectedText.contains("BADWIDTH"), !example.expectedText.contains("BADPREC") {
                    missed.append("\(example.name) \(example.templateText) \(example.expectedText)")
                }
            }
        }
        #expect(found > 100)
        #expect(missed.isEmpty, "\(missed)")
    }

    /// The variable of an operand that `and` or `or` may skip counts as declared.
    static let skippedDeclarations: Set<String> = [
        "variables/declaration-in-lazy-or-not-run-is-undefined",
        "variables/declaration-in-lazy-and-not-run-is-undefined",
    ]

    /// Failures that Go finds while it runs are found without running; the rest depend on values.
    @Test func refusesWhatFails() throws {
        let valueCodes: Set<DiagnosticCode> = [
            .indexOutOfRange, .limitExceeded, .arithmetic, .templateError, .fileAccess, .notAllowed,
        ]
        var found = 0
        var missed: [String] = []
        for family in ConformanceSet.go.families {
            for example in try ConformanceSet.go.load(family).cases where example.failsWhileRunning {
                guard case .runError(let failure) = example.answer(), !valueCodes.contains(failure.code) else {
                    continue
                }
                if example.findings().contains(where: { $0.severity == .error || $0.code.isPossible }) {
                    found += 1
                } else if !Self.skippedDeclarations.contains("\(family)/\(example.name)") {
                    missed.append("\(family)/\(example.name) \(example.templateText) \(summary(failure))")
                }
            }
        }
        #expect(found > 400)
        #expect(missed.isEmpty, "\(missed.joined(separator: "\n"))")
    }
}
