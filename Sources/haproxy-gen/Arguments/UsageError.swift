/// A command line that cannot be followed, and the command that it was meant for.
struct UsageError: Error, Equatable {
    let mistake: Mistake
    /// Names from the program to the command, without the program's own.
    let commandPath: [String]

    /// One case a cause. Options are kept as the person spelt them (`-t`, `--template`).
    enum Mistake: Error, Equatable {
        case unknownOption(String, near: String?)
        case optionBeforeCommand(String, command: String)
        case unknownCommand(String, near: String?)
        case missingCommand(known: [String])
        case missingValue(option: String, valueName: String, found: String?)
        case unexpectedValue(option: String)
        case emptyValue(option: String, valueName: String)
        case valueNotAllowed(option: String, value: String, expected: String, near: String?)
        case givenTwice(option: String)
        case missingOption(usage: String)
        case missingOneOf([String])
        case exclusive([String])
        case standardInputTwice(options: [String])
        case neededBeside(option: String, usage: String)
        case tableBesideData(target: String)
        case overwrites(String, input: String)
        case unknownTarget(String, near: String?, known: [String])
        case unknownSource(String, near: String?)
        /// The command works on one target, and the project has these.
        case manyTargets([String])
        case badURL(String, reason: String)
        case unknownRevision(String)
        case noProjectFile
        /// Some of proxym's variables are set, and these are not.
        case proxymIncomplete([String])
        case missingOperand(name: String, allowed: [String])
        case unexpectedOperand(String)
        case operandNotAllowed(name: String, value: String, expected: String, near: String?)
    }
}

extension UsageError.Mistake {
    /// The mistake in one line, without a full stop.
    var sentence: String {
        switch self {
        case .unknownOption(let option, let near):
            "unknown option '\(option)'" + didYouMean(near)
        case .optionBeforeCommand(let option, let command):
            "option '\(option)' belongs after the command: 'haproxy-gen \(command) \(option) …'"
        case .unknownCommand(let name, let near):
            "unknown command '\(name)'" + didYouMean(near)
        case .missingCommand(let known):
            "no command given: \(oneOf(known))"
        case .missingValue(let option, let valueName, nil):
            "option '\(option)' needs a value: \(valueName)"
        case .missingValue(let option, let valueName, let found?):
            "option '\(option)' needs a value (\(valueName)), but the option '\(found)' follows"
        case .unexpectedValue(let option):
            "option '\(option)' takes no value"
        case .emptyValue(let option, let valueName):
            "option '\(option)' has an empty value: \(valueName) is needed"
        case .valueNotAllowed(let option, let value, let expected, let near):
            "option '\(option)' must be \(expected), not '\(value)'\(didYouMean(near))"
        case .givenTwice(let option):
            "option '\(option)' is given twice"
        case .missingOption(let usage):
            "option '\(usage)' is missing"
        case .missingOneOf(let usages):
            "one of \(usages.map { "'\($0)'" }.joined(separator: ", ")) is missing"
        case .exclusive(let options):
            "options \(options.map { "'\($0)'" }.joined(separator: " and ")) exclude each other"
        case .standardInputTwice(let options):
            "standard input ('-') can be read only once: \(options.map { "'\($0)'" }.joined(separator: " and "))"
        case .neededBeside(let option, let usage):
            "option '\(option)' needs '\(usage)' beside it"
        case .tableBesideData(let target):
            "the target '\(target)' gets other data than services, so it takes no '--table'"
        case .overwrites(let path, let input):
            path == input
                ? "'\(path)' would be written over its own input" : "'\(path)' would be written over '\(input)'"
        case .manyTargets(let names):
            "name a target before the URL: \(oneOf(names))"
        case .badURL(let text, let reason):
            "'\(text)' is not a URL to ask about: \(reason)"
        case .unknownTarget(let name, let near, let known):
            "the project has no target '\(name)'"
                + (near == nil ? "; name \(oneOf(Array(known.prefix(20))))" : didYouMean(near))
        case .unknownSource(let name, let near):
            "no target of the project gets services from a source '\(name)'\(didYouMean(near))"
        case .unknownRevision(let name):
            "git knows no revision '\(name)' here; a shallow clone has to fetch it first"
        case .noProjectFile:
            "there is no haproxy-gen.json here or in a folder above; 'haproxy-gen init' makes one"
        case .proxymIncomplete(let names):
            "there is no haproxy-gen.json here or in a folder above, and these variables of proxym are not set: "
                + names.joined(separator: " and ")
        case .missingOperand(let name, let allowed):
            "\(name) is missing" + (allowed.isEmpty ? "" : ": \(oneOf(allowed))")
        case .unexpectedOperand(let word):
            "unexpected argument '\(word)'"
        case .operandNotAllowed(let name, let value, let expected, let near):
            "\(name) must be \(expected), not '\(value)'\(didYouMean(near))"
        }
    }

    private func didYouMean(_ near: String?) -> String {
        near.map { " (did you mean '\($0)'?)" } ?? ""
    }
}

extension UsageError {
    /// Where to read on.
    var hint: String {
        "see '\((["haproxy-gen"] + commandPath + ["--help"]).joined(separator: " "))'"
    }
}
