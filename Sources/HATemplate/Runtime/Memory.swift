/// The pools that values point into during one render: the program's constants, the document, and scratch memory for
/// what functions make.
///
/// Pointers that it hands out stay valid until the next call that makes a value.
final class Memory {
    private let constants: UnsafeBufferPointer<UInt8>
    private let source: UnsafeBufferPointer<UInt8>
    private let decoded: UnsafeBufferPointer<UInt8>
    private let documentValues: UnsafeBufferPointer<Value>
    /// The text of the program's constants; the compiler knows where in it something stands.
    let constantText: UnsafePointer<UInt8>
    /// The pools of text by their number.
    private let wideTexts: Buffer<WideText>
    let shapes: [RecordShape]
    /// Whether strings remember which of their parts are trusted; only a render into a dialect asks.
    let tracksTrust: Bool
    /// Bytes that one text may have, also that of a list or map.
    let textLimit: Int
    let meter: WorkMeter
    /// Bytes of values that may be held at a time, before there is any output.
    let scratchLimit: Int
    @exclusivity(unchecked) private var scratchBytes = ByteBuffer(capacity: 4096)
    /// A buffer that is used again and again for strings in the making.
    @exclusivity(unchecked) private var spareBuffer: ByteBuffer?
    @exclusivity(unchecked) var scratchValues = Buffer<Value>()
    /// Parts of scratch strings, in the order of the bytes. Between two strings with pieces lies a byte of neither.
    @exclusivity(unchecked) private(set) var pieceTable = Buffer<TextPiece>(capacity: 16)
    /// What `readAhead` has seen, so that it does see it.
    @exclusivity(unchecked) private(set) var readAhead: UInt64 = 0
    /// What numbers of the parameters were typed as.
    @exclusivity(unchecked) private(set) var typedTexts: [Value] = []
    @exclusivity(unchecked) private var isTextCut = false
    /// What was printed last reads as Go shows values to a person.
    @exclusivity(unchecked) private var nonsense: TextOrigin?
    @exclusivity(unchecked) private var kept = (bytes: 0, values: 0)
    @exclusivity(unchecked) private var collectionThreshold = Memory.smallestCollection

    /// The caller keeps document and constants alive and unmoved while the memory is in use.
    private init(
        constants: UnsafeBufferPointer<UInt8>, source: UnsafeBufferPointer<UInt8>,
        decoded: UnsafeBufferPointer<UInt8>, documentValues: UnsafeBufferPointer<Value>, shapes: [RecordShape],
        tracksTrust: Bool, limits: RenderLimits, meter: WorkMeter
    ) {
        self.tracksTrust = tracksTrust
        self.meter = meter
        textLimit = limits.textBytes
        scratchLimit = limits.scratchBytes.saturatingAdd(
            RenderLimits.scratchRatio * (source.count + decoded.count))
        self.constants = constants
        self.source = source
        self.decoded = decoded
        self.documentValues = documentValues
        self.shapes = shapes
        constantText = constants.baseAddress ?? UnsafePointer(scratchBytes.base)
        var wideTexts = Buffer<WideText>(capacity: 4)
        for pool in [constants, source, decoded] { wideTexts.append(WideText(pool, otherwise: scratchBytes.base)) }
        // What is made while rendering may move.
        wideTexts.append(WideText(UnsafeBufferPointer(start: nil, count: 0), otherwise: scratchBytes.base))
        self.wideTexts = wideTexts
    }

    /// Runs `body` with a memory over the given pools; the memory must not leave it.
    static func with<Result, Failure: Error>(
        constants: [UInt8], document: Document, tracksTrust: Bool = false, limits: RenderLimits = RenderLimits(),
        meter: WorkMeter = WorkMeter(), _ body: (Memory) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try constants.withUnsafeBufferPointer { (constants) throws(Failure) in
            try document.source.withUnsafeBufferPointer { (source) throws(Failure) in
                try document.decoded.withUnsafeBufferPointer { (decoded) throws(Failure) in
                    try document.values.withUnsafeBufferPointer { (values) throws(Failure) in
                        try body(
                            Memory(
                                constants: constants, source: source, decoded: decoded, documentValues: values,
                                shapes: document.shapes, tracksTrust: tracksTrust, limits: limits, meter: meter))
                    }
                }
            }
        }
    }

    // MARK: Collecting

    /// What has been made so far stays for good, where it is.
    func keepScratch() {
        kept = (scratchBytes.count, scratchValues.count)
    }

