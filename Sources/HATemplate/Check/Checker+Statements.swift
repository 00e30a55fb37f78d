extension Checker {
    mutating func checkStatement(_ id: NodeID) {
        switch tree[id] {
        case .list(let nodes):
            var sequence: [Task] = nodes.map { .statement($0) }
            if let exit = nodes.firstIndex(where: isExit), let next = nodes[(exit + 1)...].first(where: isAction) {
                sequence.insert(.afterExit(next), at: exit + 1)
            }
            schedule(sequence)
        case .action(let pipeline):
            schedule([.pipeline(pipeline), .emit(id)])
        case .if(let branches):
            schedule([.openScope, .pipeline(branches.pipeline), .condition(branches, setsDot: false)])
        case .with(let branches):
            schedule([.openScope, .pipeline(branches.pipeline), .condition(branches, setsDot: true)])
        case .range(let branches):
            schedule([.openScope, .pipeline(branches.pipeline), .beginLoop(id, branches)])
        case .template(_, _, let argument):
            schedule((argument.map { [.pipeline($0), .leave] } ?? []) + [.templateCall(id)])
        case .break, .continue:
            walk.isReachable = false
        default:
            break
        }
    }

    // MARK: Conditions

    mutating func beginBranches(_ branches: Node.Branches, _ value: Operand, setsDot: Bool) {
        let truth = value.type.truth
        let range = tree.range(of: branches.pipeline)
        if truth == false {
            warn(.unreachableBranch, "this is never true, so what follows is never written", range)
        } else if truth == true, let otherwise = branches.elseBody, !isBlank(otherwise) {
            warn(.unreachableBranch, "this is always true, so the else branch is never written", range)
        }
        let whenTrue = facts(of: value, when: true)
        let whenFalse = facts(of: value, when: false)
        walk.beginBranch(whenTrue, isDead: truth == false)
        if setsDot {
            let path = value.path ?? walk.paths.fresh()
            walk.dot = Binding(type: value.type.whenTrue, path: path)
        }
        var sequence: [Task] = [.openScope, .statement(branches.body), .closeScope, .endBranch]
        sequence.append(.beginElse(facts: whenFalse, isDead: truth == true))
        if let otherwise = branches.elseBody { sequence.append(.statement(otherwise)) }
        schedule(sequence + [.endBranch, .merge(whenTrue: whenTrue, whenFalse: whenFalse)])
    }

    mutating func beginElse(_ facts: [Fact], isDead: Bool) {
        walk.spendScope()
        walk.beginBranch(facts, isDead: isDead)
    }

    /// Goes on after two branches with what either has left.
    mutating func merge(whenTrue: [Fact], whenFalse: [Fact]) {
        let second = walk.outcomes.popLast() ?? Walk.Outcome()
        let first = walk.outcomes.popLast() ?? Walk.Outcome()
        join(first, second)
        if walk.isReachable, first.isReachable != second.isReachable {
            walk.learn(first.isReachable ? whenTrue : whenFalse)
        }
        walk.isReachable = walk.isReachable && (first.isReachable || second.isReachable)
        walk.closeScope()
    }

    private mutating func join(_ first: Walk.Outcome, _ second: Walk.Outcome) {
        if !second.isReachable || !first.isReachable {
            for (index, binding) in (first.isReachable ? first : second).changes { assign(index, binding) }
            return
        }
        for index in Set(first.changes.keys).union(second.changes.keys).sorted() where index < walk.variables.count {
            let unchanged = walk.variables[index].binding
            let (left, right) = (first.changes[index] ?? unchanged, second.changes[index] ?? unchanged)
            let path = left.path == right.path ? left.path : walk.paths.fresh()
            assign(index, Binding(type: types.join(left.type, right.type), path: path))
        }
    }

    /// What a condition says of the values that it is made of.
    func facts(of value: Operand, when isTrue: Bool) -> [Fact] {
        var facts = isTrue ? value.whenTrue : value.whenFalse
        if let path = value.path {
            facts.append(Fact(path: path, type: isTrue ? value.type.whenTrue : value.type.whenFalse))
        }
        return facts
    }

    /// Nothing but white space and comments.
    private func isBlank(_ list: NodeID) -> Bool {
        guard case .list(let nodes) = tree[list] else { return false }
        return nodes.allSatisfy { node in
            guard case .text(let range) = tree[node] else { return false }
            let bytes = tree.file.bytes
            let start = bytes.startIndex
            return bytes[(start + Int(range.start))..<(start + Int(range.end))].allSatisfy(isSpace)
        }
    }

    // MARK: Loops

    mutating func beginLoop(_ id: NodeID, _ branches: Node.Branches, over collection: Operand) {
        guard case .pipeline(let pipeline) = tree[branches.pipeline] else { return }
        let range = tree.range(of: branches.pipeline)
        let declarations = pipeline.declarations
        let turn = elements(of: collection.type, variables: declarations.count, range)
        if collection.type.truth == false, case .int = collection.type.constant {
            warn(.unreachableBranch, "this loop has no turns", range)
        }
        walk.beginBranch()
        // What earlier turns may have left; a variable keeps its identity when no turn touches it.
        let found = walk.loopTypes[id.index] ?? [:]
        for (index, type) in found.sorted(by: { $0.key < $1.key }) where index < walk.variables.count {
            let joined = types.join(walk.variables[index].binding.type, type)
            walk.set(index, Binding(type: joined, path: walk.paths.fresh()))
        }
        walk.loops.append(Walk.Loop(variableCount: walk.variables.count))
        let element = Binding(type: turn.element, path: walk.paths.fresh())
        if let last = declarations.last {
            if declarations.count > 1, let first = declarations.first {
                setLoopVariable(first, pipeline, Binding(type: turn.index, path: walk.paths.fresh()))
            }
            setLoopVariable(last, pipeline, element)
        }
        walk.dot = element
        var sequence: [Task] = [.openScope, .statement(branches.body), .closeScope, .endLoop(id)]
        sequence.append(.beginElse(facts: [], isDead: false))
        if let otherwise = branches.elseBody { sequence.append(.statement(otherwise)) }
        schedule(sequence + [.endBranch, .merge(whenTrue: [], whenFalse: [])])
    }

    private mutating func setLoopVariable(
        _ declaration: Node.Declaration, _ pipeline: Node.Pipeline, _ binding: Binding
    ) {
        guard let index = walk.index(of: declaration.name) else { return }
        if pipeline.isAssignment { assign(index, binding) } else { walk.set(index, binding) }
    }

    mutating func endLoop(_ id: NodeID) {
        let loop = walk.loops.popLast()
        walk.endBranch()
        _ = walk.outcomes.popLast()
        var outcome = Walk.Outcome()
        for (index, assigned) in loop?.assigned ?? [:] where index < walk.variables.count {
            let earlier = walk.loopTypes[id.index]?[index] ?? .never
            var joined = types.join(earlier, assigned)
            if walk.widening == .all || (walk.widening == .changed && joined != earlier) { joined = .unknown }
            if joined != earlier {
                walk.areLoopsUnsettled = true
                walk.loopTypes[id.index, default: [:]][index] = joined
            }
            let after = types.join(walk.variables[index].binding.type, joined)
            outcome.changes[index] = Binding(type: after, path: walk.paths.fresh())
        }
        walk.outcomes.append(outcome)
    }

    // MARK: Variables

    /// Gives a variable a new value; loops around here may begin their next turn with it.
    mutating func assign(_ index: Int, _ binding: Binding) {
        walk.set(index, binding)
        guard walk.isReachable, let last = walk.loops.indices.last, index < walk.loops[last].variableCount else {
            return
        }
        let earlier = walk.loops[last].assigned[index] ?? .never
        walk.loops[last].assigned[index] = types.join(earlier, binding.type)
    }

    /// Gives the pipeline's value, on top of the operands, to the variables that it declares or assigns.
    mutating func declare(_ pipeline: Node.Pipeline) {
        walk.changeTop { $0.type = $0.type.leavingPipeline }
        guard let value = walk.operands.last else { return }
        var binding = Binding(type: value.type, path: value.path ?? walk.paths.fresh())
        if binding.type.constant != nil { binding.type.isSetting = true }
        // An operand that may be skipped may leave its variable without a value.
        if !walk.lazyMarks.isEmpty { binding.type = .unknown }
        for (position, declaration) in pipeline.declarations.enumerated() {
            if pipeline.isAssignment {
                if let index = walk.index(of: declaration.name) {
                    assign(index, binding)
                } else {
                    reportUndeclared(declaration.name, declaration.range)
                }
                continue
            }
            if let outer = walk.index(of: declaration.name), !walk.variables[outer].isSpent {
                warn(
                    .shadowedVariable, "this \(declaration.name) hides another variable of the same name",
                    declaration.range,
                    notes: [.init("the other one", at: SourceLocation(tree.file, walk.variables[outer].place))])
            }
            walk.push(.init(name: declaration.name, place: declaration.range, binding: binding))
            let isElement = position == 1
            usage.declare(
                declaration, in: unit, indexIfElement: isElement ? pipeline.declarations.first?.range : nil)
        }
    }

    mutating func reportUndeclared(_ name: String, _ range: SourceRange) {
        report(.undefinedVariable, "the variable \(name) is not declared here", range)
    }

    // MARK: Calls of templates

    mutating func callTemplate(_ id: NodeID) {
        guard case .template(let name, let range, let argument) = tree[id] else { return }
        let dot = argument == nil ? nil : walk.pop()
        guard let target = set.index[name] else {
            let error = RuntimeError.unknownTemplate(String(decoding: name, as: UTF8.self), known: set.index.names)
            return report(error, range)
        }
        guard walk.isReachable else { return }
        let isPartial = instances.all[instance].isPartial
        let result = run(target, dot: dot, isPartial: isPartial, range)
        walk.returned = types.join(walk.returned, result.returned)
        if !result.reachesEnd { walk.isReachable = false }
    }

    /// What a template gives for a type of dot, as far as it is known by now. Without one the call hands on nothing.
    mutating func run(
        _ target: Int, dot: Operand?, isPartial: Bool, isAsked: Bool = false, _ range: SourceRange
    ) -> InstanceTable.Result {
        let type = types.id(of: specialised(dot ?? Operand(.missing)).withoutConstant.leavingPipeline)
        let callee = instances.find(
            target, dot: type, isPartial: isPartial, caller: .init(unit: unit, range: range, givesDot: dot != nil))
        instances.all[callee].callers.insert(instance)
        if isAsked { instances.all[callee].isAsked = true }
        return instances.all[callee].result
    }

    /// A record's type with what the conditions around here say of its fields.
    private mutating func specialised(_ value: Operand) -> StaticType {
        guard let path = value.path, let id = value.type.record else { return value.type }
        var record = types[id]
        for (slot, name) in types.shapes[record.shape].memberNames.enumerated() {
            guard let member = walk.paths.known(name, of: path), let known = walk.fact(member) else { continue }
            record.members[slot] = types.id(of: known.withoutConstant)
        }
        var type = value.type
        type.record = types.record(record).record
        return type
    }

    // MARK: After an exit

    private func isExit(_ id: NodeID) -> Bool {
        switch tree[id] {
        case .break, .continue: true
        default: false
        }
    }

    private func isAction(_ id: NodeID) -> Bool {
        if case .text = tree[id] { false } else { true }
    }

    mutating func checkAfterExit(_ id: NodeID) {
        let wasReachable = walk.isReachable
        walk.isReachable = true
        warn(.unreachableBranch, "nothing after a break or continue is reached", tree.range(of: id))
        walk.isReachable = wasReachable
    }
}
