import HATemplate

/// Reads a command line after GNU's conventions, against the declarations of a program's commands.
///
/// `--opt value`, `--opt=value`, `-o value`, `-ovalue` and `-o=value`; flags of one letter may be bundled (`-xh`);
/// options and operands may be mixed; after `--` everything is an operand; `-` alone is an operand or a value. Long
/// options are not abbreviated: an abbreviation in a script breaks when an option is added.
struct ArgumentParser: Sendable {
    let program: CommandDeclaration

    /// What the words after the program's name ask for.
    ///
    /// `--help` and `--version` count as soon as they are read, whatever follows. Everything else must be right to
    /// the end.
    func parse(_ words: [String]) throws(UsageError) -> Invocation {
        var run = ParsingRun(words: words[...], arguments: ParsedArguments(command: program))
        do {
            return try run.parse()
        } catch {
            throw UsageError(mistake: error, commandPath: run.arguments.commandPath)
        }
    }
}

/// One pass over the words of a command line.
private struct ParsingRun {
    typealias Mistake = UsageError.Mistake

    var words: ArraySlice<String>
    var arguments: ParsedArguments
    private var onlyOperands = false

    init(words: ArraySlice<String>, arguments: ParsedArguments) {
        self.words = words
        self.arguments = arguments
    }

    var command: CommandDeclaration { arguments.command }

    mutating func parse() throws(Mistake) -> Invocation {
        while let word = words.popFirst() {
            let stop: OptionDeclaration?
            if onlyOperands || word == "-" || !word.hasPrefix("-") {
                try consumeOperand(word)
                stop = nil
            } else if word == "--" {
                onlyOperands = true
                stop = nil
            } else if word.hasPrefix("--") {
                stop = try consumeLongOption(word)
            } else {
                stop = try consumeShortOptions(word)
            }
            if stop?.name == Options.help.declaration.name { return .help(arguments.commandPath) }
            if stop?.name == Options.version.declaration.name { return .version }
        }
        try checkOperandCount()
        for rule in command.rules { try check(rule) }
        return .run(arguments)
    }

    // MARK: Options

    /// Returns the flag, when the word is one that ends parsing at once.
    private mutating func consumeLongOption(_ word: String) throws(Mistake) -> OptionDeclaration? {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let spelling = String(parts[0])
        guard let option = command.option(String(spelling.dropFirst(2))) else {
            throw unknownOption(spelling)
        }
        return try consume(option, spelling: spelling, attached: parts.count > 1 ? String(parts[1]) : nil)
    }

    /// A bundle of flags, of which the last may be an option with its value.
    private mutating func consumeShortOptions(_ word: String) throws(Mistake) -> OptionDeclaration? {
        var rest = word.dropFirst()
        // Go's flags have one dash. '-template x' would be read as '-t emplate', and 'x' as one word too many.
        let whole = String(rest.prefix { $0 != "=" })
        if whole.count > 1, command.option(whole) != nil {
            throw .unknownOption("-" + whole, near: "--" + whole)
        }
        while let letter = rest.popFirst() {
            guard let option = command.option(short: letter) else { throw unknownOption("-\(letter)") }
            var attached: String?
            if option.value != nil, !rest.isEmpty {
                attached = String(rest.first == "=" ? rest.dropFirst() : rest)
                rest = ""
            } else if rest.first == "=" {
                throw .unexpectedValue(option: "-\(letter)")
            }
            if let stop = try consume(option, spelling: "-\(letter)", attached: attached) { return stop }
        }
        return nil
    }

    private mutating func consume(
        _ option: OptionDeclaration, spelling: String, attached: String?
    ) throws(Mistake) -> OptionDeclaration? {
        guard let declaration = option.value else {
            guard attached == nil else { throw .unexpectedValue(option: spelling) }
            arguments.add(spelling, ParsedValueBox(value: true), to: option)
            let endsParsing = [Options.help, Options.version].contains { $0.declaration.name == option.name }
            return endsParsing ? option : nil
        }
        let value: String
        if let attached {
            value = attached
        } else if let next = words.first, !looksLikeOption(next) {
            value = next
            words.removeFirst()
        } else {
            throw .missingValue(option: spelling, valueName: declaration.name, found: words.first)
        }
        if value.isEmpty, declaration.kind.choices.isEmpty {
            throw .emptyValue(option: spelling, valueName: declaration.name)
        }
        guard let read = declaration.read(value) else {
            let near = nearest(to: value, in: declaration.kind.choices)
            throw .valueNotAllowed(option: spelling, value: value, expected: declaration.expected, near: near)
        }
        if option.repetition == .refused, arguments.isGiven(option) { throw .givenTwice(option: spelling) }
        arguments.add(value, read, to: option)
        return nil
    }

