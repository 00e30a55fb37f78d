/// What differs between two texts, line by line.
///
/// Equal beginnings and ends are taken off first; the rest is cut at lines that stand once in each text (the patience
/// method), and what lies between is compared by Myers's method, with a bound: beyond it a range counts as replaced,
/// so that the time grows little faster than the texts.
package struct TextDiff {
    /// Lines that were replaced; one of the two is empty when lines were only added or only removed. 0-based.
    package struct Change: Equatable {
        package var old: Range<Int>
        package var new: Range<Int>
    }

    package let old: [UInt8]
    package let new: [UInt8]
    let oldLines: [Range<Int>]
    let newLines: [Range<Int>]
    /// In order, none touching the next.
    package private(set) var changes: [Change] = []

    /// Differences of one range beyond which it counts as replaced.
    private static let effort = 400

    package init(from old: [UInt8], to new: [UInt8]) {
        self.old = old
        self.new = new
        guard old != new else {
            (oldLines, newLines) = ([], [])
            return
        }
        let table = LineTable(old, new)
        (oldLines, newLines) = (table.old, table.new)
        var ranges = [Change(old: 0..<oldLines.count, new: 0..<newLines.count)]
        var seen = [Occurrences](repeating: .init(), count: Int(table.count))
        while var range = ranges.popLast() {
            Self.trim(&range, table)
            if range.old.isEmpty, range.new.isEmpty { continue }
            if range.old.isEmpty || range.new.isEmpty {
                add(range)
                continue
            }
            let anchors = Self.anchors(range, table, &seen)
            if anchors.isEmpty {
                for change in Self.shortest(range, table) { add(change) }
            } else {
                // The first range is to be taken next.
                ranges += Self.between(anchors, range).reversed()
            }
        }
    }

    package var isEmpty: Bool { changes.isEmpty }

    private mutating func add(_ change: Change) {
        if let last = changes.last, last.old.upperBound == change.old.lowerBound,
            last.new.upperBound == change.new.lowerBound
        {
            changes[changes.count - 1] = Change(
                old: last.old.lowerBound..<change.old.upperBound, new: last.new.lowerBound..<change.new.upperBound)
        } else {
            changes.append(change)
        }
    }

    private static func trim(_ range: inout Change, _ table: LineTable) {
        var (old, new) = (range.old, range.new)
        while let left = old.first, let right = new.first, table.oldNumbers[left] == table.newNumbers[right] {
            old = old.dropFirst()
            new = new.dropFirst()
        }
        while let left = old.last, let right = new.last, table.oldNumbers[left] == table.newNumbers[right] {
            old = old.dropLast()
            new = new.dropLast()
        }
        range = Change(old: old, new: new)
    }

    // MARK: Patience

    /// How often a line stands in a range, and where.
    private struct Occurrences {
        var oldCount: Int32 = 0
        var newCount: Int32 = 0
        var oldLine: Int32 = 0
    }

    /// Pairs of equal lines that stand once in each side, in an order that both sides have.
    private static func anchors(
        _ range: Change, _ table: LineTable, _ seen: inout [Occurrences]
    ) -> [(old: Int, new: Int)] {
        for line in range.old {
            let number = Int(table.oldNumbers[line])
            seen[number].oldCount += 1
            seen[number].oldLine = Int32(truncatingIfNeeded: line)
        }
        for line in range.new { seen[Int(table.newNumbers[line])].newCount += 1 }
        var pairs: [(old: Int, new: Int)] = []
        for line in range.new {
            let entry = seen[Int(table.newNumbers[line])]
            if entry.oldCount == 1, entry.newCount == 1 { pairs.append((Int(entry.oldLine), line)) }
        }
        for line in range.old { seen[Int(table.oldNumbers[line])] = .init() }
        for line in range.new { seen[Int(table.newNumbers[line])] = .init() }
        return longestIncreasing(pairs)
    }

    /// The longest run of pairs, ordered by `new`, whose `old` grows too.
    private static func longestIncreasing(_ pairs: [(old: Int, new: Int)]) -> [(old: Int, new: Int)] {
        var ends: [Int] = []  // for each length, the pair that ends the best run
        var previous = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var low = 0
            var high = ends.count
            while low < high {
                let middle = (low + high) / 2
                if pairs[ends[middle]].old < pair.old { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = ends[low - 1] }
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var run: [(old: Int, new: Int)] = []
        var index = ends.last ?? -1
        while index >= 0 {
            run.append(pairs[index])
            index = previous[index]
        }
        return run.reversed()
    }

    private static func between(_ anchors: [(old: Int, new: Int)], _ range: Change) -> [Change] {
        var ranges: [Change] = []
        var (old, new) = (range.old.lowerBound, range.new.lowerBound)
        for anchor in anchors {
            ranges.append(Change(old: old..<anchor.old, new: new..<anchor.new))
            (old, new) = (anchor.old + 1, anchor.new + 1)
        }
        ranges.append(Change(old: old..<range.old.upperBound, new: new..<range.new.upperBound))
        return ranges
    }

    // MARK: Myers

    /// The shortest edit of a range (Myers 1986), or the whole range when it is longer than the effort allows.
    private static func shortest(_ range: Change, _ table: LineTable) -> [Change] {
        let (oldStart, newStart) = (range.old.lowerBound, range.new.lowerBound)
        let (oldCount, newCount) = (range.old.count, range.new.count)
        let bound = min(effort, oldCount + newCount)
        // reached[k + bound + 1]: how far on diagonal k one gets with the edits so far.
        var reached = [Int](repeating: 0, count: 2 * bound + 3)
        var trace: [[Int]] = []
        for edits in 0...bound {
            trace.append(Array(reached[(bound + 1 - edits)...(bound + 1 + edits)]))
            for k in stride(from: -edits, through: edits, by: 2) {
                let at = k + bound + 1
                let goesDown = k == -edits || (k != edits && reached[at - 1] < reached[at + 1])
                var x = goesDown ? reached[at + 1] : reached[at - 1] + 1
                var y = x - k
                while x < oldCount, y < newCount, y >= 0,
                    table.oldNumbers[oldStart + x] == table.newNumbers[newStart + y]
                {
                    x += 1
                    y += 1
                }
                reached[at] = x
                if x >= oldCount, y >= newCount {
                    return path(trace, edits: edits, oldCount, newCount).map {
                        Change(
                            old: ($0.old.lowerBound + oldStart)..<($0.old.upperBound + oldStart),
                            new: ($0.new.lowerBound + newStart)..<($0.new.upperBound + newStart))
                    }
                }
            }
        }
        return [range]
    }

    /// Goes back from the end; `trace[d]` has the diagonals -d…d as they were before the d-th edit.
    private static func path(_ trace: [[Int]], edits: Int, _ oldCount: Int, _ newCount: Int) -> [Change] {
        var changes: [Change] = []
        var (x, y) = (oldCount, newCount)
        var edit = edits
        while edit > 0 {
            let row = trace[edit]
            let k = x - y
            let before = { (diagonal: Int) in
                row.indices.contains(diagonal + edit) ? row[diagonal + edit] : 0
            }
            let goesDown = k == -edit || (k != edit && before(k - 1) < before(k + 1))
            let previousX = before(goesDown ? k + 1 : k - 1)
            let previousY = previousX - (goesDown ? k + 1 : k - 1)
            changes.append(
                goesDown
                    ? Change(old: previousX..<previousX, new: previousY..<(previousY + 1))
                    : Change(old: previousX..<(previousX + 1), new: previousY..<previousY))
            (x, y) = (previousX, previousY)
            edit -= 1
        }
        return changes.reversed()
    }
}
