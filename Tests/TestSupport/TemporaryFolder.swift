import HASystem

/// A folder of a test's own, removed with everything in it when the test ends.
package final class TemporaryFolder {
    package let path: String

    package init(_ contents: [String: String] = [:]) throws {
        var template = Array("/tmp/haproxy-gen-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError.last }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        for (name, text) in contents { try write(text, to: name) }
    }

    deinit { Self.removeTree(path) }

    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file; folders on its way are made.
    package func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
        var parent = path
        for part in name.split(separator: "/").dropLast() {
            parent += "/\(part)"
            mkdir(parent, 0o755)
        }
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError.last }
        defer { close(descriptor) }
        fchmod(descriptor, mode)
        try FileSystem.system.writeAll(Array(text.utf8), to: descriptor)
    }

    package func read(_ name: String) throws -> String {
        String(decoding: try FileReader(files: .system).read(path(name)).bytes, as: UTF8.self)
    }

    package func status(_ name: String) throws -> FileStatus { try FileSystem.system.linkStatus(path(name)) }

    /// Names in the folder, sorted, hidden ones too.
    package func names() throws -> [String] { try FileSystem.system.names(path).sorted() }

    package func link(_ name: String, to target: String) { symlink(target, path(name)) }

    package func makeFolder(_ name: String) { mkdir(path(name), 0o755) }

    private static func removeTree(_ path: String) {
        if (try? FileSystem.system.linkStatus(path))?.kind == .folder {
            for name in (try? FileSystem.system.names(path)) ?? [] { removeTree("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
