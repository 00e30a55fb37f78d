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

    /// Renders, or shows everything that is wrong with the input and throws `inputWrong`.
    func output(_ input: RenderInput, withSourceMap: Bool = false) throws(CommandError) -> RenderedOutput {
        try reporting { (report) throws(RenderFailure) in
            try targets.render(input, withSourceMap: withSourceMap, report: &report)
        }
    }

    /// Renders a document that was read by others.
    func output(
        of prepared: TargetRendering.Prepared, _ document: Document
    ) throws(CommandError) -> RenderedOutput {
        try reporting { (report) throws(RenderFailure) in try targets.render(prepared, document, report: &report) }
    }

    /// Shows what a piece of work reports, whether it succeeds or not.
    func reporting<Result>(
        _ work: (inout RenderReport) throws(RenderFailure) -> Result
    ) throws(CommandError) -> Result {
        var report = RenderReport()
        do throws(RenderFailure) {
            let result = try work(&report)
            show(report)
            return result
        } catch {
            show(report)
            throw commandError(error)
        }
    }

    /// What a failed render means for the program.
    func commandError(_ failure: RenderFailure) -> CommandError {
        switch failure {
        case .refused: return .inputWrong
        case .file(let error): return .file(error)
        case .state(let error): return .state(error)
        case .badTime(let text):
            console.error(
                "the environment variable SOURCE_DATE_EPOCH is not a number of seconds since 1970: '\(text)'")
            return .inputWrong
        }
    }

    func refuse(_ mistakes: [Diagnostic]) -> CommandError {
        console.show(mistakes)
        return .inputWrong
    }

    private func show(_ report: RenderReport) {
        for note in report.notes { console.note(note) }
        console.show(report.diagnostics)
    }
}

extension Console {
    func show(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        var printer = DiagnosticPrinter(color: usesColor)
        say(diagnostics.map { printer.text(of: $0) }.joined())
    }
}
