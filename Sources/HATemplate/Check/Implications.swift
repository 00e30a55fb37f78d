/// Statements of which some follow from others: "this list is passed when all its parts are".
struct Implications {
    /// A statement; one that follows from several holds when they all do.
    typealias Statement = Int

    /// What a node does: whether a path leads through it, and whether one ends in `return`.
    struct Paths {
        var passes: Statement
        var returns: Statement
    }

    private static let always = 0
    private static let never = 1

    /// Premises that are not true yet.
    private var missing: [Int] = [0, .max]
    private var holds: [Bool] = [false, false]
    private var consequences: [[Statement]] = [[], []]

    init(templateCount: Int) {
        // Three for each template; any one of several premises makes them true.
        for _ in 0..<(3 * templateCount) { _ = makeStatement(missing: 1) }
        for template in 0..<templateCount {
            conclude(Self.ends(template), from: Self.passes(template))
            conclude(Self.ends(template), from: Self.returns(template))
        }
    }

    static func passes(_ template: Int) -> Statement { 2 + 3 * template }
    static func returns(_ template: Int) -> Statement { 3 + 3 * template }
    static func ends(_ template: Int) -> Statement { 4 + 3 * template }

    func isTrue(_ statement: Statement) -> Bool { holds[statement] }

    private mutating func makeStatement(missing count: Int) -> Statement {
        missing.append(count)
        holds.append(false)
        consequences.append([])
        return missing.count - 1
    }

    mutating func conclude(_ statement: Statement, from premise: Statement) {
        consequences[premise].append(statement)
    }

    private mutating func all(_ left: Statement, _ right: Statement) -> Statement {
        if left == Self.always || right == Self.never { return right }
        if right == Self.always || left == Self.never { return left }
        let statement = makeStatement(missing: 2)
        conclude(statement, from: left)
        conclude(statement, from: right)
        return statement
    }

    private mutating func any(_ left: Statement, _ right: Statement) -> Statement {
        if left == Self.never || right == Self.always { return right }
        if right == Self.never || left == Self.always { return left }
        let statement = makeStatement(missing: 1)
        conclude(statement, from: left)
        conclude(statement, from: right)
        return statement
    }

    mutating func solve() {
        var rest = [Self.always]
        holds[Self.always] = true
        while let next = rest.popLast() {
            for consequence in consequences[next] where !holds[consequence] {
                missing[consequence] -= 1
                guard missing[consequence] <= 0 else { continue }
                holds[consequence] = true
                rest.append(consequence)
            }
        }
    }

    // MARK: Trees

    /// What each node of a tree does. Parts of a node stand before it.
    mutating func add(_ tree: SyntaxTree, _ graph: CallGraph) -> [Paths] {
        var paths: [Paths] = []
        paths.reserveCapacity(tree.nodes.count)
        for node in tree.nodes { paths.append(self.paths(of: node, tree, graph, paths)) }
        return paths
    }

    private mutating func paths(of node: Node, _ tree: SyntaxTree, _ graph: CallGraph, _ known: [Paths]) -> Paths {
        let plain = Paths(passes: Self.always, returns: Self.never)
        let part = { (id: NodeID) in Int(id.index) < known.count ? known[Int(id.index)] : plain }
        switch node {
        case .list(let nodes): return sequence(nodes.map(part))
        case .action(let pipeline): return part(pipeline)
        case .chain(let base, _): return part(base)
        case .pipeline(let pipeline): return sequence(pipeline.commands.map(part))
        case .if(let branches), .with(let branches):
            let condition = part(branches.pipeline)
            let (body, otherwise) = (part(branches.body), branches.elseBody.map(part) ?? plain)
            let either = Paths(
                passes: any(body.passes, otherwise.passes), returns: any(body.returns, otherwise.returns))
            return sequence([condition, either])
        case .range(let branches):
            // It may have no turns.
            let collection = part(branches.pipeline)
            let returns = any(part(branches.body).returns, branches.elseBody.map { part($0).returns } ?? Self.never)
            return sequence([collection, Paths(passes: Self.always, returns: returns)])
        case .template(let name, _, let argument):
            let called = graph.target(name).map { Paths(passes: Self.passes($0), returns: Self.returns($0)) } ?? plain
            return sequence([argument.map(part) ?? plain, called])
        case .command(let operands): return command(operands, tree, graph, operands.map(part))
        default: return plain
        }
    }

    private mutating func command(
        _ operands: [NodeID], _ tree: SyntaxTree, _ graph: CallGraph, _ parts: [Paths]
    ) -> Paths {
        guard let first = operands.first, let function = graph.function(first, in: tree) else { return sequence(parts) }
        switch function.body {
        case .and, .or: return sequence(Array(parts.prefix(2)))
        case .return:
            let arguments = sequence(parts)
            return Paths(passes: Self.never, returns: any(arguments.passes, arguments.returns))
        case .partial:
            let called = graph.partial(operands, in: tree).target.map { Self.ends($0) } ?? Self.always
            return sequence(parts + [Paths(passes: called, returns: Self.never)])
        case .native: return sequence(parts)
        }
    }

    private mutating func sequence(_ parts: [Paths]) -> Paths {
        var result = Paths(passes: Self.always, returns: Self.never)
        for part in parts {
            result.returns = any(result.returns, all(result.passes, part.returns))
            result.passes = all(result.passes, part.passes)
        }
        return result
    }
}
