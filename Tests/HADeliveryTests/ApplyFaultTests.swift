import HASystem
import TestSupport
import Testing

@testable import HADelivery

@Suite("Faults of an apply: whole files, and the next run puts things right") struct ApplyFaultTests {
    private static let names = ["a", "b"]

    /// A project whose first state is installed, and whose services have changed since.
    private static func begun() throws -> ApplyScene {
        let scene = try ApplyScene(
            #""dialect": "plain", "mode": "0640", "reload": "cat {folder}/a.cfg {folder}/b.cfg > {folder}/taken""#)
        try scene.folder.write(scene.projectText(names), to: "haproxy-gen.json")
        try scene.apply(names)
        try scene.services(["two"])
        return scene
    }

    /// Both files are whole; after another apply they, the proxy and the folder are as they should be.
    private static func expectWhole(_ scene: ApplyScene, _ place: String) throws {
        for name in names {
            let left = try scene.folder.read(name + ".cfg")
            #expect(left == scene.output(["one"]) || left == scene.output(["two"]), "\(place)")
            #expect(try scene.folder.status(name + ".cfg").mode == 0o640, "\(place)")
        }
        scene.files = .system
        scene.process = .system()
        try scene.apply(names)
        for name in names { #expect(try scene.folder.read(name + ".cfg") == scene.output(["two"]), "\(place)") }
        #expect(try scene.folder.read("taken") == scene.output(["two", "two"]), "\(place): the reload")
        #expect(try scene.leftovers().isEmpty, "\(place)")
        #expect(try scene.folder.names().contains("state"))
        let installed = try FileSystem.system.names(scene.folder.path("state/.installed"))
        #expect(!installed.contains("pending.json"), "\(place)")
    }

    @Test("a real process, killed at every system call")
    func killed() throws {
        let writer = ProgramRun.built("KilledWriter")
        var calls = 1
        var number = -1
        while number < calls {
            let scene = try Self.begun()
            let arguments = ["apply", scene.folder.path("haproxy-gen.json")] + (number < 0 ? [] : [String(number)])
            let run = try ProgramRun.run(arguments, executable: writer)
            if number < 0 {
                calls = try #require(Int(run.stdout.split(separator: "\n").last ?? ""), "\(run)")
            } else {
                #expect(run.signal == SIGKILL, "call \(number): \(run)")
            }
            try Self.expectWhole(scene, "call \(number) of \(calls)")
            number += 1
        }
        #expect(calls > 100, "\(calls)")
    }

    @Test("every system call fails once", arguments: [ENOSPC, EIO])
    func failing(_ errorNumber: Int32) throws {
        var calls = 1
        var number = -1
        while number < calls {
            let scene = try Self.begun()
            let faults = Faults(failing: number < 0 ? nil : number, error: SystemError(number: errorNumber))
            scene.files = .failing(faults)
            try? scene.apply(Self.names)
            if number < 0 { calls = faults.calls }
            try Self.expectWhole(scene, "call \(number) of \(calls): \(scene.events.text)")
            number += 1
        }
        #expect(calls > 100)
    }
}
