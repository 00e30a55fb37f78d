/// A file that is written but not in its place yet.
package struct StagedFile: Sendable, Equatable {
    /// Where it is, in the folder of its target.
    package let temporary: String
    /// The file that it will replace.
    package let target: String
}

/// The rights that a replaced file gets.
struct FileAccess {
    /// nil: 0644 less the umask.
    let mode: UInt32?
    let owner: FileOwner?

    /// What is wanted, else what the old file has; never a file that everybody may write.
    init(mode: UInt32?, owner: FileOwner?, old: FileStatus?) {
        self.mode = (mode ?? old?.mode).map { $0 & ~0o002 }
        self.owner = owner ?? old?.fileOwner
    }

    /// Whether a file has these rights.
    func holds(for status: FileStatus) -> Bool {
        (mode == nil || mode == status.mode) && (owner.map { $0.isOwner(of: status) } ?? true)
    }
}

extension FileOwner {
    /// The largest number leaves an owner as it is.
    func isOwner(of status: FileStatus) -> Bool {
        (user == .max || user == status.owner) && (group == .max || group == status.group)
    }
}
