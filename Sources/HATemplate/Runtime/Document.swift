/// The data of a render: input files, the values read from them, and the root value that the template's dot begins as.
///
/// Immutable once built (`DocumentBuilder`), so that many renders may share one.
public final class Document: Sendable {
    /// The text of all input files, one after the other.
    let source: [UInt8]
    /// Text that had escapes in the input.
    let decoded: [UInt8]
    /// Elements of lists, entries of maps (key, value, key, value …, sorted by key) and fields of records.
    let values: [Value]
    let shapes: [RecordShape]
    let inputs: [Input]
    public let root: Value

    /// One input file's place in `source`.
    struct Input: Sendable {
        let name: String
        let start: Int
        let count: Int
    }

    init(
        source: [UInt8], decoded: [UInt8], values: [Value], shapes: [RecordShape], inputs: [Input], root: Value
    ) {
        self.source = source
        self.decoded = decoded
        self.values = values
        self.shapes = shapes
        self.inputs = inputs
        self.root = root
    }

    /// A document without a file, whose root is nil.
    public static let empty = Document(source: [], decoded: [], values: [], shapes: [], inputs: [], root: .missing)

    /// Documents whose roots hold some elements of this one's root each, by their numbers. All share what they hold.
    package func parts(_ groups: [[Int]]) -> [Document] {
        guard root.kind == .list else { return [] }
        var values = values
        var starts: [Int] = []
        for group in groups {
            starts.append(values.count)
            for index in group where (0..<root.count).contains(index) { values.append(self.values[root.start + index]) }
        }
        starts.append(values.count)
        return groups.indices.map { index in
            let list = Value(
                .list, start: starts[index], count: starts[index + 1] - starts[index], type: root.type, pool: root.pool,
                origin: root.origin)
            return Document(
                source: source, decoded: decoded, values: values, shapes: shapes, inputs: inputs, root: list)
        }
    }

    /// Where in which file a value was written, if a file holds it.
    public func location(of value: Value) -> SourceLocation? {
        location(ofOrigin: value.origin)
    }

    /// Where the value with an origin was written.
    func location(ofOrigin origin: UInt32) -> SourceLocation? {
        guard origin > 0 else { return nil }
        return Self.location(ofOffset: Int(origin) - 1, in: inputs, source: source)
    }

    /// The bytes of the number that begins at an offset of a JSON text.
    static func number(at offset: Int, in source: [UInt8]) -> Range<Int> {
        let end = source[offset...].firstIndex { byte in
            !isDigit(byte) && !("+-.eE" as StaticString).contains(byte)
        }
        return offset..<(end ?? source.count)
    }

    /// Finds the file that holds an offset of the joined source.
    static func location(ofOffset offset: Int, in inputs: [Input], source: [UInt8]) -> SourceLocation? {
        var low = 0
        var high = inputs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if inputs[middle].start <= offset { low = middle } else { high = middle }
        }
        guard inputs.indices.contains(low) else { return nil }
        let input = inputs[low]
        let file = SourceFile(
            name: input.name, sharing: source, extent: input.start..<(input.start + input.count))
        return SourceLocation(file, SourceRange(offset - input.start, offset - input.start + 1))
    }
}
