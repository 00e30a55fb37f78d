/// Every option of every command; the raw value is the long name.
///
/// A command asks for its values by these names, so that a misspelt option does not compile.
enum OptionName: String, Sendable, Hashable, CaseIterable {
    case help
    case version
    case color
    case format
    case template
    case services
    case data
    case output
    case param
    case params
    case include
    case dialect
    case trustConfig = "trust-config"
    case missingKey = "missing-key"
    case blankLines = "blank-lines"
    case delimiters = "delims"
    case state
    case table
    case revision
    case dryRun = "dry-run"
    case lockTimeout = "lock-timeout"
    case history
    case accept
    case project
    case stdout
    case force
    case rollback
    case verbose
    case environment = "env"
    case syntax
    case schema
    case requireProxy = "require-proxy"
    case allowCode = "allow-code"
    case sourceMap = "source-map"
    case proxy
    case noProxy = "no-proxy"
    case base
}

extension OptionDeclaration {
    /// The options that every command has.
    static let common: [OptionDeclaration] = [
        .init(
            .color, value: .choice(of: ColorChoice.self),
            help: "Colour in messages; auto: on a terminal, unless NO_COLOR is set (default: auto)"),
        .init(.help, short: "h", help: "Show this help and exit"),
    ]
}