    /// Whether it is time to look for values that nothing needs any more.
    @inline(__always)
    var isCollectionDue: Bool {
        scratchBytes.count &+ (scratchValues.count &+ pieceTable.count) &* 16 > collectionThreshold
    }

    /// Drops what no value in `roots` holds; every other value made while rendering becomes invalid.
    func collect(roots: UnsafeMutableBufferPointer<Value>) {
        var collection = ScratchCollection(
            bytes: UnsafeBufferPointer(start: scratchBytes.base, count: scratchBytes.count),
            values: UnsafeBufferPointer(start: scratchValues.base, count: scratchValues.count),
            pieces: UnsafeBufferPointer(start: pieceTable.base, count: pieceTable.count), keptBytes: kept.bytes,
            keptValues: kept.values)
        if collection.move(roots) {
            swap(&pieceTable, &collection.pieces)
            swap(&scratchBytes, &collection.bytes)
            swap(&scratchValues, &collection.values)
        }
        collectionThreshold = max(Self.smallestCollection, 2 * scratchSize)
    }

    private static let smallestCollection = 16 << 20

    // MARK: Large texts

    /// Says that the text of a list or map ended early, as a value's must that holds others many times over: printed as a
    /// whole it would be more than any machine has room for.
    func cutText() { isTextCut = true }

    /// Whoever has printed a value fails when its text ended early.
    @inline(__always)
    func checkText() throws(RuntimeError) {
        if isTextCut { throw .resultTooLarge(limit: textLimit) }
    }

    /// Whether a text in the making is as long as it may become; then it ends here, and its maker fails.
    func isFull(_ text: borrowing ByteBuffer) -> Bool {
        guard text.count > textLimit else { return false }
        isTextCut = true
        return true
    }

    /// Whoever has made values fails when they are too many or took too much work.
    ///
    /// - Parameter output: bytes of output so far.
    @inline(__always)
    func checkMade(output: Int = 0) throws(RuntimeError) {
        let limit = scratchLimit &+ RenderLimits.scratchRatio &* output
        if scratchSize > limit { throw .memoryExhausted(limit: limit) }
        try checkText()
        try meter.check()
    }

    // MARK: Parameters

    /// Copies the parameters, which are kept for good: their origins go on where those of the document end, text keeps
    /// its trust, and a number that was typed is remembered as its text.
    func adoptParameters(_ document: Document) -> Value {
        let root = adopt(document) { value, source in
            var moved = value
            if value.origin > 0 { moved.origin = UInt32(truncatingIfNeeded: self.source.count) &+ value.origin }
            if value.kind == .float, value.type != .any, value.origin > 0, self.typedTexts.count < Int(UInt16.max) {
                let text = Document.number(at: Int(value.origin) - 1, in: document.source)
                self.typedTexts.append(
                    Value(.string, start: source + text.lowerBound, count: text.count, pool: .scratch))
                moved.type = TypeTag(rawValue: UInt16(truncatingIfNeeded: self.typedTexts.count))
            }
            return moved
        }
        keepScratch()
        return root.kind == .map ? root : .absentMap
    }

    // MARK: Nonsense

    /// Says that what is being printed is no text for a configuration.
    func printsNonsense(_ kind: TextOrigin) {
        if tracksTrust, nonsense != .misprint { nonsense = kind }
    }

    /// What was said since the last question, while a value was printed.
    func takeNonsense(of value: Value) -> TextOrigin? {
        defer { nonsense = nil }
        switch value.kind {
        case .list, .map, .record: return nonsense == .misprint ? .misprint : .listing
        default: return nonsense
        }
    }

    // MARK: Reading

    /// The bytes of a string; empty for any other value.
    func bytes(of value: Value) -> UnsafeBufferPointer<UInt8> {
        guard value.kind == .string, value.count > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
        return bytes(ofString: value)
    }

    /// The bytes of a value that is known to be a string.
    @inline(__always)
    func bytes(ofString value: Value) -> UnsafeBufferPointer<UInt8> {
        let pool: UnsafePointer<UInt8>?
        switch value.pool {
        case .constants: pool = constants.baseAddress
        case .source: pool = source.baseAddress
        case .decoded: pool = decoded.baseAddress
        case .scratch: pool = UnsafePointer(scratchBytes.base)
        }
        return UnsafeBufferPointer(start: pool.map { $0 + value.start }, count: value.count)
    }

    /// Where the bytes of a string stand, if it is short and `ByteBuffer.wide` bytes may be read from there.
    @inline(__always)
    func wideText(ofString value: Value) -> UnsafeRawPointer? {
        let pool = wideTexts[Int(value.pool.rawValue)]
        guard value.count <= ByteBuffer.wide, value.start <= pool.lastStart else { return nil }
        return pool.base + value.start
    }

