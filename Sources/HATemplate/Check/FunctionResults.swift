// What functions give when more can be said than their entries in the table do.
extension Checker {
    mutating func result(of call: Call, _ arguments: [Operand]) -> Operand {
        let given = arguments.map(\.type)
        guard let type = resultType(call, given) else {
            var result = Operand(.result(call.function.result))
            result.whenTrue = keyFacts(call, arguments)
            return result
        }
        return Operand(type.withoutConstant)
    }

    private mutating func resultType(_ call: Call, _ given: [StaticType]) -> StaticType? {
        guard let first = given.first else { return nil }
        switch call.function.name {
        case "collections.Dictionary": return dictionary(given)
        case "collections.Slice": return types.list(of: joined(given[...]))
        case "collections.First", "collections.Last", "collections.After":
            return given.count > 1 ? emptied(given[1]) : nil
        case "collections.Reverse", "collections.Shuffle": return emptied(first)
        case "collections.Uniq", "collections.Where", "collections.Sort": return sublist(of: first)
        case "collections.Union" where given.count == 2:
            return types.join(sublist(of: first) ?? .never, sublist(of: given[1]) ?? .never)
        case "compare.Default" where given.count == 2: return types.join(given[1].whenTrue, first)
        case "compare.Conditional" where given.count == 3, "when" where given.count == 3:
            return types.join(given[1], given[2])
        case "ternary" where given.count == 3: return types.join(first, given[1])
        case "coalesce":
            return types.join(joined(given.dropLast().map(\.whenTrue)[...]), given[given.count - 1])
        case "collections.Seq", "until", "untilStep": return types.list(of: .int)
        case "math.Add", "math.Sub", "math.Mul", "math.Div", "math.Max", "math.Min": return number(given)
        case "keys" where first.kinds == .map: return types.list(of: .string)
        case "values" where first.kinds == .map: return types.list(of: types.values(of: first.map))
        default: return nil
        }
    }

    /// Integers give an integer, and a float makes a float of the rest.
    private func number(_ given: [StaticType]) -> StaticType? {
        guard given.allSatisfy({ !$0.isUnknown && !$0.isNever }) else { return nil }
        if given.allSatisfy({ $0.kinds == .int }) { return .int }
        if given.allSatisfy({ $0.kinds == .string }) { return .string }
        let areNumbers = given.allSatisfy { $0.kinds.isSubset(of: .number) }
        return areNumbers && given.contains { $0.kinds == .float } ? .float : nil
    }

    private mutating func joined(_ given: ArraySlice<StaticType>) -> StaticType {
        given.reduce(.never) { types.join($0, $1.withoutConstant) }
    }

    /// The same list or text, perhaps without elements.
    private func emptied(_ type: StaticType) -> StaticType {
        var type = type
        type.emptiness = .unknown
        return type
    }

    /// A list of some of the elements; nil when nothing can be said.
    private mutating func sublist(of type: StaticType) -> StaticType? {
        switch type.kinds {
        case .list where !type.isUnknown: types.list(of: types[type.element])
        case .map where !type.isUnknown && type.map != nil: types.list(of: types.values(of: type.map))
        default: nil
        }
    }

    /// Only literal keys make a map of which more is known.
    private mutating func dictionary(_ given: [StaticType]) -> StaticType? {
        guard given.count.isMultiple(of: 2) else { return nil }
        var map = MapType()
        for index in stride(from: 0, to: given.count, by: 2) {
            guard case .string(let key) = given[index].constant else { return nil }
            map.entries[key] = .init(type: types.id(of: given[index + 1].withoutConstant), isRequired: true)
        }
        return types.map(map)
    }

    // MARK: Mistakes that no single parameter shows

    /// What a function asks of its arguments together; whether they are right.
    mutating func checkTogether(_ call: Call, _ arguments: [Operand]) -> Bool {
        switch call.function.name {
        case "collections.Dictionary": return checkEntries(call, arguments)
        case "collections.Append":
            return require([.list, .nil], of: arguments.count - 1, "a list", arguments, call)
        case "math.Add":
            let known = arguments.indices.filter { !arguments[$0].type.isUnknown && !arguments[$0].type.isNever }
            let number = known.first { !arguments[$0].type.kinds.isDisjoint(with: .number) }
            guard known.contains(where: { arguments[$0].type.kinds.contains(.string) }), let number else { return true }
            // A text and a number cannot be added; whether it is so depends on data when one may be both.
            let isCertain =
                known.contains { arguments[$0].type.kinds == .string }
                && known.contains { arguments[$0].type.kinds.isSubset(of: .number) }
            let isMixed = known.contains { arguments[$0].type.kinds != arguments[number].type.kinds }
            guard isCertain || isMixed || known.count > 1 else { return true }
            return refuse(number, "a string like the others", arguments, call, isCertain: isCertain)
        default: return true
        }
    }

    private mutating func checkEntries(_ call: Call, _ arguments: [Operand]) -> Bool {
        guard arguments.count.isMultiple(of: 2) else {
            report(.oddNumberOfArguments(arguments.count), call.range)
            return false
        }
        for index in stride(from: 0, to: arguments.count, by: 2) {
            guard require([.string, .list], of: index, "a string key or a list of string keys", arguments, call) else {
                return false
            }
        }
        return true
    }

    /// Whether an argument can be of one of the kinds; reports it when it cannot, or when it need not.
    private mutating func require(
        _ kinds: ValueType, of index: Int, _ expected: String, _ arguments: [Operand], _ call: Call
    ) -> Bool {
        let type = arguments[index].type
        guard !type.isUnknown, !type.isNever, !type.kinds.asArgument.isSubset(of: kinds) else { return true }
        let isCertain = type.kinds.asArgument.isDisjoint(with: kinds)
        return refuse(index, expected, arguments, call, isCertain: isCertain, apartFrom: kinds) || !isCertain
    }

    private mutating func refuse(
        _ index: Int, _ expected: String, _ arguments: [Operand], _ call: Call, isCertain: Bool,
        apartFrom kinds: ValueType = []
    ) -> Bool {
        var given = arguments[index].type
        given.kinds.subtract(kinds)
        let error = RuntimeError.wrongArgument(index + 1, expected: expected, given: types.name(of: given))
        if isCertain {
            report(error, range(ofArgument: index, call))
        } else {
            warn(possible: error, range(ofArgument: index, call))
        }
        return !isCertain
    }

    // MARK: Facts

    /// `isset . "x"` holds only where there is an x.
    private mutating func keyFacts(_ call: Call, _ arguments: [Operand]) -> [Fact] {
        guard ["collections.IsSet", "hasKey"].contains(call.function.name), arguments.count == 2,
            let base = arguments[0].path, let id = arguments[0].type.map,
            case .string(let key) = arguments[1].type.constant
        else { return [] }
        let map = types[id]
        guard let type = map.entries[key]?.type ?? map.rest else { return [] }
        let path = walk.paths.member(String(decoding: key, as: UTF8.self), of: base)
        return [Fact(path: path, type: walk.fact(path) ?? types[type])]
    }
}
