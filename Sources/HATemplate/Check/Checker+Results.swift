// What the rules in the functions' entries say of results and of arguments together.
extension Checker {
    mutating func result(of call: Call, _ arguments: [Operand]) -> Operand {
        guard let type = resultType(call.function.typed, arguments.map(\.type)) else {
            var result = Operand(.result(call.function.result))
            if case .presence = call.function.typed { result.whenTrue = keyFacts(arguments) }
            result.type.mayBeAbsent = holdsNil(call.function, arguments)
            return result
        }
        return Operand(type.withoutConstant)
    }

    /// Whether a text may say that there is no value: it prints one that may be absent, or is made of such a text.
    private func holdsNil(_ function: Function, _ arguments: [Operand]) -> Bool {
        guard function.result == .string else { return false }
        if case .printed = function.typed { return arguments.contains { $0.type.mayPrintNil } }
        return arguments.contains { $0.type.kinds == .string && $0.type.mayBeAbsent }
    }

    /// Nil where no more can be said than the entry does.
    private mutating func resultType(_ rule: ResultRule, _ given: [StaticType]) -> StaticType? {
        switch rule {
        case .list(let kinds): return types.list(of: StaticType(kinds: kinds))
        case .listOfArguments: return given.isEmpty ? nil : types.list(of: joined(given[...]))
        case .dictionary: return given.isEmpty ? nil : dictionary(given)
        case .part(let position): return given.indices.contains(position) ? emptied(given[position]) : nil
        case .selection(let position): return given.indices.contains(position) ? sublist(of: given[position]) : nil
        case .union:
            guard given.count == 2 else { return nil }
            return types.join(sublist(of: given[0]) ?? .never, sublist(of: given[1]) ?? .never)
        case .oneOf(let first, let second):
            guard given.indices.contains(max(first, second)) else { return nil }
            return types.join(given[first], given[second])
        case .nonEmpty(let value, let other):
            guard given.indices.contains(max(value, other)) else { return nil }
            return types.join(given[value].whenTrue, given[other])
        case .firstPresent:
            guard let last = given.last else { return nil }
            return types.join(joined(given.dropLast().map(\.whenTrue)[...]), last)
        case .arithmetic: return given.isEmpty ? nil : number(given)
        case .keys: return given.first?.kinds == .map ? types.list(of: .string) : nil
        case .values:
            guard let map = given.first, map.kinds == .map else { return nil }
            return types.list(of: types.values(of: map.map))
        case .kinds, .printed, .never, .negation, .presence, .equality, .order, .element, .slice, .parameter: return nil
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
        switch call.function.together {
        case .none, .functionName: return true
        case .partBeforeText:
            warnOfWholeBeforePart(call, arguments)
            return true
        case .entries: return checkEntries(call, arguments)
        case .listLast: return require([.list, .nil], of: arguments.count - 1, "a list", arguments, call)
        case .sum: return checkSum(call, arguments)
        case .format:
            checkFormat(call, arguments)
            return true
        }
    }

    /// A literal that comes last is the text in which the other one is looked for, unless that is a map.
    private mutating func warnOfWholeBeforePart(_ call: Call, _ arguments: [Operand]) {
        guard arguments.count == 2, arguments[0].type.kinds == .string, arguments[0].type.constant == nil,
            case .string(let text) = arguments[1].type.constant
        else { return }
        warn(
            .argumentOrder, ArgumentOrder.wholeBeforePart(call.name, String(decoding: text, as: UTF8.self)), call.range)
    }

    /// A text and a number cannot be added; whether it is so depends on data when one may be both.
    private mutating func checkSum(_ call: Call, _ arguments: [Operand]) -> Bool {
        let known = arguments.indices.filter { !arguments[$0].type.isUnknown && !arguments[$0].type.isNever }
        let number = known.first { !arguments[$0].type.kinds.isDisjoint(with: .number) }
        guard known.contains(where: { arguments[$0].type.kinds.contains(.string) }), let number else { return true }
        let isCertain =
            known.contains { arguments[$0].type.kinds == .string }
            && known.contains { arguments[$0].type.kinds.isSubset(of: .number) }
        let isMixed = known.contains { arguments[$0].type.kinds != arguments[number].type.kinds }
        guard isCertain || isMixed || known.count > 1 else { return true }
        return refuse(number, "a string like the others", arguments, call, isCertain: isCertain)
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
    private mutating func keyFacts(_ arguments: [Operand]) -> [Fact] {
        guard arguments.count == 2, let base = arguments[0].path, case .string(let key) = arguments[1].type.constant
        else { return [] }
        let path = walk.paths.member(String(decoding: key, as: UTF8.self), of: base)
        guard let id = arguments[0].type.map else {
            return arguments[0].type.kinds.contains(.map) ? [Fact(path: path, type: walk.fact(path) ?? .unknown)] : []
        }
        let map = types[id]
        guard let type = map.entries[key]?.type ?? map.rest else { return [] }
        return [Fact(path: path, type: walk.fact(path) ?? types[type])]
    }
}
