/// Collects input files and values, and makes a `Document` of them.
public struct DocumentBuilder: ~Copyable {
    private(set) var source: [UInt8] = []
    var decoded: [UInt8] = []
    private(set) var values: [Value] = []
    private(set) var inputs: [Document.Input] = []
    private var shapes: [RecordShape] = []

    public init() {}

    /// Adds a file's text and returns a scanner at its first token.
    ///
    /// Throws `input-too-large` when all files together pass 4 GiB, which is what an offset can name.
    public mutating func addFile(name: String, bytes: consuming [UInt8]) throws(Diagnostic) -> JSONScanner {
        let start = source.count
        let count = bytes.count
        guard start + count < Int(UInt32.max) else {
            let file = SourceFile(name: name, bytes: [])
            throw Diagnostic(
                .inputTooLarge, "the input files are larger than 4 GiB together",
                at: SourceLocation(file, SourceRange(at: 0)))
        }
        if start == 0 { source = bytes } else { source.append(contentsOf: bytes) }
        inputs.append(Document.Input(name: name, start: start, count: count))
        return JSONScanner(name: name, source: source, extent: start..<(start + count))
    }

    /// Registers a record type; the tag goes into `appendRecord`.
    public mutating func addShape(_ shape: RecordShape) -> ShapeIndex {
        shapes.append(shape)
        return ShapeIndex(tag: .record(shapes.count - 1))
    }

    /// A record with one value for each field of its shape.
    public mutating func appendRecord(_ shape: ShapeIndex, fields: some Collection<Value>, origin: UInt32) -> Value {
        let start = values.count
        values.append(contentsOf: fields)
        return Value(
            .record, start: start, count: values.count - start, type: shape.tag, pool: .source, origin: origin)
    }

    /// A list; `element` says what Go would call its elements.
    public mutating func appendList(
        _ elements: some Collection<Value>, of element: ElementType = .any, origin: UInt32 = 0
    ) -> Value {
        let start = values.count
        values.append(contentsOf: elements)
        return Value(
            .list, start: start, count: values.count - start, type: element.tag, pool: .source, origin: origin)
    }

    /// A map from entries that are sorted by key and have no key twice: key, value, key, value …
    mutating func appendMap(sortedEntries: some Collection<Value>, origin: UInt32) -> Value {
        let start = values.count
        values.append(contentsOf: sortedEntries)
        return Value(
            .map, start: start, count: (values.count - start) / 2, type: .any, pool: .source, origin: origin)
    }

    /// A text that no file holds as it stands, such as a default.
    public mutating func appendText(_ bytes: some Collection<UInt8>, origin: UInt32 = 0) -> Value {
        let start = decoded.count
        decoded.append(contentsOf: bytes)
        return Value(.string, start: start, count: decoded.count - start, pool: .decoded, origin: origin)
    }

    /// The bytes of a string value of this builder; empty for any other value.
    public func bytes(of value: Value) -> ArraySlice<UInt8> {
        guard value.kind == .string else { return [] }
        let range = value.start..<(value.start + value.count)
        switch value.pool {
        case .source: return source[range]
        case .decoded: return decoded[range]
        case .constants, .scratch: return []
        }
    }

    /// The elements of a list or the fields of a record of this builder.
    public func elements(of value: Value) -> ArraySlice<Value> {
        switch value.kind {
        case .list, .record: values[value.start..<(value.start + value.count)]
        case .map: values[value.start..<(value.start + 2 * value.count)]
        default: []
        }
    }

    /// Where a value was written.
    public func location(of value: Value) -> SourceLocation? {
        guard value.origin > 0 else { return nil }
        return Document.location(ofOffset: Int(value.origin) - 1, in: inputs, source: source)
    }

    /// The place of some bytes of the joined text.
    package func location(of range: Range<Int>) -> SourceLocation? {
        guard var location = Document.location(ofOffset: range.lowerBound, in: inputs, source: source) else {
            return nil
        }
        location.range.end = location.range.start + UInt32(clamping: range.count)
        return location
    }

    /// The place of some bytes of the joined text that belong to the file with the given number: the end of a file is
    /// the same offset as the start of the next.
    package func location(of range: Range<Int>, inFile number: Int) -> SourceLocation? {
        guard inputs.indices.contains(number) else { return nil }
        let input = inputs[number]
        let file = SourceFile(name: input.name, sharing: source, extent: input.start..<(input.start + input.count))
        return SourceLocation(file, SourceRange(range.lowerBound - input.start, range.upperBound - input.start))
    }

    public consuming func build(root: Value) -> Document {
        Document(
            source: source, decoded: decoded, values: values, shapes: shapes, inputs: inputs, root: root)
    }
}

// MARK: For readers that know their types

