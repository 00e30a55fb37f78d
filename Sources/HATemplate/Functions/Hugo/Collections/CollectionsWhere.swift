/// Choosing elements by what they hold. Hugo: tpl/collections/where.go.
extension Function {
    static let collectionWhere: [Function] = [
        Function(
            "collections.Where", aliases: ["where"],
            [
                .init("collection", [.list, .map]), .init("key", .scalar), .init("operatorOrValue", .any),
                .init("value", .any, .optional),
            ], result: [.list, .map], typed: .selection(of: 0),
            summary: "The elements whose value under a key or path equals, or relates to, a value",
            example: #"{{ where (slice (dict "port" 80) (dict "port" 443)) "port" ">" 100 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let collection = arguments[0]
            guard collection.kind == .list || collection.kind == .map else {
                throw context.wrongArgument(0, expected: "a list or a map", given: collection)
            }
            guard !arguments[1].isNil else { throw context.wrongArgument(1, expected: "a key", given: arguments[1]) }
            var condition = try Condition(arguments, context)
            if collection.kind == .list {
                let elements = Array(context.memory.elements(of: collection))
                let chosen = try condition.choose(elements)
                if chosen.count == elements.count { return collection }
                return context.memory.makeList(chosen, type: collection.type, origin: collection.origin)
            }
            // A map keeps the lists that have an element which fits.
            let entries = Array(context.memory.elements(of: collection))
            var chosen: [(key: Value, value: Value)] = []
            for index in stride(from: 0, to: entries.count, by: 2) where entries[index + 1].kind == .list {
                let elements = Array(context.memory.elements(of: entries[index + 1]))
                if !(try condition.choose(elements).isEmpty) { chosen.append((entries[index], entries[index + 1])) }
            }
            return context.memory.makeMap(chosen, type: collection.type, origin: collection.origin)
        }
    ]
}

/// The key, the operator and the value of one `where`.
private struct Condition {
    private enum Operator {
        case equal, notEqual, greaterOrEqual, greater, lessOrEqual, less, `in`, notIn, intersect, like
    }

    private static let operators: [String: Operator] = [
        "": .equal, "=": .equal, "==": .equal, "eq": .equal, "!=": .notEqual, "<>": .notEqual, "ne": .notEqual,
        ">=": .greaterOrEqual, "ge": .greaterOrEqual, ">": .greater, "gt": .greater, "<=": .lessOrEqual,
        "le": .lessOrEqual, "<": .less, "lt": .less, "in": .in, "not in": .notIn, "intersect": .intersect,
        "like": .like,
    ]

    private let context: CallContext
    private let relation: Operator
    private let match: Value
    /// Position of `match` among the arguments.
    private let argument: Int
    /// Nil when the key is no text: then no element has it.
    private var path: MemberPath?
    /// The elements of `match` when that is a list.
    private var set: IdentitySet?
    /// `match` as a regular expression, when it is asked for.
    private var expression: RegularExpression?

    init(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) {
        self.context = context
        let memory = context.memory
        argument = arguments.count - 1
        match = arguments[argument]
        if arguments[1].kind == .string { path = MemberPath(memory.bytes(of: arguments[1]), absence: .inMaps) }
        if arguments.count > 3 {
            guard arguments[2].kind == .string else {
                throw context.wrongArgument(2, expected: "an operator", given: arguments[2])
            }
            let name = Self.trimmedName(memory.bytes(of: arguments[2]))
            guard let known = Self.operators[name] else {
                throw context.unreadable(
                    2, expected: "an operator such as \"eq\", \">=\", \"in\" or \"like\"", given: arguments[2])
            }
            relation = known
        } else {
            relation = .equal
        }
        switch relation {
        case .in, .notIn, .intersect:
            if match.kind == .list { set = IdentitySet(Array(memory.elements(of: match)), memory) }
        case .like:
            if match.kind == .string {
                expression = try Self.expression(match, argument: argument, context)
            }
        default: break
        }
    }

    private static func trimmedName(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let name = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return String(decoding: name.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// The elements that fit.
    mutating func choose(_ elements: [Value]) throws(RuntimeError) -> [Value] {
        var chosen: [Value] = []
        for element in elements {
            let value = try path?.value(in: element, context.memory) ?? .missing
            if try holds(value) { chosen.append(element) }
            try context.memory.meter.check()
        }
        return chosen
    }

    /// Hugo: checkCondition. What cannot be compared does not fit, even with "ne".
    private func holds(_ value: Value) throws(RuntimeError) -> Bool {
        if value.isNil || match.isNil {
            switch relation {
            case .equal: return value.isNil == match.isNil
            case .notEqual: return value.isNil != match.isNil
            default: return false
            }
        }
        switch relation {
        case .in: return isIn(value) ?? false
        case .notIn: return isIn(value).map { !$0 } ?? false
        case .intersect: return try intersects(value)
        case .like: return isLike(value)
        default: break
        }
        if value.kind == .bool, match.kind == .bool {
            switch relation {
            case .equal: return value.asBool == match.asBool
            case .notEqual: return value.asBool != match.asBool
            default: return false
            }
        }
        guard let order = order(value) else { return false }
        switch relation {
        case .equal: return order == .equal
        case .notEqual: return order != .equal
        case .greaterOrEqual: return order == .greater || order == .equal
        case .greater: return order == .greater
        case .lessOrEqual: return order == .less || order == .equal
        default: return order == .less
        }
    }

    /// Text compares with text, a number with a number and a time with a time.
    private func order(_ value: Value) -> LooseOrder? {
        switch (value.kind, match.kind) {
        case (.string, .string), (.int, .int), (.int, .float), (.float, .int), (.float, .float), (.time, .time):
            LooseOrder(value, match, context.memory)
        default: nil
        }
    }

    /// Nil when the question makes no sense.
    private func isIn(_ value: Value) -> Bool? {
        context.memory.meter.add(match.textSize)
        return holdsInside(value)
    }

    private func holdsInside(_ value: Value) -> Bool? {
        switch value.kind {
        case .string where match.kind == .string:
            context.memory.bytes(of: match).firstRange(of: context.memory.bytes(of: value)) != nil
        case .string, .int, .float, .record: set?.contains(value)
        default: nil
        }
    }

    private func intersects(_ value: Value) throws(RuntimeError) -> Bool {
        guard value.kind == .list, let set else { return false }
        guard !match.type.isUncomparable, !value.type.isUncomparable else {
            throw context.wrongArgument(argument, expected: Sets.comparable, given: match)
        }
        return context.memory.elements(of: value).contains { element in
            switch element.kind {
            case .missing, .null, .bool, .list, .map: false
            default: set.contains(element)
            }
        }
    }

    private func isLike(_ value: Value) -> Bool {
        guard value.kind == .string, let expression else { return false }
        return expression.matches(context.memory.bytes(of: value), context.memory.meter)
    }

    /// The expression of "like"; its mistakes are found even when there is nothing to match.
    private static func expression(
        _ pattern: Value, argument: Int, _ context: CallContext
    ) throws(RuntimeError) -> RegularExpression {
        do throws(RegularExpression.Mistake) {
            return try RegularExpression(Array(context.memory.bytes(of: pattern)))
        } catch {
            throw context.unreadable(
                argument, expected: "a regular expression (\(error.reason.rawValue))", given: pattern)
        }
    }
}
