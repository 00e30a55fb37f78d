import Testing

@testable import HAServices

@Suite("Merging payloads: what Cosmos does, with its faults mended")
struct MergeTests {
    struct Story: Sendable, CustomTestStringConvertible {
        let name: String
        let events: [Event]
        let services: [String]
        /// nil: as many as events.
        let revision: Int?

        init(_ name: String, _ events: [Event], _ services: [String], revision: Int? = nil) {
            self.name = name
            self.events = events
            self.services = services
            self.revision = revision
        }

        var testDescription: String { name }
    }

    private static let first = Event([.init("app1", "host a.example", cookie: "SID", ["c1@10.0.0.1"])])
    private static let second = Event(
        running: ["app1/c1@10.0.0.1", "app1/c2@10.0.0.2"],
        [.init("app1", "host a.example", cookie: "SID", ["c2@10.0.0.2"])])

    static let stories: [Story] = [
        .init(
            "start of a first container, which does not run yet", [first], ["app1 host a.example:80 SID [c1@10.0.0.1]"]),
        .init(
            "a second container goes to the end", [first, second],
            ["app1 host a.example:80 SID [c1@10.0.0.1 c2@10.0.0.2]"]),
        .init(
            "stop: no candidates", [first, second, Event(running: ["app1/c2@10.0.0.2"])],
            ["app1 host a.example:80 SID [c2@10.0.0.2]"]),
        .init(
            "an empty list of candidates is a stop", [first, Event(running: ["app1/c1@10.0.0.1"], [])],
            ["app1 host a.example:80 SID [c1@10.0.0.1]"], revision: 1),
        .init("the last container stops", [first, Event()], []),
        .init(
            "a service that vanished, among others",
            [
                Event([.init("a", "a.example", ["a1@10.0.0.1"]), .init("b", "b.example", ["b1@10.0.0.2"])]),
                Event(running: ["b/b1@10.0.0.2", "unknown/u1@10.0.0.9"]),
            ], ["b host b.example:80 [b1@10.0.0.2]"]),
        .init(
            "restart with another address: one host, in its place",
            [first, second, Event(running: ["app1/c1@10.0.0.77", "app1/c2@10.0.0.2"])],
            ["app1 host a.example:80 SID [c1@10.0.0.77 c2@10.0.0.2]"]),
        .init(
            "a candidate's newer address counts",
            [first, Event([.init("app1", "host a.example", cookie: "SID", ["c1@10.0.0.8"])])],
            ["app1 host a.example:80 SID [c1@10.0.0.8]"]),
        .init(
            "what runs was seen later than the candidate",
            [
                Event(running: ["app1/c1@10.0.0.1"], [.init("app1", "a.example", ["c1@10.0.0.1"])]),
                Event(running: ["app1/c1@10.0.0.5"], [.init("app1", "a.example", ["c1@10.0.0.4"])]),
            ],
            ["app1 host a.example:80 [c1@10.0.0.5]"]),
        .init(
            "changed predicate, port and cookie replace the stored ones",
            [first, Event(running: ["app1/c1@10.0.0.1"], [.init("app1", "b.example", port: 8080, ["c2@10.0.0.2"])])],
            ["app1 host b.example:8080 [c1@10.0.0.1 c2@10.0.0.2]"]),
        .init(
            "changed mode",
            [first, Event(running: ["app1/c1@10.0.0.1"], [.init("app1", "path shop", ["c1@10.0.0.1"])])],
            ["app1 path /shop:80 [c1@10.0.0.1]"]),
        .init(
            "a missing mode is host", [Event([.init("a", "a.example", ["a1@10.0.0.1"])])],
            ["a host a.example:80 [a1@10.0.0.1]"]),
        .init(
            "host and path mixed; a path with or without its slash",
            [
                Event([
                    .init("a", "path /a", ["a1@10.0.0.1"]), .init("b", "path b/c", ["b1@10.0.0.2"]),
                    .init("c", "*.c.example", ["c1@10.0.0.3"]),
                ])
            ],
            ["a path /a:80 [a1@10.0.0.1]", "b path /b/c:80 [b1@10.0.0.2]", "c host *.c.example:80 [c1@10.0.0.3]"]),
        .init(
            "duplicate events change nothing", [first, first, first], ["app1 host a.example:80 SID [c1@10.0.0.1]"],
            revision: 1),
        .init(
            "the order of running does not move hosts",
            [first, second, Event(running: ["app1/c2@10.0.0.2", "app1/c1@10.0.0.1"])],
            ["app1 host a.example:80 SID [c1@10.0.0.1 c2@10.0.0.2]"], revision: 2),
        .init(
            "what runs of a service that nobody described is left out",
            [Event(running: ["x/x1@10.0.0.1"])], [], revision: 1),
        .init(
            "a container that runs under another service is not this one's",
            [
                Event([.init("a", "a.example", ["c1@10.0.0.1", "c2@10.0.0.2"])]),
                Event(running: ["a/c1@10.0.0.1", "b/c2@10.0.0.2"]),
            ], ["a host a.example:80 [c1@10.0.0.1]"]),
        .init(
            "running containers that were unknown are added to a stored service",
            [first, Event(running: ["app1/c1@10.0.0.1", "app1/c5@10.0.0.5"])],
            ["app1 host a.example:80 SID [c1@10.0.0.1 c5@10.0.0.5]"]),
        .init(
            "new services go to the end, others keep their places",
            [
                Event([.init("b", "b.example", ["b1@10.0.0.1"])]),
                Event(running: ["b/b1@10.0.0.1"], [.init("a", "a.example", ["a1@10.0.0.2"])]),
            ], ["b host b.example:80 [b1@10.0.0.1]", "a host a.example:80 [a1@10.0.0.2]"]),
        .init(
            "a candidate of which nothing runs keeps its service in place",
            [
                Event([.init("a", "a.example", ["a1@10.0.0.1"]), .init("b", "b.example", ["b1@10.0.0.2"])]),
                Event(running: ["b/b1@10.0.0.2"], [.init("a", "a.example", ["a2@10.0.0.3"])]),
            ], ["a host a.example:80 [a2@10.0.0.3]", "b host b.example:80 [b1@10.0.0.2]"]),
    ]

