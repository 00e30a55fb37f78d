/// Turns a syntax tree into a program.
///
/// It works through a list of tasks instead of calling itself, so that deep nesting costs memory and not the thread's
/// stack: a node's compilation is written as the tasks of its parts between the instructions that join them.
struct Compiler {
    /// What is left to do; the next task is the last.
    enum Task {
        case statement(NodeID)
        /// Evaluates a pipeline, with its declarations, into a slot.
        case pipeline(NodeID, into: Slot)
        /// Evaluates one command; `argument` is the slot of the value piped into it.
        case command(NodeID, argument: Slot?, into: Slot)
        case operand(NodeID, into: Slot)
        case emit(Instruction, SourceRange)
        /// A call, and where its arguments stand.
        case emitCall(Instruction, SourceRange, [SourceRange])
        case place(ProgramBuilder.Label)
        /// Gives the pipeline's value in a slot to the variables that it declares or assigns.
        case declare(Node.Pipeline, value: Slot)
        case setDot(Slot)
        case enterLoop(Loop)
        case leaveLoop
        case enterLazy, leaveLazy
        /// Sets or declares the variables of a loop at the beginning of each turn.
        case setLoopVariables(Node.Pipeline, element: Slot, index: Slot)
        /// Variables and slots made between these are forgotten.
        case openScope, closeScope
        /// Frees the slots of a statement, unless variables live in them.
        case endStatement(Scope)
        /// Fills in a placeholder `undeclare` with the slots that were taken since.
        case patchUndeclare(position: Int32, first: Slot)
    }

    /// A variable that can be used here.
    struct Variable {
        let name: String
        let slot: Slot
        /// Declared in an operand that `and` or `or` may skip.
        let isConditional: Bool
    }

    struct Scope {
        let variableCount: Int
        let nextSlot: Slot
    }

    /// Where `break` and `continue` go.
    struct Loop {
        let next: ProgramBuilder.Label
        let end: ProgramBuilder.Label
    }

    /// The tree that is being compiled.
    var tree: SyntaxTree
    let library: FunctionLibrary
    let templates: TemplateIndex
    var builder: ProgramBuilder

    var tasks: [Task] = []
    var variables: [Variable] = []
    private var scopes: [Scope] = []
    var nextSlot: Slot = 0
    var frameSize: Slot = 0
    /// The slot that holds the dot here.
    var dot: Slot = 0
    var loops: [Loop] = []
    /// Where the actions of the template being compiled stand, in a dialect.
    private var instance: ContextAnalysis.Instance?
    /// The dialect, where one is written; else plain.
    private var dialect = Dialect.plain
    /// The entry of the first instance.
    private var firstInstance = 0
    /// What the partial compiled next is, when an action consists of it alone.
    var directPartial: Int32?
    /// How many operands that may be skipped are around.
    var lazyDepth = 0

    /// What has to be mended before the templates can run.
    var mistakes: [Diagnostic] = []

    /// Compiles every template of a set: as it is, for plain output and for partials whose text goes on as a value,
    /// and with the analysis of a dialect once for each of its contexts.
    ///
    /// Throws the mistakes in constants that the functions need understood.
    static func compile(
        _ set: TemplateSet, library: FunctionLibrary, analysis: ContextAnalysis? = nil
    ) throws(Diagnostics) -> Program {
        var compiler = Compiler(set, library)
        compiler.dialect = analysis?.dialect ?? .plain
        var count = 0
        for unit in set.units {
            compiler.tree = unit.tree
            let file = compiler.builder.addFile(unit.tree.file)
            for definition in unit.definitions { compiler.compileTemplate(definition, file: file) }
            count += unit.definitions.count
        }
        guard compiler.mistakes.isEmpty else { throw Diagnostics(compiler.mistakes) }
        guard let analysis else { return compiler.builder.build(main: set.main, templates: set.index) }
        compiler.firstInstance = count
        for instance in analysis.instances {
            guard analysis.definitions.indices.contains(instance.definition) else { continue }
            let definition = analysis.definitions[instance.definition]
            compiler.tree = definition.tree
            compiler.instance = instance
            compiler.compileTemplate(definition.definition, file: definition.unit)
        }
        return compiler.builder.build(main: count, templates: set.index, dialect: analysis.dialect)
    }

