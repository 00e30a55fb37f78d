import TestSupport
import Testing

@testable import HASystem

@Suite("Reading files")
struct FileReaderTests {
    private let reader = FileReader(files: .system)

    @Test("whole files of any length", arguments: [0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 1_000_000])
    func whole(_ count: Int) throws {
        let text = String(repeating: "x", count: count)
        let folder = try TemporaryFolder(["a": text])
        let file = try reader.read(folder.path("a"))
        #expect(file == InputFile(name: folder.path("a"), bytes: Array(text.utf8)))
    }

    @Test("files whose size the system does not tell")
    func unsized() throws {
        guard access("/proc/self/status", R_OK) == 0 else { return }
        #expect(try reader.read("/proc/self/status").bytes.starts(with: "Name:".utf8))
    }

    @Test("what cannot be read")
    func unreadable() throws {
        let folder = try TemporaryFolder(["sub/a": "", "file": ""])
        folder.link("circle", to: "circle")
        folder.link("nowhere", to: "missing")
        let cases = [
            ("missing", "no such file or folder"), ("nowhere", "no such file or folder"), ("sub", "it is a folder"),
            ("file/a", "a part of the path is not a folder"), ("circle", "its symbolic links lead in a circle"),
        ]
        for (name, reason) in cases {
            let error = #expect(throws: FileError.self) { try reader.read(folder.path(name)) }
            #expect(error?.sentence == "cannot read \(folder.path(name)): \(reason)")
        }
        for name in ["missing", "nowhere", "circle"] {
            #expect(throws: FileError.self) { try reader.serviceFiles(at: folder.path(name)) }
        }
    }

    @Test("permission denied, in plain words")
    func permission() throws {
        var files = FileSystem.system
        files.open = { _, _ throws(SystemError) in throw SystemError(number: EACCES) }
        let error = #expect(throws: FileError.self) { try FileReader(files: files).read("a.json") }
        #expect(error?.sentence == "cannot read a.json: permission denied")
    }

    @Test("a folder stands for its *.json files, sorted by bytes, without hidden ones and folders")
    func listing() throws {
        let folder = try TemporaryFolder([
            "b.json": "", "a.json": "", "Z.json": "", "ä.json": "", "10.json": "", "9.json": "", ".hidden.json": "",
            "notes.txt": "", "json": "", "x.json.bak": "", "folder.json/inner.json": "", "target": "",
        ])
        folder.link("link.json", to: "target")
        folder.link("nowhere.json", to: "missing")
        let expected = ["10", "9", "Z", "a", "b", "link", "nowhere", "ä"].map { folder.path($0 + ".json") }
        #expect(try reader.serviceFiles(at: folder.path) == expected)
        #expect(try reader.serviceFiles(at: folder.path + "/") == expected)
        #expect(try reader.serviceFiles(at: folder.path("notes.txt")) == [folder.path("notes.txt")])
        #expect(try reader.serviceFiles(at: "-") == ["-"])
        folder.makeFolder("empty")
        #expect(try reader.serviceFiles(at: folder.path("empty")) == [])
    }
}
