import HAServices
import HATemplate

/// The values of `--dialect`.
enum DialectChoice: String, Sendable, CaseIterable {
    case auto, haproxy, nginx, plain

    /// What the library calls it; nil for `auto`.
    var dialect: Dialect? { Dialect(rawValue: rawValue) }

    /// The dialect that a template's file name stands for; nil for a name that says nothing.
    static func named(by path: String) -> DialectChoice? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let endings: [(ending: String, dialect: DialectChoice)] = [("cfg", .haproxy), ("conf", .nginx)]
        for (ending, dialect) in endings {
            let suffixes = [".\(ending)", ".\(ending).tmpl", ".\(ending).tpl"]
            if suffixes.contains(where: name.hasSuffix) { return dialect }
        }
        return name.hasPrefix("nginx") && name.hasSuffix(".tpl") ? .nginx : nil
    }
}

/// Where services may come from beside local files; the values of `--trust-config`.
enum ConfigSource: String, Sendable, CaseIterable {
    /// `-s -`
    case stdin
    /// Tables of the state directory, and the payloads that change them.
    case state
}

/// What `render` is asked to do: its options, read and completed with their defaults.
struct RenderRequest: Sendable, Equatable {
    /// Where the root value comes from.
    enum Source: Sendable, Equatable {
        /// Files, folders and `-`, in the order given, and then a table of a state directory.
        case services([String], table: StoredTable? = nil)
        case data(String)
    }

    let template: String
    let source: Source
    /// nil: standard output.
    let output: String?
    /// Never `auto`.
    let dialect: DialectChoice
    /// Whether `auto` found nothing in the template's name, and plain is a guess.
    let isDialectGuessed: Bool
    /// Sources beside local files whose Config is trusted.
    let trustedSources: Set<ConfigSource>
    let missingKey: MissingKey
    let blankLines: BlankLines
    let delimiters: Template.Delimiters
    /// Name and value of each setting, in the order given.
    let parameters: [Parameter]
    /// A file of settings.
    let parameterFile: String?
    /// Folders of templates to share.
    let includes: [String]
    /// Names of environment variables that the template may read.
    let environment: [String]

    struct StoredTable: Sendable, Equatable {
        let folder: String
        let name: TableName
    }

    struct Parameter: Sendable, Equatable {
        let name: String
        let value: String
    }

    init(_ arguments: ParsedArguments) throws(UsageError) {
        template = arguments.value(of: .template) ?? ""
        if let data = arguments.value(of: .data) {
            source = .data(data)
        } else {
            source = .services(arguments.values(of: .services), table: try Self.table(arguments))
        }
        output = arguments.value(of: .output).flatMap { $0 == "-" ? nil : $0 }
        let chosen: DialectChoice = arguments.choice(of: .dialect) ?? .auto
        let named = chosen == .auto ? DialectChoice.named(by: template) : chosen
        dialect = named ?? .plain
        isDialectGuessed = named == nil
        trustedSources = Set(arguments.values(of: .trustConfig).compactMap(ConfigSource.init))
        missingKey = arguments.choice(of: .missingKey) ?? .error
        blankLines = arguments.choice(of: .blankLines) ?? (dialect == .plain ? .keep : .squeeze)
        delimiters = try Self.delimiters(arguments)
        parameters = try Self.parameters(arguments)
        parameterFile = arguments.value(of: .params)
        includes = arguments.values(of: .include)
        environment = arguments.values(of: .environment)
    }

    private static func table(_ arguments: ParsedArguments) throws(UsageError) -> StoredTable? {
        guard let name = try arguments.table(of: .table) else { return nil }
        return StoredTable(folder: arguments.stateFolder, name: name)
    }

    private static func parameters(_ arguments: ParsedArguments) throws(UsageError) -> [Parameter] {
        var parameters: [Parameter] = []
        for text in arguments.values(of: .param) {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw UsageError(mistake: .malformedParameter(text), commandPath: arguments.commandPath)
            }
            parameters.append(Parameter(name: String(text[..<sign]), value: String(text[text.index(after: sign)...])))
        }
        return parameters
    }

    private static func delimiters(_ arguments: ParsedArguments) throws(UsageError) -> Template.Delimiters {
        guard let value = arguments.value(of: .delimiters) else { return Template.Delimiters() }
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1] else {
            throw UsageError(mistake: .malformedDelimiters(value), commandPath: arguments.commandPath)
        }
        return Template.Delimiters(left: String(parts[0]), right: String(parts[1]))
    }
}
