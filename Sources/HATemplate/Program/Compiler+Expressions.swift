extension Compiler {
    // MARK: Pipelines

    /// Each command gets the value of the one before it; the last leaves its value in `slot`.
    mutating func compilePipeline(_ id: NodeID, into slot: Slot) {
        guard case .pipeline(let pipeline) = tree[id] else { return }
        var sequence: [Task] = []
        for (index, command) in pipeline.commands.enumerated() {
            sequence.append(.command(command, argument: index == 0 ? nil : slot, into: slot))
        }
        if !pipeline.declarations.isEmpty {
            sequence.append(.emit(Instruction(operation: .leavePipeline, a: slot), tree.range(of: id)))
            sequence.append(.declare(pipeline, value: slot))
        }
        schedule(sequence)
    }

    mutating func compileCommand(_ id: NodeID, argument: Slot?, into slot: Slot) {
        guard case .command(let operands) = tree[id], let first = operands.first else { return }
        let range = tree.range(of: first)
        let hasArguments = operands.count > 1 || argument != nil
        if hasArguments, compileMethodCall(operands, argument: argument, into: slot) { return }
        switch tree[first] {
        case .identifier(let name):
            compileCall(name, operands.dropFirst(), argument: argument, into: slot, range: range)
        case .field(let names):
            compileMembers(names, of: dot, into: slot, range: range)
        case .variable(let name, let fields) where !fields.isEmpty:
            let variable = loadVariable(name, spare: slot, range: range)
            compileMembers(fields, of: variable, into: slot, range: range)
        case .chain(let base, let fields):
            compileChain(base, fields, into: slot, range: range)
        case .nil:
            fail(.nilValue, "nil is not a value that a pipeline can begin with", at: range)
        default:
            guard !hasArguments else {
                return fail(
                    .notAFunction, "'\(tree.file.text(of: range))' is not a function and takes no arguments",
                    at: range)
            }
            compileOperand(first, into: slot)
        }
    }

    // MARK: Operands

    mutating func compileOperand(_ id: NodeID, into slot: Slot) {
        let range = tree.range(of: id)
        switch tree[id] {
        case .dot:
            builder.emit(Instruction(operation: .copy, a: slot, b: dot), at: range)
        case .nil:
            emitConstant(.missing, into: slot, range)
        case .bool(let value):
            emitConstant(.bool(value), into: slot, range)
        case .number(.int(let value)):
            emitConstant(.int(value), into: slot, range)
        case .number(.float(let value)):
            emitConstant(.float(value), into: slot, range)
        case .number(.tooLargeForInt):
            fail(.badNumber, "\(tree.file.text(of: range)) does not fit in an integer", at: range)
        case .string(let bytes):
            let constant = builder.addConstant(string: bytes)
            builder.emit(Instruction(operation: .constant, a: slot, b: constant), at: range)
        case .field(let names):
            compileMembers(names, of: dot, into: slot, range: range)
        case .variable(let name, let fields):
            let variable = loadVariable(name, spare: slot, range: range)
            if fields.isEmpty {
                if variable != slot {
                    builder.emit(Instruction(operation: .copy, a: slot, b: variable), at: range)
                }
            } else {
                compileMembers(fields, of: variable, into: slot, range: range)
            }
        case .chain(let base, let fields):
            compileChain(base, fields, into: slot, range: range)
        case .identifier(let name):
            compileCall(name, [], argument: nil, into: slot, range: range)
        case .pipeline:
            schedule([
                .pipeline(id, into: slot), .emit(Instruction(operation: .leavePipeline, a: slot), range),
            ])
        default:
            break
        }
    }

    private mutating func emitConstant(_ value: Value, into slot: Slot, _ range: SourceRange) {
        builder.emit(Instruction(operation: .constant, a: slot, b: builder.addConstant(value)), at: range)
    }

    /// `.A.B.C` of the value in a slot.
    private mutating func compileMembers(
        _ names: some Sequence<String>, of base: Slot, into slot: Slot, range: SourceRange
    ) {
        for instruction in memberInstructions(names, of: base, into: slot) {
            builder.emit(instruction, at: range)
        }
    }

    private mutating func memberInstructions(
        _ names: some Sequence<String>, of base: Slot, into slot: Slot
    ) -> [Instruction] {
        names.enumerated().map { index, name in
            Instruction(operation: .member, a: slot, b: index == 0 ? base : slot, c: builder.addName(name))
        }
    }

    private mutating func compileChain(_ base: NodeID, _ fields: [String], into slot: Slot, range: SourceRange) {
        let members = memberInstructions(fields, of: slot, into: slot)
        let leave = Instruction(operation: .leavePipeline, a: slot)
        schedule([.operand(base, into: slot), .emit(leave, range)] + members.map { .emit($0, range) })
    }

    /// `.A.B x y`: the value that has the method and the arguments stand in slots that follow each other.
    ///
    /// False when the command does not begin with a field; then it is for others.
    private mutating func compileMethodCall(_ operands: [NodeID], argument: Slot?, into slot: Slot) -> Bool {
        guard let first = operands.first else { return false }
        let names: [String]
        switch tree[first] {
        case .field(let fields): names = fields
        case .variable(_, let fields): names = fields
        case .chain(_, let fields): names = fields
        default: return false
        }
        guard let method = names.last else { return false }
        let range = tree.range(of: first)
        let count = operands.count - 1 + (argument == nil ? 0 : 1)
        let receiver = allocate(1 + count)
        var sequence: [Task] = []
        var base = receiver
        switch tree[first] {
        case .variable(let name, _): base = loadVariable(name, spare: receiver, range: range)
        case .chain(let node, _):
            let leave = Instruction(operation: .leavePipeline, a: receiver)
            sequence = [.operand(node, into: receiver), .emit(leave, range)]
        default: base = dot
        }
        let holders = memberInstructions(names.dropLast(), of: base, into: receiver)
        sequence += holders.map { .emit($0, range) }
        if holders.isEmpty, base != receiver {
            sequence.append(.emit(Instruction(operation: .copy, a: receiver, b: base), range))
        }
        let name = builder.addName(method)
        sequence.append(.emit(Instruction(operation: .expectMethod, b: receiver, c: name), range))
        for (index, operand) in operands.dropFirst().enumerated() {
            sequence.append(.operand(operand, into: receiver + 1 + Slot(truncatingIfNeeded: index)))
        }
        if let argument {
            let last = receiver + Slot(truncatingIfNeeded: count)
            sequence.append(.emit(Instruction(operation: .copy, a: last, b: argument), range))
        }
        let call = Instruction(
            operation: .memberWithArguments, count: UInt16(truncatingIfNeeded: count), a: slot, b: receiver, c: name)
        schedule(sequence + [.emitCall(call, range, operands.dropFirst().map { tree.range(of: $0) })])
        return true
    }

    // MARK: Calls

    /// Arguments stand in slots that follow each other; a piped value comes last.
    private mutating func compileCall(
        _ name: String, _ operands: ArraySlice<NodeID>, argument: Slot?, into slot: Slot, range: SourceRange
    ) {
        guard let function = library[name] else {
            return fail(.undefinedFunction, "there is no function \"\(name)\"", at: range)
        }
        let count = operands.count + (argument == nil ? 0 : 1)
        if let expected = function.mismatch(count: count) {
            return fail(
                .wrongArgumentCount, "\(name) takes \(expected), not \(count == 0 ? "none" : String(count))", at: range)
        }
        compilePatterns(of: function, operands)
        switch function.body {
        case .and: return compileLazy(.jumpIfFalse, operands, argument: argument, into: slot, range: range)
        case .or: return compileLazy(.jumpIfTrue, operands, argument: argument, into: slot, range: range)
        case .partial: return compilePartial(operands, argument: argument, into: slot, range: range)
        case .return, .native: break
        }
        let base = allocate(count)
        var sequence: [Task] = []
        for (index, operand) in operands.enumerated() {
            sequence.append(.operand(operand, into: base + Slot(truncatingIfNeeded: index)))
        }
        if let argument {
            let last = base + Slot(truncatingIfNeeded: count - 1)
            sequence.append(.emit(Instruction(operation: .copy, a: last, b: argument), range))
        }
        if case .return = function.body {
            if count == 0 { emitConstant(.missing, into: slot, range) }
            let end = Instruction(operation: .returnValue, a: count == 0 ? slot : base)
            return schedule(sequence + [.emit(end, range)])
        }
        let call = Instruction(
            operation: .call, count: UInt16(truncatingIfNeeded: count), a: slot, b: builder.addFunction(function),
            c: base)
        let arguments = operands.map { tree.range(of: $0) }
        schedule(
            sequence + [.emitCall(call, operands.last.map { range.union(tree.range(of: $0)) } ?? range, arguments)])
    }

    /// `and` and `or` give the first operand that decides, and evaluate no further; a piped value is the last operand.
    private mutating func compileLazy(
        _ operation: Instruction.Operation, _ operands: ArraySlice<NodeID>, argument: Slot?, into slot: Slot,
        range: SourceRange
    ) {
        let end = builder.makeLabel()
        let value = argument == nil ? slot : allocate()
        var sequence: [Task] = []
        for (index, operand) in operands.enumerated() {
            sequence.append(.operand(operand, into: value))
            if index < operands.count - 1 || argument != nil {
                sequence.append(.emit(jump(operation, value, to: end), tree.range(of: operand)))
            }
        }
        if let argument { sequence.append(.emit(Instruction(operation: .copy, a: value, b: argument), range)) }
        if operands.contains(where: { tree.containsDeclaration($0) }) {
            let position = builder.position
            builder.emit(Instruction(operation: .undeclare), at: range)
            sequence = [.enterLazy] + sequence + [.leaveLazy, .patchUndeclare(position: position, first: nextSlot)]
        }
        sequence.append(.place(end))
        if value != slot { sequence.append(.emit(Instruction(operation: .copy, a: slot, b: value), range)) }
        schedule(sequence)
    }

    /// The name and the dot of a partial stand in two slots; the name is looked up here when it is a literal.
    private mutating func compilePartial(
        _ operands: ArraySlice<NodeID>, argument: Slot?, into slot: Slot, range: SourceRange
    ) {
        let base = allocate(2)
        let direct = directPartial
        directPartial = nil
        emitConstant(.missing, into: base + 1, range)
        var target: Int32 = -1
        if let first = operands.first, case .string(let name) = tree[first] {
            guard let index = templates.index(ofPartial: name) else {
                let error = RuntimeError.unknownTemplate(
                    String(decoding: name, as: UTF8.self), known: templates.names)
                return fail(error.code, error.message, at: tree.range(of: first))
            }
            target = direct ?? Int32(truncatingIfNeeded: index)
        }
        var sequence: [Task] = []
        for (index, operand) in operands.prefix(2).enumerated() {
            sequence.append(.operand(operand, into: base + Slot(truncatingIfNeeded: index)))
        }
        if let argument, operands.count < 2 {
            let place = base + Slot(truncatingIfNeeded: operands.count)
            sequence.append(.emit(Instruction(operation: .copy, a: place, b: argument), range))
        }
        let leave = Instruction(operation: .leavePipeline, a: base + 1)
        let call = Instruction(
            operation: .callPartial, count: direct == nil ? 0 : 1, a: slot, b: target, c: base)
        schedule(sequence + [.emit(leave, range), .emitCall(call, range, operands.map { tree.range(of: $0) })])
    }

    // MARK: Variables

    /// The innermost variable with a name, when every path to here has declared it.
    func plainVariable(_ name: String) -> Variable? {
        guard let variable = variables.last(where: { $0.name == name }), !variable.isConditional else { return nil }
        return variable
    }

    /// The slot to read a variable from: its own, or `spare` when it must be looked for while running.
    private mutating func loadVariable(_ name: String, spare: Slot, range: SourceRange) -> Slot {
        if let variable = plainVariable(name) { return variable.slot }
        compileCandidates(name, range: range) { Instruction(operation: .copy, a: spare, b: $0) }
        return spare
    }

    /// Does something with the innermost declared variable of a name; fails when the path taken has declared none.
    private mutating func compileCandidates(
        _ name: String, range: SourceRange, _ action: (Slot) -> Instruction
    ) {
        let end = builder.makeLabel()
        for variable in variables.reversed() where variable.name == name {
            guard variable.isConditional else {
                builder.emit(action(variable.slot), at: range)
                return builder.place(end)
            }
            let next = builder.makeLabel()
            builder.emit(jump(.jumpIfUndeclared, variable.slot, to: next), at: range)
            builder.emit(action(variable.slot), at: range)
            builder.emit(jump(to: end), at: range)
            builder.place(next)
        }
        fail(.undefinedVariable, "the variable \(name) is not declared here", at: range)
        builder.place(end)
    }

    mutating func declare(_ pipeline: Node.Pipeline, value: Slot) {
        for declaration in pipeline.declarations {
            set(declaration, to: value, isAssignment: pipeline.isAssignment)
        }
    }

    private mutating func set(_ declaration: Node.Declaration, to value: Slot, isAssignment: Bool) {
        if isAssignment {
            compileCandidates(declaration.name, range: declaration.range) {
                Instruction(operation: .copy, a: $0, b: value)
            }
        } else {
            let slot = allocate()
            builder.emit(Instruction(operation: .copy, a: slot, b: value), at: declaration.range)
            variables.append(Variable(name: declaration.name, slot: slot, isConditional: lazyDepth > 0))
        }
    }

    /// At the beginning of a turn: with two variables the index comes first; with one it holds the element.
    mutating func setLoopVariables(_ pipeline: Node.Pipeline, element: Slot, index: Slot) {
        let declarations = pipeline.declarations
        guard let first = declarations.first, let last = declarations.last else { return }
        var sources = [(first, element)]
        if declarations.count > 1 { sources = [(first, index), (last, element)] }
        for (declaration, source) in sources {
            if pipeline.isAssignment {
                compileCandidates(declaration.name, range: declaration.range) {
                    Instruction(operation: .copy, a: $0, b: source)
                }
            } else if let variable = variables.last(where: { $0.name == declaration.name }) {
                builder.emit(Instruction(operation: .copy, a: variable.slot, b: source), at: declaration.range)
            }
        }
    }
}

extension SyntaxTree {
    /// Whether a variable is declared somewhere in an operand's parentheses.
    func containsDeclaration(_ operand: NodeID) -> Bool {
        var rest = [operand]
        while let id = rest.popLast() {
            switch self[id] {
            case .pipeline(let pipeline):
                if !pipeline.declarations.isEmpty, !pipeline.isAssignment { return true }
                rest += pipeline.commands
            case .command(let operands): rest += operands
            case .chain(let base, _): rest.append(base)
            default: break
            }
        }
        return false
    }
}
