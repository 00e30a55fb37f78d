import HATemplate
import Testing

@testable import HAServices

/// Paths that no request can have lead nowhere.
@Suite("Paths of services") struct PathTests {
    static let impossible: [(String, PathFault)] = [
        ("app", .noSlash), ("*", .noSlash), ("http://a/b", .noSlash), (" /app", .noSlash), ("/a b", .blank),
        ("/app ", .blank), ("/a#b", .fragment), ("/#", .fragment), ("/a?b=c", .query), ("/?", .query),
        ("/..", .dots), ("/a/../b", .dots), ("/a/./b", .dots), ("/.", .dots), ("/../", .dots), ("/a/..", .dots),
        ("/%2e%2e/x", .dots), ("/a/%2E", .dots), ("/a/.%2e", .dots), ("/100%", .badEscape), ("/a%zz", .badEscape),
        ("/%2", .badEscape), ("/a%/b", .badEscape),
        ("/a%00", .control), ("/%0Ab", .control), ("/a/%1f", .control),
        ("/" + String(repeating: "a", count: 8_000), .tooLong),
    ]

    static let possible = [
        "/", "/app", "/app/", "//app", "/a//b", "/.well-known/acme-challenge", "/a..b", "/...", "/a./b", "/a%20b",
        "/a;b=c", "/a%2Fb", "/%2e%2e%2e", "/x%2e", "/%C3%BC", "/~u/(x)", "/münchen",
        "/" + String(repeating: "a", count: 7_999),
    ]

    private func fault(_ path: String, mayHaveQuery: Bool = false) -> PathFault? {
        Array(path.utf8).withUnsafeBufferPointer { pathFault($0, mayHaveQuery: mayHaveQuery) }
    }

    @Test("no request has them", arguments: impossible)
    func isRefused(_ path: String, _ expected: PathFault) {
        #expect(fault(path) == expected)
        #expect(!expected.message(for: path, field: "ProxyPath").isEmpty)
        let json = #"{"Id": "a", "ApplicationProtocol": "http", "ProxyPath": "\#(path)"}"#
        #expect(Reading(json).summary == ["1:57 bad-value"])
    }

    @Test("requests have them", arguments: possible)
    func isTaken(_ path: String) {
        #expect(fault(path) == nil)
        #expect(fault(path, mayHaveQuery: true) == nil)
        let json = #"{"Id": "a", "ApplicationProtocol": "http", "ProxyPath": "\#(path)"}"#
        #expect(Reading(json).summary == [])
    }

    @Test("a check may have a query", arguments: ["/up?full=1", "/up?a/../b", "/?", "/up?100%"])
    func query(_ path: String) {
        #expect(fault(path, mayHaveQuery: true) == nil)
        #expect(Reading(#"{"Id": "a", "Port": 1, "HealthCheckPath": "\#(path)"}"#).summary == [])
    }

    @Test(
        "a check has no more than that",
        arguments: ["up", "/a b", "/up?a b", "/up?a#b", "/a/..?b", "/.?x", "/%2e?x", "/a%?b"])
    func wrongCheck(_ path: String) {
        #expect(fault(path, mayHaveQuery: true) != nil)
        #expect(Reading(#"{"Id": "a", "Port": 1, "HealthCheckPath": "\#(path)"}"#).summary == ["1:43 bad-value"])
    }

    @Test("the words")
    func words() {
        #expect(
            PathFault.query.message(for: "/a?b", field: "ProxyPath")
                == #"ProxyPath "/a?b" has a '?', where the path of a request ends; leave out '?' and what follows it"#)
    }

    @Test("a payload's path is held to the same rule, so that what is stored can be read")
    func payload() throws {
        for path in ["a/../b", "/..", String(repeating: "a", count: 8_000)] {
            let text =
                #"{"table": "t", "running": [], "candidates": [{"serviceName": "a", "port": 1, "configMode": "path", "#
                + #""predicate": "\#(path)"}]}"#
            do {
                _ = try Payload.read(name: "1.json", bytes: Array(text.utf8))
                Issue.record("\(path.prefix(20)) was taken")
            } catch {
                #expect(error.items.map(\.code) == [.badValue])
            }
        }
    }
}
