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
        /// What new outputs mean is reported when they are in place, so that nothing waits for it.
        package var isSummaryLate = false
        /// Milliseconds to wait for another apply.
        package var lockTimeout = StateDirectory.defaultLockTimeout

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
        package var emit: @Sendable (ApplyEvent) -> Void

        package init(
            rendering: TargetRendering, check: OutputCheck, process: ChildProcess, temporaries: TemporaryFiles,
            steps: WorkSteps, emit: @escaping @Sendable (ApplyEvent) -> Void
        ) {
            self.rendering = rendering
            self.check = check
            self.process = process
            self.temporaries = temporaries
            self.steps = steps
            self.emit = emit
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
        try apply { () throws(ApplyFailure) in targets }
    }

    /// The same for targets that are made once no other apply can be under way, so that what they are made of is not older
    /// than what another apply has installed.
    package func apply(making targets: () throws(ApplyFailure) -> [ProjectTarget]) throws(ApplyFailure) {
        try locked { () throws(ApplyFailure) in
            let expansion = try expand(try targets())
            var candidates = try render(expansion.targets) + expansion.removed
            try deliver(&candidates, expansion)
        }
    }

    /// Goes back to an older version of targets, `steps` before the one that is installed.
    package func rollBack(_ targets: [ProjectTarget], steps: Int) throws(ApplyFailure) {
        try locked { () throws(ApplyFailure) in
            var candidates: [Candidate] = []
            for target in targets { candidates.append(try older(target, steps: steps)) }
            try deliver(&candidates, Expansion(targets: targets))
        }
    }

    /// Renders and checks targets, asks their guards and writes all of them to their files, with nothing around that:
    /// no earlier versions, no reload.
    package func write(_ targets: [ProjectTarget]) throws(ApplyFailure) {
        var candidates = try render(try expand(targets).targets)
        try compare(&candidates)
        try check(candidates)
        try askGuards(candidates.filter(\.isChanged))
        tools.temporaries.holdSignals()
        defer { tools.temporaries.releaseSignals() }
        do throws(FileError) {
            var staged = try stage(candidates.filter(\.isChanged))
            defer { staged.forEach(installer.discard) }
            for candidate in candidates {
                guard candidate.isChanged else {
                    emit(.done("\(candidate.target.output) is unchanged"))
                    continue
                }
                if !staged.isEmpty { try installer.commit(staged.removeFirst()) }
                emit(.done("wrote \(candidate.target.output)"))
            }
        } catch {
            throw .file(error)
        }
    }

    /// Keeps other applies away; a dry run changes nothing that they could meet.
    private func locked(_ work: () throws(ApplyFailure) -> Void) throws(ApplyFailure) {
        if options.isDryRun { return try work() }
        let directory = StateDirectory(path: project.state, files: files, temporaries: tools.temporaries)
        let lock: StateLock
        do { lock = try directory.lock(InstalledVersions.folderName, timeout: options.lockTimeout) } catch {
            throw .state(error)
        }
        versions.removeLeftovers(of: project.targets)
        try work()
        _ = consume lock
    }

    private func older(_ target: ProjectTarget, steps: Int) throws(ApplyFailure) -> Candidate {
        let earlier = try history(of: target).filter { $0.stepsBack > 0 }
        guard let version = earlier.first(where: { $0.stepsBack == steps }) else {
            throw .noVersion(target: target.name, steps: steps, available: earlier.count)
        }
        do throws(FileError) {
            return Candidate(
                target, olderVersion: try versions.bytes(version.number, of: target.name), from: version.path)
        } catch {
            throw .file(error)
        }
    }

    /// The versions of a target that are kept, the newest first.
    package func history(of target: ProjectTarget) throws(ApplyFailure) -> [InstalledVersion] {
        let numbers = versions.numbers(of: target.name)
        let installed: [UInt8]?
        do { installed = try InstalledFile.bytes(at: target.output, files) } catch { throw .file(error) }
        let current = installed.flatMap { versions.number(of: $0, target: target.name) }
        let position = current.flatMap { numbers.firstIndex(of: $0) } ?? numbers.count
        return numbers.indices.reversed().map { index in
            let path = versions.path(target.name, numbers[index])
            return InstalledVersion(
                number: numbers[index], path: path, stepsBack: position - index, status: try? files.status(path))
        }
    }

    // MARK: Before anything changes

    private func deliver(_ candidates: inout [Candidate], _ expansion: Expansion) throws(ApplyFailure) {
        let noted: [InstalledVersions.Pending]
        do { noted = try versions.pending(project.targets) } catch { throw .file(error) }
        try compare(&candidates)
        for index in candidates.indices {
            let name = candidates[index].target.name
            candidates[index].pending = noted.first { $0.target == name }
        }
        let changed = candidates.filter(\.isChanged)
        try check(changed.filter { !$0.isRemoval })
        if !options.isSummaryLate { for candidate in changed { summarize(candidate) } }
        try askGuards(changed, expansion.broken)
        for candidate in candidates where !candidate.isChanged && candidate.pending == nil && !candidate.isRemoval {
            emit(.done("\(candidate.target.output) is unchanged"))
        }
        if options.isDryRun {
            for candidate in changed {
                let verb = candidate.isRemoval ? "removed" : candidate.installed == nil ? "written" : "replaced"
                emit(.done("\(candidate.target.output) would be \(verb)"))
            }
            for candidate in candidates where !candidate.isChanged && candidate.pending != nil {
                emit(.done("\(candidate.target.name) would be reloaded: an earlier apply did not get that far"))
            }
            return
        }
        let work = candidates.filter { $0.isChanged || $0.pending != nil }
        if work.isEmpty { return try end(expansion) }
        try begin(expansion)
        // From here on an interruption waits until files and proxies agree again.
        tools.temporaries.holdSignals()
        defer { tools.temporaries.releaseSignals() }
        try install(work, noted: noted)
        try end(expansion)
        if options.isSummaryLate { for candidate in changed { summarize(candidate) } }
    }

    /// All are rendered before the first failure is final, so that one run reports all mistakes.
    private func render(_ targets: [ProjectTarget]) throws(ApplyFailure) -> [Candidate] {
        var candidates: [Candidate] = []
        var failure: ApplyFailure?
        for (index, target) in targets.enumerated() {
            do throws(RenderFailure) {
                let step = WorkStep("render \(target.name)", index + 1, of: targets.count)
                let rendered = try tools.steps.run(step) { () throws(RenderFailure) in
                    try tools.rendering.render(target.input, withSourceMap: true)
                }
                candidates.append(Candidate(target, rendered.value))
                emit(.report(rendered.report))
            } catch {
                emit(.report(error.report))
                failure = failure ?? .render(error.cause)
            }
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
        var failure: FileError?
        var refused: [ProjectTarget] = []
        for (index, candidate) in candidates.enumerated() {
            let target = candidate.target
            let step = WorkStep("check \(target.name)", index + 1, of: candidates.count)
            do throws(FileError) {
                let report = try tools.steps.run(step) { () throws(FileError) in
                    try tools.check.report(
                        on: candidate.bytes, of: target, made: candidate.rendered, origin: candidate.origin)
                }
                emit(.report(report))
                guard report.hasErrors else { continue }
                emit(.refused(target))
                refused.append(target)
            } catch {
                // The first of all counts.
                if refused.isEmpty { failure = failure ?? error }
            }
        }
        if let failure { throw .file(failure) }
        if !refused.isEmpty { throw .check(refused) }
    }

    private func summarize(_ candidate: Candidate) {
        let dialect = candidate.target.input.dialect
        let old = ConfigOutline(candidate.installed ?? [], dialect: dialect)
        let new = ConfigOutline(candidate.bytes, dialect: dialect)
        emit(.summary(target: candidate.target.name, lines: ConfigSummary(from: old, to: new).lines))
    }

    /// Each is asked, so that one run reports all that would be lost.
    private func askGuards(_ changed: [Candidate], _ others: [BrokenGuard] = []) throws(ApplyFailure) {
        let broken = others + changed.filter { !$0.isRemoval }.flatMap(brokenGuards)
        if broken.isEmpty { return }
        guard options.isForced else { throw .guards(broken) }
        for one in broken { emit(.note(one.sentence)) }
    }

    /// What a new output does not keep of what its target's guards ask for; an older version has to keep it as well.
    private func brokenGuards(_ candidate: Candidate) -> [BrokenGuard] {
        let target = candidate.target
        guard target.guards != Guards() else { return [] }
        let root = candidate.rendered?.document.root
        let dialect = target.input.dialect
        let services = root.flatMap { $0.kind == .list ? $0.count : nil }
        for old in baselines(of: candidate) {
            let losses = GuardCheck.broken(
                target.guards, old: old.map { ConfigOutline($0, dialect: dialect) },
                new: ConfigOutline(candidate.bytes, dialect: dialect), services: services)
            if !losses.isEmpty { return losses.map { BrokenGuard(target: target.name, loss: $0) } }
        }
        return []
    }

    /// What a new output is compared with: the file that is there, and, where somebody else changed or removed it, what was
    /// installed last, since a proxy still runs with that.
    private func baselines(of candidate: Candidate) -> [[UInt8]?] {
        let name = candidate.target.name
        guard let latest = versions.latest(of: name) else { return [candidate.installed] }
        guard let installed = candidate.installed else { return [latest] }
        return versions.number(of: installed, target: name) == nil ? [installed, latest] : [installed]
    }

    func emit(_ event: ApplyEvent) { tools.emit(event) }
}
