import HASystem
import TestSupport
import Testing

@testable import HADelivery

/// A proxy that was not reloaded is reloaded later, whatever other targets go through in between.
@Suite("What a killed or failed apply left to do stays noted for its target") struct PendingReloadTests {
    private static let members =
        #""dialect": "plain", "check": "true {file}", "reload": "test ! -e {folder}/refuse && cp {file} {file}.loaded""#

    /// Two targets whose first state is installed and loaded, and whose services have changed since.
    private static func begun() throws -> ApplyScene {
        let scene = try ApplyScene(members)
        try scene.folder.write(scene.projectText(["a"]), to: "haproxy-gen.json")
        try scene.apply(["a", "b"])
        try scene.services(["two"])
        return scene
    }

    /// After `apply a` has stopped somewhere, `apply b` and `apply a` bring both to their proxies.
    private static func expectReloaded(_ scene: ApplyScene, _ place: String) throws {
        for name in ["b", "a"] {
            try scene.apply([name])
            #expect(try scene.folder.read("\(name).cfg") == scene.output(["two"]), "\(place)")
            #expect(try scene.folder.read("\(name).cfg.loaded") == scene.output(["two"]), "\(place): \(name)")
        }
        let state = try FileSystem.system.names(scene.folder.path("state/.installed"))
        #expect(state.sorted() == [".lock", "a", "b"] || state.sorted() == ["a", "b"], "\(place): \(state)")
        for folder in ["", "/a", "/b"] {
            let names = try FileSystem.system.names(scene.folder.path("state/.installed\(folder)"))
            #expect(!names.contains { $0.hasSuffix(".tmp") }, "\(place): \(names)")
        }
        #expect(try scene.leftovers().isEmpty, "\(place)")
    }

    @Test("apply a, killed at every system call; then apply b")
    func killed() throws {
        let writer = ProgramRun.built("KilledWriter")
        var calls = 1
        var number = -1
        while number < calls {
            let scene = try Self.begun()
            let arguments = ["apply", scene.folder.path("haproxy-gen.json")] + (number < 0 ? [] : [String(number)])
            let run = try ProgramRun.run(arguments, executable: writer)
            if number < 0 { calls = try #require(Int(run.stdout.split(separator: "\n").last ?? ""), "\(run)") }
            try Self.expectReloaded(scene, "call \(number) of \(calls)")
            number += 1
        }
        #expect(calls > 60, "\(calls)")
    }

    @Test("apply a, whose reload fails twice; then apply b, in which any system call fails once")
    func failed() throws {
        var calls = 1
        var number = -1
        while number < calls {
            let scene = try Self.begun()
            try scene.folder.write("", to: "refuse")
            #expect(throws: ApplyFailure.self) { try scene.apply(["a"]) }
            #expect(scene.events.text.hasSuffix("note: the next apply of a reloads again"), "\(scene.events.text)")
            unlink(scene.folder.path("refuse"))
            unlink(scene.folder.path("a.cfg.loaded"))
            let faults = Faults(failing: number < 0 ? nil : number, error: SystemError(number: EIO))
            scene.files = .failing(faults)
            try? scene.apply(["b"])
            if number < 0 { calls = faults.calls }
            scene.files = .system
            try Self.expectReloaded(scene, "call \(number) of \(calls): \(scene.events.text)")
            number += 1
        }
    }

    @Test("a reload that fails after the files are back keeps the note for its own target alone")
    func ownTarget() throws {
        let scene = try Self.begun()
        try scene.folder.write("", to: "refuse-b")
        func project() throws -> ProjectFile {
            let a =
                #"{"name": "a", "template": "t.cfg", "services": "s.json", "output": "a.cfg", "dialect": "plain","#
                + #" "check": "true {file}", "reload": "echo a >> REloads"}"#
            let b =
                #"{"name": "b", "template": "t.cfg", "services": "s.json", "output": "b.cfg", "dialect": "plain","#
                + #" "check": "true {file}", "reload": "test ! -e REfuse-b"}"#
            let text = "{\"targets\": [\(a), \(b)]}".replacing("RE", with: scene.folder.path + "/re")
            return try ProjectFile.read(InputFile(name: scene.folder.path("p.json"), bytes: Array(text.utf8)))
        }
        #expect(throws: ApplyFailure.self) { try scene.applier(project()).apply(project().targets) }
        #expect(scene.events.text.hasSuffix("note: the next apply of b reloads again"), "\(scene.events.text)")
        // Taken there, and back.
        #expect(try scene.folder.read("reloads") == "a\na\n")
        let note = try scene.folder.read("state/.installed/pending.json")
        #expect(note.contains("\"b\"") && !note.contains("\"a\""), "\(note)")
    }

    @Test("a note that cannot be read stands for every target", arguments: ["", "{", "[]", #"{"format": 2}"#])
    func damaged(_ note: String) throws {
        let scene = try ApplyScene(Self.members)
        try scene.apply(["a", "b"])
        for name in ["a", "b"] { unlink(scene.folder.path(name + ".cfg.loaded")) }
        try scene.folder.write(note, to: "state/.installed/pending.json")
        try scene.apply(["a", "b"])
        for name in ["a", "b"] { #expect(try scene.folder.read(name + ".cfg.loaded") == scene.output(["one"])) }
        #expect((try? scene.folder.read("state/.installed/pending.json")) == nil)
    }

    @Test("a dry run says what would be reloaded, and leaves that to do")
    func dryRun() throws {
        let scene = try Self.begun()
        try scene.folder.write("", to: "refuse")
        #expect(throws: ApplyFailure.self) { try scene.apply(["a"]) }
        unlink(scene.folder.path("refuse"))
        try scene.services(["one"])
        scene.options.isDryRun = true
        try scene.apply(["a", "b"])
        #expect(scene.events.text.hasSuffix("a would be reloaded: an earlier apply did not get that far"))
        scene.options.isDryRun = false
        unlink(scene.folder.path("a.cfg.loaded"))
        try scene.apply(["a"])
        #expect(try scene.folder.read("a.cfg.loaded") == scene.output(["one"]))
    }
}
