import HADelivery

/// `render` without a template: the targets of the project file.
enum ProjectRender {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let project = try ProjectAccess.require(arguments, context)
        if let name = arguments[Options.stdout] {
            let mapFile = arguments[Options.sourceMap]
            for target in try ProjectAccess.targets([name], of: project, arguments) {
                let output = try Rendering(context).output(target.input, withSourceMap: mapFile != nil)
                try context.console.write(output.bytes)
                if let mapFile { try RenderCommand.deliverMap(of: output, named: target.output, to: mapFile, context) }
            }
            return .done
        }
        var options = Applier.Options()
        options.isForced = arguments[Options.force]
        try Delivery(arguments, context, isInstalling: false).run(project, options) { (applier) throws(ApplyFailure) in
            try applier.write(project.targets)
        }
        return .done
    }
}

extension Rendering {
    /// Renders targets, and shows what each render reports before the first failure is final.
    func all(_ targets: [ProjectTarget], _ steps: WorkSteps) throws(CommandError) -> [RenderedOutput] {
        var outputs: [RenderedOutput] = []
        var failure: RenderFailure.Cause?
        for (index, target) in targets.enumerated() {
            let step = WorkStep("render \(target.name)", index + 1, of: targets.count)
            do throws(RenderFailure) {
                let made = try steps.run(step) { () throws(RenderFailure) in try self.targets.render(target.input) }
                console.show(made.report)
                outputs.append(made.value)
            } catch {
                console.show(error.report)
                failure = failure ?? error.cause
            }
        }
        if let failure { throw .render(RenderFailure(failure)) }
        return outputs
    }
}
