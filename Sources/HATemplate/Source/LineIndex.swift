/// A place for people: both numbers are 1-based, columns count Unicode scalars.
public struct SourcePosition: Sendable, Hashable {
    public let line: Int
    public let column: Int
}

/// The lines and columns of a file, so that many positions of one file cost one pass over it.
///
/// It keeps what stands before each block of the file, and reads one block for a position. So it is small and quick for a
/// file that is one long line, and for one of nothing but line breaks.
public struct LineIndex: Sendable {
    fileprivate struct Block {
        /// Line breaks before the block.
        var lineBreaks = 0
        /// Unicode scalars before the block.
        var scalars = 0
        /// Where the line begins that the block's first byte belongs to.
        var lineStart = 0
    }

    private let file: SourceFile
    private let blocks: [Block]

    private static let blockSize = 1 << 12

    public init(_ file: SourceFile) {
        self.file = file
        blocks = file.bytes.withUnsafeBytes { bytes in
            var blocks: [Block] = []
            blocks.reserveCapacity(bytes.count / Self.blockSize + 1)
            var block = Block()
            for start in stride(from: 0, through: bytes.count, by: Self.blockSize) {
                blocks.append(block)
                block.add(LineSpan(bytes, start..<min(start + Self.blockSize, bytes.count)))
            }
            return blocks
        }
    }

    /// The position of a byte offset; an offset past the end gives the end.
    public func position(at offset: UInt32) -> SourcePosition {
        let before = before(Int(offset))
        var column = scalars(from: before.lineStart, to: min(Int(offset), file.count))
        // A byte-order mark is no column: editors do not show it.
        if before.lineBreaks == 0, offset >= 3, file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { column -= 1 }
        return SourcePosition(line: before.lineBreaks + 1, column: column + 1)
    }

    /// Unicode scalars between two places of one line. Far to the right of a line that is not UTF-8 the number is not
    /// exact: what stands there is no text that anybody looks at.
    private func scalars(from start: Int, to end: Int) -> Int {
        if end - start > 16 * Self.blockSize { return before(end).scalars - before(start).scalars }
        let first = file.bytes.startIndex
        return columnWidth(file.bytes[(first + start)..<(first + end)])
    }

    /// The 1-based number of the line that holds an offset.
    func number(ofLineAt offset: UInt32) -> Int { before(Int(offset)).lineBreaks + 1 }

    /// The bytes of the line that holds an offset, without its line break.
    public func line(at offset: UInt32) -> (bytes: ArraySlice<UInt8>, start: UInt32) {
        let before = before(Int(offset))
        let bytes = file.bytes
        let start = bytes.startIndex + before.lineStart
        var end = bytes.startIndex + endOfLine(before)
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return (bytes[start..<end], UInt32(clamping: before.lineStart))
    }

    /// What stands before an offset, as if a block began there.
    private func before(_ offset: Int) -> Block {
        let offset = min(offset, file.count)
        let number = offset / Self.blockSize
        var block = blocks[number]
        file.bytes.withUnsafeBytes { block.add(LineSpan($0, (number * Self.blockSize)..<offset)) }
        return block
    }

    /// The offset of the line break that ends the line of a place, or of the end of the file.
    private func endOfLine(_ place: Block) -> Int {
        // The last block with no more line breaks before it holds the next one.
        var low = place.lineStart / Self.blockSize
        var high = blocks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if blocks[middle].lineBreaks <= place.lineBreaks { low = middle } else { high = middle }
        }
        let bytes = file.bytes
        let start = bytes.startIndex + max(place.lineStart, low * Self.blockSize)
        return (bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex) - bytes.startIndex
    }
}

extension LineIndex.Block {
    /// Goes on after a range that begins here.
    fileprivate mutating func add(_ range: LineSpan) {
        lineBreaks += range.lineBreaks
        scalars += range.scalars
        if let lastBreak = range.lastBreak { lineStart = lastBreak + 1 }
    }
}

/// What there is to count in a range of a text.
private struct LineSpan {
    private(set) var lineBreaks = 0
    /// Unicode scalars; bytes of broken sequences may count too.
    private(set) var scalars = 0
    /// The offset of the last line break.
    private(set) var lastBreak: Int?

    /// Reads eight bytes at a time: a file may have gigabytes.
    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        let tops: UInt64 = 0x8080_8080_8080_8080
        let breaks: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            // Of each byte the top bit, where it is 10xxxxxx: a byte that goes on with a scalar.
            scalars += 8 - (word & ~(word << 1) & tops).nonzeroBitCount
            // Of each byte the top bit, where it is a line break: no carry goes from one byte to the next.
            let other = word ^ breaks
            let found = ~((other & ~tops) &+ ~tops | other) & tops
            if found != 0 {
                lineBreaks += found.nonzeroBitCount
                lastBreak = offset + (63 - found.leadingZeroBitCount) / 8
            }
            offset += 8
        }
        for offset in offset..<range.upperBound {
            if bytes[offset] & 0xC0 != 0x80 { scalars += 1 }
            guard bytes[offset] == UInt8(ascii: "\n") else { continue }
            lineBreaks += 1
            lastBreak = offset
        }
    }
}