    /// Whether a word that stands where a value is expected is rather the next option, its value forgotten.
    ///
    /// Values may begin with a dash (`--delims -%,%-`), so only the exact spellings of this command's options count.
    private func looksLikeOption(_ word: String) -> Bool {
        if word == "--" { return true }
        if word.hasPrefix("--") {
            let name = word.dropFirst(2).prefix { $0 != "=" }
            return command.option(String(name)) != nil
        }
        guard word.count == 2, word.hasPrefix("-"), let letter = word.last else { return false }
        return command.option(short: letter) != nil
    }

    private func unknownOption(_ spelling: String) -> Mistake {
        for (path, command) in command.family() where !path.isEmpty {
            let matches = command.options.contains { $0.long == spelling || $0.short.map { "-\($0)" } == spelling }
            if matches { return .optionBeforeCommand(spelling, command: path.joined(separator: " ")) }
        }
        // One letter is near every other letter: only long options have near names.
        guard spelling.hasPrefix("--") else { return .unknownOption(spelling, near: nil) }
        let near = nearest(to: String(spelling.drop { $0 == "-" }), in: command.options.map(\.name))
        return .unknownOption(spelling, near: near.map { "--" + $0 })
    }

    // MARK: Operands

    private mutating func consumeOperand(_ word: String) throws(Mistake) {
        if !command.subcommands.isEmpty {
            guard let subcommand = command.subcommand(word) else {
                throw .unknownCommand(word, near: nearest(to: word, in: command.subcommands.map(\.name)))
            }
            arguments.command = subcommand
            arguments.commandPath.append(subcommand.name)
            return
        }
        let number = arguments.operands.count
        guard let last = command.operands.last, number < command.operands.count || last.count == .many else {
            throw .unexpectedOperand(word)
        }
        try consume(word, as: number < command.operands.count ? command.operands[number] : last)
    }

    private mutating func consume(_ word: String, as operands: OperandDeclaration) throws(Mistake) {
        guard let read = operands.value.read(word) else {
            let near = nearest(to: word, in: operands.kind.choices)
            throw .operandNotAllowed(name: operands.name, value: word, expected: operands.value.expected, near: near)
        }
        arguments.add(word, read, to: operands)
    }

    private mutating func checkOperandCount() throws(Mistake) {
        if command.action == nil { throw .missingCommand(known: command.subcommands.map(\.name)) }
        if try passOptionalOperand() { return }
        let missing = command.operands.dropFirst(arguments.operands.count).first { $0.count == .one }
        if let missing { throw .missingOperand(name: missing.name, allowed: missing.kind.choices) }
    }

    /// A single word is for the operand that must be there, past an optional one before it; says whether that is so.
    private mutating func passOptionalOperand() throws(Mistake) -> Bool {
        guard let last = command.operands.last, last.count == .one, command.operands.first?.count == .optional,
            arguments.operands.count == command.operands.count - 1, let word = arguments.operands.first
        else { return false }
        arguments.takeOperands()
        try consume(word, as: last)
        return true
    }

    // MARK: Rules

    private func check(_ rule: OptionRule) throws(Mistake) {
        switch rule {
        case .required(let option):
            if !arguments.isGiven(option) { throw .missingOption(usage: usage(option)) }
        case .exclusive(let options, let others):
            if let option = options.first(where: arguments.isGiven), let other = others.first(where: arguments.isGiven)
            {
                throw .exclusive([long(option), long(other)])
            }
        case .needs(let option, let other):
            if arguments.isGiven(option), !arguments.isGiven(other) {
                throw .neededBeside(option: long(option), usage: usage(other))
            }
        case .needsOne(let option, let others):
            if arguments.isGiven(option), !others.contains(where: arguments.isGiven) {
                throw .neededBeside(option: long(option), usage: others.map(usage).joined(separator: "' or '"))
            }
        case .together(let option, let others):
            let isOtherGiven = others.contains(where: arguments.isGiven)
            if arguments.isGiven(option), !isOtherGiven { throw .missingOneOf(others.map(usage)) }
            if isOtherGiven, !arguments.isGiven(option) { throw .missingOption(usage: usage(option)) }
        case .standardInputOnce(let options):
            let readers = options.flatMap { option in
                arguments.words(of: option).filter { $0 == "-" }.map { _ in long(option) }
            }
            if readers.count > 1 { throw .standardInputTwice(options: readers) }
        }
    }

    private func long(_ option: any DeclaredOption) -> String { option.declaration.long }

    private func usage(_ option: any DeclaredOption) -> String { option.declaration.usage }
}
