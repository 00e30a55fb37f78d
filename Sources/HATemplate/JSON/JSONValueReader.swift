/// Reads one JSON value of any shape into a document: objects become maps, arrays become lists.
///
/// It keeps its own stack, so nesting costs memory and not the thread's stack.
package struct JSONValueReader: ~Copyable {
    private struct Open {
        let isObject: Bool
        let origin: UInt32
        /// Where its children begin in `pending`.
        let firstChild: Int
    }

    private var pending = Buffer<Value>(capacity: 16)
    private var open: [Open] = []
    /// What was wrong although reading could go on: keys that stand twice in one object, numbers that do not fit.
    package private(set) var faults = JSONFaults()
    private let reportsDuplicates: Bool

    /// Without `reportsDuplicates` the last of equal keys counts, and nothing is said of it.
    package init(reportsDuplicates: Bool = true) {
        self.reportsDuplicates = reportsDuplicates
    }

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
            if open.isEmpty {
                guard pending.count > 0 else { return .missing }
                let value = pending[pending.count - 1]
                pending.truncate(to: pending.count - 1)
                return value
            }
            do {
                token = try cursor.next(text, &builder)
            } catch {
                guard error.isRecoverable else { throw error }
                faults.add(error)
                token = .null
            }
        }
    }

    /// Makes a list or map of the innermost container's children.
    private mutating func close(_ builder: inout DocumentBuilder) {
        guard let container = open.popLast() else { return }
        let value: Value
        if container.isObject {
            let count = sortEntries(from: container.firstChild, builder)
            value = pending.withElements { pending in
                let entries = UnsafeBufferPointer(rebasing: pending[container.firstChild...].prefix(2 * count))
                return builder.appendMap(sortedEntries: entries, origin: container.origin)
            }
        } else {
            value = pending.withElements { pending in
                let elements = UnsafeBufferPointer(rebasing: pending[container.firstChild...])
                return builder.appendList(elements, of: .any, origin: container.origin)
            }
        }
        pending.truncate(to: container.firstChild)
        pending.append(value)
    }

    /// Orders the entries (key, value, key, value …) that stand in `pending` from an index on by their keys' bytes.
    ///
    /// Of equal keys the last stays, and each further one is reported. Returns the number of entries that are left.
    private mutating func sortEntries(from first: Int, _ builder: borrowing DocumentBuilder) -> Int {
        var found = JSONFaults()
        swap(&found, &faults)
        defer { swap(&found, &faults) }
        let reportsDuplicates = reportsDuplicates
        return pending.withMutableElements { pending in
            builder.withPools { pools in
                let flat = UnsafeMutableBufferPointer(rebasing: pending[first...])
                let entries = EntrySorter(flat: flat, pools: pools)
                entries.sort()
                return entries.removeDuplicates { if reportsDuplicates { found.add($0()) } }
            }
        }
    }
}

/// Sorts the entries of one object.
private struct EntrySorter {
    /// Key, value, key, value …
    let flat: UnsafeMutableBufferPointer<Value>
    let pools: DocumentPools

    private var count: Int { flat.count / 2 }

    /// Orders by key; equal keys keep their order. One pass when the entries are in order already.
    func sort() {
        var isSorted = true
        for index in 1..<max(1, count) where compare(index - 1, index) > 0 {
            isSorted = false
            break
        }
        if isSorted { return }
        let order = (0..<count).sorted { left, right in
            let order = compare(left, right)
            return order == 0 ? left < right : order < 0
        }
        let original = Array(flat)
        for (place, index) in order.enumerated() {
            flat[2 * place] = original[2 * index]
            flat[2 * place + 1] = original[2 * index + 1]
        }
    }

    private func compare(_ left: Int, _ right: Int) -> Int {
        compareBytes(pools.bytes(of: flat[2 * left]), pools.bytes(of: flat[2 * right]))
    }

    /// Leaves the last of equal keys, reports it as standing twice, and returns the number of entries left.
    func removeDuplicates(_ report: (() -> JSONFault) -> Void) -> Int {
        guard count > 1 else { return count }
        var kept = 0
        for index in 1..<count {
            let key = flat[2 * index]
            if compare(kept, index) == 0 {
                let first = flat[2 * kept].writtenRange
                report {
                    let name = String(decoding: pools.bytes(of: key), as: UTF8.self)
                    return .duplicateKey(name, at: key.writtenRange ?? 0..<0, first: first)
                }
            } else {
                kept += 1
            }
            flat[2 * kept] = key
            flat[2 * kept + 1] = flat[2 * index + 1]
        }
        return kept + 1
    }
}

extension DocumentBuilder {
    /// Reads a JSON value whose first token the scanner has just given; appends duplicate keys and the like to
    /// `mistakes`, the first 1,000 of them.
    public mutating func readValue(
        from token: JSONScanner.Token, _ scanner: inout JSONScanner, mistakes: inout [Diagnostic]
    ) throws(Diagnostic) -> Value {
        try readValue(from: token, &scanner, reportsDuplicates: true, mistakes: &mistakes)
    }

    /// The same; without `reportsDuplicates` the last of equal keys counts.
    mutating func readValue(
        from token: JSONScanner.Token, _ scanner: inout JSONScanner, reportsDuplicates: Bool,
        mistakes: inout [Diagnostic]
    ) throws(Diagnostic) -> Value {
        var reader = JSONValueReader(reportsDuplicates: reportsDuplicates)
        defer {
            mistakes.append(contentsOf: reader.faults.items.map(scanner.diagnostic))
            if reader.faults.omitted > 0 { mistakes.append(.more(reader.faults.omitted, .error)) }
        }
        do {
            return try scanner.withCursor { (cursor, text) throws(JSONFault) in
                try reader.read(from: token, &cursor, text, &self)
            }
        } catch {
            throw scanner.diagnostic(error)
        }
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
