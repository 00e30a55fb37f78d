import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HAServices

/// The one table of fields, and what is made of it.
@Suite("Schema of services") struct ServiceSchemaTests {
    @Test("the fields that rules ask for are the table's")
    func namedFields() {
        let service: [(ServiceField, String)] = [
            (.id, "Id"), (.applicationProtocol, "ApplicationProtocol"), (.transportProtocol, "TransportProtocol"),
            (.domains, "Domains"), (.proxyPath, "ProxyPath"), (.port, "Port"), (.servicePort, "ServicePort"),
            (.hosts, "Hosts"), (.source, "Source"), (.cookie, "Cookie"), (.attributes, "Attributes"),
        ]
        for (field, name) in service { #expect(field.name == name) }
        let host: [(HostField, String)] = [(.ip, "Ip"), (.port, "Port"), (.id, "Id")]
        for (field, name) in host { #expect(field.name == name) }
    }

    /// What the look-up of keys and the sets of fields can hold.
    @Test("keys are words of two letters or more, at most 32 of them, and say what they mean")
    func rows() {
        for rows in [ServiceSchema.service, ServiceSchema.host] {
            #expect(rows.count <= 32)
            for row in rows {
                #expect(row.key.utf8CodeUnitCount >= 2)
                #expect(row.key.description.utf8.allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 })
                #expect(row.meaning.hasSuffix("."))
            }
            #expect(Set(rows.map { $0.key.description.lowercased() }).count == rows.count)
        }
        let hostsHaveNoDefaults = HostField.allCases.allSatisfy { $0.fallback.text(defaultSource: "x") == nil }
        #expect(hostsHaveNoDefaults)
    }

    @Test("every key is found in any case, and nothing else is")
    func keys() {
        func slot(_ key: String) -> Int? {
            Array(key.utf8).withUnsafeBufferPointer { ServiceField.keys.slot(of: $0) }
        }
        for field in ServiceField.allCases {
            for name in [field.name, field.name.lowercased(), field.name.uppercased()] {
                #expect(slot(name) == field.rawValue)
            }
            #expect(slot(String(field.name.dropLast())) == nil)
            #expect(slot(field.name + "s") == (field.name == "Host" ? 7 : nil))
            #expect(slot("x" + field.name.dropFirst()) == nil)
        }
        for key in ["", "I", "Ip", "I\u{4}", "\u{9}d", "Po\u{12}t", "{}", "@@"] { #expect(slot(key) == nil, "\(key)") }
    }

    // MARK: The JSON Schema

    static let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/"

    private static func schema() throws -> SchemaValidator {
        let bytes = ServiceJSONSchema.bytes()
        return SchemaValidator(schema: try Document.json(name: "service.schema.json", bytes: bytes))
    }

    @Test("docs/service.schema.json is the table's")
    func golden() throws {
        let path = Self.path + "docs/service.schema.json"
        let bytes = ServiceJSONSchema.bytes()
        if getenv("UPDATE_GOLDEN") != nil {
            _ = try FileInstaller(files: .system, temporaries: .unregistered).install(bytes, at: path)
            Issue.record("\(path) was written; read what changed")
        }
        #expect(try FileReader(files: .system).read(path).bytes == bytes, "UPDATE_GOLDEN=1 rewrites it")
    }

    /// Files that the program takes.
    private static let accepted =
        FieldTests.fields.map(\.json).filter { !$0.contains("\u{212A}") && !$0.contains("\u{17F}") }
        + RuleTests.allowed.map(\.json) + RuleTests.conflicts.map(\.json).filter { !$0.contains(#""x","x""#) }
        + [UsualFormTests.services, #"{"$schema": "../docs/service.schema.json", "Id": "a", "Port": 1}"#]

    /// Files that it refuses for the shape or the value of one field.
    private static let refused = (MistakeTests.shapes + MistakeTests.values).filter { test in
        // JSON Schema knows no keys that stand twice; and what fields decide together is not in it.
        let codes = ["duplicate-key", "json-"]
        let isOther = test.expected.contains { place in codes.contains { place.contains($0) } }
        return !isOther && !MistakeTests.beyondPatterns.contains(test.name)
    }.map(\.json)

    @Test("accepts what the program accepts", arguments: accepted)
    func acceptance(_ json: String) throws {
        #expect(try Self.schema().faults(of: Array(json.utf8)).isEmpty)
    }

    @Test("refuses what the program refuses", arguments: refused)
    func refusal(_ json: String) throws {
        #expect(try !Self.schema().faults(of: Array(json.utf8)).isEmpty)
    }

    /// For `scripts/schema-test`, which gives them to another validator.
    @Test("writes these files where SERVICE_FILES says", .enabled(if: getenv("SERVICE_FILES") != nil))
    func files() throws {
        let folder = try #require(getenv("SERVICE_FILES").map { String(cString: $0) })
        let installer = FileInstaller(files: .system, temporaries: .unregistered)
        for (name, texts) in [("accepted", Self.accepted), ("refused", Self.refused)] {
            // For JSON Schema 80.0 and 1e2 are integers.
            for (index, text) in texts.enumerated() where !text.contains("80.0") && !text.contains(": 1e2") {
                _ = try installer.install(Array(text.utf8), at: "\(folder)/\(name)/\(index).json")
            }
        }
    }

    @Test("accepts every service file of the examples")
    func examples() throws {
        let schema = try Self.schema()
        let paths = try FileReader(files: .system).serviceFiles(at: Self.path + "examples/gitops/services")
        #expect(!paths.isEmpty)
        for path in paths {
            #expect(try schema.faults(of: FileReader(files: .system).read(path).bytes).isEmpty, "\(path)")
        }
    }

    /// Every kind of value in every field.
    @Test("agrees with the reader about any value of any field", arguments: ServiceField.allCases.map(\.name))
    func agreement(_ name: String) throws {
        let probes = [
            #""x""#, #""""#, #""/x""#, #""/x y""#, #""/x?y""#, #""/x#y""#, #""/x/../y""#, #""/..""#, #""/.x""#,
            #""/x?/../y""#, #""http""#, #""HTTP""#, #""udp""#, #""UDP""#, #""80""#, #""a\u0001""#, #""a\n""#,
            #""a\u0000""#, #""a\u0085""#, "0", "-1", "1", "65535", "65536", "2147483", "2147484", "2147483647",
            "2147483648", "1.5", "true", "null", "[]", "[1]", #"["x"]"#, #"["x", "x"]"#, #"["*.x"]"#, #"["*"]"#,
            #"["x:1"]"#, #"["x/y"]"#, #"["[::1]"]"#, #"["::1"]"#, "{}", #"{"x": 1}"#, "[{}]", #"[{"Ip": "x"}]"#,
            #"[{"ip": "::1", "WEIGHT": 256}]"#, #"[{"Ip": "x", "Weight": 257}]"#, #"[{"Ip": null}]"#,
            #"[{"Ip": "[::1]"}]"#, #"[{"Ip": "x", "Port": 1, "Id": "i", "MaxConn": null}]"#, #"[{"Ip": "x", "No": 1}]"#,
        ]
        let others = ["Id": #""a""#, "ApplicationProtocol": #""http""#, "Port": "1", "ServicePort": "2"]
        let schema = try Self.schema()
        for probe in probes {
            let members = others.filter { $0.key != name }.sorted { $0.key < $1.key }.map { #""\#($0)": \#($1)"# }
            let json = "{" + (members + [#""\#(name)": \#(probe)"#]).joined(separator: ", ") + "}"
            let isRead = Reading(json).diagnostics.isEmpty
            let faults = try schema.faults(of: Array(json.utf8))
            // A service without a port is another field's matter.
            if name == "Port", probe == "null" || probe == "0" { continue }
            #expect(isRead == faults.isEmpty, "\(json) \(faults)")
        }
    }

    // MARK: $schema

    @Test("$schema is a text that templates do not see")
    func schemaKey() throws {
        let reading = Reading(
            #"[{"$schema": "x.json", "Id": "a", "Port": 1}, {"Id": "b", "$schema": null, "Port": 2}]"#)
        #expect(reading.summary == [])
        let document = try #require(reading.document)
        #expect(document.show(document.root).contains("schema") == false)
        #expect(Reading(#"{"$schema": 1, "Id": "a", "Port": 1}"#).summary == ["1:13 wrong-type"])
        #expect(
            Reading(#"{"$schema": "x", "Id": "a", "Port": 1, "$schema": "y"}"#).summary
                == ["1:40 duplicate-key <- 1:2"])
        #expect(Reading(#"{"Id": "a", "Port": 1, "$Schema": "y"}"#).summary == ["1:24 unknown-key"])
        #expect(
            Reading(#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "$schema": "y"}]}"#).summary
                == ["1:46 unknown-key"])
    }
}
