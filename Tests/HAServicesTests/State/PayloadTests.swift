import HATemplate
import Testing

@testable import HAServices

@Suite("Payloads: every mistake with its place, all in one run")
struct PayloadTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let mistakes: [String]

        init(_ name: String, _ text: String, _ mistakes: String...) {
            self.name = name
            self.text = text
            self.mistakes = mistakes
        }

        var testDescription: String { name }
    }

    /// `LINE:COLUMN code` of what is wrong.
    private static func mistakes(_ text: String) -> [Diagnostic] {
        do {
            _ = try Payload.read(name: "1.json", bytes: Array(text.utf8))
            return []
        } catch {
            return error.items
        }
    }

    private static func candidate(_ members: String) -> String {
        #"{"table": "t", "running": [], "candidates": [\#n{\#(members)}]}"#
    }

    private static let whole = #""serviceName": "a", "port": 80, "predicate": "a.example""#

    static let cases: [Case] = [
        .init("nothing wrong", #"{"table": "t", "running": []}"#),
        .init("no JSON", "nonsense", "1:1 json-syntax"),
        .init("truncated", #"{"table": "t", "running": ["#, "1:28 json-unexpected-end <- 1:27"),
        .init("a list", "[]", "1:1 wrong-type"),
        .init("empty object", "{}", "1:1 payload-incomplete", "1:1 payload-incomplete"),
        .init("no running", #"{"table": "t"}"#, "1:1 payload-incomplete"),
        .init("running is null", #"{"table": "t", "running": null}"#, "1:1 payload-incomplete"),
        .init("running is an object", #"{"table": "t", "running": {}}"#, "1:27 wrong-type"),
        .init("running holds a string", #"{"table": "t", "running": ["x"]}"#, "1:28 wrong-type"),
        .init("keys in another case", #"{"TABLE": "t", "Running": [], "CANDIDATES": null}"#),
        .init("unknown key", #"{"table": "t", "runing": [], "running": []}"#, "1:16 unknown-key"),
        .init("key twice", #"{"table": "t", "Table": "u", "running": []}"#, "1:16 duplicate-key <- 1:2"),
        .init("table is a number", #"{"table": 1, "running": []}"#, "1:11 wrong-type"),
        .init(
            "entry without everything", #"{"table": "t", "running": [{}]}"#, "1:28 payload-incomplete",
            "1:28 payload-incomplete", "1:28 payload-incomplete"),
        .init(
            "missing serviceName", candidate(#""port": 80, "predicate": "a.example""#), "2:1 payload-incomplete"),
        .init("empty serviceName", candidate(#""serviceName": "", "port": 1, "predicate": "a""#), "2:17 bad-value"),
        .init(
            "no port, no predicate", candidate(#""serviceName": "a""#), "2:1 payload-incomplete",
            "2:1 payload-incomplete"),
        .init("port as text", candidate(#""serviceName": "a", "port": "8080", "predicate": "a.example""#)),
        .init(
            "port that is no number", candidate(#""serviceName": "a", "port": "80a", "predicate": "a""#),
            "2:30 bad-value"),
        .init("port 0", candidate(#""serviceName": "a", "port": 0, "predicate": "a""#), "2:30 port-out-of-range"),
        .init(
            "port too large", candidate(#""serviceName": "a", "port": "65536", "predicate": "a""#),
            "2:30 port-out-of-range"),
        .init(
            "port with a fraction", candidate(#""serviceName": "a", "port": 80.5, "predicate": "a""#), "2:30 wrong-type"
        ),
        .init("port is a list", candidate(#""serviceName": "a", "port": [80], "predicate": "a""#), "2:30 wrong-type"),
        .init(
            "port is null", candidate(#""serviceName": "a", "port": null, "predicate": "a""#), "2:1 payload-incomplete"),
        .init("unknown mode", candidate(whole + #", "configMode": "hots""#), "2:74 bad-value"),
        .init("mode in capitals", candidate(whole + #", "configMode": "HOST""#)),
        .init("mode is null", candidate(whole + #", "configMode": null"#)),
        .init("mode is a number", candidate(whole + #", "configMode": 1"#), "2:74 wrong-type"),
        .init("bad domain", candidate(#""serviceName": "a", "port": 1, "predicate": "a b""#), "2:46 bad-value"),
        .init(
            "domain with a port", candidate(#""serviceName": "a", "port": 1, "predicate": "a:80""#), "2:46 bad-value"),
        .init(
            "path with a space",
            candidate(#""serviceName": "a", "port": 1, "configMode": "path", "predicate": "a b""#), "2:68 bad-value"),
        .init(
            "path that is a command line of its own",
            candidate(#""serviceName": "a", "port": 1, "configMode": "path", "predicate": "a\nacl x""#),
            "2:68 bad-value"),
        .init(
            "path of a URL", candidate(#""serviceName": "a", "port": 1, "configMode": "path", "predicate": "a/%20b""#)),
        .init("bad cookie", candidate(whole + #", "cookie": "a;b""#), "2:70 bad-value"),
        .init("no cookie", candidate(whole + #", "cookie": """#)),
        .init("no containers", candidate(whole + #", "containers": null"#)),
        .init("containers is a string", candidate(whole + #", "containers": "c1""#), "2:74 wrong-type"),
        .init(
            "container without an address", candidate(whole + #", "containers": [{"id": "c1"}]"#),
            "2:75 payload-incomplete"),
        .init(
            "bad address", candidate(whole + #", "containers": [{"id": "c1", "ip": "10.0.0.256"}]"#),
            "2:94 bad-address"),
        .init(
            "address with a port", candidate(whole + #", "containers": [{"id": "c1", "ip": "10.0.0.2:80"}]"#),
            "2:94 bad-address"),
        .init(
            "id that is no server's name", candidate(whole + #", "containers": [{"id": "c 1", "ip": "10.0.0.2"}]"#),
            "2:82 bad-value"),
        .init(
            "duplicate ids",
            #"{"table": "t", "running": [{"serviceName": "a", "id": "x", "ip": "1.1.1.1"},"#
                + #"\#n{"serviceName": "b", "id": "x", "ip": "1.1.1.2"}]}"#, "2:28 duplicate-id <- 1:55"),
        .init(
            "duplicate containers of candidates",
            candidate(whole + #", "containers": [{"id": "x", "ip": "1.1.1.1"}, {"id": "x", "ip": "1.1.1.1"}]"#),
            "2:112 duplicate-id <- 2:82"),
        .init(
            "a service named twice", #"{"table": "t", "running": [], "candidates": [\#n{\#(whole)},\#n{\#(whole)}]}"#,
            "3:17 duplicate-id <- 2:17"),
        .init(
            "many mistakes at once",
            #"{"table": "../t", "running": [{"serviceName": "a", "id": "", "ip": "x_"}, 1], "candidates": [{"port": "x"}]}"#,
            "1:11 table-name", "1:58 bad-value", "1:75 wrong-type", "1:94 payload-incomplete",
            "1:94 payload-incomplete", "1:103 bad-value"),
    ]

    @Test(arguments: cases)
    func mistakes(_ example: Case) {
        let found = Self.mistakes(example.text).map { diagnostic in
            let notes = diagnostic.notes.map { " <- " + place($0.location) }.joined()
            return "\(place(diagnostic.location)) \(diagnostic.code.rawValue)\(notes)"
        }
        #expect(found == example.mistakes)
    }

    @Test(
        "table names",
        arguments: [
            ("astro", true), ("a", true), ("A.b_c-9", true), (".hidden", false), ("...", false), (".installed", false),
            ("a.b", true), ("", false),
            (".", false), ("..", false), ("a/b", false), ("../a", false), ("a b", false), ("é", false),
            ("a\\u0000", false), (String(repeating: "x", count: 255), true),
            (String(repeating: "x", count: 256), false),
        ])
    func tables(_ name: String, _ isAllowed: Bool) {
        let mistakes = Self.mistakes(#"{"table": "\#(name)", "running": []}"#)
        #expect(mistakes.isEmpty == isAllowed, "\(mistakes)")
    }

    @Test("messages name what was found and what is expected")
    func messages() {
        let text = Self.candidate(#""serviceName": "a", "port": "80a", "predicat": "a""#)
        #expect(
            Self.mistakes(text).map(\.message) == [
                "a candidate needs \"predicate\", which is missing here",
                "port must be a number from 1 to 65535, not \"80a\"",
                "a candidate has no key \"predicat\"; did you mean \"predicate\"?",
            ])
    }
}
