import HASystem
import TestSupport
import Testing

@testable import HADelivery

@Suite("Private folders of checks") struct PrivateFolderTests {
    @Test("what a killed check left is removed by the next one, and what others have is not")
    func abandoned() throws {
        var files = FileSystem.system
        files.machine = { "0000000a" }
        files.processNumber = { 7 }
        files.isRunning = { $0 == 8 }
        let kept = ["haproxy-gen-check-0000000a-8-1", "haproxy-gen-check-0000000b-9-1", "haproxy-gen-check-1", "other"]
        let outside = try TemporaryFolder(["kept": "kept"])
        let folder = try TemporaryFolder(["haproxy-gen-check-0000000a-9-1/sub/file": "x"])
        folder.link("haproxy-gen-check-0000000a-9-1/link", to: outside.path)
        for name in kept { folder.makeFolder(name) }
        let made = try PrivateFolder({ _ in [] }, for: "x.cfg", in: folder.path, files: files)
        made.remove()
        #expect(try folder.names() == kept.sorted() && outside.names() == ["kept"])
    }
}
