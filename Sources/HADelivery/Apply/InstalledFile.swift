import HASystem

/// The file that a target's output goes to.
package enum InstalledFile {
    /// What it holds; nil when there is none.
    package static func bytes(at path: String, _ files: FileSystem) throws(FileError) -> [UInt8]? {
        // A pipe would be waited for.
        if let status = try? files.status(path), status.kind == .other { throw FileError(.read, path, .notOrdinary) }
        do {
            return try FileReader(files: files).read(path, .kept).bytes
        } catch {
            if case .system(let cause) = error.cause, cause.isNotFound { return nil }
            throw error
        }
    }
}

/// `user`, `user:group` or `:group`, by name or number.
enum OwnerName {
    static func resolve(_ words: String, output: String, _ files: FileSystem) throws(FileError) -> FileOwner {
        let parts = words.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let none = UInt32.max  // leaves an owner as it is
        guard let user = parts[0].isEmpty ? none : UInt32(parts[0]) ?? files.userNumber(parts[0]),
            let group =
                parts.count < 2 || parts[1].isEmpty ? none : UInt32(parts[1]) ?? files.groupNumber(parts[1])
        else { throw FileError(.write, output, .unknownOwner(words)) }
        return FileOwner(user: user, group: group)
    }
}
