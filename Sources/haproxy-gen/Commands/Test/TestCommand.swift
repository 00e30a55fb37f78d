import HADelivery
import HAServices
import HATemplate

/// `haproxy-gen test`: whether requests are answered as the project's test files say.
enum TestCommand {
    enum Format: String, Sendable, CaseIterable {
        case human, json, junit, github
    }

    private static let names = Operand(
        each: .text("NAME"),
        help: "Names of cases or targets, or test files (default: all cases); with --init, of targets")
    private static let format = Option(
        "format", .choice(), default: Format.human,
        help: "human: for reading; json: for programs; junit: XML that build servers show; github: GitHub's annotations"
    )
    private static let update = Option(
        "update", help: "Write what holds now into the test files, in place of what failed or is not there yet")
    private static let propose = Option(
        "init", help: "Write cases for the services to standard output: each domain and path, and one miss")

    static let declaration = CommandDeclaration(
        name: "test",
        summary: "Ask the real proxy whether requests are answered as the test files say",
        discussion: [
            "The project's key 'tests' names the files: lists of cases, each with a request and what is expected of it (a "
                + "service, a backend, a status, where a redirect leads, headers), or with what the text of an output "
                + "is. docs/test.md has the format.",
            "All requests of a target go to one start of haproxy or nginx, in a private folder, as 'route' does: no port is "
                + "opened and no server is asked. A case that fails shows what 'route' shows, and the rule that would "
                + "have led to what was expected.",
        ],
        options: [
            Options.project, format, update, propose, Options.noProxy, Options.allowCode, Options.timeLimit,
            Options.verbose,
        ] + Options.joinedTable + Options.common,
        rules: [.needs(Options.projectStateFolder, Options.table), .exclusive([update], [propose])],
        operands: [names],
        examples: [
            .init(purpose: "All cases", line: "haproxy-gen test"),
            .init(purpose: "A first test file", line: "haproxy-gen test --init > tests/routes.json"),
            .init(purpose: "For a build server", line: "haproxy-gen test --format junit > test.xml"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "every case holds"),
            .init(
                code: .inputWrong,
                meaning: "a case failed, or a test file, template, service file or the project is wrong"),
            .init(code: .usage, meaning: "the command line is wrong, or there is no project file"),
            .init(code: .environment, meaning: "a file cannot be read or written, or the proxy is not installed"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let start = context.world.now()
        let project = ProjectAccess.joining(arguments, to: try ProjectAccess.require(arguments, context))
        let runner = runner(arguments, context)
        if arguments[propose] {
            let targets = try ProjectAccess.targets(arguments[names], of: project, arguments)
            let proposal = TestProposal(project: project, targets: targets, runner: runner, context: context)
            try context.console.write(try proposal.text())
            return .done
        }
        guard !project.tests.isEmpty else {
            throw .input("\(project.path) has no key 'tests'; haproxy-gen test --init proposes cases")
        }
        let cases = chosen(try read(project, context), arguments)
        guard !cases.isEmpty else {
            let names = arguments[names].joined(separator: ", ")
            throw .input(
                names.isEmpty ? "the test files have no cases" : "no case, target or test file is called \(names)")
        }
        let results: [CaseResult]
        do { results = try runner.run(cases, of: project.targets) } catch { throw .render(error) }
        if arguments[update] { return try write(results, runner, project, context) }
        let milliseconds = Int((context.world.now() - start) / 1_000_000)
        let output = TestOutput(results: results, milliseconds: milliseconds, isVerbose: arguments[Options.verbose])
        try output.write(as: arguments[format], to: context.console)
        if results.contains(where: \.isFailure) { return .inputWrong }
        let reasons = results.compactMap { if case .unasked(let reason) = $0.status { reason } else { nil } }
        guard let reason = reasons.first, !arguments[Options.noProxy] else { return .done }
        throw .environment("\(reasons.count) cases were not asked: \(reason)")
    }

    static func read(_ project: ProjectFile, _ context: CommandContext) throws(CommandError) -> [TestCase] {
        do { return try CaseFiles(files: context.files).cases(of: project) } catch { throw .render(error) }
    }

    private static func chosen(_ cases: [TestCase], _ arguments: ParsedArguments) -> [TestCase] {
        let wanted = Set(arguments[names])
        guard !wanted.isEmpty else { return cases }
        return cases.filter { test in
            wanted.contains(test.name) || wanted.contains(test.file) || test.target.map(wanted.contains) ?? false
        }
    }

    /// Cases as this process can run them.
    static func runner(_ arguments: ParsedArguments, _ context: CommandContext) -> CaseRun {
        var options = CaseRun.Options()
        options.skipsProxy = arguments[Options.noProxy]
        options.allowsCode = arguments[Options.allowCode]
        var checking = OutputCheck.Options()
        checking.skipsProxy = options.skipsProxy
        checking.allowsCode = options.allowsCode
        checking.manner = .caged(isStrict: false)
        let proxy = CheckCommand.proxy(context)
        return CaseRun(
            rendering: Rendering(context).targets, output: OutputCheck(proxy: proxy, options: checking), proxy: proxy,
            options: options)
    }

    private static func write(
        _ results: [CaseResult], _ runner: CaseRun, _ project: ProjectFile, _ context: CommandContext
    ) throws(CommandError) -> ExitCode {
        let update = CaseUpdate(files: context.files, temporaries: context.temporaries)
        let report: CaseUpdate.Report
        do { report = try update.write(results) } catch { throw .file(error) }
        for path in report.files { context.console.note("\(path) was written") }
        context.console.say("\(report.cases) \(report.cases == 1 ? "case" : "cases") changed\n")
        let left = report.left
        for result in left { if let diagnostic = result.diagnostic { context.console.show([diagnostic]) } }
        return left.isEmpty ? .done : .inputWrong
    }
}

/// Cases for the services of a project, with the answers of now.
struct TestProposal {
    let project: ProjectFile
    /// Those that cases are proposed for.
    let targets: [ProjectTarget]
    let runner: CaseRun
    let context: CommandContext

    func text() throws(CommandError) -> String {
        var lines: [String] = []
        for target in targets {
            guard target.input.dialect.program != nil else { continue }
            let output = try Rendering(context).output(target.input)
            var proposed = ProposedRequests(ConfigurationText(output.bytes, dialect: target.input.dialect))
            proposed.add(output.document)
            proposed.addMiss()
            let cases = proposed.proposals.map { proposal in
                var test = TestCase(name: proposal.name, file: "")
                test.target = target.name
                test.request = proposal.request
                test.url = proposal.url
                return test
            }
            let results: [CaseResult]
            do { results = try runner.run(cases, of: project.targets) } catch { throw .render(error) }
            if case .unasked(let reason)? = results.first?.status { throw .environment(reason) }
            lines += results.compactMap(line)
        }
        guard !lines.isEmpty else { throw .input("the project has no target that a proxy can be asked about") }
        return "[\n" + lines.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n"
    }

    private func line(_ result: CaseResult) -> String? {
        guard let url = result.test.url, let answer = result.answer else { return nil }
        let name = project.targets.count > 1 ? "\(result.target): \(result.test.name)" : result.test.name
        let target = project.targets.count > 1 ? " \"target\": \(CaseUpdate.quoted(result.target))," : ""
        return "{\"name\": \(CaseUpdate.quoted(name)),\(target) \"request\": {\"url\": \(CaseUpdate.quoted(url))}, "
            + "\"expect\": \(CaseUpdate.expectation(now: answer))}"
    }
}
