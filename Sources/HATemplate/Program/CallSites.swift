/// A call of a function as it stands in a template.
struct CallSite {
    let function: Function
    /// The name that was written.
    let name: String
    let tree: SyntaxTree
    /// Its unit in the set.
    let unit: Int
    let range: SourceRange
    /// Those that follow the name.
    let arguments: [NodeID]
    /// What the pipe brings as the last argument: its text and whether it is a literal; nil without a pipe.
    let piped: Piped?
    /// What the file's variables stand for that hold nothing but literals.
    fileprivate let constants: [String: Node]

    struct Piped {
        let range: SourceRange
        let literal: Node?
        /// Whether it has several parts, so that it needs parentheses as an argument.
        let isCompound: Bool
    }

    var count: Int { arguments.count + (piped == nil ? 0 : 1) }

    /// The literal that stands as an argument, in parentheses or not; nil for anything else.
    func literal(_ argument: Int) -> Node? {
        arguments.indices.contains(argument) ? tree.literal(arguments[argument]) : piped?.literal
    }

    /// The same, also of a variable that nothing but literals are given to.
    func constant(_ argument: Int) -> Node? {
        guard arguments.indices.contains(argument) else { return piped?.literal }
        if case .variable(let name, let fields) = tree[tree.innermost(arguments[argument])], fields.isEmpty {
            return constants[name]
        }
        return tree.literal(arguments[argument])
    }

    /// An argument as it is written.
    func text(_ argument: Int) -> String {
        if arguments.indices.contains(argument) {
            let text = tree.file.text(of: tree.range(of: arguments[argument]))
            // The place of what stands in parentheses is without them.
            guard case .pipeline = tree[arguments[argument]], !text.hasPrefix("(") else { return text }
            return "(\(text))"
        }
        guard let piped else { return "" }
        let text = tree.file.text(of: piped.range)
        return piped.isCompound ? "(\(text))" : text
    }
}

extension TemplateSet {
    /// Hands every call of a known function to `body`, in the order of the files and of their nodes.
    func forEachCall(library: FunctionLibrary, _ body: (CallSite) -> Void) {
        for (number, unit) in units.enumerated() {
            let constants = unit.tree.constants()
            for node in unit.tree.nodes {
                guard case .pipeline(let pipeline) = node else { continue }
                for index in pipeline.commands.indices {
                    if let site = unit.tree.call(index, of: pipeline, unit: number, library, constants) { body(site) }
                }
            }
        }
    }
}

extension SyntaxTree {
    fileprivate func call(
        _ index: Int, of pipeline: Node.Pipeline, unit: Int, _ library: FunctionLibrary, _ constants: [String: Node]
    ) -> CallSite? {
        let command = pipeline.commands[index]
        guard case .command(let operands) = self[command], let first = operands.first, let name = functionName(first),
            let function = library[name]
        else { return nil }
        return CallSite(
            function: function, name: name, tree: self, unit: unit, range: range(of: command),
            arguments: Array(operands.dropFirst()),
            piped: index > 0 ? piped(pipeline.commands[..<index]) : nil, constants: constants)
    }

    private func piped(_ commands: ArraySlice<NodeID>) -> CallSite.Piped? {
        guard let first = commands.first, let last = commands.last, case .command(let operands) = self[first],
            !operands.isEmpty
        else { return nil }
        let isSingle = commands.count == 1 && operands.count == 1
        let isGroup = if case .pipeline = self[operands[0]] { true } else { false }
        return CallSite.Piped(
            range: SourceRange(start: range(of: first).start, end: range(of: last).end),
            literal: isSingle ? literal(operands[0]) : nil, isCompound: !isSingle || isGroup)
    }

    func functionName(_ operand: NodeID) -> String? {
        switch self[operand] {
        case .identifier(let name): return name
        case .chain(let base, let fields):
            guard case .identifier(let namespace) = self[base] else { return nil }
            return ([namespace] + fields).joined(separator: ".")
        default: return nil
        }
    }

    /// A text, number or truth value that stands in the template, in parentheses or not.
    func literal(_ operand: NodeID) -> Node? {
        let node = self[innermost(operand)]
        return switch node {
        case .bool, .number, .string: node
        default: nil
        }
    }

    /// What stands in parentheses, where that is one operand.
    fileprivate func innermost(_ operand: NodeID) -> NodeID {
        var operand = operand
        while case .pipeline(let pipeline) = self[operand], pipeline.declarations.isEmpty,
            let only = onlyOperand(of: pipeline)
        {
            operand = only
        }
        return operand
    }

    private func onlyOperand(of pipeline: Node.Pipeline) -> NodeID? {
        guard pipeline.commands.count == 1, case .command(let operands) = self[pipeline.commands[0]],
            operands.count == 1
        else { return nil }
        return operands[0]
    }

    /// The variables that only literals are given to, each with the first of them.
    fileprivate func constants() -> [String: Node] {
        var found: [String: Node?] = [:]
        var ofLoops: Set<NodeID> = []
        for node in nodes {
            if case .range(let branches) = node { ofLoops.insert(branches.pipeline) }
        }
        for (index, node) in nodes.enumerated() {
            guard case .pipeline(let pipeline) = node else { continue }
            for declaration in pipeline.declarations {
                let value = onlyOperand(of: pipeline).flatMap(literal)
                let isLoop = ofLoops.contains(NodeID(index: Int32(truncatingIfNeeded: index)))
                let isConstant = value != nil && !isLoop && (found[declaration.name].map { $0 != nil } ?? true)
                found[declaration.name] = .some(isConstant ? (found[declaration.name] ?? nil) ?? value : nil)
            }
        }
        return found.compactMapValues { $0 }
    }
}
