import HASystem
import TestSupport
import Testing

@testable import HAWatch

@Suite("Service files that cannot be read") struct UnreadableFileTests {
    /// A way to make `s/two.json` unreadable, and back.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The path that is named, from the project's folder.
        var path = "s/two.json"
        let words: String
        let spoil: @Sendable (DeliveryScene) throws -> Void
        var mend: @Sendable (DeliveryScene) throws -> Void = { scene in
            scene.files = .system
            try FileSystem.system.remove(scene.folder.path("s/two.json"))
            try scene.folder.write(DeliveryScene.service("two", cookie: "back"), to: "s/two.json")
        }
    }

    static let faults = [
        Fault(testDescription: "no right to read", words: "permission denied") { scene in
            scene.files.open = failing(EACCES)
        },
        Fault(testDescription: "a disk that fails", words: "Input/output error") { scene in
            scene.files.open = failing(EIO)
        },
        Fault(testDescription: "a loop of links", words: "its symbolic links lead in a circle") { scene in
            try link(scene, to: "two.json")
        },
        Fault(testDescription: "a link to nowhere", words: "it is a symbolic link that leads nowhere") { scene in
            try link(scene, to: "../gone.json")
        },
        Fault(testDescription: "too large", words: "it has more than 256 MiB") { scene in
            #expect(truncate(scene.folder.path("s/two.json"), (256 << 20) + 1) == 0)
        },
    ]

    private static func link(_ scene: DeliveryScene, to target: String) throws {
        try FileSystem.system.remove(scene.folder.path("s/two.json"))
        try FileSystem.system.makeLink(target, scene.folder.path("s/two.json"))
    }

    /// Opens everything but `two.json`.
    private static func failing(_ number: Int32) -> @Sendable (String, FileSystem.Opening) throws(SystemError) -> Int32
    {
        { path, opening throws(SystemError) in
            if path.hasSuffix("/two.json") { throw SystemError(number: number) }
            return try FileSystem.system.open(path, opening)
        }
    }

    /// A scene whose cache knows nothing, as after a change a moment ago.
    private static func scene(_ services: [String: String]) throws -> DeliveryScene {
        let scene = try DeliveryScene(services)
        scene.date = 0
        return scene
    }

    @Test(
        "what it held stays, the others are delivered, it is said in the same words each time, and it comes back",
        arguments: faults)
    func keepsLast(_ fault: Fault) throws {
        let scene = try Self.scene([
            "s/one.json": DeliveryScene.service("one"), "s/two.json": DeliveryScene.service("two"),
        ])
        _ = try scene.deliver()
        try fault.spoil(scene)
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && report.problems.isEmpty, "\(report.causes) \(report.problems)")
        #expect(scene.backends == ["one", "three", "two"])
        let sentence =
            "cannot read \(scene.folder.path(fault.path)): \(fault.words); the file is in quarantine, "
            + "and its last good version takes its place"
        #expect(report.quarantined.map(\.sentence) == [sentence])
        let again = try scene.deliver()
        #expect(again.ending == .done && again.quarantined.map(\.sentence) == [sentence])
        try fault.mend(scene)
        #expect(try scene.look().isChanged)
        let last = try scene.deliver()
        #expect(last.ending == .reloaded && last.quarantined.isEmpty)
        #expect(try scene.folder.read("o.cfg").contains("back"))
    }

    @Test("of a new one nothing is delivered, and all others are", arguments: faults)
    func leavesOutNew(_ fault: Fault) throws {
        let scene = try Self.scene(["s/one.json": DeliveryScene.service("one")])
        _ = try scene.deliver()
        try scene.folder.write(DeliveryScene.service("two"), to: "s/two.json")
        try fault.spoil(scene)
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && scene.backends == ["one", "three"])
        let sentence = report.quarantined.first?.sentence ?? ""
        #expect(report.quarantined.count == 1 && sentence.contains(fault.words), "\(sentence)")
        #expect(sentence.hasSuffix("the file is in quarantine, and nothing takes its place"), "\(sentence)")
        try fault.mend(scene)
        #expect(try scene.deliver().quarantined.isEmpty)
        #expect(scene.backends == ["one", "three", "two"])
    }

    @Test("a name that is not UTF-8 is said")
    func badName() throws {
        let scene = try Self.scene(["s/one.json": DeliveryScene.service("one"), "s/x": DeliveryScene.service("two")])
        let bad = Array(scene.folder.path("s/").utf8) + [0xFF, 0xFE] + Array(".json".utf8) + [0]
        // Some systems have no such names.
        guard rename(scene.folder.path("s/x"), bad.map { CChar(bitPattern: $0) }) == 0 else { return }
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && scene.backends == ["one"])
        let sentence = report.quarantined.first?.sentence ?? ""
        #expect(report.quarantined.count == 1 && sentence.contains("its name is not UTF-8; rename it;"), "\(sentence)")
    }

    @Test("a file that is gone is gone, and one that goes away after the folder was read is no fault")
    func gone() throws {
        let scene = try Self.scene([
            "s/one.json": DeliveryScene.service("one"), "s/two.json": DeliveryScene.service("two"),
        ])
        _ = try scene.deliver()
        scene.files.open = Self.failing(ENOENT)
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && report.quarantined.isEmpty && scene.backends == ["one"])
    }

    @Test(
        "a source of which nothing would be left fails as a whole, and so it does with quarantine off",
        arguments: [true, false])
    func fails(_ isOff: Bool) throws {
        let services = ["s/one.json": isOff ? DeliveryScene.service("one") : "[]", "s/two.json": "[]"]
        let scene = try Self.scene(services)
        if isOff { scene.watch = #""watch": {"quarantine": "off"},"# }
        scene.files.open = Self.failing(EACCES)
        let report = try scene.deliver()
        #expect(report.quarantined.isEmpty && report.problems["@edge"]?.contains("permission denied") == true)
        #expect(scene.backends.isEmpty)
    }
}
