/// Go's `len`, `index` and `slice`. Strings count bytes. Go: text/template/funcs.go.
extension Function {
    static let sequences: [Function] = [
        Function("len", .exactly(1)) { (arguments, memory) throws(RuntimeError) in
            switch arguments[0].kind {
            case .string, .list, .map: return .int(arguments[0].count)
            default: throw .noLength(Formatter.typeName(of: arguments[0], memory))
            }
        },
        Function("index", .atLeast(1)) { (arguments, memory) throws(RuntimeError) in
            var item = arguments[0]
            guard !item.isNil else { throw .nilOperand }
            for position in 1..<max(arguments.count, 1) {
                item = try Sequences.index(item, arguments[position], argument: position + 1, memory)
            }
            return item
        },
        Function("slice", .atLeast(1)) { (arguments, memory) throws(RuntimeError) in
            try Sequences.slice(arguments, memory)
        },
    ]
}

enum Sequences {
    static func index(
        _ item: Value, _ index: Value, argument: Int, _ memory: Memory
    ) throws(RuntimeError) -> Value {
        switch item.kind {
        case .list:
            let position = try bound(index, argument: argument, limit: item.count, memory)
            guard position < item.count else { throw .indexOutOfRange(position, count: item.count) }
            return memory.element(position, of: item)
        case .string:
            let position = try bound(index, argument: argument, limit: item.count, memory)
            guard position < item.count else { throw .indexOutOfRange(position, count: item.count) }
            var byte = Value.int(Int(memory.bytes(of: item)[position]))
            byte.type = .uint8
            return byte
        case .map:
            guard index.kind == .string else {
                throw .wrongArgument(argument, expected: "a string key", given: Formatter.typeName(of: index, memory))
            }
            return memory.lookup(memory.bytes(of: index), in: item) ?? .null
        case .missing, .null:
            throw .nilOperand
        default:
            throw .notIndexable(Formatter.typeName(of: item, memory))
        }
    }

    static func slice(_ arguments: Arguments, _ memory: Memory) throws(RuntimeError) -> Value {
        let item = arguments[0]
        guard !item.isNil else { throw .nilOperand }
        guard arguments.count <= 4 else { throw .tooManySliceBounds }
        guard item.kind == .string || item.kind == .list else {
            throw .notSliceable(Formatter.typeName(of: item, memory))
        }
        guard item.kind == .list || arguments.count < 4 else { throw .threeBoundsOfString }
        var bounds = [0, item.count, item.count]
        for position in 1..<max(arguments.count, 1) {
            bounds[position - 1] = try bound(
                arguments[position], argument: position + 1, limit: item.count, memory)
        }
        guard bounds[0] <= bounds[1] else { throw .sliceBoundsInverted(bounds[0], bounds[1]) }
        guard bounds[1] <= bounds[2] else { throw .sliceBoundsInverted(bounds[1], bounds[2]) }
        return memory.slice(item, bounds[0]..<bounds[1])
    }

    /// A position from 0 to `limit`.
    private static func bound(
        _ value: Value, argument: Int, limit: Int, _ memory: Memory
    ) throws(RuntimeError) -> Int {
        guard value.kind == .int else {
            throw .wrongArgument(argument, expected: "an integer", given: Formatter.typeName(of: value, memory))
        }
        guard value.asInt >= 0, value.asInt <= limit else { throw .indexOutOfRange(value.asInt, count: limit) }
        return value.asInt
    }
}
