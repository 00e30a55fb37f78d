import HASystem
import Testing

@testable import haproxy_gen

/// Expects a text to be the one in `Goldens/<name>`.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is rewritten and the test fails, so that no run both changes
/// what is expected and passes.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Goldens"
    let path = "\(folder)/\(name)"
    if getenv("UPDATE_GOLDEN") != nil {
        let installer = FileInstaller(files: .system, temporaries: .unregistered)
        if try installer.install(Array(text.utf8), at: path) == .wrote {
            Issue.record("rewrote \(name): read the difference before you commit it", sourceLocation: sourceLocation)
        }
        return
    }
    let expected = String(decoding: try FileReader(files: .system).read(path).bytes, as: UTF8.self)
    #expect(text == expected, "\(name) differs; UPDATE_GOLDEN=1 rewrites it", sourceLocation: sourceLocation)
}
