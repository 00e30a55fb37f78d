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

    /// With so many bytes every input is too large. A pipe may never end.
    package static let maximumSize = Int(UInt32.max)

    /// Reads a whole file, or the first `limit` bytes of a larger one.
    package func read(_ path: String, upTo limit: Int = maximumSize) throws(FileError) -> InputFile {
        if path == "-" {
            let name = "<stdin>"
            do { return InputFile(name: name, bytes: try files.readAll(from: 0, expecting: 0, upTo: limit)) } catch {
                throw FileError(.read, name, error)
            }
        }
        do throws(SystemError) {
            let descriptor = try files.open(path, .reading)
            defer { try? files.close(descriptor) }
            let status = try files.openStatus(descriptor)
            if status.kind != .folder {
                return InputFile(
                    name: path, bytes: try files.readAll(from: descriptor, expecting: status.size, upTo: limit))
            }
        } catch {
            throw FileError(.read, path, error)
        }
        throw FileError(.read, path, .isFolder)
    }

    /// The files that a path stands for: itself, or the `*.json` files of a folder, sorted by the bytes of their names.
    ///
    /// Hidden files are left out: editors and Kubernetes keep their own there. So are folders, pipes and devices in a folder.
    package func serviceFiles(at path: String) throws(FileError) -> [String] {
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
            .filter { (try? files.status($0)).map { $0.kind == .regular } ?? true }
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
                // A link to a folder is left out, since it could lead back here.
                case .link where (try? files.status(folder + "/" + path))?.kind == .folder: continue
                default: found.append(path)
                }
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
