import HAServices
import HATemplate

/// Brings outputs into place: render, check, guards, install, reload, and back again when a reload fails.
///
/// All targets of one apply go through together: nothing is installed before all have passed, and when a reload fails
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

    let project: ProjectFile
    let options: Options
    let rendering: TargetRendering
    let process: ChildProcess
    let temporaries: TemporaryFiles
    /// Looks at a staged file.
    let check: @Sendable (ProjectTarget, RenderedOutput?, _ file: String) -> CheckVerdict
    let tell: @Sendable (ApplyEvent) -> Void

    var files: FileSystem { rendering.files }
    var installer: FileInstaller { FileInstaller(files: files, temporaries: temporaries) }
    var versions: InstalledVersions {
        InstalledVersions(state: project.state, files: files, temporaries: temporaries)
    }

    package init(
        project: ProjectFile, options: Options, rendering: TargetRendering, process: ChildProcess,
        temporaries: TemporaryFiles,
        check: @escaping @Sendable (ProjectTarget, RenderedOutput?, _ file: String) -> CheckVerdict,
        tell: @escaping @Sendable (ApplyEvent) -> Void
    ) {
        self.project = project
        self.options = options
        self.rendering = rendering
        self.process = process
        self.temporaries = temporaries
        self.check = check
        self.tell = tell
    }

    /// An output that is to be brought into place.
    struct Candidate: Sendable {
        let target: ProjectTarget
        let bytes: [UInt8]
        /// nil for an older version.
        let rendered: RenderedOutput?
        /// What is in the file now; nil: there is none.
        var installed: [UInt8]?
        /// nil: the file has these bytes.
        var staged: StagedFile?
        /// The version to go back to, of an apply that was killed.
        var pending: Int?
    }

    // MARK: What is wanted

    /// Renders targets and brings them into place.
    package func apply(_ targets: [ProjectTarget]) throws(ApplyFailure) {
        try locked { () throws(ApplyFailure) in
            var candidates: [Candidate] = []
            var failure: ApplyFailure?
            // All are rendered before the first failure is final, so that one run tells all mistakes.
            for target in targets {
                do throws(ApplyFailure) { candidates.append(try render(target)) } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
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

    /// Keeps other applies away; a dry run changes nothing that they could meet.
    private func locked(_ work: () throws(ApplyFailure) -> Void) throws(ApplyFailure) {
        if options.isDryRun { return try work() }
        let directory = StateDirectory(path: project.state, files: files, temporaries: temporaries)
        guard let folder = TableName(InstalledVersions.folderName) else { return }
        let lock: StateLock
        do { lock = try directory.lock(folder, timeout: options.lockTimeout) } catch { throw .state(error) }
        try work()
        _ = consume lock
    }

    private func render(_ target: ProjectTarget) throws(ApplyFailure) -> Candidate {
        try timed("render \(target.name)") { () throws(ApplyFailure) in
            var report = RenderReport()
            defer { tell(.report(report)) }
            do throws(RenderFailure) {
                let rendered = try rendering.render(target.input, withSourceMap: true, report: &report)
                return Candidate(target: target, bytes: rendered.bytes, rendered: rendered)
            } catch {
                throw .render(error)
            }
        }
    }

    private func older(_ target: ProjectTarget, steps: Int) throws(ApplyFailure) -> Candidate {
        let numbers = versions.numbers(of: target.name)
        let current = try installed(target).flatMap { versions.number(of: $0, target: target.name) }
        let position = current.flatMap { numbers.firstIndex(of: $0) } ?? numbers.count
        guard numbers.indices.contains(position - steps) else {
            tell(.error("\(target.name) has \(position) earlier versions, not \(steps)"))
            throw .refused
        }
        do {
            let bytes = try versions.bytes(numbers[position - steps], of: target.name)
            return Candidate(target: target, bytes: bytes, rendered: nil)
        } catch {
            throw .file(error)
        }
    }

    private func installed(_ target: ProjectTarget) throws(ApplyFailure) -> [UInt8]? {
        do { return try InstalledFile.bytes(at: target.output, files) } catch { throw .file(error) }
    }

    // MARK: Before anything changes

    private func deliver(_ candidates: inout [Candidate]) throws(ApplyFailure) {
        let pending = options.isDryRun ? [] : versions.pending()
        defer { for case let staged? in candidates.map(\.staged) { installer.discard(staged) } }
        for index in candidates.indices {
            let target = candidates[index].target
            candidates[index].installed = try installed(target)
            candidates[index].pending = pending.first { $0.target == target.name }?.previous
            candidates[index].staged = try stage(candidates[index])
        }
        let changed = candidates.filter { $0.staged != nil }
        var isGood = true
        for candidate in changed where try !passesCheck(candidate) { isGood = false }
        guard isGood else { throw .refused }
        for candidate in changed { summarize(candidate) }
        for candidate in changed where !passesGuards(candidate) { isGood = false }
        guard isGood else { throw .refused }
        for candidate in candidates where candidate.staged == nil && candidate.pending == nil {
            tell(.done("\(candidate.target.output) is unchanged"))
        }
        if options.isDryRun {
            for candidate in changed { tell(.done("\(candidate.target.output) would be replaced")) }
            return
        }
        let work = candidates.filter { $0.staged != nil || $0.pending != nil }
        if work.isEmpty { return }
        // From here on an interruption waits until files and proxies agree again.
        temporaries.holdSignals()
        defer { temporaries.releaseSignals() }
        for index in candidates.indices { candidates[index].staged = nil }
        try install(work)
    }

    private func stage(_ candidate: Candidate) throws(ApplyFailure) -> StagedFile? {
        let target = candidate.target
        do throws(FileError) {
            let owner = try target.owner.map { words throws(FileError) in
                try OwnerName.resolve(words, output: target.output)
            }
            return try installer.stage(candidate.bytes, at: target.output, mode: target.mode, owner: owner)
        } catch {
            throw .file(error)
        }
    }

    private func passesCheck(_ candidate: Candidate) throws(ApplyFailure) -> Bool {
        guard let staged = candidate.staged else { return true }
        let name = candidate.target.name
        let verdict = timed("check \(name)") { check(candidate.target, candidate.rendered, staged.temporary) }
        switch verdict {
        case .passed: return true
        case .skipped(let reason):
            tell(.note("\(name) is not checked: \(reason)"))
            return true
        case .failed(let report, let sentence, let output):
            tell(.report(report))
            tell(.commandOutput(output))
            tell(.error("\(name): \(sentence); \(candidate.target.output) stays as it was"))
            return false
        }
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

    func timed<Result, Failure: Error>(
        _ step: String, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = files.clock()
        defer { tell(.step(step, time: files.clock() - start)) }
        return try work()
    }
}
