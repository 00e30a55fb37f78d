import HADelivery
import HAServices
import HASystem
import HATemplate

/// `haproxy-gen generate`: a payload of Cosmos to a configuration, with the services remembered in between.
enum GenerateCommand {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let request = try GenerateRequest(arguments)
        let input = request.rendering.input
        let payloadFile = request.payload == "-" ? nil : request.payload
        try RenderCommand.refuseOverwriting(
            input, [request.rendering.output], payload: payloadFile, arguments, context)
        RenderCommand.noteGuess(request.rendering, context)
        let rendering = Rendering(context)

        // The mistakes of the template and of the payload are shown in one run.
        let prepared: TargetRendering.Prepared
        do { prepared = try rendering.targets.prepare(input) } catch {
            guard case .input = error.cause else { throw .render(error) }
            throw try withMistakesOfPayload(error.report.diagnostics, request, context)
        }
        let payload = try payload(request, context)
        context.console.show(prepared.template.warnings)

        let directory = StateDirectory(path: request.folder, files: context.files, temporaries: context.temporaries)
        let work = Work(request: request, rendering: rendering, template: prepared, directory: directory)
        if request.isDryRun {
            try context.console.write(work.rehearse(payload))
            return .done
        }
        let result = try work.transact(payload)
        context.console.say(Console.printableLines(result.summary))
        try result.output.text.withBytes { (bytes) throws(CommandError) in
            try RenderCommand.deliver(bytes, to: request.rendering.output, context)
        }
        return .done
    }

    private static func withMistakesOfPayload(
        _ mistakes: [Diagnostic], _ request: GenerateRequest, _ context: CommandContext
    ) throws(CommandError) -> CommandError {
        do throws(CommandError) { _ = try payload(request, context) } catch {
            guard case .mistakes(let others) = error else { throw error }
            return .mistakes(mistakes + others)
        }
        return .mistakes(mistakes)
    }

    private static func payload(_ request: GenerateRequest, _ context: CommandContext) throws(CommandError) -> Payload {
        let input: InputFile
        do { input = try FileReader(files: context.files).read(request.payload) } catch { throw .file(error) }
        let isTrusted = request.rendering.input.trustedSources.contains(.state)
        do { return try Payload.read(name: input.name, bytes: input.bytes, trustsConfig: isTrusted) } catch {
            throw .mistakes(error.items)
        }
    }

    /// What a run made.
    private struct Result: ~Copyable {
        let output: RenderedOutput
        let summary: String
    }

    /// A run whose input has been read.
    private struct Work {
        let request: GenerateRequest
        let rendering: Rendering
        let template: TargetRendering.Prepared
        let directory: StateDirectory

        /// Stores the table after the event, if it can be rendered. Others need not wait while the result is printed.
        func transact(_ payload: consuming Payload) throws(CommandError) -> Result {
            let table = payload.table
            var transaction: StateTransaction
            do { transaction = try directory.begin(table, lockTimeout: request.lockTimeout) } catch {
                throw .state(error)
            }
            let proposal: Proposal
            do { proposal = try transaction.proposal(for: payload) } catch { throw .state(error) }
            let output = try rendering.output(of: template, proposal.document)
            show(proposal.warnings)
            do {
                let revision = try transaction.commit(proposal, history: request.history)
                return Result(output: output, summary: StateText.summary(of: proposal, storedAs: revision))
            } catch {
                throw .state(error)
            }
        }

        private func show(_ warnings: [Diagnostic]) {
            rendering.console.show(warnings.filter { !template.template.silencedAtServices.contains($0.code) })
        }

        /// What `transact` would do, without doing it.
        func rehearse(_ payload: consuming Payload) throws(CommandError) -> String {
            let proposal: Proposal
            do { proposal = try directory.proposal(for: payload) } catch { throw .state(error) }
            _ = try rendering.output(of: template, proposal.document)
            show(proposal.warnings)
            return StateText.rehearsal(of: proposal)
        }
    }
}

/// What `generate` is asked to do.
struct GenerateRequest: Sendable {
    let rendering: RenderRequest
    let folder: String
    /// A path; `-` for standard input.
    let payload: String
    let isDryRun: Bool
    /// Milliseconds.
    let lockTimeout: Int
    let history: Int

    init(_ arguments: ParsedArguments) throws(CommandError) {
        rendering = try RenderRequest(arguments)
        folder = arguments[Options.stateFolder]
        payload = arguments[GenerateCommand.payload]
        isDryRun = arguments[Options.dryRun]
        lockTimeout = arguments[Options.lockTimeout]
        history = arguments[Options.history]
        let reader = [Options.template, Options.params].first { arguments[$0] == "-" }
        if payload == "-", let other = reader?.declaration.long {
            throw arguments.usage(.standardInputTwice(options: [other, GenerateCommand.payload.declaration.name]))
        }
    }
}
