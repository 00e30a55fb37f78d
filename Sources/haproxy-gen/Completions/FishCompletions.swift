/// The completion script for fish, from 3.0 on.
struct FishCompletions {
    let program: CommandDeclaration

    var script: String {
        let family = program.family()
        let cases = family.filter { !$0.path.isEmpty }.map { quoted($0.path.joined(separator: " ")) }
        let lines = family.flatMap { path, command in completions(path: path, command) }
        return """
            # fish completion for \(program.name)
            # load it with: \(program.name) completions fish > ~/.config/fish/completions/\(program.name).fish

            # True when the words before the cursor lead to the command given.
            function __haproxy_gen_at
                set -l words (commandline -opc)
                set -l path ''
                for word in $words[2..-1]
                    set -l longer (string trim -- "$path $word")
                    if contains -- "$longer" \(cases.joined(separator: " "))
                        set path $longer
                    end
                end
                test "$path" = "$argv[1]"
            end

            complete -c \(program.name) -f
            \(lines.joined(separator: "\n"))

            """
    }

    private func completions(path: [String], _ command: CommandDeclaration) -> [String] {
        let condition = "-n " + quoted("__haproxy_gen_at " + quoted(path.joined(separator: " ")))
        let start = "complete -c \(program.name) \(condition)"
        var lines = command.subcommands.map { "\(start) -a \($0.name) -d \(quoted($0.summary))" }
        for operands in command.operands {
            lines.append("\(start)\(words(operands.kind)) -d \(quoted(operands.name))")
        }
        lines += command.options.map { option in
            let short = option.short.map { " -s \($0)" } ?? ""
            let value = option.value.map { self.value($0.kind) } ?? ""
            return "\(start)\(short) -l \(option.name)\(value) -d \(quoted(option.help))"
        }
        return lines
    }

    /// What follows an option: a value is required, and files are completed for files alone.
    private func value(_ kind: ValueKind) -> String {
        switch kind {
        case .file, .fileOrFolder: " -r -F"
        case .text, .folder, .choice: " -x" + words(kind)
        }
    }

    private func words(_ kind: ValueKind) -> String {
        switch kind {
        case .text: ""
        case .file, .fileOrFolder: " -F"
        case .folder: " -a '(__fish_complete_directories)'"
        case .choice(let choices): " -a " + quoted(choices.joined(separator: " "))
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
