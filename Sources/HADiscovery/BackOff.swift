/// Random numbers that are the same for one seed (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How long to wait after a failure: 1 s, then half as long again each time, up to 15 s, each time a random part less,
/// so that many who failed together do not come back together.
package struct BackOff: Sendable {
    package static let first = 1_000
    package static let longest = 15_000
    /// The share of a wait that chance may take away, in percent.
    package static let jitter = 20

    private var wait = BackOff.first
    private var random: SeededRandom

    package init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Milliseconds to wait after one more failure.
    package mutating func next() -> Int {
        let whole = wait
        wait = min(Self.longest, wait * 3 / 2)
        return whole - Int.random(in: 0...(whole * Self.jitter / 100), using: &random)
    }

    /// It has succeeded.
    package mutating func reset() { wait = Self.first }
}
