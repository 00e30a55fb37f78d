import TestSupport
import Testing

@testable import HASystem

@Suite("Replacing files")
struct FileInstallerTests {
    private func install(
        _ text: String, _ path: String, files: FileSystem = .system
    ) throws(FileError) -> FileInstaller.Outcome {
        try FileInstaller(files: files, temporaries: .unregistered).install(Array(text.utf8), at: path)
    }

    /// The sentence of the error; nil when nothing was thrown.
    private func failure(_ text: String, _ path: String, files: FileSystem = .system) -> String? {
        do throws(FileError) {
            _ = try install(text, path, files: files)
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test("a new file")
    func created() throws {
        umask(0o022)
        let folder = try TemporaryFolder()
        #expect(try install("new\n", folder.path("out.cfg")) == .wrote)
        #expect(try folder.read("out.cfg") == "new\n")
        #expect(try folder.status("out.cfg").mode == 0o644)
        #expect(try folder.names() == ["out.cfg"])
    }

    @Test("an old file", arguments: [0o644, 0o600, 0o640, 0o664, 0o444, 0o755] as [mode_t])
    func replaced(_ mode: mode_t) throws {
        let folder = try TemporaryFolder()
        try folder.write("old\n", to: "out.cfg", mode: mode)
        #expect(try install("new\n", folder.path("out.cfg")) == .wrote)
        #expect(try folder.read("out.cfg") == "new\n")
        #expect(try folder.status("out.cfg").mode == UInt32(mode))
        #expect(try folder.names() == ["out.cfg"])
    }

    @Test("the owner stays", .enabled(if: geteuid() == 0, "only root can give files away"))
    func owner() throws {
        let folder = try TemporaryFolder(["out.cfg": "old\n"])
        chown(folder.path("out.cfg"), 12345, 23456)
        #expect(try install("new\n", folder.path("out.cfg")) == .wrote)
        let status = try folder.status("out.cfg")
        #expect(status.owner == 12345 && status.group == 23456)
    }

    @Test("the same bytes", arguments: ["", "same\n", String(repeating: "long", count: 100_000)])
    func unchanged(_ text: String) throws {
        let folder = try TemporaryFolder(["out.cfg": text])
        var before = stat()
        stat(folder.path("out.cfg"), &before)
        #expect(try install(text, folder.path("out.cfg")) == .unchanged)
        var after = stat()
        stat(folder.path("out.cfg"), &after)
        #expect(before.st_ino == after.st_ino)
        #expect(try folder.names() == ["out.cfg"])
    }

    @Test("same length, other bytes")
    func sameLength() throws {
        let folder = try TemporaryFolder(["out.cfg": "aaaa"])
        #expect(try install("aaab", folder.path("out.cfg")) == .wrote)
        #expect(try folder.read("out.cfg") == "aaab")
    }

    @Test("all links are followed, absolute, relative and to nothing yet")
    func links() throws {
        let folder = try TemporaryFolder(["real/out.cfg": "old\n"])
        folder.link("one.cfg", to: "real/two.cfg")
        folder.link("real/two.cfg", to: folder.path("real/three.cfg"))
        folder.link("real/three.cfg", to: "./out.cfg")
        folder.link("dangling.cfg", to: "real/fresh.cfg")
        #expect(try install("new\n", folder.path("one.cfg")) == .wrote)
        #expect(try folder.status("one.cfg").kind == .link)
        #expect(try folder.status("real/three.cfg").kind == .link)
        #expect(try folder.status("real/out.cfg").kind == .regular)
        #expect(try folder.read("real/out.cfg") == "new\n")
        #expect(try install("new\n", folder.path("one.cfg")) == .unchanged)
        #expect(try install("fresh\n", folder.path("dangling.cfg")) == .wrote)
        #expect(try folder.read("real/fresh.cfg") == "fresh\n")
        #expect(try folder.names() == ["dangling.cfg", "one.cfg", "real"])
    }

    @Test("a device is written to, not replaced")
    func device() throws {
        #expect(try install("text", "/dev/null") == .wrote)
        #expect(try FileSystem.system.status("/dev/null").kind == .other)
        if access("/dev/full", W_OK) == 0 {
            #expect(failure("text", "/dev/full") == "cannot write /dev/full: no space left on the disk")
        }
    }

    @Test("a named pipe is written to, not replaced")
    func pipe() throws {
        let folder = try TemporaryFolder()
        mkfifo(folder.path("pipe"), 0o600)
        // Both ends are ours, so that nobody waits; the bytes fit into the pipe.
        let reader = open(folder.path("pipe"), O_RDWR)
        defer { close(reader) }
        #expect(try install("text", folder.path("pipe")) == .wrote)
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(read(reader, &buffer, 10) == 4)
        #expect(try folder.status("pipe").kind == .other)
    }

    @Test("paths that cannot be files")
    func impossible() throws {
        let folder = try TemporaryFolder(["file": "x", "sub/a": "x"])
        folder.link("circle", to: "circle")
        let cases = [
            ("sub", "it is a folder"), ("sub/", "it is a folder"), ("new/", "it is a folder"),
            ("missing/out", "its folder does not exist"), ("file/out", "a part of the path is not a folder"),
            ("circle", "its symbolic links lead in a circle"),
            (String(repeating: "n", count: 300), "File name too long"),
        ]
        for (name, reason) in cases {
            #expect(failure("text", folder.path(name)) == "cannot write \(folder.path(name)): \(reason)")
        }
        #expect(try folder.names() == ["circle", "file", "sub"])
    }

    @Test("a relative path, in the working folder")
    func relative() throws {
        let folder = try TemporaryFolder(["in.tmpl": "x"])
        let run = try ProgramRun.bash(
            "umask 077; cd '\(folder.path)' && \"$PROGRAM\" completions bash > out && ls -A")
        #expect(run.stdout == "in.tmpl\nout\n")
    }

    @Test("any system call fails: the old file or the new one, nothing left behind", arguments: [true, false])
    func faults(_ hasOld: Bool) throws {
        let error = SystemError(number: EIO)
        let new = String(repeating: "new bytes\n", count: 10)
        // The first round fails nothing and tells how many calls there are.
        var calls = 1
        var round = -1
        while round < calls {
            let folder = try TemporaryFolder(hasOld ? ["out.cfg": "old bytes\n"] : [:])
            let faults = Faults(failing: round < 0 ? nil : round, error: error)
            let result = failure(new, folder.path("out.cfg"), files: .failing(faults))
            if round < 0 { calls = faults.calls }
            let names = try folder.names()
            let text = names.contains("out.cfg") ? try folder.read("out.cfg") : nil
            #expect(names.allSatisfy { $0 == "out.cfg" }, "call \(round) left \(names)")
            #expect(text == new || text == (hasOld ? "old bytes\n" : nil), "call \(round)")
            if result == nil { #expect(text == new, "call \(round)") }
            if let result { #expect(result == "cannot write \(folder.path("out.cfg")): Input/output error") }
            round += 1
        }
        #expect(calls > 10)
    }

    @Test(
        "reasons in plain words",
        arguments: [
            (EACCES, "permission denied in its folder"), (EROFS, "the file system is read-only"),
            (ENOSPC, "no space left on the disk"), (EDQUOT, "the disk quota is used up"),
            (EBUSY, "it is a mount point and cannot be replaced; mount its folder instead"),
            (EFBIG, "the file would be larger than the system allows"),
        ])
    func reasons(_ number: Int32, _ reason: String) throws {
        let folder = try TemporaryFolder(["out.cfg": "old\n"])
        var files = FileSystem.system
        files.rename = { _, _ throws(SystemError) in throw SystemError(number: number) }
        #expect(
            failure("new", folder.path("out.cfg"), files: files) == "cannot write \(folder.path("out.cfg")): \(reason)")
        #expect(try folder.read("out.cfg") == "old\n")
        #expect(try folder.names() == ["out.cfg"])
    }
}

@Suite("Temporary files that a killed run left")
struct AbandonedFileTests {
    @Test("are removed by the next run, but not those of a process that is there, of others, or of other machines")
    func abandoned() throws {
        var files = FileSystem.system
        files.machine = { "0000000a" }
        files.processNumber = { 7 }
        files.isRunning = { $0 == 8 }
        let kept = [
            "a", ".haproxy-gen-0000000a-8-1.tmp", ".haproxy-gen-0000000b-9-1.tmp", ".haproxy-gen-0000000a-7-1.tmp",
        ]
        let folder = try TemporaryFolder(
            Dictionary(uniqueKeysWithValues: (kept + [".haproxy-gen-0000000a-9-1.tmp"]).map { ($0, "x") }))
        _ = try FileInstaller(files: files, temporaries: .unregistered).install(Array("y".utf8), at: folder.path("a"))
        #expect(try folder.names() == kept.sorted() && folder.read("a") == "y")
    }

    @Test("the system's own processes are known")
    func running() {
        let files = FileSystem.system
        #expect(files.isRunning(files.processNumber()) && files.isRunning(1) && !files.isRunning(0x3FFF_FFFF))
        #expect(files.machine().count == 8)
    }
}
