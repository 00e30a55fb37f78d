/// SHA-256 after FIPS 180-4, of a message that comes in pieces.
package struct SHA256 {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19
    )
    /// Bytes that do not fill a block yet.
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    private static let blockSize = 64

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(truncatingIfNeeded: bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let missing = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: missing)
            rest = rest.dropFirst(missing.count)
            guard pending.count == Self.blockSize else { return }
            pending.withUnsafeBytes { compress($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole = rest.count & ~(Self.blockSize - 1)
        compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    /// The 32 bytes of the digest.
    package mutating func finish() -> [UInt8] {
        let bitCount = byteCount &* 8
        pending.append(0x80)
        let padded = pending.count <= Self.blockSize - 8 ? Self.blockSize : 2 * Self.blockSize
        pending.append(contentsOf: repeatElement(0, count: padded - 8 - pending.count))
        for shift in stride(from: 56, through: 0, by: -8) {
            pending.append(UInt8(truncatingIfNeeded: bitCount >> shift))
        }
        pending.withUnsafeBytes { compress($0) }
        let words = [state.0, state.1, state.2, state.3, state.4, state.5, state.6, state.7]
        return words.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// Takes in whole blocks.
    private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
        var state = self.state
        roundConstants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                var offset = 0
                while offset &+ Self.blockSize <= blocks.count {
                    prepare(schedule, UnsafeRawBufferPointer(rebasing: blocks[offset..<(offset &+ Self.blockSize)]))
                    runRounds(&state, schedule, constants)
                    offset &+= Self.blockSize
                }
            }
        }
        self.state = state
    }

    /// The message schedule of one block (6.2.2, step 1).
    @inline(__always)
    private func prepare(_ schedule: UnsafeMutableBufferPointer<UInt32>, _ block: UnsafeRawBufferPointer) {
        for index in 0..<16 {
            schedule[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
        }
        for index in 16..<64 {
            let (early, late) = (schedule[index &- 15], schedule[index &- 2])
            let small0 = rotated(early, 7) ^ rotated(early, 18) ^ early &>> 3
            let small1 = rotated(late, 17) ^ rotated(late, 19) ^ late &>> 10
            schedule[index] = schedule[index &- 16] &+ small0 &+ schedule[index &- 7] &+ small1
        }
    }

    /// The 64 rounds of one block (6.2.2, steps 2 to 4).
    @inline(__always)
    private func runRounds(
        _ state: inout (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32),
        _ schedule: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>
    ) {
        var (a, b, c, d, e, f, g, h) = state
        var index = 0
        while index < 64 {
            // Eight rounds at a time, after which every variable is back in its place.
            round(a, b, c, &d, e, f, g, &h, schedule[index], constants[index])
            round(h, a, b, &c, d, e, f, &g, schedule[index &+ 1], constants[index &+ 1])
            round(g, h, a, &b, c, d, e, &f, schedule[index &+ 2], constants[index &+ 2])
            round(f, g, h, &a, b, c, d, &e, schedule[index &+ 3], constants[index &+ 3])
            round(e, f, g, &h, a, b, c, &d, schedule[index &+ 4], constants[index &+ 4])
            round(d, e, f, &g, h, a, b, &c, schedule[index &+ 5], constants[index &+ 5])
            round(c, d, e, &f, g, h, a, &b, schedule[index &+ 6], constants[index &+ 6])
            round(b, c, d, &e, f, g, h, &a, schedule[index &+ 7], constants[index &+ 7])
            index &+= 8
        }
        state = (
            state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e, state.5 &+ f, state.6 &+ g,
            state.7 &+ h
        )
    }

    /// One round; instead of moving eight variables along, the caller names them in another order.
    @inline(__always)
    private func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
        _ h: inout UInt32, _ word: UInt32, _ constant: UInt32
    ) {
        let large1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let choice = g ^ (e & (f ^ g))
        let first = h &+ large1 &+ choice &+ constant &+ word
        let large0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let majority = (a & b) | (c & (a | b))
        d = d &+ first
        h = first &+ large0 &+ majority
    }
}

@inline(__always)
private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word &>> count | word &<< (32 &- count) }

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
private let roundConstants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
    0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
    0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
    0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
    0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
    0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
    0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
]