    /// The elements of a list, the fields of a record, or the entries of a map (key, value, key, value …).
    func elements(of value: Value) -> UnsafeBufferPointer<Value> {
        switch value.kind {
        case .list, .record: elements(value, count: value.count)
        case .map: elements(value, count: 2 * value.count)
        default: UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    private func elements(_ value: Value, count: Int) -> UnsafeBufferPointer<Value> {
        guard count > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
        let pool = value.pool == .scratch ? UnsafePointer(scratchValues.base) : documentValues.baseAddress
        return UnsafeBufferPointer(start: pool.map { $0 + value.start }, count: count)
    }

    /// One element of a list or field of a record; the index must be in range.
    @inline(__always)
    func element(_ index: Int, of value: Value) -> Value {
        let position = value.start &+ index
        return value.pool == .scratch ? scratchValues[position] : documentValues[position]
    }

    /// Reads a little of some elements of a document's list: of what stands in the given slots, where one is not
    /// negative, of records, and of strings.
    func readAhead(in list: Value, _ range: Range<Int>, slots: Program.ElementFields) {
        guard list.pool == .source else { return }
        var sum: UInt64 = 0
        for index in range {
            let element = documentValues[list.start &+ index]
            guard element.kind == .record, element.pool == .source else {
                sum &+= firstPart(of: element)
                continue
            }
            for place in 0..<slots.scalarCount {
                let slot = Int(slots[place])
                guard slot >= 0, slot < element.count else { continue }
                sum &+= firstPart(of: documentValues[element.start &+ slot])
            }
        }
        readAhead = sum
    }

    /// Something of what a document's value holds.
    @inline(__always)
    private func firstPart(of value: Value) -> UInt64 {
        guard value.pool == .source, value.kind == .string || value.kind == .list, value.count > 0 else { return 0 }
        return value.kind == .string ? UInt64(source[value.start]) : documentValues[value.start].payload
    }

    /// The shape of a record.
    func shape(of value: Value) -> RecordShape? {
        guard value.kind == .record, let index = value.type.recordIndex, shapes.indices.contains(index) else {
            return nil
        }
        return shapes[index]
    }

    /// The value under a key of a map.
    func lookup(_ key: UnsafeBufferPointer<UInt8>, in map: Value) -> Value? {
        let entries = elements(of: map)
        var low = 0
        var high = map.count
        while low < high {
            let middle = (low + high) / 2
            let order = compareBytes(bytes(of: entries[2 * middle]), key)
            if order == 0 { return entries[2 * middle + 1] }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// A string value's text, with invalid UTF-8 repaired; for messages.
    func text(of value: Value) -> String {
        String(decoding: bytes(of: value), as: UTF8.self)
    }

    /// The beginning of a text, for messages.
    func excerpt(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        let maximum = 60
        let shown = String(decoding: bytes.prefix(maximum), as: UTF8.self)
        return bytes.count > maximum ? shown + "…" : shown
    }

    /// What a number of the parameters was typed as, where that is known.
    func typedText(of value: Value) -> Value? {
        guard value.kind == .float, value.type != .any else { return nil }
        let index = Int(value.type.rawValue) - 1
        return typedTexts.indices.contains(index) ? typedTexts[index] : nil
    }

    // MARK: Making

    /// A string of the given bytes; bytes that lie in the scratch memory already are shared.
    func makeString(_ bytes: UnsafeBufferPointer<UInt8>, origin: UInt32 = 0) -> Value {
        if let offset = scratchBytes.offset(of: bytes) {
            return Value(.string, start: offset, count: bytes.count, pool: .scratch, origin: origin)
        }
        let start = scratchBytes.count
        scratchBytes.append(bytes)
        return Value(.string, start: start, count: bytes.count, pool: .scratch, origin: origin)
    }

    func makeString(_ bytes: [UInt8], origin: UInt32 = 0) -> Value {
        bytes.withUnsafeBufferPointer { makeString($0, origin: origin) }
    }

    func makeString(_ text: String, origin: UInt32 = 0) -> Value {
        makeString(Array(text.utf8), origin: origin)
    }

    /// A string of what `write` appends; the values that it reads stay where they are meanwhile.
    func makeString(_ write: (inout ByteBuffer) -> Void) -> Value {
        var buffer = spareBuffer.take() ?? ByteBuffer()
        write(&buffer)
        if isFull(buffer) { buffer.truncate(to: 0) }
        let value = buffer.withElements { makeString($0) }
        keepSpare(buffer)
        return value
    }

    /// A string of what `write` appends, piece by piece, each with its origin.
    ///
    /// With `beginning` the text goes on after that one. Where it is the last that was made its bytes are shared, so
    /// that a text which grows in a loop costs what is added.
    func makeText(after beginning: Value? = nil, _ write: (inout PieceWriter) -> Void) -> Value {
        var writer = PieceWriter(output: spareBuffer.take() ?? ByteBuffer(), isTracking: tracksTrust)
        nonsense = nil
        let start = beginning.flatMap { extend($0) }
        if start == nil, let beginning { writer.append(beginning, self) }
        write(&writer)
        guard !isFull(writer.output) else { return makeString([]) }
        let value = writer.output.withElements { bytes in
            let text: Value
            if let start, let beginning {
                scratchBytes.append(bytes)
                text = Value(.string, start: start, count: beginning.count + bytes.count, pool: .scratch)
                if writer.isTrusted, beginning.isTrusted { return text.trusted }
                if tracksTrust, !beginning.hasPieces, beginning.count > 0 {
                    let origin = beginning.isTrusted ? TextOrigin.template : .data
                    pieceTable.append(TextPiece(start..<(start + beginning.count), origin))
                }
            } else {
                text = makeString(bytes)
                if writer.isTrusted { return text.trusted }
            }
            // What is not trusted as a whole has its piece too: it says that the function has decided.
            guard writer.isTracking else { return text }
            scratchBytes.append(0)
            let added = UInt32(truncatingIfNeeded: text.start + text.count - bytes.count)
            for piece in writer.pieces { addPiece(piece.moved(by: added)) }
            return text.inPieces
        }
        keepSpare(writer.takeOutput())
        return value
    }

    /// Large ones go back to the system.
    private func keepSpare(_ buffer: consuming ByteBuffer) {
        guard buffer.count <= Self.largestSpare else { return }
        buffer.truncate(to: 0)
        spareBuffer = consume buffer
    }

    private static let largestSpare = 4 << 20

    /// Adds a piece to the table; one that goes on with the last piece becomes a part of it.
    private func addPiece(_ piece: TextPiece) {
        if let last = pieceTable.last, last.end == piece.start, last.origin == piece.origin {
            pieceTable.truncate(to: pieceTable.count - 1)
            pieceTable.append(TextPiece(Int(last.start)..<Int(piece.end), piece.origin))
        } else {
            pieceTable.append(piece)
        }
    }

    /// Where a string starts that is the last of the scratch memory, which can then go on; nil for any other.
    private func extend(_ text: Value) -> Int? {
        guard text.kind == .string, text.pool == .scratch, text.count > 0, text.start >= kept.bytes else { return nil }
        let end = text.start + text.count
        if text.hasPieces {
            // After a text with pieces stands a byte of none.
            guard end == scratchBytes.count - 1, let last = pieceTable.last, Int(last.end) == end else { return nil }
            scratchBytes.truncate(to: end)
        } else {
            guard end == scratchBytes.count else { return nil }
            // Its first byte may be the middle of a text that is in pieces.
            if let last = pieceTable.last, Int(last.end) > text.start { return nil }
        }
        return text.start
    }

    /// A string whose parts are the template's but for the given ones, whose starts count from the string's own.
    func makeString(_ bytes: UnsafeBufferPointer<UInt8>, pieces: [TextPiece]) -> Value {
        let text = makeString(bytes)
        guard !pieces.isEmpty else { return text.trusted }
        scratchBytes.append(0)
        var end = text.start
        for piece in pieces {
            let piece = piece.moved(by: UInt32(truncatingIfNeeded: text.start))
            if Int(piece.start) > end { pieceTable.append(TextPiece(end..<Int(piece.start), .template)) }
            pieceTable.append(piece)
            end = Int(piece.end)
        }
        if end < text.start + text.count { pieceTable.append(TextPiece(end..<(text.start + text.count), .template)) }
        return text.inPieces
    }

    /// The parts of a string by their origin, in order; their bytes together are the string's.
    func pieces(of string: Value) -> [TextPiece] {
        let end = string.start + string.count
        guard string.hasPieces else {
            return [
                TextPiece(string.start..<end, string.isTrusted ? .template : .data)
            ]
        }
        return pieceTable.withElements { table in
            TextPiece.overlapping(string.start..<end, in: table)
        }
    }

    /// Bytes that the values made so far take.
    var scratchSize: Int {
        scratchBytes.count + scratchValues.count * MemoryLayout<Value>.stride
            + pieceTable.count * MemoryLayout<TextPiece>.stride
    }
}
