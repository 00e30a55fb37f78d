import Testing

@testable import HATemplate

/// Proves that no function of the table lacks a case: a result under each of its names, and a wrong call.
///
/// The cases are those of `Tests/Conformance`: Go's, Hugo's, and for functions that neither has our own.
@Suite struct FunctionCoverageTests {
    /// Functions that never give a result.
    static let withoutResult: Set<String> = ["fmt.Errorf", "fmt.Erroridf"]

    @Test func everyNameHasAResult() {
        let covered = CoveredFunctions()
        let missing = FunctionLibrary.standard.all.filter { !Self.withoutResult.contains($0.name) }
            .flatMap { [$0.name] + $0.aliases }
            .filter { !covered.withResult.contains($0) }
        #expect(missing.isEmpty, "no case shows the result of \(missing.joined(separator: ", "))")
    }

    @Test func everyFunctionHasAWrongCall() {
        let covered = CoveredFunctions()
        let missing = FunctionLibrary.standard.all.filter(\.canBeCalledWrongly)
            .filter { covered.withError.isDisjoint(with: [$0.name] + $0.aliases) }
            .map(\.name)
        #expect(missing.isEmpty, "no case shows a wrong call of \(missing.joined(separator: ", "))")
    }

    @Test(arguments: [
        ("no {{ html .x | partials.Include \"js .y\" }} len", ["html", "partials.Include"]),
        ("{{- $len := `print` }}{{ if not (eq .a.len 1.5) }}{{/* html */}}{{ end }}", ["not", "eq"]),
        ("{{ printf \"\\\"}}js\" 'len' }}", ["printf"]),
    ])
    func findsFunctions(template: String, expected: [String]) {
        #expect(CoveredFunctions.mentions(in: Array(template.utf8)) == Set(expected))
    }
}

extension Function {
    /// Whether some arguments are too few, too many or of a wrong type.
    fileprivate var canBeCalledWrongly: Bool {
        mismatch(count: 0) != nil || mismatch(count: 1_000) != nil || parameters.contains { $0.type != .any }
    }
}

/// The names of functions that the cases use.
struct CoveredFunctions {
    /// In a template that has an output.
    private(set) var withResult: Set<String> = []
    /// In a template whose error they cause.
    private(set) var withError: Set<String> = []

    init() {
        for set in ConformanceSet.allCases {
            for example in set.cases { add(example) }
        }
    }

    private mutating func add(_ example: ConformanceCase) {
        let names = example.sources.reduce(into: Set()) { $0.formUnion(Self.mentions(in: $1)) }
        guard let message = example.expectedError else {
            withResult.formUnion(names)
            return
        }
        if let culprit = Self.culprit(of: message) {
            withError.formUnion(names.filter { $0 == culprit || $0.hasSuffix(".\(culprit)") })
        } else if names.count == 1 {
            withError.formUnion(names)
        }
    }

    /// The function that a message of Go names, without its namespace.
    private static func culprit(of message: String) -> String? {
        let words = message.split(whereSeparator: { $0 == " " || $0 == ":" })
        for phrase: [Substring] in [["args", "for"], ["error", "calling"]] {
            // What calls the partial in which a function fails is named before that function.
            if let index = words.indices.dropLast(2).last(where: { Array(words[$0...$0 + 1]) == phrase }) {
                return String(words[index + 2])
            }
        }
        return nil
    }

    /// The names of functions in the actions of a template; what stands in strings and comments is none.
    static func mentions(in template: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        var rest = template[...]
        while let start = rest.firstRange(of: Array("{{".utf8)) {
            rest = rest[start.upperBound...]
            if rest.starts(with: "/*".utf8) || rest.starts(with: "- /*".utf8) {
                guard let end = rest.firstRange(of: Array("*/".utf8)) else { break }
                rest = rest[end.upperBound...]
                continue
            }
            while let byte = rest.first, !rest.starts(with: "}}".utf8) {
                if [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")].contains(byte) {
                    rest = skip(quote: byte, in: rest)
                    continue
                }
                let word = rest.prefix(while: isWord)
                rest = rest.dropFirst(max(word.count, 1))
                if let name = function(in: word) { names.insert(name) }
            }
        }
        return names
    }

    /// The function that a word begins with: `now` of `now.Format`.
    private static func function(in word: ArraySlice<UInt8>) -> String? {
        var word = word
        while !word.isEmpty {
            let name = String(decoding: word, as: UTF8.self)
            if FunctionLibrary.standard[name] != nil { return name }
            word = word[..<(word.lastIndex(of: UInt8(ascii: ".")) ?? word.startIndex)]
        }
        return nil
    }

    /// What follows a literal.
    private static func skip(quote: UInt8, in text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text.dropFirst()
        while let byte = rest.popFirst(), byte != quote {
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") { rest = rest.dropFirst() }
        }
        return rest
    }

    /// Of a name with a namespace, a field, a variable or a number.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "$"):
            true
        default: byte >= 0x80
        }
    }
}
