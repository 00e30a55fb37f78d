/// `haproxy-gen render`: a template and services, or any JSON value, to a configuration.
enum RenderCommand {
    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let request: RenderRequest
        do { request = try RenderRequest(arguments) } catch { throw .usage(error) }
        if request.isDialectGuessed {
            context.console.note(
                "'\(request.template)' is rendered as plain text: name it *.cfg.tmpl or *.conf.tmpl, or give --dialect")
        }
        let inputs: RenderInputs
        do { inputs = try RenderInputs(request, reader: FileReader(files: context.files)) } catch { throw .file(error) }
        let output = try Rendering(request: request, inputs: inputs).output(console: context.console)
        guard let path = request.output else {
            try context.console.write(output)
            return .done
        }
        do {
            let installer = FileInstaller(files: context.files, temporaries: context.temporaries)
            let outcome = try installer.install(output, at: path)
            let shown = Console.printable(path)
            context.console.say(outcome == .wrote ? "wrote \(shown)\n" : "\(shown) is unchanged\n")
        } catch {
            throw .file(error)
        }
        return .done
    }
}

/// The files that one rendering needs, read.
struct RenderInputs: Sendable {
    let template: InputFile
    /// Service files, or the one data file.
    let files: [InputFile]

    init(_ request: RenderRequest, reader: FileReader) throws(FileError) {
        template = try reader.read(request.template)
        var files: [InputFile] = []
        switch request.source {
        case .data(let path):
            files.append(try reader.read(path))
        case .services(let paths):
            for path in paths {
                for file in try reader.serviceFiles(at: path) { files.append(try reader.read(file)) }
            }
        }
        self.files = files
    }
}
