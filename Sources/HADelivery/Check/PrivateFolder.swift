import HASystem

/// A private folder where a configuration is checked as if it lay beside the output.
///
/// Everything else in the output's folder is there as a link, so that the configuration's own relative paths
/// (`include mime.types;`, `errorfile 503 errors/503.http`) lead to the same files. Paths that leave that folder
/// (`../x`) lead nowhere. A few names can lead elsewhere instead, or nowhere.
struct PrivateFolder {
    let path: String
    /// The configuration.
    let file: String
    private let names: [String]
    private let files: FileSystem

    /// Links made; a folder with more entries is no place for a configuration.
    private static let maximumLinks = 1_000

    /// Signals are to be held until `remove`.
    ///
    /// - Parameters:
    ///   - output: the path of the output that the configuration is for; its folder need not exist.
    ///   - parent: where to make the folder.
    ///   - bytes: the configuration, given the folder's path.
    ///   - others: files to put beside it.
    ///   - replaced: names that lead to these paths, and not to what lies beside the output; nil: nowhere.
    init(
        _ bytes: (_ folder: String) -> [UInt8], for output: String, in parent: String,
        others: [(name: String, bytes: [UInt8])] = [], replaced: [String: String?] = [:], files: FileSystem
    ) throws(FileError) {
        self.files = files
        let name = output.split(separator: "/").last.map(String.init) ?? "output"
        Self.removeAbandoned(in: parent, files)
        let maker = "\(files.machine())-\(files.processNumber())-"
        path = parent + "/" + Self.start + maker + String(files.random(), radix: 16)
        file = path + "/" + name
        let folder = Self.folder(of: output)
        let links = ((try? files.names(folder)) ?? []).filter { $0 != name && replaced[$0] == nil }.sorted()
        do throws(SystemError) { try files.makeFolder(path, 0o700) } catch { throw FileError(.write, path, error) }
        var made = [name]
        do throws(SystemError) {
            for entry in [(name, bytes(path))] + others {
                let descriptor = try files.open(path + "/" + entry.0, .creating(mode: 0o600))
                defer { try? files.close(descriptor) }
                try files.writeAll(entry.1, to: descriptor)
                made.append(entry.0)
            }
            for case let (link, target?) in replaced where link != name {
                try files.makeLink(target, path + "/" + link)
                made.append(link)
            }
            if let root = try? files.realPath(folder) {
                for link in links.prefix(Self.maximumLinks) {
                    try files.makeLink(root + "/" + link, path + "/" + link)
                    made.append(link)
                }
            }
        } catch {
            names = made
            remove()
            throw FileError(.write, path, error)
        }
        names = made
    }

    /// Removes the folder and its own entries; what a proxy leaves in it (a pid file, folders) goes too.
    func remove() {
        for name in names { try? files.remove(path + "/" + name) }
        Self.removeTree(path, depth: 0, files)
    }

    private static let start = "haproxy-gen-check-"

    /// Removes folders of checks that were killed: they could not do it themselves.
    private static func removeAbandoned(in parent: String, _ files: FileSystem) {
        for name in (try? files.names(parent)) ?? [] where name.hasPrefix(start) {
            guard AbandonedName.isAbandoned(name.dropFirst(start.count), files),
                let status = try? files.linkStatus(parent + "/" + name), status.kind == .folder,
                status.owner == files.user()
            else { continue }
            removeTree(parent + "/" + name, depth: 0, files)
        }
    }

    private static func removeTree(_ path: String, depth: Int, _ files: FileSystem) {
        guard depth < 10 else { return }
        for name in (try? files.names(path)) ?? [] {
            let entry = path + "/" + name
            // A link is removed, and never what it leads to.
            if (try? files.linkStatus(entry))?.kind == .folder {
                removeTree(entry, depth: depth + 1, files)
            } else {
                try? files.remove(entry)
            }
        }
        try? files.removeFolder(path)
    }

    /// Writes a file of ours beside the configuration; its path.
    func add(_ name: String, _ bytes: [UInt8]) throws(FileError) -> String {
        let path = path + "/" + name
        do throws(SystemError) {
            let descriptor = try files.open(path, .creating(mode: 0o644))
            defer { try? files.close(descriptor) }
            try files.writeAll(bytes, to: descriptor)
        } catch {
            throw FileError(.write, path, error)
        }
        return path
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
