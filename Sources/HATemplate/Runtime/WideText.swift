/// A pool of text from which short strings are read with a fixed number of bytes, whatever their length.
struct WideText: BitwiseCopyable {
    let base: UnsafeRawPointer
    /// The last place from which `ByteBuffer.wide` bytes may be read; negative where there is none.
    let lastStart: Int

    /// `otherwise` stands in for the place of a pool without bytes, and is not read.
    init(_ pool: UnsafeBufferPointer<UInt8>, otherwise: UnsafePointer<UInt8>) {
        base = UnsafeRawPointer(pool.baseAddress ?? otherwise)
        lastStart = pool.baseAddress == nil ? -1 : pool.count - ByteBuffer.wide
    }
}