    @Test(arguments: stories)
    func story(_ story: Story) throws {
        let bench = try StateBench()
        var revision = 0
        for event in story.events { revision = try bench.send(event) }
        #expect(try bench.services() == story.services)
        #expect(revision == story.revision ?? story.events.count)
        #expect(try bench.directory.verify().findings.isEmpty)
    }

    @Test("two services that would get the same requests are refused, with both places")
    func conflict() throws {
        let bench = try StateBench()
        try bench.send(Self.first)
        let event = Event(running: ["app1/c1@10.0.0.1"], [.init("app2", "A.example", ["d1@10.0.0.9"])])
        do {
            try bench.send(event)
            Issue.record("it was accepted")
        } catch let error as StateError {
            let mistake = try #require(error.diagnostics.first)
            #expect(mistake.code == .routeConflict && mistake.location?.file.name == "payload.json")
            #expect(mistake.notes.first?.location?.file.name == bench.folder.path("state/astro/current.json"))
        }
        #expect(try bench.services() == ["app1 host a.example:80 SID [c1@10.0.0.1]"])
    }

    @Test("every value names the file that it came from")
    func origins() throws {
        let bench = try StateBench()
        try bench.send(Self.first)
        let payload = try Payload.read(name: "payload.json", bytes: Array(Self.second.json.utf8))
        let document = try bench.directory.proposal(for: payload).document
        let hosts = document.hosts(of: document.services[0])
        let places = hosts.map { host in
            document.field("Id", of: host).flatMap { document.location(of: $0) }?.file.name.split(separator: "/").last
        }
        #expect(places == ["current.json", "payload.json"])
    }

    @Test("an imported service keeps what Cosmos does not know")
    func otherFields() throws {
        let bench = try StateBench()
        let list = """
            [{"Id": "a", "ApplicationProtocol": "http", "Port": 80, "Balance": "leastconn", "Config": "option x",
              "Attributes": {"team": "red"}, "Domains": ["a.example", "b.example"], "Source": "File",
              "Hosts": [{"Ip": "10.0.0.1", "Id": "a1", "Weight": 9}, {"Ip": "10.0.0.2", "Id": "a2", "Port": 81}]}]
            """
        var transaction = try bench.directory.begin(StateBench.table)
        let imported = try transaction.proposal(importing: "list.json", bytes: Array(list.utf8))
        _ = try transaction.commit(imported)
        _ = consume transaction
        try bench.send(
            Event(running: ["a/a1@10.0.0.1", "a/a2@10.0.0.2"], [.init("a", "c.example", port: 90, ["a3@10.0.0.3"])]))
        #expect(try bench.services() == ["a host c.example:90 [a1@10.0.0.1 a2@10.0.0.2:81 a3@10.0.0.3]"])
        let text = try bench.read("current.json")
        for kept in ["leastconn", "option x", "red", "\"Weight\": 9", "\"Source\": \"File\""] {
            #expect(text.contains(kept), "\(kept)")
        }
    }
}
