extension Checker {
    // MARK: Calls

    mutating func scheduleCall(_ name: String, _ arguments: [NodeID], isPiped: Bool, _ range: SourceRange) {
        let count = arguments.count + (isPiped ? 1 : 0)
        guard let function = library[name] else {
            let hint = nearest(to: name, in: library.names).map { " (did you mean \($0)?)" } ?? ""
            report(.undefinedFunction, "there is no function \"\(name)\"" + hint, range)
            return schedule(arguments.map { .operand($0) } + [.replace(count: count)])
        }
        if let expected = function.mismatch(count: count) {
            report(
                .wrongArgumentCount, "\(name) takes \(expected), not \(count == 0 ? "none" : String(count))", range)
            return schedule(arguments.map { .operand($0) } + [.replace(count: count)])
        }
        let call = Call(name: name, function: function, arguments: arguments, isPiped: isPiped, range: range)
        switch function.body {
        case .and, .or:
            walk.lazyMarks.append((walk.factMark, walk.isReachable))
            schedule(arguments.first.map { [.operand($0), .lazyStep(call, index: 1)] } ?? [.lazyStep(call, index: 1)])
        default:
            schedule(arguments.map { .operand($0) } + [.call(call)])
        }
    }

    /// The place of an argument, from 0; of a piped one the call's.
    func range(ofArgument index: Int, _ call: Call) -> SourceRange {
        call.arguments.indices.contains(index) ? tree.range(of: call.arguments[index]) : call.range
    }

    /// Takes the arguments of a call from the operands, the piped one last.
    private mutating func takeArguments(_ call: Call) -> [Operand] {
        let start = max(0, walk.operands.count - call.arguments.count)
        var arguments = Array(walk.operands[start...])
        walk.operands.removeLast(walk.operands.count - start)
        if call.isPiped { arguments.append(walk.pop()) }
        return arguments
    }

    mutating func finishCall(_ call: Call) {
        let arguments = takeArguments(call)
        if case .clock = call.function.purity {
            warn(.dependsOnClock, "what \(call.name) gives depends on the time of the render", call.range)
        }
        let result: Operand
        switch call.function.body {
        case .partial: result = callPartial(call, arguments)
        case .return: result = finishReturn(call, arguments)
        default: result = native(call, arguments)
        }
        walk.operands.append(result)
    }

    // MARK: and, or

    /// After an operand of `and` or `or`: the next one is evaluated only when this one did not decide.
    mutating func stepLazily(_ call: Call, _ index: Int) {
        let isAnd = if case .and = call.function.body { true } else { false }
        if index < call.arguments.count {
            if let last = walk.operands.last {
                walk.learn(facts(of: last, when: isAnd))
                if let truth = last.type.truth, truth != isAnd { walk.isReachable = false }
            }
            return schedule([.operand(call.arguments[index]), .lazyStep(call, index: index + 1)])
        }
        finishLazily(call, isAnd: isAnd)
    }

    private mutating func finishLazily(_ call: Call, isAnd: Bool) {
        if let mark = walk.lazyMarks.popLast() {
            walk.forgetFacts(since: mark.facts)
            walk.isReachable = mark.wasReachable
        }
        let arguments = takeArguments(call)
        guard arguments.count > 1 else { return walk.operands.append(arguments.first ?? .unknown) }
        var result = Operand(.never)
        for (index, argument) in arguments.enumerated() {
            let isLast = index == arguments.count - 1
            let truth = argument.type.truth
            if isLast || truth == !isAnd {
                result.type = types.join(result.type, argument.type)
            } else if truth == nil {
                result.type = types.join(result.type, isAnd ? argument.type.whenFalse : argument.type.whenTrue)
            }
            // All operands hold when `and` does, and none when `or` does not.
            if isAnd {
                result.whenTrue += facts(of: argument, when: true).prefix(Self.maximumFacts)
            } else {
                result.whenFalse += facts(of: argument, when: false).prefix(Self.maximumFacts)
            }
            if truth == !isAnd { break }
        }
        // The same operands written again are the same value.
        if let base = arguments.first?.path, arguments.allSatisfy({ $0.path != nil }), arguments.count <= 8 {
            let name = call.function.name + arguments.map { " \($0.path?.index ?? 0)" }.joined()
            let path = walk.paths.member(name, of: base)
            result.path = path
            result.type = walk.fact(path) ?? result.type
        }
        result.whenTrue = Array(result.whenTrue.prefix(Self.maximumFacts))
        result.whenFalse = Array(result.whenFalse.prefix(Self.maximumFacts))
        walk.operands.append(result)
    }

    /// Facts that a condition carries; more would make deep conditions slow.
    private static let maximumFacts = 32

    // MARK: Partials

