/// Maps in the making: maps inside of maps, changed before they become values.
///
/// A map that another holds has the larger index, so that they are finished from the last to the first, without
/// recursion.
struct MapTree {
    private enum Entry {
        case value(Value)
        case map(Int)
    }

    private struct Node {
        var keys: [Value] = []
        var entries: [Entry] = []
        var slots: [KeyBytes: Int] = [:]

        mutating func set(_ key: Value, _ bytes: KeyBytes, _ entry: Entry) {
            if let slot = slots[bytes] {
                entries[slot] = entry
            } else {
                slots[bytes] = keys.count
                keys.append(key)
                entries.append(entry)
            }
        }
    }

    /// The bytes of a key where they stand: no value is made until the tree is finished, so they stay there.
    private struct KeyBytes: Hashable {
        let bytes: UnsafeBufferPointer<UInt8>

        static func == (left: KeyBytes, right: KeyBytes) -> Bool { equalBytes(left.bytes, right.bytes) }

        func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
    }

    private var nodes: [Node] = []
    private let memory: Memory

    private func bytes(of key: Value) -> KeyBytes { KeyBytes(bytes: memory.bytes(of: key)) }

    private init(_ memory: Memory) { self.memory = memory }

    /// Adds a map, empty or with the entries of a value, and gives its index.
    private mutating func add(_ map: Value?) -> Int {
        var node = Node()
        if let map {
            let entries = memory.elements(of: map)
            for index in stride(from: 0, to: entries.count, by: 2) {
                node.set(entries[index], bytes(of: entries[index]), .value(entries[index + 1]))
            }
        }
        nodes.append(node)
        return nodes.count - 1
    }

    /// The value of the first map.
    private func finish() -> Value {
        var values = [Value](repeating: .null, count: nodes.count)
        for index in nodes.indices.reversed() {
            var entries: [(key: Value, value: Value)] = []
            for (key, entry) in zip(nodes[index].keys, nodes[index].entries) {
                switch entry {
                case .value(let value): entries.append((key, value))
                case .map(let inner): entries.append((key, values[inner]))
                }
            }
            values[index] = memory.makeMap(entries)
        }
        return values.first ?? .null
    }

    // MARK: dict

    /// Hugo: tpl/collections, Dictionary.
    static func dictionary(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        guard arguments.count.isMultiple(of: 2) else { throw .oddNumberOfArguments(arguments.count) }
        let memory = context.memory
        let positions = stride(from: 0, to: arguments.count, by: 2)
        if positions.allSatisfy({ arguments[$0].kind == .string }) {
            return memory.makeMap(positions.map { (key: arguments[$0], value: arguments[$0 + 1]) })
        }
        var tree = MapTree(memory)
        let root = tree.add(nil)
        for position in positions {
            let path =
                arguments[position].kind == .string
                ? [arguments[position]] : Array(memory.elements(of: arguments[position]))
            guard arguments[position].kind == .string || arguments[position].kind == .list, let key = path.last,
                path.allSatisfy({ $0.kind == .string })
            else {
                throw context.wrongArgument(
                    position, expected: "a string key or a list of string keys", given: arguments[position])
            }
            var node = root
            for step in path.dropLast() {
                guard let next = tree.descend(from: node, by: step) else {
                    throw context.unreadable(position, expected: "keys that lead through maps", given: step)
                }
                node = next
            }
            tree.nodes[node].set(key, tree.bytes(of: key), .value(arguments[position + 1]))
        }
        return tree.finish()
    }

    /// The map under a key, which is made when there is none; nil when something else is there.
    private mutating func descend(from node: Int, by key: Value) -> Int? {
        let bytes = bytes(of: key)
        let next: Int
        switch nodes[node].slots[bytes].map({ nodes[node].entries[$0] }) {
        case .map(let inner): return inner
        case nil: next = add(nil)
        case .value(let value):
            guard value.kind == .map else { return nil }
            next = add(value)
        }
        nodes[node].set(key, bytes, .map(next))
        return next
    }

