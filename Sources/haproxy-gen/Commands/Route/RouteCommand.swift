import HADelivery
import HAServices
import HATemplate

/// `haproxy-gen route`: which service answers a request, and why.
enum RouteCommand {
    enum Format: String, Sendable, CaseIterable {
        case human, json
    }

    private static let target = Operand(
        optional: .text("TARGET"), help: "A target of the project file (default: its only one)")
    private static let url = Operand(.text("URL"), help: "http://…, https://…, tcp://HOST:PORT or udp://HOST:PORT")
    private static let method = Option(
        "request", short: "X", .text("METHOD"), default: "GET", help: "The method of the request")
    private static let header = Option(
        "header", short: "H",
        each: ValueType<RouteRequest.Header>(
            "'NAME: VALUE'", expected: "a header, such as 'Accept: text/html'", parse: { RouteRequest.Header($0) },
            write: { "\($0.name): \($0.value)" }),
        help: "A header of the request; may be repeated")
    private static let from = Option(
        "from", .text("ADDRESS"), default: RouteRequest.usualClient, help: "The client's address")
    private static let format = Option(
        "format", .choice(), default: Format.human, help: "human: for reading; json: for programs")

    static let declaration = CommandDeclaration(
        name: "route",
        summary: "Ask the real proxy which service answers a request, and show why",
        discussion: [
            "The target is rendered, and haproxy or nginx is started on the output in a private folder, with a socket of that "
                + "folder in the place of every listener and every server: no port is opened, and no server is asked. The "
                + "request is sent, and the proxy itself says where it goes.",
            "Shown are the frontend or server block, the rule that decided with the lines of template and service file that wrote it, "
                + "and the backend or upstream with its servers; or the answer that the proxy gave by itself.",
        ],
        options: [Options.project, method, header, from, format, Options.allowCode, Options.timeLimit, Options.verbose]
            + Options.joinedTable + Options.common,
        rules: [.needs(Options.projectStateFolder, Options.table)],
        operands: [target, url],
        examples: [
            .init(purpose: "Where a page comes from", line: "haproxy-gen route https://shop.example.com/cart"),
            .init(
                purpose: "As an administrator's machine would ask",
                line: "haproxy-gen route edge http://admin.example.com/ --from 10.0.0.7 -H 'Accept: text/html'"),
            .init(purpose: "A service that is not http", line: "haproxy-gen route tcp://redis.example.com:6379"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "the proxy answered, whatever it said"),
            .init(
                code: .inputWrong,
                meaning: "nothing listens there, or a template, a service file, the project or the output is wrong"),
            .init(code: .usage, meaning: "the command line is wrong, or there is no project file"),
            .init(code: .environment, meaning: "a file cannot be read, or the proxy is not installed"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        var request: RouteRequest
        let text = try arguments.require(url)
        do throws(RouteRequest.Fault) { request = try RouteRequest(url: text) } catch {
            throw arguments.usage(.badURL(text, reason: error.reason))
        }
        request.method = arguments[method]
        request.headers = arguments[header]
        request.from = arguments[from]
        let project = ProjectAccess.joining(arguments, to: try ProjectAccess.require(arguments, context))
        let target = try chosen(project, arguments)
        let output = try Rendering(context).output(target.input, withSourceMap: true)
        let subject = subject(target, output, arguments, context)
        let outcome: RouteRun.Outcome
        do {
            outcome = try RouteRun(proxy: CheckCommand.proxy(context)).ask([request], of: subject)
        } catch {
            throw .file(error)
        }
        return try show(outcome, request, target, subject, output, arguments, context)
    }

    private static func chosen(
        _ project: ProjectFile, _ arguments: ParsedArguments
    ) throws(CommandError) -> ProjectTarget {
        let names = arguments[target].map { [$0] } ?? []
        let targets = try ProjectAccess.targets(names, of: project, arguments)
        guard targets.count == 1, let only = targets.first else {
            throw arguments.usage(.manyTargets(targets.map(\.name)))
        }
        return only
    }

    private static func subject(
        _ target: ProjectTarget, _ output: RenderedOutput, _ arguments: ParsedArguments, _ context: CommandContext
    ) -> ProxyCheck.Subject {
        let text = ConfigurationText(output.bytes, dialect: target.input.dialect)
        var subject = ProxyCheck.Subject(
            output: target.output, text: text, timeLimit: 60_000, allowsCode: arguments[Options.allowCode])
        subject.manner = .caged(isStrict: false)
        subject.variables = target.input.environment
        subject.folder = target.folder
        return subject
    }

    private static func show(
        _ outcome: RouteRun.Outcome, _ request: RouteRequest, _ target: ProjectTarget, _ subject: ProxyCheck.Subject,
        _ output: RenderedOutput, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ExitCode {
        let answers: [Result<RouteAnswer, RouteRun.Failure>]
        switch outcome {
        case .answered(let given, let notes):
            answers = given
            for note in notes { context.console.note("\(target.output):\(note.line): \(note.message)") }
        case .failed, .notInstalled, .refusedCode, .nothingToAsk:
            throw RouteFailures(target: target, text: subject.text).error(outcome, context.console)
        }
        guard let answer = answers.first else { return .inputWrong }
        switch answer {
        case .success(let answer):
            let causes = output.sourceMap.map {
                CauseMap(subject.text, map: $0, document: output.document, name: target.output)
            }
            let explainer = RouteExplainer(subject.text, causes: causes)
            let writer = RouteOutput(
                request: request, target: target.name, route: explainer.explanation(of: answer), explainer: explainer)
            switch arguments[format] {
            case .human: try context.console.write(writer.human(isVerbose: arguments[Options.verbose]))
            case .json: try context.console.write(writer.json())
            }
            return .done
        case .failure(let failure):
            throw .input(failure.sentence(request))
        }
    }
}
