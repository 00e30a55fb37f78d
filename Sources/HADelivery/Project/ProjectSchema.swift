import HAServices
import HATemplate

/// The keys of the project file, one row each.
///
/// Everything that knows the keys is made of these tables: the reader, `docs/haproxy-gen.schema.json` and the tables of
/// `docs/delivery.md`. To add a key, add its row to the list of its object, read it in `ProjectReader`, and let
/// `UPDATE_GOLDEN=1` rewrite the documents.
package enum ProjectSchema {
    /// The rows of the project itself, of a target and of its guards.
    package static let project = ProjectKeys.all.map(\.row)
    package static let target = TargetKeys.all.map(\.row)
    package static let guards = GuardKeys.all.map(\.row)
    /// The rows of a source, and of the daemon's settings.
    package static let source = SourceKeys.all.map(\.row)
    package static let watch = WatchKeys.all.map(\.row)

    /// Seconds that a command may take at most.
    fileprivate static let timeouts = 1...3600
}

/// The keys of the project itself.
enum ProjectKeys {
    static let schema = ProjectKey("$schema", .place, "Where this schema is, for editors.")
    static let state = ProjectKey(
        "state", .text, default: ProjectFile.defaultStateFolder,
        "The state directory: tables of services, and the versions that were installed.")
    static let keep = ProjectKey(
        "keep", .integer(1...1000), default: ProjectFile.defaultKeep,
        "How many installed versions of each output are kept.")
    static let tests = ProjectKey(
        "tests", .paths, "Test files, or patterns with `*`, `?`, `[...]` and `**`; `haproxy-gen test` runs them.")
    static let targets = ProjectKey("targets", .targets, isRequired: true, "The outputs.")

    static let sources = ProjectKey("sources", .sources, "Where services come from, for targets that name them.")
    static let watch = ProjectKey("watch", .watch, "How `haproxy-gen watch` goes about it.")

    static let all: [any DeclaredProjectKey] = [schema, state, keep, sources, tests, targets, watch]
}

/// The keys of a target.
enum TargetKeys {
    static let name = ProjectKey("name", .targetName, isRequired: true, "What the command line calls it.")
    static let template = ProjectKey("template", .path, isRequired: true, "The template.")
    static let services = ProjectKey(
        "services", .paths, "Service files, folders of them, or patterns with `*`, `?`, `[...]` and `**`.")
    static let table = ProjectKey(
        "table", .table, "A table of the state directory, whose services come after those of 'services'.")
    static let sources = ProjectKey(
        "sources", .texts,
        "Names of sources, whose services come after those of 'services'; of two services with one Id or one port the "
            + "first source's counts.")
    static let data = ProjectKey(
        "data", .path, "A file with any JSON value as the template's dot, in place of services.")
    static let output = ProjectKey("output", .path, isRequired: true, "The file that is written.")
    static let each = ProjectKey(
        "each", .each,
        "Makes an output of each service (`service`), or of the services that agree in a field (`.Attributes.team`); "
            + "the path of the output has `{each}`, or `{Id}`, in the place of its value.")
    static let dialect = ProjectKey(
        "dialect", .choice(of: DialectChoice.self), default: .auto,
        "What the output is; auto: by the template's name.")
    static let params = ProjectKey(
        "params", .settings, "Settings for the template's 'param'; they win over paramFiles.")
    static let paramFiles = ProjectKey("paramFiles", .paths, "JSON objects of settings.")
    static let include = ProjectKey("include", .paths, "Folders of templates that 'partial' and 'template' find.")
    static let env = ProjectKey("env", .texts, "Environment variables that the template's 'getenv' may read.")
    static let trustConfig = ProjectKey(
        "trustConfig", .choices(of: ConfigSource.self),
        "Sources beside local files whose services' Config is written as it is: standard input, or the tables of the "
            + "state directory.")
    static let missingKey = ProjectKey(
        "missingKey", .choice(of: MissingKey.self), default: .error, "What a map key that does not exist gives.")
    static let blankLines = ProjectKey(
        "blankLines", .choice(of: BlankLines.self),
        "What happens to lines of white space only. Without it, the dialect decides.")
    static let delims = ProjectKey("delims", .delimiters, "The delimiters of the template's actions.")
    static let check = ProjectKey(
        "check", .text, "A shell command that says whether a file is good; {file} stands for its path, quoted.")
    static let checkTimeout = ProjectKey(
        "checkTimeout", .seconds(ProjectSchema.timeouts), default: ProjectTarget.defaultCheckTimeout,
        "Seconds that `check` may take.")
    static let reload = ProjectKey(
        "reload", .text,
        "A shell command that makes the proxy take the new output; {file} stands for its path.")
    static let reloadTimeout = ProjectKey(
        "reloadTimeout", .seconds(ProjectSchema.timeouts), default: ProjectTarget.defaultReloadTimeout,
        "Seconds that `reload` may take.")
    static let mode = ProjectKey(
        "mode", .mode,
        "Permission bits of the output in octal digits: the owner may read it, and not everybody may write it. "
            + "Without it, those that it has.")
    static let owner = ProjectKey("owner", .text, "user, user:group or :group; without it, those that it has.")
    static let guards = ProjectKey("guards", .guards, "What an apply must not take away.")

