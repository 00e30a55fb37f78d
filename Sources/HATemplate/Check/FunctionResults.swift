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
        case "keys" where first.kinds == .map: return types.list(of: .string)
        case "values" where first.kinds == .map: return types.list(of: types.values(of: first.map))
        default: return nil
        }
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
