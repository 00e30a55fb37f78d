/// An option of a command. All about it stands in one declaration: name, type, default, help.
///
///     static let history = Option("history", .number("N", 1...1_000_000), default: 20, help: "How many to keep")
///
/// A command lists it among its options, and gets its value by `arguments[Options.history]`. Help, the completion scripts
/// and the tables of the documents follow.
///
/// `Result` is what the command gets: a `Bool` for a flag, a value where there is a default, an optional value where there
/// is none, and a list for an option that may be repeated.
struct Option<Result: Sendable>: DeclaredOption {
    let declaration: OptionDeclaration
    private let combine: @Sendable ([any ParsedValue]) -> Result

    /// What the command gets for the values that were given, in their order.
    func result(of given: [any ParsedValue]) -> Result { combine(given) }

    /// The same option with the words of another command.
    func help(_ help: String) -> Self {
        var declaration = declaration
        declaration.summary = help
        return Self(declaration: declaration, combine: combine)
    }

    private init(declaration: OptionDeclaration, combine: @escaping @Sendable ([any ParsedValue]) -> Result) {
        self.declaration = declaration
        self.combine = combine
    }
}

extension Option {
    /// A flag.
    init(_ name: String, short: Character? = nil, help: String) where Result == Bool {
        self.init(
            declaration: OptionDeclaration(name, short, nil, .lastWins, help), combine: { !$0.isEmpty })
    }

    /// An option with a default; where it is given twice the last one counts, so that a shell alias can be overridden.
    init(
        _ name: String, short: Character? = nil, _ type: ValueType<Result>, default fallback: Result,
        repetition: Repetition = .lastWins, help: String
    ) {
        var declaration = OptionDeclaration(name, short, type.declaration, repetition, help)
        declaration.fallback = type.word(for: fallback)
        self.init(
            declaration: declaration, combine: { ($0.last as? ParsedValueBox<Result>)?.value ?? fallback })
    }

    /// An option without a default, which may be given once.
    init<Value>(
        _ name: String, short: Character? = nil, _ type: ValueType<Value>, repetition: Repetition = .refused,
        help: String
    ) where Result == Value? {
        self.init(
            declaration: OptionDeclaration(name, short, type.declaration, repetition, help),
            combine: { ($0.last as? ParsedValueBox<Value>)?.value })
    }

    /// An option that may be repeated; all of its values count.
    init<Value>(_ name: String, short: Character? = nil, each type: ValueType<Value>, help: String)
    where Result == [Value] {
        self.init(
            declaration: OptionDeclaration(name, short, type.declaration, .collected, help),
            combine: { $0.compactMap { ($0 as? ParsedValueBox<Value>)?.value } })
    }
}

/// An option of any type, for lists and rules.
protocol DeclaredOption: Sendable {
    var declaration: OptionDeclaration { get }
}

/// The options of this program; each stands in the file of the commands that have it.
enum Options {}

/// What happens when an option is given twice.
enum Repetition: Sendable {
    /// A mistake: one of two files would be left out silently.
    case refused
    /// The last one counts.
    case lastWins
    /// All of them count, in their order.
    case collected
}

/// An option without its type: what the parser, help and the completion scripts need of it.
struct OptionDeclaration: DeclaredOption {
    /// The long name, without dashes.
    let name: String
    let short: Character?
    /// nil: a flag.
    let value: ValueDeclaration?
    let repetition: Repetition
    fileprivate var summary: String
    /// The default, as one would write it.
    fileprivate var fallback: String?

    fileprivate init(
        _ name: String, _ short: Character?, _ value: ValueDeclaration?, _ repetition: Repetition, _ summary: String
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.repetition = repetition
        self.summary = summary
    }

    var declaration: OptionDeclaration { self }

    /// What it does, with its default.
    var help: String { summary + (fallback.map { " (default: \($0))" } ?? "") }

    /// `--template`
    var long: String { "--" + name }

    /// The shortest spelling with its value, for usage lines: `-t TEMPLATE`.
    var usage: String {
        let spelling = short.map { "-\($0)" } ?? long
        guard let value else { return spelling }
        return "\(spelling) \(value.name)" + (repetition == .collected ? "…" : "")
    }
}
