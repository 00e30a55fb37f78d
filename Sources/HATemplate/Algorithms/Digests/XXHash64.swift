/// XXH64 with seed 0, as Hugo's `hash.XxHash` has it.
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func hash(_ message: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var offset = 0
        var hash: UInt64
        if message.count >= 32 {
            var lanes = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
            while offset + 32 <= message.count {
                for lane in 0..<4 {
                    lanes[lane] = round(lanes[lane], message.littleEndian(offset + 8 * lane, as: UInt64.self))
                }
                offset += 32
            }
            hash = lanes[0].rotatedLeft(1) &+ lanes[1].rotatedLeft(7) &+ lanes[2].rotatedLeft(12)
            hash = hash &+ lanes[3].rotatedLeft(18)
            for lane in lanes { hash = (hash ^ round(0, lane)) &* prime1 &+ prime4 }
        } else {
            hash = prime5
        }
        hash = hash &+ UInt64(truncatingIfNeeded: message.count)
        while offset + 8 <= message.count {
            hash ^= round(0, message.littleEndian(offset, as: UInt64.self))
            hash = hash.rotatedLeft(27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= message.count {
            hash ^= UInt64(message.littleEndian(offset, as: UInt32.self)) &* prime1
            hash = hash.rotatedLeft(23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < message.count {
            hash ^= UInt64(message[offset]) &* prime5
            hash = hash.rotatedLeft(11) &* prime1
            offset += 1
        }
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        (lane &+ input &* prime2).rotatedLeft(31) &* prime1
    }
}
