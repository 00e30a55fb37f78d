import HAServices
import HATemplate

/// Checks targets: service files, template, rendering, the output by itself, the output by its proxy, and whether the
/// committed output is up to date.
package struct TargetCheck: Sendable {
    package struct Options: Sendable {
        /// A proxy that is not installed is an error.
        package var requiresProxy = false
        /// Directives that run code may reach the proxy.
        package var allowsCode = false
        /// What templates are checked against, in place of the model of services.
        package var subjects: [CheckSubject] = []

        package init() {}
    }

    private let rendering: TargetRendering
    private let proxy: ProxyCheck
    private let options: Options
    package private(set) var report = CheckReport()

    package init(rendering: TargetRendering, proxy: ProxyCheck, options: Options) {
        self.rendering = rendering
        self.proxy = proxy
        self.options = options
    }

    // MARK: Parts

    /// Checks a target. What is wrong with it goes to the report; throws when a file or program cannot be used at all.
    package mutating func check(_ target: ProjectTarget) throws(RenderFailure) {
        report.targetCount += 1
        try countServiceFiles(target.input)
        var found = RenderReport()
        defer {
            report.add(found.diagnostics)
            for note in found.notes { report.note(note) }
        }
        let before = found.diagnostics.count
        let prepared = try rendering.prepare(target.input, report: &found)
        if let prepared { checkTypes(prepared, target.input, &found) }
        let document = try rendering.document(target.input, report: &found)
        guard let prepared, let document,
            !found.diagnostics[before...].contains(where: { $0.severity == .error })
        else { return }
        let output: RenderedOutput
        do throws(RenderFailure) {
            output = try rendering.render(prepared, document, withSourceMap: true, report: &found)
        } catch {
            if case .refused = error { return }
            throw error
        }
        try checkOutput(output, of: target, &found)
    }

    /// Checks a template by itself: its syntax and, as far as the data are known, its types.
    package mutating func checkTemplate(_ input: RenderInput) throws(RenderFailure) {
        var found = RenderReport()
        defer { report.add(found.diagnostics) }
        if let prepared = try rendering.prepare(input, report: &found) { checkTypes(prepared, input, &found) }
    }

    /// Checks service files that belong to no target.
    package mutating func checkServices(_ paths: [String]) throws(RenderFailure) {
        report.serviceFiles.formUnion(paths)
        var found = RenderReport()
        let input = RenderInput(template: "", root: .services(paths, table: nil), dialect: .plain)
        _ = try rendering.document(input, report: &found)
        report.add(found.diagnostics)
    }

    package mutating func add(_ diagnostics: [Diagnostic]) { report.add(diagnostics) }

    package mutating func note(_ sentence: String) { report.note(sentence) }

    private mutating func countServiceFiles(_ input: RenderInput) throws(RenderFailure) {
        guard case .services(let paths, _) = input.root else { return }
        var notes = RenderReport()
        report.serviceFiles.formUnion(try rendering.serviceFiles(paths, report: &notes))
    }

    private func checkTypes(_ prepared: TargetRendering.Prepared, _ input: RenderInput, _ found: inout RenderReport) {
        let configuration = CheckOptions.Configuration(rawValue: input.dialect.rawValue) ?? .plain
        let checking = CheckOptions(
            missingKey: input.missingKey, configuration: configuration, parameters: prepared.settings)
        for subject in options.subjects.isEmpty ? [Self.subject(of: input)] : options.subjects {
            found.diagnostics += prepared.template.check(against: subject, options: checking)
        }
    }

    private static func subject(of input: RenderInput) -> CheckSubject {
        guard case .services = input.root else { return .unknown }
        return .type(.list(.record(ServiceModel.service)))
    }

    // MARK: The output

    private mutating func checkOutput(
        _ output: RenderedOutput, of target: ProjectTarget, _ found: inout RenderReport
    ) throws(RenderFailure) {
        try examine(output, of: target, &found)
        // Nobody should render what is refused.
        guard !found.diagnostics.contains(where: { $0.severity == .error }) else { return }
        try compare(output.bytes, with: target.output, &found)
    }

    /// Looks at an output by itself and asks its proxy, as it is before it is installed.
    package mutating func examine(
        _ output: RenderedOutput, of target: ProjectTarget, _ found: inout RenderReport
    ) throws(RenderFailure) {
        let text = ConfigurationText(output.bytes, dialect: target.input.dialect)
        guard let map = output.sourceMap else { return }
        let causes = CauseMap(text, map: map, document: output.document, name: target.output)
        let lint = OutputLint.check(text).map { finding in
            causes.diagnostic(finding.code, finding.severity, finding.message, at: finding.range, other: finding.other)
        }
        found.diagnostics += lint
        var subject = ProxyCheck.Subject(
            output: target.output, text: text, command: target.check, timeLimit: target.checkTimeout,
            allowsCode: options.allowsCode)
        subject.allowsCode = options.allowsCode
        let outcome: ProxyCheck.Outcome
        do { outcome = try proxy.check(subject) } catch { throw .file(error) }
        addAnswer(outcome, causes, text, &found)
    }

    private mutating func addAnswer(
        _ outcome: ProxyCheck.Outcome, _ causes: CauseMap, _ text: ConfigurationText, _ found: inout RenderReport
    ) {
        switch outcome {
        case .answered(let complaints):
            found.diagnostics += complaints.map { causes.diagnostic(of: $0, in: text) }
        case .notInstalled(let program) where options.requiresProxy:
            found.diagnostics.append(
                Diagnostic(.proxyMissing, "\(program) is not installed, and a check by it is required", at: nil))
        case .notInstalled(let program):
            report.note("the check by the proxy was skipped: \(program) is not installed")
        case .refusedCode(let code):
            found.diagnostics += code.map { finding in
                causes.diagnostic(
                    .runsCode, .error,
                    finding.message + "; the proxy is not asked about this output without --allow-code",
                    at: finding.range)
            }
        case .nothingToAsk:
            break
        }
    }

    /// An output that was committed must be the one that its sources make now. One that does not exist yet, and one
    /// outside the working folder, is not committed.
    private mutating func compare(
        _ bytes: [UInt8], with path: String, _ found: inout RenderReport
    ) throws(RenderFailure) {
        guard !path.hasPrefix("/") else { return }
        let file: InputFile
        do throws(FileError) {
            file = try FileReader(files: rendering.files).read(path)
        } catch {
            guard case .system(let reason) = error.cause, reason.isNotFound else { throw .file(error) }
            report.note("\(path) does not exist yet; haproxy-gen render makes it")
            return
        }
        guard file.bytes != bytes else { return }
        let common = zip(file.bytes, bytes).prefix { $0 == $1 }.count
        let old = ConfigurationText(file.bytes, dialect: .plain)
        let new = ConfigurationText(bytes, dialect: .plain)
        let place = old.trimmed(old.range(ofLine: old.line(ofOffset: common)) ?? 0..<0)
        let fresh = new.text(new.trimmed(new.range(ofLine: new.line(ofOffset: common)) ?? 0..<0))
        let location = SourceLocation(
            SourceFile(name: path, bytes: file.bytes),
            SourceRange(start: UInt32(clamping: place.lowerBound), end: UInt32(clamping: place.upperBound)))
        found.diagnostics.append(
            Diagnostic(
                .staleOutput, "this output is not what its template and services make now; haproxy-gen render makes it",
                at: location, notes: fresh.isEmpty ? [] : [.init("now the line is: \(fresh)")]))
    }
}

extension CauseMap {
    /// What a proxy says, at the template's place.
    package func diagnostic(of complaint: Complaint, in text: ConfigurationText) -> Diagnostic {
        let place = ComplaintPlace(complaint, in: text)
        let proxy = text.dialect == .plain ? "the check" : text.dialect.rawValue
        return diagnostic(
            complaint.severity == .error ? .proxyError : .proxyWarning, complaint.severity,
            "\(proxy) says: \(complaint.message)", at: place.range,
            other: place.other.map { ("the first one is here", $0) })
    }
}
