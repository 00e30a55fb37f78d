import HATemplate

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
            .init(
                .template, short: "t", value: .file("TEMPLATE"), repetition: .refused,
                help: "The template; '-' for standard input"),
            .init(
                .services, short: "s", value: .fileOrFolder("PATH"), repetition: .collected,
                help: "A JSON file with a service or a list of services, a folder (its *.json files, sorted by name), "
                    + "or '-' for standard input; may be repeated"),
            .init(
                .data, value: .file("FILE"), repetition: .refused,
                help: "Any JSON value as the template's dot, in place of services; '-' for standard input"),
            .init(
                .table, value: .text("NAME"), repetition: .refused,
                help: "A table of the state directory, whose services come after those of -s"),
            OptionDeclaration.stateFolder,
            OptionDeclaration.projectFile,
            .init(
                .stdout, value: .text("TARGET"), repetition: .refused,
                help: "Print this target of the project file, and leave its output alone"),
            .init(
                .sourceMap, value: .file("FILE"), repetition: .refused,
                help:
                    "Write to this file which template and value made each part of the output, as JSON; of a target with "
                    + "--stdout"),
            .init(.force, help: "Write an output of the project file even where a guard of its target is broken"),
            OptionDeclaration.noProxy,
            OptionDeclaration.allowCode,
            OptionDeclaration.verbose,
        ] + OptionDeclaration.rendering + OptionDeclaration.common,
        rules: [
            .together(.template, oneOf: [.services, .data, .table]),
            .needs(.output, .template),
            .needsOne(.sourceMap, of: [.template, .stdout]),
            .needs(.param, .template),
            .needs(.params, .template),
            .needs(.include, .template),
            .needs(.environment, .template),
            .needs(.dialect, .template),
            .needs(.missingKey, .template),
            .needs(.blankLines, .template),
            .needs(.delimiters, .template),
            .exclusive([.stdout], [.template]),
            .exclusive([.project], [.template]),
            .exclusive([.allowCode], [.template]),
            .exclusive([.force, .noProxy], [.template, .stdout]),
            .exclusive([.services], [.data]),
            .exclusive([.data], [.table]),
            .needs(.state, .table),
            .standardInputOnce([.template, .services, .data, .params]),
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
