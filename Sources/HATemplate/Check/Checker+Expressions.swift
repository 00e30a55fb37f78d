extension Checker {
    // MARK: Pipelines

    mutating func checkPipeline(_ id: NodeID) {
        guard case .pipeline(let pipeline) = tree[id] else { return walk.operands.append(.unknown) }
        var sequence: [Task] = []
        for (index, command) in pipeline.commands.enumerated() {
            sequence.append(.command(command, isPiped: index > 0))
        }
        if !pipeline.declarations.isEmpty { sequence.append(.declare(pipeline)) }
        schedule(sequence)
    }

    mutating func checkCommand(_ id: NodeID, isPiped: Bool) {
        guard case .command(let operands) = tree[id], let first = operands.first else { return }
        let range = tree.range(of: first)
        let hasArguments = operands.count > 1 || isPiped
        switch tree[first] {
        case .identifier(let name):
            return scheduleCall(name, Array(operands.dropFirst()), isPiped: isPiped, range)
        case .chain(let base, let fields):
            if let name = qualifiedName(base, fields) {
                return scheduleCall(name, Array(operands.dropFirst()), isPiped: isPiped, range)
            }
        default: break
        }
        // No other operand takes the piped value.
        if isPiped { _ = walk.pop() }
        let unused = operands.dropFirst().map { Task.operand($0) } + [.replace(count: operands.count)]
        switch tree[first] {
        case .field(let names):
            walk.operands.append(Operand(walk.current(walk.dot), path: walk.dot.path))
            schedule([.members(names, hasArguments: hasArguments, range)])
        case .variable(let name, let fields) where !fields.isEmpty:
            walk.operands.append(variable(name, range))
            schedule([.members(fields, hasArguments: hasArguments, range)])
        case .chain(let base, let fields):
            schedule([.operand(base), .leave, .members(fields, hasArguments: hasArguments, range)])
        case .nil:
            report(.nilValue, "nil is not a value that a pipeline can begin with", range)
            walk.operands.append(.unknown)
            schedule(unused)
        default:
            guard hasArguments else { return checkOperand(first) }
            report(
                .notAFunction, "'\(tree.file.text(of: range))' is not a function and takes no arguments", range)
            schedule([.operand(first)] + unused)
        }
    }

    mutating func checkOperand(_ id: NodeID) {
        let range = tree.range(of: id)
        switch tree[id] {
        case .dot: walk.operands.append(Operand(walk.current(walk.dot), path: walk.dot.path))
        case .nil: walk.operands.append(Operand(.missing))
        case .bool(let value): walk.operands.append(Operand(.constant(.bool(value))))
        case .number(.int(let value)): walk.operands.append(Operand(.constant(.int(value))))
        case .number(.float(let value)): walk.operands.append(Operand(.constant(.float(value))))
        case .number(.tooLargeForInt):
            report(.badNumber, "\(tree.file.text(of: range)) does not fit in an integer", range)
            walk.operands.append(.unknown)
        case .string(let bytes): walk.operands.append(Operand(.constant(.string(bytes))))
        case .field(let names):
            walk.operands.append(Operand(walk.current(walk.dot), path: walk.dot.path))
            schedule([.members(names, hasArguments: false, range)])
        case .variable(let name, let fields):
            walk.operands.append(variable(name, range))
            if !fields.isEmpty { schedule([.members(fields, hasArguments: false, range)]) }
        case .chain(let base, let fields):
            if let name = qualifiedName(base, fields) {
                scheduleCall(name, [], isPiped: false, range)
            } else {
                schedule([.operand(base), .leave, .members(fields, hasArguments: false, range)])
            }
        case .identifier(let name): scheduleCall(name, [], isPiped: false, range)
        case .pipeline: schedule([.pipeline(id), .leave])
        default: walk.operands.append(.unknown)
        }
    }

    private mutating func variable(_ name: String, _ range: SourceRange) -> Operand {
        guard let index = walk.index(of: name) else {
            reportUndeclared(name, range)
            return .unknown
        }
        let variable = walk.variables[index]
        usage.use(variable.place, in: unit)
        return Operand(walk.current(variable.binding), path: variable.binding.path)
    }

    /// `strings.ToUpper`, when the chain's base is a namespace.
    private func qualifiedName(_ base: NodeID, _ fields: [String]) -> String? {
        guard case .identifier(let namespace) = tree[base], library.isNamespace(namespace) else { return nil }
        return ([namespace] + fields).joined(separator: ".")
    }

    // MARK: Members

    /// `.A.B.C` of a value.
    mutating func checkMembers(_ names: [String], of base: Operand, hasArguments: Bool, _ range: SourceRange) {
        var value = base
        for (index, name) in names.enumerated() {
            value = member(name, of: value, hasArguments: hasArguments && index == names.count - 1, range)
        }
        walk.operands.append(value)
    }

    private mutating func member(
        _ name: String, of base: Operand, hasArguments: Bool, _ range: SourceRange
    ) -> Operand {
        let path = base.path.map { walk.paths.member(name, of: $0) }
        if hasArguments { return refuseArguments(name, base, range) }
        if base.type.isUnknown || base.type.isNever {
            return Operand(path.flatMap { walk.fact($0) } ?? base.type.withoutConstant, path: path)
        }
        var result = StaticType.never
        var failures: [RuntimeError] = []
        var isPossible = false
        for kind in base.type.kinds.members {
            switch answer(name, kind, of: base.type) {
            case .value(let type):
                isPossible = true
                result = types.join(result, type)
            case .perhaps(let type, let error):
                isPossible = true
                result = types.join(result, type)
                failures.append(error)
            case .failure(let error):
                failures.append(error)
            }
        }
        if let path, let known = walk.fact(path) { return Operand(known, path: path) }
        if !isPossible {
            if let error = failures.first(where: { $0.code != .nilValue }) ?? failures.first { report(error, range) }
            return .unknown
        }
        if let error = failures.first {
            warn(possible: error, range)
            if let path { walk.learn(path, result) }
        }
        return Operand(result, path: path)
    }

    private enum Answer {
        case value(StaticType)
        case perhaps(StaticType, RuntimeError)
        case failure(RuntimeError)
    }

    /// What a name means to a value of one kind. Go: exec.go, evalField.
    private mutating func answer(_ name: String, _ kind: ValueType, of type: StaticType) -> Answer {
        switch kind {
        case .map:
            guard let id = type.map else { return .value(.unknown) }
            let map = types[id]
            let absent: StaticType? =
                switch options.missingKey {
                case .error: nil
                case .zero: .null
                case .default: .missing
                }
            let error = RuntimeError.missingMapKey(name, known: map.keys)
            if let entry = map.entries[Array(name.utf8)] {
                let type = types[entry.type]
                if entry.isRequired { return .value(type) }
                return absent.map { .value(types.join(type, $0)) } ?? .perhaps(type, error)
            }
            guard let rest = map.rest else { return absent.map { .value($0) } ?? .failure(error) }
            return absent.map { .value(types.join(types[rest], $0)) } ?? .perhaps(types[rest], error)
        case .missing:
            return options.missingKey == .error ? .failure(.memberOfMissing(name)) : .value(.missing)
        case .nil:
            return .failure(.memberOfNil(name))
        case .record:
            guard let id = type.record else { return .value(.unknown) }
            let record = types[id]
            let shape = types.shapes[record.shape]
            switch shape.member(named: name) {
            case .field(let slot): return .value(types[record.members[slot]])
            case .method(let index): return .value(types[record.members[shape.fields.count + index]])
            case nil: return .failure(.unknownField(name, type: shape.name, known: shape.memberNames))
            }
        case .time, .duration:
            let example = kind == .time ? Value(.time) : Value(.int, type: .duration)
            let methods = ValueMethod.methods(of: example)
            if methods.contains(where: { $0.name == name }) { return .value(.unknown) }
            return .failure(
                .unknownField(name, type: types.name(of: StaticType(kinds: kind)), known: methods.map(\.name)))
        default:
            var one = type
            one.kinds = kind
            return .failure(.unknownField(name, type: types.name(of: one), known: []))
        }
    }

    /// Only a method of a time or duration takes arguments.
    private mutating func refuseArguments(_ name: String, _ base: Operand, _ range: SourceRange) -> Operand {
        let kinds = base.type.kinds
        if kinds == .missing, options.missingKey != .error { return Operand(.missing) }
        if !kinds.isDisjoint(with: [.time, .duration]) { return .unknown }
        if base.type.isNever { return base }
        if kinds == .record, let id = base.type.record {
            let shape = types.shapes[types[id].shape]
            switch shape.member(named: name) {
            case .method: report(.methodTakesNoArguments(name), range)
            case .field: report(.notAFunction(name), range)
            case nil: report(.unknownField(name, type: shape.name, known: shape.memberNames), range)
            }
        } else if kinds.isDisjoint(with: [.map, .record]) {
            let error: RuntimeError =
                kinds.isSubset(of: .anyNil)
                ? .memberOfNil(name) : .unknownField(name, type: types.name(of: base.type), known: [])
            report(error, range)
        } else {
            report(.notAFunction(name), range)
        }
        return .unknown
    }

    // MARK: Output

    /// A value that the configuration needs must not be empty.
    mutating func checkOutput(_ value: Operand, _ id: NodeID) {
        guard walk.isReachable, options.dialect.isGuarded, case .action(let pipeline) = tree[id],
            case .pipeline(let content) = tree[pipeline], content.declarations.isEmpty,
            !value.type.isUnknown || value.type.mayBeAbsent, !value.type.isNever
        else { return }
        let isNil = value.type.mayPrintNil
        guard isNil || value.type.emptiness == .mayBeEmpty else { return }
        if lines[unit] == nil { lines[unit] = LineContexts(tree, options.dialect) }
        let range = tree.range(of: pipeline)
        let shown = tree.file.text(of: range)
        if value.type.kinds == .string, value.type.mayBeAbsent {
            return warn(
                .mayBeNil, "\(shown) may print a nil, which cannot be written", range,
                notes: [.init("ask with {{with}}, or give what may be nil a default: (VALUE | default \"…\")")])
        }
        guard lines[unit]?.isArgument(id) == true else {
            if isNil, !value.type.kinds.isSubset(of: .missing) {
                warn(
                    .mayBeNil, "\(shown) may be nil, which cannot be written", range,
                    notes: [.init("ask with {{with}}, or give a value of your own: {{\(shown) | default \"…\"}}")])
            }
            return
        }
        let what = isNil ? "nil" : value.type.kinds == .int ? "0, which stands for none" : "empty"
        warn(
            .mayBeEmpty, "\(shown) may be \(what), and this line needs a value", range,
            notes: [.init("ask with {{if}} or {{with}}, or give a value of your own: {{or \(shown) \"…\"}}")])
    }
}
