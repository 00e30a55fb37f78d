/// A part of a string that is trusted or not, as a stretch of the scratch memory. It may be empty: an argument from
/// data that is empty stands between its neighbours all the same.
struct TextPiece: BitwiseCopyable {
    let start: UInt32
    let count: UInt32
    let isTrusted: Bool

    var end: UInt32 { start &+ count }

    /// The parts of the pieces that lie in a stretch, in order. `table` is sorted by start.
    static func overlapping(_ stretch: Range<Int>, in table: UnsafeBufferPointer<TextPiece>) -> [TextPiece] {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            if Int(table[middle].end) < stretch.lowerBound { low = middle + 1 } else { high = middle }
        }
        var found: [TextPiece] = []
        for piece in table[low...] {
            guard Int(piece.start) <= stretch.upperBound else { break }
            let start = max(Int(piece.start), stretch.lowerBound)
            let end = min(Int(piece.end), stretch.upperBound)
            // Of pieces that end or begin at the stretch's ends, only those that are empty themselves belong to it.
            guard end > start || (end == start && piece.count == 0) else { continue }
            found.append(
                TextPiece(
                    start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start),
                    isTrusted: piece.isTrusted))
        }
        return found
    }
}

/// Collects a string's bytes and remembers which of them are trusted.
struct PieceWriter: ~Copyable {
    /// Where the bytes go.
    var output: ByteBuffer
    /// Pieces so far, their starts counted from the string's beginning; neighbours differ in trust or are empty.
    private(set) var pieces: [TextPiece] = []
    private var written = 0

    /// Whether anybody will ask.
    let isTracking: Bool

    init(output: consuming ByteBuffer, isTracking: Bool) {
        self.output = output
        self.isTracking = isTracking
    }

    /// Says whether what was written since the last call is trusted.
    mutating func mark(isTrusted: Bool) {
        mark(upTo: output.count, isTrusted: isTrusted)
    }

    /// Says that what was written since the last call is this value's text.
    mutating func mark(_ value: Value, _ memory: Memory) {
        guard isTracking, value.hasPieces, output.count - written == value.count else {
            return mark(isTrusted: value.makesTrustedText)
        }
        for piece in memory.pieces(of: value) { mark(upTo: written + Int(piece.count), isTrusted: piece.isTrusted) }
    }

    private mutating func mark(upTo end: Int, isTrusted: Bool) {
        guard isTracking else { return }
        let count = end - written
        if count == 0, isTrusted { return }
        if let last = pieces.last, last.isTrusted == isTrusted, count > 0, last.count > 0 {
            pieces[pieces.count - 1] = TextPiece(
                start: last.start, count: last.count + UInt32(truncatingIfNeeded: count), isTrusted: isTrusted)
        } else {
            pieces.append(
                TextPiece(
                    start: UInt32(truncatingIfNeeded: written), count: UInt32(truncatingIfNeeded: count),
                    isTrusted: isTrusted))
        }
        written = end
    }

    /// Whether everything is trusted.
    var isTrusted: Bool { isTracking && pieces.allSatisfy(\.isTrusted) }

    consuming func takeOutput() -> ByteBuffer { output }
}
