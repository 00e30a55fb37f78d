/// Equality of values of any kind, as Hugo's functions on sets and `compare.Eq` see it: numbers are equal across int
/// and float, lists and maps by what they hold.
enum Identity {
    static func areEqual(_ left: Value, _ right: Value, _ memory: Memory) -> Bool {
        switch (left.kind, right.kind) {
        case (.int, .int), (.bool, .bool): return left.payload == right.payload
        case (.int, .float), (.float, .int), (.float, .float): return LooseOrder.number(left, right) == .equal
        case (.string, .string): return equalBytes(memory.bytes(of: left), memory.bytes(of: right))
        default:
            if left.isNil || right.isNil { return left.isNil && right.isNil }
            guard left.kind == right.kind, left.count == right.count else { return false }
            return key(left, memory) == key(right, memory)
        }
    }

    /// Bytes that two values share when they are equal.
    ///
    /// A number that is whole is one key whether int or float; inside of lists and maps their kinds count, as in Go's
    /// reflect.DeepEqual. Nesting costs memory and not the thread's stack.
    static func key(_ value: Value, _ memory: Memory) -> [UInt8] {
        var key = ByteBuffer(capacity: 32)
        append(normalized(value), memory, into: &key)
        return key.array
    }

    private static func normalized(_ value: Value) -> Value {
        guard value.kind == .float, let whole = Int(exactly: value.asFloat) else { return value }
        return .int(whole)
    }

    private static func append(_ value: Value, _ memory: Memory, into key: inout ByteBuffer) {
        var pending = [value]
        while let next = pending.popLast() {
            key.append(next.isNil ? Value.Kind.null.rawValue : next.kind.rawValue)
            switch next.kind {
            case .missing, .null: break
            case .string:
                append(UInt64(truncatingIfNeeded: next.count), into: &key)
                key.append(memory.bytes(of: next))
            case .list, .map, .record:
                append(UInt64(next.type.rawValue) << 1 | (next.isAbsent ? 1 : 0), into: &key)
                append(UInt64(truncatingIfNeeded: next.count), into: &key)
                pending += memory.elements(of: next).reversed()
            case .float:
                append(next.asFloat == 0 ? 0 : next.payload, into: &key)
            default:
                append(next.payload, into: &key)
            }
        }
    }

    private static func append(_ number: UInt64, into key: inout ByteBuffer) {
        for shift in stride(from: 0, to: 64, by: 8) { key.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}

/// Values, each once.
struct IdentitySet {
    private var keys: Set<[UInt8]> = []
    private let memory: Memory

    init(_ values: some Sequence<Value>, _ memory: Memory) {
        self.memory = memory
        for value in values { keys.insert(Identity.key(value, memory)) }
    }

    init(_ memory: Memory) { self.init([], memory) }

    /// False when the value was there already.
    mutating func insert(_ value: Value) -> Bool { keys.insert(Identity.key(value, memory)).inserted }

    func contains(_ value: Value) -> Bool { keys.contains(Identity.key(value, memory)) }
}
