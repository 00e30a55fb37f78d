import HASystem
import HATemplate

/// Looks at an output by itself and asks its proxy, before the output is anywhere that the proxy would find it.
///
/// `check`, `render` and `apply` all go through here, so that they agree on what is wrong.
package struct OutputCheck: Sendable {
    package struct Options: Sendable {
        /// A proxy that is not installed is an error.
        package var requiresProxy = false
        /// Outputs are looked at by themselves alone.
        package var skipsProxy = false
        /// The output is for a proxy here: a check that the project asks for must run.
        package var isInstalling = false
        /// Directives that run code may reach the proxy.
        package var allowsCode = false
        /// The proxy makes its files where the configuration says, as it will when it runs here.
        package var keepsPaths = false
        /// The proxy is started on sockets of a private folder, and asked for one answer.
        package var starts = false
        package var manner = ProxyCheck.Manner.asItRuns

        package init() {}
    }

    private let proxy: ProxyCheck
    private let options: Options

    package init(proxy: ProxyCheck, options: Options = Options()) {
        self.proxy = proxy
        self.options = options
    }

    /// What is wrong with an output. `made` is the render that made it: with its source map, everything is reported at the
    /// cause in template and services; without one, at the line of the output or of `origin`, the file it comes from.
    package func report(
        on bytes: [UInt8], of target: ProjectTarget, made: RenderedOutput?, origin: String? = nil
    ) throws(FileError) -> RenderReport {
        let text = ConfigurationText(bytes, dialect: target.input.dialect)
        let places = Places(text, made, target, name: origin ?? target.output)
        var report = RenderReport()
        let findings = OutputLint.check(text)
        if options.skipsProxy {
            report.diagnostics = findings.map(places.diagnostic)
            return report
        }
        var subject = ProxyCheck.Subject(
            output: target.output, text: text, command: target.check, timeLimit: target.checkTimeout,
            allowsCode: options.allowsCode, keepsPaths: options.keepsPaths)
        subject.isStrict = options.isInstalling
        subject.isCommitted = target.committedPath != nil
        subject.shell = target.shell
        subject.folder = target.folder
        subject.manner = options.manner
        subject.variables = target.input.environment
        if let command = target.check, !ChildProcess.namesFile(command) {
            report.notes.append("the check of \(target.name) does not name {file}: it does not see the new output")
        }
        let outcome = try proxy.check(subject)
        let (complaints, others) = Self.told(once: findings, outcome, text)
        report.diagnostics = others.map(places.diagnostic)
        report.diagnostics += complaints.map { places.diagnostic(of: $0.complaint, at: $0.place, in: text) }
        add(outcome, of: target, places, to: &report)
        if options.starts, !report.hasErrors { try addStart(subject, places, to: &report) }
        return report
    }

    /// Starts the proxy on an output that it accepts, and asks for one answer, whatever it is.
    private func addStart(
        _ subject: ProxyCheck.Subject, _ places: Places, to report: inout RenderReport
    ) throws(FileError) {
        guard let entrance = Relocation.of(subject.text)?.entrances.first(where: { $0.address.ports != nil }),
            let request = RouteRequest(to: entrance)
        else {
            if subject.text.dialect.program != nil {
                report.notes.append("\(subject.output) was not started: it has no listener with a port")
            }
            return
        }
        switch try RouteRun(proxy: proxy).ask([request], of: subject) {
        case .answered(let answers, _):
            guard case .failure(let failure)? = answers.first else { return }
            report.diagnostics.append(
                places.diagnostic(
                    .proxyError, .error, "it starts, but does not answer: \(failure.sentence(request))",
                    at: subject.text.range(ofLine: entrance.line).map(subject.text.trimmed) ?? 0..<0, other: nil))
        case .failed(let complaints):
            let index = ComplaintIndex(subject.text, complaints)
            report.diagnostics += complaints.map { complaint in
                let place = ComplaintPlace(complaint, in: subject.text, index)
                return places.diagnostic(of: complaint, at: place, in: subject.text)
            }
        // What is missing or refused was said by the check before.
        case .notInstalled, .refusedCode, .nothingToAsk: return
        }
    }

    /// What the proxy says and what the text itself shows, each mistake once: of two names that are one, the finding
    /// has both places, but the proxy's word counts where it is the graver one.
    private static func told(
        once findings: [OutputLint.Finding], _ outcome: ProxyCheck.Outcome, _ text: ConfigurationText
    ) -> (complaints: [(complaint: Complaint, place: ComplaintPlace)], findings: [OutputLint.Finding]) {
        guard case .answered(let complaints, _, _) = outcome, !complaints.isEmpty else { return ([], findings) }
        let index = ComplaintIndex(text, complaints)
        var lines: [Int: [Int]] = [:]
        for (number, finding) in findings.enumerated() where finding.other != nil {
            lines[text.line(ofOffset: finding.range.lowerBound), default: []].append(number)
        }
        var dropped: Set<Int> = []
        var kept: [(complaint: Complaint, place: ComplaintPlace)] = []
        for complaint in complaints {
            let place = ComplaintPlace(complaint, in: text, index)
            let line = complaint.line ?? place.range.map { text.line(ofOffset: $0.lowerBound) }
            let same = line.flatMap { lines[$0] }?.first { number in
                let word = text.text(findings[number].range)
                return complaint.message.contains(word) || complaint.message.contains("duplicate")
                    || complaint.message.contains("conflicting")
            }
            guard let same else {
                kept.append((complaint, place))
                continue
            }
            if complaint.severity == .error, findings[same].severity != .error {
                dropped.insert(same)
                kept.append((complaint, place.or(other: findings[same].other?.range)))
            }
        }
        return (kept, findings.indices.filter { !dropped.contains($0) }.map { findings[$0] })
    }

    private func add(
        _ outcome: ProxyCheck.Outcome, of target: ProjectTarget, _ places: Places, to report: inout RenderReport
    ) {
        switch outcome {
        case .answered(_, let otherLines, let note):
            if let note { report.notes.append(note) }
            report.notes += otherLines.map { "the check of \(target.name) says: \($0)" }
        case .notInstalled(let program) where options.requiresProxy || (options.isInstalling && target.check != nil):
            report.diagnostics.append(
                Diagnostic(.proxyMissing, "\(program) is not installed, and a check by it is required", at: nil))
        case .notInstalled(let program):
            report.notes.append("the check by the proxy was skipped: \(program) is not installed")
        case .refusedCode(let code):
            report.diagnostics += code.map { finding in
                places.diagnostic(
                    .runsCode, .error,
                    finding.message + "; the proxy is not asked about this output without --allow-code",
                    at: finding.range, other: nil)
            }
        case .nothingToAsk:
            break
        }
    }

    /// Where a range of an output is reported: at its cause, or else at its own line.
    private struct Places {
        private let causes: CauseMap?
        private let file: SourceFile
        private let target: ProjectTarget

        init(_ text: ConfigurationText, _ made: RenderedOutput?, _ target: ProjectTarget, name: String) {
            self.target = target
            causes = made.flatMap { made in
                made.sourceMap.map { CauseMap(text, map: $0, document: made.document, name: name) }
            }
            file = SourceFile(name: name, bytes: text.bytes)
        }

        func diagnostic(
            _ code: DiagnosticCode, _ severity: Diagnostic.Severity, _ message: String, at range: Range<Int>,
            other: (message: String, range: Range<Int>)?
        ) -> Diagnostic {
            if let causes { return causes.diagnostic(code, severity, message, at: range, other: other) }
            let notes = other.map { [Diagnostic.Note($0.message, at: location($0.range))] } ?? []
            return Diagnostic(code, message, at: location(range), severity: severity, notes: notes)
        }

        func diagnostic(_ finding: OutputLint.Finding) -> Diagnostic {
            diagnostic(finding.code, finding.severity, finding.message, at: finding.range, other: finding.other)
        }

        func diagnostic(
            of complaint: Complaint, at place: ComplaintPlace, in text: ConfigurationText
        ) -> Diagnostic {
            let proxy = text.dialect.program ?? "the check"
            let message = complaint.isAboutCheck ? complaint.message : "\(proxy) says: \(complaint.message)"
            let code = complaint.severity == .error ? DiagnosticCode.proxyError : .proxyWarning
            let advice = complaint.advice.map { Diagnostic.Note($0) }
            guard let range = place.range else {
                let note = Diagnostic.Note("it concerns \(file.name), but names no line of it")
                return Diagnostic(
                    code, message, at: target.location, severity: complaint.severity, notes: [note] + advice)
            }
            let found = diagnostic(
                code, complaint.severity, message, at: range,
                other: place.other.map { ("the first one is here", $0) })
            return Diagnostic(
                code, found.message, at: found.location, severity: found.severity, notes: found.notes + advice)
        }

        private func location(_ range: Range<Int>) -> HATemplate.SourceLocation {
            SourceLocation(
                file, SourceRange(start: UInt32(clamping: range.lowerBound), end: UInt32(clamping: range.upperBound)))
        }
    }
}
