extension Parser {
    /// Parses an action whose left delimiter has been read.
    mutating func parseAction() {
        let token = nextNonSpace()
        guard case .keyword(let keyword) = token.kind else { return parsePlainAction(token) }
        switch keyword {
        case .if: openBlock(.if, context: "'if'")
        case .with: openBlock(.with, context: "'with'")
        case .range: openBlock(.range, context: "'range'")
        case .define where blocks.count == 1: openDefine()
        case .block: openNamedBlock()
        case .template: parseTemplate()
        case .else: parseElse(token)
        case .end: parseEnd(token)
        case .break: parseLoopExit(.break, token)
        case .continue: parseLoopExit(.continue, token)
        case .nil: parsePlainAction(token)
        case .define:
            report(.unexpectedToken, "'define' cannot stand inside another block", at: token.range)
            abandonAction()
            // Its end must not close the block around it.
            push(.define(name: [], nameRange: token.range))
        }
    }

    private mutating func parsePlainAction(_ first: Token) {
        giveBack(first)
        guard let pipeline = parsePipeline(context: .action) else { return abandonAction() }
        append(.action(pipeline), actionRange(through: tree.range(of: pipeline)))
    }

    // MARK: Blocks

    private mutating func openBlock(_ kind: OpenBlock.Kind, context: PipelineContext.Name) {
        let variableCount = variables.count
        let pipeline = parsePipeline(context: kind == .range ? .range : .control(context))
        if pipeline == nil { abandonAction() }
        push(kind, variableCount: variableCount, pipeline: pipeline)
    }

    private mutating func push(_ kind: OpenBlock.Kind, variableCount: Int? = nil, pipeline: NodeID? = nil) {
        if blocks.count - 1 == Self.maximumDepth {
            report(.nestingTooDeep, "blocks nest more than \(Self.maximumDepth) levels deep", at: actionStart)
            isAbandoned = true
        }
        var block = OpenBlock(
            kind: kind, range: actionStart, variableCount: variableCount ?? variables.count)
        block.pipeline = pipeline
        switch kind {
        case .define, .block:
            block.outerVariables = variables
            variables = ["$"]
        case .file, .if, .with, .range:
            break
        }
        blocks.append(block)
    }

    private mutating func openDefine() {
        let token = nextNonSpace()
        guard let name = templateName(token, in: "in a 'define'"), expectEndOfAction("in a 'define'") else {
            abandonAction()
            return push(.define(name: [], nameRange: token.range))
        }
        push(.define(name: name, nameRange: token.range))
    }

    private mutating func openNamedBlock() {
        let token = nextNonSpace()
        guard let name = templateName(token, in: "in a 'block'") else {
            abandonAction()
            return push(.block(name: [], nameRange: token.range, argument: nil))
        }
        let pipeline = parsePipeline(context: .control("'block'"))
        if pipeline == nil { abandonAction() }
        push(.block(name: name, nameRange: token.range, argument: pipeline))
    }

    private mutating func parseTemplate() {
        let token = nextNonSpace()
        guard let name = templateName(token, in: "in a 'template'") else { return abandonAction() }
        let following = nextNonSpace()
        var argument: NodeID?
        if following.kind != .rightDelimiter {
            giveBack(following)
            argument = parsePipeline(context: .control("'template'"))
            guard argument != nil else { return abandonAction() }
        }
        append(.template(name: name, nameRange: token.range, argument: argument), actionStart.union(token.range))
    }

    private mutating func templateName(_ token: Token, in place: String) -> [UInt8]? {
        switch token.kind {
        case .string, .rawString: return stringValue(token)
        default:
            if token.kind == .rightDelimiter {
                report(.missingValue, "the template's name is missing \(place)", at: token.range)
                giveBack(token)
            } else if token.kind == .error || token.kind == .endOfFile {
                reportUnexpected(token, place)
            } else {
                report(
                    .unexpectedToken, "unexpected \(describe(token)) \(place); the template's name is a quoted string",
                    at: token.range)
            }
            return nil
        }
    }

    // MARK: else, end

