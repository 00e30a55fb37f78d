import Testing

@testable import HATemplate

@Suite("Regex")
struct RegexTests {
    /// Both ways of searching, each with every recorded row.
    @Test(arguments: [PatternSearch.maximumMarks, -1])
    func matchesAsGoDid(maximumMarks: Int) throws {
        let rows = try RegexRecording.read().matches
        #expect(rows.count >= 250)
        for row in rows {
            let found = try Self.allMatches(row.pattern.array, row.text.array, maximumMarks: maximumMarks)
            #expect(found == row.matches, "\(row.pattern.shown) on \(row.text.shown)")
        }
    }

    @Test func replacesAsGoDid() throws {
        for row in try RegexRecording.read().replacements {
            let expression = try RegularExpression(row.pattern.array)
            let output = Self.replacing(expression, in: row.text.array, with: row.replacement.array)
            #expect(output == row.out.array, "\(row.pattern.shown) by \(row.replacement.shown)")
        }
    }

    @Test func refusesAsGoDid() throws {
        let rows = try RegexRecording.read().mistakes
        #expect(rows.count >= 100)
        for row in rows {
            let mistake = Self.mistake(row.pattern.array)
            let message = mistake.map {
                Array("\($0.reason.rawValue): `".utf8) + row.pattern.array[$0.range] + [UInt8(ascii: "`")]
            }
            #expect(message == row.error.array, "\(row.pattern.shown)")
            let place = mistake?.place ?? -1..<0
            #expect(place.lowerBound >= 0 && place.upperBound <= row.pattern.array.count, "\(row.pattern.shown)")
        }
    }

    /// Where a message points.
    @Test(arguments: [
        ("a(b(c)", 1..<2), ("ab)c", 2..<3), ("a[bc", 1..<2), ("ab\\", 2..<3), ("a**b", 1..<3), ("x{2,1}", 1..<6),
        ("(?P<a-b>x)", 0..<8), ("a\\qb", 1..<3), ("[b-a]", 1..<4), ("é\\p{No}\\p{Nope}", 8..<16),
    ])
    func pointsAtMistakes(pattern: String, place: Range<Int>) {
        #expect(Self.mistake(Array(pattern.utf8))?.place == place)
    }

    // MARK: Time and memory

    /// Twice the text takes at most twice the steps, whatever the pattern; counted, not timed.
    @Test(arguments: [
        "(a*)*b", "(a+)+b", "(a|aa)+$", "(a|a)*b", "(.*)(.*)(.*)b", "(a+a+)+b", "(a?){9}a{9}b", "(?:a*?)*?b",
        "((a*)*)*b", "(a*)*(a*)*b", "^(a*)*$b",
    ])
    func takesLinearTime(pattern: String) throws {
        let expression = try RegularExpression(Array(pattern.utf8))
        for maximumMarks in [PatternSearch.maximumMarks, -1] {
            let steps = [5_000, 10_000].map { count in
                Self.search(expression, [UInt8](repeating: UInt8(ascii: "a"), count: count), maximumMarks).steps
            }
            let size = expression.program.instructions.count
            #expect(steps[1] <= 2 * size * 10_001)
            #expect(steps[1] <= 2 * steps[0] + size * size)
        }
    }

    /// 100 KB that nested repetitions can share out in exponentially many ways.
    @Test(arguments: ["(x+x+)+y", "(x*)*y"])
    func takesLinearTimeOnLongTexts(pattern: String) throws {
        let expression = try RegularExpression(Array(pattern.utf8))
        let result = Self.search(expression, [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))
        #expect(result.matches.isEmpty)
        #expect(result.steps < 1_000_000)
    }

    /// What one search found out serves the next: each match here looks through the whole rest of the text.
    @Test func findsAllMatchesInLinearTime() throws {
        let expression = try RegularExpression(Array("(a*b)|a".utf8))
        let result = Self.search(expression, [UInt8](repeating: UInt8(ascii: "a"), count: 100_000))
        #expect(result.matches.count == 100_000)
        #expect(result.steps < 1_500_000)
    }

