/// One walk over a template from one context.
struct ContextWalk {
    /// A template that is called, and in which context.
    struct Call {
        let target: Int
        let context: LexicalContext
    }

    /// What the walk asks about names.
    enum Request {
        case template([UInt8])
        case function(String, firstArgument: [UInt8]?)
    }

    enum Answer {
        case nothing, returns
        case template(Int)
    }

    private enum Task {
        case visit(NodeID, next: Following)
        /// After the first branch: goes on with the other from the same start.
        case otherBranch(NodeID?, of: NodeID, from: LexicalContext, next: Following, SourceRange)
        case join(LexicalContext?, of: NodeID, from: LexicalContext, SourceRange)
        case endTurn(Turn)
        case leaveElse(Turn)
    }

    /// A loop being looked at.
    private struct Turn {
        let node: NodeID
        let branches: Node.Branches
        /// Before the loop.
        let entry: LexicalContext
        /// At the beginning of each turn, as far as known.
        var head: LexicalContext
        let next: Following
        let range: SourceRange
    }

    /// Where the jumps of a loop leave.
    private struct Loop {
        var breaks: LexicalContext?
        var continues: LexicalContext?
    }

    private let tree: SyntaxTree
    private let body: NodeID
    private let dialect: Dialect
    private var tasks: [Task] = []
    private var loops: [Loop] = []
    /// What is known of loops that were looked at: the head of each turn, and how the loop ends from there.
    private var known: [NodeID: (head: LexicalContext, exit: LexicalContext?)] = [:]
    /// Where a join left open whether a comment goes on.
    private var openComment: SourceRange?

    /// The context here; nil after a jump, where nothing is reached.
    private(set) var current: LexicalContext?
    private(set) var sites: [NodeID: (context: LexicalContext, following: Following)] = [:]
    private(set) var calls: [NodeID: Call] = [:]
    /// Statements after which the context depends on the way that was taken, each with the context before it.
    private(set) var drifts: [NodeID: LexicalContext] = [:]
    /// Statements that may write all there is of an argument that is needed.
    private(set) var gaps: [NodeID: (context: LexicalContext, following: Following)] = [:]
    private(set) var mistakes: [Diagnostic] = []
    /// Nodes looked at.
    private(set) var visits = 0

    init(_ definition: ContextAnalysis.Definition, from start: LexicalContext) {
        tree = definition.tree
        body = definition.definition.body
        dialect = start.dialect
        current = start
    }

    /// Walks the whole template. `end` tells how a call ends, `resolve` what a name means.
    mutating func run(end: (Call) -> LexicalContext?, resolve: (Request) -> Answer) {
        tasks = [.visit(body, next: .endOfTemplate)]
        while let task = tasks.popLast() {
            switch task {
            case .visit(let node, let next): visit(node, next, end, resolve)
            case .otherBranch(let node, let statement, let start, let next, let range):
                tasks.append(.join(current, of: statement, from: start, range))
                current = start
                if let node { tasks.append(.visit(node, next: next)) }
            case .join(let other, let statement, let start, let range):
                let joined = join(current, other, at: range)
                if let current, let other, joined != current || joined != other { drifts[statement] = start }
                current = joined
            case .endTurn(let turn): endTurn(turn)
            case .leaveElse(let turn): leaveElse(turn)
            }
        }
    }

    // MARK: Statements

    private mutating func visit(
        _ id: NodeID, _ next: Following, _ end: (Call) -> LexicalContext?, _ resolve: (Request) -> Answer
    ) {
        visits += 1
        guard let context = current else { return }
        noteGap(id, context, next, resolve)
        switch tree[id] {
        case .list(let nodes):
            var following = next
            for node in nodes.reversed() {
                tasks.append(.visit(node, next: following))
                following = beginning(of: node, before: following)
            }
        case .text(let range):
            read(text(range), at: range)
        case .action(let pipeline):
            visitAction(pipeline, next, context, end, resolve)
        case .if(let branches), .with(let branches):
            tasks.append(
                .otherBranch(
                    branches.elseBody, of: id, from: context, next: next, tree.range(of: branches.pipeline)))
            tasks.append(.visit(branches.body, next: next))
        case .range(let branches): beginLoop(id, branches, context, next)
        case .template(let name, _, _):
            if case .template(let target) = resolve(.template(name)) {
                current = call(target, at: id, context, end)
            }
        case .break:
            if !loops.isEmpty {
                loops[loops.count - 1].breaks = join(context, loops.last?.breaks, at: tree.range(of: id))
            }
            current = nil
        case .continue:
            if !loops.isEmpty {
                loops[loops.count - 1].continues = join(context, loops.last?.continues, at: tree.range(of: id))
            }
            current = nil
        default: break
        }
    }

    private mutating func noteGap(
        _ id: NodeID, _ context: LexicalContext, _ next: Following, _ resolve: (Request) -> Answer
    ) {
        guard writesPieces(id, resolve), context.mayNeedPieces(before: next) else { return }
        gaps[id] = (context, next)
    }

