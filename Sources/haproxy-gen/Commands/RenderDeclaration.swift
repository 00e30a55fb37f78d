import HATemplate

/// Where the input of a render comes from, and what else it writes.
extension Options {
    static let services = Option(
        "services", short: "s", each: .fileOrFolder("PATH"),
        help: "A JSON file with a service or a list of services, a folder (its *.json files, sorted by name), "
            + "or '-' for standard input; may be repeated")
    static let data = Option(
        "data", .file("FILE"),
        help: "Any JSON value as the template's dot, in place of services; '-' for standard input")
    static let stdout = Option(
        "stdout", .text("TARGET"), help: "Print this target of the project file, and leave its output alone")
    static let sourceMap = Option(
        "source-map", .file("FILE"),
        help: "Write to this file which template and value made each part of the output, as JSON; of a target with "
            + "--stdout")
}

extension RenderCommand {
    static let declaration = CommandDeclaration(
        name: "render",
        summary: "Render a template with services and print the configuration",
        discussion: [
            "Without -t, every target of the project file (haproxy-gen.json, here or in a folder above) is rendered to its "
                + "output: all of them are rendered and checked, as 'check' does, before the first file changes.",
            "The template is a Go text/template. Its dot is the list of services, or the JSON value of --data.",
            "Results go to standard output or to the file of -o, messages to standard error. A file is replaced as a "
                + "whole, and only when its bytes change; when anything fails it stays as it was.",
        ],
        options: [
            Options.template, Options.services, Options.data,
            Options.table.help("A table of the state directory, whose services come after those of -s"),
            Options.stateFolder, Options.project, Options.stdout, Options.sourceMap,
            Options.force.help("Write an output of the project file even where a guard of its target is broken"),
            Options.noProxy, Options.requireCage, Options.allowCode, Options.verbose,
        ] + Options.rendering + Options.common,
        rules: [
            .together(Options.template, oneOf: [Options.services, Options.data, Options.table]),
            .needs(Options.output, Options.template),
            .needsOne(Options.sourceMap, of: [Options.template, Options.stdout]),
            .needs(Options.param, Options.template),
            .needs(Options.params, Options.template),
            .needs(Options.include, Options.template),
            .needs(Options.environment, Options.template),
            .needs(Options.dialect, Options.template),
            .needs(Options.missingKey, Options.template),
            .needs(Options.blankLines, Options.template),
            .needs(Options.delimiters, Options.template),
            .exclusive([Options.stdout], [Options.template]),
            .exclusive([Options.project], [Options.template]),
            .exclusive([Options.allowCode, Options.requireCage], [Options.template]),
            .exclusive([Options.force, Options.noProxy], [Options.template, Options.stdout]),
            .exclusive([Options.services], [Options.data]),
            .exclusive([Options.data], [Options.table]),
            .needs(Options.stateFolder, Options.table),
            .standardInputOnce([Options.template, Options.services, Options.data, Options.params]),
        ],
        examples: [
            .init(
                purpose: "A folder of services to a HAProxy configuration",
                line: "haproxy-gen render -t templates/haproxy.cfg.tmpl -s services -o haproxy.cfg"),
            .init(purpose: "Every target of the project file", line: "haproxy-gen render"),
            .init(
                purpose: "Services from another program, the result to the screen",
                line: "list-services | haproxy-gen render -t nginx.conf.tmpl -s -"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "rendered; the file of -o, or each target's output, holds the result"),
            .init(code: .inputWrong, meaning: "the template, a service file, the data or an output is wrong"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read or written"),
        ],
        action: run)
}
