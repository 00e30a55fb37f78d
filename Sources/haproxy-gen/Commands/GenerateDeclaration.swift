import HATemplate

extension GenerateCommand {
    static let dryRun = Options.dryRun.help(
        "Store nothing; print what would change in the table, in place of the configuration")
    static let payload = Operand(
        optional: .file("PAYLOAD"), default: "-",
        help: "The payload's file; without it, or with '-', standard input")

    static let declaration = CommandDeclaration(
        name: "generate",
        summary: "Bring a table of services up to date with a payload, and print its configuration",
        discussion: [
            "PAYLOAD says which containers run, and describes new ones, as Cosmos gets it: {\"table\": …, \"running\": "
                + "[…], \"candidates\": […]}. Services and containers that do not run are dropped from the table, new ones "
                + "are added, and attributes of candidates replace those that are stored.",
            "The table is stored only when it has changed and its configuration could be rendered. The configuration is "
                + "printed when the table is up to date, changed or not. Processes that work on one table take turns.",
        ],
        options: [Options.template, Options.stateFolder, dryRun] + Options.changing + Options.rendering
            + Options.common,
        rules: [.required(Options.template), .standardInputOnce([Options.template, Options.params])],
        operands: [payload],
        examples: [
            .init(
                purpose: "A payload from a file, Cosmos's own routing",
                line: "haproxy-gen generate --state state -t templates/cosmos.cfg.tmpl payload.json -o haproxy.cfg"),
            .init(
                purpose: "From another program; look first what would happen",
                line: "make-payload | haproxy-gen generate --state state -t templates/cosmos.cfg.tmpl --dry-run"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "the table is up to date and its configuration is printed"),
            .init(code: .inputWrong, meaning: "the payload, the template or a stored file is wrong; nothing changed"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read or written, or the table is locked"),
        ],
        action: run)
}
