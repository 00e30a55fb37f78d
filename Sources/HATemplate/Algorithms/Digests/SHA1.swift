/// FIPS 180-4, SHA-1.
enum SHA1 {
    /// The 20 bytes of the digest.
    static func digest(_ message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        var words = [UInt32](repeating: 0, count: 80)
        PaddedBlocks(blockSize: 64, lengthSize: 8, isLittleEndian: false).forEach(of: message) { block in
            for index in 0..<16 { words[index] = block.bigEndian(4 * index, as: UInt32.self) }
            for index in 16..<80 {
                let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                words[index] = mixed.rotatedLeft(1)
            }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for step in 0..<80 {
                let (mixed, constant): (UInt32, UInt32)
                switch step / 20 {
                case 0: (mixed, constant) = (b & c | ~b & d, 0x5A82_7999)
                case 1: (mixed, constant) = (b ^ c ^ d, 0x6ED9_EBA1)
                case 2: (mixed, constant) = (b & c | b & d | c & d, 0x8F1B_BCDC)
                default: (mixed, constant) = (b ^ c ^ d, 0xCA62_C1D6)
                }
                let sum = a.rotatedLeft(5) &+ mixed &+ e &+ constant &+ words[step]
                (e, d, c, b, a) = (d, c, b.rotatedLeft(30), a, sum)
            }
            state[0] &+= a
            state[1] &+= b
            state[2] &+= c
            state[3] &+= d
            state[4] &+= e
        }
        return state.flatMap(\.bigEndianBytes)
    }
}