    // MARK: merge

    /// From the last map to the first, each adds what is not there. Hugo: tpl/collections/merge.go.
    static func merge(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let last = arguments.count - 1
        guard arguments[last].kind == .map else {
            throw context.wrongArgument(last, expected: "a map", given: arguments[last])
        }
        var result = arguments[last]
        for index in (0..<last).reversed() where arguments[index].isTrue {
            guard arguments[index].kind == .map else {
                throw context.wrongArgument(index, expected: "a map", given: arguments[index])
            }
            result = try merge(arguments[index], into: result, context.memory)
        }
        return result
    }

    /// Maps that hold others many times over become too many maps.
    private static let maximumEntries = 1_000_000

    private static func merge(
        _ source: Value, into target: Value, _ memory: Memory
    ) throws(RuntimeError) -> Value {
        var count = 0
        var tree = MapTree(memory)
        var pending = [(source: source, node: tree.add(target))]
        while let (source, node) = pending.popLast() {
            let folded = tree.foldedSlots(of: node)
            let entries = memory.elements(of: source)
            count += entries.count / 2 + tree.nodes[node].entries.count
            guard count <= maximumEntries else { throw .tooManyElements(limit: maximumEntries) }
            try memory.meter.spend((entries.count / 2 + tree.nodes[node].entries.count) * 32 * WorkMeter.element)
            for index in stride(from: 0, to: entries.count, by: 2) {
                let (key, value) = (entries[index], entries[index + 1])
                let bytes = tree.bytes(of: key)
                guard let slot = tree.nodes[node].slots[bytes] ?? folded[FoldedText(bytes.bytes)] else {
                    tree.nodes[node].set(key, bytes, .value(value))
                    continue
                }
                guard case .value(let present) = tree.nodes[node].entries[slot], present.kind == .map,
                    value.kind == .map
                else { continue }
                let inner = tree.add(present)
                tree.nodes[node].set(key, bytes, .map(inner))
                pending.append((value, inner))
            }
        }
        return tree.finish()
    }

    /// The entries of a map by their keys without regard to case.
    private func foldedSlots(of node: Int) -> [FoldedText: Int] {
        var slots: [FoldedText: Int] = [:]
        slots.reserveCapacity(nodes[node].keys.count)
        for (slot, key) in nodes[node].keys.enumerated() {
            let folded = FoldedText(memory.bytes(of: key))
            if slots[folded] == nil { slots[folded] = slot }
        }
        return slots
    }
}

/// Text without regard to case, as Go's strings.EqualFold compares it.
private struct FoldedText: Hashable {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The text in small letters, where it has others than ASCII's.
    private let folded: [UInt8]?

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        folded = bytes.allSatisfy { $0 < 0x80 } ? nil : Self.folded(bytes)
    }

    static func == (left: FoldedText, right: FoldedText) -> Bool {
        switch (left.folded, right.folded) {
        case (nil, nil):
            left.bytes.count == right.bytes.count
                && zip(left.bytes, right.bytes).allSatisfy { small($0) == small($1) }
        case (let folded?, nil): folded.elementsEqual(right.bytes.lazy.map(small))
        case (nil, let folded?): folded.elementsEqual(left.bytes.lazy.map(small))
        case (let left?, let right?): left == right
        }
    }

    func hash(into hasher: inout Hasher) {
        // Byte by byte, so that both forms of one text agree.
        if let folded {
            for byte in folded { hasher.combine(byte) }
        } else {
            for byte in bytes { hasher.combine(Self.small(byte)) }
        }
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static func folded(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var folded = ByteBuffer(capacity: bytes.count + 8)
        var offset = 0
        while offset < bytes.count {
            let decoded = DecodedScalar.decode(bytes, at: offset)
            offset += decoded.length
            let large = simple(decoded.scalar.properties.uppercaseMapping) ?? decoded.scalar
            folded.append(simple(large.properties.lowercaseMapping) ?? large)
        }
        return folded.array
    }

    private static func simple(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }
}
