import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

@Suite("Guards") struct GuardTests {
    struct Idle: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let dialect: Dialect
        let text: String
        /// What minServers 1 says; nil: nothing.
        let says: String?

        init(_ description: String, _ dialect: Dialect, _ text: String, _ says: String? = nil) {
            testDescription = description
            self.dialect = dialect
            self.text = text
            self.says = says
        }
    }

    private static let none = "would have 0 of at least 1 servers, beside"

    static let idle: [Idle] = [
        .init("a server", .haproxy, "backend a\n  server s 10.0.0.1:80 check\n"),
        .init("no server", .haproxy, "backend a\n", "backend a would have 0 of at least 1 servers (minServers)"),
        .init(
            "all are disabled", .haproxy,
            "backend a\n  server s 10.0.0.1:80 disabled\n  server t 10.0.0.2:80 disabled\n",
            "backend a \(none) 2 that take no requests (minServers)"),
        .init("one is not", .haproxy, "listen a\n  server s 10.0.0.1:80 disabled\n  server t 10.0.0.2:80\n"),
        .init(
            "weight 0", .haproxy, "listen a\n  server s 10.0.0.1:80 weight 0 check\n",
            "listen a \(none) 1 that take no requests (minServers)"),
        .init("another weight", .haproxy, "listen a\n  server s 10.0.0.1:80 weight 10\n"),
        .init("a backup answers when no other can", .haproxy, "listen a\n  server s 10.0.0.1:80 backup\n"),
        .init(
            "default-server", .haproxy, "backend a\n  default-server check disabled\n  server s 10.0.0.1:80\n",
            "backend a \(none) 1 that take no requests (minServers)"),
        .init("enabled again", .haproxy, "backend a\n  default-server disabled\n  server s 10.0.0.1:80 enabled\n"),
        .init(
            "default-server of the defaults", .haproxy,
            "defaults\n  default-server weight 0\nbackend a\n  server s 10.0.0.1:80\n",
            "backend a \(none) 1 that take no requests (minServers)"),
        .init(
            "a backend that is disabled itself", .haproxy, "backend a\n  disabled\n  server s 10.0.0.1:80\n",
            "backend a \(none) 1 that take no requests (minServers)"),
        .init("a cookie of that name", .haproxy, "backend a\n  server s 10.0.0.1:80 cookie disabled\n"),
        .init(
            "nginx: all are down", .nginx, "upstream a {\n  server 10.0.0.1:80 down;\n}\n",
            "upstream a \(none) 1 that take no requests (minServers)"),
        .init(
            "nginx: one is not", .nginx, "upstream a {\n  server 10.0.0.1:80 down;\n  server 10.0.0.2:80 weight=2;\n}\n"
        ),
    ]

    @Test("servers that take no requests are not counted", arguments: idle)
    func idleServers(_ idle: Idle) {
        var guards = Guards()
        guards.minServers = 1
        let outline = ConfigOutline(Array(idle.text.utf8), dialect: idle.dialect)
        let broken = GuardCheck.broken(guards, old: nil, new: outline, services: nil)
        #expect(broken == (idle.says.map { [$0] } ?? []))
    }

    private static let members = #""check": "true", "reload": "true", "guards": {"maxRemoved": 0.4}"#

    @Test(
        "an output that is gone, empty or somebody else's is compared with what was installed",
        arguments: [nil, "", " \n\n", "# nothing\n", "global\n"])
    func baseline(_ left: String?) throws {
        let scene = try ApplyScene(Self.members)
        try scene.services(["one", "two", "three"])
        try scene.apply()
        if let left { try scene.folder.write(left, to: "a.cfg") } else { unlink(scene.folder.path("a.cfg")) }
        try scene.services(["one"])
        let broken = try brokenGuards { try scene.apply() }
        #expect(broken.first?.hasPrefix("a: 2 of 3 backends would be removed") == true, "\(broken)")
        #expect((try? scene.folder.read("a.cfg")) == left)
        let project = try scene.project()
        #expect(throws: ApplyFailure.self) { try scene.applier(project).write(project.targets) }
        #expect((try? scene.folder.read("a.cfg")) == left)
        // What the guard keeps goes through, and so does the rest with --force.
        try scene.services(["one", "two"])
        try scene.apply()
        try scene.services([])
        scene.options.isForced = true
        try scene.apply()
    }

    @Test("after a way back the version that is in place counts, not the newest")
    func afterRollback() throws {
        let scene = try ApplyScene(Self.members)
        try scene.services(["one"])
        try scene.apply()
        try scene.services(["one", "two", "three"])
        try scene.apply()
        scene.options.isForced = true
        try scene.rollBack()
        scene.options.isForced = false
        try scene.services(["one", "four"])
        try scene.apply()
        #expect(try scene.folder.read("a.cfg") == scene.output(["one", "four"]))
    }

    @Test("render and --rollback ask the guards too, and --force passes them")
    func everywhere() throws {
        let scene = try ApplyScene(Self.members)
        try scene.services(["one"])
        try scene.apply()
        try scene.services(["one", "two", "three"])
        try scene.apply()
        let before = try scene.folder.read("a.cfg")
        let broken = try brokenGuards { try scene.rollBack() }
        #expect(broken.first?.hasPrefix("a: 2 of 3 backends would be removed") == true, "\(broken)")
        try scene.services([])
        let project = try scene.project()
        #expect(throws: ApplyFailure.self) { try scene.applier(project).write(project.targets) }
        #expect(try scene.folder.read("a.cfg") == before)
        scene.options.isForced = true
        try scene.applier(project).write(project.targets)
        #expect(try scene.folder.read("a.cfg").isEmpty)
        #expect(scene.events.text.contains("note: a: 3 of 3 backends would be removed"), "\(scene.events.text)")
        try scene.folder.write(before, to: "a.cfg")
        try scene.rollBack()
        #expect(try scene.folder.read("a.cfg") == scene.output(["one"]))
    }
}