    private mutating func parseElse(_ token: Token) {
        let chained = chainedKeyword()
        let block = blocks[blocks.count - 1]
        let isBranching = block.kind == .if || block.kind == .with || block.kind == .range
        guard isBranching, block.body == nil else {
            let message = block.body == nil ? "'else' without an 'if', 'with' or 'range'" : "a second 'else'"
            let notes =
                block.kind == .file
                ? [] : [Diagnostic.Note("\(block.kind.title) opens here", at: SourceLocation(file, block.range))]
            report(.unexpectedToken, message, at: token.range, notes: notes)
            return abandonAction()
        }
        guard chained == nil || chained == block.kind else {
            report(
                .unexpectedToken, "\(block.kind.title) takes a plain {{else}}", at: token.range)
            return abandonAction()
        }
        startElse()
        guard let chained else {
            if !expectEndOfAction("after 'else'") { abandonAction() }
            return
        }
        _ = nextNonSpace()
        openBlock(chained, context: chained == .if ? "'if'" : "'with'")
        blocks[blocks.count - 1].closesOuter = true
    }

    /// What follows `else` directly: `if` or `with`.
    private mutating func chainedKeyword() -> OpenBlock.Kind? {
        switch peekNonSpace().kind {
        case .keyword(.if): .if
        case .keyword(.with): .with
        default: nil
        }
    }

    private mutating func startElse() {
        let index = blocks.count - 1
        let body = tree.add(.list(blocks[index].nodes), blocks[index].range)
        blocks[index].body = body
        blocks[index].nodes = []
    }

    private mutating func parseEnd(_ token: Token) {
        if !expectEndOfAction("after 'end'") { abandonAction() }
        guard blocks.count > 1 else {
            return report(.unexpectedEnd, "this 'end' closes no block", at: token.range)
        }
        var closed = blocks.removeLast()
        close(closed)
        while closed.closesOuter, blocks.count > 1 {
            closed = blocks.removeLast()
            close(closed)
        }
    }

    private mutating func close(_ block: OpenBlock) {
        let list = tree.add(.list(block.nodes), block.range)
        switch block.kind {
        case .file:
            break
        case .define(let name, let nameRange):
            variables = block.outerVariables
            define(name, nameRange: nameRange, body: list)
        case .block(let name, let nameRange, let argument):
            variables = block.outerVariables
            define(name, nameRange: nameRange, body: list)
            append(.template(name: name, nameRange: nameRange, argument: argument), block.range)
        case .if, .with, .range:
            variables.removeLast(variables.count - block.variableCount)
            guard let pipeline = block.pipeline else { return }
            let branches = Node.Branches(
                pipeline: pipeline, body: block.body ?? list, elseBody: block.body == nil ? nil : list)
            switch block.kind {
            case .if: append(.if(branches), block.range)
            case .with: append(.with(branches), block.range)
            default: append(.range(branches), block.range)
            }
        }
    }

    /// Adds a definition. An empty one gives way to any other; two with content are a mistake.
    mutating func define(_ name: [UInt8], nameRange: SourceRange, body: NodeID) {
        let definition = SyntaxTree.Definition(name: name, nameRange: nameRange, body: body)
        guard let earlier = tree.definition(named: name), !isEmpty(earlier.body) else { return tree.define(definition) }
        if !isEmpty(body) {
            let shown = String(decoding: name, as: UTF8.self)
            report(
                .duplicateTemplate, "the template \"\(shown)\" is defined twice", at: nameRange,
                notes: [.init("it is defined here first", at: SourceLocation(file, earlier.nameRange))])
        }
    }

    /// Nothing but white space.
    private func isEmpty(_ list: NodeID) -> Bool {
        guard case .list(let nodes) = tree[list] else { return false }
        return nodes.allSatisfy { node in
            guard case .text(let range) = tree[node] else { return false }
            return file.text(of: range).unicodeScalars.allSatisfy(\.properties.isWhitespace)
        }
    }

    private mutating func parseLoopExit(_ node: Node, _ token: Token) {
        guard expectEndOfAction("after \(describe(token))") else { return abandonAction() }
        guard isInsideRange else {
            return report(.outsideLoop, "\(describe(token)) stands outside a 'range'", at: token.range)
        }
        append(node, token.range)
    }

    /// Whether `break` has a loop to leave: a `define` or `block` in between hides it, and so does a loop's own `else`.
    private var isInsideRange: Bool {
        for block in blocks.reversed() {
            switch block.kind {
            case .range where block.body == nil: return true
            case .define, .block: return false
            default: continue
            }
        }
        return false
    }

    // MARK: Small parts

    private mutating func expectEndOfAction(_ place: String) -> Bool {
        let token = nextNonSpace()
        guard token.kind != .rightDelimiter else { return true }
        reportUnexpected(token, place)
        return false
    }

    private mutating func append(_ node: Node, _ range: SourceRange) {
        let id = tree.add(node, range)
        blocks[blocks.count - 1].append(id)
    }

    private func actionRange(through range: SourceRange) -> SourceRange {
        actionStart.union(range)
    }
}
