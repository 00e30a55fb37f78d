import HADelivery
import HATemplate

extension OptionDeclaration {
    /// The options of every command that renders a template, save for where its services come from.
    static let rendering: [OptionDeclaration] = [
        .init(
            .output, short: "o", value: .file("FILE"), repetition: .refused,
            help: "The file to write; without it, or with '-', standard output"),
        .init(
            .param, short: "p", value: .text("NAME=VALUE"), repetition: .collected,
            help: "A setting for the template's 'param'; a VALUE that is JSON (80, true, [\"a\"]) stands for its "
                + "value, any other is text; may be repeated, and wins over --params"),
        .init(
            .params, value: .file("FILE"), repetition: .refused,
            help: "A JSON object of settings for the template's 'param'"),
        .init(
            .include, value: .fileOrFolder("DIR"), repetition: .collected,
            help: "A folder of templates that 'partial' and 'template' find by their path in it, with or without "
                + ".tmpl, .tpl or .html; may be repeated"),
        .init(
            .environment, value: .text("NAME"), repetition: .collected,
            help: "An environment variable that the template's 'getenv' may read; may be repeated"),
        .init(
            .dialect, value: .choice(of: DialectChoice.self),
            help: "What the output is; auto: by the template's name, *.cfg, *.cfg.tmpl, *.cfg.tpl for haproxy, "
                + "*.conf, *.conf.tmpl, *.conf.tpl, nginx*.tpl for nginx, else plain; in haproxy and "
                + "nginx no value from data can leave its argument (default: auto)"),
        trustConfig,
        .init(
            .missingKey, value: .choice(of: MissingKey.self),
            help: "What a map key that does not exist gives, as Go's option missingkey; error: a mistake; default: no "
                + "value, which is false and prints as '<no value>'; zero: the same, but taking a field of it is a "
                + "mistake (default: error)"),
        .init(
            .blankLines, value: .choice(of: BlankLines.self),
            help: "Lines of white space only: keep them, make several into one, or remove them (default: squeeze "
                + "for haproxy and nginx, keep for plain)"),
        .init(
            .delimiters, value: .text("L,R"), repetition: .refused,
            help: "The delimiters of the template's actions (default: {{,}})"),
    ]

    static let trustConfig = OptionDeclaration(
        .trustConfig, value: .choice(of: ConfigSource.self), repetition: .collected,
        help: "Write the Config of services from this source into the output as it is, as that of local files "
            + "is: standard input, or the tables of the state directory; may be repeated")

    /// The options of commands that put a table's services behind those of the project's targets.
    static let joinedTable: [OptionDeclaration] = [
        .init(
            .table, value: .text("NAME"), repetition: .refused,
            help: "A table of the state directory, whose services come after the 'services' of every target that gets "
                + "services, in place of the target's own 'table'"),
        .init(
            .state, value: .folder("DIR"), repetition: .refused,
            help: "The state directory of --table (default: the project's, else state)"),
        trustConfig,
    ]

    /// Where tables are kept.
    static let stateFolder = OptionDeclaration(
        .state, value: .folder("DIR"), repetition: .refused, help: "The state directory (default: state)")

    /// The options of commands that change a table.
    static let changing: [OptionDeclaration] = [
        .init(
            .lockTimeout, value: .text("SECONDS"),
            help: "How long to wait while another process changes the table (default: 10)"),
        .init(
            .history, value: .text("N"),
            help: "How many revisions to keep, the current one included (default: 20)"),
    ]
}
