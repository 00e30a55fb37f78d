import HATemplate

extension RenderCommand {
    static let declaration = CommandDeclaration(
        name: "render",
        summary: "Render a template with services and print the configuration",
        discussion: [
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
                    + "*.conf, *.conf.tmpl, *.conf.tpl, nginx*.tpl for nginx, else plain; in haproxy and nginx no value from data can leave its argument (default: auto)"),
            .init(
                .trustConfig, value: .choice(of: ConfigSource.self), repetition: .collected,
                help: "Write the Config of services from this source into the output as it is, as that of local "
                    + "files is; haproxy and nginx only; may be repeated"),
            .init(
                .missingKey, value: .choice(of: MissingKey.self),
                help: "What a map key that does not exist gives: an error, its type's zero value, or Go's "
                    + "'<no value>' (default: error)"),
            .init(
                .blankLines, value: .choice(of: BlankLines.self),
                help: "Lines of white space only: keep them, make several into one, or remove them (default: squeeze "
                    + "for haproxy and nginx, keep for plain)"),
            .init(
                .delimiters, value: .text("L,R"), repetition: .refused,
                help: "The delimiters of the template's actions (default: {{,}})"),
        ] + OptionDeclaration.common,
        rules: [
            .required(.template),
            .exactlyOne([.services, .data]),
            .standardInputOnce([.template, .services, .data, .params]),
        ],
        examples: [
            .init(
                purpose: "A folder of services to a HAProxy configuration",
                line: "haproxy-gen render -t templates/haproxy.cfg.tmpl -s services -o haproxy.cfg"),
            .init(
                purpose: "Services from another program, the result to the screen",
                line: "list-services | haproxy-gen render -t nginx.conf.tmpl -s -"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "rendered; the file of -o holds the result"),
            .init(code: .inputWrong, meaning: "the template, a service file or the data is wrong"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read or written"),
        ],
        action: run)
}
