import HAServices
import HATemplate

/// The way from files to output bytes: the one place where the command line meets the engine.
struct Rendering {
    let request: RenderRequest
    let reader: FileReader
    let console: Console

    /// Renders, or shows everything that is wrong with the input and throws `inputWrong`.
    ///
    /// The template and the service files are both read to the end before anything is said, so that one run shows the
    /// mistakes of both.
    func output() throws(CommandError) -> ByteBuffer {
        var mistakes: [Diagnostic] = []
        let prepared = try prepare(&mistakes)
        let document = try document(&mistakes)
        guard let prepared, let document, mistakes.isEmpty else { throw refuse(mistakes) }
        return try output(of: prepared, document)
    }

    /// A template with everything but its services.
    struct Prepared {
        fileprivate let template: Template
        fileprivate let parameters: Document
    }

    /// Reads the template and its parameters; nil after adding to `mistakes`.
    func prepare(_ mistakes: inout [Diagnostic]) throws(CommandError) -> Prepared? {
        let template = try template(&mistakes)
        let parameters = try parameters(&mistakes)
        return template.map { Prepared(template: $0, parameters: parameters) }
    }

    /// Renders a document, or shows why it cannot be rendered and throws `inputWrong`.
    func output(of prepared: Prepared, _ document: Document) throws(CommandError) -> ByteBuffer {
        var output = ByteBuffer()
        let options = RenderOptions(
            missingKey: request.missingKey, parameters: prepared.parameters, now: try renderTime(),
            surroundings: surroundings())
        var warnings: [Diagnostic] = []
        do {
            try prepared.template.render(document, options: options, into: &output, warnings: &warnings)
        } catch {
            throw refuse(warnings + [error])
        }
        show(warnings)
        request.blankLines.apply(to: &output)
        return output
    }

    /// The time that `now` gives: SOURCE_DATE_EPOCH, in seconds, makes a result repeatable.
    private func renderTime() throws(CommandError) -> Int64 {
        let name = "SOURCE_DATE_EPOCH"
        guard let text = CurrentProcess.environmentValue(name), !text.isEmpty else { return CurrentProcess.now }
        let (nanoseconds, overflow) = (Int64(text) ?? .max).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else {
            console.error("the environment variable \(name) is no number of seconds since 1970: '\(text)'")
            throw .inputWrong
        }
        return nanoseconds
    }

    private func surroundings() -> Surroundings {
        let values = request.environment.map { ($0, CurrentProcess.environmentValue($0) ?? "") }
        return Surroundings(
            variables: Dictionary(values) { first, _ in first },
            files: TemplateFolder(ofTemplate: request.template, files: reader.files)?.answers)
    }

    private func template(_ mistakes: inout [Diagnostic]) throws(CommandError) -> Template? {
        let input = try read(request.template)
        let includes = try includes()
        do {
            let file = SourceFile(name: input.name, bytes: input.bytes)
            return try Template.parse(
                file, includes: includes, delimiters: request.delimiters, dialect: request.dialect.dialect ?? .plain)
        } catch {
            mistakes += error.items
            return nil
        }
    }

    private func includes() throws(CommandError) -> [Template.Include] {
        var includes: [Template.Include] = []
        for folder in request.includes {
            let paths: [String]
            do { paths = try reader.templateFiles(below: folder) } catch { throw .file(error) }
            for path in paths {
                let input = try read(folder + "/" + path)
                includes.append(.init(path: path, file: SourceFile(name: input.name, bytes: input.bytes)))
            }
        }
        return includes
    }

    private func parameters(_ mistakes: inout [Diagnostic]) throws(CommandError) -> Document {
        var parameters = ParameterSet()
        if let path = request.parameterFile {
            let input = try read(path)
            do { try parameters.addFile(name: input.name, bytes: input.bytes) } catch { mistakes += error.items }
        }
        for parameter in request.parameters { parameters.set(parameter.name, to: parameter.value) }
        return parameters.document()
    }

    private func document(_ mistakes: inout [Diagnostic]) throws(CommandError) -> Document? {
        switch request.source {
        case .services(let paths, let table):
            // Each file's bytes are handed on before the next is read, so that they are held once.
            var services = ServiceReader()
            for path in try serviceFiles(paths) {
                let input = try read(path)
                let isTrusted = path != "-" || request.trustedSources.contains(.stdin)
                services.addFile(name: input.name, bytes: input.bytes, trustsConfig: isTrusted)
            }
            if let table {
                let directory = StateDirectory(path: table.folder, files: reader.files, temporaries: .unregistered)
                do {
                    try try directory.add(
                        table.name, to: &services, trustsConfig: request.trustedSources.contains(.state))
                } catch { throw .state(error) }
            }
            do { return try services.finish() } catch { mistakes += error.items }
        case .data(let path):
            let input = try read(path)
            do { return try Document.json(name: input.name, bytes: input.bytes) } catch { mistakes += error.items }
        }
        return nil
    }

    private func serviceFiles(_ paths: [String]) throws(CommandError) -> [String] {
        var files: [String] = []
        for path in paths {
            let found: [String]
            do { found = try reader.serviceFiles(at: path) } catch { throw .file(error) }
            if found.isEmpty { console.note("no *.json file is in the folder \(path)") }
            files += found
        }
        return files
    }

    private func read(_ path: String) throws(CommandError) -> InputFile {
        do { return try reader.read(path) } catch { throw .file(error) }
    }

    func refuse(_ mistakes: [Diagnostic]) -> CommandError {
        show(mistakes)
        return .inputWrong
    }

    private func show(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        var printer = DiagnosticPrinter(colour: console.usesColor)
        console.say(diagnostics.map { printer.text(of: $0) }.joined())
    }
}
