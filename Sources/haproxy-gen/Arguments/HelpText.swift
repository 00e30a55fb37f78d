/// Writes the help of a command from its declaration.
struct HelpText {
    let command: CommandDeclaration
    /// Names from the program to the command, with the program's own.
    let path: [String]
    /// Columns of the terminal.
    let width: Int

    /// Column where the explanations of options and commands begin. On a narrow terminal they stand below.
    private var secondColumn: Int { width < 70 ? 8 : 28 }

    var text: String {
        var sections = [TextWrap.wrap("\(path.joined(separator: " ")): \(command.summary)", width: width), usage]
        sections += command.discussion.map { TextWrap.wrap($0, width: width) }
        if !command.subcommands.isEmpty {
            sections.append(section("Commands", command.subcommands.map { ("  " + $0.name, $0.summary) }))
        }
        if !command.operands.isEmpty {
            sections.append(section("Arguments", command.operands.map { ("  " + $0.name, $0.help) }))
        }
        sections.append(section("Options", command.options.map { (heading($0), $0.help) }))
        if !command.examples.isEmpty {
            let examples = command.examples.map { "  # \($0.purpose)\n  \($0.line)" }
            sections.append("Examples:\n" + examples.joined(separator: "\n\n"))
        }
        if !command.exitMeanings.isEmpty {
            let rows = command.exitMeanings.map { meaning in
                TextWrap.columns("  \(meaning.code.rawValue)", meaning.meaning, second: 5, width: width)
            }
            sections.append("Exit codes:\n" + rows.joined(separator: "\n"))
        }
        if !command.subcommands.isEmpty {
            let name = path.joined(separator: " ")
            sections.append(TextWrap.wrap("See '\(name) COMMAND --help' for the options of a command.", width: width))
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// `Usage: haproxy-gen generate -t TEMPLATE [OPTIONS] [PAYLOAD]`
    private var usage: String {
        var words = path
        for rule in command.rules {
            switch rule {
            case .required(let option):
                words.append(option.declaration.usage)
            case .standardInputOnce, .exclusive, .needs, .needsOne, .together:
                continue
            }
        }
        words.append("[OPTIONS]")
        if !command.subcommands.isEmpty { words.append("COMMAND") }
        words += command.operands.map(\.usage)
        return TextWrap.wrap("Usage: " + words.joined(separator: " "), width: width, indent: 7)
    }

    /// `  -t, --template TEMPLATE`
    private func heading(_ option: OptionDeclaration) -> String {
        let letter = option.short.map { "-\($0), " } ?? "    "
        let value = option.value.map { " " + $0.name } ?? ""
        return "  \(letter)\(option.long)\(value)" + (option.repetition == .collected ? "…" : "")
    }

    private func section(_ title: String, _ rows: [(heading: String, help: String)]) -> String {
        let lines = rows.map { TextWrap.columns($0.heading, $0.help, second: secondColumn, width: width) }
        return "\(title):\n" + lines.joined(separator: "\n")
    }
}
