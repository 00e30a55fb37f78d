/// What users of docker-gen know, where Hugo does not use the name: choosing, grouping and sorting records and maps.
/// docker-gen: internal/template.
extension Function {
    static let dockerGen: [Function] = [
        Function(
            "groupBy", [.init("list", .list), .init("key", .scalar)], result: .map,
            summary: "The elements of a list by their value under a key or path, which becomes text",
            example: #"{{ groupBy (slice (dict "zone" "a" "id" 1) (dict "zone" "b" "id" 2)) "zone" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Grouping(arguments, context) { value, _ in [value] }.map(context.memory)
        },
        Function(
            "groupByKeys", [.init("list", .list), .init("key", .scalar)], result: .list,
            summary: "The different values under a key or path, as text in order",
            example: #"{{ groupByKeys (slice (dict "zone" "b") (dict "zone" "a") (dict "zone" "b")) "zone" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Grouping(arguments, context) { value, _ in [value] }.keys(context.memory)
        },
        Function(
            "groupByMulti", [.init("list", .list), .init("key", .scalar), .init("separator", .scalar)], result: .map,
            summary: "The elements of a list by each part of their value under a key, split by a separator",
            example: #"{{ groupByMulti (slice (dict "hosts" "a,b" "id" 1) (dict "hosts" "b" "id" 2)) "hosts" "," }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let separator = Array(context.memory.bytes(of: try context.text(arguments, 2)))
            return try Grouping(arguments, context) { value, memory in
                value.kind == .list ? Array(memory.elements(of: value)) : Choosing.parts(of: value, separator, memory)
            }.map(context.memory)
        },
        Function(
            "whereExist", [.init("list", .list), .init("key", .scalar)], result: .list,
            summary: "The elements that have a value under a key or path",
            example: #"{{ whereExist (slice (dict "port" 80) (dict)) "port" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Choosing.choose(arguments, context) { !$0.isNil }
        },
        Function(
            "whereNotExist", [.init("list", .list), .init("key", .scalar)], result: .list,
            summary: "The elements that have no value under a key or path",
            example: #"{{ whereNotExist (slice (dict "port" 80) (dict "id" "web")) "port" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Choosing.choose(arguments, context) { $0.isNil }
        },
        Function(
            "whereAny", wanted, result: .list,
            summary: "The elements whose value under a key, split by a separator, has any of some parts",
            example: #"{{ whereAny (slice (dict "tags" "a,b") (dict "tags" "c")) "tags" "," (slice "b" "x") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Choosing.choose(arguments, context, parts: { parts, wanted in wanted.contains(where: parts.contains) })
        },
        Function(
            "whereAll", wanted, result: .list,
            summary: "The elements whose value under a key, split by a separator, has all of some parts",
            example: #"{{ whereAll (slice (dict "tags" "a,b") (dict "tags" "b")) "tags" "," (slice "a" "b") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Choosing.choose(arguments, context, parts: { parts, wanted in wanted.allSatisfy(parts.contains) })
        },
        Function(
            "sortStringsAsc", [.init("list", .list)], result: .list,
            summary: "Texts in the order of their bytes",
            example: #"{{ sortStringsAsc (slice "b" "a" "B") }}"#
        ) { (arguments, context) throws(RuntimeError) in try ByteOrder.strings(arguments, context, isDescending: false)
        },
        Function(
            "sortStringsDesc", [.init("list", .list)], result: .list,
            summary: "Texts against the order of their bytes",
            example: #"{{ sortStringsDesc (slice "b" "a" "B") }}"#
        ) { (arguments, context) throws(RuntimeError) in try ByteOrder.strings(arguments, context, isDescending: true)
        },
        Function(
            "sortObjectsByKeysAsc", [.init("list", .list), .init("key", .scalar)], result: .list,
            summary: "The elements by their value under a key or path, compared as text by bytes",
            example: #"{{ sortObjectsByKeysAsc (slice (dict "id" "b") (dict "id" "a")) "id" }}"#
        ) { (arguments, context) throws(RuntimeError) in try ByteOrder.objects(arguments, context, isDescending: false)
        },
        Function(
            "sortObjectsByKeysDesc", [.init("list", .list), .init("key", .scalar)], result: .list,
            summary: "The elements against the order of their value under a key or path, as text by bytes",
            example: #"{{ sortObjectsByKeysDesc (slice (dict "id" "a") (dict "id" "b")) "id" }}"#
        ) { (arguments, context) throws(RuntimeError) in try ByteOrder.objects(arguments, context, isDescending: true)
        },
        Function(
            "closest", [.init("texts", .list), .init("text", .scalar)], result: .string,
            summary: "The longest of some texts that is a part of a text; empty when there is none",
            example: #"{{ closest (slice "example" "www.example") "www.example.org" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 1)
            var best = context.memory.makeString([])
            for part in try Choosing.texts(arguments, 0, context) where part.count > best.count {
                try context.memory.meter.spend(text.count)
                let isPart = context.memory.bytes(of: text).firstRange(of: context.memory.bytes(of: part)) != nil
                if isPart { best = part }
            }
            return best
        },
    ]

    private static let wanted: [Parameter] = [
        .init("list", .list), .init("key", .scalar), .init("separator", .scalar), .init("parts", .list),
    ]
}

/// Elements under texts, in the order of the texts.
private struct Grouping {
    private var slots: [[UInt8]: Int] = [:]
    private var names: [Value] = []
    private var groups: [[Value]] = []
    private let type: TypeTag

