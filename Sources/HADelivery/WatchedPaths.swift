import HASystem

/// The folders in which something must happen for a path to stand for other files.
package enum WatchedPaths {
    /// Folders that one path may lead to; more are found by looking.
    package static let maximumCount = 10_000

    /// The folders that service files of a path lie in: the path itself where it is a folder, all that a pattern may look
    /// into; none for a file.
    package static func folders(ofServices path: String, _ files: FileSystem) -> [String] {
        let base = FilePattern.folder(before: path)
        guard base != path else { return isFolder(path, files) ? [path] : [] }
        let parts = path.dropFirst(base == "." ? 0 : base.utf8.count).split(separator: "/")
        let depth = parts.contains("**") ? Int.max : parts.count - 1
        return below(base, depth: depth, files)
    }

    /// A folder and those below it, hidden ones and links left out.
    package static func below(_ folder: String, depth: Int = .max, _ files: FileSystem) -> [String] {
        guard isFolder(folder, files) else { return [folder] }
        var found: [String] = []
        var rest = [(folder, depth)]
        while let (path, depth) = rest.popLast(), found.count < maximumCount {
            found.append(path)
            guard depth > 0 else { continue }
            for name in (try? files.names(path)) ?? [] where !name.hasPrefix(".") {
                let child = path == "." ? name : path + (path.hasSuffix("/") ? "" : "/") + name
                if (try? files.linkStatus(child))?.kind == .folder { rest.append((child, depth - 1)) }
            }
        }
        return found
    }

    private static func isFolder(_ path: String, _ files: FileSystem) -> Bool {
        (try? files.status(path))?.kind == .folder
    }
}
