import HADelivery
import HAServices
import HATemplate

/// `haproxy-gen check`: everything that can be known to be wrong before a proxy gets it.
enum CheckCommand {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let start = CurrentProcess.now
        let format: CheckFormat = arguments.choice(of: .format) ?? .human
        let rendering = Rendering(context)
        var subjects: [CheckSubject] = []
        for path in arguments.values(of: .schema) { subjects.append(try schema(path, rendering, context)) }
        var check = TargetCheck(
            rendering: rendering.targets, output: output(arguments, context), subjects: subjects,
            steps: context.steps(arguments))
        let project = try project(arguments, context, &check)
        do throws(RenderFailure) {
            try work(arguments, project, rendering.targets, &check)
        } catch {
            guard case .refused = error else { throw rendering.commandError(error) }
        }
        let report = check.report
        let milliseconds = Int((CurrentProcess.now - start) / 1_000_000)
        try CheckOutput(report: report, milliseconds: milliseconds).write(as: format, to: context.console)
        return report.errorCount > 0 ? .inputWrong : .done
    }

    /// The check of outputs as this process can do it.
    static func output(_ arguments: ParsedArguments, _ context: CommandContext) -> OutputCheck {
        let cache = VerdictCache.folder(CurrentProcess.environmentValue).map {
            VerdictCache(folder: $0, files: context.files, temporaries: context.temporaries)
        }
        let proxy = ProxyCheck(
            files: context.files, processes: Interruption.processes, temporaries: context.temporaries, cache: cache,
            environment: CurrentProcess.environmentValue)
        var options = OutputCheck.Options()
        options.requiresProxy = arguments.isGiven(.requireProxy)
        options.allowsCode = arguments.isGiven(.allowCode)
        return OutputCheck(proxy: proxy, options: options)
    }

    private static func schema(
        _ path: String, _ rendering: Rendering, _ context: CommandContext
    ) throws(CommandError) -> CheckSubject {
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path) } catch { throw .file(error) }
        do { return try CheckSubject.schema(SourceFile(name: file.name, bytes: file.bytes)) } catch {
            throw rendering.refuse(error.items)
        }
    }

    private static func work(
        _ arguments: ParsedArguments, _ project: ProjectFile?, _ rendering: TargetRendering,
        _ check: inout TargetCheck
    ) throws(RenderFailure) {
        let templates = arguments.values(of: .syntax)
        for path in templates { try check.checkTemplate(template(path)) }
        let operands = arguments.operands
        if !operands.isEmpty {
            try checkNamed(operands, project, rendering, &check)
        } else if templates.isEmpty {
            try check.check(project?.targets ?? [])
        }
    }

    private static func checkNamed(
        _ operands: [String], _ project: ProjectFile?, _ rendering: TargetRendering, _ check: inout TargetCheck
    ) throws(RenderFailure) {
        let selection = TargetSelection(rendering: rendering)
        var concerned: Set<Int> = []
        var services: [String] = []
        for path in operands {
            let meaning: TargetSelection.Meaning
            do { meaning = try selection.meaning(of: path, in: project) } catch { throw .file(error) }
            switch meaning {
            case .targets(let indices): concerned.formUnion(indices)
            case .template: try check.checkTemplate(template(path))
            case .service: services.append(path)
            case .unknown: check.note("\(path) concerns no target, and is no template and no service file")
            }
        }
        if !services.isEmpty { try check.checkServices(services) }
        try check.check((project?.targets ?? []).enumerated().filter { concerned.contains($0.offset) }.map(\.element))
    }

    /// A template without a target: what its data are is not known, save that it gets services.
    private static func template(_ path: String) -> RenderInput {
        RenderInput(
            template: path, root: .services([], table: nil), dialect: OutputDialect.named(by: path) ?? .plain)
    }

    /// The project file, where there is one; what is wrong with it goes to the report.
    private static func project(
        _ arguments: ParsedArguments, _ context: CommandContext, _ check: inout TargetCheck
    ) throws(CommandError) -> ProjectFile? {
        guard let path = arguments.value(of: .project) ?? ProjectFile.find(context.files) else {
            guard arguments.operands.isEmpty, !arguments.isGiven(.syntax) else { return nil }
            throw ProjectAccess.usage(.noProjectFile, arguments)
        }
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path) } catch { throw .file(error) }
        do { return try ProjectFile.read(file) } catch {
            check.add(error.items)
            return nil
        }
    }
}
