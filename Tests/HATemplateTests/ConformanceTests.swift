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
        "slice/slice-of-slice-up-to-capacity": "a slice does not reach elements that it hides"
    ]

    static func reason(family: String, case name: String) -> String? { all["\(family)/\(name)"] }
}