    private mutating func callPartial(_ call: Call, _ arguments: [Operand]) -> Operand {
        guard let name = arguments.first else { return .unknown }
        guard case .string(let bytes) = name.type.constant else {
            if !name.type.isUnknown, !name.type.isNever, !name.type.kinds.contains(.string) {
                report(
                    .wrongArgument(1, expected: "a template's name", given: types.name(of: name.type)),
                    range(ofArgument: 0, call))
            }
            return .unknown
        }
        guard let target = set.index.index(ofPartial: bytes) else {
            let error = RuntimeError.unknownTemplate(
                String(decoding: bytes, as: UTF8.self), known: set.index.names)
            report(error, range(ofArgument: 0, call))
            return .unknown
        }
        guard walk.isReachable else { return .unknown }
        let dot = arguments.count > 1 ? arguments[1] : nil
        let result = run(target, dot: dot, isPartial: true, isAsked: true, range(ofArgument: 0, call))
        guard result.isKnown else { return Operand(.never) }
        return Operand(result.reachesEnd ? types.join(result.returned, .string) : result.returned)
    }

    private mutating func finishReturn(_ call: Call, _ arguments: [Operand]) -> Operand {
        if !instances.all[instance].isPartial { report(.returnOutsidePartial, call.range) }
        if walk.isReachable {
            let type = arguments.first?.type.leavingPipeline ?? .missing
            walk.returned = types.join(walk.returned, type.withoutConstant)
        }
        walk.isReachable = false
        return Operand(.never)
    }

    // MARK: Other functions

    private mutating func native(_ call: Call, _ arguments: [Operand]) -> Operand {
        switch call.function.typed {
        case .equality(let isNegated): return equality(call, arguments, isNegated: isNegated)
        case .order(let relation): return order(call, arguments, relation)
        case .negation: return negation(arguments)
        case .element: return index(call, arguments)
        case .slice: return slice(call, arguments)
        case .parameter: return parameter(call, arguments)
        case .never:
            report(.notCallable(type: arguments.first.map { types.name(of: $0.type) } ?? "<nil>"), call.range)
            return .unknown
        case .kinds, .printed, .list, .listOfArguments, .part, .selection, .union, .oneOf, .nonEmpty, .firstPresent,
            .arithmetic, .dictionary, .keys, .values, .presence:
            let isRight = checkTypes(call, arguments) && checkTogether(call, arguments)
            return isRight ? result(of: call, arguments) : .unknown
        }
    }

    private mutating func negation(_ arguments: [Operand]) -> Operand {
        var result = Operand(.bool)
        guard let argument = arguments.first else { return result }
        if let truth = argument.type.truth { result.type = .constant(.bool(!truth)) }
        result.whenTrue = facts(of: argument, when: false)
        result.whenFalse = facts(of: argument, when: true)
        return result
    }

    /// Compares the arguments with what the function's entry says of its parameters.
    @discardableResult
    mutating func checkTypes(_ call: Call, _ arguments: [Operand]) -> Bool {
        let parameters = call.function.parameters
        var isRight = true
        for (index, argument) in arguments.enumerated() {
            guard let parameter = index < parameters.count ? parameters[index] : parameters.last,
                !argument.type.isUnknown, !argument.type.isNever
            else { continue }
            let kinds = argument.type.kinds.asArgument
            let allowed = parameter.accepted
            guard !kinds.isSubset(of: allowed) else { continue }
            let wrong =
                argument.type.kinds.members.first { !$0.asArgument.isSubset(of: allowed) } ?? argument.type.kinds
            var shown = argument.type
            shown.kinds = wrong
            let error = RuntimeError.wrongArgument(
                index + 1, expected: article(parameter.type.text), given: types.name(of: shown))
            if kinds.isDisjoint(with: allowed) {
                report(error, range(ofArgument: index, call))
                isRight = false
            } else {
                warn(possible: error, range(ofArgument: index, call))
            }
        }
        return isRight
    }

    private func article(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return ("aeiou".unicodeScalars.contains(first) ? "an " : "a ") + text
    }

    private mutating func parameter(_ call: Call, _ arguments: [Operand]) -> Operand {
        guard checkTypes(call, arguments), let name = arguments.first else { return .unknown }
        guard let known = parameters?.map.map({ types[$0] }), case .string(let bytes) = name.type.constant else {
            return .unknown
        }
        if let entry = known.entries[bytes] { return Operand(types[entry.type]) }
        if arguments.count > 1 { return Operand(arguments[1].type.withoutConstant) }
        report(
            .unknownParameter(String(decoding: bytes, as: UTF8.self), known: known.keys), range(ofArgument: 0, call))
        return .unknown
    }
}

extension Function.Parameter {
    /// What passes, beyond what the table names: a duration for an int, and nil and a time for what is cast.
    var accepted: ValueType {
        var accepted = type
        if type.contains(.int) { accepted.insert(.duration) }
        if type.isSuperset(of: .scalar) { accepted.formUnion([.nil, .time]) }
        return accepted
    }
}
