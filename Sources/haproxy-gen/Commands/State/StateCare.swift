import HAServices
import HASystem
import HATemplate

/// `haproxy-gen state verify`
enum StateVerifyCommand {
    private static let tables = Operand(each: .table("TABLE"), help: "The tables to check (default: all of them)")

    static let declaration = CommandDeclaration(
        name: "verify",
        summary: "Check every file of the state directory",
        discussion: [
            "Format, digest, services, layout, order, and a history without gaps. What a killed program leaves "
                + "is not a mistake: the next one that changes the table cleans it up."
        ],
        options: Options.stateCommand,
        operands: [tables],
        examples: [.init(purpose: "Before a commit of ./state", line: "haproxy-gen state verify")],
        exitMeanings: [
            .init(code: .done, meaning: "everything is in order"),
            .init(code: .inputWrong, meaning: "a file is wrong; its name is shown"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let tables = arguments[tables]
        let report: StateReport
        do { report = try run.directory.verify(tables.isEmpty ? nil : tables) } catch { throw .state(error) }
        let counts = "\(ServiceChange.count(report.tables, "table")), \(ServiceChange.count(report.files, "file"))"
        switch run.format {
        case .human:
            var printer = DiagnosticPrinter(color: context.console.usesColor)
            context.console.say(report.findings.map { printer.text(of: $0) }.joined())
            if report.findings.isEmpty { try run.print("\(counts): in order\n") }
        case .json:
            var json = JSONText()
            json.beginObject()
            json.key("tables")
            json.integer(report.tables)
            json.key("files")
            json.integer(report.files)
            json.key("findings")
            json.findings(report.findings)
            json.endObject()
            try run.print(json)
        }
        return report.findings.isEmpty ? .done : .inputWrong
    }
}

extension JSONText {
    fileprivate mutating func findings(_ findings: [Diagnostic]) {
        beginList()
        for finding in findings {
            beginObject()
            if let location = finding.location {
                let position = LineIndex(location.file).position(at: location.range.start)
                key("file")
                string(location.file.name)
                key("line")
                integer(position.line)
                key("column")
                integer(position.column)
            }
            key("code")
            string(finding.code.rawValue)
            key("message")
            string(finding.message)
            endObject()
        }
        endList()
    }
}

/// `haproxy-gen state import`
enum StateImportCommand {
    private static let file = Operand(.file("FILE"), help: "The file; '-' for standard input")

    static let declaration = CommandDeclaration(
        name: "import",
        summary: "Make the services of a file the next revision of a table",
        discussion: [
            "FILE is the scan of a Cosmos table in DynamoDB (aws dynamodb scan --table-name NAME), a list of services "
                + "as 'render -s' reads it, or a current.json that was changed by hand. The table is replaced as a whole; "
                + "a table that does not exist is made."
        ],
        options: [Options.accept] + Options.changing + Options.stateCommand,
        operands: [file, Operands.table],
        examples: [
            .init(
                purpose: "Take a table over from Cosmos",
                line: "aws dynamodb scan --table-name astro | haproxy-gen state import - astro"),
            .init(
                purpose: "Keep a change that was made by hand",
                line: "haproxy-gen state import state/astro/current.json astro --accept"),
        ],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let table = try run.table()
        let path = try arguments.require(file)
        let input: InputFile
        do { input = try FileReader(files: context.files).read(path) } catch {
            throw .file(error)
        }
        return try run.change(table) { (transaction) throws(StateError) in
            try transaction.proposal(importing: input.name, bytes: input.bytes)
        }
    }
}
