import HADelivery
import HASystem

/// `haproxy-gen apply`: outputs into place, proxies reloaded, and back when that fails.
enum ApplyCommand {
    private static let dryRun = Options.dryRun.help("Go as far as the check and the guards, and change nothing")
    private static let rollback = Option(
        "rollback",
        help: "Go back to the version before the installed one; a number before the targets: that many back; "
            + "'list' before them: show the versions that are kept")
    private static let lockTimeout = Options.lockTimeout.help("How long to wait while another apply is running")

    static let declaration = CommandDeclaration(
        name: "apply",
        summary: "Render, check and install the project's outputs, and reload the proxies",
        discussion: [
            "Every target is rendered and its output checked before the first file changes. Files are replaced as a "
                + "whole; a target whose output is unchanged is neither written nor reloaded. When a reload fails, all "
                + "files of this run are put back and the proxies reloaded again.",
            "Without a project file, the variables PROXYM_PROXY_TEMPLATE_PATH, PROXYM_PROXY_CONFIG_FILE_PATH, "
                + "PROXYM_PROXY_CHECK_COMMAND, PROXYM_PROXY_RELOAD_COMMAND, PROXYM_FILE_CONFIGS_PATH, "
                + "PROXYM_PROXY_ENABLED and PROXYM_FILE_ENABLED are obeyed.",
        ],
        options: [
            Options.project, dryRun, Options.requireProxy, Options.requireCage, Options.allowCode, Options.force,
            rollback, lockTimeout, Options.timeLimit, Options.verbose,
        ] + Options.joinedTable + Options.common,
        rules: [
            .needs(Options.projectStateFolder, Options.table),
            .exclusive([rollback], [Options.table, Options.trustConfig]),
        ],
        operands: [Operands.targets],
        examples: [
            .init(purpose: "Everything", line: "haproxy-gen apply"),
            .init(purpose: "Look first", line: "haproxy-gen apply --dry-run edge"),
            .init(
                purpose: "With the services of a table after those of the project",
                line: "haproxy-gen apply --state /var/lib/haproxy-gen --table astro edge"),
            .init(purpose: "Back to what was there before", line: "haproxy-gen apply --rollback edge"),
            .init(purpose: "The versions to go back to", line: "haproxy-gen apply --rollback list edge"),
            .init(purpose: "Two versions back, all targets", line: "haproxy-gen apply --rollback 2"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "the outputs are in place and the proxies have them"),
            .init(
                code: .inputWrong,
                meaning: "a template, a service file, a check or a guard refused; no file changed"),
            .init(code: .usage, meaning: "the command line is wrong, or there is no project file"),
            .init(
                code: .environment,
                meaning: "a file cannot be written, another apply is running, or a reload failed and was rolled back"),
        ],
        action: run)

    /// What `--rollback` asks for, by the word before the targets.
    private enum RollBack: Equatable {
        case steps(Int)
        case list

        /// Takes the word off the names of targets.
        init(_ names: inout [String]) {
            self = .steps(1)
            if names.first == "list" {
                self = .list
            } else if let number = names.first.flatMap({ Int($0) }), number > 0 {
                self = .steps(number)
            } else {
                return
            }
            names.removeFirst()
        }
    }

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        guard var project = try project(arguments, context) else { return .done }
        var names = arguments[Operands.targets]
        let rollBack = arguments[rollback] ? RollBack(&names) : nil
        project = ProjectAccess.joining(arguments, to: project)
        let targets = try ProjectAccess.targets(names, of: project, arguments)
        var options = Applier.Options()
        options.isDryRun = arguments[dryRun]
        options.isForced = arguments[Options.force]
        options.lockTimeout = arguments[lockTimeout]
        var text = ""
        try Delivery(arguments, context, isInstalling: true).run(project, options) { (applier) throws(ApplyFailure) in
            switch rollBack {
            case .steps(let steps): try applier.rollBack(targets, steps: steps)
            case .list: for target in targets { text += VersionList.text(target, try applier.history(of: target)) }
            case nil: try applier.apply(targets)
            }
        }
        if !text.isEmpty { try context.console.write(text) }
        return .done
    }

    /// The project of a file, else that of proxym's variables; nil where these say that nothing is to be done.
    static func project(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile? {
        if let found = try ProjectAccess.find(arguments, context) { return found }
        switch ProxymVariables.read(context.world.variable, files: context.files) {
        case .project(let project):
            return project
        case .disabled(let name):
            context.console.note("\(name) is 0: nothing is done")
            return nil
        case .incomplete(let missing):
            throw arguments.usage(.proxymIncomplete(missing))
        case .absent:
            throw arguments.usage(.noProjectFile)
        }
    }
}