    static let all: [any DeclaredProjectKey] = [
        name, template, services, sources, table, data, output, each, dialect, params, paramFiles, include, env,
        trustConfig,
        missingKey, blankLines, delims, check, checkTimeout, reload, reloadTimeout, mode, owner, guards,
    ]
}

/// The keys of a target's guards.
enum GuardKeys {
    static let minServers = ProjectKey("minServers", .integer(0...1_000_000), "Servers that every backend must have.")
    static let maxRemoved = ProjectKey(
        "maxRemoved", .share, "The share of servers, and of backends, that one apply may remove.")
    static let requireServices = ProjectKey(
        "requireServices", .boolean, default: false, "Refuse an input without services.")

    static let all: [any DeclaredProjectKey] = [minServers, maxRemoved, requireServices]
}

/// The keys of a source.
enum SourceKeys {
    static let name = ProjectKey("name", .targetName, isRequired: true, "What targets call it.")
    static let type = ProjectKey(
        "type", .choice(of: ProjectSource.Kind.self), isRequired: true,
        "files: service files; table: a table of the state directory.")
    static let paths = ProjectKey(
        "paths", .paths, "For files: service files, folders of them, or patterns with `*`, `?`, `[...]` and `**`.")
    static let table = ProjectKey("table", .table, "For a table: its name.")

    static let all: [any DeclaredProjectKey] = [name, type, paths, table]
}

/// The settings of the daemon.
enum WatchKeys {
    private static let moments = 0...3_600_000
    private static let standard = WatchSettings()

    static let quiet = ProjectKey(
        "quiet", .duration(moments), default: standard.quiet,
        "How long nothing must change before a delivery begins, once changes follow each other.")
    static let atMost = ProjectKey(
        "atMost", .duration(moments), default: standard.atMost,
        "How long a change waits at most, however many follow it.")
    static let reloadInterval = ProjectKey(
        "reloadInterval", .duration(moments), default: standard.reloadInterval,
        "The least time between two reloads; under constant change it doubles, up to 15 s.")
    static let refresh = ProjectKey(
        "refresh", .duration(1_000...86_400_000), default: standard.refresh,
        "How often everything is looked at although nothing has said that it changed.")
    static let quarantine = ProjectKey(
        "quarantine", .choice(of: WatchSettings.Quarantine.self), default: standard.quarantine,
        "What happens to a service that cannot be delivered: its last good version takes its place, or the delivery stops."
    )
    static let drift = ProjectKey(
        "drift", .choice(of: WatchSettings.Drift.self), default: standard.drift,
        "What happens to an output that somebody else changed.")
    static let initialWait = ProjectKey(
        "initialWait", .duration(moments), default: standard.initialWait,
        "How long the first delivery waits for sources that have never answered.")
    static let drain = ProjectKey(
        "drain", .duration(moments), default: standard.drain,
        "How long `/status` says TERMINATING before the program ends.")
    static let listen = ProjectKey(
        "listen", .address,
        "Where health, status and metrics are served: `127.0.0.1:9090`, `[::1]:9090`, or `unix:/run/haproxy-gen.sock`.")
    static let tokenFile = ProjectKey(
        "tokenFile", .path, "A file with the token that requests from other machines need.")

    static let all: [any DeclaredProjectKey] = [
        quiet, atMost, reloadInterval, refresh, quarantine, drift, initialWait, drain, listen, tokenFile,
    ]
}

/// A key of an object in the project file: its name, what it holds, its default, and what it means.
struct ProjectKey<Value: Sendable>: DeclaredProjectKey {
    let row: ProjectRow
    let type: ProjectType<Value>
    /// nil: another key decides, or its absence means something.
    let fallback: Value?

    init(
        _ name: String, _ type: ProjectType<Value>, default fallback: Value? = nil, isRequired: Bool = false,
        _ meaning: String
    ) {
        self.type = type
        self.fallback = fallback
        row = ProjectRow(
            name: name, shape: type.shape, fallback: fallback.flatMap(type.json), isRequired: isRequired,
            meaning: meaning)
    }
}

/// A key of any type, for lists.
protocol DeclaredProjectKey: Sendable {
    var row: ProjectRow { get }
}

/// A key without its type: what documents and the mistake of an unknown key need of it.
package struct ProjectRow: Sendable {
    package let name: String
    package let shape: ProjectShape
    /// The default in JSON; nil: there is none.
    package let fallback: String?
    package let isRequired: Bool
    /// For the documents: a sentence.
    package let meaning: String
}

/// What a key's value looks like, as JSON Schema can say it.
package indirect enum ProjectShape: Sendable, Equatable {
    /// Text of at least so many characters.
    case text(atLeast: Int)
    case pattern(String)
    case choice([String])
    case integer(ClosedRange<Int>)
    /// A number from 0 to 1.
    case share
    case boolean
    /// One value, or a list of them.
    case oneOrMany(ProjectShape)
    /// Two texts that differ.
    case pair
    /// An object with any keys.
    case settings
    case guards
    case targets
    case sources
    case watch
    /// A number with its unit.
    case duration
    /// An object of texts, or `null`.
    case textMap
    /// A list of objects that another schema describes.
    case objects
    /// What the schema calls so.
    case reference(String)
}
