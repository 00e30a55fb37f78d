import HAServices
import HASystem
import HATemplate

/// One version of an output that is kept.
package struct InstalledVersion: Sendable {
    let number: Int
    /// The file that holds it.
    package let path: String
    /// How far it lies before the one that is installed; 0: that one, less than 0: after it.
    package let stepsBack: Int
    package let status: FileStatus?
}

/// What was installed before: `<state>/.installed/<target>/<number>`, numbers growing with time.
struct InstalledVersions: Sendable {
    /// No table can have this name and services: tables have a `current.json`.
    static let folderName = TableName(reserved: ".installed")
    private static let pendingName = "pending.json"

    let files: FileSystem
    let temporaries: TemporaryFiles
    /// `<state>/.installed`
    let folder: String

    init(state: String, files: FileSystem, temporaries: TemporaryFiles) {
        self.files = files
        self.temporaries = temporaries
        folder = state + "/" + Self.folderName.text
    }

    private var installer: FileInstaller { FileInstaller(files: files, temporaries: temporaries) }

    func path(_ target: String, _ number: Int) -> String { "\(folder)/\(target)/\(number)" }

    // MARK: Versions

    /// Numbers of a target's versions, the oldest first.
    func numbers(of target: String) -> [Int] {
        ((try? files.names(folder + "/" + target)) ?? []).compactMap { Int($0) }.filter { $0 > 0 }.sorted()
    }

    func bytes(_ number: Int, of target: String) throws(FileError) -> [UInt8] {
        try FileReader(files: files).read(path(target, number), .kept).bytes
    }

    /// The newest version with these bytes; nil when none has them.
    func number(of bytes: [UInt8], target: String) -> Int? {
        // Most are of another size, and need not be read.
        numbers(of: target).last { number in
            (try? files.status(path(target, number)))?.size == bytes.count
                && (try? self.bytes(number, of: target)) == bytes
        }
    }

    /// Keeps bytes, unless a version has them already; returns its number.
    func keep(_ bytes: [UInt8], of target: String) throws(FileError) -> Int {
        if let number = number(of: bytes, target: target), number == numbers(of: target).last { return number }
        do throws(SystemError) {
            try files.makeFolder(folder + "/" + target, 0o700)
        } catch {
            guard error.isPresence else { throw FileError(.write, folder + "/" + target, error) }
        }
        let number = (numbers(of: target).last ?? 0) + 1
        _ = try installer.install(bytes, at: path(target, number))
        return number
    }

    func remove(_ number: Int, of target: String) {
        try? files.remove(path(target, number))
    }

    /// What was installed last, as far as it is known.
    func latest(of target: String) -> [UInt8]? {
        numbers(of: target).last.flatMap { try? bytes($0, of: target) }
    }

    /// Removes what an apply that was killed while it kept a version, or wrote the note, has left.
    func removeLeftovers(of targets: [ProjectTarget]) {
        installer.removeLeftovers(beside: folder + "/" + Self.pendingName)
        for target in targets { installer.removeLeftovers(beside: path(target.name, 0)) }
    }

    /// Removes all but the newest ones.
    func prune(_ target: String, keeping count: Int) {
        for number in numbers(of: target).dropLast(max(count, 1)) { remove(number, of: target) }
    }

    // MARK: What is under way

    /// An output that is being replaced, from before its file changes until its proxy has taken it.
    struct Pending: Sendable, Equatable {
        let target: String
        /// The version to go back to; 0: there was no file; nil: not known, so what is installed counts.
        let previous: Int?
    }

    /// What applies that were killed, or whose reload failed, left to do. A note that is damaged stands for every target:
    /// which version each had before is not known then.
    func pending(_ targets: [ProjectTarget]) throws(FileError) -> [Pending] {
        let file: InputFile
        do { file = try FileReader(files: files).read(folder + "/" + Self.pendingName, .kept) } catch {
            if case .system(let cause) = error.cause, cause.isNotFound { return [] }
            throw error
        }
        return Self.read(file) ?? targets.map { Pending(target: $0.name, previous: nil) }
    }

    private static func read(_ file: InputFile) -> [Pending]? {
        guard let document = try? Document.json(name: file.name, bytes: file.bytes),
            document.field("format", of: document.root).map({ $0.kind == .int && $0.asInt == 1 }) == true,
            let list = document.field("targets", of: document.root), list.kind == .list
        else { return nil }
        var pending: [Pending] = []
        for entry in document.elements(of: list) {
            guard let name = document.field("name", of: entry).flatMap({ document.text(of: $0) }) else { return nil }
            let previous = document.field("previous", of: entry)
            pending.append(Pending(target: name, previous: previous.flatMap { $0.kind == .int ? $0.asInt : nil }))
        }
        return pending
    }

    /// Makes these all that is left to do.
    func note(_ pending: [Pending]) throws(FileError) {
        let path = folder + "/" + Self.pendingName
        if pending.isEmpty {
            do { try files.remove(path) } catch {
                guard error.isNotFound else { throw FileError(.write, path, error) }
            }
            return
        }
        var text = JSONText()
        text.beginObject()
        text.key("format")
        text.integer(1)
        text.key("targets")
        text.beginList()
        for entry in pending {
            text.beginObject()
            text.key("name")
            text.string(entry.target)
            if let previous = entry.previous {
                text.key("previous")
                text.integer(previous)
            }
            text.endObject()
        }
        text.endList()
        text.endObject()
        text.finish()
        _ = try installer.install(text.bytes, at: path)
    }
}
