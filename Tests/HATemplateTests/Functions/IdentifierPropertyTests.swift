import Testing

@testable import HATemplate

/// What must hold of `haproxy.ID` and `nginx.ID`, however they make their names.
@Suite struct IdentifierPropertyTests {
    private static let texts = [
        "web", "Web", "WEB", "web-1", "web_1", "web 1", "web.1", "web:1", "web/1", "web\t1", "web\n1", "-", "_", ".",
        " ", "",
        "a;b", "a{b}", "a\"b", "a'b", "a\\b", "a#b", "$a", "a%20b", "é", "e\u{301}", "你好", "\u{0}", "a b", "a  b",
        "a b ",
        " a b", "a_b", "a-b", "a__b", "1", "1web", "if", "server", String(repeating: "x", count: 300),
        String(repeating: "ü", count: 300), String(repeating: "ü", count: 301),
    ]

    /// Names that were made are texts too, and must not fall together with another text.
    @Test(arguments: ["haproxy.ID", "nginx.ID"])
    func neverGivesTwoTextsOneName(function: String) throws {
        var texts: [[UInt8]: String] = [:]
        let names = try Self.texts.map { try Self.name(function, $0) }
        for text in Self.texts + names.filter({ !Self.isListed($0) }) {
            let name = try Self.name(function, text)
            if let other = texts.updateValue(text, forKey: Array(name.utf8)) {
                Issue.record("\(function) names \(text.debugDescription) and \(other.debugDescription) \(name)")
            }
        }
    }

    @Test(arguments: [("haproxy.ID", "-_.:"), ("nginx.ID", "-_.:")])
    func givesLegalNames(function: String, marks: String) throws {
        for text in Self.texts {
            let name = try Self.name(function, text)
            let isLegal = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: marks.utf8.contains(byte)
                }
            }
            #expect(isLegal && !name.isEmpty, "\(function) names \(text.debugDescription) \(name.debugDescription)")
        }
    }

    /// By bytes: two spellings of one character are two texts.
    private static func isListed(_ name: String) -> Bool { texts.contains { $0.utf8.elementsEqual(name.utf8) } }

    private static func name(_ function: String, _ text: String) throws -> String {
        var data = ByteBuffer()
        Array(text.utf8).withUnsafeBufferPointer { Formatter.appendQuoted($0, into: &data) }
        return try render("{{ \(function) \(String(decoding: data.array, as: UTF8.self)) }}")
    }
}
