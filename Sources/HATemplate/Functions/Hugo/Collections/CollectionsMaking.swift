/// Making lists and maps. Hugo: tpl/collections, common/collections.
extension Function {
    static let collectionMaking: [Function] = [
        Function(
            "collections.Slice", [.init("elements", .any, .variadic)], result: .list, typed: .listOfArguments,
            cost: .constant,
            summary: "A list of the arguments",
            example: #"{{ collections.Slice "http" 80 }}"#
        ) { arguments, context in context.memory.makeTypedList(Array(arguments)) },
        Function(
            "collections.Dictionary", aliases: ["dict"], [.init("entries", .any, .variadic)], result: .map,
            typed: .dictionary, together: .entries,
            summary: "A map of keys and values; a list of keys leads into maps inside of it",
            example: #"{{ dict "port" 80 (slice "tls" "port") 443 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try MapTree.dictionary(arguments, context)
        },
        Function(
            "collections.Merge", aliases: ["merge"],
            [.init("map", [.map, .nil]), .init("next", [.map, .nil]), .init("others", [.map, .nil], .variadic)],
            result: .map,
            summary: "The maps as one, maps inside of them too; what later ones have counts, the case of keys does not",
            example: #"{{ merge (dict "port" 80 "mode" "tcp") (dict "mode" "http") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try MapTree.merge(arguments, context)
        },
        Function(
            "collections.Append", aliases: ["append"],
            [.init("element", .any), .init("next", .any), .init("others", .any, .variadic)], result: .list,
            together: .listLast,
            summary: "The last argument, a list, followed by the others, or by the elements of the one list before it",
            example: #"{{ slice "a" "b" | append "c" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Making.append(arguments, context)
        },
        Function(
            "collections.KeyVals", aliases: ["keyVals"], [.init("key", .any), .init("values", .any, .variadic)],
            result: .map, cost: .constant,
            summary: "A key with its values, as .Key and .Values",
            example: #"{{ keyVals "ports" 80 443 }}"#
        ) { arguments, context in
            let memory = context.memory
            let values = memory.makeList(Array(arguments.dropFirst()))
            return memory.makeMap(
                [
                    (key: memory.makeString("Key"), value: arguments[0]),
                    (key: memory.makeString("Values"), value: values),
                ], type: .keyValues)
        },
        Function(
            "collections.Group", aliases: ["group"], [.init("key", .any), .init("list", .list)], result: .map,
            cost: .constant,
            summary: "A list under a key, as .Key and .Pages",
            example: #"{{ with group "web" (seq 2) }}{{ .Key }}: {{ .Pages }}{{ end }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard !arguments[0].isNil else {
                throw context.wrongArgument(0, expected: "a key", given: arguments[0])
            }
            guard arguments[1].kind == .list else {
                throw context.wrongArgument(1, expected: "a list", given: arguments[1])
            }
            let memory = context.memory
            return memory.makeMap([
                (key: memory.makeString("Key"), value: arguments[0]),
                (key: memory.makeString("Pages"), value: arguments[1]),
            ])
        },
        Function(
            "collections.Seq", aliases: ["seq"],
            [.init("first", .scalar), .init("stepOrLast", .scalar, .optional), .init("last", .scalar, .optional)],
            result: .list, typed: .list(of: .int), cost: .constant,
            summary: "The integers up to a last one, from a first one, by a step",
            example: #"{{ seq 8080 10 8100 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Making.sequence(arguments, context)
        },
    ]
}

enum Making {
    // MARK: append

    /// One list is joined with a list of its type, or with a typed list that cannot hold it; a list of anything gets it
    /// as an element. Hugo: common/collections/append.go.
    static func append(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        let target = arguments[arguments.count - 1]
        let added = Array(arguments.dropLast())
        if target.isNil { return memory.makeTypedList(added) }
        guard target.kind == .list else {
            throw context.wrongArgument(arguments.count - 1, expected: "a list", given: target)
        }
        let elements = Array(memory.elements(of: target))
        if added.count == 1, let list = added.first, list.kind == .list {
            if elements.isEmpty { return list }
            if list.count == 0, target.type != .any { return target }
            if list.type == target.type || (target.type != .any && TypeTag.element(list) != target.type) {
                let type: TypeTag = list.type == target.type ? target.type : .any
                return memory.makeList(elements + memory.elements(of: list), type: type, origin: target.origin)
            }
        }
        if elements.isEmpty { return memory.makeTypedList(added) }
        let fits = added.allSatisfy { TypeTag.element($0) == target.type }
        return memory.makeList(elements + added, type: fits ? target.type : .any, origin: target.origin)
    }

    // MARK: seq

    /// What Hugo makes at most.
    private static let longestSequence = 1_000_000

    static func sequence(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        var numbers: [Int] = []
        for index in arguments.indices { numbers.append(try context.integer(arguments, index)) }
        var (first, last, step) = (numbers[0], numbers[numbers.count - 1], 1)
        switch numbers.count {
        case 1:
            guard last != 0 else { return context.memory.makeList([], type: .int) }
            first = last > 0 ? 1 : -1
            step = first
        case 2: step = last < first ? -1 : 1
        default:
            step = numbers[1]
            guard step != 0 else { throw context.unreadable(1, expected: "a step other than 0", given: arguments[1]) }
            guard first >= last || step > 0 else {
                throw context.unreadable(1, expected: "a step greater than 0", given: arguments[1])
            }
            guard first <= last || step < 0 else {
                throw context.unreadable(1, expected: "a step less than 0", given: arguments[1])
            }
        }
        return try range(from: first, through: last, by: step, limit: longestSequence, context)
    }

    /// The integers from one to another by a step, which leads there.
    static func range(
        from first: Int, through last: Int, by step: Int, limit: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        let distance =
            first <= last
            ? UInt(bitPattern: last) &- UInt(bitPattern: first)
            : UInt(bitPattern: first) &- UInt(bitPattern: last)
        let steps = distance / step.magnitude
        guard steps < UInt(truncatingIfNeeded: limit) else { throw .tooManyElements(limit: limit) }
        var elements: [Value] = []
        elements.reserveCapacity(Int(truncatingIfNeeded: steps) + 1)
        for index in 0...Int(truncatingIfNeeded: steps) { elements.append(.int(first &+ index &* step)) }
        return context.memory.makeList(elements, type: .int)
    }
}