    /// Whether a statement writes one text or another, or none; what one value writes is looked at when it is written.
    private func writesPieces(_ id: NodeID, _ resolve: (Request) -> Answer) -> Bool {
        switch tree[id] {
        case .if, .with, .range, .template: return true
        case .action(let pipeline):
            guard case .pipeline(let pipeline) = tree[pipeline], pipeline.declarations.isEmpty,
                pipeline.commands.count == 1, let first = firstOperands(pipeline).first
            else { return false }
            if case .string(let bytes) = tree[first] { return bytes.isEmpty }
            guard let name = functionName(first) else { return false }
            if case .template = resolve(.function(name, firstArgument: firstText(pipeline))) { return true }
            return false
        default: return false
        }
    }

    private func text(_ range: SourceRange) -> ArraySlice<UInt8> {
        let bytes = tree.file.bytes
        return bytes[(bytes.startIndex + Int(range.start))..<(bytes.startIndex + Int(range.end))]
    }

    /// What a value meets in a statement after it, as far as texts say so; `next` is what stands after the statement.
    private func beginning(of node: NodeID, before next: Following) -> Following {
        switch tree[node] {
        case .if(let branches), .with(let branches), .range(let branches):
            let other = branches.elseBody.map { beginning(ofBranch: $0, before: next) } ?? next
            return beginning(ofBranch: branches.body, before: next).joined(with: other)
        default: return simpleBeginning(of: node) ?? next
        }
    }

    /// The same for a branch. It does not look into branches of its own, which may be many inside each other.
    private func beginning(ofBranch body: NodeID, before next: Following) -> Following {
        guard case .list(let nodes) = tree[body] else { return .unknown }
        return nodes.lazy.compactMap { simpleBeginning(of: $0) }.first ?? next
    }

    /// Nil for a statement that writes nothing: a declaration, an assignment, text that was trimmed away.
    private func simpleBeginning(of node: NodeID) -> Following? {
        switch tree[node] {
        case .text(let range):
            return range.start == range.end ? nil : Following(text(range), dialect)
        case .action(let id):
            guard case .pipeline(let pipeline) = tree[id], !pipeline.declarations.isEmpty else { return .unknown }
            return nil
        default: return .unknown
        }
    }

