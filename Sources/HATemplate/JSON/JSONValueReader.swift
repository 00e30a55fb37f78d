/// Reads one JSON value of any shape into a document: objects become maps, arrays become lists.
///
/// It keeps its own stack, so nesting costs memory and not the thread's stack.
package struct JSONValueReader {
    private struct Open {
        let isObject: Bool
        let origin: UInt32
        /// Where its children begin in `pending`.
        let firstChild: Int
    }

    private var pending: [Value] = []
    private var open: [Open] = []
    /// What was wrong although reading could go on: keys that stand twice in one object, numbers that do not fit.
    package private(set) var faults: [JSONFault] = []

    package init() {}

    /// Reads the value whose first token is `token`.
    ///
    /// Throws when the text is not JSON.
    package mutating func read(
        from token: JSONScanner.Token, _ cursor: inout JSONCursor, _ text: UnsafeBufferPointer<UInt8>,
        _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> Value {
        var token = token
        while true {
            switch token {
            case .beginObject, .beginArray:
                open.append(Open(isObject: token == .beginObject, origin: cursor.origin, firstChild: pending.count))
            case .endObject, .endArray:
                close(&builder)
            case .key, .string, .int, .float, .bool:
                pending.append(cursor.value)
            case .null:
                pending.append(Value.null.withOrigin(cursor.origin))
            case .end:
                return .missing
            }
            if open.isEmpty { return pending.popLast() ?? .missing }
            do {
                token = try cursor.next(text, &builder)
            } catch {
                guard error.isRecoverable else { throw error }
                faults.append(error)
                token = .null
            }
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
            if result.count >= 2 {
                let previous = result[result.count - 2]
                if builder.bytes(of: previous).elementsEqual(builder.bytes(of: flat[start])) {
                    faults.append(duplicateKey(flat[start], first: previous, builder))
                    result.removeLast(2)
                }
            }
            result.append(flat[start])
            result.append(flat[start + 1])
        }
        return result
    }

    private func duplicateKey(_ key: Value, first: Value, _ builder: borrowing DocumentBuilder) -> JSONFault {
        let name = String(decoding: builder.bytes(of: key), as: UTF8.self)
        return .duplicateKey(name, at: key.writtenRange ?? 0..<0, first: first.writtenRange)
    }
}

extension DocumentBuilder {
    /// Reads a JSON value whose first token the scanner has just given; appends duplicate keys and the like to
    /// `mistakes`.
    public mutating func readValue(
        from token: JSONScanner.Token, _ scanner: inout JSONScanner, mistakes: inout [Diagnostic]
    ) throws(Diagnostic) -> Value {
        var reader = JSONValueReader()
        let value: Value
        do {
            value = try scanner.withCursor { (cursor, text) throws(JSONFault) in
                try reader.read(from: token, &cursor, text, &self)
            }
        } catch {
            mistakes.append(contentsOf: reader.faults.map(scanner.diagnostic))
            throw scanner.diagnostic(error)
        }
        mistakes.append(contentsOf: reader.faults.map(scanner.diagnostic))
        return value
    }
}

extension Document {
    /// A document whose root is the one JSON value of a file, as `render --data` takes it.
    ///
    /// Throws what is wrong with the text: a grammar mistake, and every key that stands twice before it.
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
