/// A set of code points as ranges: a character class.
struct ScalarSet: Hashable, Sendable {
    /// The last code point.
    static let maximum: UInt32 = 0x10FFFF
    static let any = ScalarSet([0...maximum])

    /// After `normalize`: in order, with gaps between them.
    private(set) var ranges: [ClosedRange<UInt32>]
    /// How many ranges may gather before they are put in order, so that `[\pL\pL\pL…]` does not grow without end.
    private var untidyLimit = 4096

    init(_ ranges: [ClosedRange<UInt32>] = []) {
        self.ranges = ranges
    }

    static func == (left: ScalarSet, right: ScalarSet) -> Bool { left.ranges == right.ranges }

    func hash(into hasher: inout Hasher) { hasher.combine(ranges) }

    /// Adds a range; the set must be normalized before it is read.
    mutating func append(_ range: ClosedRange<UInt32>) {
        // Two are looked at, because the two cases of an alphabet grow side by side.
        for index in ranges.indices.suffix(2).reversed() {
            let known = ranges[index]
            guard range.lowerBound <= known.upperBound + 1, known.lowerBound <= range.upperBound + 1 else { continue }
            ranges[index] =
                min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
            return
        }
        if ranges.count >= untidyLimit {
            normalize()
            untidyLimit = max(4096, 2 * ranges.count)
        }
        ranges.append(range)
    }

    mutating func append(_ other: ScalarSet) {
        for range in other.ranges { append(range) }
    }

    /// Puts the ranges in order and joins those that touch.
    mutating func normalize() {
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var count = 0
        for range in ranges {
            if count > 0, range.lowerBound <= ranges[count - 1].upperBound + 1 {
                let last = ranges[count - 1]
                ranges[count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                ranges[count] = range
                count += 1
            }
        }
        ranges.removeLast(ranges.count - count)
    }

    /// Everything that is not in a normalized set.
    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if next < range.lowerBound { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= Self.maximum { result.append(next...Self.maximum) }
        return ScalarSet(result)
    }

    /// A normalized set with everything that differs only in case.
    var folded: ScalarSet {
        var result = ScalarSet()
        for range in ranges { CaseFolding.append(orbitsOf: range, to: &result) }
        result.normalize()
        return result
    }

    /// Whether a normalized set has a code point.
    func contains(_ code: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < code { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= code
    }
}
