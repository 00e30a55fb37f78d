import HADelivery
import HAServices
import HASystem
import HATemplate

extension OptionDeclaration {
    static let projectFile = OptionDeclaration(
        .project, value: .file("FILE"), repetition: .refused,
        help: "The project file (default: haproxy-gen.json, here or in the nearest folder above)")
    static let allowCode = OptionDeclaration(
        .allowCode,
        help: "Let the proxy check outputs with directives that run code (lua-load, load_module, ssl_engine, "
            + "external-check) or include files outside their folder")
    static let requireProxy = OptionDeclaration(
        .requireProxy, help: "Fail where haproxy or nginx is not installed, rather than say that it is skipped")
    static let noProxy = OptionDeclaration(
        .noProxy, help: "Do not ask haproxy, nginx or the target's own check; everything else is checked")
    static let verbose = OptionDeclaration(.verbose, short: "v", help: "Show each step with its time")
}

extension OperandDeclaration {
    static let targets = OperandDeclaration(
        name: "TARGET", kind: .text, count: .many, help: "Targets of the project file (default: all)")
}

/// The project that a command works on.
enum ProjectAccess {
    /// The project file of the command line or of the working folder; nil when there is none.
    static func find(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile? {
        guard let path = arguments.value(of: .project) ?? ProjectFile.find(context.files) else { return nil }
        return try read(path, context)
    }

    static func read(_ path: String, _ context: CommandContext) throws(CommandError) -> ProjectFile {
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path) } catch { throw .file(error) }
        let project: ProjectFile
        do { project = try ProjectFile.read(file) } catch {
            context.console.show(error.items)
            throw .inputWrong
        }
        let rendering = Rendering(context)
        let mistakes = WrittenFiles(rendering: rendering.targets).mistakes(in: project)
        guard mistakes.isEmpty else { throw rendering.refuse(mistakes) }
        return project
    }

    static func require(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectFile {
        guard let project = try find(arguments, context) else { throw usage(.noProjectFile, arguments) }
        return project
    }

    /// The project with the table of `--table` behind the services of its targets.
    static func joining(
        _ arguments: ParsedArguments, to project: ProjectFile
    ) throws(CommandError) -> ProjectFile {
        do throws(UsageError) {
            let table = try arguments.storedTable(defaultFolder: project.state)
            return project.joining(table, trusting: arguments.trustedSources)
        } catch {
            throw .usage(error)
        }
    }

    /// The targets with these names; all when none is given.
    static func targets(
        _ names: [String], of project: ProjectFile, _ arguments: ParsedArguments
    ) throws(CommandError) -> [ProjectTarget] {
        var targets: [ProjectTarget] = names.isEmpty ? project.targets : []
        for name in names {
            guard let target = project.targets.first(where: { $0.name == name }) else {
                let near = nearest(to: name, in: project.targets.map(\.name))
                throw usage(.unknownTarget(name, near: near), arguments)
            }
            if !targets.contains(where: { $0.name == name }) { targets.append(target) }
        }
        let others = targets.filter { target in
            if case .data = target.input.root { true } else { false }
        }
        // Among all targets some may get other data; the table is not for those.
        if arguments.isGiven(.table), let other = others.first, !names.isEmpty || others.count == targets.count {
            throw usage(.tableBesideData(target: other.name), arguments)
        }
        return targets
    }

    static func usage(_ mistake: UsageError.Mistake, _ arguments: ParsedArguments) -> CommandError {
        .usage(UsageError(mistake: mistake, commandPath: arguments.commandPath))
    }
}
