/// What a command line asks for.
enum Invocation: Sendable {
    case run(ParsedArguments)
    /// Help for the command at this path below the program; empty: the program itself.
    case help([String])
    case version
}

/// The options and operands of one command, checked against its declaration.
struct ParsedArguments: Sendable {
    /// Names from the program to the command, without the program's own: `["state", "list"]`.
    var commandPath: [String] = []
    var command: CommandDeclaration
    var operands: [String] = []
    private var given: [OptionName: [String]] = [:]

    init(command: CommandDeclaration) {
        self.command = command
    }

    /// The option's value, the last one where several were given; nil when it was not given.
    func value(of option: OptionName) -> String? {
        given[option]?.last
    }

    /// All values of a repeatable option, in their order.
    func values(of option: OptionName) -> [String] {
        given[option] ?? []
    }

    func isGiven(_ option: OptionName) -> Bool {
        given[option] != nil
    }

    /// The value of an option whose declaration allows the cases of this enumeration alone.
    func choice<Choice: RawRepresentable>(of option: OptionName, as type: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        value(of: option).flatMap(Choice.init(rawValue:))
    }

    mutating func add(_ value: String, to option: OptionName) {
        given[option, default: []].append(value)
    }
}
