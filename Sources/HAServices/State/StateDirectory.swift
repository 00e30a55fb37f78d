import HASystem
import HATemplate

/// A folder that remembers the services of tables, one folder a table.
///
///     let directory = StateDirectory(path: "state")
///     let payload = try Payload.read(name: "payload.json", bytes: bytes)
///     var transaction = try directory.begin(payload.table)          // waits for other writers
///     let proposal = try transaction.proposal(for: payload)
///     try template.render(proposal.document, into: &output)         // a failure here changes nothing
///     let revision = try transaction.commit(proposal)               // durable when it returns
///
/// Reading needs no lock: files are replaced as a whole, so a reader finds one revision or the next.
public struct StateDirectory: Sendable {
    /// How long to wait for another process that changes the same table, in milliseconds.
    public static let defaultLockTimeout = 10_000

    public let path: String
    let files: FileSystem
    let temporaries: TemporaryFiles

    public init(path: String) {
        self.init(path: path, files: .system, temporaries: .unregistered)
    }

    package init(path: String, files: FileSystem, temporaries: TemporaryFiles) {
        self.path = path
        self.files = files
        self.temporaries = temporaries
    }

    // MARK: Reading

    /// The tables that are stored, sorted by name.
    public func tables() throws(StateError) -> [TableName] {
        let names: [String]
        do { names = try files.names(path) } catch { throw .file(FileError(.list, path, error)) }
        var tables: [TableName] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let table = TableName(name), try hasFiles(table) else { continue }
            tables.append(table)
        }
        return tables
    }

    /// The revision that a table has now.
    public func current(_ table: TableName) throws(StateError) -> Revision {
        guard let file = try currentFile(of: table) else {
            if let last = try history(of: table).last {
                throw .historyAhead(
                    table: table, current: currentPath(of: table), history: historyPath(of: table, last),
                    revision: last)
            }
            throw .noTable(table.text, state: path, known: ((try? tables()) ?? []).map(\.text))
        }
        return try Revision(file, table: table, number: nil)
    }

    /// A revision that the history still has, or the current one.
    public func revision(_ number: Int, of table: TableName) throws(StateError) -> Revision {
        let current = try current(table)
        if number == current.number { return current }
        let known = try revisions(of: table, current: current.number)
        guard known.contains(number), let file = try read(historyPath(of: table, number)) else {
            throw .noRevision(number, table: table, known: known)
        }
        return try Revision(file, table: table, number: number)
    }

    /// The numbers of the revisions that can be read, in order; the last one is the current one.
    public func revisions(of table: TableName) throws(StateError) -> [Int] {
        try revisions(of: table, current: current(table).number)
    }

    /// When a revision was written, in seconds since 1970; nil when there is no such file.
    public func time(of revision: Int, table: TableName) -> Int? {
        (try? files.status(historyPath(of: table, revision)))?.modified
            ?? (try? files.status(currentPath(of: table)))?.modified
    }

    /// What is newer than the current revision is left out; a change of the table reports it.
    private func revisions(of table: TableName, current: Int) throws(StateError) -> [Int] {
        try history(of: table).filter { $0 < current } + [current]
    }

    /// Adds a table's services to those of other files.
    ///
    /// What is wrong with the stored file is thrown by the reader's `finish`. A Config may have come in by a payload, so
    /// it is trusted only when the user says so.
    public func add(
        _ table: TableName, to reader: inout ServiceReader, trustsConfig: Bool = false
    ) throws(StateError) {
        reader.trustsConfig = trustsConfig
        guard let file = try currentFile(of: table) else {
            _ = try current(table)
            return
        }
        _ = reader.addState(name: file.name, bytes: file.bytes, table: table, revision: nil)
    }

    /// The current file of a table as a file of services: what stands around their list is blank, so that every service
    /// keeps its place. The file is verified.
    package func serviceFile(of table: TableName) throws(StateError) -> InputFile {
        guard let file = try currentFile(of: table) else {
            // It says what is missing.
            _ = try current(table)
            return InputFile(name: currentPath(of: table), bytes: [])
        }
        _ = try Revision(file, table: table, number: nil)
        guard let list = StateFile.services(in: file.bytes) else { return file }
        var bytes = file.bytes
        for index in bytes.indices where !list.contains(index) && bytes[index] != UInt8(ascii: "\n") {
            bytes[index] = UInt8(ascii: " ")
        }
        return InputFile(name: file.name, bytes: bytes)
    }

    /// What a payload would change, without changing or locking anything.
    public func proposal(for payload: consuming Payload) throws(StateError) -> Proposal {
        let table = payload.table
        let proposal = try payload.proposal(base: currentFile(of: table), isToStore: false)
        try check(history(of: table), against: proposal)
        return proposal
    }

    /// A history that goes on after the current revision would be overwritten.
    func check(_ history: [Int], against proposal: Proposal) throws(StateError) {
        guard let last = history.last, last > proposal.baseRevision else { return }
        let table = proposal.table
        throw .historyAhead(
            table: table, current: currentPath(of: table), history: historyPath(of: table, last), revision: last)
    }

    // MARK: Places

    func folder(of table: TableName) -> String {
        (path.hasSuffix("/") ? path : path + "/") + table.text
    }

    func currentPath(of table: TableName) -> String { folder(of: table) + "/" + StateFile.currentName }

    func historyFolder(of table: TableName) -> String { folder(of: table) + "/" + StateFile.historyFolder }

    func historyPath(of table: TableName, _ revision: Int) -> String {
        historyFolder(of: table) + "/" + StateFile.historyName(revision)
    }

    func currentFile(of table: TableName) throws(StateError) -> InputFile? { try read(currentPath(of: table)) }

    /// Numbers of the files in the history, in order.
    func history(of table: TableName) throws(StateError) -> [Int] {
        let folder = historyFolder(of: table)
        do {
            return try files.names(folder).compactMap(StateFile.revision(ofHistoryName:)).sorted()
        } catch {
            if error.isNotFound { return [] }
            throw failure(.list, folder, error, table)
        }
    }

    /// The bytes of a file; nil when it is not there.
    private func read(_ path: String) throws(StateError) -> InputFile? {
        do {
            return try FileReader(files: files).read(path, .kept)
        } catch {
            if case .system(let error) = error.cause, error.isNotFound { return nil }
            throw .file(error)
        }
    }

    /// Whether a folder is a table's: empty ones are left by writers that were killed.
    private func hasFiles(_ table: TableName) throws(StateError) -> Bool {
        guard (try? files.status(folder(of: table)))?.kind == .folder else { return false }
        if (try? files.status(currentPath(of: table))) != nil { return true }
        return try !history(of: table).isEmpty
    }

    // MARK: Errors

    func failure(
        _ purpose: FileError.Purpose, _ path: String, _ error: SystemError, _ table: TableName
    ) -> StateError {
        failure(FileError(purpose, path, error), table)
    }

    /// Adds whose the folder is where that is the reason.
    func failure(_ error: FileError, _ table: TableName) -> StateError {
        guard case .system(let cause) = error.cause, cause.isDenial else { return .file(error) }
        for folder in [historyFolder(of: table), folder(of: table), path] {
            guard let status = try? files.status(folder) else { continue }
            if status.owner != files.user() {
                return .otherOwner(error, folder: folder, owner: status.owner, user: files.user())
            }
        }
        return .file(error)
    }
}

/// A table's services as they were stored once.
public struct Revision: Sendable {
    public let table: TableName
    public let number: Int
    /// Its root is the list of services.
    public let document: Document
    /// What the services hold that has no effect.
    public let warnings: [Diagnostic]

    package init(_ file: InputFile, table: TableName, number: Int?) throws(StateError) {
        var reader = ServiceReader()
        let header = reader.addState(name: file.name, bytes: file.bytes, table: table, revision: number)
        var warnings: [Diagnostic] = []
        do { document = try reader.finish(warnings: &warnings) } catch { throw .refused(error, table: table) }
        self.warnings = warnings
        self.table = table
        self.number = header.revision ?? 0
    }

    /// The file that holds this revision.
    public var file: [UInt8] { ServiceList(document).stateText(table: table, revision: number) }

    /// The services as a service file, which `render -s` reads.
    public var serviceFile: [UInt8] { ServiceList(document).listText() }

    /// The numbers of services and of their hosts.
    public var counts: (services: Int, hosts: Int) {
        document.withPools { pools in
            let services = pools.elements(of: document.root)
            let hosts = services.reduce(0) { $0 + pools.elements(of: $1)[ServiceField.hosts.rawValue].count }
            return (services.count, hosts)
        }
    }
}
