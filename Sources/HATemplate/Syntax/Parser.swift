/// Builds the syntax tree of a template and collects every mistake. Go: text/template/parse/parse.go.
///
/// Open blocks and open parentheses stand on stacks of the parser's own, so that nesting costs memory and not the
/// thread's stack. After a mistake in an action reading goes on after it; a broken `if` still takes its `end`.
struct Parser {
    /// Nesting of parentheses, and of blocks, beyond which a template is refused.
    static let maximumDepth = 10_000
    /// Mistakes after which reading stops.
    private static let maximumMistakes = 100

    var tree: SyntaxTree
    var lexer: Lexer
    let file: SourceFile
    let library: FunctionLibrary
    private(set) var mistakes: [Diagnostic] = []

    /// Tokens given back, the next one last.
    private var pending: [Token] = []
    /// Names of the variables that can be used here.
    var variables = ["$"]
    var blocks: [OpenBlock]
    /// Set when reading on makes no sense.
    var isAbandoned = false
    /// The delimiter of the action that is being read.
    var actionStart = SourceRange(at: 0)

    private init(_ file: SourceFile, _ delimiters: Lexer.Delimiters, _ library: FunctionLibrary) {
        self.file = file
        self.library = library
        lexer = Lexer(Array(file.bytes), delimiters: delimiters)
        tree = SyntaxTree(file: file)
        blocks = [OpenBlock(kind: .file, range: SourceRange(at: 0), variableCount: 1)]
    }

    /// Parses a file. `name` is what `{{template}}` would call its text that stands outside every `define`.
    ///
    /// Throws all mistakes found.
    static func parse(
        _ file: SourceFile, name: [UInt8], delimiters: Lexer.Delimiters = Lexer.Delimiters(),
        library: FunctionLibrary
    ) throws(Diagnostics) -> SyntaxTree {
        var parser = Parser(file, delimiters, library)
        parser.parseFile(name: name)
        guard parser.mistakes.isEmpty else { throw Diagnostics(parser.mistakes) }
        parser.tree.comments = parser.lexer.comments
        return parser.tree
    }

    private mutating func parseFile(name: [UInt8]) {
        while mistakes.count < Self.maximumMistakes, !isAbandoned {
            let token = next()
            switch token.kind {
            case .text:
                let node = tree.add(.text(token.range), token.range)
                blocks[blocks.count - 1].append(node)
            case .leftDelimiter:
                actionStart = token.range
                parseAction()
            case .endOfFile:
                return finish(name: name)
            default:
                reportUnexpected(token, "in text")
                lexer.skipAction()
            }
        }
    }

    /// Closes the file: every block that is still open is a mistake.
    private mutating func finish(name: [UInt8]) {
        while blocks.count > 1, let block = blocks.popLast() {
            report(.missingEnd, "\(block.kind.title) has no {{end}}", at: block.range)
        }
        let root = tree.add(.list(blocks[0].nodes), SourceRange(at: 0))
        define(name, nameRange: SourceRange(at: 0), body: root)
    }

    // MARK: Tokens

    mutating func next() -> Token {
        pending.popLast() ?? lexer.next()
    }

    mutating func peek() -> Token {
        let token = next()
        pending.append(token)
        return token
    }

    mutating func nextNonSpace() -> Token {
        var token = next()
        while token.kind == .space { token = next() }
        return token
    }

    mutating func peekNonSpace() -> Token {
        let token = nextNonSpace()
        pending.append(token)
        return token
    }

    mutating func giveBack(_ token: Token) {
        pending.append(token)
    }

    func bytes(of token: Token) -> ArraySlice<UInt8> {
        lexer.source[Int(token.range.start)..<Int(token.range.end)]
    }

    func text(of token: Token) -> String {
        String(decoding: bytes(of: token), as: UTF8.self)
    }

    // MARK: Mistakes

    /// Goes on after the action that is being read.
    mutating func abandonAction() {
        while let token = pending.popLast() {
            if token.kind == .rightDelimiter { return pending.removeAll() }
        }
        lexer.skipAction()
    }

    mutating func report(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []
    ) {
        guard mistakes.count < Self.maximumMistakes else { return }
        mistakes.append(Diagnostic(code, message, at: SourceLocation(file, range), notes: notes))
    }

    /// Reports a mistake in the action that is being read; when the action runs into the next one, that is the mistake.
    mutating func reportInAction(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = []
    ) {
        guard let next = lexer.actionInside(from: actionStart.end) else {
            return report(code, message, at: range, notes: notes)
        }
        let note = Diagnostic.Note("the next action opens here", at: SourceLocation(file, next))
        report(.unclosedAction, "this action is not closed", at: actionStart, notes: [note])
    }

    /// Reports a token that cannot stand here; `place` says where, as in "in an operand".
    mutating func reportUnexpected(_ token: Token, _ place: String) {
        let opening = Diagnostic.Note("the action opens here", at: SourceLocation(file, actionStart))
        switch token.kind {
        case .error:
            let mistake = lexer.mistake ?? (.unexpectedToken, "this cannot be read")
            let opensElsewhere = mistake.code == .unclosedAction || mistake.code == .unclosedParenthesis
            if mistake.code == .unclosedAction {
                report(mistake.code, mistake.message, at: actionStart)
            } else {
                let notes = opensElsewhere ? [opening] : advice(at: token)
                report(mistake.code, mistake.message, at: token.range, notes: notes)
            }
        case .endOfFile:
            report(.unclosedAction, "this action is not closed", at: actionStart)
        default:
            reportInAction(
                .unexpectedToken, "unexpected \(describe(token)) \(place)", at: token.range, notes: advice(at: token))
        }
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .rightDelimiter: "end of the action"
        case .keyword(let word): "'\(word.rawValue)'"
        case .space: "white space"
        default: "'\(text(of: token))'"
        }
    }
}

extension Parser {
    /// A block whose `end` has not come yet.
    struct OpenBlock {
        enum Kind: Equatable {
            /// The file itself.
            case file
            case `if`, with, range
            case define(name: [UInt8], nameRange: SourceRange)
            case block(name: [UInt8], nameRange: SourceRange, argument: NodeID?)

            var title: String {
                switch self {
                case .file: "the template"
                case .if: "this 'if'"
                case .with: "this 'with'"
                case .range: "this 'range'"
                case .define: "this 'define'"
                case .block: "this 'block'"
                }
            }
        }

        let kind: Kind
        /// The action that opened it.
        let range: SourceRange
        /// Variables that were known before it.
        let variableCount: Int
        /// Variables set aside by a `define` or `block`, which begin with `$` alone.
        var outerVariables: [String] = []
        var pipeline: NodeID?
        var nodes: [NodeID] = []
        /// Set once `else` has come.
        var body: NodeID?
        /// Opened by `else if` or `else with`: its `end` closes the outer block too.
        var closesOuter = false

        mutating func append(_ node: NodeID) {
            nodes.append(node)
        }
    }
}
