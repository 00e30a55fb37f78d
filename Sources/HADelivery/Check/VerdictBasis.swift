import HASystem
import HATemplate

/// All that a verdict rests on besides the configuration's own bytes: files that the proxy read, and files that were
/// not there.
///
/// It is complete, or there is none: a path that depends on a variable, an include that cannot be read, and a file of
/// a size that nobody compares make the proxy be asked again.
struct VerdictBasis {
    /// Paths with what they were: digests of contents, and of larger files all that changes when they do.
    private(set) var identities: [(path: String, identity: String)] = []
    private let files: FileSystem
    private var known: Set<String> = []
    /// Patterns of `include` that were followed.
    private var patterns: Set<String> = []
    private var size = 0

    /// Bytes of a file whose contents are compared; of a larger one, what the system says of it.
    private static let maximumSize = 256 << 10
    /// Bytes compared in all.
    private static let maximumTotal = 64 << 20
    private static let maximumCount = 20_000
    /// Begins what stands for the names in a folder, save one.
    private static let folderMark = "\u{2}"

    /// What a program of the system reads whatever the configuration says.
    private static let systemFiles = [
        "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf",
        "/etc/ssl/openssl.cnf", "/etc/localtime",
    ]

    /// - Parameters:
    ///   - folder: the output's; relative paths count from it.
    ///   - name: the output's own, in that folder.
    ///   - replaced: names in it that lead elsewhere.
    ///   - reads: what the configuration reads, as the scan found it: files that others name among them.
    init?(
        _ text: ConfigurationText, folder: String, name: String, replaced: [String: String?],
        reads: Set<String>, program: String, libraries: [String],
        files: FileSystem
    ) {
        self.files = files
        for path in Self.systemFiles + [program] + libraries { add(path) }
        guard libraries.count > 0, addFolder(folder, without: name), addReferences(in: text, folder, replaced, depth: 0)
        else {
            return nil
        }
        guard addReads(reads, besides: (try? files.realPath(folder)) ?? folder) else { return nil }
    }

    /// Files that the scan found, with the names beside them: a new one (`a.pem.ocsp`) may be read, too. All in the
    /// output's own folder is there already.
    private mutating func addReads(_ reads: Set<String>, besides own: String) -> Bool {
        var folders: Set<String> = []
        for path in reads.sorted() where path != own {
            guard identities.count < Self.maximumCount else { return false }
            let isFolder = (try? files.status(path))?.kind == .folder
            let folder = PrivateFolder.folder(of: path)
            if folder == own, !isFolder { continue }
            guard addPath(path) else { return false }
            guard folder != own, folders.insert(folder).inserted else { continue }
            let list = Self.folderMark + Self.folderMark + folder
            identities.append((list, Self.identity(of: list, files)))
        }
        return true
    }

    /// Whether everything is as it was.
    static func holds(_ identities: [(path: String, identity: String)], files: FileSystem) -> Bool {
        identities.allSatisfy { Self.identity(of: $0.path, files) == $0.identity }
    }

    // MARK: What the configuration names

    private mutating func addReferences(
        in text: ConfigurationText, _ folder: String, _ replaced: [String: String?], depth: Int
    ) -> Bool {
        guard depth < 10 else { return false }
        for statement in text.statements + text.conditions {
            guard statement.words.allSatisfy(\.isCertain) else { return false }
            let isInclude =
                switch text.dialect {
                case .nginx: statement.keyword == "include"
                case .haproxy, .plain: false
                }
            for word in statement.arguments where isInclude || word.text.contains("/") {
                guard !word.text.contains("://") else { continue }
                guard identities.count < Self.maximumCount else { return false }
                // `map(lists/a.map)`, `%[…,map(a)]`: the path is what stands between the signs.
                for part in word.text.split(whereSeparator: { "(),".contains($0) }).map(String.init)
                where isInclude || part.contains("/") {
                    let path = Self.path(part, folder, replaced)
                    if isInclude {
                        guard addInclude(path, folder, replaced, depth: depth) else { return false }
                    } else if !addPath(path) {
                        return false
                    }
                }
            }
        }
        return true
    }

    private mutating func addInclude(
        _ path: String, _ folder: String, _ replaced: [String: String?], depth: Int
    ) -> Bool {
        guard !path.contains("$") else { return false }
        guard patterns.insert(path).inserted else { return true }
        var matches = [path]
        if let pattern = FilePattern(path) {
            matches = pattern.matches(files)
            // A new file that the pattern would find makes another list.
            identities.append(("?" + path, matches.joined(separator: "\u{0}")))
        }
        for match in matches {
            guard addPath(match) else { return false }
            guard let file = try? FileReader(files: files).read(match, .kept) else { continue }
            let text = ConfigurationText(file.bytes, dialect: .nginx)
            guard addReferences(in: text, folder, replaced, depth: depth + 1) else { return false }
        }
        return true
    }

    private static func path(_ word: String, _ folder: String, _ replaced: [String: String?]) -> String {
        if word.hasPrefix("/") { return word }
        let first = word.split(separator: "/").first.map(String.init) ?? word
        if case .some(.some(let target)) = replaced[first] { return target + word.dropFirst(first.count) }
        return folder + "/" + word
    }

    // MARK: Files

    private mutating func addFolder(_ folder: String, without own: String? = nil) -> Bool {
        guard let names = try? files.names(folder) else {
            add(folder)
            return true
        }
        let list = Self.folderMark + (own ?? "") + Self.folderMark + folder
        identities.append((list, Self.identity(of: list, files)))
        guard names.count < Self.maximumCount else { return false }
        for name in names where name != own && !FileInstaller.isTemporary(name) {
            let path = folder + "/" + name
            guard (try? files.status(path))?.kind == .regular else { continue }
            guard add(path) else { return false }
        }
        return true
    }

    private mutating func addPath(_ path: String) -> Bool {
        (try? files.status(path))?.kind == .folder ? addFolder(path) : add(path)
    }

    @discardableResult
    private mutating func add(_ path: String) -> Bool {
        guard known.insert(path).inserted else { return true }
        size += min((try? files.status(path))?.size ?? 0, Self.maximumSize)
        guard size < Self.maximumTotal else { return false }
        identities.append((path, Self.identity(of: path, files)))
        return true
    }

    private static func identity(of path: String, _ files: FileSystem) -> String {
        if path.hasPrefix("?") {
            let matches = FilePattern(String(path.dropFirst()))?.matches(files) ?? []
            return matches.joined(separator: "\u{0}")
        }
        if path.hasPrefix(folderMark) {
            let parts = path.dropFirst().split(separator: folderMark, maxSplits: 1, omittingEmptySubsequences: false)
            let names = (try? files.names(String(parts.last ?? ""))) ?? []
            let others = names.filter { $0 != String(parts.first ?? "") && !FileInstaller.isTemporary($0) }
            return others.sorted().joined(separator: "\u{0}")
        }
        guard let status = try? files.status(path) else { return "missing" }
        let known =
            "\(status.device) \(status.inode) \(status.size) \(status.modified) \(status.changed) \(status.mode)"
        guard status.kind == .regular, status.size <= Self.maximumSize,
            let file = try? FileReader(files: files).read(path, .kept, upTo: Self.maximumSize)
        else { return known }
        var hash = SHA256()
        file.bytes.withUnsafeBytes { hash.update($0) }
        return "\(status.mode) " + hash.finish().map { String($0, radix: 16) }.joined(separator: ".")
    }
}
