import HAServices
import HATemplate

/// proxym's variables as a project with one target, for those who come from there.
package enum ProxymVariables {
    /// nil unless a template, an output and a folder of services are named.
    ///
    /// Lines of white space only are removed, as proxym does. Its commands name the file themselves; they run as they
    /// are, except that a check which names the output looks at the new output instead, before it is installed.
    package static func project(_ variable: (_ name: String) -> String?) -> ProjectFile? {
        func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        guard let template = value("PROXYM_PROXY_TEMPLATE_PATH"), let output = value("PROXYM_PROXY_CONFIG_FILE_PATH"),
            let services = value("PROXYM_FILE_CONFIGS_PATH")
        else { return nil }
        let dialect = DialectChoice.auto.dialect(of: template, output).dialect
        var input = RenderInput(template: template, root: .services([services]), dialect: dialect)
        input.blankLines = .remove
        var target = ProjectTarget(name: "proxym", input: input, output: output)
        target.check = value("PROXYM_PROXY_CHECK_COMMAND").map { check(namingOutput: $0, output) }
        target.reload = value("PROXYM_PROXY_RELOAD_COMMAND")
        return ProjectFile(path: "", targets: [target], state: stateFolder(of: output))
    }

    /// Those of the three needed variables that are missing beside others of proxym's; none where there is no sign of
    /// proxym at all.
    package static func missing(_ variable: (_ name: String) -> String?) -> [String] {
        let needed = ["PROXYM_PROXY_TEMPLATE_PATH", "PROXYM_PROXY_CONFIG_FILE_PATH", "PROXYM_FILE_CONFIGS_PATH"]
        let commands = ["PROXYM_PROXY_CHECK_COMMAND", "PROXYM_PROXY_RELOAD_COMMAND"]
        func isSet(_ name: String) -> Bool { !(variable(name) ?? "").isEmpty }
        return (needed + commands).contains { isSet($0) } ? needed.filter { !isSet($0) } : []
    }

    /// Where the versions are kept: a hidden folder beside the output.
    private static func stateFolder(of output: String) -> String {
        guard let slash = output.lastIndex(of: "/") else { return ".haproxy-gen" }
        return String(output[...slash]) + ".haproxy-gen"
    }

    /// proxym checks the file after writing it; ours is checked before, so the file's name gives way to the new one's.
    static func check(namingOutput line: String, _ output: String) -> String {
        // The name as one word: bare, or with quotes around the whole of it.
        let spellings = [output, "'\(output)'", "\"\(output)\""]
        var words = ""
        var rest = line[...]
        while !rest.isEmpty {
            let name = spellings.first { name in
                rest.hasPrefix(name) && isBoundary(words.last) && isBoundary(rest.dropFirst(name.count).first)
            }
            if let name {
                words += "{file}"
                rest = rest.dropFirst(name.count)
            } else {
                words.append(rest.removeFirst())
            }
        }
        return words
    }

    private static func isBoundary(_ character: Character?) -> Bool {
        guard let character else { return true }
        return " \t\n=;&|<>()".contains(character)
    }
}
