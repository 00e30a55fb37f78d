import HAServices

/// `haproxy-gen state …`: looks at the tables of a state directory and changes them.
enum StateCommand {
    static let declaration = CommandDeclaration(
        name: "state",
        summary: "Look at the tables that 'generate' remembers, go back, check, import and export",
        discussion: [
            "A state directory has one folder a table: current.json is the table, history/ has its last revisions. "
                + "Commands that change a table make a new revision; only the oldest ones are removed."
        ],
        options: Options.common,
        subcommands: [
            StateListCommand.declaration, StateShowCommand.declaration, StateLogCommand.declaration,
            StateDiffCommand.declaration, StateRollbackCommand.declaration, StateVerifyCommand.declaration,
            StateImportCommand.declaration, StateExportCommand.declaration,
        ],
        examples: [
            .init(purpose: "The tables", line: "haproxy-gen state list"),
            .init(purpose: "What happened to one", line: "haproxy-gen state log astro"),
            .init(purpose: "Go back", line: "haproxy-gen state rollback astro 7"),
        ],
        exitMeanings: exitMeanings)

    static let exitMeanings: [ExitMeaning] = [
        .init(code: .done, meaning: "done"),
        .init(code: .inputWrong, meaning: "there is no such table or revision, or a file is wrong"),
        .init(code: .usage, meaning: "the command line is wrong"),
        .init(code: .environment, meaning: "a file cannot be read or written, or the table is locked"),
    ]
}

/// The values of `--format`.
enum StateFormat: String, Sendable, CaseIterable {
    case human, json
}

extension Options {
    static let stateFormat = Option(
        "format", .choice(), default: StateFormat.human, help: "human: for reading here; json: for programs")

    /// The options of every command below `state`.
    static let stateCommand: [any DeclaredOption] = [stateFolder, stateFormat] + common
}

/// What a command below `state` works with.
struct StateRun {
    let arguments: ParsedArguments
    let context: CommandContext
    let directory: StateDirectory
    let format: StateFormat

    init(_ arguments: ParsedArguments, _ context: CommandContext) {
        self.arguments = arguments
        self.context = context
        directory = StateDirectory(
            path: arguments[Options.stateFolder], files: context.files, temporaries: context.temporaries)
        format = arguments[Options.stateFormat]
    }

    /// The table that the command is about.
    func table() throws(CommandError) -> TableName { try arguments.require(Operands.table) }

    /// A revision of a table; nil: the current one.
    func read(_ table: TableName, _ revision: Int? = nil) throws(CommandError) -> Revision {
        do throws(StateError) {
            guard let revision else { return try directory.current(table) }
            return try directory.revision(revision, of: table)
        } catch {
            throw .state(error)
        }
    }

    /// Prints a text for people, whose control characters are shown as escapes.
    func print(_ text: String) throws(CommandError) {
        try context.console.write(Console.printableLines(text))
    }

    func print(_ json: consuming JSONText) throws(CommandError) {
        var json = json
        json.finish()
        try context.console.write(json.bytes)
    }

    /// Changes a table, and reports what has changed.
    func change(
        _ table: TableName,
        _ propose: (borrowing StateTransaction) throws(StateError) -> Proposal
    ) throws(CommandError) -> ExitCode {
        let proposal: Proposal
        let revision: Int
        do throws(StateError) {
            var transaction = try directory.begin(
                table, lockTimeout: arguments[Options.lockTimeout], accepting: arguments[Options.accept])
            proposal = try propose(transaction)
            revision = try transaction.commit(proposal, history: arguments[Options.history])
        } catch {
            throw .state(error)
        }
        context.console.show(proposal.warnings)
        if format == .human {
            try print(StateText.summary(of: proposal, storedAs: revision))
            return .done
        }
        var json = JSONText()
        json.beginObject()
        json.key("table")
        json.string(table.text)
        json.key("revision")
        json.integer(revision)
        json.key("before")
        json.integer(proposal.baseRevision)
        json.key("changes")
        json.changes(proposal.changes)
        json.endObject()
        try print(json)
        return .done
    }
}
