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
            let keys = IdentityKeys(memory)
            return keys.key(of: left) == keys.key(of: right)
        }
    }
}

/// Bytes that values share when they are equal.
///
/// A number that is whole is one key whether int or float; inside of lists and maps their kinds count, as in Go's
/// reflect.DeepEqual. Lists and maps have numbers: each is looked into once, also where others hold it many times over.
/// Nesting costs memory and not the thread's stack.
private final class IdentityKeys {
    /// Where the elements of a list or map are.
    private struct Place: Hashable {
        let kind: Value.Kind
        let type: UInt8
        let pool: UInt8
        let start: Int
        let count: Int

        init(_ value: Value) {
            kind = value.kind
            type = UInt8(truncatingIfNeeded: value.type.rawValue)
            (pool, start, count) = (value.pool.rawValue, value.start, value.count)
        }
    }

    /// A list or map whose content is being written from `start` on.
    private struct Level {
        let value: Value
        let start: Int
        var next = 0
    }

    private let memory: Memory
    private var numbersByContent: [[UInt8]: Int] = [:]
    private var numbersByPlace: [Place: Int] = [:]

    init(_ memory: Memory) {
        self.memory = memory
    }

    /// Nothing once the work of the render is used up.
    func key(of value: Value) -> [UInt8] {
        guard !memory.meter.isSpent else { return [] }
        var content = ByteBuffer(capacity: 64)
        var levels: [Level] = []
        begin(Self.normalized(value), &levels, &content)
        while var level = levels.popLast() {
            memory.meter.add(2 &* WorkMeter.element)
            guard !memory.meter.isSpent else { return [] }
            let elements = memory.elements(of: level.value)
            guard level.next < elements.count else {
                end(level, &content)
                continue
            }
            let element = elements[level.next]
            level.next += 1
            levels.append(level)
            begin(element, &levels, &content)
        }
        return content.array
    }

    private static func normalized(_ value: Value) -> Value {
        guard value.kind == .float, let whole = Int(exactly: value.asFloat) else { return value }
        return .int(whole)
    }

    private func begin(_ value: Value, _ levels: inout [Level], _ content: inout ByteBuffer) {
        let kind = value.isNil ? Value.Kind.null : value.kind
        switch kind {
        case .missing, .null: content.append(kind.rawValue)
        case .string:
            content.append(kind.rawValue)
            memory.meter.add(value.count)
            Self.append(value.count, into: &content)
            content.append(memory.bytes(of: value))
        case .list, .map, .record:
            if let number = numbersByPlace[Place(value)] { return append(container: number, kind, &content) }
            levels.append(Level(value: value, start: content.count))
            content.append(kind.rawValue)
            content.append(UInt8(truncatingIfNeeded: value.type.rawValue))
            content.append(value.isAbsent ? 1 : 0)
        case .float:
            content.append(kind.rawValue)
            Self.append(value.asFloat == 0 ? 0 : Int(truncatingIfNeeded: value.payload), into: &content)
        case .bool, .int, .time:
            content.append(kind.rawValue)
            Self.append(Int(truncatingIfNeeded: value.payload), into: &content)
        }
    }

    /// Puts the number of a list or map in the place of what it holds.
    private func end(_ level: Level, _ content: inout ByteBuffer) {
        let bytes = content.withElements { Array($0[level.start...]) }
        let number = numbersByContent[bytes] ?? numbersByContent.count
        numbersByContent[bytes] = number
        numbersByPlace[Place(level.value)] = number
        content.truncate(to: level.start)
        append(container: number, level.value.kind, &content)
    }

    private func append(container number: Int, _ kind: Value.Kind, _ content: inout ByteBuffer) {
        content.append(kind.rawValue)
        Self.append(number, into: &content)
    }

    private static func append(_ number: Int, into content: inout ByteBuffer) {
        let bits = UInt64(truncatingIfNeeded: number)
        for shift in stride(from: 0, to: 64, by: 8) { content.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
}

/// Values, each once.
struct IdentitySet {
    private var members: Set<[UInt8]> = []
    private let keys: IdentityKeys

    init(_ values: some Sequence<Value>, _ memory: Memory) {
        keys = IdentityKeys(memory)
        for value in values { members.insert(keys.key(of: value)) }
    }

    init(_ memory: Memory) { self.init([], memory) }

    /// False when the value was there already.
    mutating func insert(_ value: Value) -> Bool { members.insert(keys.key(of: value)).inserted }

    func contains(_ value: Value) -> Bool { members.contains(keys.key(of: value)) }
}
