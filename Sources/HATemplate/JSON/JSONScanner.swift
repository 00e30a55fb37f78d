/// Reads JSON (RFC 8259) token by token, with the place of every token and exact integers.
///
/// It checks the grammar itself: commas, colons and nesting never reach the reader of the tokens. A byte-order mark at
/// the start is skipped. Text must be valid UTF-8 and every escaped surrogate must have its partner; an integer must
/// fit in 64 bits, a float in a double.
public struct JSONScanner: Sendable {
    /// What `next` found. `key` and the scalars leave their value in `value`.
    public enum Token: Sendable {
        case beginObject, endObject, beginArray, endArray
        case key, string, int, float, bool, null
        /// The document is complete and nothing but white space follows.
        case end
    }

    /// How deeply objects and arrays may nest.
    public static let maximumDepth = 1_000

    private let name: String
    private let source: [UInt8]
    private let extent: Range<Int>
    private var cursor: JSONCursor

    init(name: String, source: [UInt8], extent: Range<Int>) {
        self.name = name
        self.source = source
        self.extent = extent
        cursor = source.withUnsafeBufferPointer { JSONCursor(text: $0, extent: extent) }
    }

    /// The last key or scalar.
    public var value: Value { cursor.value }

    /// Where the last token starts: the `origin` of its value.
    public var origin: UInt32 { cursor.origin }

    /// The last token's place.
    public var location: SourceLocation { location(cursor.tokenRange) }

    /// The next token; text with escapes is written to the builder's pool.
    ///
    /// Throws one diagnostic (`json-…`) when the text is not JSON; the scanner must not be used afterwards.
    public mutating func next(_ builder: inout DocumentBuilder) throws(Diagnostic) -> Token {
        do {
            return try source.withUnsafeBufferPointer { (text) throws(JSONFault) in
                try cursor.next(text, &builder)
            }
        } catch {
            throw diagnostic(error)
        }
    }

    /// Reads past the value that comes next, whatever it is.
    public mutating func skipValue(_ builder: inout DocumentBuilder) throws(Diagnostic) {
        do {
            try source.withUnsafeBufferPointer { (text) throws(JSONFault) in
                try cursor.skipValue(text, &builder)
            }
        } catch {
            throw diagnostic(error)
        }
    }

    /// Gives the cursor and the text that it reads, for readers that take many tokens at a time: the text is then
    /// looked up once, not once a token.
    package mutating func withCursor<Result, Failure: Error>(
        _ body: (inout JSONCursor, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try source.withUnsafeBufferPointer { (text) throws(Failure) in
            try body(&cursor, text)
        }
    }

    /// The diagnostic for a fault, with its place.
    func diagnostic(_ fault: JSONFault) -> Diagnostic {
        Diagnostic(
            fault.code, fault.message, at: location(fault.range),
            notes: fault.note.map { [Diagnostic.Note($0.message, at: location($0.range))] } ?? [])
    }

    private func location(_ range: Range<Int>) -> SourceLocation {
        let file = SourceFile(name: name, sharing: source, extent: extent)
        return SourceLocation(
            file, SourceRange(range.lowerBound - extent.lowerBound, range.upperBound - extent.lowerBound))
    }
}
