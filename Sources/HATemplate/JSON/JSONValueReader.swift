/// Reads one JSON value of any shape into a document: objects become maps, arrays become lists.
///
/// It keeps its own stack, so nesting costs memory and not the thread's stack.
struct JSONValueReader {
    private struct Open {
        let isObject: Bool
        let origin: UInt32
        /// Where its children begin in `pending`.
        let firstChild: Int
    }

    private var pending: [Value] = []
    private var open: [Open] = []
    private(set) var duplicates: [Diagnostic] = []

    /// Reads the value whose first token is `token`.
    ///
    /// Throws when the text is not JSON. Keys that stand twice in one object are collected in `duplicates`.
    mutating func read(
        from token: JSONScanner.Token, _ scanner: inout JSONScanner, _ builder: inout DocumentBuilder
    ) throws(Diagnostic) -> Value {
        var token = token
        while true {
            switch token {
            case .beginObject, .beginArray:
                open.append(Open(isObject: token == .beginObject, origin: scanner.origin, firstChild: pending.count))
            case .endObject, .endArray:
                close(&builder)
            case .key, .string, .int, .float, .bool, .null:
                pending.append(scanner.value)
            case .end:
                return .missing
            }
            if open.isEmpty { return pending.removeLast() }
            token = try scanner.next(&builder)
        }
    }

    private mutating func close(_ builder: inout DocumentBuilder) {
        guard let container = open.popLast() else { return }
        let children = pending[container.firstChild...]
        let value: Value
        if container.isObject {
            value = builder.appendMap(sortedEntries: sortedEntries(children, builder), origin: container.origin)
        } else {
            value = builder.appendList(children, origin: container.origin)
        }
        pending.removeSubrange(container.firstChild...)
        pending.append(value)
    }

    /// Entries in the order of their keys' bytes; of equal keys the last stays, and each further one is reported.
    private mutating func sortedEntries(_ flat: ArraySlice<Value>, _ builder: borrowing DocumentBuilder) -> [Value] {
        let starts = stride(from: flat.startIndex, to: flat.endIndex, by: 2).sorted { left, right in
            let leftKey = builder.bytes(of: flat[left])
            let rightKey = builder.bytes(of: flat[right])
            if leftKey.elementsEqual(rightKey) { return left < right }
            return leftKey.lexicographicallyPrecedes(rightKey)
        }
        var result: [Value] = []
        result.reserveCapacity(flat.count)
        for start in starts {
            if result.count >= 2, builder.bytes(of: result[result.count - 2]).elementsEqual(builder.bytes(of: flat[start])) {
                duplicates.append(duplicateKey(flat[start], first: result[result.count - 2], builder))
                result.removeLast(2)
            }
            result.append(flat[start])
            result.append(flat[start + 1])
        }
        return result
    }

    private func duplicateKey(_ key: Value, first: Value, _ builder: borrowing DocumentBuilder) -> Diagnostic {
        let name = String(decoding: builder.bytes(of: key), as: UTF8.self)
        var notes: [Diagnostic.Note] = []
        if let location = builder.location(of: first) { notes.append(.init("it stands here first", at: location)) }
        return Diagnostic(
            .duplicateKey, "the key \"\(name)\" stands twice in this object", at: builder.location(of: key),
            notes: notes)
    }
}

extension DocumentBuilder {
    /// Reads a JSON value whose first token the scanner has just given; appends duplicate keys to `mistakes`.
    public mutating func readValue(
        from token: JSONScanner.Token, _ scanner: inout JSONScanner, mistakes: inout [Diagnostic]
    ) throws(Diagnostic) -> Value {
        var reader = JSONValueReader()
        let value = try reader.read(from: token, &scanner, &self)
        mistakes.append(contentsOf: reader.duplicates)
        return value
    }
}

extension Document {
    /// A document whose root is the one JSON value of a file, as `render --data` takes it.
    ///
    /// Throws what is wrong with the text: a grammar mistake alone, or every key that stands twice.
    public static func json(name: String, bytes: [UInt8]) throws(Diagnostics) -> Document {
        var builder = DocumentBuilder()
        var mistakes: [Diagnostic] = []
        do {
            var scanner = try builder.addFile(name: name, bytes: bytes)
            let root = try builder.readValue(from: scanner.next(&builder), &scanner, mistakes: &mistakes)
            _ = try scanner.next(&builder)
            guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
            return builder.build(root: root)
        } catch let diagnostics as Diagnostics {
            throw diagnostics
        } catch let diagnostic as Diagnostic {
            throw Diagnostics(mistakes + [diagnostic])
        } catch {
            throw Diagnostics(mistakes)
        }
    }
}
