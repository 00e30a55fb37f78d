/// Finds the context of every action of a set of templates, by reading their literal text as the dialect does.
///
/// A template that is called from different contexts is looked at once for each: an instance. Templates may call
/// themselves: an instance whose end is not known yet ends nowhere, and its callers are looked at again when it is
/// known. No call of Swift nests here, however deep the templates do. Go: html/template/escape.go.
struct ContextAnalysis {
    /// A template in one context.
    struct Instance {
        let definition: Int
        let start: LexicalContext
        var end: LexicalContext?
        /// The site of each action, by its pipeline.
        var sites: [NodeID: (context: LexicalContext, following: Following)] = [:]
        /// The instance that a `template` statement, or an action that is a partial, calls.
        var calls: [NodeID: Int] = [:]
        /// Statements, and actions by their pipeline, after which the context depends on the way that was taken; each with
        /// the context before it.
        var drifts: [NodeID: LexicalContext] = [:]
        /// Statements that may write all there is of an argument that is needed.
        var gaps: [NodeID: (context: LexicalContext, following: Following)] = [:]
        var callers: Set<Int> = []
    }

    /// A template and where it was written.
    struct Definition {
        let tree: SyntaxTree
        let unit: Int
        let definition: SyntaxTree.Definition
    }

    struct Key: Hashable {
        let definition: Int
        let start: LexicalContext
    }

    let dialect: Dialect
    let library: FunctionLibrary
    let index: TemplateIndex
    let definitions: [Definition]
    /// The first is the main template from the beginning of a file.
    private(set) var instances: [Instance] = []
    private var indices: [Key: Int] = [:]
    private var worklist: [Int] = []
    private(set) var mistakes: [Diagnostic] = []
    private var reported: Set<UInt64> = []
    /// Nodes that may still be looked at: each template once for each of its contexts, and again where another's end
    /// changes.
    private var budget = 0

    /// Throws every place where branches end in different contexts, and where templates call each other from so many kinds
    /// of places that `visitsOfNode` visits of each node on average are not enough; ordinary ones need less than ten.
    static func run(
        _ set: TemplateSet, _ dialect: Dialect, library: FunctionLibrary, visitsOfNode: Int = 200,
        leastVisits: Int = 20_000
    ) throws(Diagnostics) -> ContextAnalysis {
        var analysis = ContextAnalysis(set, dialect, library)
        let nodes = set.units.reduce(0) { $0 &+ $1.tree.nodes.count }
        analysis.budget = leastVisits &+ visitsOfNode &* nodes
        _ = analysis.instance(of: set.main, from: LexicalContext(dialect), calledBy: nil)
        while let next = analysis.worklist.popLast() {
            analysis.analyse(next)
            guard analysis.budget >= 0 else { throw analysis.tooManyContexts(next) }
        }
        guard analysis.mistakes.isEmpty else { throw Diagnostics(analysis.mistakes) }
        return analysis
    }

    private init(_ set: TemplateSet, _ dialect: Dialect, _ library: FunctionLibrary) {
        self.dialect = dialect
        self.library = library
        index = set.index
        definitions = set.units.enumerated().flatMap { number, unit in
            unit.definitions.map { Definition(tree: unit.tree, unit: number, definition: $0) }
        }
    }

    private func tooManyContexts(_ number: Int) -> Diagnostics {
        let definition = definitions[instances[number].definition]
        return Diagnostics([
            Diagnostic(
                .limitExceeded, "the templates call each other from more kinds of places than can be looked at",
                at: SourceLocation(definition.tree.file, definition.definition.nameRange),
                notes: [.init("call this one from fewer places, or let it write whole directives")])
        ])
    }

    private mutating func analyse(_ number: Int) {
        let instance = instances[number]
        guard definitions.indices.contains(instance.definition) else { return }
        var walk = ContextWalk(definitions[instance.definition], from: instance.start)
        walk.run { call in
            self.instances[self.instance(of: call.target, from: call.context, calledBy: number)].end
        } resolve: { request in
            self.resolve(request)
        }
        budget -= walk.visits
        for mistake in walk.mistakes { report(mistake) }
        instances[number].sites = walk.sites
        instances[number].drifts = walk.drifts
        instances[number].gaps = walk.gaps
        for (node, call) in walk.calls {
            instances[number].calls[node] = indices[Key(definition: call.target, start: call.context)]
        }
        guard walk.current != instance.end else { return }
        instances[number].end = walk.current
        for caller in instances[number].callers where !worklist.contains(caller) { worklist.append(caller) }
    }

    /// The index of a template in a context, which is looked at later if it is new.
    private mutating func instance(of definition: Int, from start: LexicalContext, calledBy caller: Int?) -> Int {
        let key = Key(definition: definition, start: start)
        if let known = indices[key] {
            if let caller { instances[known].callers.insert(caller) }
            return known
        }
        let number = instances.count
        indices[key] = number
        instances.append(Instance(definition: definition, start: start, callers: caller.map { [$0] } ?? []))
        worklist.append(number)
        return number
    }

    private func resolve(_ request: ContextWalk.Request) -> ContextWalk.Answer {
        switch request {
        case .template(let name): return index[name].map { .template($0) } ?? .nothing
        case .function(let name, let firstArgument):
            switch library[name]?.body {
            case .return: return .returns
            case .partial:
                guard let firstArgument, let target = index.index(ofPartial: firstArgument) else { return .nothing }
                return .template(target)
            default: return .nothing
            }
        }
    }

    /// One mistake a place.
    private mutating func report(_ mistake: Diagnostic) {
        let key = mistake.location.map { UInt64($0.range.start) << 32 | UInt64($0.range.end) } ?? 0
        if reported.insert(key).inserted { mistakes.append(mistake) }
    }
}
