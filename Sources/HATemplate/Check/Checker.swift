/// Finds the mistakes of a template from the types of its data.
///
/// It runs the template over types instead of values: every template once for each type of dot that it is called with,
/// every branch, every loop body until the types of the variables that it assigns no longer change. Like the compiler
/// it works through a list of tasks, so that nesting costs memory and not the thread's stack, and it stops after a
/// fixed amount of work.
struct Checker {
    /// What is left to do; the next task is the last.
    enum Task {
        case statement(NodeID)
        /// Leaves the pipeline's value on `operands`.
        case pipeline(NodeID)
        /// Takes the piped value, if there is one, from `operands`, and leaves its own.
        case command(NodeID, isPiped: Bool)
        case operand(NodeID)
        /// The value on top leaves its pipeline.
        case leave
        case declare(Node.Pipeline)
        case members([String], hasArguments: Bool, SourceRange)
        case call(Call)
        case lazyStep(Call, index: Int)
        /// Drops some values and leaves an unknown one.
        case replace(count: Int)
        case emit(NodeID)
        case templateCall(NodeID)

        case openScope, closeScope
        case condition(Node.Branches, setsDot: Bool)
        case beginElse(facts: [Fact], isDead: Bool)
        case endBranch
        case merge(whenTrue: [Fact], whenFalse: [Fact])
        case beginLoop(NodeID, Node.Branches)
        case endLoop(NodeID)
        case afterExit(NodeID)
    }

    /// A call of a function whose arguments are being evaluated.
    struct Call {
        let name: String
        let function: Function
        let arguments: [NodeID]
        let isPiped: Bool
        let range: SourceRange

        var count: Int { arguments.count + (isPiped ? 1 : 0) }
    }

    /// A value on its way.
    struct Operand {
        var type: StaticType
        /// Where the value comes from, when conditions can speak of it.
        var path: PathID?
        /// What is known when it is true, or false.
        var whenTrue: [Fact] = []
        var whenFalse: [Fact] = []

        static let unknown = Operand(.unknown)

        init(_ type: StaticType, path: PathID? = nil) {
            self.type = type
            self.path = path
        }
    }

    /// Something that a condition says of a value.
    struct Fact {
        let path: PathID
        let type: StaticType
    }

    /// A variable's value, or the dot.
    struct Binding {
        var type: StaticType
        var path: PathID
    }

    let set: TemplateSet
    let library: FunctionLibrary
    let options: CheckOptions
    var types = TypeTable()
    var parameters: StaticType?
    var findings: Findings
    var instances = InstanceTable()
    var usage = Usage()
    var lines: [LineContexts?]
    var walk = Walk()

    /// The template that is being looked at.
    var tree: SyntaxTree
    var unit = 0
    var instance = 0
    var steps = 0

    /// Steps after which a check gives up; a large real template takes some thousands.
    static let maximumSteps = 20_000_000

    init(_ set: TemplateSet, library: FunctionLibrary, options: CheckOptions) {
        self.set = set
        self.library = library
        self.options = options
        findings = Findings(files: set.units.map(\.tree.file))
        lines = Array(repeating: nil, count: set.units.count)
        tree = set.units.first?.tree ?? SyntaxTree(file: SourceFile(name: "", bytes: []))
        for (unit, content) in set.units.enumerated() {
            for definition in content.definitions {
                instances.templates.append(.init(unit: unit, definition: definition))
            }
        }
    }

    var isExhausted: Bool { steps + types.work > Self.maximumSteps }

    // MARK: The whole check

    mutating func check(against subject: CheckSubject) -> [Diagnostic] {
        if case .schema(let schema) = subject.source {
            types = schema.types
            types.work = 0
        }
        if let parameters = options.parameters { self.parameters = types.type(of: parameters) }
        let root = type(of: subject)
        _ = instances.find(set.main, dot: types.id(of: root), isPartial: false, caller: nil)
        settle()
        // What nothing calls with a known dot is looked at with any.
        for template in instances.templates.indices where !instances.isVisited(template) {
            _ = instances.find(template, dot: .unknown, isPartial: true, caller: nil)
            settle()
        }
        for index in instances.all.indices { collectFindings(of: index) }
        for finding in ArgumentOrder(library).findings(set) { findings.add(finding) }
        let graph = CallGraph(set, instances.templates, library)
        reportRecursion(graph)
        reportUnused(graph)
        if isExhausted {
            findings.add(
                .checkIncomplete, "the template is too large to be checked to the end", unit: 0, SourceRange(at: 0),
                severity: .warning)
        }
        noteRawText()
        var ignores = IgnoreComments(set)
        return ignores.apply(to: findings.sorted(), others: options.otherCodes)
    }

