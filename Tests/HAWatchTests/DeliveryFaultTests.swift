import HADelivery
import HADiscovery
import HASystem
import TestSupport
import Testing

@testable import HAWatch

@Suite("Faults of a delivery: the old output stays, and all recovers") struct DeliveryFaultTests {
    private static func begun() throws -> DeliveryScene {
        let scene = try DeliveryScene(["s/one.json": DeliveryScene.service("one")])
        scene.targets = scene.targets.replacing(DeliveryScene.check, with: "true {file}")
            .replacing("echo x >> reloads; test ! -e broken", with: "cat o.cfg > taken")
        _ = try scene.deliver()
        try scene.folder.write(#"{"state": "state", "targets": [\#(scene.targets)]}"#, to: "haproxy-gen.json")
        try scene.folder.write(DeliveryScene.service("two"), to: "s/two.json")
        return scene
    }

    @Test("a real process, killed at every system call: the next one finishes or takes back")
    func killed() throws {
        let writer = ProgramRun.built("KilledWriter")
        var calls = 1
        var number = -1
        while number < calls {
            let scene = try Self.begun()
            let old = try scene.folder.read("o.cfg")
            let arguments = ["deliver", scene.folder.path("haproxy-gen.json")] + (number < 0 ? [] : [String(number)])
            let run = try ProgramRun.run(arguments, executable: writer)
            if number < 0 {
                calls = try #require(Int(run.stdout.split(separator: "\n").last ?? ""), "\(run)")
            } else {
                #expect(run.signal == SIGKILL, "call \(number): \(run)")
            }
            let left = try scene.folder.read("o.cfg")
            #expect(left == old || scene.backends == ["one", "two"], "call \(number)")
            scene.state = DeliveryState()
            let report = try scene.deliver { $0.isWaitOver = false }
            #expect(report.ending == .done || report.ending == .reloaded, "call \(number): \(report)")
            #expect(scene.backends == ["one", "two"], "call \(number)")
            #expect(try scene.folder.read("taken") == scene.folder.read("o.cfg"), "call \(number): the reload")
            #expect(try scene.folder.names().allSatisfy { !$0.hasSuffix(".tmp") }, "call \(number)")
            let sources = try FileSystem.system.names(scene.folder.path("state/.sources"))
            #expect(sources == ["@edge.json"], "call \(number): \(sources)")
            number += 1
        }
        #expect(calls > 60, "\(calls)")
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What breaks, and what mends it.
        let breaks: @Sendable (DeliveryScene) throws -> Void
        let mends: @Sendable (DeliveryScene) throws -> Void
        let ending: DeliverySchedule.Ending
        /// A part of the cause.
        let cause: String
    }

    @Test(
        "the message names the cause, and says the same each time",
        arguments: [
            Fault(
                testDescription: "a broken template", breaks: { try $0.folder.write("{{ if }}", to: "t.cfg") },
                mends: { try $0.folder.write("{{ range . }}backend {{ .Id }}\n{{ end }}", to: "t.cfg") },
                ending: .refused, cause: "t.cfg:1:"),
            Fault(
                testDescription: "a template that is gone",
                breaks: { try FileSystem.system.remove($0.folder.path("t.cfg")) },
                mends: { try $0.folder.write("{{ range . }}backend {{ .Id }}\n{{ end }}", to: "t.cfg") },
                ending: .refused, cause: "there is no file or folder"),
            Fault(
                testDescription: "a folder that is read-only",
                breaks: { scene in
                    scene.files.open = { path, opening throws(SystemError) in
                        if case .creating = opening { throw SystemError(number: EROFS) }
                        return try FileSystem.system.open(path, opening)
                    }
                }, mends: { $0.files = .system }, ending: .failed, cause: "the file system is read-only"),
            Fault(
                testDescription: "a full disk",
                breaks: { scene in
                    scene.files.write = { descriptor, bytes throws(SystemError) in
                        throw SystemError(number: ENOSPC)
                    }
                }, mends: { $0.files = .system }, ending: .failed, cause: "no space left on the disk"),
            Fault(
                testDescription: "a reload program that is missing",
                breaks: { $0.targets = $0.targets.replacing("cat o.cfg > taken", with: "no-such-program") },
                mends: { $0.targets = $0.targets.replacing("no-such-program", with: "cat o.cfg > taken") },
                ending: .failed, cause: "the reload of edge failed with exit code 127"),
            Fault(
                testDescription: "a check that hangs",
                breaks: {
                    $0.targets = $0.targets.replacing(
                        #""check": "true {file}""#, with: #""checkTimeout": 1, "check": "sleep 60; true {file}""#)
                },
                mends: { $0.targets = $0.targets.replacing("sleep 60; true {file}", with: "true {file}") },
                ending: .refused, cause: "did not end within 1 s"),
            Fault(
                testDescription: "a check that is missing",
                breaks: { $0.targets = $0.targets.replacing("true {file}", with: "no-such-check {file}") },
                mends: { $0.targets = $0.targets.replacing("no-such-check {file}", with: "true {file}") },
                ending: .refused, cause: "no-such-check"),
            Fault(
                testDescription: "a state that is a file",
                breaks: { scene in
                    try FileSystem.system.rename(scene.folder.path("state"), scene.folder.path("kept"))
                    try scene.folder.write("", to: "state")
                },
                mends: { scene in
                    try FileSystem.system.remove(scene.folder.path("state"))
                    try FileSystem.system.rename(scene.folder.path("kept"), scene.folder.path("state"))
                }, ending: .failed, cause: "state"),
        ])
    func faults(_ fault: Fault) throws {
        let scene = try Self.begun()
        let old = try scene.folder.read("o.cfg")
        try fault.breaks(scene)
        var causes: Set<[String]> = []
        for _ in 0..<3 {
            let report = try scene.deliver()
            #expect(report.ending == fault.ending, "\(report.causes)")
            #expect(report.causes.contains { $0.contains(fault.cause) }, "\(report.causes)")
            #expect(report.quarantined.isEmpty)
            #expect(try scene.folder.read("o.cfg") == old)
            causes.insert(report.causes)
        }
        #expect(causes.count == 1, "\(causes)")
        try fault.mends(scene)
        let report = try scene.deliver()
        #expect(report.ending == .reloaded, "\(report.causes)")
        #expect(scene.backends == ["one", "two"])
    }

    @Test(
        "names of folders that checks make are left out",
        arguments: [
            ("cannot write /tmp/haproxy-gen-check-c3eb980d-13918-8ee6: no", "cannot write /tmp: no"),
            ("a /tmp/haproxy-gen-check-1-2-3/o.cfg b", "a /tmp/o.cfg b"), ("nothing", "nothing"), ("", ""),
        ])
    func privateFolders(_ sentence: String, _ expected: String) {
        #expect(DeliveryReport.withoutPrivateFolders(sentence) == expected)
    }

    @Test("a clock that is set back, or far ahead, changes nothing")
    func clock() throws {
        let scene = try Self.begun()
        for time in [Int64(0), -5_000_000_000, .max, 1] {
            scene.date = time
            let id = "at\(time.magnitude)"
            try scene.folder.write(DeliveryScene.service(id), to: "s/clock.json")
            #expect(try scene.deliver().ending == .reloaded)
            #expect(scene.backends.contains(id), "\(scene.backends)")
        }
    }
}
