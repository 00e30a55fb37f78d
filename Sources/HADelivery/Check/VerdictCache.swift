import HASystem
import HATemplate

/// Remembers which configurations a proxy has accepted, and what it warned of, so that an unchanged one is not checked
/// again.
///
/// Only acceptance is remembered: a refusal may be about a name that DNS did not know or a file that is there by now.
package struct VerdictCache: Sendable {
    private let folder: String
    private let files: FileSystem
    private let temporaries: TemporaryFiles

    /// Verdicts kept; the oldest go first.
    static let maximumCount = 500

    /// - Parameter folder: where the verdicts lie; made when the first one is kept.
    package init(folder: String, files: FileSystem, temporaries: TemporaryFiles) {
        self.folder = folder
        self.files = files
        self.temporaries = temporaries
    }

    /// The folder in the user's cache: below XDG_CACHE_HOME, else `~/.cache`; nil for a user without a home.
    package static func folder(_ environment: (String) -> String?) -> String? {
        if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") { return cache + "/haproxy-gen/verdicts" }
        guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
        return home + "/.cache/haproxy-gen/verdicts"
    }

    /// What the proxy said when it accepted; nil when nothing is known, or when anything that the verdict rests on is not
    /// as it was. `key` is a digest.
    func verdict(_ key: String) -> String? {
        guard let input = try? FileReader(files: files).read(folder + "/" + key, .kept) else { return nil }
        let parts = input.bytes.split(separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let words = String(decoding: parts[0], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard !words.isEmpty, words.count.isMultiple(of: 2) else { return nil }
        let identities = stride(from: 0, to: words.count, by: 2).map { (String(words[$0]), String(words[$0 + 1])) }
        guard VerdictBasis.holds(identities, files: files) else { return nil }
        return String(decoding: parts[1], as: UTF8.self)
    }

    /// Between what a verdict rests on and what was said.
    private static let separator: UInt8 = 1

    /// Keeps a verdict, unless what it rests on changed while the proxy ran. That it cannot be kept costs time and
    /// nothing else, so it is not reported.
    func keep(_ said: String, on basis: VerdictBasis, _ key: String) {
        guard VerdictBasis.holds(basis.identities, files: files),
            // Such a name could say something else.
            !basis.identities.contains(where: { ($0.path + $0.identity).utf8.contains { $0 == 10 || $0 == 1 } })
        else { return }
        makeFolders()
        let installer = FileInstaller(files: files, temporaries: temporaries)
        let lines = basis.identities.map { "\($0.path)\n\($0.identity)" }.joined(separator: "\n")
        let bytes = Array(lines.utf8) + [Self.separator] + Array(said.utf8)
        _ = try? installer.install(bytes, at: folder + "/" + key)
        let names = ((try? files.names(folder)) ?? []).filter { !$0.hasPrefix(".") }
        guard names.count > Self.maximumCount else { return }
        let aged = names.map { (name: $0, modified: (try? files.status(folder + "/" + $0))?.modified ?? 0) }
        for old in aged.sorted(by: { $0.modified < $1.modified }).prefix(names.count - Self.maximumCount * 9 / 10) {
            try? files.remove(folder + "/" + old.name)
        }
    }

    private func makeFolders() {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            try? files.makeFolder(path, 0o700)
        }
    }
}
