import HAServices
import HATemplate

/// `haproxy-gen state list`
enum StateListCommand {
    static let declaration = CommandDeclaration(
        name: "list",
        summary: "List the tables, their revisions and how many services and hosts they have",
        options: Options.stateCommand,
        examples: [.init(purpose: "The tables of ./state", line: "haproxy-gen state list")],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let tables: [TableName]
        do { tables = try run.directory.tables() } catch { throw .state(error) }
        var rows = [["TABLE", "REVISION", "SERVICES", "HOSTS"]]
        var json = JSONText()
        json.beginList()
        for table in tables {
            let revision = try run.read(table)
            let counts = revision.counts
            rows.append([table.text, String(revision.number), String(counts.services), String(counts.hosts)])
            json.beginObject()
            json.key("table")
            json.string(table.text)
            json.key("revision")
            json.integer(revision.number)
            json.key("services")
            json.integer(counts.services)
            json.key("hosts")
            json.integer(counts.hosts)
            json.endObject()
        }
        json.endList()
        switch run.format {
        case .human: try run.print(StateText.columns(rows, numbersFrom: 1))
        case .json: try run.print(json)
        }
        return .done
    }
}

/// `haproxy-gen state show`
enum StateShowCommand {
    static let declaration = CommandDeclaration(
        name: "show",
        summary: "Show the services and hosts of a table",
        options: [Options.revision] + Options.stateCommand,
        operands: [Operands.table],
        examples: [
            .init(purpose: "As it was at revision 7", line: "haproxy-gen state show astro --revision 7")
        ],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        let table = try run.table()
        let revision = try run.read(table, arguments[Options.revision])
        context.console.show(revision.warnings)
        if run.format == .json {
            try context.console.write(revision.file)
            return .done
        }
        let counts = revision.counts
        var text = "\(table), revision \(revision.number): \(ServiceChange.count(counts.services, "service")), "
        text += "\(ServiceChange.count(counts.hosts, "host"))\n"
        let document = revision.document
        for service in document.elements(of: document.root) { text += describe(service, document) }
        try run.print(text)
        return .done
    }

    private static func describe(_ service: Value, _ document: Document) -> String {
        func field(_ name: String) -> String {
            guard let value = document.field(name, of: service) else { return "" }
            return value.kind == .int ? (value.asInt == 0 ? "" : String(value.asInt)) : document.text(of: value) ?? ""
        }
        let domains = document.field("Domains", of: service).map { document.elements(of: $0) } ?? []
        let routes = domains.compactMap { document.text(of: $0) } + [field("ProxyPath")]
        let proxied = field("ApplicationProtocol").isEmpty ? field("TransportProtocol") : field("ApplicationProtocol")
        var words = [field("Id"), proxied] + routes
        for (label, name) in [("port", "Port"), ("listens on", "ServicePort"), ("cookie", "Cookie")]
        where !field(name).isEmpty {
            words.append("\(label) \(field(name))")
        }
        var text = "\n" + words.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
        for host in document.field("Hosts", of: service).map({ document.elements(of: $0) }) ?? [] {
            let id = document.field("Id", of: host).flatMap { document.text(of: $0) } ?? ""
            let address = document.callMethod("Address", of: host) ?? ""
            text += "  " + [id, address].filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
        }
        return text
    }
}

/// `haproxy-gen state export`
enum StateExportCommand {
    static let declaration = CommandDeclaration(
        name: "export",
        summary: "Print the services of a table as a service file",
        discussion: ["What is printed can be read by 'render -s' and by 'state import'."],
        options: [Options.revision] + Options.stateCommand,
        operands: [Operands.table],
        examples: [
            .init(purpose: "Into a file", line: "haproxy-gen state export astro > services.json")
        ],
        exitMeanings: StateCommand.exitMeanings,
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let run = StateRun(arguments, context)
        try context.console.write(try run.read(try run.table(), arguments[Options.revision]).serviceFile)
        return .done
    }
}
