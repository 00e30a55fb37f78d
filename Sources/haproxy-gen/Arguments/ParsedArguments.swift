/// What a command line asks for.
enum Invocation: Sendable {
    case run(ParsedArguments)
    /// Help for the command at this path below the program; empty: the program itself.
    case help([String])
    case version
}

/// The options and operands of one command, read and checked against its declaration.
struct ParsedArguments: Sendable {
    /// A word with what it stands for.
    private struct Given: Sendable {
        let word: String
        let value: any ParsedValue
    }

    /// Names from the program to the command, without the program's own: `["state", "list"]`.
    var commandPath: [String] = []
    var command: CommandDeclaration
    /// All operands as they were written.
    private(set) var operands: [String] = []
    private var givenOptions: [String: [Given]] = [:]
    private var givenOperands: [String: [Given]] = [:]

    init(command: CommandDeclaration) {
        self.command = command
    }

    /// The value of an option; its default when it was not given.
    subscript<Result>(option: Option<Result>) -> Result {
        option.result(of: (givenOptions[option.declaration.name] ?? []).map(\.value))
    }

    /// What the words of an operand stand for.
    subscript<Result>(operand: Operand<Result>) -> Result {
        operand.result(of: (givenOperands[operand.declaration.name] ?? []).map(\.value))
    }

    /// The value of an operand that must be there.
    func require<Value>(_ operand: Operand<Value?>) throws(CommandError) -> Value {
        guard let value = self[operand] else {
            throw usage(.missingOperand(name: operand.declaration.name, allowed: operand.declaration.kind.choices))
        }
        return value
    }

    /// The value of an option that must be given.
    func require<Value>(_ option: Option<Value?>) throws(CommandError) -> Value {
        guard let value = self[option] else { throw usage(.missingOption(usage: option.declaration.usage)) }
        return value
    }

    func isGiven(_ option: any DeclaredOption) -> Bool {
        givenOptions[option.declaration.name] != nil
    }

    /// The values of an option as they were written.
    func words(of option: any DeclaredOption) -> [String] {
        (givenOptions[option.declaration.name] ?? []).map(\.word)
    }

    /// A mistake in this command line.
    func usage(_ mistake: UsageError.Mistake) -> CommandError {
        .usage(UsageError(mistake: mistake, commandPath: commandPath))
    }

    mutating func add(_ word: String, _ value: any ParsedValue, to option: OptionDeclaration) {
        givenOptions[option.name, default: []].append(Given(word: word, value: value))
    }

    /// Forgets the operands, which are read again.
    mutating func takeOperands() {
        givenOperands = [:]
        operands = []
    }

    mutating func add(_ word: String, _ value: any ParsedValue, to operand: OperandDeclaration) {
        givenOperands[operand.name, default: []].append(Given(word: word, value: value))
        operands.append(word)
    }
}