    /// Elements without a value under the key are in no group.
    init(
        _ arguments: Arguments, _ context: CallContext, names namesOf: (Value, Memory) -> [Value]
    ) throws(RuntimeError) {
        type = arguments[0].type
        let memory = context.memory
        let elements = try context.elements(arguments, 0)
        var path = MemberPath(Array(memory.bytes(of: try context.text(arguments, 1))), absence: .inMaps)
        for element in elements {
            let value = try path.value(in: element, memory)
            guard !value.isNil else { continue }
            for part in namesOf(value, memory) {
                try memory.meter.spend(8 * WorkMeter.element)
                guard let name = Casting.text(part, memory) else {
                    throw context.wrongArgument(1, expected: "a key whose values are text", given: part)
                }
                let bytes = Array(memory.bytes(of: name))
                if let slot = slots[bytes] {
                    groups[slot].append(element)
                } else {
                    slots[bytes] = groups.count
                    names.append(name)
                    groups.append([element])
                }
            }
        }
    }

    func map(_ memory: Memory) -> Value {
        memory.makeMap(zip(names, groups).map { (key: $0, value: memory.makeList($1, type: type)) })
    }

    func keys(_ memory: Memory) -> Value {
        memory.makeList(ByteOrder.sorted(names, memory).map { names[$0] }, type: .string)
    }
}

private enum Choosing {
    /// The elements whose value under the key fits.
    static func choose(
        _ arguments: Arguments, _ context: CallContext, where fits: (Value) -> Bool
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        let elements = try context.elements(arguments, 0)
        var path = MemberPath(Array(memory.bytes(of: try context.text(arguments, 1))), absence: .allowed)
        var chosen: [Value] = []
        for element in elements {
            if fits(try path.value(in: element, memory)) { chosen.append(element) }
            try memory.meter.check()
        }
        return memory.makeList(chosen, type: arguments[0].type, origin: arguments[0].origin)
    }

    /// The elements whose parts fit to the wanted ones; a list is its own parts.
    static func choose(
        _ arguments: Arguments, _ context: CallContext, parts fits: (Set<[UInt8]>, [[UInt8]]) -> Bool
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        let separator = Array(memory.bytes(of: try context.text(arguments, 2)))
        let wanted = try texts(arguments, 3, context).map { Array(memory.bytes(of: $0)) }
        return try choose(arguments, context) { value in
            guard !value.isNil else { return false }
            let parts =
                value.kind == .list
                ? Array(memory.elements(of: value)) : Self.parts(of: value, separator, memory)
            memory.meter.add((parts.count + wanted.count) * 8 * WorkMeter.element + value.textSize)
            return fits(Set(parts.map { Array(memory.bytes(of: $0)) }), wanted)
        }
    }

    /// The texts of a list.
    static func texts(_ arguments: Arguments, _ index: Int, _ context: CallContext) throws(RuntimeError) -> [Value] {
        let elements = try context.elements(arguments, index)
        guard elements.allSatisfy({ $0.kind == .string }) else {
            throw context.wrongArgument(index, expected: "a list of strings", given: arguments[index])
        }
        return elements
    }

    /// A value as text, split as Go's strings.Split does.
    static func parts(of value: Value, _ separator: [UInt8], _ memory: Memory) -> [Value] {
        guard let text = Casting.text(value, memory) else { return [value] }
        var parts: [Value] = []
        var start = 0
        separator.withUnsafeBufferPointer { separator in
            let bytes = memory.bytes(of: text)
            while start < bytes.count || !separator.isEmpty {
                let rest = UnsafeBufferPointer(rebasing: bytes[start...])
                if separator.isEmpty {
                    let length = DecodedScalar.decode(bytes, at: start).length
                    parts.append(memory.slice(text, start..<(start + length)))
                    start += length
                    continue
                }
                guard let range = rest.firstRange(of: separator) else {
                    parts.append(memory.slice(text, start..<bytes.count))
                    return
                }
                parts.append(memory.slice(text, start..<(start + range.lowerBound)))
                start += range.upperBound
            }
        }
        return parts
    }
}

private enum ByteOrder {
    /// The positions of texts in the order of their bytes.
    static func sorted(_ texts: [Value], _ memory: Memory, isDescending: Bool = false) -> [Int] {
        Sorting.order(texts.count, memory.meter) { one, other in
            memory.meter.add(min(texts[one].count, texts[other].count) / 8)
            let order = compareBytes(memory.bytes(of: texts[one]), memory.bytes(of: texts[other]))
            return isDescending ? order > 0 : order < 0
        }
    }

    static func strings(
        _ arguments: Arguments, _ context: CallContext, isDescending: Bool
    ) throws(RuntimeError) -> Value {
        let texts = try Choosing.texts(arguments, 0, context)
        let order = sorted(texts, context.memory, isDescending: isDescending)
        return context.memory.makeList(order.map { texts[$0] }, type: arguments[0].type, origin: arguments[0].origin)
    }

    static func objects(
        _ arguments: Arguments, _ context: CallContext, isDescending: Bool
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        let elements = try context.elements(arguments, 0)
        var path = MemberPath(Array(memory.bytes(of: try context.text(arguments, 1))), absence: .inMaps)
        let empty = memory.makeString([])
        var keys: [Value] = []
        for element in elements {
            let value = try path.value(in: element, memory)
            keys.append(value.kind == .float ? empty : Casting.text(value, memory) ?? empty)
        }
        let order = sorted(keys, memory, isDescending: isDescending)
        return memory.makeList(order.map { elements[$0] }, type: arguments[0].type, origin: arguments[0].origin)
    }
}
