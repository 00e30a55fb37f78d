import HATemplate
import TestSupport
import Testing

@testable import HAServices

@Suite("State files")
struct StateFileTests {
    @Test("format 1, byte for byte")
    func format() throws {
        let bench = try StateBench()
        try bench.send(
            Event([
                .init("app1", "host a.example", cookie: "SID", ["c1@10.0.0.1", "c2@fd00::1"]),
                .init("b", "path shop", port: 8080, []),
            ]))
        let expected = """
            {
              "format": 1,
              "table": "astro",
              "revision": 1,
              "digest": "sha256:DIGEST",
              "services": [
                {
                  "Id": "app1",
                  "ApplicationProtocol": "http",
                  "Domains": [
                    "a.example"
                  ],
                  "Port": 80,
                  "Hosts": [
                    {
                      "Ip": "10.0.0.1",
                      "Id": "c1"
                    },
                    {
                      "Ip": "fd00::1",
                      "Id": "c2"
                    }
                  ],
                  "Source": "Cosmos",
                  "Cookie": "SID"
                },
                {
                  "Id": "b",
                  "ApplicationProtocol": "http",
                  "ProxyPath": "/shop",
                  "Port": 8080,
                  "Source": "Cosmos"
                }
              ]
            }

            """
        let text = try bench.read("current.json")
        let digest = try #require(StateDigest(of: Array(text.utf8)))
        #expect(text == expected.replacing("sha256:DIGEST", with: digest.computed))
        #expect(try bench.read("history/1.json") == text)
        #expect(
            bench.tree() == [
                "state/astro/", "state/astro/.lock", "state/astro/current.json", "state/astro/history/",
                "state/astro/history/1.json",
            ])
    }

    @Test("the digest is what anybody can compute")
    func digest() throws {
        let bench = try StateBench()
        try bench.send(Event([.init("a", "a.example", ["c1@10.0.0.1"])]))
        let path = bench.folder.path("state/astro/current.json")
        let run = try ProgramRun.bash("grep -v '^  \"digest\": ' '\(path)' | sha256sum")
        let written = try #require(StateDigest(of: Array(try bench.read("current.json").utf8))).written
        #expect("sha256:" + run.stdout.prefix(64) == written)
    }

    @Test("every field of the service model survives; what is not set is not written")
    func everyField() throws {
        let list = """
            [
              {
                "Id": "a",
                "ApplicationProtocol": "http",
                "Domains": [
                  "a.example",
                  "*.b.example"
                ],
                "ProxyPath": "/p",
                "Port": 80,
                "ServicePort": 81,
                "Hosts": [
                  {
                    "Ip": "10.0.0.1",
                    "Port": 8000,
                    "Id": "x",
                    "Weight": 5,
                    "MaxConn": 6
                  },
                  {
                    "Ip": "host.example"
                  }
                ],
                "Config": "line 1\\nline \\"2\\"\\t\\\\ é",
                "Source": "File",
                "Cookie": "C",
                "Balance": "leastconn",
                "HealthCheckPath": "/h",
                "ConnectTimeout": 1,
                "ClientTimeout": 2,
                "ServerTimeout": 3,
                "MaxConn": 4,
                "Attributes": {
                  "deep": [
                    1,
                    -2.5,
                    1e+30,
                    1.0,
                    true,
                    false,
                    null,
                    {},
                    [],
                    "\\u0001\\b\\f\\r"
                  ],
                  "empty": ""
                }
              },
              {
                "Id": "b",
                "TransportProtocol": "udp",
                "Port": 53,
                "Source": "File"
              }
            ]

            """
        let bench = try StateBench()
        var transaction = try bench.directory.begin(StateBench.table)
        let proposal = try transaction.proposal(importing: "list.json", bytes: Array(list.utf8))
        _ = try transaction.commit(proposal)
        _ = consume transaction
        let revision = try bench.directory.current(StateBench.table)
        #expect(String(decoding: revision.serviceFile, as: UTF8.self) == list)
        #expect(try bench.directory.verify().findings.isEmpty)
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        let codes: [String]
        let change: @Sendable (String) -> String
        var testDescription: String { name }

        init(_ name: String, _ codes: String..., change: @escaping @Sendable (String) -> String) {
            self.name = name
            self.codes = codes
            self.change = change
        }
    }

    static let damages: [Damage] = [
        .init("empty", "json-unexpected-end") { _ in "" },
        .init("truncated", "json-unexpected-end") { String($0.prefix($0.count / 2)) },
        .init("one byte less", "json-unexpected-end") { String($0.dropLast(2)) },
        .init("no JSON", "json-syntax") { "x" + $0 },
        .init("a list", "state-damaged") { _ in "[]" },
        .init("changed by hand", "state-digest") { $0.replacing("10.0.0.1", with: "10.0.0.9") },
        .init("a space more", "state-digest") { $0 + " " },
        .init("another revision number", "state-digest") { $0.replacing("\"revision\": 2", with: "\"revision\": 3") },
        .init("another digest", "state-digest") { $0.replacing("sha256:", with: "sha512:") },
        .init("no digest", "state-damaged") { text in
            text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("digest") }
                .joined(separator: "\n")
        },
        .init("on one line", "state-digest") { $0.replacing("\n", with: " ") },
        .init("a newer format", "state-format") { $0.replacing("\"format\": 1", with: "\"format\": 2") },
        .init("a newer format that means everything else otherwise", "state-format") { _ in
            #"{"format": 7, "blob": [[[}"#
        },
        .init("format 0", "state-damaged") { $0.replacing("\"format\": 1", with: "\"format\": 0") },
        .init("another table", "state-damaged") { sealed($0.replacing("\"astro\"", with: "\"other\"")) },
        .init("a huge revision", "state-damaged") {
            sealed($0.replacing("\"revision\": 2", with: "\"revision\": 9223372036854775807"))
        },
        .init("a service that cannot be", "bad-address") { sealed($0.replacing("10.0.0.1", with: "10.0.0.256")) },
        .init("an unknown key", "unknown-key") { sealed($0.replacing("\"services\"", with: "\"x\": 1, \"services\"")) },
    ]

    /// The text with a digest that matches.
    private static func sealed(_ text: String) -> String {
        guard let digest = StateDigest(of: Array(text.utf8)) else { return text }
        return text.replacing(digest.written, with: digest.computed)
    }

    @Test("a broken file is refused by name and stays as it is", arguments: damages)
    func refused(_ damage: Damage) throws {
        let bench = try StateBench()
        let event = Event([.init("a", "a.example", ["c1@10.0.0.1"])])
        try bench.send(event)
        try bench.send(Event(running: ["a/c1@10.0.0.1", "a/c2@10.0.0.2"]))
        let broken = damage.change(try bench.read("current.json"))
        try bench.folder.write(broken, to: "state/astro/current.json")
        let before = bench.tree()

        #expect(bench.refusal { try bench.send(event) } == damage.codes)
        #expect(bench.refusal { _ = try bench.directory.current(StateBench.table) } == damage.codes)
        let findings = try bench.directory.verify().findings
        #expect(findings.contains { $0.location?.file.name.hasSuffix("astro/current.json") == true })
        #expect(try bench.read("current.json") == broken)
        #expect(bench.tree() == before)

        // The way out: go on from the history, and keep the broken file.
        var transaction = try bench.directory.begin(StateBench.table, accepting: true)
        let proposal = try transaction.proposal(restoring: 2)
        #expect(try transaction.commit(proposal) == 3)
        _ = consume transaction
        #expect(try bench.read("current.json.refused") == broken)
        #expect(try bench.services() == ["a host a.example:80 [c1@10.0.0.1 c2@10.0.0.2]"])
        #expect(try bench.directory.verify().findings.isEmpty)
        #expect(try bench.send(event) == 4)
    }

    @Test("a change by hand is kept by an import")
    func imported() throws {
        let bench = try StateBench()
        try bench.send(Event([.init("a", "a.example", ["c1@10.0.0.1"])]))
        let changed = try bench.read("current.json").replacing("a.example", with: "b.example")
        try bench.folder.write(changed, to: "state/astro/current.json")
        #expect(
            bench.refusal {
                let transaction = try bench.directory.begin(StateBench.table)
                _ = try transaction.proposal(importing: "current.json", bytes: Array(changed.utf8))
            } == ["state-digest"])
        var transaction = try bench.directory.begin(StateBench.table, accepting: true)
        let proposal = try transaction.proposal(importing: "current.json", bytes: Array(changed.utf8))
        #expect(try transaction.commit(proposal) == 2)
        #expect(try bench.services() == ["a host b.example:80 [c1@10.0.0.1]"])
        #expect(try bench.directory.verify().findings.isEmpty)
    }
}
