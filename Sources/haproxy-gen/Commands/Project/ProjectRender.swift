import HADelivery
import HAServices

/// `render` without a template: the targets of the project file.
enum ProjectRender {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let project = try ProjectAccess.require(arguments, context)
        let rendering = Rendering(context)
        if let name = arguments.value(of: .stdout) {
            let mapFile = arguments.value(of: .sourceMap)
            for target in try ProjectAccess.targets([name], of: project, arguments) {
                let output = try rendering.output(target.input, withSourceMap: mapFile != nil)
                try context.console.write(output.bytes)
                if let mapFile { try RenderCommand.deliverMap(of: output, named: target.output, to: mapFile, context) }
            }
            return .done
        }
        let outputs = try rendering.all(project.targets)
        let installer = FileInstaller(files: context.files, temporaries: context.temporaries)
        do throws(FileError) {
            // Every output is written beside its file before the first file is replaced.
            var staged: [StagedFile?] = []
            defer { for case let file? in staged { installer.discard(file) } }
            for (target, output) in zip(project.targets, outputs) {
                staged.append(try installer.stage(output.bytes, at: target.output, mode: target.mode))
            }
            for (index, target) in project.targets.enumerated() {
                let shown = Console.printable(target.output)
                if let file = staged[index] {
                    try installer.commit(file)
                    staged[index] = nil
                    context.console.say("wrote \(shown)\n")
                } else {
                    context.console.say("\(shown) is unchanged\n")
                }
            }
        } catch {
            throw .file(error)
        }
        return .done
    }
}

extension Rendering {
    /// Renders targets; the mistakes of all of them are shown before it throws.
    func all(_ targets: [ProjectTarget], withSourceMap: Bool = false) throws(CommandError) -> [RenderedOutput] {
        var outputs: [RenderedOutput] = []
        var failure: CommandError?
        for target in targets {
            do throws(CommandError) { outputs.append(try output(target.input, withSourceMap: withSourceMap)) } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return outputs
    }
}
