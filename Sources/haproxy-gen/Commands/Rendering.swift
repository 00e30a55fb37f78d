import HADelivery
import HASystem
import HATemplate

/// Renders, and prints what the render reports.
struct Rendering {
    private(set) var targets: TargetRendering
    let console: Console

    init(_ context: CommandContext) {
        targets = TargetRendering(
            files: context.files, environment: context.world.variable, now: context.world.now)
        targets.processorTime = context.world.processorTime
        targets.timeLimit = context.timeLimit
        console = context.console
    }

    /// Renders, and shows what the render reports.
    func output(_ input: RenderInput, withSourceMap: Bool = false) throws(CommandError) -> RenderedOutput {
        try showing { () throws(RenderFailure) in try targets.render(input, withSourceMap: withSourceMap) }
    }

    /// Renders a document that was read by others, and shows what the render reports.
    func output(
        of prepared: TargetRendering.Prepared, _ document: Document
    ) throws(CommandError) -> RenderedOutput {
        try showing { () throws(RenderFailure) in try targets.render(prepared, document) }
    }

    /// The targets with those that have `each` in parts.
    func expanded(_ targets: [ProjectTarget]) throws(CommandError) -> [ProjectTarget] {
        try showing { () throws(RenderFailure) in try self.targets.expanded(targets) }
    }

    private func showing<Value>(_ work: () throws(RenderFailure) -> Reported<Value>) throws(CommandError) -> Value {
        let made: Reported<Value>
        do { made = try work() } catch { throw .render(error) }
        console.show(made.report)
        return made.value
    }
}

extension Console {
    func show(_ report: RenderReport) {
        for sentence in report.notes { note(sentence) }
        show(report.diagnostics)
    }

    func show(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        var printer = DiagnosticPrinter(color: usesColor)
        say(diagnostics.map { printer.text(of: $0.inCommandLineWords) }.joined())
    }
}
