/// Cuts a message into the blocks that MD5 and the SHA family work on: the message, a set bit, zeros, and its length in
/// bits at the end of the last block.
struct PaddedBlocks {
    /// Bytes of a block.
    let blockSize: Int
    /// Bytes that the length takes: 8 or 16.
    let lengthSize: Int
    /// MD5 writes the length with the lowest byte first, the others with the highest.
    let isLittleEndian: Bool

    /// Hands out every block in order.
    func forEach(of message: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let whole = message.count / blockSize * blockSize
        for start in stride(from: 0, to: whole, by: blockSize) {
            body(UnsafeBufferPointer(rebasing: message[start..<(start + blockSize)]))
        }
        var tail = Array(message[whole...])
        tail.append(0x80)
        let room = tail.count + lengthSize
        let end = (room + blockSize - 1) / blockSize * blockSize
        tail.append(contentsOf: repeatElement(0, count: end - tail.count))
        let bits = UInt64(truncatingIfNeeded: message.count) << 3
        for index in 0..<8 {
            let byte = UInt8(truncatingIfNeeded: bits >> (8 * index))
            tail[isLittleEndian ? end - lengthSize + index : end - 1 - index] = byte
        }
        tail.withUnsafeBufferPointer { tail in
            for start in stride(from: 0, to: end, by: blockSize) {
                body(UnsafeBufferPointer(rebasing: tail[start..<(start + blockSize)]))
            }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The word at `offset`, highest byte first.
    @inline(__always)
    func bigEndian<Word: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: Word.Type) -> Word {
        var word: Word = 0
        for index in 0..<(Word.bitWidth / 8) { word = word << 8 | Word(self[offset + index]) }
        return word
    }

    /// The word at `offset`, lowest byte first.
    @inline(__always)
    func littleEndian<Word: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: Word.Type) -> Word {
        bigEndian(offset, as: type).byteSwapped
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    @inline(__always)
    func rotatedLeft(_ count: Self) -> Self {
        self << count | self >> (Self(truncatingIfNeeded: Self.bitWidth) - count)
    }

    @inline(__always)
    func rotatedRight(_ count: Self) -> Self {
        self >> count | self << (Self(truncatingIfNeeded: Self.bitWidth) - count)
    }

    /// Highest byte first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Self($0)) }
    }
}
