/// Finds the name that a person probably meant.
enum NearName {
    /// The candidate nearest to a misspelt word; nil when none is near enough to be worth naming.
    ///
    /// A word of three letters may differ in one place, a longer one in a third of its letters, three at most. A word
    /// that begins exactly one candidate stands for it. The earlier of two equally near candidates wins.
    static func find<Names: Sequence>(_ word: String, among candidates: Names) -> String?
    where Names.Element == String {
        let letters = Array(word.lowercased())
        let bare = letters.drop { $0 == "-" }
        let limit = min(3, max(1, bare.count / 3))
        var best: (name: String, distance: Int)?
        var continuations: [String] = []
        for candidate in candidates {
            let distance = distance(letters, Array(candidate.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max, distance < bare.count {
                best = (candidate, distance)
            }
            if bare.count >= 2, candidate.lowercased().hasPrefix(word.lowercased()) {
                continuations.append(candidate)
            }
        }
        return best?.name ?? (continuations.count == 1 ? continuations[0] : nil)
    }

    /// Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, replacements and swaps of
    /// neighbours.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var current = [i + 1]
            current.reserveCapacity(b.count + 1)
            for j in b.indices {
                let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
                var least = min(replaced, previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, beforePrevious[j - 1] + 1)
                }
                current.append(least)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[b.count]
    }
}
