// What `range`, `index` and `slice` take and give.
extension Checker {
    // MARK: range

    /// The type of the elements of a value, and of their index or key.
    mutating func elements(
        of type: StaticType, variables: Int, _ range: SourceRange
    ) -> (element: StaticType, index: StaticType) {
        if type.isUnknown { return (.unknown, .unknown) }
        var element = StaticType.never
        var index = StaticType.never
        var failure: RuntimeError?
        var isPossible = type.isNever
        for kind in type.kinds.members {
            switch kind {
            case .list:
                element = types.join(element, types[type.element])
                index = types.join(index, .int)
            case .map:
                element = types.join(element, types.values(of: type.map))
                index = types.join(index, .string)
            case .nil, .missing: break
            case .int where variables < 2, .duration where variables < 2:
                element = types.join(element, .int)
                index = types.join(index, .int)
            case .int, .duration:
                failure = failure ?? .rangeOverIntegerWithTwoVariables
                continue
            default:
                failure = failure ?? .cannotRange(type: types.name(of: StaticType(kinds: kind, record: type.record)))
                continue
            }
            isPossible = true
        }
        if let failure {
            if isPossible {
                warn(possible: failure, range)
            } else {
                report(failure, range)
                return (.unknown, .unknown)
            }
        }
        return (element, index)
    }

    // MARK: index

    mutating func index(_ call: Call, _ arguments: [Operand]) -> Operand {
        guard var item = arguments.first else { return .unknown }
        if arguments.count == 1, item.type.kinds.isSubset(of: .anyNil), !item.type.isNever {
            report(.nilOperand, call.range)
        }
        // A list of keys stands for all of them.
        if arguments.count == 2, arguments[1].type.kinds.contains(.list) {
            let keys = types[arguments[1].type.element]
            if keys.isUnknown || item.type.kinds != .map || keys.kinds.contains(.string) { return .unknown }
        }
        for position in 1..<max(arguments.count, 1) {
            if item.type.isNever { return .unknown }
            if item.type.isUnknown {
                item = unknownElement(of: item, under: arguments[position].type.constant)
                continue
            }
            guard let next = element(of: item, under: arguments[position], position, call) else { return .unknown }
            item = next
        }
        return item
    }

    /// What stands under a key of something of which nothing is known: with a text for a key, of a map.
    private mutating func unknownElement(of item: Operand, under key: StaticType.Constant?) -> Operand {
        guard case .string(let name) = key else { return .unknown }
        let path = item.path.map { walk.paths.member(String(decoding: name, as: UTF8.self), of: $0) }
        return Operand(path.flatMap { walk.fact($0) } ?? StaticType.unknown.orNil, path: path)
    }

    private mutating func element(
        of item: Operand, under key: Operand, _ position: Int, _ call: Call
    ) -> Operand? {
        var result = StaticType.never
        var failure: RuntimeError?
        var isArgumentWrong = false
        var isPossible = false
        for kind in item.type.kinds.members {
            switch kind {
            case .list, .string:
                guard allows(.int, key.type) else {
                    failure = failure ?? wrongKey(position, "an integer", .int, key.type)
                    isArgumentWrong = true
                    continue
                }
                result = types.join(result, kind == .list ? types[item.type.element] : .int)
                if !allowsOnly(.int, key.type) { failure = wrongKey(position, "an integer", .int, key.type) }
            case .map:
                guard allows(.string, key.type) else {
                    failure = failure ?? wrongKey(position, "a string key", .string, key.type)
                    isArgumentWrong = true
                    continue
                }
                result = types.join(result, value(of: item.type.map, under: key.type.constant))
                if !allowsOnly(.string, key.type) { failure = wrongKey(position, "a string key", .string, key.type) }
            case .nil, .missing:
                failure = failure ?? .nilOperand
                continue
            default:
                failure = failure ?? .notIndexable(types.name(of: StaticType(kinds: kind, record: item.type.record)))
                continue
            }
            isPossible = true
        }
        if let failure {
            let range = isArgumentWrong ? range(ofArgument: position, call) : range(ofArgument: 0, call)
            guard isPossible else {
                report(failure, range)
                return nil
            }
            warn(possible: failure, range)
        }
        var path: PathID?
        if item.type.kinds == .map, let base = item.path, case .string(let name) = key.type.constant {
            path = walk.paths.member(String(decoding: name, as: UTF8.self), of: base)
        }
        return Operand(path.flatMap { walk.fact($0) } ?? result, path: path)
    }

    /// What stands under a key of a map; a key that it does not have gives nil.
    private mutating func value(of map: MapID?, under key: StaticType.Constant?) -> StaticType {
        guard let map else { return key == nil ? .unknown : .unknown.orNil }
        guard case .string(let name) = key else { return types.values(of: map).or(.nil) }
        let content = types[map]
        if let entry = content.entries[name] {
            return entry.isRequired ? types[entry.type] : types[entry.type].orNil
        }
        return content.rest.map { types[$0].orNil } ?? .null
    }

    private func allows(_ kind: ValueType, _ type: StaticType) -> Bool {
        type.isUnknown || type.isNever || type.kinds.contains(kind)
    }

    private func allowsOnly(_ kind: ValueType, _ type: StaticType) -> Bool {
        type.isUnknown || type.kinds.isSubset(of: kind)
    }

    private func wrongKey(_ position: Int, _ expected: String, _ kind: ValueType, _ type: StaticType) -> RuntimeError {
        var shown = type
        shown.kinds.remove(kind)
        return .wrongArgument(position + 1, expected: expected, given: types.name(of: shown))
    }

    // MARK: slice

    mutating func slice(_ call: Call, _ arguments: [Operand]) -> Operand {
        let others = arguments.dropFirst().map(\.type)
        guard let item = arguments.first?.type else { return Operand(types.list(of: .unknown)) }
        let isPart = item.kinds.isSubset(of: [.string, .list]) && others.allSatisfy { $0.kinds.isSubset(of: .int) }
        let isMaking =
            item.kinds.isDisjoint(with: [.string, .list]) || others.contains { $0.kinds.isDisjoint(with: .int) }
        if isMaking, !isPart {
            let element = others.reduce(item) { types.join($0, $1) }
            return Operand(types.list(of: element))
        }
        guard isPart, !item.isNever else { return .unknown }
        if arguments.count > 4 { report(.tooManySliceBounds, call.range) }
        if arguments.count == 4, item.kinds == .string { report(.threeBoundsOfString, call.range) }
        var result = item.withoutConstant
        result.emptiness = .unknown
        return Operand(result)
    }
}

extension StaticType {
    /// Of one kind of several that a value may have.
    init(kinds: ValueType, record: RecordID?) {
        self.init(kinds: kinds)
        if kinds.contains(.record) { self.record = record }
    }
}
