import HADelivery
import Testing

@testable import haproxy_gen

/// A program with one command of every shape, for the parser alone.
private let sample: CommandDeclaration = {
    let render = CommandDeclaration(
        name: "render", summary: "Render",
        options: [
            .init(.template, short: "t", value: .file("TEMPLATE"), repetition: .refused, help: ""),
            .init(.services, short: "s", value: .fileOrFolder("PATH"), repetition: .collected, help: ""),
            .init(.data, value: .file("FILE"), repetition: .refused, help: ""),
            .init(.dialect, short: "d", value: .choice(of: DialectChoice.self), help: ""),
            .init(.delimiters, value: .text("L,R"), repetition: .refused, help: ""),
            .init(.missingKey, short: "k", help: "a flag here"),
            .init(.blankLines, short: "b", help: "another flag"),
        ] + OptionDeclaration.common,
        rules: [
            .required(.template), .exactlyOne([.services, .data]),
            .standardInputOnce([.template, .services, .data]),
        ],
        action: { _, _ throws(CommandError) in .done })
    let show = CommandDeclaration(
        name: "show", summary: "Show", options: OptionDeclaration.common,
        operands: [.init(name: "TABLE", kind: .text, count: .one, help: "")],
        action: { _, _ throws(CommandError) in .done })
    let list = CommandDeclaration(
        name: "list", summary: "List", options: OptionDeclaration.common,
        operands: [.init(name: "FILES", kind: .file, count: .many, help: "")],
        action: { _, _ throws(CommandError) in .done })
    let shell = CommandDeclaration(
        name: "shell", summary: "Shell", options: OptionDeclaration.common,
        operands: [.init(name: "SHELL", kind: .choice(["bash", "zsh"]), count: .optional, help: "")],
        action: { _, _ throws(CommandError) in .done })
    let state = CommandDeclaration(
        name: "state", summary: "State", options: OptionDeclaration.common, subcommands: [show, list])
    return CommandDeclaration(
        name: "haproxy-gen", summary: "All",
        options: [.init(.version, help: "")] + OptionDeclaration.common, subcommands: [render, state, shell])
}()

/// What the parser made of a command line, as one line of text: `render services=[a b] | operands`.
private func parsed(_ line: [String]) -> String {
    do throws(UsageError) {
        switch try ArgumentParser(program: sample).parse(line) {
        case .version: return "version"
        case .help(let path): return (["help"] + path).joined(separator: " ")
        case .run(let arguments):
            let options = OptionName.allCases.filter(arguments.isGiven).map { name in
                let values = arguments.values(of: name)
                return values.allSatisfy(\.isEmpty) ? name.rawValue : "\(name.rawValue)=\(values)"
            }
            let operands = arguments.operands.isEmpty ? [] : ["| \(arguments.operands)"]
            return (arguments.commandPath + options + operands).joined(separator: " ")
        }
    } catch {
        return "error: " + error.mistake.sentence
    }
}

struct ParsingCase: Sendable, CustomTestStringConvertible {
    let name: String
    let line: [String]
    let result: String

    init(_ name: String, _ line: [String], _ result: String) {
        self.name = name
        self.line = line
        self.result = result
    }

    var testDescription: String { name }

