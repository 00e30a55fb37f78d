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

    /// What the proxy said when it accepted; nil when nothing is known. `key` is a digest.
    func verdict(_ key: String) -> String? {
        let input = try? FileReader(files: files).read(folder + "/" + key)
        return input.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Keeps a verdict. That it cannot be kept costs time and nothing else, so it is not told.
    func keep(_ said: String, _ key: String) {
        makeFolders()
        let installer = FileInstaller(files: files, temporaries: temporaries)
        _ = try? installer.install(Array(said.utf8), at: folder + "/" + key)
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
