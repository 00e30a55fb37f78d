import HASystem
import HATemplate

/// A change of one table: from the moment that no other process can change it, to the new revision on the disk.
///
/// Ends when it goes out of scope; what was not committed never happened.
public struct StateTransaction: ~Copyable {
    public let table: TableName
    private let directory: StateDirectory
    private let lock: StateLock
    /// Numbers of the files in the history, in order.
    private let history: [Int]
    /// Whether a stored file that cannot be read is replaced, and kept beside.
    private let isAccepting: Bool
    /// Folders that were made for this table, outer ones first.
    private let created: [String]
    private var isCommitted = false

    /// How many revisions the history keeps by default.
    public static let defaultHistory = 20

    fileprivate init(
        _ table: TableName, _ directory: StateDirectory, lock: consuming StateLock, history: [Int],
        isAccepting: Bool, created: [String]
    ) {
        self.table = table
        self.directory = directory
        self.lock = lock
        self.history = history
        self.isAccepting = isAccepting
        self.created = created
    }

    deinit {
        // A new table that came to nothing leaves no files.
        guard !isCommitted, !created.isEmpty else { return }
        try? directory.files.removeFolder(directory.historyFolder(of: table))
        try? directory.files.remove(directory.folder(of: table) + "/" + StateFile.lockName)
        for folder in created.reversed() { try? directory.files.removeFolder(folder) }
    }

    // MARK: Proposals

    /// The table after an event.
    ///
    /// Throws `refused` when the stored file is broken, `input` when the result would break a rule of services.
    public func proposal(for payload: consuming Payload) throws(StateError) -> Proposal {
        let proposal = try payload.proposal(base: directory.currentFile(of: table), isToStore: true)
        try directory.check(history, against: proposal)
        return proposal
    }

    /// The table with the services of a file: see `StateImport`.
    public func proposal(importing name: String, bytes: [UInt8]) throws(StateError) -> Proposal {
        let (document, warnings): (Document, [Diagnostic])
        do { (document, warnings) = try StateImport.read(name: name, bytes: bytes) } catch { throw .input(error) }
        return try proposal(replacingBy: document, warnings)
    }

    /// The table as it was at a revision that the history has.
    public func proposal(restoring number: Int) throws(StateError) -> Proposal {
        let revision =
            try isAccepting ? directory.historyRevision(number, of: table) : directory.revision(number, of: table)
        return try proposal(replacingBy: revision.document, revision.warnings)
    }

    private func proposal(
        replacingBy document: Document, _ warnings: [Diagnostic]
    ) throws(StateError) -> Proposal {
        var before: Revision?
        do throws(StateError) {
            if let base = try directory.currentFile(of: table) {
                before = try Revision(base, table: table, number: nil)
            }
        } catch {
            guard isAccepting else { throw error }
        }
        let proposal = Proposal(
            table: table, before: before.map { ServiceList($0.document) }, document: document,
            warnings: warnings, baseRevision: before?.number ?? 0, isToStore: !isAccepting)
        if !isAccepting { try directory.check(history, against: proposal) }
        return proposal
    }

    // MARK: The end

    /// Makes a proposal the table's next revision; returns the number that the table then has.
    ///
    /// Nothing is written when the proposal changes nothing. `history` says how many revisions are kept, this one
    /// included. When this returns, the revision is on the disk. When it throws, the table is as it was before.
    public mutating func commit(
        _ proposal: Proposal, history kept: Int = StateTransaction.defaultHistory
    ) throws(StateError) -> Int {
        let last = max(proposal.baseRevision, isAccepting ? history.last ?? 0 : 0)
        if proposal.isUnchanged, last == proposal.baseRevision {
            isCommitted = true
            return last
        }
        let number = last + 1
        let text = proposal.text(revision: number)
        let installer = FileInstaller(
            files: directory.files, temporaries: directory.temporaries, owner: directory.newOwner(of: table))
        do throws(FileError) {
            if !proposal.hasBase { try keepRefused(installer) }
            try directory.makeHistoryFolder(of: table)
            try completeHistory(with: proposal, installer)
            let path = directory.historyPath(of: table, number)
            let staged = try installer.stage(text, at: path, owner: directory.newOwner(of: table))
            do throws(FileError) { _ = try installer.install(text, at: directory.currentPath(of: table)) } catch {
                if let staged { installer.discard(staged) }
                throw error
            }
            // From here on the table has its new revision. What fails now, or is cut off by a kill, the next change of
            // the table makes good: a file of the history is never newer than the table.
            if let staged { try? installer.commit(staged) }
        } catch {
            throw directory.failure(error, table)
        }
        isCommitted = true
        for old in history where old <= number - max(kept, 1) {
            // From the oldest on, so that no gap opens. What cannot be removed now is removed next time.
            guard (try? directory.files.remove(directory.historyPath(of: table, old))) != nil else { break }
        }
        return number
    }
}

