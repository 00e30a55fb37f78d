import HAServices
import HASystem
import HATemplate

/// Brings outputs into place: render, check, guards, install, reload, and back again when a reload fails.
///
/// All targets of one run go through together: nothing is installed before all have passed, and when a reload fails
/// all of them are put back.
package struct Applier: Sendable {
    package struct Options: Sendable {
        /// Stops before anything is installed.
        package var isDryRun = false
        /// Broken guards do not stop it.
        package var isForced = false
        /// Milliseconds to wait for another apply.
        package var lockTimeout = 10_000

        package init() {}
    }

    /// What an applier works with.
    package struct Tools: Sendable {
        package var rendering: TargetRendering
        package var check: OutputCheck
        /// Runs the reload commands.
        package var process: ChildProcess
        package var temporaries: TemporaryFiles
        package var steps: WorkSteps
        package var tell: @Sendable (ApplyEvent) -> Void

        package init(
            rendering: TargetRendering, check: OutputCheck, process: ChildProcess, temporaries: TemporaryFiles,
            steps: WorkSteps, tell: @escaping @Sendable (ApplyEvent) -> Void
        ) {
            self.rendering = rendering
            self.check = check
            self.process = process
            self.temporaries = temporaries
            self.steps = steps
            self.tell = tell
        }
    }

    let project: ProjectFile
    let options: Options
    let tools: Tools

    var files: FileSystem { tools.rendering.files }
    var installer: FileInstaller { FileInstaller(files: files, temporaries: tools.temporaries) }
    var versions: InstalledVersions {
        InstalledVersions(state: project.state, files: files, temporaries: tools.temporaries)
    }

    package init(project: ProjectFile, options: Options, tools: Tools) {
        self.project = project
        self.options = options
        self.tools = tools
    }

    // MARK: What is wanted

    /// Renders targets and brings them into place.
    package func apply(_ targets: [ProjectTarget]) throws(ApplyFailure) {
        try locked { () throws(ApplyFailure) in
            var candidates = try render(targets)
            try deliver(&candidates)
        }
    }

    /// Goes back to an older version of targets, `steps` before the one that is installed.
    package func rollBack(_ targets: [ProjectTarget], steps: Int) throws(ApplyFailure) {
        try locked { () throws(ApplyFailure) in
            var candidates: [Candidate] = []
            for target in targets { candidates.append(try older(target, steps: steps)) }
            try deliver(&candidates)
        }
    }

    /// Renders and checks targets and writes all of them to their files, with nothing around that: no guards, no
    /// earlier versions, no reload.
    package func write(_ targets: [ProjectTarget]) throws(ApplyFailure) {
        var candidates = try render(targets)
        try compare(&candidates)
        try check(candidates)
        tools.temporaries.holdSignals()
        defer { tools.temporaries.releaseSignals() }
        do throws(FileError) {
            var staged = try stage(candidates.filter(\.isChanged))
            defer { staged.forEach(installer.discard) }
            for candidate in candidates {
                guard candidate.isChanged else {
                    tell(.done("\(candidate.target.output) is unchanged"))
                    continue
                }
                if !staged.isEmpty { try installer.commit(staged.removeFirst()) }
                tell(.done("wrote \(candidate.target.output)"))
            }
        } catch {
            throw .file(error)
        }
    }

    /// Keeps other applies away; a dry run changes nothing that they could meet.
    private func locked(_ work: () throws(ApplyFailure) -> Void) throws(ApplyFailure) {
        if options.isDryRun { return try work() }
        let directory = StateDirectory(path: project.state, files: files, temporaries: tools.temporaries)
        guard let folder = TableName(InstalledVersions.folderName) else { return }
        let lock: StateLock
        do { lock = try directory.lock(folder, timeout: options.lockTimeout) } catch { throw .state(error) }
        try work()
        _ = consume lock
    }

    private func older(_ target: ProjectTarget, steps: Int) throws(ApplyFailure) -> Candidate {
        let numbers = versions.numbers(of: target.name)
        do throws(FileError) {
            let installed = try InstalledFile.bytes(at: target.output, files)
            let current = installed.flatMap { versions.number(of: $0, target: target.name) }
            let position = current.flatMap { numbers.firstIndex(of: $0) } ?? numbers.count
            if numbers.indices.contains(position - steps) {
                let number = numbers[position - steps]
                let bytes = try versions.bytes(number, of: target.name)
                return Candidate(target, olderVersion: bytes, from: versions.path(target.name, number))
            }
            tell(.error("\(target.name) has \(position) earlier versions, not \(steps)"))
        } catch {
            throw .file(error)
        }
        throw .refused
    }

    // MARK: Before anything changes

    private func deliver(_ candidates: inout [Candidate]) throws(ApplyFailure) {
        let pending = options.isDryRun ? [] : versions.pending()
        try compare(&candidates)
        for index in candidates.indices {
            let name = candidates[index].target.name
            candidates[index].pending = pending.first { $0.target == name }?.previous
        }
        let changed = candidates.filter(\.isChanged)
        try check(changed)
        for candidate in changed { summarize(candidate) }
        // Each is asked, so that one run tells all that would be lost.
        guard changed.filter({ !passesGuards($0) }).isEmpty else { throw .refused }
        for candidate in candidates where !candidate.isChanged && candidate.pending == nil {
            tell(.done("\(candidate.target.output) is unchanged"))
        }
        if options.isDryRun {
            for candidate in changed { tell(.done("\(candidate.target.output) would be replaced")) }
            return
        }
        let work = candidates.filter { $0.isChanged || $0.pending != nil }
        if work.isEmpty { return }
        // From here on an interruption waits until files and proxies agree again.
        tools.temporaries.holdSignals()
        defer { tools.temporaries.releaseSignals() }
        try install(work)
    }

    /// All are rendered before the first failure is final, so that one run tells all mistakes.
    private func render(_ targets: [ProjectTarget]) throws(ApplyFailure) -> [Candidate] {
        var candidates: [Candidate] = []
        var failure: ApplyFailure?
        for (index, target) in targets.enumerated() {
            var report = RenderReport()
            do throws(RenderFailure) {
                let step = WorkStep("render \(target.name)", index + 1, of: targets.count)
                let rendered = try tools.steps.run(step) { () throws(RenderFailure) in
                    try tools.rendering.render(target.input, withSourceMap: true, report: &report)
                }
                candidates.append(Candidate(target, rendered))
            } catch {
                failure = failure ?? .render(error)
            }
            tell(.report(report))
        }
        if let failure { throw failure }
        return candidates
    }

    private func compare(_ candidates: inout [Candidate]) throws(ApplyFailure) {
        do throws(FileError) {
            for index in candidates.indices { try candidates[index].compare(installer) }
        } catch {
            throw .file(error)
        }
    }

    /// Every one is checked before the first refusal is final.
    private func check(_ candidates: [Candidate]) throws(ApplyFailure) {
        var failure: ApplyFailure?
        for (index, candidate) in candidates.enumerated() {
            let target = candidate.target
            let step = WorkStep("check \(target.name)", index + 1, of: candidates.count)
            do throws(FileError) {
                let report = try tools.steps.run(step) { () throws(FileError) in
                    try tools.check.report(
                        on: candidate.bytes, of: target, made: candidate.rendered, origin: candidate.origin)
                }
                tell(.report(report))
                guard report.diagnostics.contains(where: { $0.severity == .error }) else { continue }
                tell(.error("\(target.name): the check refused the output; \(target.output) stays as it was"))
                failure = failure ?? .refused
            } catch {
                failure = failure ?? .file(error)
            }
        }
        if let failure { throw failure }
    }

    private func summarize(_ candidate: Candidate) {
        let dialect = candidate.target.input.dialect
        let old = ConfigOutline(candidate.installed ?? [], dialect: dialect)
        let new = ConfigOutline(candidate.bytes, dialect: dialect)
        tell(.summary(target: candidate.target.name, lines: ConfigSummary(from: old, to: new).lines))
    }

    private func passesGuards(_ candidate: Candidate) -> Bool {
        // An older version was wanted by a person, by number.
        guard let rendered = candidate.rendered else { return true }
        let dialect = candidate.target.input.dialect
        let root = rendered.document.root
        let broken = GuardCheck.broken(
            candidate.target.guards, old: candidate.installed.map { ConfigOutline($0, dialect: dialect) },
            new: ConfigOutline(candidate.bytes, dialect: dialect), services: root.kind == .list ? root.count : nil)
        for sentence in broken {
            if options.isForced {
                tell(.note("\(candidate.target.name): \(sentence); --force lets it pass"))
            } else {
                tell(.error("\(candidate.target.name): \(sentence); --force lets it pass"))
            }
        }
        return broken.isEmpty || options.isForced
    }

    func tell(_ event: ApplyEvent) { tools.tell(event) }
}
