import HADelivery

/// `render` without a template: the targets of the project file.
enum ProjectRender {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let project = try ProjectAccess.require(arguments, context)
        if let name = arguments.value(of: .stdout) {
            for target in try ProjectAccess.targets([name], of: project, arguments) {
                try context.console.write(Rendering(context).output(target.input).bytes)
            }
            return .done
        }
        try Delivery(arguments, context).run(project, .init()) { (applier) throws(ApplyFailure) in
            try applier.write(project.targets)
        }
        return .done
    }
}

extension Rendering {
    /// Renders targets; the mistakes of all of them are shown before it throws.
    func all(_ targets: [ProjectTarget], _ steps: WorkSteps) throws(CommandError) -> [RenderedOutput] {
        var outputs: [RenderedOutput] = []
        var failure: CommandError?
        for (index, target) in targets.enumerated() {
            let step = WorkStep("render \(target.name)", index + 1, of: targets.count)
            do throws(CommandError) {
                outputs.append(try steps.run(step) { () throws(CommandError) in try output(target.input) })
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return outputs
    }
}
