import HAServices
import HASystem
import HATemplate

/// What a render made.
package struct RenderedOutput: Sendable {
    package let template: Template
    /// What the template's dot was.
    package let document: Document
    package let text: RenderedText
    /// nil unless asked for.
    package let sourceMap: SourceMap?

    /// A copy of the text.
    package var bytes: [UInt8] { text.bytes }
}

/// The bytes that a render made, in the memory that they were made in: a large output is not copied to be written.
package final class RenderedText: Sendable {
    private let buffer: ByteBuffer

    init(_ buffer: consuming ByteBuffer) {
        self.buffer = buffer
    }

    /// A copy.
    package var bytes: [UInt8] { buffer.array }

    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try buffer.withElements { (bytes) throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
    }
}

/// What a render reports, whether it succeeded or not.
package struct RenderReport: Sendable {
    /// Mistakes, and what the template warned of.
    package var diagnostics: [Diagnostic] = []
    /// Sentences without a place.
    package var notes: [String] = []

    package init() {}
}

/// Why a render failed.
package enum RenderFailure: Error, Sendable {
    /// The report has the diagnostics.
    case refused
    case file(FileError)
    case state(StateError)
    /// SOURCE_DATE_EPOCH is no number of seconds.
    case badTime(String)
}

/// The way from files to output bytes: the one place where files meet the engine.
///
/// `render`, `check`, `diff`, `apply` and `generate` all go through here, so that they agree on every byte.
package struct TargetRendering: Sendable {
    package let files: FileSystem
    package let environment: @Sendable (_ name: String) -> String?
    /// Nanoseconds since 1970.
    package let now: @Sendable () -> Int64
    /// Templates of earlier renders.
    private let templates: TemplateStore
    /// Nanoseconds of processor time that this process has used; nil: a render's work is limited, not its time.
    package var processorTime: (@Sendable () -> Int64)?
    /// Nanoseconds of processor time that a render may take.
    package var timeLimit = RenderLimits().processorTime

    /// Bytes of an output that is checked, or that gets a source map.
    package static let maximumMappedSize = 32 << 20

    private var reader: FileReader { FileReader(files: files) }

    package init(
        files: FileSystem, environment: @escaping @Sendable (_ name: String) -> String?,
        now: @escaping @Sendable () -> Int64, templates: TemplateStore = TemplateStore()
    ) {
        self.templates = templates
        self.files = files
        self.environment = environment
        self.now = now
    }

    /// A template with everything but its data.
    package struct Prepared: Sendable {
        package let input: RenderInput
        package let template: Template
        package let settings: Document
    }

    /// Renders.
    ///
    /// The template and the service files are all read to the end before anything is said, so that one run reports the
    /// mistakes of each.
    package func render(
        _ input: RenderInput, withSourceMap: Bool = false, report: inout RenderReport
    ) throws(RenderFailure) -> RenderedOutput {
        let before = report.diagnostics.count
        let prepared = try prepare(input, report: &report)
        let document = try document(input, report: &report)
        let hasFailed = report.diagnostics[before...].contains { $0.severity == .error }
        guard let prepared, let document, !hasFailed else { throw .refused }
        report.diagnostics += prepared.template.warnings
        return try render(prepared, document, withSourceMap: withSourceMap, report: &report)
    }

    /// Reads the template and its settings; nil when the report says what is wrong with them.
    package func prepare(_ input: RenderInput, report: inout RenderReport) throws(RenderFailure) -> Prepared? {
        let template = try template(input, report: &report)
        let settings = try settings(input, report: &report)
        return template.map { Prepared(input: input, template: $0, settings: settings) }
    }

    /// Renders data that was read by others.
    package func render(
        _ prepared: Prepared, _ document: Document, withSourceMap: Bool = false, report: inout RenderReport
    ) throws(RenderFailure) -> RenderedOutput {
        let input = prepared.input
        var options = RenderOptions(
            missingKey: input.missingKey, parameters: prepared.settings, now: try renderTime(),
            environment: environment(of: input))
        report.diagnostics += UnreadSettings.warnings(input, prepared.template)
        options.processorClock = processorTime
        options.limits.processorTime = timeLimit
        // A map and what reads the output for it take many times its size.
        if withSourceMap { options.limits.outputBytes = Self.maximumMappedSize }
        var output = ByteBuffer()
        var map: SourceMap?
        do {
            if withSourceMap {
                var made = try prepared.template.renderWithSourceMap(
                    document, options: options, into: &output, warnings: &report.diagnostics)
                input.blankLines.apply(to: &output, &made)
                map = made
            } else {
                try prepared.template.render(
                    document, options: options, into: &output, warnings: &report.diagnostics)
                input.blankLines.apply(to: &output)
            }
        } catch {
            report.diagnostics += error.all
            throw .refused
        }
        if input.dialect != .plain { LastLine.end(&output, &map) }
        return RenderedOutput(
            template: prepared.template, document: document, text: RenderedText(output), sourceMap: map)
    }

    /// The template, compiled; nil when the report says what is wrong with it.
    package func template(
        _ input: RenderInput, report: inout RenderReport
    ) throws(RenderFailure) -> Template? {
        // What is beyond the limit need not be read to be refused.
        let limit = Template.maximumSize + 1
        let before = report.diagnostics.count
        let main = try named(input.template, input, &report) { () throws(FileError) in
            try reader.read(input.template, input.places.origin, upTo: limit)
        }
        var pieces: [(path: String, file: InputFile)] = []
        for folder in input.includes {
            let paths = try named(folder, input, &report) { () throws(FileError) in
                try reader.templateFiles(below: folder)
            }
            for path in paths ?? [] {
                let file = try read(folder + "/" + path, .kept, upTo: limit)
                pieces.append((path, file))
            }
        }
        guard let main, report.diagnostics.count == before else { return nil }
        do {
            let includes = try pieces.map { piece throws(Diagnostics) in
                Template.Include(path: piece.path, file: try TemplateText.source(piece.file))
            }
            let compile = { () throws(Diagnostics) in
                try Template.parse(
                    TemplateText.source(main), includes: includes, delimiters: input.delimiters,
                    dialect: input.dialect)
            }
            return try templates.template(input, of: [main] + pieces.map(\.file), compile)
        } catch {
            report.diagnostics += error.items
            return nil
        }
    }

    /// The data; nil when the report says what is wrong with it.
    package func document(
        _ input: RenderInput, report: inout RenderReport
    ) throws(RenderFailure) -> Document? {
        switch input.root {
        case .data(let path):
            let file = try named(path, input, &report) { () throws(FileError) in
                try reader.read(path, input.places.origin)
            }
            guard let file else { return nil }
            do { return try Document.json(name: file.name, bytes: file.bytes) } catch {
                report.diagnostics += error.items
                return nil
            }
        case .services(let paths, let table):
            return try services(paths, table, input, &report)
        }
    }

    private func services(
        _ paths: [String], _ table: RenderInput.StoredTable?, _ input: RenderInput, _ report: inout RenderReport
    ) throws(RenderFailure) -> Document? {
        let trusted = input.trustedSources
        let before = report.diagnostics.count
        // Each file's bytes are handed on before the next is read, so that they are held once.
        var services = ServiceReader()
        for path in try serviceFiles(paths, of: input, report: &report) {
            // What a folder or pattern found was named by nobody.
            let file = try read(path, paths.contains(path) ? input.places.origin : .kept)
            services.addFile(
                name: file.name, bytes: file.bytes, trustsConfig: path != "-" || trusted.contains(.stdin))
        }
        for source in input.sources {
            let bytes: [UInt8]
            do { bytes = try source.read() } catch { throw .file(error) }
            services.addFile(name: source.name, bytes: bytes, trustsConfig: source.trustsConfig)
        }
        if let table {
            let directory = StateDirectory(path: table.folder, files: files, temporaries: .unregistered)
            do { try directory.add(table.name, to: &services, trustsConfig: trusted.contains(.state)) } catch {
                guard let mistake = input.places.mistake(for: error, naming: table) else { throw .state(error) }
                report.diagnostics.append(mistake)
            }
        }
        let isWhole = report.diagnostics.count == before
        do {
            let document = try services.finish(warnings: &report.diagnostics)
            return isWhole ? document : nil
        } catch {
            report.diagnostics += error.items
            return nil
        }
    }

    /// The service files that paths stand for, in order. A file that several paths lead to is there once.
    package func serviceFiles(
        _ paths: [String], of input: RenderInput, report: inout RenderReport
    ) throws(RenderFailure) -> [String] {
        var found: [String] = []
        for path in paths {
            let matches = FilePattern(path).map { $0.matches(files) } ?? [path]
            if matches.isEmpty { report.notes.append("no file matches \(path)") }
            for match in matches {
                let inside = try named(match, input, &report) { () throws(FileError) in
                    try reader.serviceFiles(at: match)
                }
                if inside?.isEmpty == true { report.notes.append("no *.json file is in the folder \(match)") }
                found += inside ?? []
            }
        }
        guard found.count > 1 else { return found }
        var seen: Set<FileIdentity> = []
        return found.filter { path in
            // What cannot be read is reported when it is read; a pipe gives something else each time.
            guard path != "-", let status = try? files.status(path), status.kind == .regular else { return true }
            return seen.insert(FileIdentity(status)).inserted
        }
    }

    private func settings(
        _ input: RenderInput, report: inout RenderReport
    ) throws(RenderFailure) -> Document {
        var settings = ParameterSet()
        for source in input.settings {
            var file: InputFile?
            if case .file(let path) = source {
                file = try named(path, input, &report) { () throws(FileError) in
                    try reader.read(path, input.places.origin)
                }
            }
            do {
                switch source {
                case .file: if let file { try settings.addFile(name: file.name, bytes: file.bytes) }
                case .part(let file, let path): try settings.addFile(name: file.name, bytes: file.bytes, at: path)
                case .value(let name, let text): settings.set(name, to: text)
                }
            } catch {
                report.diagnostics += error.items
            }
        }
        return settings.document()
    }

    /// The time that `now` gives: SOURCE_DATE_EPOCH, in seconds, makes a result repeatable.
    private func renderTime() throws(RenderFailure) -> Int64 {
        guard let text = environment("SOURCE_DATE_EPOCH"), !text.isEmpty else { return now() }
        let (nanoseconds, overflow) = (Int64(text) ?? .max).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { throw .badTime(text) }
        return nanoseconds
    }

    private func environment(of input: RenderInput) -> RenderEnvironment {
        let values = input.environment.map { ($0, environment($0) ?? "") }
        return RenderEnvironment(
            variables: Dictionary(values) { first, _ in first },
            files: TemplateFolder(ofTemplate: input.template, files: files)?.answers)
    }

    /// What is read from a path; nil when the report says that a project file names nothing by it.
    private func named<Result>(
        _ path: String, _ input: RenderInput, _ report: inout RenderReport, _ read: () throws(FileError) -> Result
    ) throws(RenderFailure) -> Result? {
        do { return try read() } catch {
            guard let mistake = input.places.mistake(for: error, naming: path, files) else { throw .file(error) }
            report.diagnostics.append(mistake)
            return nil
        }
    }

    private func read(
        _ path: String, _ origin: FileReader.Origin, upTo limit: Int = FileReader.maximumSize
    ) throws(RenderFailure) -> InputFile {
        do { return try reader.read(path, origin, upTo: limit) } catch { throw .file(error) }
    }
}
