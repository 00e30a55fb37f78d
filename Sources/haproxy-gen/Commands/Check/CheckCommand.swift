import HADelivery
import HASystem
import HATemplate

/// `haproxy-gen check`: everything that can be known to be wrong before a proxy gets it.
enum CheckCommand {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let start = context.world.now()
        let format = arguments[format]
        let rendering = Rendering(context)
        var subjects: [CheckSubject] = []
        for path in arguments[schema] { subjects.append(try schema(path, context)) }
        var check = TargetCheck(
            rendering: rendering.targets, output: output(arguments, context), subjects: subjects,
            steps: context.steps(arguments))
        var projects = CheckedProjects(arguments, context)
        let plan = try CheckPlan(arguments, &projects, rendering)
        check.add(projects.mistakes)
        let cases = try CheckedCases(projects.all, plan, arguments, context)
        check.add(cases.mistakes)
        for path in plan.unknown where !cases.hold(path) {
            check.note("\(path) concerns no target, and is neither a template nor a service file: it was left alone")
        }
        do throws(RenderFailure) {
            try plan.run(&check)
        } catch {
            // A check that could not look at everything has no result.
            throw .render(RenderFailure(error.cause))
        }
        try cases.run(&check)
        let report = check.report
        let milliseconds = Int((context.world.now() - start) / 1_000_000)
        try CheckOutput(report: report, milliseconds: milliseconds).write(as: format, to: context.console)
        return report.errorCount > 0 ? .inputWrong : .done
    }

    /// The check of outputs as this process can do it.
    static func output(
        _ arguments: ParsedArguments, _ context: CommandContext, isInstalling: Bool = false
    ) -> OutputCheck {
        var options = OutputCheck.Options()
        options.requiresProxy = arguments[Options.requireProxy]
        options.skipsProxy = arguments[Options.noProxy]
        options.isInstalling = isInstalling
        // What is installed in the next moment is checked as it will run; all else may come from anybody.
        let isForGood = isInstalling && !arguments[Options.dryRun]
        options.keepsPaths = isForGood
        options.manner = isForGood ? .asItRuns : .caged(isStrict: arguments[Options.requireCage])
        options.allowsCode = arguments[Options.allowCode]
        options.starts = !isInstalling && arguments[start]
        return OutputCheck(proxy: proxy(context), options: options)
    }

    /// The proxies as this process can start them.
    static func proxy(_ context: CommandContext) -> ProxyCheck {
        let cache = VerdictCache.folder(context.world.variable).map {
            VerdictCache(folder: $0, files: context.files, temporaries: context.temporaries)
        }
        return ProxyCheck(
            files: context.files, processes: context.processes, temporaries: context.temporaries, cache: cache,
            environment: context.world.variable)
    }

    private static func schema(
        _ path: String, _ context: CommandContext
    ) throws(CommandError) -> CheckSubject {
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path) } catch { throw .file(error) }
        do { return try CheckSubject.schema(SourceFile(name: file.name, bytes: file.bytes)) } catch {
            throw .mistakes(error.items)
        }
    }
}
