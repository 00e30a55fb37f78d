import HASystem

/// An output that is to be brought into place.
struct Candidate: Sendable {
    let target: ProjectTarget
    let bytes: [UInt8]
    /// nil for an older version.
    let rendered: RenderedOutput?
    /// The file that holds an older version.
    let origin: String?
    /// What is in the file now; nil: there is none.
    var installed: [UInt8]?
    /// The rights of the file that is there now.
    var status: FileStatus?
    /// Whose the file is to be; nil: as it was.
    var owner: FileOwner?
    /// Whether bytes, mode or owner of the file will change.
    var isChanged = false
    /// Whether the output is to be removed.
    let isRemoval: Bool
    /// What an earlier apply of this target left to do; nil: nothing.
    var pending: InstalledVersions.Pending?

    init(_ target: ProjectTarget, _ rendered: RenderedOutput) {
        self.target = target
        bytes = rendered.bytes
        self.rendered = rendered
        origin = nil
        isRemoval = false
    }

    /// An output whose services went.
    init(removing target: ProjectTarget) {
        self.target = target
        bytes = []
        rendered = nil
        origin = nil
        isRemoval = true
    }

    init(_ target: ProjectTarget, olderVersion bytes: [UInt8], from origin: String) {
        self.target = target
        self.bytes = bytes
        rendered = nil
        self.origin = origin
        isRemoval = false
    }

    /// Looks at the file that is there.
    mutating func compare(_ installer: FileInstaller) throws(FileError) {
        installed = try InstalledFile.bytes(at: target.output, installer.files)
        status = try? installer.files.status(target.output)
        if isRemoval {
            isChanged = installed != nil
            return
        }
        owner = try target.owner.map { words throws(FileError) in
            try OwnerName.resolve(words, output: target.output, installer.files)
        }
        isChanged = try installer.differs(bytes, at: target.output, mode: target.mode, owner: owner)
        guard isChanged, installed == nil else { return }
        // A dry run, too, says what would stop it.
        do { _ = try installer.files.status(PrivateFolder.folder(of: target.output)) } catch {
            throw FileError(.write, target.output, error)
        }
    }

    /// Writes the output beside its file.
    func stage(_ installer: FileInstaller) throws(FileError) -> StagedFile? {
        if isRemoval { return nil }
        return try installer.stage(bytes, at: target.output, mode: target.mode, owner: owner)
    }
}