// The same without generics, which would not be specialised in another module.
extension DocumentBuilder {
    /// A record with one value for each field of its shape.
    package mutating func appendRecord(
        _ shape: ShapeIndex, fields: UnsafeBufferPointer<Value>, origin: UInt32
    ) -> Value {
        let start = values.count
        values.append(contentsOf: fields)
        return Value(.record, start: start, count: fields.count, type: shape.tag, pool: .source, origin: origin)
    }

    /// A list of records of one shape, from their fields one record after the other and the origin of each.
    package mutating func appendRecords(
        _ shape: ShapeIndex, fields: UnsafeBufferPointer<Value>, origins: UnsafeBufferPointer<UInt32>, origin: UInt32
    ) -> Value {
        let slots = origins.isEmpty ? 0 : fields.count / origins.count
        let first = values.count
        values.append(contentsOf: fields)
        let start = values.count
        for (index, origin) in origins.enumerated() {
            values.append(
                Value(
                    .record, start: first + index * slots, count: slots, type: shape.tag, pool: .source, origin: origin)
            )
        }
        return Value(.list, start: start, count: origins.count, type: shape.tag, pool: .source, origin: origin)
    }

    /// An element of a list; the index must be in range.
    package func element(_ index: Int, of list: Value) -> Value { values[list.start + index] }

    /// A list of the given elements.
    package mutating func appendList(
        _ elements: UnsafeBufferPointer<Value>, of element: ElementType, origin: UInt32
    ) -> Value {
        let start = values.count
        values.append(contentsOf: elements)
        return Value(.list, start: start, count: elements.count, type: element.tag, pool: .source, origin: origin)
    }

    /// Replaces the value in a slot of a record.
    package mutating func setField(_ slot: Int, of record: Value, to value: Value) {
        guard record.kind == .record, slot < record.count else { return }
        values[record.start + slot] = value
    }

    /// Bytes of the files added so far.
    var size: Int { source.count }

    /// Puts what `change` gives in the place of a value and of every value inside it, keys included.
    mutating func change(_ root: Value, _ change: (Value) -> Value) -> Value {
        var rest = [root]
        while let container = rest.popLast() {
            guard container.kind == .list || container.kind == .map, container.count > 0 else { continue }
            let count = container.kind == .map ? 2 * container.count : container.count
            for index in container.start..<(container.start + count) {
                rest.append(values[index])
                values[index] = change(values[index])
            }
        }
        return change(root)
    }

    /// Makes room for values so that reading a large file does not move them time and again.
    package mutating func reserveValues(_ added: Int) {
        let wanted = values.count + added
        guard wanted > values.capacity else { return }
        values.reserveCapacity(max(wanted, 2 * values.capacity))
        let size = values.capacity * MemoryLayout<Value>.stride
        values.withUnsafeMutableBufferPointer { LargeMemory.advise($0.baseAddress, count: size) }
    }

    /// How many values and decoded bytes there are so far.
    package var extent: (values: Int, decodedBytes: Int) { (values.count, decoded.count) }

    /// Lets `body` read what was built so far, without the cost of copying it.
    package func withPools<Result, Failure: Error>(
        _ body: (DocumentPools) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try source.withUnsafeBufferPointer { (source) throws(Failure) in
            try decoded.withUnsafeBufferPointer { (decoded) throws(Failure) in
                try values.withUnsafeBufferPointer { (values) throws(Failure) in
                    try body(DocumentPools(source: source, decoded: decoded, values: values))
                }
            }
        }
    }
}

/// The memory of a document; valid only in the call that gives it.
package struct DocumentPools {
    package let source: UnsafeBufferPointer<UInt8>
    package let decoded: UnsafeBufferPointer<UInt8>
    package let values: UnsafeBufferPointer<Value>

    /// The bytes of a string; empty for any other value.
    package func bytes(of value: Value) -> UnsafeBufferPointer<UInt8> {
        guard value.kind == .string else { return UnsafeBufferPointer(start: nil, count: 0) }
        let range = value.start..<(value.start + value.count)
        switch value.pool {
        case .source: return UnsafeBufferPointer(rebasing: source[range])
        case .decoded: return UnsafeBufferPointer(rebasing: decoded[range])
        case .constants, .scratch: return UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    /// The elements of a list or the fields of a record.
    package func elements(of value: Value) -> UnsafeBufferPointer<Value> {
        guard value.kind == .list || value.kind == .record else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(rebasing: values[value.start..<(value.start + value.count)])
    }

    /// The entries of a map in the order of their keys: key, value, key, value …
    package func entries(of value: Value) -> UnsafeBufferPointer<Value> {
        guard value.kind == .map, !value.isAbsent else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(rebasing: values[value.start..<(value.start + 2 * value.count)])
    }
}

/// A record type of one document.
public struct ShapeIndex: Sendable {
    let tag: TypeTag
}

/// What Go would call the elements of a list.
public enum ElementType: Sendable {
    case any, string
    case record(ShapeIndex)

    var tag: TypeTag {
        switch self {
        case .any: .any
        case .string: .string
        case .record(let shape): shape.tag
        }
    }
}