    private mutating func read(_ bytes: some Collection<UInt8>, at range: SourceRange) {
        guard let context = current else { return }
        var lexer = DialectLexer(context)
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "{"), lexer.context.isRegularExpression, isQuantifier(bytes.dropFirst(offset)) {
                let isText = bytes.count == Int(range.end - range.start)
                let start = Int(range.start) + offset
                reportBrace(at: isText ? SourceRange(start, start + 1) : range)
            }
            lexer.advance(byte)
        }
        if lexer.isAmbiguous {
            mismatch("the branches leave it open whether this text belongs to a comment", at: openComment ?? range)
        }
        current = lexer.context
    }

    /// `{2}`, `{1,3}`
    private func isQuantifier(_ text: some Collection<UInt8>) -> Bool {
        let inside = text.dropFirst().prefix { isDigit($0) || $0 == UInt8(ascii: ",") }
        return !inside.isEmpty && text.dropFirst(inside.count + 1).first == UInt8(ascii: "}")
    }

    private mutating func reportBrace(at place: SourceRange) {
        mistakes.append(
            Diagnostic(
                .openBrace, "this { of a regular expression opens a block, since the expression has no quotes",
                at: SourceLocation(tree.file, place),
                notes: [.init("put the whole expression in double quotes, as in \"^/x/(\\d{1,3})/\"")]))
    }

    private mutating func visitAction(
        _ id: NodeID, _ next: Following, _ context: LexicalContext, _ end: (Call) -> LexicalContext?,
        _ resolve: (Request) -> Answer
    ) {
        guard case .pipeline(let pipeline) = tree[id], pipeline.declarations.isEmpty else { return }
        let operands = firstOperands(pipeline)
        if pipeline.commands.count == 1, operands.count == 1, case .string(let bytes) = tree[operands[0]] {
            return read(bytes, at: tree.range(of: id))
        }
        sites[id] = (context, next)
        guard pipeline.commands.count == 1, let first = operands.first, let name = functionName(first) else {
            current = context.afterValue
            return
        }
        switch resolve(.function(name, firstArgument: firstText(pipeline))) {
        case .returns: current = nil
        case .nothing: current = context.afterValue
        case .template(let target):
            // It prints here, or returns a value that is printed.
            let printed = call(target, at: id, context, end)
            current = join(context.afterValue, printed, at: tree.range(of: id))
            if current != printed { drifts[id] = context }
        }
    }

    private func firstOperands(_ pipeline: Node.Pipeline) -> [NodeID] {
        guard let first = pipeline.commands.first, case .command(let operands) = tree[first] else { return [] }
        return operands
    }

    /// The literal after the name of a function.
    private func firstText(_ pipeline: Node.Pipeline) -> [UInt8]? {
        let operands = firstOperands(pipeline)
        guard operands.count > 1, case .string(let bytes) = tree[operands[1]] else { return nil }
        return bytes
    }

    private func functionName(_ operand: NodeID) -> String? {
        switch tree[operand] {
        case .identifier(let name): return name
        case .chain(let base, let fields):
            guard case .identifier(let namespace) = tree[base] else { return nil }
            return ([namespace] + fields).joined(separator: ".")
        default: return nil
        }
    }

    private mutating func call(
        _ target: Int, at node: NodeID, _ context: LexicalContext, _ end: (Call) -> LexicalContext?
    ) -> LexicalContext? {
        let call = Call(target: target, context: context.atCall.withFewBlocks)
        calls[node] = call
        return end(call)?.withBlocks(around: context)
    }

    // MARK: Loops

    private mutating func beginLoop(
        _ id: NodeID, _ branches: Node.Branches, _ context: LexicalContext, _ next: Following
    ) {
        let range = tree.range(of: branches.pipeline)
        var head = context
        if let earlier = known[id] {
            head = join(earlier.head, context, at: range) ?? context
            if head == earlier.head, branches.elseBody == nil {
                current = earlier.exit
                return
            }
        }
        begin(Turn(node: id, branches: branches, entry: context, head: head, next: next, range: range))
    }

    private mutating func begin(_ turn: Turn) {
        loops.append(Loop())
        current = turn.head
        tasks.append(.endTurn(turn))
        let next = beginning(ofBranch: turn.branches.body, before: turn.next).joined(with: turn.next)
        tasks.append(.visit(turn.branches.body, next: next))
    }

    /// A turn must end where the next can begin.
    private mutating func endTurn(_ turn: Turn) {
        guard let loop = loops.popLast() else { return }
        let end = join(current, loop.continues, at: turn.range)
        guard let head = join(turn.head, end, at: turn.range, isLoop: true) else { return }
        if head != turn.head {
            var again = turn
            again.head = head
            return begin(again)
        }
        let exit = join(turn.branches.elseBody == nil ? head : end, loop.breaks, at: turn.range)
        known[turn.node] = (head, exit)
        if head != turn.entry || end != head || exit != head { drifts[turn.node] = turn.entry }
        guard let elseBody = turn.branches.elseBody else {
            current = exit
            return
        }
        // A break in the other branch ends this loop, and a continue goes on with the loop around it.
        tasks.append(.join(exit, of: turn.node, from: turn.entry, turn.range))
        tasks.append(.leaveElse(turn))
        loops.append(Loop())
        current = turn.entry
        tasks.append(.visit(elseBody, next: turn.next))
    }

    private mutating func leaveElse(_ turn: Turn) {
        guard let loop = loops.popLast() else { return }
        current = join(current, loop.breaks, at: turn.range)
        guard let continues = loop.continues else { return }
        if loops.isEmpty {
            current = join(current, continues, at: turn.range)
        } else {
            loops[loops.count - 1].continues = join(loops.last?.continues, continues, at: turn.range)
        }
    }

    // MARK: Joins

    /// The context after two ways to one place; a way that is not taken has none.
    private mutating func join(
        _ left: LexicalContext?, _ right: LexicalContext?, at range: SourceRange, isLoop: Bool = false
    ) -> LexicalContext? {
        guard let left, let right else { return left ?? right }
        guard let joined = left.joined(with: right) else {
            let places = "\(left.place) and \(right.place)"
            mismatch(
                isLoop
                    ? "a turn of this loop ends in another context than it begins in: \(places)"
                    : "the branches end in different contexts: \(places)", at: range)
            return left
        }
        if joined.state == .maybeComment, left.state != .maybeComment || openComment == nil { openComment = range }
        return joined
    }

    private mutating func mismatch(_ message: String, at range: SourceRange) {
        mistakes.append(
            Diagnostic(
                .contextMismatch, message, at: SourceLocation(tree.file, range),
                notes: [.init("end each branch alike: with closed quotes, and the same blocks and comments open")]))
    }
}

extension LexicalContext {
    /// For messages.
    fileprivate var place: String {
        let depth = (63 - blocks.leadingZeroBitCount) / 2
        let inner =
            switch state {
            case .start: "at the beginning of a directive"
            case .gap, .word: "in the arguments of a directive"
            case .doubleQuotes, .escapeInDoubleQuotes: "in double quotes"
            case .singleQuotes, .escapeInSingleQuotes: "in single quotes"
            case .escape: "after a backslash"
            case .comment, .maybeComment: "in a comment"
            case .foreign: "in a block of another language"
            }
        return depth > 0 ? "\(inner), in \(depth) block\(depth == 1 ? "" : "s")" : inner
    }
}
