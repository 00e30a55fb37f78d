import HASystem

// From the first change to the last.
extension Applier {
    /// Replaces the files, reloads the proxies, and puts the files back where that fails.
    ///
    /// The order makes a kill at any point harmless: the versions to go back to and a note of what is under way are on
    /// the disk before the first file is written, and a target leaves the note when its proxy has taken its file. The
    /// next apply of a target that is on the note removes what is left of half a write, and reloads even where no file
    /// changes.
    func install(_ work: [Candidate], noted: [InstalledVersions.Pending]) throws(ApplyFailure) {
        for candidate in work where candidate.pending != nil {
            installer.removeLeftovers(beside: candidate.target.output)
        }
        let pending = try begin(work, noted: noted)
        // As it was before this run: what earlier applies left to do stays noted.
        let unchanged = { () throws(ApplyFailure) in try settle(noted) }
        var staged: [StagedFile]
        do { staged = try stage(work.filter(\.isChanged)) } catch {
            for candidate in work where candidate.isChanged { forget(candidate) }
            try unchanged()
            throw .file(error)
        }
        defer { staged.forEach(installer.discard) }
        var replaced: [Candidate] = []
        for candidate in work {
            guard candidate.isChanged else {
                emit(.note("an earlier apply did not reload \(candidate.target.name); that is done now"))
                replaced.append(candidate)
                continue
            }
            do throws(FileError) {
                if candidate.isRemoval {
                    try remove(candidate.target.output)
                    replaced.append(candidate)
                    emit(.done("removed \(candidate.target.output)"))
                    continue
                }
                if !staged.isEmpty { try installer.commit(staged.removeFirst()) }
                replaced.append(candidate)
                emit(.done("wrote \(candidate.target.output)"))
            } catch {
                // This one, too: it may be in place where only the folder could not be brought to the disk.
                try putBack(replaced + [candidate], pending)
                for candidate in work { forget(candidate) }
                try unchanged()
                throw .file(error)
            }
        }
        let others = noted.filter { entry in !work.contains { $0.target.name == entry.target } }
        if let target = firstFailedReload(work) {
            try putBack(work, pending)
            // The note keeps the targets whose proxies may still have what was taken back.
            let failed = failedReloads(work)
            for candidate in work { forget(candidate) }
            try settle(others + pending.filter { failed.contains($0.target) })
            if !failed.isEmpty { emit(.note("the next apply of \(failed.joined(separator: ", ")) reloads again")) }
            throw .reload(target)
        }
        try settle(others)
        for candidate in work { versions.prune(candidate.target.name, keeping: project.keep) }
    }

    /// Keeps what is installed and what will be, and notes what is under way beside what earlier applies left to do.
    private func begin(
        _ work: [Candidate], noted: [InstalledVersions.Pending]
    ) throws(ApplyFailure) -> [InstalledVersions.Pending] {
        var pending: [InstalledVersions.Pending] = []
        do throws(FileError) {
            for candidate in work {
                let name = candidate.target.name
                var previous = candidate.pending?.previous
                if previous == nil {
                    previous = try candidate.installed.map { bytes throws(FileError) in
                        try versions.keep(bytes, of: name)
                    }
                }
                pending.append(.init(target: name, previous: previous ?? 0))
                if candidate.rendered != nil { _ = try versions.keep(candidate.bytes, of: name) }
            }
            let others = noted.filter { entry in !pending.contains { $0.target == entry.target } }
            try versions.note(others + pending)
        } catch {
            throw .file(error)
        }
        return pending
    }

    private func remove(_ path: String) throws(FileError) {
        do throws(SystemError) {
            try files.remove(path)
            try files.synchronizeFolder(FileInstaller.folder(of: path))
        } catch {
            if !error.isNotFound { throw FileError(.write, path, error) }
        }
    }

