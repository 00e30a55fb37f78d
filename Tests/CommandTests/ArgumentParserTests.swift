import HADelivery
import Testing

@testable import haproxy_gen

/// A program with one command of every shape, for the parser alone.
private enum Sample {
    static let template = Option("template", short: "t", .file("TEMPLATE"), help: "")
    static let services = Option("services", short: "s", each: .fileOrFolder("PATH"), help: "")
    static let data = Option("data", .file("FILE"), help: "")
    static let dialect = Option("dialect", short: "d", .choice(), default: DialectChoice.auto, help: "")
    static let delimiters = Option("delims", .text("L,R"), help: "")
    static let missingKey = Option("missing-key", short: "k", help: "a flag here")
    static let blankLines = Option("blank-lines", short: "b", help: "another flag")
    static let count = Option("count", .number("N", 1...9), default: 3, help: "How many")
    static let wait = Option("wait", .seconds("SECONDS", upTo: 60), default: 1_500, help: "How long")
    static let table = Operand(.table("TABLE"), help: "")
    static let files = Operand(each: .file("FILES"), help: "")
    static let shell = Operand(optional: .choice("SHELL", of: ["bash", "zsh"]), help: "")
    static let all: [any DeclaredOption] =
        [template, services, data, dialect, delimiters, missingKey, blankLines, count, wait] + Options.common

    static let program: CommandDeclaration = {
        let render = CommandDeclaration(
            name: "render", summary: "Render", options: all,
            rules: [
                .required(template), .together(template, oneOf: [services, data]), .exclusive([services], [data]),
                .standardInputOnce([template, services, data]),
            ],
            action: { _, _ throws(CommandError) in .done })
        let show = CommandDeclaration(
            name: "show", summary: "Show", options: Options.common, operands: [table],
            action: { _, _ throws(CommandError) in .done })
        let list = CommandDeclaration(
            name: "list", summary: "List", options: Options.common, operands: [files],
            action: { _, _ throws(CommandError) in .done })
        let shell = CommandDeclaration(
            name: "shell", summary: "Shell", options: Options.common, operands: [Sample.shell],
            action: { _, _ throws(CommandError) in .done })
        let state = CommandDeclaration(
            name: "state", summary: "State", options: Options.common, subcommands: [show, list])
        return CommandDeclaration(
            name: "haproxy-gen", summary: "All", options: [Options.version] + Options.common,
            subcommands: [render, state, shell])
    }()
}

/// What the parser made of a command line, as one line of text: `render services=[a b] | operands`.
private func parsed(_ line: [String]) -> String {
    do throws(UsageError) {
        switch try ArgumentParser(program: Sample.program).parse(line) {
        case .version: return "version"
        case .help(let path): return (["help"] + path).joined(separator: " ")
        case .run(let arguments):
            let options = Sample.all.map(\.declaration).filter(arguments.isGiven).map { option in
                option.value == nil ? option.name : "\(option.name)=\(arguments.words(of: option))"
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
            "option '--dialect' must be auto, haproxy, nginx or plain, not 'apache'"),
        .init(
            "near a name of the enumeration", ["render", "--dialect=ngnix"],
            "option '--dialect' must be auto, haproxy, nginx or plain, not 'ngnix' (did you mean 'nginx'?)"),
        .init(
            "empty in an enumeration", ["render", "--dialect="],
            "option '--dialect' must be auto, haproxy, nginx or plain, not ''"),
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
            "not an enumerated operand", ["shell", "tcsh"], "SHELL must be bash or zsh, not 'tcsh'"),
        .init(
            "operand of a type", ["state", "show", "../a"],
            "TABLE must be a name of letters, digits, '.', '_' and '-', without '.' in front, not '../a'"),
        .init(
            "number with a sign", ["render", "--count", "+1"], "option '--count' must be a number from 1 to 9, not '+1'"
        ),
        .init(
            "number out of range", ["render", "--count=10"], "option '--count' must be a number from 1 to 9, not '10'"),
        .init("seconds below 0", ["render", "--wait=-1"], "option '--wait' must be seconds from 0 to 60, not '-1'"),
        .init(
            "seconds that are no number", ["render", "--wait=nan"],
            "option '--wait' must be seconds from 0 to 60, not 'nan'"),
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
            try ArgumentParser(program: Sample.program).parse(["state", "show", "--nonsense"])
        }
        #expect(error?.commandPath == ["state", "show"])
        #expect(error?.hint == "see 'haproxy-gen state show --help'")
    }

    private func arguments(_ words: [String]) throws -> ParsedArguments {
        guard case .run(let arguments) = try ArgumentParser(program: Sample.program).parse(words) else {
            throw CancellationError()
        }
        return arguments
    }

    @Test("options give values of their types, and their defaults")
    func values() throws {
        let given = try arguments([
            "render", "-ta", "-sb", "-sc", "-k", "-d", "nginx", "-d", "plain", "--count=7", "--wait", "0.25",
        ])
        #expect(given[Sample.template] == "a" && given[Sample.services] == ["b", "c"] && given[Sample.missingKey])
        #expect(given[Sample.dialect] == .chosen(.plain) && given[Sample.count] == 7 && given[Sample.wait] == 250)
        let defaults = try arguments(["render", "-ta", "--data=b"])
        #expect(defaults[Sample.services] == [] && !defaults[Sample.missingKey] && defaults[Sample.delimiters] == nil)
        #expect(defaults[Sample.dialect] == .auto && defaults[Sample.count] == 3 && defaults[Sample.wait] == 1_500)
        #expect(defaults[Options.color] == .auto)
    }

    @Test("operands give values of their types")
    func operandValues() throws {
        #expect(try arguments(["state", "show", "a"]).require(Sample.table).text == "a")
        #expect(try arguments(["state", "list", "a", "b"])[Sample.files] == ["a", "b"])
        #expect(try arguments(["state", "list"])[Sample.files] == [])
        #expect(try arguments(["shell"])[Sample.shell] == nil)
    }

    @Test("what must be there and was not declared so is a mistake in the command line")
    func require() throws {
        let list = try arguments(["state", "list"])
        for work in [{ _ = try list.require(Sample.table) }, { _ = try list.require(Sample.template) }] {
            guard case .usage = try #require(#expect(throws: CommandError.self, performing: work)) else {
                Issue.record("another error")
                continue
            }
        }
    }

    @Test("help shows the default of an option as one would write it")
    func defaultsInHelp() {
        #expect(Sample.count.declaration.help == "How many (default: 3)")
        #expect(Sample.wait.declaration.help == "How long (default: 1.5)")
        #expect(Sample.count.help("Turns").declaration.help == "Turns (default: 3)")
        #expect(Options.delimiters.declaration.help.hasSuffix("(default: {{,}})"))
    }

    @Test("every command of the program is declared without a clash")
    func declarations() {
        for (path, command) in Program.declaration.family() {
            let names = command.options.map(\.long)
            let letters = command.options.compactMap(\.short)
            #expect(Set(names).count == names.count, "\(path)")
            #expect(Set(letters).count == letters.count, "\(path)")
            #expect(command.option("help")?.short == "h", "\(path)")
            #expect(!command.examples.isEmpty && !command.exitMeanings.isEmpty, "\(path)")
            #expect((command.action == nil) == !command.subcommands.isEmpty, "\(path)")
        }
    }
}
