/// What a value on the command line is: decides what is accepted, and what a shell completes.
enum ValueKind: Sendable, Equatable {
    case text
    case file
    case folder
    case fileOrFolder
    case choice([String])

    /// The choices of an enumeration, in the order of its cases.
    static func choice<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) -> ValueKind
    where Choice.RawValue == String {
        .choice(type.allCases.map(\.rawValue))
    }

    var choices: [String] {
        if case .choice(let names) = self { names } else { [] }
    }
}

/// A value that an option takes: its name in help text (`FILE`), and what it is.
struct ValueDeclaration: Sendable {
    let name: String
    let kind: ValueKind

    static func text(_ name: String) -> ValueDeclaration { .init(name: name, kind: .text) }
    static func file(_ name: String) -> ValueDeclaration { .init(name: name, kind: .file) }
    static func folder(_ name: String) -> ValueDeclaration { .init(name: name, kind: .folder) }
    static func fileOrFolder(_ name: String) -> ValueDeclaration { .init(name: name, kind: .fileOrFolder) }

    static func choice<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) -> ValueDeclaration
    where Choice.RawValue == String {
        let kind = ValueKind.choice(of: type)
        return .init(name: kind.choices.joined(separator: "|"), kind: kind)
    }
}

/// What happens when an option is given twice.
enum Repetition: Sendable {
    /// A mistake: one of two files would be left out silently.
    case refused
    /// The last one counts, so that a shell alias can be overridden.
    case lastWins
    /// All of them count, in their order.
    case collected
}

/// One option of a command.
struct OptionDeclaration: Sendable {
    let name: OptionName
    let short: Character?
    /// nil: a flag.
    let value: ValueDeclaration?
    let repetition: Repetition
    let help: String

    init(
        _ name: OptionName, short: Character? = nil, value: ValueDeclaration? = nil,
        repetition: Repetition = .lastWins, help: String
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.repetition = repetition
        self.help = help
    }

    /// `--template`
    var long: String { "--" + name.rawValue }

    /// The shortest spelling with its value, for usage lines: `-t TEMPLATE`.
    var usage: String {
        let spelling = short.map { "-\($0)" } ?? long
        guard let value else { return spelling }
        return "\(spelling) \(value.name)" + (repetition == .collected ? "…" : "")
    }
}

/// A condition on the options of a command as a whole.
enum OptionRule: Sendable {
    case required(OptionName)
    case exactlyOne([OptionName])
    case atLeastOne([OptionName])
    /// Neither of the first beside any of the second.
    case exclusive([OptionName], [OptionName])
    /// The first means nothing without the second.
    case needs(OptionName, OptionName)
    /// The first means nothing without one of the others.
    case needsOne(OptionName, of: [OptionName])
    /// The first one and at least one of the others, or none at all.
    case together(OptionName, oneOf: [OptionName])
    /// At most one `-` among the values of these options: standard input can be read once.
    case standardInputOnce([OptionName])
}

/// How many operands of one kind a command takes.
enum OperandCount: Sendable {
    case one
    case optional
    case many
}

/// An operand of a command (a word that is not an option).
struct OperandDeclaration: Sendable {
    let name: String
    let kind: ValueKind
    let count: OperandCount
    let help: String

    var usage: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .many: "[\(name)…]"
        }
    }
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
    var discussion: [String] = []
    var options: [OptionDeclaration] = []
    var rules: [OptionRule] = []
    /// In their order; only the last may be optional or many.
    var operands: [OperandDeclaration] = []
    var subcommands: [CommandDeclaration] = []
    var examples: [CommandExample] = []
    var exitMeanings: [ExitMeaning] = []
    /// nil: the command only groups its subcommands.
    var action: Action?

    func option(_ name: OptionName) -> OptionDeclaration? {
        options.first { $0.name == name }
    }

    func option(short: Character) -> OptionDeclaration? {
        options.first { $0.short == short }
    }

    func subcommand(_ name: String) -> CommandDeclaration? {
        subcommands.first { $0.name == name }
    }

    func requires(_ name: OptionName) -> Bool {
        rules.contains { if case .required(name) = $0 { true } else { false } }
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
