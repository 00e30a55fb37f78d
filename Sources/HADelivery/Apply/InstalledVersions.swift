import HAServices
import HASystem
import HATemplate

/// What was installed before: `<state>/.installed/<target>/<number>`, numbers growing with time.
struct InstalledVersions: Sendable {
    /// No table can have this name and services: tables have a `current.json`.
    static let folderName = ".installed"
    private static let pendingName = "pending.json"

    let files: FileSystem
    let temporaries: TemporaryFiles
    /// `<state>/.installed`
    let folder: String

    init(state: String, files: FileSystem, temporaries: TemporaryFiles) {
        self.files = files
        self.temporaries = temporaries
        folder = state + "/" + Self.folderName
    }

    private var installer: FileInstaller { FileInstaller(files: files, temporaries: temporaries) }

    func path(_ target: String, _ number: Int) -> String { "\(folder)/\(target)/\(number)" }

    // MARK: Versions

    /// Numbers of a target's versions, the oldest first.
    func numbers(of target: String) -> [Int] {
        ((try? files.names(folder + "/" + target)) ?? []).compactMap { Int($0) }.filter { $0 > 0 }.sorted()
    }

    func bytes(_ number: Int, of target: String) throws(FileError) -> [UInt8] {
        try FileReader(files: files).read(path(target, number)).bytes
    }

    /// The newest version with these bytes; nil when none has them.
    func number(of bytes: [UInt8], target: String) -> Int? {
        numbers(of: target).last { (try? self.bytes($0, of: target)) == bytes }
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

    /// Removes all but the newest ones.
    func prune(_ target: String, keeping count: Int) {
        for number in numbers(of: target).dropLast(max(count, 1)) { remove(number, of: target) }
    }

    // MARK: What is under way

    /// An output that is being replaced, from before its file changes until its proxy has taken it.
    struct Pending: Sendable, Equatable {
        let target: String
        /// The version to go back to; 0: there was no file.
        let previous: Int
    }

    /// What an apply that was killed left behind; nothing after one that ended.
    func pending() -> [Pending] {
        guard let file = try? FileReader(files: files).read(folder + "/" + Self.pendingName),
            let document = try? Document.json(name: file.name, bytes: file.bytes),
            let list = document.field("targets", of: document.root)
        else { return [] }
        return document.elements(of: list).compactMap { entry in
            guard let name = document.field("name", of: entry).flatMap({ document.text(of: $0) }),
                let previous = document.field("previous", of: entry), previous.kind == .int
            else { return nil }
            return Pending(target: name, previous: previous.asInt)
        }
    }

    func begin(_ pending: [Pending]) throws(FileError) {
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
            text.key("previous")
            text.integer(entry.previous)
            text.endObject()
        }
        text.endList()
        text.endObject()
        text.finish()
        _ = try installer.install(text.bytes, at: folder + "/" + Self.pendingName)
    }

    func end() throws(FileError) {
        let path = folder + "/" + Self.pendingName
        do { try files.remove(path) } catch {
            guard error.isNotFound else { throw FileError(.write, path, error) }
        }
    }
}
