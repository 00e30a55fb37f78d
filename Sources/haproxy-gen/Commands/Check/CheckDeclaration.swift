import HATemplate

extension CheckCommand {
    static let syntax = Option(
        "syntax", each: .file("FILE"), help: "Check this template alone, without data; may be repeated")
    static let schema = Option(
        "schema", each: .file("FILE"),
        help: "A JSON Schema of the data that templates get, in place of the model of services")
    static let format = Option(
        "format", .choice(), default: CheckFormat.human,
        help: "What is written: text for people on standard error, or JSON, SARIF 2.1.0 or GitHub's "
            + "annotations on standard output")
    static let start = Option(
        "start",
        help: "Start the proxy on each output as well, on sockets of a private folder, and ask it for one answer")
    static let files = Operand(
        each: .fileOrFolder("FILES"), help: "Templates, service files, folders or the project file")

    static let declaration = CommandDeclaration(
        name: "check",
        summary: "Check service files, templates and outputs before they ship",
        discussion: [
            "Without FILES every target of haproxy-gen.json is checked: its service files, its template by the types of "
                + "the data and on every branch, the rendering, the output by itself, the output by the proxy that it "
                + "is for, and whether the committed output is what its sources make now. Files that are named (as "
                + "pre-commit does) stand for the targets that they concern; what concerns none is checked by itself.",
            "What haproxy or nginx says is shown at the line of the template that made the line it is about, with the "
                + "values of the service files that stand in it. They are asked in a private folder, without standard "
                + "input, for at most 30 s or the target's checkTimeout; an output that they have accepted is not "
                + "checked again.",
            "Where the project has test files, their cases are run as 'test' does, once nothing else is wrong: all of them, or "
                + "with FILES those of the targets that these concern.",
            "With --table a template that concerns no target is rendered with the table's services, after those of the "
                + "service files that are named and concern none, and its output is checked as a target's is. Without "
                + "a target and a template the table's services are checked by themselves.",
        ],
        options: [
            Options.project, syntax, schema, Options.requireProxy, Options.noProxy, Options.requireCage,
            Options.allowCode, start, format, Options.timeLimit, Options.verbose,
        ] + Options.joinedTable + Options.common,
        rules: [
            .needs(Options.projectStateFolder, Options.table), .exclusive([syntax], [Options.table]),
            .exclusive([Options.requireProxy, start], [Options.noProxy]),
        ],
        operands: [files],
        examples: [
            .init(purpose: "Everything that haproxy-gen.json names", line: "haproxy-gen check"),
            .init(purpose: "A template by itself", line: "haproxy-gen check --syntax templates/haproxy.cfg.tmpl"),
            .init(
                purpose: "What a template makes of a table",
                line: "haproxy-gen check --state state --table astro templates/cosmos.cfg.tmpl"),
            .init(purpose: "For code scanning", line: "haproxy-gen check --format sarif > haproxy-gen.sarif"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "no error was found"),
            .init(code: .inputWrong, meaning: "at least one error was found; warnings alone do not fail"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read, or a program cannot be started"),
        ],
        action: run)
}