    private init(_ set: TemplateSet, _ library: FunctionLibrary) {
        tree = set.units.first?.tree ?? SyntaxTree(file: SourceFile(name: "", bytes: []))
        templates = set.index
        self.library = library
        builder = ProgramBuilder()
    }

    private mutating func compileTemplate(_ definition: SyntaxTree.Definition, file: Int) {
        builder.begin(definition.name, file: file)
        variables = [Variable(name: "$", slot: 0, isConditional: false)]
        nextSlot = 2
        frameSize = 2
        dot = 1
        loops = []
        scopes = []
        lazyDepth = 0
        tasks = [.statement(definition.body)]
        while let task = tasks.popLast() { perform(task) }
        builder.emit(Instruction(operation: .return), at: definition.nameRange)
        builder.end(frameSize: frameSize)
    }

    // MARK: Tasks

    /// Puts tasks before everything that is left, in the order given.
    mutating func schedule(_ sequence: [Task]) {
        tasks.append(contentsOf: sequence.reversed())
    }

    private mutating func perform(_ task: Task) {
        switch task {
        case .statement(let node): compileStatement(node)
        case .pipeline(let node, let slot): compilePipeline(node, into: slot)
        case .command(let node, let argument, let slot): compileCommand(node, argument: argument, into: slot)
        case .operand(let node, let slot): compileOperand(node, into: slot)
        case .emit(let instruction, let range): builder.emit(instruction, at: range)
        case .emitCall(let instruction, let range, let arguments):
            builder.emit(instruction, at: range, arguments: arguments)
        case .place(let label): builder.place(label)
        case .declare(let pipeline, let value): declare(pipeline, value: value)
        case .setDot(let slot): dot = slot
        case .enterLoop(let loop): loops.append(loop)
        case .leaveLoop: loops.removeLast()
        case .enterLazy: lazyDepth += 1
        case .leaveLazy: lazyDepth -= 1
        case .setLoopVariables(let pipeline, let element, let index):
            setLoopVariables(pipeline, element: element, index: index)
        case .openScope: openScope()
        case .closeScope: closeScope()
        case .endStatement(let scope):
            if variables.count == scope.variableCount { nextSlot = scope.nextSlot }
        case .patchUndeclare(let position, let first): builder.patch(position, a: first, b: nextSlot)
        }
    }

    var scope: Scope { Scope(variableCount: variables.count, nextSlot: nextSlot) }

    private mutating func openScope() {
        scopes.append(scope)
    }

    private mutating func closeScope() {
        guard let scope = scopes.popLast() else { return }
        variables.removeLast(variables.count - scope.variableCount)
        nextSlot = scope.nextSlot
    }

    mutating func allocate(_ count: Int = 1) -> Slot {
        let slot = nextSlot
        nextSlot += Slot(truncatingIfNeeded: count)
        frameSize = max(frameSize, nextSlot)
        return slot
    }

    func jump(_ operation: Instruction.Operation = .jump, _ slot: Slot = 0, to label: ProgramBuilder.Label)
        -> Instruction
    {
        Instruction(operation: operation, a: slot, b: builder.reference(label))
    }

    mutating func fail(_ code: DiagnosticCode, _ message: String, at range: SourceRange) {
        builder.emit(Instruction(operation: .fail, b: builder.addFailure(code, message)), at: range)
    }

    // MARK: Statements

