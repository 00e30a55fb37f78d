import HATemplate
import Testing

@testable import HAServices

/// However much is wrong with a file: a thousand messages, and the number of the others.
@Suite("Bounds on messages") struct BoundedMessageTests {
    private static let many = 5_000

    private static func object(_ member: String) -> String {
        "{" + Array(repeating: member, count: many).joined(separator: ",") + "}"
    }

    private static func list(_ element: String) -> String {
        "[" + Array(repeating: element, count: many).joined(separator: ",") + "]"
    }

    static let services: [(name: String, json: String)] = [
        ("equal keys", object(#""Port": 1"#)),
        ("unknown keys", object(#""Prot": 1"#)),
        ("unknown keys of a host", #"{"Id": "a", "Port": 1, "Hosts": [\#(object(#""Wieght": 1"#))]}"#),
        ("equal keys in Attributes", #"{"Id": "a", "Port": 1, "Attributes": \#(object(#""k": 1"#))}"#),
        ("numbers too large in Attributes", #"{"Id": "a", "Port": 1, "Attributes": {"k": \#(list("1e999"))}}"#),
        ("numbers too large after an unknown key", #"{"Id": "a", "Port": 1, "x": \#(list("1e999"))}"#),
        ("NUL in Attributes", #"{"Id": "a", "Port": 1, "Attributes": {"k": \#(list(#""\u0000""#))}}"#),
        ("elements that are no services", list("1")),
        ("hosts that are none", #"{"Id": "a", "Port": 1, "Hosts": \#(list("1"))}"#),
        ("hosts of one Id", #"{"Id": "a", "Port": 1, "Hosts": \#(list(#"{"Ip": "h", "Id": "x"}"#))}"#),
        ("hosts of one address", #"{"Id": "a", "Port": 1, "Hosts": \#(list(#"{"Ip": "h"}"#))}"#),
        ("domains that are none", #"{"Id": "a", "ApplicationProtocol": "http", "Domains": \#(list(#""a b""#))}"#),
        ("one domain", #"{"Id": "a", "ApplicationProtocol": "http", "Domains": \#(list(#""a""#))}"#),
        ("services of one Id", list(#"{"Id": "a", "ApplicationProtocol": "http", "Port": 1}"#)),
        ("Ids that are none", list(#"{"Id": "", "ApplicationProtocol": "http", "Port": 1}"#)),
    ]

    private func expectBounded(_ diagnostics: [Diagnostic]) {
        let errors = diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 1_001)
        #expect(errors.last?.code == .tooManyMistakes)
        #expect(errors.last?.message.hasPrefix("and ") == true)
        #expect(diagnostics.count <= 2_002)
        for diagnostic in diagnostics { #expect(diagnostic.message.utf8.count < 1_000) }
    }

    @Test("of services", arguments: services.indices)
    func boundedServices(_ index: Int) {
        expectBounded(Reading(Self.services[index].json).diagnostics)
    }

    @Test("the number of the others is right")
    func count() {
        #expect(Reading(Self.object(#""Id": "a""#)).diagnostics.last?.message == "and 4000 more mistakes")
        // Each key, and the Id that is missing; Port is misspelled, and not missing besides.
        #expect(Reading(Self.object(#""Prot": 1"#)).diagnostics.last?.message == "and 4001 more mistakes")
        let attributes = #"{"Id": "a", "Port": 1, "Attributes": \#(Self.object(#""k": 1"#))}"#
        #expect(Reading(attributes).diagnostics.last?.message == "and 3999 more mistakes")
    }

    @Test(
        "of payloads and tables",
        arguments: [
            object(#""table": "x""#), object(#""runing": 1"#), #"{"table": "x", "running": \#(list("1"))}"#,
            #"{"table": "x", "running": \#(list("{}"))}"#,
            #"{"table": "x", "running": \#(list(#"{"serviceName": "a", "id": "b", "ip": "c"}"#))}"#,
            #"{"table": "x", "running": [], "candidates": \#(list(#"{"serviceName":"a","port":1,"predicate":"c"}"#))}"#,
            #"{"table": "x", "running": [], "other": \#(list("1e999"))}"#,
        ])
    func payloads(_ json: String) throws {
        do {
            _ = try Payload.read(name: "1.json", bytes: Array(json.utf8))
            Issue.record("the payload was taken")
        } catch {
            expectBounded(error.items)
        }
    }

    @Test("of imported tables", arguments: [#"{"Items": \#(list("1"))}"#, #"{"Items": \#(list(#"{"x": 1}"#))}"#])
    func imports(_ json: String) throws {
        do {
            _ = try StateImport.read(name: "1.json", bytes: Array(json.utf8))
            Issue.record("the table was taken")
        } catch {
            expectBounded(error.items)
        }
    }

    @Test("of data", arguments: [object(#""k": 1"#), list("1e999"), #"{"a": \#(object(#""k": 1"#))}"#])
    func data(_ json: String) throws {
        do {
            _ = try Document.json(name: "1.json", bytes: Array(json.utf8))
            Issue.record("the data was taken")
        } catch {
            expectBounded(error.items)
        }
        var settings = ParameterSet()
        do {
            try settings.addFile(name: "1.json", bytes: Array(json.utf8))
            Issue.record("the settings were taken")
        } catch {
            expectBounded(error.items.filter { $0.code != .wrongType })
        }
    }

    /// Work, not time: a name far from all keys is not compared once nobody is going to read the answer.
    @Test("words are made only for mistakes that are kept")
    func laziness() {
        var list = MistakeList()
        var made = 0
        struct Counted: Mistake {
            let note: () -> Void
            var code: DiagnosticCode { .badValue }
            var message: String {
                note()
                return "x"
            }
            var noteMessage: String? { nil }
        }
        for _ in 0..<3_000 { list.add(Counted { made += 1 }, at: 0..<1) }
        #expect(made == 1_000)
        #expect(!list.hasRoom)
        #expect(list.hasErrors)
    }
}
