/// Lists as sets; the order of the elements stays. Hugo: tpl/collections.
extension Function {
    static let collectionSets: [Function] = [
        Function(
            "collections.Uniq", aliases: ["uniq"], [.init("list", [.list, .nil])], result: .list,
            typed: .selection(of: 0),
            summary: "The list with each element once",
            example: #"{{ uniq (slice 80 443 80) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard !arguments[0].isNil else { return context.memory.makeList([]) }
            var seen = IdentitySet(context.memory)
            let elements = try context.elements(arguments, 0).filter { seen.insert($0) }
            return context.memory.makeList(elements, type: arguments[0].type, origin: arguments[0].origin)
        },
        Function(
            "collections.Intersect", aliases: ["intersect"],
            [.init("list", [.list, .nil]), .init("other", [.list, .nil])],
            result: .list,
            summary: "The text, numbers and records of a list that another has too, each once",
            example: #"{{ intersect (slice "a" "b" "c") (slice "c" "b") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard !arguments[0].isNil, !arguments[1].isNil else { return context.memory.makeList([]) }
            let elements = try context.elements(arguments, 0)
            var common = Sets.Intersection(try context.elements(arguments, 1), context)
            for index in [0, 1] where arguments[index].type.isUncomparable {
                throw context.wrongArgument(index, expected: Sets.comparable, given: arguments[index])
            }
            return context.memory.makeList(
                elements.filter { common.takes($0) }, type: arguments[0].type, origin: arguments[0].origin)
        },
        Function(
            "collections.Union", aliases: ["union"], [.init("list", [.list, .nil]), .init("other", [.list, .nil])],
            result: .list, typed: .union,
            summary: "The elements of two lists, each once",
            example: #"{{ union (slice 1 2 3) (slice 3 4 5) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Sets.union(arguments, context)
        },
        Function(
            "collections.Complement", aliases: ["complement"],
            [.init("list", .list), .init("next", .list), .init("others", .list, .variadic)], result: .list,
            summary: "The elements of the last list that none of the others has",
            example: #"{{ slice "a" "b" "c" "d" | complement (slice "b" "c") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let last = arguments.count - 1
            var excluded: [Value] = []
            for index in 0..<last { excluded += try Sets.comparables(arguments, index, context) }
            let others = IdentitySet(excluded, context.memory)
            let elements = try context.elements(arguments, last).filter { !others.contains($0) }
            return context.memory.makeList(elements, type: arguments[last].type, origin: arguments[last].origin)
        },
        Function(
            "collections.SymDiff", aliases: ["symdiff"], [.init("other", .list), .init("list", .list)], result: .list,
            summary: "The elements that only one of two lists has, those of the second first",
            example: #"{{ slice 1 2 3 | symdiff (slice 3 4) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let elements = try Sets.comparables(arguments, 1, context)
            let others = try Sets.comparables(arguments, 0, context)
            let type = arguments[1].type
            let (set, otherSet) = (IdentitySet(elements, context.memory), IdentitySet(others, context.memory))
            var difference = elements.filter { !otherSet.contains($0) }
            for element in others where !set.contains(element) {
                guard let element = Sets.converted(element, to: type) else {
                    throw context.wrongArgument(
                        0, expected: "a list of what is in the second", given: arguments[0])
                }
                difference.append(element)
            }
            return context.memory.makeList(difference, type: type, origin: arguments[1].origin)
        },
    ]
}

enum Sets {
    static let comparable = "a list of text, numbers, bools or records"

    /// The elements of a list without lists and maps among them.
    static func comparables(
        _ arguments: Arguments, _ index: Int, _ context: CallContext
    ) throws(RuntimeError) -> [Value] {
        let elements = try context.elements(arguments, index)
        guard !elements.contains(where: { $0.kind == .list || $0.kind == .map }) else {
            throw context.wrongArgument(index, expected: comparable, given: arguments[index])
        }
        return elements
    }

    /// A value as an element of a typed list; nil when it cannot be one. A number must keep its value.
    static func converted(_ value: Value, to type: TypeTag) -> Value? {
        if type == .any || TypeTag.element(value) == type { return value }
        switch (type, value.kind) {
        case (.float, .int): return .float(Double(value.asInt))
        case (.int, .float): return Int(exactly: value.asFloat).map { Value.int($0).withOrigin(value.origin) }
        default: return nil
        }
    }

    /// Hugo: tpl/collections, Union.
    static func union(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        let (list, other) = (arguments[0], arguments[1])
        if list.isNil, other.isNil { return memory.makeList([]) }
        for index in [0, 1] where arguments[index].kind != .list && !arguments[index].isNil {
            throw context.wrongArgument(index, expected: "a list", given: arguments[index])
        }
        if list.isNil { return other }
        if other.isNil { return list }
        let type = list.type
        guard type == other.type || type == .any || other.type == .any || (type.isNumber && other.type.isNumber)
        else { return memory.makeList([], type: type) }
        var seen = IdentitySet(memory)
        var elements = try comparables(arguments, 0, context).filter { !$0.isNil && seen.insert($0) }
        for element in Array(memory.elements(of: other)) where !element.isNil {
            guard let converted = converted(element, to: type), seen.insert(converted) else { continue }
            elements.append(converted)
        }
        return memory.makeList(elements, type: type, origin: list.origin)
    }

    /// What two lists share, as Hugo's intersect sees it: text, numbers and records; neither bools nor nil.
    struct Intersection {
        private let others: IdentitySet
        private var taken: IdentitySet

        init(_ others: some Sequence<Value>, _ context: CallContext) {
            self.others = IdentitySet(others, context.memory)
            taken = IdentitySet(context.memory)
        }

        /// Whether an element is shared and has not been taken before.
        mutating func takes(_ value: Value) -> Bool {
            switch value.kind {
            case .missing, .null, .bool, .list, .map: false
            default: others.contains(value) && taken.insert(value)
            }
        }
    }
}
