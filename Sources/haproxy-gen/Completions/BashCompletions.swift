/// The completion script for bash, from 3.2 on and without the bash-completion package.
struct BashCompletions {
    let program: CommandDeclaration

    private var family: [(path: [String], command: CommandDeclaration)] { program.family() }

    var script: String {
        """
        # bash completion for \(program.name); load it with: source <(\(program.name) completions bash)

        _haproxy_gen_files() {
            local IFS=$'\\n'
            COMPREPLY=($(compgen "$1" -- "$2"))
            # Names are quoted and folders get a slash, where this bash can do that.
            compopt -o filenames 2>/dev/null || true
        }

        _haproxy_gen_words() {
            COMPREPLY=($(compgen -W "$1" -- "$2"))
        }

        _haproxy_gen() {
            local word="${COMP_WORDS[COMP_CWORD]}" option="" command="" i
            COMPREPLY=()

            # '--option=value' arrives as three words, because '=' separates words in bash.
            if ((COMP_CWORD >= 2)) && [[ $word == "=" ]]; then
                option="${COMP_WORDS[COMP_CWORD - 1]}"
                word=""
            elif ((COMP_CWORD >= 3)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
                option="${COMP_WORDS[COMP_CWORD - 2]}"
            elif ((COMP_CWORD >= 1)); then
                option="${COMP_WORDS[COMP_CWORD - 1]}"
            fi

            for ((i = 1; i < COMP_CWORD; i++)); do
                case "$command ${COMP_WORDS[i]}" in
        \(commandCases)
                esac
            done

            case "$command:$option" in
        \(valueCases)
            esac

            case "$command" in
        \(wordCases)
            esac
        }

        complete -F _haproxy_gen \(program.name)

        """
    }

    /// Follows the words to the command: `" render") command=" render" ;;`
    private var commandCases: String {
        family.filter { !$0.path.isEmpty }.map { path, _ in
            let name = path.map { " " + $0 }.joined()
            return #"            "\#(name)") command="\#(name)" ;;"#
        }.joined(separator: "\n")
    }

    /// The value of the option before the cursor.
    private var valueCases: String {
        family.flatMap { path, command in
            let name = path.map { " " + $0 }.joined()
            return command.options.compactMap { option -> String? in
                guard let value = option.value else { return nil }
                let spellings = [option.long] + (option.short.map { ["-\($0)"] } ?? [])
                let pattern = spellings.map { "\"\(name):\($0)\"" }.joined(separator: " | ")
                return "        \(pattern)) \(action(value.kind)); return ;;"
            }
        }.joined(separator: "\n")
    }

    /// A word that is no option's value.
    private var wordCases: String {
        family.map { path, command in
            let name = path.map { " " + $0 }.joined()
            let options = command.options.map(\.long).joined(separator: " ")
            let words = command.subcommands.map(\.name).joined(separator: " ")
            let operand =
                command.operands.first { $0.kind != .text }.map { action($0.kind) }
                ?? (words.isEmpty ? "true" : "_haproxy_gen_words \"\(words)\" \"$word\"")
            return """
                        "\(name)")
                            if [[ $word == -* ]]; then
                                _haproxy_gen_words "\(options)" "$word"
                            else
                                \(operand)
                            fi
                            ;;
                """
        }.joined(separator: "\n")
    }

    private func action(_ kind: ValueKind) -> String {
        switch kind {
        case .text: "true"
        case .file, .fileOrFolder: "_haproxy_gen_files -f \"$word\""
        case .folder: "_haproxy_gen_files -d \"$word\""
        case .choice(let choices): "_haproxy_gen_words \"\(choices.joined(separator: " "))\" \"$word\""
        }
    }
}
