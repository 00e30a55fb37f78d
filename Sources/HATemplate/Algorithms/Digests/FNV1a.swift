/// The 32-bit FNV-1a hash.
enum FNV1a {
    static func hash32(_ message: UnsafeBufferPointer<UInt8>) -> UInt32 {
        message.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
