import HAServices
import HATemplate
import Testing

/// Texts that are odd as JSON.
@Suite struct InputTests {
    static let faults: [MistakeCase] = [
        .init("empty file", "", "1:1 json-unexpected-end", says: "there is no JSON value in this file"),
        .init("white space only", " \n\t", "2:2 json-unexpected-end"),
        .init("byte-order mark only", "\u{FEFF}", "1:1 json-unexpected-end"),
        .init("cut off in an object", #"{"Id": "a""#, "1:11 json-unexpected-end <- 1:1"),
        .init("cut off in a string", #"{"Id": "a"#, "1:8 json-unexpected-end"),
        .init("cut off in an escape", #"{"Id": "a\"#, "1:8 json-unexpected-end"),
        .init("cut off after a key", #"{"Id""#, "1:6 json-unexpected-end <- 1:1"),
        .init("text after", #"{"Id": "a", "Port": 1} {"#, "1:24 json-trailing-text"),
        .init("comma at the end", #"{"Id": "a", "Port": 1,}"#, "1:23 json-syntax"),
        .init("comma at the end of a list", #"[{"Id": "a", "Port": 1},]"#, "1:25 json-syntax"),
        .init("single quotes", "{'Id': 'a'}", "1:2 json-syntax"),
        .init("comment", "{\"Id\": \"a\", // me\n}", "1:13 json-syntax"),
        .init("a fault keeps the mistakes before it", #"{"Id": 1, "Port" 1}"#, "1:8 wrong-type", "1:18 json-syntax"),
        .init("line break in a string", "{\"Id\": \"a\nb\"}", "1:8 json-syntax"),
        .init("bare NUL in a string", "{\"Id\": \"a\u{0}\"}", "1:10 json-syntax"),
        .init("bare NUL", "\u{0}", "1:1 json-syntax"),
        .init("NaN", #"{"Id": "a", "Port": NaN}"#, "1:21 json-syntax"),
        // Faults that reading goes on after
        .init(
            "2^63", #"{"Id": "a", "Port": 9223372036854775808, "Cookie": 1}"#, "1:21 json-number-out-of-range",
            "1:52 wrong-type"),
        .init("2^64 + 80", #"{"Id": "a", "Port": 18446744073709551696}"#, "1:21 json-number-out-of-range"),
        .init("-2^63 - 1", #"{"Id": "a", "Port": -9223372036854775809}"#, "1:21 json-number-out-of-range"),
        .init(
            "2^63 - 1", #"{"Id": "a", "Port": 9223372036854775807}"#, "1:21 port-out-of-range",
            says: "Port must be from 0 to 65535, not 9223372036854775807"),
        .init(
            "-2^63", #"{"Id": "a", "Port": -9223372036854775808}"#, "1:21 port-out-of-range",
            says: "Port must be from 0 to 65535, not -9223372036854775808"),
        .init("1e999", #"{"Id": "a", "Port": 1e999}"#, "1:21 json-number-out-of-range"),
        .init(
            "large numbers in a list", #"[1e999, 9223372036854775808, {"Id": "a", "Port": "1"}]"#,
            "1:2 json-number-out-of-range", "1:9 json-number-out-of-range", "1:50 wrong-type"),
        .init(
            "large numbers in Attributes", #"{"Id": "", "Attributes": {"x": [1e999, 1e999]}, "Port": 1}"#,
            "1:8 missing-id", "1:33 json-number-out-of-range", "1:40 json-number-out-of-range"),
        .init(
            "large number under an unknown key", #"{"Id": "a", "x": [1e999, {"y": 1e999}], "Port": 1}"#,
            "1:13 unknown-key",
            "1:19 json-number-out-of-range", "1:32 json-number-out-of-range"),
        .init("lone surrogate", #"{"Id": "a\ud800b", "Port": "1"}"#, "1:10 json-lone-surrogate", "1:28 wrong-type"),
        .init("low surrogate first", #"{"Id": "\udc00\ud800", "Port": 1}"#, "1:9 json-lone-surrogate"),
        .init("surrogate and another escape", #"{"Id": "\ud83d\n", "Port": 1}"#, "1:9 json-lone-surrogate"),
        .init("surrogate and a letter's escape", #"{"Id": "\ud83d\u0041", "Port": 1}"#, "1:9 json-lone-surrogate"),
        .init(
            "surrogate before a quote's escape", #"{"Id": "\ud83d\"x", "Port": "1"}"#, "1:9 json-lone-surrogate",
            "1:29 wrong-type"),
        .init(
            "lone surrogate in a domain", #"{"Id": "a", "Port": 1, "Domains": ["\ud800", "-"]}"#,
            "1:37 json-lone-surrogate", "1:46 bad-value"),
        .init("lone surrogate in a key", #"{"Id": "a", "\ud800": 1, "Port": "1"}"#, "1:14 json-lone-surrogate"),
    ]

    @Test(arguments: faults)
    func isReported(_ test: MistakeCase) {
        let reading = Reading(test.json)
        #expect(reading.summary == test.expected)
        if let message = test.message { #expect(reading.diagnostics.first?.message == message) }
    }

    @Test(
        arguments: [
            ("overlong", [0xC0, 0x80]), ("cut off", [0xE2, 0x82]), ("surrogate", [0xED, 0xA0, 0x80]), ("alone", [0x80]),
            ("too large", [0xF4, 0x90, 0x80, 0x80]), ("Latin-1", [0xFC]), ("no byte of it", [0xFF]),
        ] as [(String, [UInt8])])
    func invalidUTF8(_ name: String, _ bytes: [UInt8]) {
        let text = Array(#"{"Id": "a"#.utf8) + bytes + Array(#"b", "Port": "1"}"#.utf8)
        let reading = Reading(files: [text])
        #expect(reading.diagnostics.map(\.code) == [.jsonInvalidUTF8, .wrongType])
        #expect(place(reading.diagnostics.first?.location) == "1:10")
    }

    @Test func nothingIsNoService() throws {
        for reading in [Reading(), Reading("[]"), Reading("[]", " [ ] \n")] {
            #expect(try #require(reading.document).services.isEmpty)
        }
    }

    @Test func byteOrderMark() throws {
        let text = "\u{FEFF}{\"Id\": \"a\", \"Port\": 1}"
        let reading = Reading(text, text.replacing("a", with: "b").replacing("1", with: "2"))
        let document = try #require(reading.document)
        #expect(document.services.map { document.show("Id", of: $0) } == ["a", "b"])
        #expect(Reading("\u{FEFF}{\"Id\": 1, \"Port\": 1}").summary == ["1:8 wrong-type"])
    }

    @Test func singleServicesAndListsInOrder() throws {
        let reading = Reading(
            #"{"Id": "b", "Port": 1}"#, #"[{"Id": "c", "Port": 2}, {"Id": "a", "Port": 3}]"#, #"{"Id": "d", "Port": 4}"#
        )
        let document = try #require(reading.document)
        #expect(document.services.map { document.show("Id", of: $0) } == ["b", "c", "a", "d"])
    }

    @Test func valuesKnowTheirPlace() throws {
        let reading = Reading(
            #"{"Id": "a", "Port": 7}"#, "[\n {\"Id\": \"é\", \"Hosts\": [{\"Ip\": \"h\"}], \"Port\": 8}]")
        let document = try #require(reading.document)
        let service = document.services[1]
        #expect(place(document.location(of: service)) == "2.json:2:2")
        for (field, expected) in [("Id", "2.json:2:9"), ("Port", "2.json:2:46"), ("Hosts", "2.json:2:23")] {
            #expect(place(document.location(of: try #require(document.field(field, of: service)))) == expected)
        }
        let host = try #require(document.hosts(of: service).first)
        // The port comes from the service, and so does its place.
        #expect(place(document.location(of: try #require(document.field("Port", of: host)))) == "2.json:2:46")
        #expect(document.location(of: try #require(document.field("Source", of: service))) == nil)
    }

    @Test(arguments: [990, 1_000, 1_001, 100_000])
    func deepNesting(_ depth: Int) throws {
        let levels = depth - 3  // the list, the service, and the object of attributes
        let json =
            #"[{"Id": "a", "Port": 1, "Attributes": {"x": "# + String(repeating: "[", count: levels)
            + String(repeating: "]", count: levels) + "}}]"
        #expect(Reading(json).diagnostics.map(\.code) == (depth <= 1_000 ? [] : [.jsonTooDeep]))
        let unknown =
            #"{"Id": "a", "Port": 1, "x": "# + String(repeating: #"{"x":"#, count: depth - 1) + "1"
            + String(repeating: "}", count: depth - 1) + "}"
        #expect(Reading(unknown).diagnostics.map(\.code) == [.unknownKey] + (depth <= 1_000 ? [] : [.jsonTooDeep]))
    }

    @Test func everyTruncationIsAFault() {
        let text = Array(
            #"[{"Id": "\u0061é😀", "Port": 12, "Hosts": [{"Ip": "::1", "Port": null}], "Attributes": {"a": [1.5e3, true]}}]"#
                .utf8)
        for length in 0..<text.count {
            #expect(!Reading(files: [Array(text[..<length])]).diagnostics.isEmpty, "\(length)")
        }
        #expect(Reading(files: [text]).summary == [])
    }

    /// Any byte in place of any other: an answer, and no trap.
    @Test func everyByteChanged() {
        let text = Array(#"{"Id":"\u0061é","Port":12,"Hosts":[{"Ip":"::1"}],"Attributes":{"a":-1.5e3}}"#.utf8)
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                for diagnostic in Reading(files: [changed]).diagnostics { #expect(!diagnostic.message.isEmpty) }
            }
        }
    }

    @Test func manyServices() throws {
        var json = "["
        for index in 0..<10_000 {
            json += index == 0 ? "" : ",\n"
            json += #"{"Id":"s\#(index)","Port":\#(index + 1),"Hosts":["#
            json += (0..<10).map { #"{"Ip":"10.\#(index / 250).\#(index % 250).\#($0)","Port":\#(8_000 + $0)}"# }
                .joined(separator: ",")
            json += "]}"
        }
        json += "]"
        let document = try #require(Reading(json).document)
        let services = document.services
        #expect(services.count == 10_000)
        let hosts = services.map { document.hosts(of: $0) }
        #expect(hosts.allSatisfy { $0.count == 10 })
        #expect(document.show("Id", of: services[9_999]) == "s9999")
        #expect(document.show(try #require(hosts[9_999].last)) == "{10.39.249.9 8009  0 0}")
    }

    @Test func manyFiles() throws {
        let files = (1...2_000).map { Array(#"{"Id": "s\#($0)", "Port": \#($0)}"#.utf8) }
        let document = try #require(Reading(files: files).document)
        #expect(document.services.count == 2_000)
        #expect(place(document.location(of: document.services[1_999])) == "2000.json:1:1")
    }
}
