/// `haproxy-gen help [COMMAND]`: the same text as `COMMAND --help`.
enum HelpCommand {
    static func declaration(for commands: [String]) -> CommandDeclaration {
        let command = Operand(
            optional: .choice("COMMAND", of: commands),
            help: "A command of the program: \(commands.joined(separator: ", "))")
        return CommandDeclaration(
            name: "help",
            summary: "Show the help of the program or of a command",
            options: Options.common,
            operands: [command],
            examples: [.init(purpose: "All about rendering", line: "haproxy-gen help render")],
            exitMeanings: [
                .init(code: .done, meaning: "done"),
                .init(code: .usage, meaning: "the command line is wrong"),
            ],
            action: { arguments, context throws(CommandError) in
                try show(arguments.operands, on: context.console, width: context.textWidth)
                return .done
            })
    }

    /// Prints the help of the command at a path below the program.
    static func show(_ path: [String], on console: Console, width: Int) throws(CommandError) {
        guard let command = Program.declaration.descendant(path) else { return }
        try console.write(HelpText(command: command, path: [Program.name] + path, width: width).text)
    }
}
