/// What one thing measured in each turn, in the order of the turns.
struct Samples {
    var values: [Double] = []

    var median: Double { quantile(0.5) }
    /// The middle half of the values lies between these.
    var quartiles: (low: Double, high: Double) { (quantile(0.25), quantile(0.75)) }
    /// Half the width of the middle half, as a share of the median: how noisy the machine was.
    var noise: Double { (quartiles.high - quartiles.low) / 2 / median }

    /// How many times as large this was as another thing, turn by turn: what slows down the machine for a while slows
    /// both.
    func ratio(to other: Samples) -> Samples {
        Samples(values: zip(values, other.values).map { $0 / $1 })
    }

    /// The value below which a share of the values lies, between two of them where it falls there.
    func quantile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return .nan }
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
    }
}

/// The fastest of some tries in a row. A virtual machine fetches memory that it has not used of late from its host,
/// which can take longer than the work; whoever comes first pays for it.
func fastest<Result>(
    of tries: Int = 3, by time: KeyPath<Result, Double>, _ attempt: (Int) throws -> Result
) rethrows -> Result {
    var best = try attempt(0)
    for number in 1..<tries {
        let next = try attempt(number)
        if next[keyPath: time] < best[keyPath: time] { best = next }
    }
    return best
}

/// The time that something took by the clock, and of all processors together: on a machine with other work the clock also
/// counts what the others do.
struct Times {
    var clock = Samples()
    var processors = Samples()

    func ratio(to other: Times) -> Times {
        Times(clock: clock.ratio(to: other.clock), processors: processors.ratio(to: other.processors))
    }
}
