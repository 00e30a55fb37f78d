/// `haproxy-gen completions SHELL`: a script that completes this program's command line.
enum CompletionsCommand {
    enum Shell: String, Sendable, CaseIterable {
        case bash, zsh, fish
    }

    private static let shell = Operand(ValueType<Shell>.choice("SHELL"), help: "The shell: bash, zsh or fish")

    static let declaration = CommandDeclaration(
        name: "completions",
        summary: "Print a script that completes the command line in a shell",
        discussion: [
            "The script knows every command, option and enumerated value of this version of the program."
        ],
        options: Options.common,
        operands: [shell],
        examples: [
            .init(purpose: "bash, in ~/.bashrc", line: "source <(haproxy-gen completions bash)"),
            .init(purpose: "zsh, in ~/.zshrc after compinit", line: "source <(haproxy-gen completions zsh)"),
            .init(
                purpose: "fish", line: "haproxy-gen completions fish > ~/.config/fish/completions/haproxy-gen.fish"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "done"),
            .init(code: .usage, meaning: "the command line is wrong"),
        ],
        action: { arguments, context throws(CommandError) in
            try context.console.write(script(for: try arguments.require(shell), of: Program.declaration))
            return .done
        })

    static func script(for shell: Shell, of program: CommandDeclaration) -> String {
        switch shell {
        case .bash: BashCompletions(program: program).script
        case .zsh: ZshCompletions(program: program).script
        case .fish: FishCompletions(program: program).script
        }
    }
}
