import HAServices

/// `haproxy-gen state log`
enum StateLogCommand {
    static let declaration = CommandDeclaration(
        name: "log",
        summary: "Show when a table changed, and how",
        discussion: ["The newest revision comes first. Times are those of the files in the history."],
        options: Options.stateCommand,
        operands: [Operands.table],
        examples: [.init(purpose: "The last revisions of a table", line: "haproxy-gen state log astro")],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let table = try run.table()
        let numbers: [Int]
        do { numbers = try run.directory.revisions(of: table) } catch { throw .state(error) }
        var before: Revision?
        var texts: [String] = []
        var entries: [(number: Int, time: String?, changes: ServiceChanges?)] = []
        for number in numbers {
            let revision = try run.read(table, number)
            let time = run.directory.time(of: number, table: table).map { UTCTime(seconds: $0).description }
            // What the oldest one changed is known only when nothing was before it.
            let isKnown = before != nil || number == 1
            let changes = isKnown ? ServiceChanges(from: before?.document, to: revision.document) : nil
            entries.append((number, time, changes))
            let lines = changes.map { StateText.lines($0) } ?? "  (the revision before it is not kept)\n"
            texts.append("revision \(number)" + (time.map { ", \($0)" } ?? "") + "\n" + lines)
            before = revision
        }
        if run.format == .human {
            try run.print(texts.reversed().joined())
            return .done
        }
        var json = JSONText()
        json.beginList()
        for entry in entries.reversed() {
            json.beginObject()
            json.key("revision")
            json.integer(entry.number)
            if let time = entry.time {
                json.key("time")
                json.string(time)
            }
            if let changes = entry.changes {
                json.key("changes")
                json.changes(changes)
            }
            json.endObject()
        }
        json.endList()
        try run.print(json)
        return .done
    }
}

/// `haproxy-gen state diff`
enum StateDiffCommand {
    private static let first = Operand(.number("A", 1...Int.max), help: "A revision that the history has")
    private static let second = Operand(.number("B", 1...Int.max), help: "The revision to compare it with")

    static let declaration = CommandDeclaration(
        name: "diff",
        summary: "Show what is different between two revisions of a table",
        options: Options.stateCommand,
        operands: [Operands.table, first, second],
        examples: [.init(purpose: "From revision 3 to revision 7", line: "haproxy-gen state diff astro 3 7")],
        exitMeanings: [
            .init(code: .done, meaning: "there is no difference"),
            .init(
                code: .inputWrong,
                meaning: "there are differences; or there is no such table or revision, or a file is wrong"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let table = try run.table()
        let before = try run.read(table, try arguments.require(first))
        let after = try run.read(table, try arguments.require(second))
        let changes = ServiceChanges(from: before.document, to: after.document)
        switch run.format {
        case .human:
            try run.print(changes.lines.map { $0 + "\n" }.joined())
        case .json:
            var json = JSONText()
            json.changes(changes)
            try run.print(json)
        }
        return changes.isEmpty ? .done : .inputWrong
    }
}

/// `haproxy-gen state rollback`
enum StateRollbackCommand {
    private static let number = Operand(.number("N", 1...Int.max), help: "A revision that the history has")

    static let declaration = CommandDeclaration(
        name: "rollback",
        summary: "Make a new revision of a table that is equal to an earlier one",
        options: [Options.accept] + Options.changing + Options.stateCommand,
        operands: [Operands.table, number],
        examples: [
            .init(purpose: "Go back to revision 7", line: "haproxy-gen state rollback astro 7"),
            .init(
                purpose: "Go on from revision 7 after current.json was damaged",
                line: "haproxy-gen state rollback astro 7 --accept"),
        ],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let number = try arguments.require(number)
        let table = try run.table()
        do { _ = try run.directory.revision(number, of: table) } catch {
            // Nothing is made where nothing is; a broken file is what --accept is for.
            if !arguments[Options.accept] { throw .state(error) }
            if case .noTable = error { throw .state(error) }
        }
        return try run.change(table) { (transaction) throws(StateError) in
            try transaction.proposal(restoring: number)
        }
    }
}
