/// Small functions of docker-gen, Sprig and consul-template, where Go and Hugo do not use the name.
extension Function {
    static let neighbours: [Function] = [
        Function(
            "coalesce", [.init("values", .any, .variadic)], result: .any, typed: .firstPresent, cost: .constant,
            summary: "The first value that is not nil",
            example: #"{{ coalesce nil 80 443 }}"#
        ) { arguments, _ in arguments.first { !$0.isNil } ?? .null },
        Function(
            "keys", [.init("map", [.map, .nil])], result: [.list, .nil], typed: .keys,
            summary: "The keys of a map, in order",
            example: #"{{ keys (dict "b" 1 "a" 2) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            if arguments[0].isNil { return .null }
            return context.memory.makeList(try entries(arguments, 0, context).map(\.key), type: .string)
        },
        Function(
            "values", [.init("map", [.map, .nil])], result: [.list, .nil], typed: .values,
            summary: "The values of a map, in the order of the keys",
            example: #"{{ values (dict "b" 1 "a" 2) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            if arguments[0].isNil { return .null }
            return context.memory.makeList(try entries(arguments, 0, context).map(\.value), type: arguments[0].type)
        },
        Function(
            "hasKey", [.init("map", .map), .init("key", .string)], result: .bool, typed: .presence, cost: .constant,
            summary: "Whether a map has a key",
            example: #"{{ hasKey (dict "port" 80) "port" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .map else {
                throw context.wrongArgument(0, expected: "a map", given: arguments[0])
            }
            guard arguments[1].kind == .string else {
                throw context.wrongArgument(1, expected: "a string key", given: arguments[1])
            }
            return .bool(context.memory.lookup(context.memory.bytes(of: arguments[1]), in: arguments[0]) != nil)
        },
        Function(
            "contains", [.init("mapOrPart", .any), .init("keyOrWhole", .any)], result: .bool, together: .partBeforeText,
            summary: "Whether a map, first, has a key; or whether a part is in a list or string, last",
            example: #"{{ contains (dict "port" 80) "port" }} {{ contains "web" "web-1" }}"#
        ) { arguments, context in
            guard arguments[0].kind == .map else {
                warnOfWholeBeforePart(arguments, context)
                return .bool(Parts.contains(arguments[1], arguments[0], context.memory))
            }
            let key = context.memory.bytes(of: arguments[1])
            return .bool(arguments[1].kind == .string && context.memory.lookup(key, in: arguments[0]) != nil)
        },
        Function(
            "containsAll", [.init("values", .list), .init("collection", [.list, .string])], result: .bool,
            summary: "Whether all elements of a list are in another list, or in a string",
            example: #"{{ containsAll (slice "a" "b") (slice "c" "b" "a") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let values = try context.elements(arguments, 0)
            guard arguments[1].kind == .list else {
                return .bool(
                    values.allSatisfy { value in
                        context.memory.meter.add(arguments[1].textSize)
                        return !context.memory.meter.isSpent
                            && Parts.contains(arguments[1], value, context.memory)
                    })
            }
            let elements = IdentitySet(try context.elements(arguments, 1), context.memory)
            return .bool(values.allSatisfy { !$0.isNil && elements.contains($0) })
        },
        Function(
            "when", [.init("condition", .bool), .init("value", .any), .init("otherwise", .any)], result: .any,
            typed: .oneOf(1, 2), cost: .constant,
            summary: "The second value when the first is true, else the third; both are evaluated",
            example: #"{{ when true "yes" "no" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try flag(arguments, 0, context) ? arguments[1] : arguments[2]
        },
        Function(
            "ternary", [.init("value", .any), .init("otherwise", .any), .init("condition", .bool)], result: .any,
            typed: .oneOf(0, 1), cost: .constant,
            summary: "The first value when the last is true, else the second; both are evaluated",
            example: #"{{ true | ternary "yes" "no" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try flag(arguments, 2, context) ? arguments[0] : arguments[1]
        },
        Function(
            "empty", [.init("value", .any)], result: .bool, typed: .negation, cost: .constant,
            summary: "Whether a value is nil, false, 0, or without elements",
            example: #"{{ empty (slice) }}"#
        ) { arguments, _ in .bool(!arguments[0].isTrue) },
        Function(
            "until", [.init("end", .scalar)], result: .list, typed: .list(of: .int), cost: .constant,
            summary: "The integers from 0 to before an end",
            example: #"{{ until 3 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let end = try context.integer(arguments, 0)
            return try count(from: 0, until: end, by: end < 0 ? -1 : 1, context)
        },
        Function(
            "untilStep", [.init("start", .scalar), .init("end", .scalar), .init("step", .scalar)], result: .list,
            typed: .list(of: .int), cost: .constant,
            summary: "The integers from a start to before an end by a step",
            example: #"{{ untilStep 8080 8100 10 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try count(
                from: context.integer(arguments, 0), until: context.integer(arguments, 1),
                by: context.integer(arguments, 2), context)
        },
    ]

    /// A text of the template that is searched for a text from elsewhere was probably meant the other way round.
    private static func warnOfWholeBeforePart(_ arguments: Arguments, _ context: CallContext) {
        guard arguments[0].kind == .string, arguments[0].pool != .constants, arguments[1].kind == .string,
            arguments[1].pool == .constants
        else { return }
        let text = context.memory.text(of: arguments[1])
        context.warnings.append((.argumentOrder, ArgumentOrder.wholeBeforePart("contains", text)))
    }

    private static func entries(
        _ arguments: Arguments, _ index: Int, _ context: CallContext
    ) throws(RuntimeError) -> [(key: Value, value: Value)] {
        guard arguments[index].kind == .map else {
            throw context.wrongArgument(index, expected: "a map", given: arguments[index])
        }
        let entries = context.memory.elements(of: arguments[index])
        return stride(from: 0, to: entries.count, by: 2).map { (entries[$0], entries[$0 + 1]) }
    }

    private static func flag(
        _ arguments: Arguments, _ index: Int, _ context: CallContext
    ) throws(RuntimeError) -> Bool {
        guard arguments[index].kind == .bool else {
            throw context.wrongArgument(index, expected: "true or false", given: arguments[index])
        }
        return arguments[index].asBool
    }

    /// Sprig: numeric.go, untilStep. A step that leads away from the end gives an empty list.
    private static func count(
        from start: Int, until end: Int, by step: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        guard start != end, step != 0, (start < end) == (step > 0) else {
            return context.memory.makeList([], type: .int)
        }
        return try Making.range(
            from: start, through: step > 0 ? end - 1 : end + 1, by: step, limit: ResultLimit.elements, context)
    }
}
