import HASystem
import Testing

@testable import HAServices

@Suite("Services of several sources") struct ServiceMergeTests {
    static func answer(_ texts: String...) -> SourceAnswer {
        SourceAnswer(
            files: texts.enumerated().map { .init(name: "\($0).json", bytes: Array($1.utf8)) }, trustsConfig: false)
    }

    @Test(
        "finds the services of a file",
        arguments: [
            (#"{"Id": "a"}"#, ["a"]), (#" [ {"id":"a"}, {"ID":"b","Hosts":[{"Ip":"}"}]} ] "#, ["a", "b"]), ("[]", []),
            (#"[{"Port": [1, {"x": 2}], "Id": "c"}]"#, ["c"]), (#"[{"Name": 1}]"#, [""]),
        ])
    func entries(_ text: String, _ ids: [String]) throws {
        let entries = try #require(ServiceIndex.entries(of: Array(text.utf8)))
        #expect(entries.map(\.id) == ids)
        for entry in entries {
            let part = Array(text.utf8)[entry.range]
            #expect(part.first == UInt8(ascii: "{") && part.last == UInt8(ascii: "}"))
        }
    }

    @Test("what is no file of services has none", arguments: ["", "{", "3", "[1]", "[{}", "{} x", "null"])
    func noServices(_ text: String) {
        #expect(ServiceIndex.entries(of: Array(text.utf8)) == nil)
    }

    struct Replacement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let replaced: [Int: String?]
        let ids: [String]
    }

    @Test(
        "takes services out or puts others in their place; the others keep their lines",
        arguments: [
            Replacement(
                testDescription: "the first of three", text: "[{\"Id\":\"a\"},\n{\"Id\":\"b\"}\n,{\"Id\":\"c\"}]",
                replaced: [0: nil], ids: ["b", "c"]),
            Replacement(
                testDescription: "the middle", text: "[{\"Id\":\"a\"},\n{\"Id\":\n\"b\"}\n,{\"Id\":\"c\"}]",
                replaced: [1: nil], ids: ["a", "c"]),
            Replacement(
                testDescription: "the last two", text: "[{\"Id\":\"a\"},\n{\"Id\":\"b\"},{\"Id\":\"c\"}\n]",
                replaced: [1: nil, 2: nil], ids: ["a"]),
            Replacement(
                testDescription: "all", text: "[{\"Id\":\"a\"},\n{\"Id\":\"b\"}]", replaced: [0: nil, 1: nil], ids: []),
            Replacement(testDescription: "one alone", text: "\n{\"Id\":\"a\"}\n", replaced: [0: nil], ids: []),
            Replacement(
                testDescription: "another version", text: "[{\"Id\":\n\n\"a\"},\n{\"Id\":\"c\"}]",
                replaced: [0: "{\"Id\":\"old\",\n\"Port\":1}"], ids: ["old", "c"]),
            Replacement(
                testDescription: "one goes, the next is replaced", text: "[{\"Id\":\"a\"},{\"Id\":\"b\"}]",
                replaced: [0: nil, 1: "{\"Id\":\"x\"}"], ids: ["x"]),
        ])
    func replacing(_ one: Replacement) throws {
        let bytes = Array(one.text.utf8)
        let entries = try #require(ServiceIndex.entries(of: bytes))
        let changed = ServiceIndex.replacing(
            one.replaced.mapValues { $0.map { Array($0.utf8) } }, of: entries, in: bytes)
        let now = try #require(ServiceIndex.entries(of: changed), "\(String(decoding: changed, as: UTF8.self))")
        #expect(now.map(\.id) == one.ids)
        func line(_ id: String, _ bytes: [UInt8], _ entries: [ServiceEntry]) -> Int? {
            entries.first { $0.id == id }.map { bytes[..<$0.range.lowerBound].count { $0 == 10 } }
        }
        for entry in entries {
            if let new = line(entry.id, changed, now) { #expect(new == line(entry.id, bytes, entries)) }
        }
        #expect(changed.count { $0 == 10 } == bytes.count { $0 == 10 })
    }

    @Test("the first source's service counts, by Id and by port, and the other is reported")
    func precedence() {
        var merge = ServiceMerge()
        merge.add(
            "one", Self.answer(#"[{"Id": "a", "Port": 80}, {"Id": "h", "ApplicationProtocol": "http", "Port": 5}]"#))
        merge.add(
            "two",
            Self.answer(
                #"[{"Id": "a", "Port": 81}, {"Id": "b", "Port": 80}, {"Id": "c", "Port": 80, "TransportProtocol": "udp"}]"#,
                #"{"Id": "i", "ApplicationProtocol": "http", "Port": 5}"#))
        merge.add("three", Self.answer(#"{"Id": "c"}"#))
        #expect(merge.parts.flatMap { ($0.file.entries ?? []).map(\.id) } == ["a", "h", "c", "i"])
        #expect(
            merge.hidden.map(\.sentence) == [
                "the service 'a' of the source 'two' is left out: 'one' has one with the same Id",
                "the service 'b' of the source 'two' is left out: 'one' has one with the same port 80/tcp",
                "the service 'c' of the source 'three' is left out: 'two' has one with the same Id",
            ])
    }

    @Test("services of one source that collide stay: they are its mistake")
    func within() {
        var merge = ServiceMerge()
        merge.add("one", Self.answer(#"[{"Id": "a"}, {"Id": "a"}]"#))
        #expect(merge.parts.flatMap { ($0.file.entries ?? []) }.count == 2 && merge.hidden.isEmpty)
    }
}