    static let accepted: [ParsingCase] = [
        .init("separate value", ["render", "--template", "a", "--data", "b"], #"render template=["a"] data=["b"]"#),
        .init("value after =", ["render", "--template=a", "--data=b"], #"render template=["a"] data=["b"]"#),
        .init("value with = in it", ["render", "-t", "a", "--data=k=v"], #"render template=["a"] data=["k=v"]"#),
        .init("short, separate", ["render", "-t", "a", "-s", "b"], #"render template=["a"] services=["b"]"#),
        .init("short, attached", ["render", "-ta", "-sb"], #"render template=["a"] services=["b"]"#),
        .init("short, attached with =", ["render", "-t=a", "-s=b"], #"render template=["a"] services=["b"]"#),
        .init(
            "repeatable keeps the order", ["render", "-t", "a", "-s", "c", "--services=b", "-sd"],
            #"render template=["a"] services=["c", "b", "d"]"#),
        .init(
            "flags bundled", ["render", "-kb", "-ta", "-sb"],
            #"render template=["a"] services=["b"] missing-key blank-lines"#),
        .init(
            "bundle with a value at its end", ["render", "-kbta", "-sb"],
            #"render template=["a"] services=["b"] missing-key blank-lines"#),
        .init(
            "bundle with a separate value", ["render", "-kbt", "a", "-sb"],
            #"render template=["a"] services=["b"] missing-key blank-lines"#),
        .init(
            "last of an enumeration wins", ["render", "-ta", "-sb", "--dialect=nginx", "-d", "plain"],
            #"render template=["a"] services=["b"] dialect=["nginx", "plain"]"#),
        .init("- is a value", ["render", "-t", "a", "-s", "-"], #"render template=["a"] services=["-"]"#),
        .init("- attached", ["render", "-t", "a", "-s-"], #"render template=["a"] services=["-"]"#),
        .init(
            "value with a dash that is no option", ["render", "-ta", "-sb", "--delims", "-%,%-"],
            #"render template=["a"] services=["b"] delims=["-%,%-"]"#),
        .init(
            "value like an option, attached", ["render", "--template=-s", "-sb"],
            #"render template=["-s"] services=["b"]"#),
        .init(
            "option before the command", ["--color=never", "state", "show", "x"],
            #"state show color=["never"] | ["x"]"#),
        .init(
            "option between commands", ["state", "--color", "never", "show", "x"],
            #"state show color=["never"] | ["x"]"#),
        .init(
            "options after operands", ["state", "list", "a", "--color=never", "b"],
            #"state list color=["never"] | ["a", "b"]"#),
        .init(
            "operands after --", ["state", "list", "--", "--color", "-x", "--"],
            #"state list | ["--color", "-x", "--"]"#),
        .init("command after --", ["--", "state", "show", "x"], #"state show | ["x"]"#),
        .init("- as an operand", ["state", "list", "-", "a"], #"state list | ["-", "a"]"#),
        .init("empty operand", ["state", "list", ""], #"state list | [""]"#),
        .init("no operands where many may be", ["state", "list"], "state list"),
        .init("optional operand left out", ["shell"], "shell"),
        .init("enumerated operand", ["shell", "zsh"], #"shell | ["zsh"]"#),
        .init("not ASCII", ["render", "-tä.cfg", "-s", "日本"], #"render template=["ä.cfg"] services=["日本"]"#),
        .init("help of the program", ["--help"], "help"),
        .init("help of the program, short", ["-h"], "help"),
        .init("help of a command", ["render", "--help"], "help render"),
        .init("help before the rest is checked", ["render", "-h", "--nonsense"], "help render"),
        .init("help does not need what is required", ["state", "show", "-h"], "help state show"),
        .init("help of a group", ["state", "--help"], "help state"),
        .init("help at the end of a bundle", ["render", "-kbh"], "help render"),
        .init("version", ["--version"], "version"),
    ]

    static let refused: [ParsingCase] = [
        .init("nothing", [], "no command given: render, state or shell"),
        .init("group alone", ["state"], "no command given: show or list"),
        .init("unknown command", ["frobnicate"], "unknown command 'frobnicate'"),
        .init("command, one letter wrong", ["rendr"], "unknown command 'rendr' (did you mean 'render'?)"),
        .init("command, letters swapped", ["redner"], "unknown command 'redner' (did you mean 'render'?)"),
        .init("command, begun", ["ren"], "unknown command 'ren' (did you mean 'render'?)"),
        .init("subcommand, one letter wrong", ["state", "lst"], "unknown command 'lst' (did you mean 'list'?)"),
        .init("unknown option", ["render", "--frobnicate"], "unknown option '--frobnicate'"),
        .init(
            "option, one letter wrong", ["render", "--tempate", "a"],
            "unknown option '--tempate' (did you mean '--template'?)"),
        .init(
            "option with value, one letter wrong", ["render", "--tempate=a"],
            "unknown option '--tempate' (did you mean '--template'?)"),
        .init("option, begun", ["render", "--temp=a"], "unknown option '--temp' (did you mean '--template'?)"),
        .init(
            "one dash too few", ["render", "-template", "a", "-s", "b"],
            "unknown option '-template' (did you mean '--template'?)"),
        .init(
            "one dash too few, with =", ["render", "-template=a"],
            "unknown option '-template' (did you mean '--template'?)"),
        .init("unknown letter", ["render", "-x"], "unknown option '-x'"),
        .init("unknown letter in a bundle", ["render", "-kx"], "unknown option '-x'"),
        .init("three dashes", ["render", "---template"], "unknown option '---template' (did you mean '--template'?)"),
        .init("only an equals sign", ["render", "--=x"], "unknown option '--'"),
        .init(
            "option of a command before it", ["-t", "a", "render"],
            "option '-t' belongs after the command: 'haproxy-gen render -t …'"),
        .init(
            "long option of a command before it", ["--template=a", "render"],
            "option '--template' belongs after the command: 'haproxy-gen render --template …'"),
        .init("version of a command", ["render", "--version"], "unknown option '--version'"),
        .init("no value", ["render", "-s", "a", "-t"], "option '-t' needs a value: TEMPLATE"),
        .init("no value, long", ["render", "--template"], "option '--template' needs a value: TEMPLATE"),
        .init(
            "an option in place of the value", ["render", "-t", "-s", "a"],
            "option '-t' needs a value (TEMPLATE), but the option '-s' follows"),
        .init(
            "a long option in place of the value", ["render", "-t", "--data=x"],
            "option '-t' needs a value (TEMPLATE), but the option '--data=x' follows"),
        .init(
            "-- in place of the value", ["render", "-t", "--"],
            "option '-t' needs a value (TEMPLATE), but the option '--' follows"),
        .init("empty value", ["render", "--template="], "option '--template' has an empty value: TEMPLATE is needed"),
        .init("empty separate value", ["render", "-t", ""], "option '-t' has an empty value: TEMPLATE is needed"),
        .init("value for a flag", ["render", "--help=yes"], "option '--help' takes no value"),
        .init("value for a short flag", ["render", "-k=1"], "option '-k' takes no value"),
        .init(
            "not in the enumeration", ["render", "--dialect", "apache"],
            "option '--dialect' cannot be 'apache': auto, haproxy, nginx or plain"),
        .init(
            "near a name of the enumeration", ["render", "--dialect=ngnix"],
            "option '--dialect' cannot be 'ngnix' (did you mean 'nginx'?): auto, haproxy, nginx or plain"),
        .init(
            "empty in an enumeration", ["render", "--dialect="],
            "option '--dialect' cannot be '': auto, haproxy, nginx or plain"),
        .init("twice", ["render", "-t", "a", "--template=b"], "option '--template' is given twice"),
        .init("required option missing", ["render", "-s", "a"], "option '-t TEMPLATE' is missing"),
        .init("none of two", ["render", "-t", "a"], "one of '-s PATH…', '--data FILE' is missing"),
        .init(
            "both of two", ["render", "-t", "a", "-s", "b", "--data", "c"],
            "options '--services' and '--data' exclude each other"),
        .init(
            "standard input twice", ["render", "-t", "-", "-s", "-"],
            "standard input ('-') can be read only once: '--template' and '--services'"),
        .init(
            "standard input twice in one option", ["render", "-t", "a", "-s-", "-s-"],
            "standard input ('-') can be read only once: '--services' and '--services'"),
        .init("operand where none may be", ["render", "-t", "a", "-s", "b", "c"], "unexpected argument 'c'"),
        .init("operand missing", ["state", "show"], "TABLE is missing"),
        .init("one operand too many", ["state", "show", "a", "b"], "unexpected argument 'b'"),
        .init(
            "not an enumerated operand", ["shell", "tcsh"], "SHELL cannot be 'tcsh': bash or zsh"),
    ]
}

@Suite("Command line parsing")
struct ArgumentParserTests {
    @Test("accepted", arguments: ParsingCase.accepted)
    func accepted(_ test: ParsingCase) {
        #expect(parsed(test.line) == test.result)
    }

    @Test("refused", arguments: ParsingCase.refused)
    func refused(_ test: ParsingCase) {
        #expect(parsed(test.line) == "error: " + test.result)
    }

    @Test("a mistake names its command, for the hint")
    func commandPath() {
        let error = #expect(throws: UsageError.self) {
            try ArgumentParser(program: sample).parse(["state", "show", "--nonsense"])
        }
        #expect(error?.commandPath == ["state", "show"])
        #expect(error?.hint == "see 'haproxy-gen state show --help'")
    }

    @Test("an enumeration gives its last value")
    func choice() throws {
        let line = ["render", "-ta", "-sb", "-d", "nginx", "-d", "plain"]
        guard case .run(let arguments) = try ArgumentParser(program: sample).parse(line) else {
            Issue.record("not a run")
            return
        }
        #expect(arguments.choice(of: .dialect, as: DialectChoice.self) == .chosen(.plain))
        #expect(arguments.choice(of: .color, as: ColorChoice.self) == nil)
    }

    @Test("every command of the program is declared without a clash")
    func declarations() {
        for (path, command) in Program.declaration.family() {
            let names = command.options.map(\.long)
            let letters = command.options.compactMap(\.short)
            #expect(Set(names).count == names.count, "\(path)")
            #expect(Set(letters).count == letters.count, "\(path)")
            #expect(command.option(.help)?.short == "h", "\(path)")
            #expect(!command.examples.isEmpty && !command.exitMeanings.isEmpty, "\(path)")
            #expect((command.action == nil) == !command.subcommands.isEmpty, "\(path)")
        }
    }
}
