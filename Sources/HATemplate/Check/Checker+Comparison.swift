// What Go's comparison functions refuse. Go: text/template/funcs.go, eq and lt.
extension Checker {
    private enum Verdict {
        case possible, perhaps(RuntimeError), impossible(RuntimeError)
    }

    // MARK: eq, ne

    mutating func equality(_ call: Call, _ arguments: [Operand], isNegated: Bool) -> Operand {
        var result = Operand(.bool)
        guard let first = arguments.first else { return result }
        guard arguments.count > 1 else {
            report(.missingComparisonArgument, call.range)
            return result
        }
        var equal: Bool? = false
        for other in arguments.dropFirst() {
            switch equalityVerdict(first.type, other.type) {
            case .possible: break
            case .perhaps(let error): warn(possible: error, call.range)
            case .impossible(let error):
                report(error, call.range)
                return result
            }
            if let answer = constantEquality(first.type, other.type) {
                // The first match ends the search, whatever comes after it.
                if answer {
                    if equal == false { equal = true }
                    break
                }
            } else {
                equal = nil
            }
        }
        if let equal { result.type = .constant(.bool(equal != isNegated)) }
        let found = equalityFacts(first, arguments.dropFirst())
        result.whenTrue = isNegated ? found.different : found.same
        result.whenFalse = isNegated ? found.same : found.different
        return result
    }

    private func constantEquality(_ left: StaticType, _ right: StaticType) -> Bool? {
        guard let first = left.constant, let second = right.constant, !left.isSetting, !right.isSetting else {
            return nil
        }
        return first == second
    }

    /// What the answer says of the first operand, or of the second when the first is a literal.
    private func equalityFacts(_ first: Operand, _ others: ArraySlice<Operand>) -> (same: [Fact], different: [Fact]) {
        guard let path = first.path, first.type.constant == nil else {
            if others.count == 1, let other = others.first, other.path != nil, other.type.constant == nil {
                return equalityFacts(other, [first])
            }
            return ([], [])
        }
        var same: [Fact] = []
        var different: [Fact] = []
        let constants = others.compactMap(\.type.constant)
        if constants.count == others.count, constants.allSatisfy(\.isTrue) {
            same.append(Fact(path: path, type: first.type.whenTrue))
        }
        // Something else than the empty text is a text that is not empty.
        if constants.contains(where: { !$0.isTrue && StaticType.constant($0).kinds == first.type.kinds }) {
            different.append(Fact(path: path, type: first.type.whenTrue))
        }
        if others.contains(where: { $0.type.kinds.isSubset(of: .anyNil) }) {
            var type = first.type
            type.kinds.subtract(.anyNil)
            different.append(Fact(path: path, type: type))
        }
        return (same, different)
    }

    private func equalityVerdict(_ left: StaticType, _ right: StaticType) -> Verdict {
        verdict(left, right) { first, second in
            if !first.isDisjoint(with: .anyNil) || !second.isDisjoint(with: .anyNil) { return true }
            if first == .record, second == .record { return hasComparableFields(right) }
            if first == .time, second == .time { return true }
            return basic(first) == basic(second) && first.isSubset(of: .scalar)
        }
    }

    /// Go compares structs field by field, when no field is a list, map or struct.
    private func hasComparableFields(_ type: StaticType) -> Bool {
        guard let id = type.record else { return true }
        let record = types[id]
        return record.members.prefix(types.shapes[record.shape].fields.count).allSatisfy { member in
            let type = types[member]
            return type.isUnknown || type.kinds.isDisjoint(with: [.list, .map, .record])
        }
    }

    // MARK: lt, le, gt, ge

    mutating func order(_ call: Call, _ arguments: [Operand], _ relation: OrderRelation) -> Operand {
        var result = Operand(.bool)
        guard arguments.count == 2 else { return result }
        let (left, right) = (arguments[0], arguments[1])
        let ordered: ValueType = [.int, .float, .string]
        let answer = verdict(left.type, right.type) { basic($0) == basic($1) && basic($0).isSubset(of: ordered) }
        switch answer {
        case .possible: break
        case .perhaps(let error): warn(possible: error, call.range)
        case .impossible(let error):
            report(error, call.range)
            return result
        }
        if let answer = constantOrder(left.type, right.type, relation) { result.type = .constant(.bool(answer)) }
        if let path = left.path, case .int(let bound) = right.type.constant {
            addOrderFacts(Fact(path: path, type: left.type.whenTrue), relation, bound, to: &result)
        } else if let path = right.path, case .int(let bound) = left.type.constant {
            addOrderFacts(Fact(path: path, type: right.type.whenTrue), relation.reversed, bound, to: &result)
        }
        return result
    }

    /// More than a number that is not negative is not zero.
    private func addOrderFacts(_ fact: Fact, _ relation: OrderRelation, _ bound: Int, to result: inout Operand) {
        switch relation {
        case .greater where bound >= 0, .greaterOrEqual where bound > 0: result.whenTrue = [fact]
        case .less where bound > 0, .lessOrEqual where bound >= 0: result.whenFalse = [fact]
        case .greater, .greaterOrEqual, .less, .lessOrEqual: break
        }
    }

    private func constantOrder(_ left: StaticType, _ right: StaticType, _ relation: OrderRelation) -> Bool? {
        guard case .int(let first) = left.constant, case .int(let second) = right.constant, !left.isSetting,
            !right.isSetting
        else { return nil }
        return relation.holds(first, second)
    }

    // MARK: Pairs of kinds

    /// A duration is an integer to Go's comparisons.
    private func basic(_ kind: ValueType) -> ValueType { kind == .duration ? .int : kind }

    private func verdict(
        _ left: StaticType, _ right: StaticType, _ isRight: (ValueType, ValueType) -> Bool
    ) -> Verdict {
        guard !left.isUnknown, !right.isUnknown else { return knownVerdict(left, right, isRight) }
        var isPossible = left.isNever || right.isNever
        var error: RuntimeError?
        for first in left.kinds.members {
            for second in right.kinds.members {
                if isRight(first, second) {
                    isPossible = true
                } else if error == nil {
                    error = mismatch(left, first, right, second)
                }
            }
        }
        guard let error else { return .possible }
        return isPossible ? .perhaps(error) : .impossible(error)
    }

    /// With an operand of which nothing is known the other one alone can be wrong.
    private func knownVerdict(
        _ left: StaticType, _ right: StaticType, _ isRight: (ValueType, ValueType) -> Bool
    ) -> Verdict {
        guard left.isUnknown != right.isUnknown else { return .possible }
        let known = left.isUnknown ? right : left
        guard !known.isNever else { return .possible }
        let canCompare = known.kinds.members.contains { kind in
            StaticType.unknown.kinds.members.contains { left.isUnknown ? isRight($0, kind) : isRight(kind, $0) }
        }
        return canCompare ? .possible : .impossible(.notComparable(types.name(of: known)))
    }

    private func mismatch(
        _ left: StaticType, _ first: ValueType, _ right: StaticType, _ second: ValueType
    ) -> RuntimeError {
        var (one, other) = (left, right)
        one.kinds = first
        other.kinds = second
        if !first.isSubset(of: .scalar) { return .notComparable(types.name(of: one)) }
        if !second.isSubset(of: .scalar) { return .notComparable(types.name(of: other)) }
        if first == second { return .notComparable(types.name(of: one)) }
        return .incompatibleTypes(types.name(of: one), types.name(of: other))
    }
}
