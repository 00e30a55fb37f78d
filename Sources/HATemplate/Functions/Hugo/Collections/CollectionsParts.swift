/// Parts of lists and maps, and what is in them. Hugo: tpl/collections.
extension Function {
    static let collectionParts: [Function] = [
        Function(
            "collections.First", aliases: ["first"], [.init("count", .scalar), .init("list", [.list, .string])],
            result: [.list, .string], typed: .part(of: 1), cost: .constant,
            summary: "The first elements of a list, or bytes of a string; all when there are fewer",
            example: #"{{ seq 5 | first 2 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let count = try context.size(arguments, 0)
            let list = try Parts.sliceable(arguments, context)
            return context.memory.slice(list, 0..<min(count, list.count))
        },
        Function(
            "collections.Last", aliases: ["last"], [.init("count", .scalar), .init("list", [.list, .string])],
            result: [.list, .string], typed: .part(of: 1), cost: .constant,
            summary: "The last elements of a list, or bytes of a string; all when there are fewer",
            example: #"{{ seq 5 | last 2 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let count = try context.size(arguments, 0)
            let list = try Parts.sliceable(arguments, context)
            return context.memory.slice(list, max(0, list.count - count)..<list.count)
        },
        Function(
            "collections.After", aliases: ["after"], [.init("count", .scalar), .init("list", [.list, .string])],
            result: [.list, .string], typed: .part(of: 1), cost: .constant,
            summary: "What follows the first elements of a list, or bytes of a string",
            example: #"{{ seq 5 | after 2 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let count = try context.size(arguments, 0)
            let list = try Parts.sliceable(arguments, context)
            return context.memory.slice(list, min(count, list.count)..<list.count)
        },
        Function(
            "collections.Reverse", aliases: ["reverse"], [.init("list", [.list, .nil])], result: [.list, .nil],
            typed: .part(of: 0),
            summary: "The list from its end to its beginning",
            example: #"{{ collections.Reverse (seq 3) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard !arguments[0].isNil else { return .null }
            let elements = try context.elements(arguments, 0)
            return context.memory.makeList(elements.reversed(), type: arguments[0].type, origin: arguments[0].origin)
        },
        Function(
            "collections.Index",
            [.init("collection", [.list, .map, .string, .nil]), .init("indices", [.int, .string, .list], .variadic)],
            result: .any, cost: .constant,
            summary: "The element under an index or key, and so on into what it holds; nil when there is none",
            example: #"{{ collections.Index (dict "ports" (seq 80 82)) "ports" 1 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Parts.index(arguments, context)
        },
        Function(
            "collections.In", aliases: ["in"], [.init("collection", .any), .init("value", .any)], result: .bool,
            summary: "Whether a list has an element, or a string a part",
            example: #"{{ in (slice "http" "tcp") "tcp" }}"#
        ) { arguments, context in
            Parts.warnOfCollectionLast(arguments, context)
            return .bool(Parts.contains(arguments[0], arguments[1], context.memory))
        },
        Function(
            "collections.IsSet", aliases: ["isset", "isSet"],
            [.subject("collection", .any), .init("key", [.int, .float, .bool, .string])], result: .bool,
            typed: .presence, cost: .constant,
            summary: "Whether a list has an index, a map a key, or a record a field",
            example: #"{{ isset (dict "port" 80) "port" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(try Parts.isSet(arguments, context))
        },
    ]
}

enum Parts {
    /// A text holds no list: who asks so has the value first and the collection last, as other systems do.
    static func warnOfCollectionLast(_ arguments: Arguments, _ context: CallContext) {
        guard arguments[0].kind == .string, arguments[1].kind == .list || arguments[1].kind == .map else { return }
        context.warnings.append((.argumentOrder, ArgumentOrder.collectionLast))
    }

    static func sliceable(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        guard arguments[1].kind == .list || arguments[1].kind == .string else {
            throw context.wrongArgument(1, expected: "a list or a string", given: arguments[1])
        }
        return arguments[1]
    }

    /// Indices may stand in one list. Hugo: index.go.
    static func index(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        var item = arguments[0]
        var indices = Array(arguments.dropFirst())
        let isPath = indices.count == 1 && indices[0].kind == .list
        if isPath { indices = Array(memory.elements(of: indices[0])) }
        for (position, index) in indices.enumerated() {
            let argument = isPath ? 1 : position + 1
            switch item.kind {
            case .missing, .null: return .null
            case .list, .string:
                guard index.kind == .int else {
                    throw context.wrongArgument(argument, expected: "an integer", given: index)
                }
                guard (0..<item.count).contains(index.asInt) else { return .null }
                if item.kind == .list {
                    item = memory.element(index.asInt, of: item)
                } else {
                    // Fits: the index was compared with the count above.
                    item = .int(Int(memory.bytes(of: item)[index.asInt]))
                    item.type = .uint8
                }
            case .map:
                guard index.kind == .string else {
                    throw context.wrongArgument(argument, expected: "a string key", given: index)
                }
                item = memory.lookup(memory.bytes(of: index), in: item) ?? .null
            default:
                throw .notIndexable(context.typeName(item))
            }
        }
        return item.kind == .missing ? .null : item
    }

    /// Whether a list has an element, or a string a part; nil is in nothing.
    static func contains(_ collection: Value, _ value: Value, _ memory: Memory) -> Bool {
        guard !value.isNil else { return false }
        switch collection.kind {
        case .list:
            return memory.elements(of: collection).contains { element in
                memory.meter.add(element.kind == value.kind ? min(element.textSize, value.textSize) / 8 : 0)
                return memory.meter.isSpent || Identity.areEqual(element, value, memory)
            }
        case .map, .record, .missing, .null, .time:
            return false
        case .string, .int, .float, .bool:
            // A part is looked for in the text of both, whatever they are.
            guard value.kind != .list, value.kind != .map, value.kind != .record else { return false }
            let text = scalarText(collection, memory)
            let part = scalarText(value, memory)
            return memory.bytes(of: text).firstRange(of: memory.bytes(of: part)) != nil
        }
    }

    private static func scalarText(_ value: Value, _ memory: Memory) -> Value {
        value.kind == .string ? value : memory.makeString { Formatter.append(value, memory, into: &$0) }
    }

    static func isSet(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Bool {
        let (collection, key) = (arguments[0], arguments[1])
        switch collection.kind {
        case .list: return try context.integer(arguments, 1) < collection.count
        case .map:
            guard !key.isNil else { throw context.wrongArgument(1, expected: "a key", given: key) }
            return key.kind == .string
                && context.memory.lookup(context.memory.bytes(of: key), in: collection) != nil
        case .record:
            return key.kind == .string
                && context.memory.shape(of: collection)?.member(named: context.memory.text(of: key)) != nil
        default: return false
        }
    }
}

extension UnsafeBufferPointer where Element == UInt8 {
    /// Where `part` stands first, by bytes; the empty part stands at the beginning.
    func firstRange(of part: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard let first = part.first else { return 0..<0 }
        guard part.count <= count else { return nil }
        if part.count > 8 { return TextSearch(part).first(in: self).map { $0..<($0 + part.count) } }
        for start in 0...(count - part.count) where self[start] == first {
            if equalBytes(UnsafeBufferPointer(rebasing: self[start..<(start + part.count)]), part) {
                return start..<(start + part.count)
            }
        }
        return nil
    }
}
