import HADelivery
import HASystem
import HATemplate

/// `haproxy-gen render`: a template and services, or any JSON value, to a configuration.
enum RenderCommand {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        guard arguments.isGiven(Options.template) else { return try ProjectRender.run(arguments, context) }
        let request = try RenderRequest(arguments)
        let mapFile = arguments[Options.sourceMap]
        try refuseOverwriting(request.input, [request.output, mapFile], arguments, context)
        noteGuess(request, context)
        let step = WorkStep("render \(request.input.template)")
        let output = try context.steps(arguments).run(step) { () throws(CommandError) in
            try Rendering(context).output(request.input, withSourceMap: mapFile != nil)
        }
        // The output is the last to change, so that a map that cannot be written leaves it alone.
        if let mapFile { try deliverMap(of: output, named: request.output, to: mapFile, context) }
        try output.text.withBytes { (bytes) throws(CommandError) in
            try deliver(bytes, to: request.output, context)
        }
        return .done
    }

    /// Refuses files that would replace what the render reads, or each other.
    static func refuseOverwriting(
        _ input: RenderInput, _ paths: [String?], payload: String? = nil, _ arguments: ParsedArguments,
        _ context: CommandContext
    ) throws(CommandError) {
        let written = WrittenFiles(rendering: Rendering(context).targets)
        let paths = paths.compactMap { $0 }
        for (index, path) in paths.enumerated() {
            let earlier = (paths[..<index] + (payload.map { [$0] } ?? [])).first { written.areSame(path, $0) }
            if let other = earlier ?? written.input(at: path, of: input) {
                throw arguments.usage(.overwrites(path, input: other))
            }
        }
    }

    /// Writes the source map of an output. `name` is the path of the output; nil: it has none.
    static func deliverMap(
        of output: RenderedOutput, named name: String?, to file: String, _ context: CommandContext
    ) throws(CommandError) {
        guard let map = output.sourceMap else { return }
        let text = SourceMapFile.text(map, of: output.document, output: name)
        let written = text.withUnsafeBytes { bytes in
            Result { () throws(CommandError) in try deliver(bytes, to: file, context) }
        }
        try written.get()
    }

    /// Notes when the dialect of a template that is there is a guess.
    static func noteGuess(_ request: RenderRequest, _ context: CommandContext) {
        guard request.isDialectGuessed, (try? context.files.status(request.input.template)) != nil else { return }
        context.console.note(
            "'\(request.input.template)' is rendered as plain text: name it *.cfg.tmpl or *.conf.tmpl, or give --dialect"
        )
    }

    /// Writes the result to its file, or to standard output when there is none.
    static func deliver(
        _ bytes: UnsafeRawBufferPointer, to path: String?, _ context: CommandContext
    ) throws(CommandError) {
        guard let path else { return try context.console.write(bytes) }
        let installer = FileInstaller(files: context.files, temporaries: context.temporaries)
        let shown = Console.printable(path)
        do {
            let outcome = try installer.install(bytes, at: path)
            context.console.say(outcome == .wrote ? "wrote \(shown)\n" : "\(shown) is unchanged\n")
        } catch {
            throw .file(error)
        }
    }
}
