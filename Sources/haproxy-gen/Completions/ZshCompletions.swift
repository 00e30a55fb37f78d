/// The completion script for zsh: to be sourced after `compinit`, or installed as `_haproxy-gen` in `$fpath`.
struct ZshCompletions {
    let program: CommandDeclaration

    var script: String {
        let functions = program.family().map { path, command in function(path: path, command) }
        return """
            #compdef \(program.name)
            # zsh completion for \(program.name); load it with: source <(\(program.name) completions zsh)

            \(functions.joined(separator: "\n\n"))

            if [[ $funcstack[1] == _\(program.name) ]]; then
                _\(program.name) "$@"
            else
                compdef _\(program.name) \(program.name)
            fi

            """
    }

    /// One function a command; a command with subcommands hands the rest of the line on to theirs.
    private func function(path: [String], _ command: CommandDeclaration) -> String {
        let name = functionName(path)
        var specifications = command.options.flatMap(optionSpecifications)
        for (index, operands) in command.operands.enumerated() {
            let position = operands.count == .many ? "*" : String(index + 1)
            specifications.append(quoted("\(position):\(escaped(operands.name)):\(action(operands.kind))"))
        }
        guard !command.subcommands.isEmpty else {
            return """
                \(name)() {
                    _arguments -s -S \\
                        \(specifications.joined(separator: " \\\n        "))
                }
                """
        }
        specifications += [quoted("1:command:->command"), quoted("*::argument:->argument")]
        let descriptions = command.subcommands.map { quoted("\($0.name):\($0.summary)") }
        let cases = command.subcommands.map { "        \($0.name)) \(functionName(path + [$0.name])) ;;" }
        return """
            \(name)() {
                local context state state_descr line
                local -a commands
                typeset -A opt_args
                commands=(
                    \(descriptions.joined(separator: "\n        "))
                )
                _arguments -C -s -S \\
                    \(specifications.joined(separator: " \\\n        "))
                case $state in
                command)
                    _describe command commands
                    ;;
                argument)
                    case $words[1] in
            \(cases.joined(separator: "\n"))
                    esac
                    ;;
                esac
            }
            """
    }

    private func functionName(_ path: [String]) -> String {
        "_" + ([program.name] + path).joined(separator: "-")
    }

    /// One specification for each spelling; each excludes the other, save for repeatable options.
    private func optionSpecifications(_ option: OptionDeclaration) -> [String] {
        let spellings = (option.short.map { ["-\($0)"] } ?? []) + [option.long]
        let prefix = option.repetition == .collected ? "*" : "(\(spellings.joined(separator: " ")))"
        let value = option.value.map { ":\(escaped($0.name)):\(action($0.kind))" } ?? ""
        return spellings.map { spelling in
            // '+': the value follows at once or as the next word; '=': the same for long options.
            let joint = option.value == nil ? "" : spelling.hasPrefix("--") ? "=" : "+"
            return quoted("\(prefix)\(spelling)\(joint)[\(escaped(option.help))]\(value)")
        }
    }

    private func action(_ kind: ValueKind) -> String {
        switch kind {
        case .text: " "
        case .file, .fileOrFolder: "_files"
        case .folder: "_files -/"
        case .choice(let choices): "(\(choices.joined(separator: " ")))"
        }
    }

    /// For the inside of a specification, where brackets and colons divide.
    private func escaped(_ text: String) -> String {
        text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