    private mutating func compileStatement(_ id: NodeID) {
        let range = tree.range(of: id)
        compileGap(id)
        switch tree[id] {
        case .list(let nodes):
            tasks.append(contentsOf: nodes.reversed().map { .statement($0) })
        case .text(let text):
            let bytes = tree.file.bytes
            let start = bytes.startIndex
            let constant = builder.addText(bytes[(start + Int(text.start))..<(start + Int(text.end))])
            builder.emit(Instruction(operation: .text, b: constant.offset, c: constant.count), at: range)
        case .action(let pipeline):
            compileDrift(pipeline, range)
            compileAction(pipeline)
        case .if(let branches):
            compileDrift(id, range)
            compileBranches(branches, range: range, setsDot: false)
        case .with(let branches):
            compileDrift(id, range)
            compileBranches(branches, range: range, setsDot: true)
        case .range(let branches):
            compileDrift(id, range)
            compileRange(branches, range: range)
        case .template(let name, let nameRange, let argument):
            compileTemplateCall(id, name, nameRange, argument)
        case .break:
            if let loop = loops.last { builder.emit(jump(to: loop.end), at: range) }
        case .continue:
            if let loop = loops.last { builder.emit(jump(to: loop.next), at: range) }
        default:
            break
        }
    }

    private mutating func compileAction(_ id: NodeID) {
        guard case .pipeline(let pipeline) = tree[id] else { return }
        let statement = scope
        if pipeline.declarations.isEmpty, compileDirectOutput(pipeline, id) { return }
        let slot = allocate()
        var sequence: [Task] = [.pipeline(id, into: slot)]
        directPartial = instance?.calls[id].map { Int32(truncatingIfNeeded: firstInstance + $0) }
        if pipeline.declarations.isEmpty { sequence.append(.emit(output(of: slot, by: id), tree.range(of: id))) }
        schedule(sequence + [.endStatement(statement)])
    }

    /// Output of a dot, a variable, a literal or a field needs no slot on the way.
    private mutating func compileDirectOutput(_ pipeline: Node.Pipeline, _ id: NodeID) -> Bool {
        let range = tree.range(of: id)
        guard pipeline.commands.count == 1, case .command(let operands) = tree[pipeline.commands[0]],
            operands.count == 1
        else { return false }
        switch tree[operands[0]] {
        case .dot:
            builder.emit(output(of: dot, by: id), at: range)
        case .field(let names) where names.count == 1:
            builder.emit(output(ofMember: names[0], of: dot, by: id), at: range)
        case .variable(let name, let fields) where fields.count <= 1:
            guard let variable = plainVariable(name) else { return false }
            if let field = fields.first {
                builder.emit(output(ofMember: field, of: variable.slot, by: id), at: range)
            } else {
                builder.emit(output(of: variable.slot, by: id), at: range)
            }
        case .string(let bytes):
            let text = builder.addText(bytes)
            builder.emit(Instruction(operation: .text, b: text.offset, c: text.count), at: range)
        default:
            return false
        }
        return true
    }

    /// Writes a slot, where the action with the given pipeline stands.
    private mutating func output(of slot: Slot, by pipeline: NodeID) -> Instruction {
        guard let site = site(of: pipeline) else { return Instruction(operation: .emit, a: slot) }
        return Instruction(operation: .emitSafely, a: slot, b: site)
    }

    private mutating func output(ofMember name: String, of slot: Slot, by pipeline: NodeID) -> Instruction {
        let name = builder.addName(name)
        guard let site = site(of: pipeline) else { return Instruction(operation: .emitMember, b: slot, c: name) }
        return Instruction(operation: .emitMemberSafely, a: site, b: slot, c: name)
    }

    /// Nil in plain output. A template that no context is known of runs for its text alone. An action that nothing
    /// reaches has a site where no value can stand.
    private mutating func site(of pipeline: NodeID) -> Int32? {
        guard dialect.isGuarded else { return nil }
        guard let instance else { return builder.addCaptureSite(dialect) }
        if let site = instance.sites[pipeline] { return builder.addSite(site.context, site.following) }
        var nowhere = LexicalContext(instance.start.dialect)
        nowhere.state = .escape
        return builder.addSite(nowhere, .unknown)
    }

    /// From here on the machine reads what it writes, where the ways of a statement end in different contexts.
    private mutating func compileDrift(_ node: NodeID, _ range: SourceRange) {
        guard let context = instance?.drifts[node] else { return }
        builder.emit(Instruction(operation: .drift, b: builder.addSite(context, .unknown)), at: range)
    }