    private mutating func type(of subject: CheckSubject) -> StaticType {
        switch subject.source {
        case .unknown: .unknown
        case .type(let type): types.type(of: type)
        case .document(let document): document.root.isNil ? .missing : types.type(of: document)
        case .schema(let schema): schema.type
        }
    }

    /// Looks at what waits until no result changes any more.
    private mutating func settle() {
        while let next = instances.nextWaiting(), !isExhausted {
            var passes = 0
            repeat {
                walk.widening = passes >= 6 ? .all : passes >= 3 ? .changed : .none
                walkThrough(next)
                passes += 1
            } while walk.areLoopsUnsettled && passes < 8 && !isExhausted
            finish(next)
        }
    }

    /// Compares an instance's result with the last one; who calls it must be looked at again when it changed.
    private mutating func finish(_ index: Int) {
        guard !isExhausted else { return }
        swap(&instances.all[index].findings, &walk.findings)
        var result = types.join(instances.all[index].result.returned, walk.returned.withoutConstant)
        let reachesEnd = walk.isReachable
        let earlier = instances.all[index].result
        let isAwaited = !earlier.isKnown && instances.all[index].isAsked
        instances.all[index].result.isKnown = true
        guard result != earlier.returned || reachesEnd != earlier.reachesEnd || isAwaited else { return }
        instances.all[index].changes += 1
        if instances.all[index].changes > 4 { result = .unknown }
        instances.all[index].result = .init(
            returned: result, reachesEnd: reachesEnd || instances.all[index].changes > 4, isKnown: true)
        if instances.all[index].changes <= 6 { instances.wakeCallers(of: index) }
    }

    // MARK: One template

    private mutating func walkThrough(_ index: Int) {
        let current = instances.all[index]
        let template = instances.templates[current.template]
        instance = index
        unit = template.unit
        tree = set.units[unit].tree
        let widening = walk.widening
        walk = Walk()
        walk.widening = widening
        walk.loopTypes = current.loopTypes
        let dot = Binding(type: types[current.dot], path: walk.paths.fresh())
        walk.dot = dot
        walk.push(.init(name: "$", place: template.definition.nameRange, binding: dot))
        walk.tasks = [.statement(template.definition.body)]
        while let task = walk.tasks.popLast() {
            steps += 1
            guard !isExhausted else { return }
            perform(task)
        }
        instances.all[index].loopTypes = walk.loopTypes
    }

    /// Puts tasks before everything that is left, in the order given.
    mutating func schedule(_ sequence: [Task]) {
        walk.tasks.append(contentsOf: sequence.reversed())
    }

    private mutating func perform(_ task: Task) {
        switch task {
        case .statement(let node): checkStatement(node)
        case .pipeline(let node): checkPipeline(node)
        case .command(let node, let isPiped): checkCommand(node, isPiped: isPiped)
        case .operand(let node): checkOperand(node)
        case .leave: walk.changeTop { $0.type = $0.type.leavingPipeline }
        case .declare(let pipeline): declare(pipeline)
        case .members(let names, let hasArguments, let range):
            checkMembers(names, of: walk.pop(), hasArguments: hasArguments, range)
        case .call(let call): finishCall(call)
        case .lazyStep(let call, let index): stepLazily(call, index)
        case .replace(let count):
            walk.operands.removeLast(min(count, walk.operands.count))
            walk.operands.append(.unknown)
        case .emit(let node): checkOutput(walk.pop(), node)
        case .templateCall(let node): callTemplate(node)
        case .openScope: walk.openScope()
        case .closeScope: walk.closeScope()
        case .condition(let branches, let setsDot): beginBranches(branches, walk.pop(), setsDot: setsDot)
        case .beginElse(let facts, let isDead): beginElse(facts, isDead: isDead)
        case .endBranch: walk.endBranch()
        case .merge(let whenTrue, let whenFalse): merge(whenTrue: whenTrue, whenFalse: whenFalse)
        case .beginLoop(let node, let branches): beginLoop(node, branches, over: walk.pop())
        case .endLoop(let node): endLoop(node)
        case .afterExit(let node): checkAfterExit(node)
        }
    }
}
