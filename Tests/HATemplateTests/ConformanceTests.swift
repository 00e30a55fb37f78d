import Testing

@testable import HATemplate

/// Runs the cases of `Tests/Conformance/cases` and compares with what real Go answered.
@Suite struct ConformanceTests {
    @Test(arguments: ConformanceSet.go.cases.filter { KnownDifferences.go[$0.path] == nil })
    func agreesWithGo(_ example: ConformanceCase) { example.expectAgreement() }

    @Test(arguments: ConformanceSet.allCases)
    func everyFamilyHasCases(_ set: ConformanceSet) throws {
        #expect(!set.families.isEmpty)
        for family in set.families { #expect(try !set.load(family).isEmpty, "\(family)") }
    }

    @Test func knownDifferencesAreReal() throws {
        try KnownDifferences.expectReal(KnownDifferences.go, in: .go)
    }

    @Test func enoughCasesAreRecorded() {
        #expect(ConformanceSet.go.cases.count >= 600)
    }
}

/// Cases whose answer is meant to differ from the recorded one; `COMPATIBILITY.md` says why.
enum KnownDifferences {
    static let go: [String: String] = {
        var all = ["slice/slice-of-slice-up-to-capacity": "a slice does not reach elements that it hides"]
        let reasons = [
            "slice is Hugo's list of its arguments when Go's would refuse them": [
                "call-and-arity/slice-without-arguments", "floats/as-slice-index",
                "missing-keys/slice-of-missing-default", "slice/string-float", "slice/string-string",
                "slice/string-nil", "slice/string-null", "slice/string-missing", "slice/string-bool", "slice/map",
                "slice/map-with-index", "slice/int", "slice/int-with-index", "slice/float", "slice/bool", "slice/nil",
                "slice/null", "slice/missing", "slice/none",
            ],
            "the function is one of Hugo's": [
                "call-and-arity/unknown-function-with-arguments", "call-and-arity/unknown-function-piped",
                "call-and-arity/sprig-default-is-unknown", "call-and-arity/hugo-namespace-is-unknown",
                "proxy-templates/hugo-function-is-unknown",
            ],
        ]
        for (reason, keys) in reasons {
            for key in keys { all[key] = reason }
        }
        return all
    }()

    /// A difference that no longer exists must leave the list, and every entry must name a case.
    static func expectReal(_ differences: [String: String], in set: ConformanceSet) throws {
        for key in differences.keys.sorted() {
            let example = try #require(set.cases.first { $0.path == key }, "no case \(key)")
            #expect(!example.agrees(with: example.answer()), "\(key) agrees with \(set.reference) by now")
        }
    }
}
