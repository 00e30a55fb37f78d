import HATemplate

/// `haproxy-gen functions [NAME]`: what templates can call.
enum FunctionsCommand {
    enum Format: String, Sendable, CaseIterable {
        case human, markdown
    }

    private static let format = Option(
        "format", .choice(), default: Format.human,
        help: "human: for reading here; markdown: every function as a document")
    private static let name = Operand(optional: .text("NAME"), help: "A function, an alias or a part of one")

    static let declaration = CommandDeclaration(
        name: "functions",
        summary: "List the functions of the template language, or explain one",
        discussion: [
            "NAME is a function or an alias, which is explained with an example and its result, or a word to search for "
                + "in names and descriptions."
        ],
        options: [format] + Options.common,
        operands: [name],
        examples: [
            .init(purpose: "Everything that there is", line: "haproxy-gen functions"),
            .init(purpose: "One function", line: "haproxy-gen functions printf"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "done"),
            .init(code: .inputWrong, meaning: "no function has that name or description"),
            .init(code: .usage, meaning: "the command line is wrong"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        if arguments[format] == .markdown {
            try context.console.write(FunctionReference.markdown(Template.functions))
            return .done
        }
        guard let name = arguments[name] else {
            try context.console.write(FunctionReference.list(Template.functions, width: context.textWidth))
            return .done
        }
        if let function = Template.function(named: name) {
            try context.console.write(FunctionReference.details(function))
            return .done
        }
        let found = Template.functions.filter { function in
            ([function.name, function.summary] + function.aliases).contains { contains($0, name) }
        }
        guard found.isEmpty else {
            try context.console.write(FunctionReference.list(found, width: context.textWidth))
            return .done
        }
        let hint = nearest(to: name, in: Template.functionNames).map { " (did you mean '\($0)'?)" } ?? ""
        throw .input("no function is called or described by '\(name)'\(hint)")
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let text = Array(text.lowercased().utf8)
        let part = Array(part.lowercased().utf8)
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
