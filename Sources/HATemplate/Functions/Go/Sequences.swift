/// Go's `len`, `index` and `slice`. Strings count bytes. Go: text/template/funcs.go.
extension Function {
    static let sequences: [Function] = [
        Function(
            "len", [.init("value", [.string, .list, .map])], result: .int, cost: .constant,
            summary: "The number of bytes of a string, of elements of a list, of entries of a map",
            example: #"{{ len "web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            switch arguments[0].kind {
            case .string, .list, .map: return .int(arguments[0].count)
            default: throw .noLength(context.typeName(arguments[0]))
            }
        },
        Function(
            "index",
            [.init("collection", [.list, .map, .string]), .init("indices", [.int, .string, .list], .variadic)],
            result: .any, typed: .element, cost: .constant,
            summary: "The element under an index or key, and so on into what it holds",
            example: #"{{ index "web" 0 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            var item = arguments[0]
            guard !item.isNil else { throw .nilOperand }
            // Hugo: a list of keys leads into what maps hold.
            if arguments.count == 2, arguments[1].kind == .list { return try Parts.index(arguments, context) }
            for position in 1..<max(arguments.count, 1) {
                item = try Sequences.index(item, arguments[position], argument: position, context)
            }
            return item
        },
        Function(
            "slice", [.init("values", .any, .variadic)], result: [.string, .list], typed: .slice, cost: .constant,
            summary: "A part of a string or list between integer bounds; with other arguments, a list of them",
            example: #"{{ slice "backend" 0 4 }} {{ slice "http" "tcp" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            // Go's meaning where Go has one, else Hugo's, which `collections.Slice` always has.
            guard let first = arguments.first, first.kind == .string || first.kind == .list,
                arguments.dropFirst().allSatisfy({ $0.kind == .int })
            else { return context.memory.makeTypedList(Array(arguments)) }
            return try Sequences.slice(arguments, context)
        },
    ]
}

enum Sequences {
    static func index(
        _ item: Value, _ index: Value, argument: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        switch item.kind {
        case .list:
            let position = try bound(index, argument: argument, limit: item.count, context)
            guard position < item.count else { throw .indexOutOfRange(position, count: item.count) }
            return context.memory.element(position, of: item)
        case .string:
            let position = try bound(index, argument: argument, limit: item.count, context)
            guard position < item.count else { throw .indexOutOfRange(position, count: item.count) }
            var byte = Value.int(Int(context.memory.bytes(of: item)[position]))
            byte.type = .uint8
            return byte
        case .map:
            guard index.kind == .string else {
                throw context.wrongArgument(argument, expected: "a string key", given: index)
            }
            return context.memory.lookup(context.memory.bytes(of: index), in: item) ?? .null
        case .missing, .null:
            throw .nilOperand
        default:
            throw .notIndexable(context.typeName(item))
        }
    }

    static func slice(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let item = arguments[0]
        guard arguments.count <= 4 else { throw .tooManySliceBounds }
        guard item.kind == .list || arguments.count < 4 else { throw .threeBoundsOfString }
        var bounds = [0, item.count, item.count]
        for position in 1..<max(arguments.count, 1) {
            bounds[position - 1] = try bound(
                arguments[position], argument: position, limit: item.count, context)
        }
        guard bounds[0] <= bounds[1] else { throw .sliceBoundsInverted(bounds[0], bounds[1]) }
        guard bounds[1] <= bounds[2] else { throw .sliceBoundsInverted(bounds[1], bounds[2]) }
        return context.memory.slice(item, bounds[0]..<bounds[1])
    }

    /// A position from 0 to `limit`.
    private static func bound(
        _ value: Value, argument: Int, limit: Int, _ context: CallContext
    ) throws(RuntimeError) -> Int {
        guard value.kind == .int else {
            throw context.wrongArgument(argument, expected: "an integer", given: value)
        }
        guard value.asInt >= 0, value.asInt <= limit else { throw .indexOutOfRange(value.asInt, count: limit) }
        return value.asInt
    }
}
