import Testing

@testable import HATemplate

/// Runs the cases of `Tests/Conformance/hugo-cases` and compares with what real Hugo answered.
@Suite struct HugoConformanceTests {
    @Test(arguments: ConformanceSet.hugo.cases.filter { KnownDifferences.hugo[$0.path] == nil })
    func agreesWithHugo(_ example: ConformanceCase) { example.expectAgreement() }

    @Test func knownDifferencesAreReal() throws {
        try KnownDifferences.expectReal(KnownDifferences.hugo, in: .hugo)
    }

    @Test func enoughCasesAreRecorded() {
        #expect(ConformanceSet.hugo.cases.count >= 900)
    }
}

/// Runs the cases of `Tests/Conformance/own-cases`: functions that neither Go nor Hugo has.
@Suite struct OwnFunctionTests {
    @Test(arguments: ConformanceSet.own.cases)
    func answersAsWritten(_ example: ConformanceCase) { example.expectAgreement() }
}

extension KnownDifferences {
    static let hugo = [
        "collections-maps/group-missing-method": "group takes any list, not pages alone",
        "collections-maps/group-namespaced-missing-method": "group takes any list, not pages alone",
        "collections-parts/slice-short-name-one-string": "slice is Go's for a string and integers",
        "collections-parts/slice-short-name-string-and-integer": "slice is Go's for a string and integers",
        "collections-parts/slice-short-name-one-list": "slice is Go's for a list and integers",
        "collections-parts/slice-short-name-list-and-integers": "slice is Go's for a list and integers",
        "math/add-type": "there is one type of integers",
        "partial/partial-return-is-typed": "there is one type of integers",
        "regex-find/find-four-arguments": "arguments that have no meaning are refused",
        "regex-replace/replace-five-arguments": "arguments that have no meaning are refused",
        "regex-submatch/submatch-type": "the type of a list of lists is []interface {}",
        "time/method-is-zero-in-the-year-1": "times lie between the years 1678 and 2261",
        "transform/unmarshal-list": "text is JSON; Hugo takes this for CSV",
        "transform/unmarshal-integer-type": "integers in JSON are integers",
        "transform/unmarshal-million": "integers in JSON are integers",
        "transform/unmarshal-large-integer": "integers in JSON are integers",
        "urls/parse-printed": "a URL is a map of its parts; .String has the whole",
        "urls/parse-query": "the query of a URL is a map of lists; `index` has its values",
        "urls/parse-user": "the user of a URL is a map of name and password; .String has both",
    ]
}
