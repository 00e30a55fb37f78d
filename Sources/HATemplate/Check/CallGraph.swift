/// Which templates call which, and which of them can come to an end.
///
/// A template can end when some path through it calls only templates that can end. That is a set of implications, solved
/// in time linear in the size of the templates.
struct CallGraph {
    struct Call {
        let target: Int
        let unit: Int
        let range: SourceRange
    }

    /// By template, in the order of the text.
    private(set) var calls: [[Call]]
    /// Whether a partial is called whose name is not known here.
    private(set) var hasUnknownCalls = false
    private(set) var canEnd: [Bool] = []
    private let index: TemplateIndex
    private let library: FunctionLibrary

    init(_ set: TemplateSet, _ templates: [InstanceTable.Template], _ library: FunctionLibrary) {
        calls = Array(repeating: [], count: templates.count)
        index = set.index
        self.library = library
        var implications = Implications(templateCount: templates.count)
        for (unit, content) in set.units.enumerated() {
            let paths = implications.add(content.tree, self)
            for (template, entry) in templates.enumerated() where entry.unit == unit {
                let body = paths[Int(entry.definition.body.index)]
                implications.conclude(Implications.passes(template), from: body.passes)
                implications.conclude(Implications.returns(template), from: body.returns)
                collectCalls(of: template, content.tree, unit, entry.definition.body)
            }
        }
        implications.solve()
        canEnd = templates.indices.map { implications.isTrue(Implications.ends($0)) }
    }

    /// The template that a command calls as a partial; nil for other commands and for names that are not literals.
    func partial(_ operands: [NodeID], in tree: SyntaxTree) -> (isPartial: Bool, target: Int?) {
        guard let first = operands.first, let function = function(first, in: tree), case .partial = function.body else {
            return (false, nil)
        }
        guard operands.count > 1, case .string(let name) = tree[operands[1]] else { return (true, nil) }
        return (true, index.index(ofPartial: name))
    }

    func function(_ operand: NodeID, in tree: SyntaxTree) -> Function? {
        switch tree[operand] {
        case .identifier(let name): return library[name]
        case .chain(let base, let fields):
            guard case .identifier(let namespace) = tree[base] else { return nil }
            return library[([namespace] + fields).joined(separator: ".")]
        default: return nil
        }
    }

    func target(_ name: [UInt8]) -> Int? { index[name] }

    private mutating func collectCalls(of template: Int, _ tree: SyntaxTree, _ unit: Int, _ body: NodeID) {
        var rest = [body]
        while let id = rest.popLast() {
            switch tree[id] {
            case .list(let nodes): rest += nodes
            case .action(let pipeline): rest.append(pipeline)
            case .if(let branches), .with(let branches), .range(let branches):
                rest += [branches.pipeline, branches.body] + (branches.elseBody.map { [$0] } ?? [])
            case .template(let name, let range, let argument):
                if let target = index[name] { calls[template].append(Call(target: target, unit: unit, range: range)) }
                if let argument { rest.append(argument) }
            case .pipeline(let pipeline): rest += pipeline.commands
            case .chain(let base, _): rest.append(base)
            case .command(let operands):
                rest += operands
                let call = partial(operands, in: tree)
                if let target = call.target {
                    calls[template].append(Call(target: target, unit: unit, range: tree.range(of: operands[1])))
                } else if call.isPartial, operands.count < 2 || !isString(operands[1], tree) {
                    hasUnknownCalls = true
                }
            default: break
            }
        }
        calls[template].sort { $0.range.start < $1.range.start }
    }

    private func isString(_ id: NodeID, _ tree: SyntaxTree) -> Bool {
        if case .string = tree[id] { true } else { false }
    }

    /// Everything that a template may call, itself included when it can come back to itself.
    func reachable(from template: Int, where isWanted: (Int) -> Bool = { _ in true }) -> Set<Int> {
        var found: Set<Int> = []
        var rest = [template]
        while let next = rest.popLast() {
            for call in calls[next] where isWanted(call.target) && found.insert(call.target).inserted {
                rest.append(call.target)
            }
        }
        return found
    }

    /// Those of some templates that may call a template, directly or not, and that template.
    func leading(to template: Int, among candidates: Set<Int>) -> Set<Int> {
        var callers: [Int: [Int]] = [:]
        for candidate in candidates {
            for call in calls[candidate] { callers[call.target, default: []].append(candidate) }
        }
        var found: Set<Int> = [template]
        var rest = [template]
        while let next = rest.popLast() {
            for caller in callers[next] ?? [] where found.insert(caller).inserted { rest.append(caller) }
        }
        return found
    }
}

extension Checker {
    /// Templates that call themselves on every path.
    mutating func reportRecursion(_ graph: CallGraph) {
        let used = graph.reachable(from: set.main).union([set.main])
        var covered: Set<Int> = []
        var searches = 0
        for template in instances.templates.indices where used.contains(template) && !graph.canEnd[template] {
            guard !covered.contains(template), searches < 500 else { continue }
            searches += 1
            let reached = graph.reachable(from: template) { !graph.canEnd[$0] }
            guard reached.contains(template) else { continue }
            covered.formUnion(reached)
            let returning = graph.leading(to: template, among: reached)
            guard let call = graph.calls[template].first(where: { returning.contains($0.target) }) else { continue }
            let definition = instances.templates[template].definition
            let name = String(decoding: definition.name, as: UTF8.self)
            let shown = template == set.main ? "the template" : "the template \"\(name)\""
            findings.add(
                .endlessRecursion, "\(shown) calls itself on every path and never ends", unit: call.unit, call.range)
        }
    }

    mutating func reportUnused(_ graph: CallGraph) {
        for variable in usage.unused {
            findings.add(
                .unusedVariable, "the variable \(variable.name) is never read", unit: variable.unit, variable.range,
                severity: .warning)
        }
        // A file of definitions alone is there for others.
        guard !graph.hasUnknownCalls, !isLibrary else { return }
        let used = graph.reachable(from: set.main).union([set.main])
        for (index, template) in instances.templates.enumerated() where template.unit == 0 && !used.contains(index) {
            let name = String(decoding: template.definition.name, as: UTF8.self)
            findings.add(
                .unusedTemplate, "nothing uses the template \"\(name)\"", unit: 0, template.definition.nameRange,
                severity: .warning)
        }
    }

    private var isLibrary: Bool {
        guard instances.templates.indices.contains(set.main) else { return true }
        let tree = set.units[0].tree
        guard case .list(let nodes) = tree[instances.templates[set.main].definition.body] else { return true }
        return nodes.allSatisfy { node in
            guard case .text(let range) = tree[node] else { return false }
            return tree.file.text(of: range).unicodeScalars.allSatisfy(\.properties.isWhitespace)
        }
    }
}
