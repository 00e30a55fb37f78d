/// Where temporary files are made known, so that an interrupted program removes them.
package struct TemporaryFiles: Sendable {
    /// Between these two, no signal ends the program: a file is made and registered as one step.
    package var holdSignals: @Sendable () -> Void
    package var releaseSignals: @Sendable () -> Void
    package var register: @Sendable (_ path: String) -> Void
    package var forget: @Sendable (_ path: String) -> Void

    package init(
        holdSignals: @escaping @Sendable () -> Void, releaseSignals: @escaping @Sendable () -> Void,
        register: @escaping @Sendable (String) -> Void, forget: @escaping @Sendable (String) -> Void
    ) {
        self.holdSignals = holdSignals
        self.releaseSignals = releaseSignals
        self.register = register
        self.forget = forget
    }

    /// Nothing is reported.
    package static let unregistered = TemporaryFiles(
        holdSignals: {}, releaseSignals: {}, register: { _ in }, forget: { _ in })
}

/// Replaces files as a whole: whoever reads the path finds the old bytes or the new ones, never a part.
package struct FileInstaller: Sendable {
    package enum Outcome: Sendable, Equatable {
        case wrote
        /// The file had these bytes already; it was not touched.
        case unchanged
    }

    package let files: FileSystem
    package let temporaries: TemporaryFiles
    /// Who gets files that did not exist before; nil: whoever runs the program.
    let owner: FileOwner?

    package init(files: FileSystem, temporaries: TemporaryFiles) {
        self.init(files: files, temporaries: temporaries, owner: nil)
    }

    package init(files: FileSystem, temporaries: TemporaryFiles, owner: FileOwner?) {
        self.files = files
        self.temporaries = temporaries
        self.owner = owner
    }

    /// Links after which a path counts as a circle, as in Linux.
    private static let linkLimit = 40

    /// Makes the file at `path` hold these bytes.
    ///
    /// Symbolic links are followed to the real file. The new file has the old one's permissions, and its owner where
    /// the system lets us; without an old one, 0644 less the umask. A device or a pipe is written to, not replaced.
    /// When this throws, the old file is as it was and no temporary file is left, unless only the last step failed
    /// (the folder could not be brought to the disk).
    package func install(_ bytes: UnsafeRawBufferPointer, at path: String) throws(FileError) -> Outcome {
        if path.hasSuffix("/") { throw FileError(.write, path, .isFolder) }
        let old: FileStatus?
        do throws(SystemError) {
            let target = try followLinks(path)
            old = try existing { () throws(SystemError) in try files.status(target) }
            switch old?.kind {
            case .folder:
                break
            case .regular, nil:
                removeAbandoned(in: Self.folder(of: target))
                if let old, old.size == bytes.count, holds(bytes, target) { return .unchanged }
                try replace(target, with: bytes, like: old)
                return .wrote
            case .other, .link:
                try writeThrough(bytes, to: target)
                return .wrote
            }
        } catch {
            throw FileError(.write, path, error)
        }
        throw FileError(.write, path, .isFolder)
    }

    package func install(_ bytes: [UInt8], at path: String) throws(FileError) -> Outcome {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileError) in try install(buffer, at: path) }
        }
        return try result.get()
    }

    // MARK: Two steps

    /// Whether the file at `path` is to be replaced: it has other bytes, another mode or owner, or there is none.
    ///
    /// A symbolic link is followed only to another name in its own folder, and only ordinary files are replaced.
    package func differs(
        _ bytes: [UInt8], at path: String, mode: UInt32? = nil, owner: FileOwner? = nil
    ) throws(FileError) -> Bool {
        try replacement(bytes, at: path, mode: mode, owner: owner) != nil
    }

    /// Writes the bytes into a temporary file beside the one at `path`, for `commit` to put in its place; nil when the
    /// file does not differ.
    package func stage(
        _ bytes: [UInt8], at path: String, mode: UInt32? = nil, owner: FileOwner? = nil
    ) throws(FileError) -> StagedFile? {
        guard let wanted = try replacement(bytes, at: path, mode: mode, owner: owner) else { return nil }
        removeAbandoned(in: Self.folder(of: wanted.target))
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in
                try write(bytes, besides: wanted.target, mode: wanted.access.mode, owner: wanted.access.owner)
            }
        }
        let staged: StagedFile
        do { staged = StagedFile(temporary: try result.get(), target: wanted.target) } catch {
            throw FileError(.write, path, error)
        }
        // An owner that is kept is kept as far as the system lets us; one that was asked for is given, or nothing is.
        if let owner, let made = try? files.status(staged.temporary), !owner.isOwner(of: made) {
            discard(staged)
            throw FileError(.write, path, .ownerRefused)
        }
        return staged
    }

    /// The file that takes the bytes and the rights that it gets; nil when it has all that already.
    private func replacement(
        _ bytes: [UInt8], at path: String, mode: UInt32?, owner: FileOwner?
    ) throws(FileError) -> (target: String, access: FileAccess)? {
        let target: String
        let old: FileStatus?
        do throws(SystemError) {
            target = try followLinks(path)
            old = try existing { () throws(SystemError) in try files.status(target) }
        } catch {
            throw FileError(.write, path, error)
        }
        guard Self.folder(of: target) == Self.folder(of: path), staysBelow(path) else {
            throw FileError(.write, path, .leavesFolder)
        }
        switch old?.kind {
        case .folder: throw FileError(.write, path, .isFolder)
        case .other, .link: throw FileError(.write, path, .notOrdinary)
        case .regular, nil: break
        }
        let wanted = FileAccess(mode: mode, owner: owner, old: old)
        if let old, old.size == bytes.count, wanted.holds(for: old), bytes.withUnsafeBytes({ holds($0, target) }) {
            return nil
        }
        return (target, wanted)
    }

    /// Puts a staged file in its place.
    package func commit(_ staged: StagedFile) throws(FileError) {
        do { try put(staged.temporary, at: staged.target) } catch { throw FileError(.write, staged.target, error) }
    }

    /// Removes a staged file.
    package func discard(_ staged: StagedFile) {
        discard(staged.temporary)
    }

    /// Removes what an installation that was killed has left in the folder of a path.
    package func removeLeftovers(beside path: String) {
        let folder = Self.folder(of: path)
        for name in (try? files.names(folder)) ?? [] where Self.isTemporary(name) {
            try? files.remove(folder + "/" + name)
        }
    }

    // MARK: Steps

    private func followLinks(_ path: String) throws(SystemError) -> String {
        var path = path
        for _ in 0..<Self.linkLimit {
            let status = try existing { () throws(SystemError) in try files.linkStatus(path) }
            guard status?.kind == .link else { return path }
            let target = try files.linkTarget(path)
            path = Self.destination(target, from: path)
        }
        throw SystemError(number: ELOOP)
    }

    /// Whether a file has these bytes, read piece by piece. A file that cannot be read counts as different: replacing
    /// it needs no right to read it.
    private func holds(_ bytes: UnsafeRawBufferPointer, _ path: String) -> Bool {
        guard let descriptor = try? files.open(path, .reading) else { return false }
        defer { try? files.close(descriptor) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        defer { piece.deallocate() }
        guard let pieceStart = piece.baseAddress else { return false }
        var offset = 0
        while let count = try? files.read(descriptor, piece) {
            if count == 0 { return offset == bytes.count }
            guard count <= bytes.count - offset, let start = bytes.baseAddress,
                memcmp(start + offset, pieceStart, count) == 0
            else { return false }
            offset += count
        }
        return false
    }

    private func replace(_ path: String, with bytes: UnsafeRawBufferPointer, like old: FileStatus?) throws(SystemError)
    {
        try put(
            write(bytes, besides: path, mode: old?.mode, owner: old?.fileOwner ?? owner), at: path)
    }

    /// Writes a temporary file into the folder of a path.
    private func write(
        _ bytes: UnsafeRawBufferPointer, besides path: String, mode: UInt32?, owner: FileOwner?
    ) throws(SystemError) -> String {
        let (temporary, descriptor) = try makeTemporary(in: Self.folder(of: path), mode: mode == nil ? 0o644 : 0o600)
        do throws(SystemError) {
            try fill(descriptor, with: bytes, mode: mode, owner: owner)
        } catch {
            discard(temporary)
            throw error
        }
        return temporary
    }

    private func put(_ temporary: String, at path: String) throws(SystemError) {
        temporaries.holdSignals()
        defer { temporaries.releaseSignals() }
        do throws(SystemError) {
            try files.rename(temporary, path)
        } catch {
            discard(temporary)
            throw error
        }
        temporaries.forget(temporary)
        try files.synchronizeFolder(Self.folder(of: path))
    }

    /// A file whose name cannot be guessed, which no `*.cfg`, `*.conf` or `*.json` pattern matches.
    private func makeTemporary(in folder: String, mode: UInt32) throws(SystemError) -> (path: String, Int32) {
        temporaries.holdSignals()
        defer { temporaries.releaseSignals() }
        let digits = String(files.random(), radix: 16)
        let maker = "\(files.machine())-\(files.processNumber())-"
        let path =
            folder + "/" + Self.temporaryStart + maker + String(repeating: "0", count: 16 - digits.count) + digits
            + Self.temporaryEnding
        let descriptor = try files.open(path, .creating(mode: mode))
        temporaries.register(path)
        return (path, descriptor)
    }

    private static let temporaryStart = ".haproxy-gen-"
    private static let temporaryEnding = ".tmp"

    /// Whether a file has a name that only temporary files have.
    package static func isTemporary(_ name: String) -> Bool {
        name.hasPrefix(temporaryStart) && name.hasSuffix(temporaryEnding)
    }

    /// Removes temporary files of processes of this machine that are gone: killed, they could not do it themselves.
    private func removeAbandoned(in folder: String) {
        for name in (try? files.names(folder)) ?? [] where Self.isTemporary(name) {
            guard AbandonedName.isAbandoned(name.dropFirst(Self.temporaryStart.count), files) else { continue }
            try? files.remove(folder + "/" + name)
        }
    }

    private func fill(
        _ descriptor: Int32, with bytes: UnsafeRawBufferPointer, mode: UInt32?, owner: FileOwner?
    ) throws(SystemError) {
        do throws(SystemError) {
            try files.writeAll(bytes, to: descriptor)
            // Only root may give a file away; the others keep what they can. The owner first: a change of owner clears
            // permission bits.
            if let owner { try? files.setOwner(descriptor, owner.user, owner.group) }
            if let mode { try files.setMode(descriptor, mode) }
            try files.synchronize(descriptor)
        } catch {
            try? files.close(descriptor)
            throw error
        }
        // Network file systems report here that the bytes did not arrive.
        try files.close(descriptor)
    }

    private func discard(_ temporary: String) {
        temporaries.holdSignals()
        try? files.remove(temporary)
        temporaries.forget(temporary)
        temporaries.releaseSignals()
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer, to path: String) throws(SystemError) {
        let descriptor = try files.open(path, .writing)
        defer { try? files.close(descriptor) }
        try files.writeAll(bytes, to: descriptor)
    }

    // MARK: Paths

    /// Whether the links on the way to a relative path stay in the working folder. What a path says itself, such as
    /// `../x`, is what its writer meant.
    private func staysBelow(_ path: String) -> Bool {
        guard !path.hasPrefix("/"), let root = try? files.realPath("."),
            let real = try? files.realPath(Self.folder(of: path))
        else { return true }
        var parts = root.split(separator: "/").map(String.init)
        for part in Self.folder(of: path).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return real == "/" + parts.joined(separator: "/") || real.hasPrefix(root + "/") || real == root
    }

    /// Where a link at `path` leads to.
    private static func destination(_ link: String, from path: String) -> String {
        if link.hasPrefix("/") { return link }
        let name = link.hasPrefix("./") ? String(link.dropFirst(2)) : link
        // A name in the same folder keeps the path's own spelling.
        guard let slash = path.lastIndex(of: "/") else { return name }
        return String(path[...slash]) + name
    }

    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func existing(_ status: () throws(SystemError) -> FileStatus) throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try status()
        } catch  where error.number == ENOENT {
            return nil
        }
    }
}
