/// A condition on the options of a command as a whole.
enum OptionRule: Sendable {
    case required(any DeclaredOption)
    /// Neither of the first beside any of the second.
    case exclusive([any DeclaredOption], [any DeclaredOption])
    /// The first means nothing without the second.
    case needs(any DeclaredOption, any DeclaredOption)
    /// The first means nothing without one of the others.
    case needsOne(any DeclaredOption, of: [any DeclaredOption])
    /// The first one and at least one of the others, or none at all.
    case together(any DeclaredOption, oneOf: [any DeclaredOption])
    /// At most one `-` among the values of these options: standard input can be read once.
    case standardInputOnce([any DeclaredOption])
}

/// A command line to show in help text, and what it is for.
struct CommandExample: Sendable {
    let purpose: String
    let line: String
}

/// The meaning of an exit code, for help text.
struct ExitMeaning: Sendable {
    let code: ExitCode
    let meaning: String
}

/// All there is to know about a command.
///
/// Parsing, help text and the completion scripts are made from it, so that they cannot disagree.
struct CommandDeclaration: Sendable {
    typealias Action = @Sendable (ParsedArguments, CommandContext) throws(CommandError) -> ExitCode

    let name: String
    /// One line without a full stop.
    let summary: String
    /// Paragraphs; wrapped to the width of the terminal.
    let discussion: [String]
    let options: [OptionDeclaration]
    let rules: [OptionRule]
    /// In their order; only the last may be optional or many.
    let operands: [OperandDeclaration]
    let subcommands: [CommandDeclaration]
    let examples: [CommandExample]
    let exitMeanings: [ExitMeaning]
    /// nil: the command only groups its subcommands.
    let action: Action?

    init(
        name: String, summary: String, discussion: [String] = [], options: [any DeclaredOption],
        rules: [OptionRule] = [], operands: [any DeclaredOperand] = [], subcommands: [CommandDeclaration] = [],
        examples: [CommandExample] = [], exitMeanings: [ExitMeaning] = [], action: Action? = nil
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.options = options.map(\.declaration)
        self.rules = rules
        self.operands = operands.map(\.declaration)
        self.subcommands = subcommands
        self.examples = examples
        self.exitMeanings = exitMeanings
        self.action = action
    }

    /// The option with this long name.
    func option(_ name: String) -> OptionDeclaration? {
        options.first { $0.name == name }
    }

    func option(short: Character) -> OptionDeclaration? {
        options.first { $0.short == short }
    }

    func subcommand(_ name: String) -> CommandDeclaration? {
        subcommands.first { $0.name == name }
    }

    /// The command at the end of a path of names below this one; nil when there is none.
    func descendant<Path: Sequence>(_ path: Path) -> CommandDeclaration? where Path.Element == String {
        path.reduce(self as CommandDeclaration?) { command, name in command?.subcommand(name) }
    }

    /// This command and all below it, each with the names that lead to it from here.
    func family(path: [String] = []) -> [(path: [String], command: CommandDeclaration)] {
        [(path, self)] + subcommands.flatMap { $0.family(path: path + [$0.name]) }
    }
}
