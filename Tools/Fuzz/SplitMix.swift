/// A small generator of numbers (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Mostly characters that mean something, now and then any byte.
    mutating func value() -> [UInt8] {
        let special = Array("\"'\\#;{}$%()[]|!-~=@*. \n\r\tanxorif/:,&".utf8)
        let count = Int.random(in: 0...12, using: &self)
        return (0..<count).map { _ in
            Int.random(in: 0..<20, using: &self) == 0
                ? UInt8.random(in: 1...255, using: &self) : special.randomElement(using: &self) ?? 0x78
        }.filter { $0 != 0x0A || Int.random(in: 0..<3, using: &self) == 0 }
    }
}
