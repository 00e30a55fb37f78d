import HADelivery
import HAServices
import HASystem
import HATemplate

/// The options and operands of commands that work on a project.
extension Options {
    static let project = Option(
        "project", .file("FILE"),
        help: "The project file (default: haproxy-gen.json, here or in the nearest folder above)")
    static let requireProxy = Option(
        "require-proxy", help: "Fail where haproxy or nginx is not installed, rather than say that it is skipped")
    static let requireCage = Option(
        "require-cage",
        help: "Fail where the system has neither Landlock nor namespaces to cage the proxy's check, rather than say so")
    static let allowCode = Option(
        "allow-code",
        help: "Let the proxy check outputs with directives that run code (lua-load, load_module, ssl_engine, "
            + "external-check) or include files outside their folder")
    static let verbose = Option("verbose", short: "v", help: "Show each step with its time")
    static let noProxy = Option(
        "no-proxy", help: "Do not ask haproxy, nginx or the target's own check; everything else is checked")
    static let force = Option("force", help: "Install even where a guard of the target is broken")
    /// Each command says what it leaves out.
    static let dryRun = Option("dry-run", help: "Change nothing")
}

extension Operands {
    static let targets = Operand(each: .text("TARGET"), help: "Targets of the project file (default: all)")
}

/// The project that a command works on.
enum ProjectAccess {
    /// The project file of the command line or of the working folder; nil when there is none.
    static func find(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile? {
        if let path = arguments[Options.project] { return try read(path, .person, context) }
        return try ProjectFile.find(context.files).map { path throws(CommandError) in try read(path, .kept, context) }
    }

    static func read(
        _ path: String, _ origin: FileReader.Origin, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile {
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path, origin) } catch { throw .file(error) }
        let project: ProjectFile
        do { project = try ProjectFile.read(file) } catch { throw .mistakes(error.items) }
        let mistakes = WrittenFiles(rendering: Rendering(context).targets).mistakes(in: project)
        guard mistakes.isEmpty else { throw .mistakes(mistakes) }
        return project
    }

    static func require(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile {
        guard let project = try find(arguments, context) else { throw arguments.usage(.noProjectFile) }
        return project
    }

    /// The project with the table of `--table` after the services of its targets.
    static func joining(_ arguments: ParsedArguments, to project: ProjectFile) -> ProjectFile {
        let table = arguments.storedTable(in: arguments[Options.projectStateFolder] ?? project.state)
        return project.joining(table, trusting: arguments.trustedSources)
    }

    /// The targets with these names; all when none is given.
    static func targets(
        _ names: [String], of project: ProjectFile, _ arguments: ParsedArguments
    ) throws(CommandError) -> [ProjectTarget] {
        var targets: [ProjectTarget] = names.isEmpty ? project.targets : []
        for name in names {
            guard let target = project.targets.first(where: { $0.name == name }) else {
                let known = project.targets.map(\.name)
                throw arguments.usage(.unknownTarget(name, near: nearest(to: name, in: known), known: known))
            }
            if !targets.contains(where: { $0.name == name }) { targets.append(target) }
        }
        let others = targets.filter { target in
            if case .data = target.input.root { true } else { false }
        }
        // Among all targets some may get other data; the table is not for those.
        if arguments.isGiven(Options.table), let other = others.first, !names.isEmpty || others.count == targets.count {
            throw arguments.usage(.tableBesideData(target: other.name))
        }
        return targets
    }
}
