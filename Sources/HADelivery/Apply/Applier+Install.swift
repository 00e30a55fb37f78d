import HASystem

// From the first change to the last.
extension Applier {
    /// Replaces the files, reloads the proxies, and puts the files back where that fails.
    ///
    /// The order makes a kill at any point harmless: the versions to go back to and a note of what is under way are on
    /// the disk before the first file is written, and the note goes when the proxies have taken their files. The next
    /// apply that finds the note removes what is left of half a write, and reloads even where no file changes.
    func install(_ work: [Candidate]) throws(ApplyFailure) {
        for candidate in work where candidate.pending != nil {
            installer.removeLeftovers(beside: candidate.target.output)
        }
        let pending = try begin(work)
        var staged: [StagedFile]
        do { staged = try stage(work.filter(\.isChanged)) } catch {
            // Nothing has changed: what an earlier apply left to do stays noted.
            for candidate in work where candidate.isChanged { forget(candidate) }
            if !work.contains(where: { $0.pending != nil }) { try finish() }
            throw .file(error)
        }
        defer { staged.forEach(installer.discard) }
        var replaced: [Candidate] = []
        for candidate in work {
            guard candidate.isChanged else {
                tell(.note("an earlier apply of \(candidate.target.name) was interrupted; it is finished now"))
                replaced.append(candidate)
                continue
            }
            do throws(FileError) {
                if !staged.isEmpty { try installer.commit(staged.removeFirst()) }
                replaced.append(candidate)
                tell(.done("wrote \(candidate.target.output)"))
            } catch {
                try putBack(replaced, pending)
                for candidate in work { forget(candidate) }
                try finish()
                throw .file(error)
            }
        }
        guard reload(work) else {
            try putBack(work, pending)
            let isAsBefore = reloadAll(work)
            for candidate in work { forget(candidate) }
            // The note stays where a proxy may still have what was taken back, so that the next apply reloads it.
            if isAsBefore { try finish() } else { tell(.note("the next apply reloads them again")) }
            throw .command
        }
        try finish()
        for candidate in work { versions.prune(candidate.target.name, keeping: project.keep) }
    }

    /// Keeps what is installed and what will be, and notes what is under way.
    private func begin(_ work: [Candidate]) throws(ApplyFailure) -> [InstalledVersions.Pending] {
        var pending: [InstalledVersions.Pending] = []
        do throws(FileError) {
            for candidate in work {
                let name = candidate.target.name
                var previous = candidate.pending
                if previous == nil {
                    previous = try candidate.installed.map { bytes throws(FileError) in
                        try versions.keep(bytes, of: name)
                    }
                }
                pending.append(.init(target: name, previous: previous ?? 0))
                if candidate.rendered != nil { _ = try versions.keep(candidate.bytes, of: name) }
            }
            try versions.begin(pending)
        } catch {
            throw .file(error)
        }
        return pending
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

    private func finish() throws(ApplyFailure) {
        do { try versions.end() } catch { throw .file(error) }
    }

    /// Runs each reload command once, however many targets have it; stops at the first that fails.
    private func reload(_ work: [Candidate]) -> Bool { reloads(of: work).allSatisfy { reload($0.target, $0.line) } }

    /// The same, but goes on behind one that fails.
    private func reloadAll(_ work: [Candidate]) -> Bool {
        reloads(of: work).map { reload($0.target, $0.line) }.allSatisfy { $0 }
    }

    private func reloads(of work: [Candidate]) -> [(target: ProjectTarget, line: String)] {
        var known: Set<String> = []
        return work.compactMap { candidate in
            let target = candidate.target
            guard let template = target.reload else { return nil }
            let line = ChildProcess.line(template, file: target.output)
            return known.insert(line).inserted ? (target, line) : nil
        }
    }

    private func reload(_ target: ProjectTarget, _ line: String) -> Bool {
        let outcome: ChildProcess.Outcome
        do {
            outcome = try tools.steps.run(WorkStep("reload \(target.name)")) { () throws(SystemError) in
                try tools.process.run(.shell(line), .init(time: target.reloadTimeout))
            }
        } catch {
            tell(.error("the reload of \(target.name) could not be started: \(error.text)"))
            return false
        }
        tell(.commandOutput(outcome.standardError + outcome.standardOutput))
        tell(
            outcome.isSuccess
                ? .done("reloaded \(target.name)") : .error("the reload of \(target.name) \(outcome.words)"))
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
                    do { try files.remove(target.output) } catch { throw FileError(.write, target.output, error) }
                    tell(.done("removed \(target.output), which was not there before"))
                } else {
                    let bytes = try versions.bytes(previous, of: target.name)
                    // The owner was changed only where the target asks for one.
                    let owner = candidate.owner == nil ? nil : candidate.status?.fileOwner
                    let staged = try installer.stage(
                        bytes, at: target.output, mode: candidate.status?.mode, owner: owner)
                    if let staged { try installer.commit(staged) }
                    tell(.done("put the previous \(target.output) back"))
                }
            } catch {
                tell(.error("\(target.output) could not be put back: \(error.sentence)"))
                failure = failure ?? error
            }
        }
        if let failure { throw .file(failure) }
    }
}
