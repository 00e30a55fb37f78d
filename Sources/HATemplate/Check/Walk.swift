/// Where a value comes from: `.Hosts` of the dot, say. Values do not change, so what is known of a path stays true.
struct PathID: Hashable {
    let index: Int32
}

/// The paths of one walk.
struct PathTable {
    private struct Member: Hashable {
        let base: PathID
        let name: String
    }

    private var members: [Member: PathID] = [:]
    private var count: Int32 = 0

    /// A value that no other name leads to.
    mutating func fresh() -> PathID {
        count &+= 1
        return PathID(index: count)
    }

    mutating func member(_ name: String, of base: PathID) -> PathID {
        if let known = members[Member(base: base, name: name)] { return known }
        let path = fresh()
        members[Member(base: base, name: name)] = path
        return path
    }

    /// The path of a member that has been spoken of.
    func known(_ name: String, of base: PathID) -> PathID? { members[Member(base: base, name: name)] }
}

/// The state of one walk through a template: what the variables hold here, and what conditions around here say.
///
/// Branches share one state and a log of its changes, so that a branch costs what it changes and not what there is.
struct Walk {
    struct Variable {
        let name: String
        let place: SourceRange
        var binding: Checker.Binding
        /// Declared by an `if` or `with` whose `else` this is.
        var isSpent = false
    }

    /// What a branch did.
    struct Outcome {
        var changes: [Int: Checker.Binding] = [:]
        var isReachable = true
    }

    struct Loop {
        /// Variables from outside.
        let variableCount: Int
        /// What its body assigns to them.
        var assigned: [Int: StaticType] = [:]
    }

    /// How much of what still changes is given up as unknown.
    enum Widening {
        case none, changed, all
    }

    private struct Branch {
        let variableMark: Int
        let factMark: Int
        let wasReachable: Bool
        let dot: Checker.Binding
    }

    var tasks: [Checker.Task] = []
    var operands: [Checker.Operand] = []
    var paths = PathTable()
    var dot = Checker.Binding(type: .unknown, path: PathID(index: 0))
    private(set) var variables: [Variable] = []
    private var indices: [String: [Int]] = [:]
    private var variableLog: [(index: Int, old: Checker.Binding)] = []
    private var facts: [PathID: StaticType] = [:]
    private var factLog: [(path: PathID, old: StaticType?)] = []
    private var scopes: [Int] = []
    private var branches: [Branch] = []
    var outcomes: [Outcome] = []
    var loops: [Loop] = []
    /// Operands of `and` and `or` that are being evaluated: how to go back to before.
    var lazyMarks: [(facts: Int, wasReachable: Bool)] = []
    /// Whether a path leads here.
    var isReachable = true
    /// What `return` gives, so far.
    var returned = StaticType.never
    /// By loop (the index of its node) and variable: the types that the turns before may have left.
    var loopTypes: [Int32: [Int: StaticType]] = [:]
    var areLoopsUnsettled = false
    var findings: [Findings.Pending] = []
    var widening = Widening.none

    mutating func pop() -> Checker.Operand { operands.popLast() ?? .unknown }

    mutating func changeTop(_ change: (inout Checker.Operand) -> Void) {
        guard !operands.isEmpty else { return }
        change(&operands[operands.count - 1])
    }

    // MARK: Variables

    mutating func push(_ variable: Variable) {
        indices[variable.name, default: []].append(variables.count)
        variables.append(variable)
    }

    /// The innermost variable of a name.
    func index(of name: String) -> Int? { indices[name]?.last }

    mutating func openScope() { scopes.append(variables.count) }

    mutating func closeScope() {
        guard let count = scopes.popLast() else { return }
        while variables.count > count, let last = variables.popLast() {
            indices[last.name]?.removeLast()
        }
    }

    /// The variables of the innermost scope, which an `if` or `with` declared, are of no use in its `else`.
    mutating func spendScope() {
        for index in (scopes.last ?? variables.count)..<variables.count { variables[index].isSpent = true }
    }

    mutating func set(_ index: Int, _ binding: Checker.Binding) {
        guard variables.indices.contains(index) else { return }
        variableLog.append((index, variables[index].binding))
        variables[index].binding = binding
    }

    // MARK: Facts

    /// What is known of a value here.
    func current(_ binding: Checker.Binding) -> StaticType { facts[binding.path] ?? binding.type }

    func fact(_ path: PathID) -> StaticType? { facts[path] }

    mutating func learn(_ path: PathID, _ type: StaticType) {
        factLog.append((path, facts[path]))
        facts[path] = type
    }

    mutating func learn(_ new: [Checker.Fact]) {
        for fact in new { learn(fact.path, fact.type) }
    }

    var factMark: Int { factLog.count }

    mutating func forgetFacts(since mark: Int) {
        while factLog.count > mark, let last = factLog.popLast() { facts[last.path] = last.old }
    }

    // MARK: Branches

    mutating func beginBranch(_ known: [Checker.Fact] = [], isDead: Bool = false) {
        branches.append(
            Branch(variableMark: variableLog.count, factMark: factLog.count, wasReachable: isReachable, dot: dot))
        learn(known)
        if isDead { isReachable = false }
    }

    /// Goes back to where the branch began; what it did becomes the last outcome.
    mutating func endBranch() {
        guard let branch = branches.popLast() else { return }
        var outcome = Outcome(isReachable: isReachable)
        for entry in variableLog[branch.variableMark...] where entry.index < variables.count {
            outcome.changes[entry.index] = variables[entry.index].binding
        }
        while variableLog.count > branch.variableMark, let last = variableLog.popLast() {
            if last.index < variables.count { variables[last.index].binding = last.old }
        }
        forgetFacts(since: branch.factMark)
        isReachable = branch.wasReachable
        dot = branch.dot
        outcomes.append(outcome)
    }
}
