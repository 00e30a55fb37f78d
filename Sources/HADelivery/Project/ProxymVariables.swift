import HASystem
import HATemplate

/// proxym's variables as a project with one target, for those who come from there.
package enum ProxymVariables {
    /// What the variables ask for.
    package enum Answer: Sendable {
        case project(ProjectFile)
        /// This variable is 0: proxym would do nothing, since its proxy or its only source is off.
        case disabled(String)
        /// These are needed and missing, beside others of proxym's.
        case incomplete([String])
        /// There is no sign of proxym.
        case absent
    }

    private static let needed = [
        "PROXYM_PROXY_TEMPLATE_PATH", "PROXYM_PROXY_CONFIG_FILE_PATH", "PROXYM_FILE_CONFIGS_PATH",
    ]
    private static let checkCommand = "PROXYM_PROXY_CHECK_COMMAND"
    private static let reloadCommand = "PROXYM_PROXY_RELOAD_COMMAND"
    private static let switches = ["PROXYM_PROXY_ENABLED", "PROXYM_FILE_ENABLED"]

    /// Lines of white space only are removed, as proxym does. Its commands name the file themselves; they run as they
    /// are, by bash where there is one as proxym has it, except that a check which names the output looks at the new
    /// output instead, before it is installed.
    package static func read(_ variable: (_ name: String) -> String?, files: FileSystem) -> Answer {
        func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let off = switches.first(where: { value($0) == "0" }) { return .disabled(off) }
        guard let template = value(needed[0]), let output = value(needed[1]), let services = value(needed[2]) else {
            let hasSign = (needed + [checkCommand, reloadCommand] + switches).contains { value($0) != nil }
            return hasSign ? .incomplete(needed.filter { value($0) == nil }) : .absent
        }
        let dialect = DialectChoice.auto.dialect(of: template, output).dialect
        var input = RenderInput(template: template, root: .services([services]), dialect: dialect)
        input.blankLines = .remove
        var target = ProjectTarget(name: "proxym", input: input, output: output)
        target.check = value(checkCommand).map { check(namingOutput: $0, output) }
        target.reload = value(reloadCommand)
        target.shell = shell(files)
        return .project(ProjectFile(path: "", targets: [target], state: stateFolder(of: output)))
    }

    /// `/bin/bash` as proxym names it, else the system's shell.
    private static func shell(_ files: FileSystem) -> String {
        let bash = "/bin/bash"
        return (try? files.status(bash))?.kind == .regular ? bash : ProjectTarget.systemShell
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