    /// After the statement the machine asks whether an argument that is needed is there.
    private mutating func compileGap(_ id: NodeID) {
        guard let gap = instance?.gaps[id] else { return }
        let site = builder.addSite(gap.context, gap.following)
        tasks.append(.emit(Instruction(operation: .expectArgument, b: site), rangeOfHead(id)))
    }

    /// What a statement asks, or the template that it calls.
    private func rangeOfHead(_ id: NodeID) -> SourceRange {
        switch tree[id] {
        case .if(let branches), .with(let branches), .range(let branches): tree.range(of: branches.pipeline)
        case .template(_, let name, _): name
        case .action(let pipeline): tree.range(of: pipeline)
        default: tree.range(of: id)
        }
    }

    private mutating func compileBranches(_ branches: Node.Branches, range: SourceRange, setsDot: Bool) {
        let outerDot = dot
        openScope()
        let value = allocate()
        let otherwise = builder.makeLabel()
        let end = builder.makeLabel()
        var sequence: [Task] = [
            .pipeline(branches.pipeline, into: value),
            .emit(jump(.jumpIfFalse, value, to: otherwise), tree.range(of: branches.pipeline)),
            .openScope,
        ]
        if setsDot { sequence.append(.setDot(value)) }
        sequence += [.statement(branches.body), .setDot(outerDot), .closeScope]
        if let elseBody = branches.elseBody {
            sequence += [.emit(jump(to: end), range), .place(otherwise), .statement(elseBody), .place(end)]
        } else {
            sequence += [.place(otherwise)]
        }
        schedule(sequence + [.closeScope])
    }

    /// A loop keeps four slots: the collection, the cursor, the element (the body's dot) and the index or key.
    private mutating func compileRange(_ branches: Node.Branches, range: SourceRange) {
        guard case .pipeline(let pipeline) = tree[branches.pipeline] else { return }
        let outerDot = dot
        let pipelineRange = tree.range(of: branches.pipeline)
        openScope()
        let state = allocate(4)
        let loop = Loop(next: builder.makeLabel(), end: builder.makeLabel())
        let empty = builder.makeLabel()
        var start = jump(.rangeStart, state, to: empty)
        start.count = UInt16(truncatingIfNeeded: pipeline.declarations.count)
        var sequence: [Task] = [
            .pipeline(branches.pipeline, into: state), .emit(start, pipelineRange),
            .place(loop.next), .emit(jump(.rangeNext, state, to: loop.end), pipelineRange),
            .setLoopVariables(pipeline, element: state + 2, index: state + 3),
            .openScope, .setDot(state + 2), .enterLoop(loop),
            .statement(branches.body),
            .leaveLoop, .setDot(outerDot), .closeScope,
            .emit(jump(to: loop.next), range),
            .place(empty),
        ]
        if let elseBody = branches.elseBody {
            // As in Go, a break here ends this loop, and a continue goes on with the loop around it.
            let around = Loop(next: loops.last?.next ?? loop.end, end: loop.end)
            sequence += [.enterLoop(around), .statement(elseBody), .leaveLoop]
        }
        schedule(sequence + [.place(loop.end), .closeScope])
    }

    private mutating func compileTemplateCall(
        _ id: NodeID, _ name: [UInt8], _ nameRange: SourceRange, _ argument: NodeID?
    ) {
        guard var target = templates[name] else {
            let error = RuntimeError.unknownTemplate(String(decoding: name, as: UTF8.self), known: templates.names)
            return fail(error.code, error.message, at: nameRange)
        }
        if let instance = instance?.calls[id] { target = firstInstance + instance }
        let statement = scope
        let slot = allocate()
        let call = Instruction(operation: .callTemplate, a: slot, b: Int32(truncatingIfNeeded: target))
        if let argument {
            let leave = Instruction(operation: .leavePipeline, a: slot)
            schedule([
                .pipeline(argument, into: slot), .emit(leave, tree.range(of: argument)), .emit(call, nameRange),
                .endStatement(statement),
            ])
        } else {
            let missing = builder.addConstant(.missing)
            builder.emit(Instruction(operation: .constant, a: slot, b: missing), at: nameRange)
            builder.emit(call, at: nameRange)
            schedule([.endStatement(statement)])
        }
    }
}