    /// More open choices than are kept.
    @Test func goesOnWithoutMemoryForChoices() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000) + Array("baab".utf8)
        let result = Self.search(try RegularExpression(Array("(a)*|b".utf8)), text, maximumChoices: 100)
        let unset = PatternProgram.unset
        #expect(
            result.matches == [[0, 1_000, 999, 1_000], [1_001, 1_003, 1_002, 1_003], [1_004, 1_004, unset, unset]])
    }

    @Test func refusesGreatPrograms() throws {
        let chain = String(repeating: "a{1000}", count: 3_400)
        #expect(Self.mistake(Array(chain.utf8))?.reason == .tooLarge)
        let groups = String(repeating: "(a{1000})", count: 1_000)
        #expect(Self.mistake(Array(groups.utf8))?.reason == .tooLarge)
        #expect(Self.mistake(Array("((a{100}){10}b){2}".utf8))?.reason == .repetitionCount)
    }

    /// Go 1.27 takes the first of each and refuses the second.
    @Test(arguments: [("a{0,}", 1_118, 1_119), ("a*", 1_118, 1_119), ("(a)", 1_118, 1_119), ("a?", 1_677, 1_678)])
    func countsAsGoDoes(part: String, accepted: Int, refused: Int) throws {
        for (count, isTooLarge) in [(accepted, false), (refused, true)] {
            let pattern = "(?:" + String(repeating: "(?:\(part))", count: count) + "){1000}"
            var mistake: RegularExpression.Mistake?
            do { _ = try PatternParser.parse(Array(pattern.utf8)) } catch { mistake = error }
            #expect((mistake?.reason == .tooLarge) == isTooLarge, "\(count)")
        }
    }

    @Test(arguments: [("(", "a", ")"), ("(?:", "a", ")*b"), ("(?:a|b*", "", ")")])
    func limitsDepth(open: String, content: String, close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + content + String(repeating: close, count: depth)).utf8)
        }
        #expect(Self.mistake(nested(400)) == nil)
        for depth in [1_001, 100_000] { #expect(Self.mistake(nested(depth))?.reason == .tooDeep) }
    }

    /// Groups that do not capture leave no trace in the tree.
    @Test func readsDeepGroups() throws {
        let depth = 100_000
        let pattern = String(repeating: "(?:", count: depth) + "a" + String(repeating: ")", count: depth)
        #expect(try Self.allMatches(Array(pattern.utf8), Array("ba".utf8)) == [[1, 2]])
    }

    // MARK: Parts

    @Test func limitsMatches() throws {
        let expression = try RegularExpression(Array("a".utf8))
        let text = Array("aaaa".utf8)
        func matches(_ expression: RegularExpression, _ text: UnsafeBufferPointer<UInt8>, _ limit: Int) -> Int {
            var count = 0
            expression.forEachMatch(in: text, limit: limit) { _ in
                count += 1
                return true
            }
            return count
        }
        for (limit, count) in [(-1, 4), (0, 0), (1, 1), (3, 3), (9, 4)] {
            #expect(text.withUnsafeBufferPointer { matches(expression, $0, limit) } == count)
        }
    }

    @Test func startsLater() throws {
        let expression = try RegularExpression(Array("(?:^|b)(a)".utf8))
        let text = Array("aaba".utf8)
        let match = text.withUnsafeBufferPointer { text in
            expression.withSearch(of: text, WorkMeter()) { search in
                search.next(from: 1) ? RegularExpression.Match(slots: search.slots) : nil
            }
        }
        #expect(match?.range == 2..<4)
        #expect(match?[1] == 3..<4)
        #expect(match?[2] == nil)
    }

    @Test func cutsLongReplacements() throws {
        let expression = try RegularExpression(Array("a".utf8))
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100)
        let replacement = [UInt8](repeating: UInt8(ascii: "b"), count: 100)
        let output = Self.replacing(expression, in: text, with: replacement, maximum: 5_000)
        #expect((5_000...5_100).contains(output.count))
    }

    private static func replacing(
        _ expression: RegularExpression, in text: [UInt8], with replacement: [UInt8], maximum: Int = 1 << 20
    ) -> [UInt8] {
        var output: [UInt8] = []
        text.withUnsafeBufferPointer { text in
            replacement.withUnsafeBufferPointer { replacement in
                expression.replaceMatches(in: text, with: replacement) { part in
                    switch part {
                    case .text(let range): output += text[range]
                    case .replacement(let range): output += replacement[range]
                    }
                    return output.count <= maximum
                }
            }
        }
        return output
    }

    /// The cache forgets what it must and still answers.
    @Test func compilesManyPatterns() throws {
        let cache = PatternCache([:])
        for number in 0..<600 {
            let pattern = Array("x{\(number)}y{1000}".utf8)
            let expression = try pattern.withUnsafeBufferPointer { try cache.expression($0) }
            #expect(expression.pattern == pattern)
        }
    }

    // MARK: Helpers

    private static func mistake(_ pattern: [UInt8]) -> RegularExpression.Mistake? {
        do {
            _ = try RegularExpression(pattern)
            return nil
        } catch {
            return error
        }
    }

    private static func allMatches(
        _ pattern: [UInt8], _ text: [UInt8], maximumMarks: Int = PatternSearch.maximumMarks
    ) throws -> [[Int]] {
        search(try RegularExpression(pattern), text, maximumMarks).matches.map { slots in
            slots.map { $0 == PatternProgram.unset ? -1 : Int($0) }
        }
    }

    private static func search(
        _ expression: RegularExpression, _ text: [UInt8], _ maximumMarks: Int = PatternSearch.maximumMarks,
        maximumChoices: Int = PatternSearch.maximumChoices
    ) -> (matches: [[UInt32]], steps: Int) {
        text.withUnsafeBufferPointer { text in
            expression.program.withView { view in
                var search = PatternSearch(
                    view, text, slotCount: 2 * expression.groupNames.count, maximumMarks: maximumMarks,
                    maximumChoices: maximumChoices)
                var matches: [[UInt32]] = []
                expression.forEachMatch(&search, in: text) { slots in
                    matches.append(slots)
                    return true
                }
                return (matches, search.steps)
            }
        }
    }
}
