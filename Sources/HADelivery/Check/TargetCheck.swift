import HAServices
import HASystem
import HATemplate

/// Checks targets: service files, template, rendering, the output by itself, the output by its proxy, and whether the
/// committed output is up to date.
package struct TargetCheck: Sendable {
    private let rendering: TargetRendering
    private let output: OutputCheck
    /// What templates are checked against, in place of the model of services.
    private let subjects: [CheckSubject]
    private let steps: WorkSteps
    package private(set) var report = CheckReport()

    package init(
        rendering: TargetRendering, output: OutputCheck, subjects: [CheckSubject] = [], steps: WorkSteps = .unreported
    ) {
        self.rendering = rendering
        self.output = output
        self.subjects = subjects
        self.steps = steps
    }

    // MARK: Parts

    /// Checks targets. What is wrong with them goes to the report; throws when a file or program cannot be used at all.
    package mutating func check(_ all: [ProjectTarget]) throws(RenderFailure) {
        var targets = all
        do {
            let expanded = try rendering.expanded(all)
            report.add(expanded.report.diagnostics)
            targets = expanded.value
        } catch {
            guard case .input = error.cause else { throw error }
            report.add(error.report.diagnostics)
            targets = all.filter { $0.each == nil }
        }
        for (index, target) in targets.enumerated() {
            report.targetCount += 1
            try check(target, number: index + 1, of: targets.count, isInstalled: true)
        }
    }

    /// Checks a template that belongs to no target: its syntax and, as far as the data are known, its types; with
    /// services also what it makes of them.
    package mutating func checkTemplate(_ input: RenderInput) throws(RenderFailure) {
        report.templateCount += 1
        guard input.root == .services([]) else {
            let template = input.template
            let ending = [".tmpl", ".tpl"].first(where: template.hasSuffix) ?? ""
            let output = String(template.dropLast(ending.count))
            let target = ProjectTarget(name: template, input: input, output: output)
            return try check(target, number: 1, of: 1, isInstalled: false)
        }
        // Its settings are not known either.
        let found = try RenderReport.of { () throws(RenderFailure) in
            try checkedTemplate(input, knowsSettings: false).report
        }
        report.add(found.diagnostics)
        let isAboutTypes = found.diagnostics.contains { $0.code == .unknownField && $0.severity == .error }
        if isAboutTypes, subjects.isEmpty {
            report.note(
                "\(input.template) was checked as a template for a list of services; --schema FILE describes other data"
            )
        }
    }

    /// - Parameter isInstalled: whether the output stands somewhere, so that it can be out of date.
    private mutating func check(
        _ target: ProjectTarget, number: Int, of count: Int, isInstalled: Bool
    ) throws(RenderFailure) {
        try countServiceFiles(target.input)
        let found = try RenderReport.of { () throws(RenderFailure) in
            let made = try steps.run(WorkStep("render \(target.name)", number, of: count)) {
                () throws(RenderFailure) in try render(target.input)
            }
            var found = made.report
            do throws(FileError) {
                found += try steps.run(WorkStep("check \(target.name)", number, of: count)) { () throws(FileError) in
                    try output.report(on: made.value.bytes, of: target, made: made.value)
                }
                // What is refused should not be rendered.
                if isInstalled, !found.hasErrors { found.diagnostics += try staleness(made.value.bytes, of: target) }
            } catch {
                throw RenderFailure(.file(error), found)
            }
            return found
        }
        report.add(found.diagnostics)
        for note in found.notes { report.note(note) }
    }

    /// Checks the template by its types and renders it.
    private func render(_ input: RenderInput) throws(RenderFailure) -> Reported<RenderedOutput> {
        let read: Reported<(TargetRendering.Prepared, Document)> = try RenderReport.ofBoth(
            { () throws(RenderFailure) in try checkedTemplate(input, knowsSettings: true) },
            { () throws(RenderFailure) in try rendering.document(input) })
        try read.report.requireNoErrors()
        return try rendering.render(read.value.0, read.value.1, withSourceMap: true, after: read.report)
    }

    /// The template with what its check by types finds.
    private func checkedTemplate(
        _ input: RenderInput, knowsSettings: Bool
    ) throws(RenderFailure) -> Reported<TargetRendering.Prepared> {
        let read = try rendering.templateAndSettings(input)
        var checking = CheckOptions(
            missingKey: input.missingKey, dialect: input.dialect,
            parameters: knowsSettings ? read.value.settings : nil)
        checking.otherCodes = CheckOptions.OtherCodes(
            known: DiagnosticCode.all, ignored: DiagnosticCode.ignoredByTemplates)
        var report = read.report
        for subject in subjects.isEmpty ? [Self.subject(of: input)] : subjects {
            report.diagnostics += read.value.template.check(against: subject, options: checking)
        }
        return Reported(read.value, report)
    }

    /// Checks services that belong to no target.
    package mutating func checkServices(
        _ paths: [String], table: RenderInput.StoredTable?
    ) throws(RenderFailure) {
        let input = RenderInput(template: "", root: .services(paths, table: table), dialect: .plain)
        try countServiceFiles(input)
        // An empty folder is worth a note only where a target names it.
        report.add(
            try RenderReport.of { () throws(RenderFailure) in try rendering.document(input).report }.diagnostics)
    }

    package mutating func add(_ diagnostics: [Diagnostic]) { report.add(diagnostics) }

    package mutating func note(_ sentence: String) { report.note(sentence) }

    private mutating func countServiceFiles(_ input: RenderInput) throws(RenderFailure) {
        guard case .services(_, let table) = input.root else { return }
        report.serviceFiles.formUnion(try rendering.serviceFiles(input.servicePaths, of: input).value)
        if let table { report.serviceFiles.insert(table.path) }
    }

    private static func subject(of input: RenderInput) -> CheckSubject {
        guard case .services = input.root else { return .unknown }
        return .type(.list(.record(ServiceModel.service)))
    }

    // MARK: The output

    /// What is wrong with the output that was committed: it must be there, and be the one that its sources make now. One
    /// with an absolute path is not committed; where its folder is not on this machine, that is worth a warning.
    private func staleness(_ bytes: [UInt8], of target: ProjectTarget) throws(FileError) -> [Diagnostic] {
        let path = target.output
        let folder = PrivateFolder.folder(of: path)
        let hasFolder = (try? rendering.files.status(folder)) != nil
        let place = target.input.places.location(of: path) ?? target.location
        guard target.committedPath != nil else {
            if hasFolder { return [] }
            return [
                Diagnostic(
                    .missingFile, "the folder of this output, \(folder), does not exist on this machine", at: place,
                    severity: .warning, notes: [.init("haproxy-gen apply makes files, not folders")])
            ]
        }
        guard let installed = try InstalledFile.bytes(at: path, rendering.files) else {
            let advice = hasFolder ? "" : "make the folder \(folder), then "
            return [
                Diagnostic(
                    .missingFile, "the output '\(path)' does not exist; \(advice)\(maker(of: target)) makes it",
                    at: place)
            ]
        }
        guard installed != bytes else { return [] }
        let file = InputFile(name: path, bytes: installed)
        let common = zip(file.bytes, bytes).prefix { $0 == $1 }.count
        let old = ConfigurationText(file.bytes, dialect: .plain)
        let new = ConfigurationText(bytes, dialect: .plain)
        let stale = old.trimmed(old.range(ofLine: old.line(ofOffset: common)) ?? 0..<0)
        let fresh = new.text(new.trimmed(new.range(ofLine: new.line(ofOffset: common)) ?? 0..<0))
        let location = SourceLocation(
            SourceFile(name: path, bytes: file.bytes),
            SourceRange(start: UInt32(clamping: stale.lowerBound), end: UInt32(clamping: stale.upperBound)))
        return [
            Diagnostic(
                .staleOutput,
                "this output is not what its template and services make now; \(maker(of: target)) makes it",
                at: location, notes: fresh.isEmpty ? [] : [.init("now the line is: \(fresh)")])
        ]
    }

    /// The command that brings an output up to date: a proxy that is to be reloaded would not see what `render` writes.
    private func maker(of target: ProjectTarget) -> String {
        target.reload == nil ? "haproxy-gen render" : "haproxy-gen apply"
    }
}
