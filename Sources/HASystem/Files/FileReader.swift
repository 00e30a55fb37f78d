/// The bytes of a file, and the name that messages give it.
package struct InputFile: Sendable, Equatable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Reads what the command line names: files, folders, pipes, and `-` for standard input.
package struct FileReader: Sendable {
    package let files: FileSystem

    package init(files: FileSystem) {
        self.files = files
    }

    /// Who named a file.
    package enum Origin: Sendable {
        /// A person, on the command line: a pipe is read like a file.
        case person
        /// A project file, a folder or the state: a regular file, or it is refused. Nothing is waited for.
        case kept
    }

    /// With so many bytes every input is too large.
    package static let maximumSize = Int(UInt32.max)
    /// Bytes of one input from a pipe or a device, which may never end.
    package static let maximumStream = 256 << 20

    /// Reads a whole file, or of an ordinary one the first `limit` bytes. A pipe that brings more than `maximumStream`
    /// and goes on is refused.
    package func read(
        _ path: String, _ origin: Origin = .person, upTo limit: Int = maximumSize
    ) throws(FileError) -> InputFile {
        let isStandardInput = path == "-" && origin == .person
        let name = isStandardInput ? "<stdin>" : path
        if isStandardInput { return InputFile(name: name, bytes: try readStream(0, name, upTo: limit)) }
        return InputFile(name: name, bytes: try readFile(path, origin, upTo: limit))
    }

    private func readStream(_ descriptor: Int32, _ name: String, upTo limit: Int) throws(FileError) -> [UInt8] {
        let bytes: [UInt8]
        // One more than is allowed shows that there is more.
        let wanted = min(limit, Self.maximumStream + 1)
        do { bytes = try files.readAll(from: descriptor, expecting: 0, upTo: wanted) } catch {
            throw FileError(.read, name, error)
        }
        if bytes.count > Self.maximumStream { throw FileError(.read, name, .tooLarge(Self.maximumStream)) }
        return bytes
    }

    /// The first bytes of an ordinary file.
    package func start(of path: String, upTo limit: Int) throws(FileError) -> [UInt8] {
        try readFile(path, .kept, upTo: limit)
    }

    private func readFile(_ path: String, _ origin: Origin, upTo limit: Int) throws(FileError) -> [UInt8] {
        // Opening a device can change something by itself.
        if origin == .kept, let status = try? files.status(path), status.kind == .other {
            throw FileError(.read, path, .notOrdinary)
        }
        let descriptor: Int32
        let status: FileStatus
        do throws(SystemError) {
            descriptor = try files.open(path, origin == .kept ? .readingAtOnce : .reading)
        } catch {
            throw FileError(.read, path, error)
        }
        defer { try? files.close(descriptor) }
        do throws(SystemError) {
            status = try files.openStatus(descriptor)
            if status.kind == .regular {
                return try files.readAll(from: descriptor, expecting: min(status.size, limit), upTo: limit)
            }
        } catch {
            throw FileError(.read, path, error)
        }
        switch (status.kind, origin) {
        case (.folder, _): throw FileError(.read, path, .isFolder)
        case (.regular, _), (.other, .kept), (.link, .kept): throw FileError(.read, path, .notOrdinary)
        case (.other, .person), (.link, .person): return try readStream(descriptor, path, upTo: limit)
        }
    }

    /// The files that a path stands for: itself, or the `*.json` files of a folder, sorted by the bytes of their names.
    ///
    /// Hidden files are left out: editors and Kubernetes keep their own there. So are folders, pipes and devices in a folder.
    package func serviceFiles(
        at path: String, leavingOut: (String) -> Void = { _ in }
    ) throws(FileError) -> [String] {
        if path == "-" { return [path] }
        let names: [String]
        do throws(SystemError) {
            guard try files.status(path).kind == .folder else { return [path] }
        } catch {
            throw FileError(.read, path, error)
        }
        do { names = try files.names(path) } catch { throw FileError(.list, path, error) }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return
            names
            .filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { folder + $0 }
            // A link that leads nowhere stays in the list: reading it says so. A pipe would be waited for.
            .filter { path in
                guard let status = try? files.status(path), status.kind != .regular else { return true }
                if status.kind == .other { leavingOut(path) }
                return false
            }
    }

    /// Every file below a folder, as paths from it, sorted by their bytes. Hidden files and folders are left out.
    package func templateFiles(below folder: String) throws(FileError) -> [String] {
        var found: [String] = []
        var rest = [""]
        while let part = rest.popLast() {
            let names: [String]
            do { names = try files.names(folder + "/" + part) } catch {
                throw FileError(.list, folder + "/" + part, error)
            }
            for name in names where !name.hasPrefix(".") {
                let path = part + name
                switch (try? files.linkStatus(folder + "/" + path))?.kind {
                case .folder: rest.append(path + "/")
                case .link:
                    // A link to a folder is left out, since it could lead back here.
                    if (try? files.status(folder + "/" + path))?.kind == .folder { continue }
                    try requireInside(folder, path)
                    found.append(path)
                case .regular, .other, nil: found.append(path)
                }
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Refuses a link that leads out of the folder. One that leads nowhere is for reading it to say.
    private func requireInside(_ folder: String, _ path: String) throws(FileError) {
        guard let real = try? files.realPath(folder + "/" + path), let root = try? files.realPath(folder) else {
            return
        }
        if !real.hasPrefix(root == "/" ? root : root + "/") {
            throw FileError(.read, folder + "/" + path, .leavesFolder)
        }
    }
}
