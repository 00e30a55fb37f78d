import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// Test files: what is read, and what is wrong with them.
@Suite("Test files") struct CaseTests {
    private static func read(_ text: String, targets: [String] = ["edge"]) throws(Diagnostics) -> [TestCase] {
        try CaseFiles.read(InputFile(name: "t.json", bytes: Array(text.utf8)), targets: targets)
    }

    private static let whole = """
        [{"name": "a", "target": "edge", "services": [ {"Id": "x]"} ],
          "request": {"url": "https://a.test:8443/x?y", "method": "POST", "headers": {"X": "1", "Y": null}, "from": "::1"},
          "expect": {"service": "s", "backend": "b", "status": 200, "location": "/l", "header": {"H": "v", "G": null},
            "not": {"status": 404, "service": "t"}, "contains": ["c", "d"], "equals": "o.cfg", "fails": "bad-value"}}]
        """

    @Test("every key")
    func all() throws {
        let test = try #require(try Self.read(Self.whole).first)
        let request = try #require(test.request)
        #expect(test.name == "a" && test.target == "edge" && test.url == "https://a.test:8443/x?y")
        #expect(request.method == "POST" && request.port == 8443 && request.from == "::1")
        #expect(request.headers.map(\.name) == ["X"])
        #expect(
            test.expected == [
                .service("s"), .backend("b"), .status(200), .location("/l"), .header("G", nil), .header("H", "v"),
                .contains("c"), .contains("d"), .equals("o.cfg"), .fails("bad-value"), .not(.service("t")),
                .not(.status(404)),
            ])
        let bytes = try #require(test.services).read()
        let document = try Document.json(name: "t.json", bytes: bytes)
        let id = try #require(document.elements(of: document.root).first.flatMap { document.field("Id", of: $0) })
        #expect(document.text(of: id) == "x]" && document.location(of: id)?.range.start == 54)
    }

    /// The place is marked.
    static let mistakes: [(text: String, says: String)] = [
        (#"¦{}"#, "a test file must be a list of cases"),
        (#"[¦3]"#, "a case must be an object"),
        (#"[¦{}]"#, "the case has no 'name'"),
        (#"[{"name": ¦""}]"#, "'name' must not be empty"),
        (#"[{"name": ¦3}]"#, "'name' must be text"),
        (#"[{¦"nme": "a", "name": "b"}]"#, "a case has no key 'nme'; did you mean 'name'?"),
        ("[{\"name\": \"a\"},\n ¦{\"name\": \"a\"}]", "two cases of this file are called 'a'"),
        (#"[{"name": "a", "target": ¦"edg"}]"#, "no target 'edg'; did you mean 'edge'?"),
        (#"[{"name": "a", "request": ¦{}}]"#, "the request has no 'url'"),
        (#"[{"name": "a", "request": {"url": ¦"ftp://x"}}]"#, "'ftp://x' is not a URL to ask about"),
        (#"[{"name": "a", "request": {"url": "http://x", "method": ¦"A B"}}]"#, "'A B' is no method"),
        (#"[{"name": "a", "request": {"url": "http://x", "from": ¦"x"}}]"#, "'x' is not an IPv4"),
        (#"[{"name": "a", "request": {"url": "http://x", "headers": ¦1}}]"#, "must be an object"),
        (#"[{"name": "a", "request": {"url": "http://x", "headers": {"A": ¦1}}}]"#, "'A' must be text"),
        (#"[{"name": "a", "request": {"url": "http://x", "headers": {¦"A B": ""}}}]"#, "no header"),
        (#"[{"name": "a", "expect": ¦{"status": 200}}]"#, "expects an answer, and has no 'request'"),
        (#"[{"name": "a", "expect": {"status": ¦99}}]"#, "'status' must be from 100 to 999"),
        (#"[{"name": "a", "expect": ¦{}}]"#, "'expect' says nothing"),
        (#"[{"name": "a", "expect": {"fails": ¦"bad-valu"}}]"#, "did you mean 'bad-value'?"),
        (#"[{"name": "a", "expect": {"equals": ¦"/etc/x"}}]"#, "'equals' must be a file below"),
        (#"[{"name": "a", "expect": {"equals": ¦"a/../x"}}]"#, "'equals' must be a file below"),
        (#"[{"name": "a", "services": ¦{}}]"#, "'services' must be a list of services"),
    ]

    @Test("mistakes have places", arguments: mistakes)
    func mistake(_ test: (text: String, says: String)) throws {
        let before = test.text.prefix { $0 != "¦" }
        let found = #expect(throws: Diagnostics.self) { try Self.read(test.text.replacing("¦", with: "")) }
        let first = try #require(found?.items.first { $0.message.contains(test.says) }, "\(found?.items as Any)")
        #expect(first.location?.range.start == UInt32(before.utf8.count))
    }

    @Test("a case of a project with several targets names one")
    func severalTargets() {
        #expect(throws: Diagnostics.self) { try Self.read(#"[{"name": "a"}]"#, targets: ["a", "b"]) }
    }

    @Test("proposed: each domain and path, ports, and one miss; the output's listeners choose the scheme")
    func proposals() throws {
        let services = """
            [{"Id": "a", "ApplicationProtocol": "http", "Domains": ["a.test", "*.b.test"], "ProxyPath": "/x",
              "Hosts": [{"Ip": "10.0.0.1", "Port": 80}]},
             {"Id": "b", "ApplicationProtocol": "http", "ProxyPath": "/y", "Hosts": [{"Ip": "10.0.0.1", "Port": 80}]},
             {"Id": "c", "Port": 53, "TransportProtocol": "udp", "Hosts": [{"Ip": "10.0.0.1"}]}]
            """
        var input = RenderInput(template: "t", root: .services([]), dialect: .haproxy)
        input.sources = [ServiceSource(name: "s") { () throws(FileError) in Array(services.utf8) }]
        let rendering = TargetRendering(files: .system, environment: { _ in nil }, now: { 0 })
        let document = try rendering.document(input).value
        let listeners = [
            ("bind :80", "http", ""), ("bind :443 ssl", "https", ""), ("bind :8080", "http", ":8080"), ("", "http", ""),
        ]
        for (bind, scheme, port) in listeners {
            let text = ConfigurationText(Array("frontend f\n    \(bind)\n".utf8), dialect: .haproxy)
            var proposed = ProposedRequests(text)
            proposed.add(document)
            proposed.addMiss()
            #expect(
                proposed.proposals.map(\.url) == [
                    "\(scheme)://a.test\(port)/x", "\(scheme)://any.b.test\(port)/x",
                    "\(scheme)://any.invalid\(port)/y", "udp://any.invalid:53",
                    "\(scheme)://no-service.invalid\(port)/",
                ])
        }
    }
}