    /// Writes outputs beside their files: all, or none.
    func stage(_ changed: [Candidate]) throws(FileError) -> [StagedFile] {
        var staged: [StagedFile] = []
        do throws(FileError) {
            for candidate in changed {
                if let file = try candidate.stage(installer) { staged.append(file) }
            }
        } catch {
            staged.forEach(installer.discard)
            throw error
        }
        return staged
    }

    /// A version that was never in place, or that its proxy refused, is none to go back to.
    private func forget(_ candidate: Candidate) {
        guard candidate.rendered != nil,
            let number = versions.number(of: candidate.bytes, target: candidate.target.name)
        else { return }
        versions.remove(number, of: candidate.target.name)
    }

    /// Leaves these on the note of what is under way.
    private func settle(_ pending: [InstalledVersions.Pending]) throws(ApplyFailure) {
        do { try versions.note(pending) } catch { throw .file(error) }
    }

    /// Runs each reload command once, however many targets have it; stops at the first that fails, and returns its target.
    private func firstFailedReload(_ work: [Candidate]) -> ProjectTarget? {
        reloads(of: work).first { !reload($0.target, $0.line) }?.target
    }

    /// The same, but goes on after one that fails; returns the names of the targets whose command failed.
    private func failedReloads(_ work: [Candidate]) -> [String] {
        let failed = Set(reloads(of: work).filter { !reload($0.target, $0.line, isBack: true) }.map(\.line))
        return work.map(\.target).filter { reloadLine($0).map(failed.contains) ?? false }.map(\.name)
    }

    private func reloads(of work: [Candidate]) -> [(target: ProjectTarget, line: String)] {
        var known: Set<String> = []
        return work.compactMap { candidate in
            guard let line = reloadLine(candidate.target) else { return nil }
            return known.insert(line).inserted ? (candidate.target, line) : nil
        }
    }

    private func reloadLine(_ target: ProjectTarget) -> String? {
        target.reload.map(target.line)
    }

    /// - Parameter isBack: whether the files are again what they were.
    private func reload(_ target: ProjectTarget, _ line: String, isBack: Bool = false) -> Bool {
        let what = isBack ? "the reload of \(target.name) with its old output" : "the reload of \(target.name)"
        let outcome: ChildProcess.Outcome
        do {
            outcome = try tools.steps.run(WorkStep("reload \(target.name)")) { () throws(SystemError) in
                try tools.process.run(
                    .shell(line, by: target.shell, in: target.folder), .init(time: target.reloadTimeout))
            }
        } catch {
            emit(.error("\(what) could not be started: \(error.text)"))
            return false
        }
        emit(.commandOutput(outcome.standardError + outcome.standardOutput))
        emit(
            outcome.isSuccess
                ? .done("reloaded \(target.name)\(isBack ? " with its old output" : "")")
                : .error("\(what) \(outcome.words)"))
        return outcome.isSuccess
    }

    /// Puts back the files that were there before.
    private func putBack(_ replaced: [Candidate], _ pending: [InstalledVersions.Pending]) throws(ApplyFailure) {
        var failure: FileError?
        for candidate in replaced {
            let target = candidate.target
            let previous = pending.first { $0.target == target.name }?.previous ?? 0
            do throws(FileError) {
                if previous == 0 {
                    do throws(SystemError) { try files.remove(target.output) } catch {
                        if error.isNotFound { continue }
                        throw FileError(.write, target.output, error)
                    }
                    emit(.done("removed \(target.output), which was not there before"))
                } else {
                    let bytes = try versions.bytes(previous, of: target.name)
                    // The owner was changed only where the target asks for one.
                    let owner = candidate.owner == nil ? nil : candidate.status?.fileOwner
                    let staged = try installer.stage(
                        bytes, at: target.output, mode: candidate.status?.mode, owner: owner)
                    guard let staged else { continue }
                    try installer.commit(staged)
                    emit(.done("put the previous \(target.output) back"))
                }
            } catch {
                emit(.error("\(target.output) could not be put back: \(error.sentence)"))
                failure = failure ?? error
            }
        }
        if let failure { throw .file(failure) }
    }
}
