// What programs that embed the library, and tests, read a document with.
extension Document {
    /// The bytes of a text; nil for any other value.
    package func bytes(of value: Value) -> ArraySlice<UInt8>? {
        guard value.kind == .string else { return nil }
        let range = value.start..<(value.start + value.count)
        switch value.pool {
        case .source: return source.indices.contains(range) ? source[range] : nil
        case .decoded: return decoded.indices.contains(range) ? decoded[range] : nil
        case .constants, .scratch: return nil
        }
    }

    /// A text as a `String`; nil for any other value.
    package func text(of value: Value) -> String? {
        bytes(of: value).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The elements of a list or the fields of a record, in order; none for any other value.
    package func elements(of value: Value) -> ArraySlice<Value> {
        guard value.kind == .list || value.kind == .record else { return [] }
        let range = value.start..<(value.start + value.count)
        return values.indices.contains(range) ? values[range] : []
    }

    /// The entries of a map in the order of their keys; none for any other value.
    package func entries(of value: Value) -> [(key: String, value: Value)] {
        guard value.kind == .map else { return [] }
        let first = value.start
        guard values.indices.contains(first..<(first + 2 * value.count)) else { return [] }
        return (0..<value.count).map { (text(of: values[first + 2 * $0]) ?? "", values[first + 2 * $0 + 1]) }
    }

    /// The keys of a map, each with its place, in the order of `entries`.
    package func keys(of value: Value) -> [Value] {
        guard value.kind == .map, values.indices.contains(value.start..<(value.start + 2 * value.count)) else {
            return []
        }
        return (0..<value.count).map { values[value.start + 2 * $0] }
    }

    /// The type of a record; nil for any other value.
    package func shape(of value: Value) -> RecordShape? {
        guard value.kind == .record, let index = value.type.recordIndex, shapes.indices.contains(index) else {
            return nil
        }
        return shapes[index]
    }

    /// A field of a record, or what stands under a key of a map; nil where there is none.
    package func field(_ name: String, of value: Value) -> Value? {
        switch value.kind {
        case .record:
            guard let slot = shape(of: value)?.fieldNames.firstIndex(of: name) else { return nil }
            let fields = elements(of: value)
            return slot < fields.count ? fields[fields.startIndex + slot] : nil
        case .map:
            return entries(of: value).first { $0.key == name }?.value
        default:
            return nil
        }
    }

    /// What a method of a record gives, such as a service's `ListenPort`, as text; nil where there is none.
    package func callMethod(_ name: String, of value: Value) -> String? {
        guard let method = shape(of: value)?.methods.first(where: { $0.name == name }) else { return nil }
        return Memory.with(constants: [], document: self) { memory in
            let result = method.body(memory.elements(of: value), memory)
            return result.kind == .int ? String(result.asInt) : memory.text(of: result)
        }
    }
}

extension Document {
    /// Bytes of the input files.
    package var size: Int { source.count }

    /// Lets `body` read the document without the cost of copying it.
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

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        other.lowerBound >= lowerBound && other.upperBound <= upperBound
    }
}
