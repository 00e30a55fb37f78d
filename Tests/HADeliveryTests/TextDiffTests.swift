import TestSupport
import Testing

@testable import HADelivery

@Suite("Differences") struct TextDiffTests {
    private static func lines(_ words: String) -> [UInt8] {
        Array(words.split(separator: " ").joined(separator: "\n").utf8) + [0x0A]
    }

    /// What the changes make of the old text.
    private static func applied(_ diff: TextDiff) -> [UInt8] {
        if diff.isEmpty { return diff.old }
        var text: [UInt8] = []
        var position = 0
        for change in diff.changes {
            for line in position..<change.old.lowerBound { text += diff.old[diff.oldLines[line]] }
            for line in change.new { text += diff.new[diff.newLines[line]] }
            position = change.old.upperBound
        }
        for line in position..<diff.oldLines.count { text += diff.old[diff.oldLines[line]] }
        return text
    }

    @Test(
        "changed lines",
        arguments: [
            ("a b c", "a b c", 0), ("a b c", "a x c", 2), ("a b c", "a c", 1), ("a c", "a b c", 1),
            ("a b c a b b a", "c b a b a c", 5), ("", "a", 1), ("x x x", "x x", 1), ("a b", "c d", 4),
        ])
    func shortest(_ old: String, _ new: String, _ edits: Int) {
        let old = old.isEmpty ? [] : Self.lines(old)
        let diff = TextDiff(from: old, to: Self.lines(new))
        #expect(diff.changes.reduce(0) { $0 + $1.old.count + $1.new.count } == edits)
        #expect(Self.applied(diff) == Self.lines(new))
    }

    @Test("random texts: the changes make the new text of the old one")
    func random() {
        var generator = SplitMix(state: 7)
        for _ in 0..<500 {
            let letters = Int.random(in: 1...6, using: &generator)
            let text = { (generator: inout SplitMix) -> [UInt8] in
                (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in
                    [UInt8(ascii: "a") + UInt8(Int.random(in: 0..<letters, using: &generator)), 0x0A]
                }
            }
            let (old, new) = (text(&generator), text(&generator))
            #expect(Self.applied(TextDiff(from: old, to: new)) == new)
        }
    }

    @Test("ten megabytes, all lines changed, and one line changed")
    func large() {
        let old = (0..<200_000).flatMap {
            Array("  server app-\($0) 10.0.0.1:80 check inter 2000 rise 2 fall 3\n".utf8)
        }
        let new = (0..<200_000).flatMap {
            Array("  server app-\($0) 10.0.0.2:80 check inter 2000 rise 2 fall 3\n".utf8)
        }
        #expect(TextDiff(from: old, to: new).changes.count == 1)
        var one = old
        one[5_000_000] = UInt8(ascii: "!")
        let single = TextDiff(from: old, to: one).changes
        #expect(single.count == 1 && single.first?.old.count == 1 && single.first?.new == single.first?.old)
    }

    @Test("the unified form, as diff -u writes it")
    func unified() throws {
        let cases = [
            ("a b c d e f g h i", "a b c d x f g h i"), ("a b c d e f g h i j k l", "x b c d e f g h i j k y"),
            ("a", "a b"), ("a b c", "b c"),
        ]
        for (old, new) in cases {
            let folder = try TemporaryFolder()
            try folder.write(String(decoding: Self.lines(old), as: UTF8.self), to: "old")
            try folder.write(String(decoding: Self.lines(new).dropLast(), as: UTF8.self), to: "new")
            let expected = try ProgramRun.bash("diff -u --label old --label new old new", in: folder.path).stdout
            let diff = TextDiff(from: Self.lines(old), to: Array(Self.lines(new).dropLast()))
            let text = UnifiedDiff.text(diff, oldName: "old", newName: "new", usesColor: false)
            #expect(String(decoding: text, as: UTF8.self) == expected)
        }
    }

    @Test("no difference, no text")
    func none() {
        #expect(UnifiedDiff.text(TextDiff(from: [1], to: [1]), oldName: "a", newName: "b", usesColor: true).isEmpty)
    }
}

/// Numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
