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
        _ input: RenderInput, withSourceMap: Bool = false
    ) throws(RenderFailure) -> Reported<RenderedOutput> {
        let read: Reported<(Prepared, Document)> = try RenderReport.ofBoth(
            { () throws(RenderFailure) in Reported(try prepare(input)) },
            { () throws(RenderFailure) in try document(input) })
        var report = read.report
        report.diagnostics += read.value.0.template.warnings
        return try render(read.value.0, read.value.1, withSourceMap: withSourceMap, after: report)
    }

    /// Reads the template and its settings.
    package func prepare(_ input: RenderInput) throws(RenderFailure) -> Prepared {
        let read = try templateAndSettings(input)
        try read.report.requireNoErrors()
        return read.value
    }

    /// What is wrong with a template whatever the services are, by their types.
    package func mistakesOfTemplate(_ input: RenderInput) -> [Diagnostic] {
        guard case .services = input.root, let prepared = try? prepare(input) else { return [] }
        let options = CheckOptions(
            missingKey: input.missingKey, dialect: input.dialect, parameters: prepared.settings)
        let subject = CheckSubject.type(.list(.record(ServiceModel.service)))
        return prepared.template.check(against: subject, options: options).filter { $0.severity == .error }
    }

    /// The template with the settings as far as their files can be read.
    func templateAndSettings(_ input: RenderInput) throws(RenderFailure) -> Reported<Prepared> {
        let read: Reported<(Template, Document)> = try RenderReport.ofBoth(
            { () throws(RenderFailure) in Reported(try template(input)) },
            { () throws(RenderFailure) in try settings(input) })
        let prepared = Prepared(input: input, template: read.value.0, settings: read.value.1)
        return Reported(prepared, read.report)
    }

    /// Renders data that was read by others.
    ///
    /// - Parameter earlier: what was reported before; it is a part of what this reports.
    package func render(
        _ prepared: Prepared, _ document: Document, withSourceMap: Bool = false,
        after earlier: RenderReport = RenderReport()
    ) throws(RenderFailure) -> Reported<RenderedOutput> {
        let input = prepared.input
        var report = earlier
        report.diagnostics.removeAll { prepared.template.silencedAtServices.contains($0.code) }
        var options = RenderOptions(
            missingKey: input.missingKey, parameters: prepared.settings, environment: environment(of: input))
        do { options.now = try renderTime() } catch { throw error.after(report) }
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
            throw RenderFailure(.input, report)
        }
        if input.dialect.endsLastLine { LastLine.end(&output, &map) }
        let made = RenderedOutput(
            template: prepared.template, document: document, text: RenderedText(output), sourceMap: map)
        return Reported(made, report)
    }

    /// The template, compiled.
    private func template(_ input: RenderInput) throws(RenderFailure) -> Template {
        // What is beyond the limit need not be read to be refused.
        let limit = Template.maximumSize + 1
        var report = RenderReport()
        var files: [InputFile] = []
        do {
            files.append(
                try named(input.template, input) { () throws(FileError) in
                    try reader.read(input.template, input.places.origin, upTo: limit)
                })
        } catch {
            try report.take(error)
        }
        var pieces: [String] = []
        for folder in input.includes {
            do {
                for path in try named(
                    folder, input, { () throws(FileError) in try reader.templateFiles(below: folder) })
                {
                    files.append(try read(folder + "/" + path, .kept, upTo: limit))
                    pieces.append(path)
                }
            } catch {
                try report.take(error)
            }
        }
        try report.requireNoErrors()
        do {
            let includes = try zip(pieces, files.dropFirst()).map { path, file throws(Diagnostics) in
                Template.Include(path: path, file: try TemplateText.source(file))
            }
            let main = files[0]
            return try templates.template(input, of: files) { () throws(Diagnostics) in
                try Template.parse(
                    TemplateText.source(main), includes: includes, delimiters: input.delimiters,
                    dialect: input.dialect)
            }
        } catch {
            throw RenderFailure(.input, RenderReport(error.items))
        }
    }

    /// The data.
    package func document(_ input: RenderInput) throws(RenderFailure) -> Reported<Document> {
        if let shared = input.document { return Reported(shared.document) }
        switch input.root {
        case .data(let path):
            let file = try named(path, input) { () throws(FileError) in
                try reader.read(path, input.places.origin)
            }
            do { return Reported(try Document.json(name: file.name, bytes: file.bytes)) } catch {
                throw RenderFailure(.input, RenderReport(error.items))
            }
        case .services(let paths, let table):
            return try services(paths, table, input)
        }
    }

    private func services(
        _ paths: [String], _ table: RenderInput.StoredTable?, _ input: RenderInput
    ) throws(RenderFailure) -> Reported<Document> {
        let trusted = input.trustedSources
        let found = try serviceFiles(paths, of: input)
        var report = found.report
        // Each file's bytes are handed on before the next is read, so that they are held once.
        var services = ServiceReader()
        do throws(RenderFailure) {
            // Beside sources that are named, the files take part in their precedence.
            for path in input.named.isEmpty ? found.value : [] {
                // What a folder or pattern found was named by nobody.
                let file = try read(path, paths.contains(path) ? input.places.origin : .kept)
                services.addFile(
                    name: file.name, bytes: file.bytes, trustsConfig: path != "-" || trusted.contains(.stdin))
            }
            for part in try merged(input.named, after: found.value, &report, input) {
                services.addFile(name: part.file.name, bytes: part.file.bytes, trustsConfig: part.trustsConfig)
            }
            for source in input.sources {
                let bytes: [UInt8]
                do { bytes = try source.read() } catch { throw RenderFailure(.file(error)) }
                services.addFile(name: source.name, bytes: bytes, trustsConfig: source.trustsConfig)
            }
            if let table { try add(table, to: &services, input) }
        } catch {
            try report.take(error)
        }
        let document: Document
        do { document = try services.finish(warnings: &report.diagnostics) } catch {
            throw RenderFailure(.input, RenderReport(error.items)).after(report)
        }
        try report.requireNoErrors()
        return Reported(document, report)
    }

    /// The files of the sources that a target names, without what an earlier source hides.
    private func merged(
        _ named: [RenderInput.NamedSource], after own: [String], _ report: inout RenderReport, _ input: RenderInput
    ) throws(RenderFailure) -> [ServiceMerge.Part] {
        var merge = ServiceMerge()
        guard !named.isEmpty else { return [] }
        var files = SourceAnswer(files: [], trustsConfig: true)
        for path in own {
            let file = try read(path, .kept)
            files.files.append(SourceAnswer.File(name: file.name, bytes: file.bytes))
        }
        merge.add("services", files)
        for source in named {
            var answer = SourceAnswer(files: [], trustsConfig: source.trustsConfig)
            switch source.kind {
            case .files(let paths):
                let found = try serviceFiles(paths, of: input)
                report += found.report
                for path in found.value {
                    let file = try read(path, paths.contains(path) ? input.places.origin : .kept)
                    answer.files.append(SourceAnswer.File(name: file.name, bytes: file.bytes))
                }
            case .table(let table):
                do {
                    let file = try StateDirectory(path: table.folder, files: self.files, temporaries: .unregistered)
                        .serviceFile(of: table.name)
                    answer.files.append(SourceAnswer.File(name: file.name, bytes: file.bytes))
                } catch {
                    throw RenderFailure(.state(error))
                }
            }
            merge.add(source.name, answer)
        }
        report.notes += merge.hidden.map(\.sentence)
        return merge.parts
    }

    private func add(
        _ table: RenderInput.StoredTable, to services: inout ServiceReader, _ input: RenderInput
    ) throws(RenderFailure) {
        let directory = StateDirectory(path: table.folder, files: files, temporaries: .unregistered)
        let trusts = input.trustedSources.contains(.state)
        do { try directory.add(table.name, to: &services, trustsConfig: trusts) } catch {
            guard let mistake = input.places.mistake(for: error, naming: table) else {
                throw RenderFailure(.state(error))
            }
            throw RenderFailure(.input, RenderReport([mistake]))
        }
    }

    /// The service files that paths stand for, in order. A file that several paths lead to is there once.
    package func serviceFiles(
        _ paths: [String], of input: RenderInput
    ) throws(RenderFailure) -> Reported<[String]> {
        var found: [String] = []
        var report = RenderReport()
        for path in paths {
            let matches = FilePattern(path).map { $0.matches(files) } ?? [path]
            if matches.isEmpty { report.notes.append("no file matches \(path)") }
            for match in matches {
                do {
                    var others: [String] = []
                    let inside = try named(match, input) { () throws(FileError) in
                        try reader.serviceFiles(at: match) { others.append($0) }
                    }
                    report.notes += others.map { "\($0) is a pipe, socket or device, and is left out" }
                    if inside.isEmpty { report.notes.append("no *.json file is in the folder \(match)") }
                    found += inside
                } catch {
                    try report.take(error)
                }
            }
        }
        guard found.count > 1 else { return Reported(found, report) }
        var seen: Set<FileIdentity> = []
        let once = found.filter { path in
            // What cannot be read is reported when it is read; a pipe gives something else each time.
            guard path != "-", let status = try? files.status(path), status.kind == .regular else { return true }
            return seen.insert(FileIdentity(status)).inserted
        }
        return Reported(once, report)
    }

    /// The settings, as far as their files can be read.
    private func settings(_ input: RenderInput) throws(RenderFailure) -> Reported<Document> {
        var settings = ParameterSet()
        var report = RenderReport()
        for source in input.settings {
            do {
                try add(source, to: &settings, input)
            } catch {
                try report.take(error)
            }
        }
        return Reported(settings.document(), report)
    }

    private func add(
        _ source: RenderInput.Settings, to settings: inout ParameterSet, _ input: RenderInput
    ) throws(RenderFailure) {
        var file: InputFile?
        if case .file(let path) = source {
            file = try named(path, input) { () throws(FileError) in
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
            throw RenderFailure(.input, RenderReport(error.items))
        }
    }

    /// The time that `now` gives: SOURCE_DATE_EPOCH, in seconds, makes a result repeatable.
    private func renderTime() throws(RenderFailure) -> Int64 {
        guard let text = environment("SOURCE_DATE_EPOCH"), !text.isEmpty else { return now() }
        let (nanoseconds, overflow) = (Int64(text) ?? .max).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { throw RenderFailure(.badTime(text)) }
        return nanoseconds
    }

    private func environment(of input: RenderInput) -> RenderEnvironment {
        let values = input.environment.map { ($0, environment($0) ?? "") }
        return RenderEnvironment(
            variables: Dictionary(values) { first, _ in first },
            files: TemplateFolder(ofTemplate: input.template, files: files)?.answers)
    }

    /// What is read from a path. That a project file names nothing by it is a mistake of that file.
    private func named<Result>(
        _ path: String, _ input: RenderInput, _ read: () throws(FileError) -> Result
    ) throws(RenderFailure) -> Result {
        do { return try read() } catch {
            guard let mistake = input.places.mistake(for: error, naming: path, files) else {
                throw RenderFailure(.file(error))
            }
            throw RenderFailure(.input, RenderReport([mistake]))
        }
    }

    private func read(
        _ path: String, _ origin: FileReader.Origin, upTo limit: Int = FileReader.maximumSize
    ) throws(RenderFailure) -> InputFile {
        do { return try reader.read(path, origin, upTo: limit) } catch { throw RenderFailure(.file(error)) }
    }
}
