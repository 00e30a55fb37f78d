/// Copies what is still in use out of a full scratch memory, so that a long loop needs no more memory than what it
/// holds at a time.
///
/// Values are found from the slots of the stack; equal ranges are copied once. Elements of lists are looked at in
/// the order in which they were copied (Cheney's way), so nesting needs no stack.
struct ScratchCollection: ~Copyable {
    /// What the copy would take at most; reached, the collection is given up, since parts that share their bytes
    /// (`slice` of one long text) can take more apart than together.
    private let limit: Int
    private let oldBytes: UnsafeBufferPointer<UInt8>
    private let oldValues: UnsafeBufferPointer<Value>
    private let oldPieces: UnsafeBufferPointer<TextPiece>
    var bytes: ByteBuffer
    var values: Buffer<Value>
    var pieces: Buffer<TextPiece>
    /// New start of each range copied, by kind of pool and old range.
    private var moved: [Key: UInt32] = [:]

    private struct Key: Hashable {
        let isText: Bool
        let hasPieces: Bool
        let range: UInt64
    }

    /// The first `keptBytes` and `keptValues` stay where they are.
    init(
        bytes: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<Value>,
        pieces: UnsafeBufferPointer<TextPiece>, keptBytes: Int, keptValues: Int
    ) {
        oldPieces = pieces
        self.pieces = Buffer<TextPiece>(capacity: max(16, pieces.count / 4))
        // Pieces are in the order of the bytes, so those that stay come first.
        self.pieces.append(UnsafeBufferPointer(rebasing: pieces.prefix { $0.start < keptBytes }))
        oldBytes = bytes
        oldValues = values
        limit =
            bytes.count + values.count * MemoryLayout<Value>.stride + pieces.count * MemoryLayout<TextPiece>.stride
        self.bytes = ByteBuffer(capacity: max(4096, bytes.count / 4))
        self.values = Buffer<Value>(capacity: max(256, values.count / 4))
        self.bytes.append(UnsafeBufferPointer(rebasing: bytes[..<keptBytes]))
        self.values.append(UnsafeBufferPointer(rebasing: values[..<keptValues]))
        scanned = keptValues
        self.keptBytes = keptBytes
        self.keptValues = keptValues
    }

    private let keptBytes: Int
    private let keptValues: Int
    private var scanned: Int

    /// Moves the values in `roots` and all that they hold; false when the copy grows too large, with `roots` unchanged.
    mutating func move(_ roots: UnsafeMutableBufferPointer<Value>) -> Bool {
        var changed = [Value]()
        changed.reserveCapacity(roots.count)
        for root in roots {
            changed.append(forward(root))
            if size > limit { return false }
        }
        while scanned < values.count {
            let held = forward(values.base[scanned])
            values.base[scanned] = held
            scanned += 1
            if size > limit { return false }
        }
        for (index, value) in changed.enumerated() { roots[index] = value }
        return true
    }

    private var size: Int {
        bytes.count + values.count * MemoryLayout<Value>.stride + pieces.count * MemoryLayout<TextPiece>.stride
    }

    private mutating func movePieces(of value: Value, to start: UInt32) {
        for piece in TextPiece.overlapping(value.start..<(value.start + value.count), in: oldPieces) {
            pieces.append(piece.moved(by: start &- UInt32(truncatingIfNeeded: value.start)))
        }
        bytes.append(0)
    }

    private mutating func forward(_ value: Value) -> Value {
        guard value.pool == .scratch, value.count > 0 else { return value }
        switch value.kind {
        case .string:
            guard value.start >= keptBytes else { return value }
            let key = Key(isText: true, hasPieces: value.hasPieces, range: value.payload)
            if let start = moved[key] { return value.moved(to: start) }
            let start = UInt32(truncatingIfNeeded: bytes.count)
            bytes.append(UnsafeBufferPointer(rebasing: oldBytes[value.start..<(value.start + value.count)]))
            if value.hasPieces { movePieces(of: value, to: start) }
            moved[key] = start
            return value.moved(to: start)
        case .list, .map, .record:
            guard value.start >= keptValues else { return value }
            let key = Key(isText: false, hasPieces: false, range: value.payload)
            if let start = moved[key] { return value.moved(to: start) }
            let length = value.kind == .map ? 2 * value.count : value.count
            let start = UInt32(truncatingIfNeeded: values.count)
            values.append(UnsafeBufferPointer(rebasing: oldValues[value.start..<(value.start + length)]))
            moved[key] = start
            return value.moved(to: start)
        default:
            return value
        }
    }
}

extension Value {
    /// The same range of another place in the pool.
    fileprivate func moved(to start: UInt32) -> Value {
        var copy = self
        copy.payload = payload & 0xFFFF_FFFF_0000_0000 | UInt64(start)
        return copy
    }
}
