import Testing

@testable import HATemplate

/// The table of functions and the functions themselves: what the checker refuses must fail.
@Suite struct TableTests {
    /// A template text of each kind of value.
    private static let samples: [(kind: ValueType, texts: [String])] = [
        (.nil, ["nil"]), (.bool, ["true"]), (.int, ["2"]), (.float, ["1.5"]),
        (.string, [#""a""#, #""2""#, #""2026-01-02""#]), (.list, [#"(collections.Slice "a" "b")"#]),
        (.map, [#"(dict "a" 1)"#]), (.time, [#"(time "2026-01-02")"#]), (.duration, [#"(time.ParseDuration "1h")"#]),
    ]

    /// Parameters that are not looked at when another argument leaves nothing to do.
    private static let vacuous: Set<String> = [
        "collections.Index indices", "collections.Index collection", "collections.IsSet key",
        "collections.Intersect list", "collections.Intersect other", "collections.Where key",
        "collections.Delimit last",
        "collections.Apply function", "containsAll collection", "index collection", "groupBy key", "groupByKeys key",
        "groupByMulti key", "whereExist key", "whereNotExist key", "whereAny key", "whereAll key",
        "sortObjectsByKeysAsc key", "sortObjectsByKeysDesc key",
    ]

    @Test(arguments: FunctionLibrary.standard.all.map(\.name))
    func refusedArgumentsFail(name: String) throws {
        let function = try #require(FunctionLibrary.standard[name])
        guard case .native = function.body, !Self.vacuous.contains("\(name)") else { return }
        for (index, parameter) in function.parameters.enumerated()
        where !Self.vacuous.contains("\(name) \(parameter.name)") {
            for sample in Self.samples where sample.kind.isDisjoint(with: parameter.accepted) {
                let working = calls(function, index, sample.texts[0]).first { (try? render("{{\($0)}}")) != nil }
                #expect(working == nil)
            }
        }
    }

    /// Calls with one argument given and others that the table allows.
    private func calls(_ function: Function, _ index: Int, _ text: String) -> [String] {
        var calls = [function.name]
        for (position, parameter) in function.parameters.enumerated()
        where position <= index || parameter.requirement == .required {
            let fitting = Self.samples.filter { !$0.kind.isDisjoint(with: parameter.type) }.flatMap(\.texts)
            let texts = position == index ? [text] : fitting
            calls = Array(calls.flatMap { call in texts.map { "\(call) \($0)" } }.prefix(60))
        }
        return calls
    }
}
