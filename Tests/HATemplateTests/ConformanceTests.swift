import Testing

@testable import HATemplate

/// Runs the cases of `Tests/Conformance` and compares with what real Go answered.
@Suite struct ConformanceTests {
    @Test(arguments: ConformanceFamily.names)
    func agreesWithGo(family name: String) throws {
        let family = try ConformanceFamily.load(name)
        #expect(!family.cases.isEmpty)
        for example in family.cases where KnownDifferences.reason(family: name, case: example.name) == nil {
            let answer = example.answer()
            guard !example.agrees(with: answer) else { continue }
            Issue.record("\(name)/\(example.name): \(example.templateText)\n\(example.expectation)\n\(answer)")
        }
    }

    /// A difference that no longer exists must leave the list, and every entry must name a case.
    @Test func knownDifferencesAreReal() throws {
        for (key, _) in KnownDifferences.all {
            let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
            let family = try ConformanceFamily.load(parts[0])
            let example = try #require(family.cases.first { $0.name == parts[1] }, "no case \(key)")
            #expect(!example.agrees(with: example.answer()), "\(key) agrees with Go by now")
        }
    }

    @Test func enoughCasesAreRecorded() throws {
        let count = try ConformanceFamily.names.reduce(0) { try $0 + ConformanceFamily.load($1).cases.count }
        #expect(count >= 600)
    }
}

/// Cases whose answer is meant to differ from Go's; `COMPATIBILITY.md` says why.
enum KnownDifferences {
    static let all = [
        "slice/slice-of-slice-up-to-capacity": "a slice does not reach elements that it hides",
        "call-and-arity/sprig-default-is-unknown": "Hugo's functions are known",
        "proxy-templates/hugo-function-is-unknown": "Hugo's functions are known",
        "slice/string-float": listInstead,
        "slice/string-string": listInstead,
        "slice/string-nil": listInstead,
        "slice/string-null": listInstead,
        "slice/string-missing": listInstead,
        "slice/string-bool": listInstead,
        "slice/map": listInstead,
        "slice/map-with-index": listInstead,
        "slice/int": listInstead,
        "slice/int-with-index": listInstead,
        "slice/float": listInstead,
        "slice/bool": listInstead,
        "slice/nil": listInstead,
        "slice/null": listInstead,
        "slice/missing": listInstead,
        "slice/none": listInstead,
        "floats/as-slice-index": listInstead,
        "missing-keys/slice-of-missing-default": listInstead,
        "call-and-arity/slice-without-arguments": listInstead,
    ]

    private static let listInstead = "where Go's slice fails, Hugo's makes a list"

    static func reason(family: String, case name: String) -> String? { all["\(family)/\(name)"] }
}
