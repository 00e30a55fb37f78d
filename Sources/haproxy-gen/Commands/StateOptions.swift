import HADelivery
import HAServices

/// The options and operands of commands that read or change tables.
extension Options {
    /// Where tables are kept.
    static let stateFolder = Option(
        "state", .folder("DIR"), default: ProjectFile.defaultStateFolder, repetition: .refused,
        help: "The state directory")
    /// Where tables are kept, in commands that work on a project.
    static let projectStateFolder = Option(
        "state", .folder("DIR"),
        help: "The state directory of --table (default: the project's, else "
            + "\(ProjectFile.defaultStateFolder))")
    static let table = Option(
        "table", .table("NAME"),
        help: "A table of the state directory, whose services come after the 'services' of every target that gets "
            + "services, in place of the target's own 'table'")
    static let lockTimeout = Option(
        "lock-timeout", .seconds("SECONDS", upTo: 86_400), default: StateDirectory.defaultLockTimeout,
        help: "How long to wait while another process changes the table")
    static let history = Option(
        "history", .number("N", 1...1_000_000), default: StateTransaction.defaultHistory,
        help: "How many revisions to keep, the current one included")
    static let revision = Option(
        "revision", .number("N", 1...Int.max),
        help: "A revision that the history has (default: the current one)")
    static let accept = Option(
        "accept",
        help: "Replace a current.json that is broken, missing or changed by hand; it is kept as current.json.refused")

    /// The options of commands that put a table's services after those of the project's targets.
    static let joinedTable: [any DeclaredOption] = [table, projectStateFolder, trustConfig]
    /// The options of commands that change a table.
    static let changing: [any DeclaredOption] = [lockTimeout, history]
}

extension Operands {
    static let table = Operand(.table("TABLE"), help: "The name of a table")
}

extension ValueType<TableName> {
    static func table(_ name: String) -> Self {
        Self(
            name, expected: "a name of letters, digits, '.', '_' and '-', without '.' in front",
            parse: { TableName($0) },
            write: { $0.text })
    }
}

extension ParsedArguments {
    /// The table of `--table` in this state directory; nil when none is given.
    func storedTable(in folder: String) -> RenderInput.StoredTable? {
        self[Options.table].map { .init(folder: folder, name: $0) }
    }

    /// The sources whose Config is trusted.
    var trustedSources: Set<ConfigSource> { Set(self[Options.trustConfig]) }
}
