import HADelivery
import HAServices

/// The way of outputs into place, as `render` and `apply` share it: what it works with, and what it reports.
struct Delivery {
    private let tools: Applier.Tools

    /// - Parameter isInstalling: whether proxies get the outputs; else they are only written.
    init(_ arguments: ParsedArguments, _ context: CommandContext, isInstalling: Bool) {
        let console = context.console
        tools = Applier.Tools(
            rendering: Rendering(context).targets,
            check: CheckCommand.output(arguments, context, isInstalling: isInstalling),
            process: context.processes, temporaries: context.temporaries, steps: context.steps(arguments),
            emit: { Self.show($0, on: console) })
    }

    func run(
        _ project: ProjectFile, _ options: Applier.Options, _ work: (Applier) throws(ApplyFailure) -> Void
    ) throws(CommandError) {
        do { try work(Applier(project: project, options: options, tools: tools)) } catch { throw .apply(error) }
    }

    private static func show(_ event: ApplyEvent, on console: Console) {
        switch event {
        case .report(let report): console.show(report)
        case .refused(let target):
            console.error("\(target.name): the output did not pass its check; \(target.output) stays as it was")
        case .summary(let target, let lines):
            for line in lines { console.say("\(target): \(Console.printable(line))\n") }
        case .done(let sentence): console.say(Console.printable(sentence) + "\n")
        case .note(let sentence): console.note(sentence)
        case .error(let sentence): console.error(sentence)
        case .commandOutput(let bytes):
            // What comes next begins a line of its own.
            let text = Console.printableLines(String(decoding: bytes, as: UTF8.self))
            console.say(text.isEmpty || text.hasSuffix("\n") ? text : text + "\n")
        }
    }
}