extension StateTransaction {
    /// Adds the current revision to the history, where its writer did not come to that.
    private func completeHistory(
        with proposal: Proposal, _ installer: FileInstaller
    ) throws(FileError) {
        let number = proposal.baseRevision
        guard proposal.hasBase, number > 0, !history.contains(number) else { return }
        let file = try FileReader(files: directory.files).read(directory.currentPath(of: table))
        _ = try installer.install(file.bytes, at: directory.historyPath(of: table, number))
    }

    /// Copies a stored file that could not be read and is about to be replaced.
    private func keepRefused(_ installer: FileInstaller) throws(FileError) {
        let file: InputFile
        do throws(FileError) {
            file = try FileReader(files: directory.files).read(directory.currentPath(of: table), .kept)
        } catch {
            if case .system(let cause) = error.cause, cause.isNotFound { return }
            throw error
        }
        _ = try installer.install(file.bytes, at: directory.pathForRefused(of: table))
    }
}

extension StateDirectory {
    /// Waits until no other process changes the table, and begins to change it.
    ///
    /// A table that is not stored yet gets its folder, and the directory too if its own folder exists. `lockTimeout`
    /// is in milliseconds. With `accepting`, a stored file that is broken may be replaced by an import or an older
    /// revision; it is kept as `current.json.refused`.
    public func begin(
        _ table: TableName, lockTimeout: Int = StateDirectory.defaultLockTimeout, accepting: Bool = false
    ) throws(StateError) -> StateTransaction {
        var made: [String] = []
        let path = folder(of: table) + "/" + StateFile.lockName
        let lock = try StateLock(path, timeout: lockTimeout, directory: self, table: table) { () throws(StateError) in
            try makeFolders(for: table, &made)
        }
        let history = try history(of: table)
        removeLeftovers(of: table)
        return StateTransaction(
            table, self, lock: lock, history: history, isAccepting: accepting, created: made)
    }

    /// Makes a folder for what is no table, and waits until no other process works there.
    package func lock(_ folder: TableName, timeout: Int) throws(StateError) -> StateLock {
        var made: [String] = []
        return try StateLock(
            self.folder(of: folder) + "/" + StateFile.lockName, timeout: timeout, directory: self, table: folder
        ) { () throws(StateError) in try makeFolders(for: folder, &made) }
    }

    /// A file of the history, whatever the current one is.
    func historyRevision(_ number: Int, of table: TableName) throws(StateError) -> Revision {
        let known = try history(of: table)
        let path = historyPath(of: table, number)
        guard known.contains(number) else { throw .noRevision(number, table: table, known: known) }
        let file: InputFile
        do { file = try FileReader(files: files).read(path, .kept) } catch { throw failure(error, table) }
        return try Revision(file, table: table, number: number)
    }

    /// Makes what is missing of the table's folder and returns who is to own its files (see `newOwner`).
    func makeFolders(for table: TableName, _ made: inout [String]) throws(StateError) -> FileOwner? {
        for folder in [path, folder(of: table)] {
            do throws(SystemError) {
                if try makeFolder(folder) { made.append(folder) }
            } catch {
                throw failure(.write, folder, error, table)
            }
        }
        return newOwner(of: table)
    }

    func makeHistoryFolder(of table: TableName) throws(FileError) {
        let folder = historyFolder(of: table)
        do { _ = try makeFolder(folder) } catch { throw FileError(.write, folder, error) }
    }

    /// Makes a folder durably; false when there is one.
    private func makeFolder(_ folder: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            guard try files.status(folder).kind == .folder else { throw SystemError.notAFolder }
            return false
        } catch  where error.isNotFound {
            let parent = FileInstaller.folder(of: folder)
            guard try existsAfterMaking(folder) else { return false }
            if let owner = rootsHeir(parent), let descriptor = try? files.open(folder, .reading) {
                try? files.setOwner(descriptor, owner.user, owner.group)
                try? files.close(descriptor)
            }
            try files.synchronizeFolder(parent)
            return true
        }
    }

    /// false when another process was faster.
    private func existsAfterMaking(_ folder: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try files.makeFolder(folder, 0o755)
            return true
        } catch  where error.isPresence {
            return false
        }
    }

    /// Who is to own new files of a table where root runs the program for another user; nil: whoever runs it.
    ///
    /// Otherwise one run by root would lock the folder's owner out.
    func newOwner(of table: TableName) -> FileOwner? { rootsHeir(folder(of: table)) }

    private func rootsHeir(_ folder: String) -> FileOwner? {
        guard files.user() == 0, let status = try? files.status(folder), status.owner != 0 else { return nil }
        return status.fileOwner
    }

    /// Where a broken file is kept when it is replaced; earlier ones stay.
    func pathForRefused(of table: TableName) -> String {
        let path = currentPath(of: table) + ".refused"
        var number = 1
        var candidate = path
        while (try? files.linkStatus(candidate)) != nil {
            number += 1
            candidate = "\(path)-\(number)"
        }
        return candidate
    }

    /// Removes temporary files of writers that were killed. Only the lock's holder may do that.
    func removeLeftovers(of table: TableName) {
        for folder in [folder(of: table), historyFolder(of: table)] {
            for name in (try? files.names(folder)) ?? [] where FileInstaller.isTemporary(name) {
                try? files.remove(folder + "/" + name)
            }
        }
    }
}
