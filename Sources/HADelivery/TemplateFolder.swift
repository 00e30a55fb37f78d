import HASystem
import HATemplate

/// The files that a template may read: those in its own folder and below.
///
/// Links are followed one by one, and none may lead out of the folder, nor by an absolute path into it.
struct TemplateFolder: Sendable {
    /// As the command line names it.
    let path: String
    let files: FileSystem

    private typealias Fault = RenderEnvironment.Fault

    /// The largest file that is read, in bytes.
    private static let maximumSize = 64 << 20
    /// As many links as the system itself follows.
    private static let maximumLinks = 40

    init(path: String, files: FileSystem) {
        self.path = path
        self.files = files
    }

    /// The folder of a template; nil for standard input, which is in none.
    init?(ofTemplate template: String, files: FileSystem) {
        guard template != "-" else { return nil }
        let folder = template.lastIndex(of: "/").map { String(template[...$0]) } ?? "."
        self.init(path: folder, files: files)
    }

    /// What a render asks.
    var answers: RenderEnvironment.Files {
        .init(
            read: { path in Result { () throws(RenderEnvironment.Fault) in try read(path) } },
            list: { path in Result { () throws(RenderEnvironment.Fault) in try list(path) } },
            exists: { path in
                Result { () throws(RenderEnvironment.Fault) in
                    do throws(RenderEnvironment.Fault) {
                        _ = try resolve(path)
                        return true
                    } catch  where error == .notFound || error == .notFolder {
                        return false
                    }
                }
            })
    }

    private func read(_ path: String) throws(RenderEnvironment.Fault) -> [UInt8] {
        let (real, status) = try resolve(path)
        switch status.kind {
        case .folder: throw .isFolder
        // Reading a pipe or device could wait for ever.
        case .other, .link: throw .unreadable("it is not a regular file")
        case .regular: break
        }
        guard status.size <= Self.maximumSize else { throw .tooLarge(limit: Self.maximumSize) }
        do throws(SystemError) {
            let descriptor = try files.open(real, .readingAtOnce)
            defer { try? files.close(descriptor) }
            return try files.readAll(from: descriptor, expecting: status.size)
        } catch {
            throw .unreadable(error.text)
        }
    }

    private func list(_ path: String) throws(RenderEnvironment.Fault) -> [RenderEnvironment.Entry] {
        let (real, status) = try resolve(path)
        guard status.kind == .folder else { throw .notFolder }
        let names: [String]
        do { names = try files.names(real) } catch { throw .unreadable(error.text) }
        var entries: [RenderEnvironment.Entry] = []
        for name in names {
            // As Go lists a folder, a link is neither followed nor left out.
            guard let status = try? files.linkStatus("\(real)/\(name)") else { continue }
            entries.append(.init(name: name, isFolder: status.kind == .folder, size: status.size))
        }
        return entries
    }

    /// The place of a file without links on the way to it from the folder, and what is there.
    private func resolve(_ path: String) throws(RenderEnvironment.Fault) -> (path: String, FileStatus) {
        var rest = Array(path.split(separator: "/").map(String.init).reversed())
        var parts: [String] = []
        var status = try status(of: parts)
        var links = 0
        while let part = rest.popLast() {
            if part == "." { continue }
            guard status.kind == .folder else { throw .notFolder }
            if part == ".." {
                guard parts.popLast() != nil else { throw .outside }
                status = try self.status(of: parts)
                continue
            }
            parts.append(part)
            status = try self.status(of: parts)
            guard status.kind == .link else { continue }
            links += 1
            guard links <= Self.maximumLinks else { throw .unreadable("too many symbolic links") }
            let target: String
            do { target = try files.linkTarget(place(of: parts)) } catch { throw .unreadable(error.text) }
            guard !target.hasPrefix("/") else { throw .outside }
            parts.removeLast()
            rest += target.split(separator: "/").map(String.init).reversed()
            status = try self.status(of: parts)
        }
        return (place(of: parts), status)
    }

    private func place(of parts: [String]) -> String {
        ([path] + parts).joined(separator: "/")
    }

    /// The folder itself may be a link.
    private func status(of parts: [String]) throws(RenderEnvironment.Fault) -> FileStatus {
        do throws(SystemError) {
            return try parts.isEmpty ? files.status(path) : files.linkStatus(place(of: parts))
        } catch {
            throw error.isNotFound ? .notFound : .unreadable(error.text)
        }
    }
}
