import Testing

@testable import HAServices

private func fault(_ text: String, _ check: (Bytes) -> AddressFault?) -> AddressFault? {
    Array(text.utf8).withUnsafeBufferPointer(check)
}

@Suite struct AddressTests {
    static let ipv6: [String] = [
        "::", "::1", "1::", "::1:2", "1::2", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8",
        "1:2:3:4:5:6::8", "0:0:0:0:0:0:0:0", "0:0:0:0:0:0:0:1", "2001:db8::", "2001:db8::1", "2001:DB8::A:b",
        "2001:0db8:0000:0000:0000:0000:0000:0001", "fe80::1", "ff02::1", "::ffff:192.0.2.1", "::192.0.2.1",
        "64:ff9b::192.0.2.33", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5::1.2.3.4", "1::1.2.3.4", "::ffff:0:255.255.255.255",
        "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "0::0", "00:000:0000::",
    ]

    @Test(arguments: ipv6)
    func isIPv6(_ text: String) {
        #expect(fault(text, addressFault) == nil)
        #expect(Array(text.utf8).withUnsafeBufferPointer(HAServices.isIPv6))
    }

    static let notIPv6: [(String, AddressFault)] = [
        (":", .badCharacter), (":::", .badIPv6), ("1:::2", .badIPv6), ("::1::", .badIPv6), ("1::2::3", .badIPv6),
        (":1", .badCharacter), ("1:", .badCharacter), (":1:2:3:4:5:6:7", .badIPv6), ("1:2:3:4:5:6:7:", .badIPv6),
        ("1:2:3:4:5:6:7", .badIPv6), ("1:2:3:4:5:6:7:8:9", .badIPv6), ("1:2:3:4:5:6:7:8::", .badIPv6),
        ("::1:2:3:4:5:6:7:8", .badIPv6), ("12345::", .badIPv6), ("::12345", .badIPv6), ("::g", .badIPv6),
        ("1:2:3:4:5:6:7:1.2.3.4", .badIPv6), ("1:2:3:4:5:1.2.3.4", .badIPv6), ("::1.2.3", .badIPv6),
        ("::1.2.3.256", .badIPv6), ("::1.2.3.4:5", .badIPv6), ("::01.2.3.4", .badIPv6), ("::1.2.3.4.5", .badIPv6),
        ("::.1.2.3", .badIPv6), ("[::1]", .brackets), ("[::1]:80", .brackets), ("::1]", .brackets),
        ("fe80::1%eth0", .zone), ("fe80::1%", .zone), ("2001:db8::/32", .path), (" ::1", .badIPv6), ("::1 ", .badIPv6),
        ("0x1::", .badIPv6), ("1::-1", .badIPv6), ("::ffff:", .badIPv6), ("1.2.3.4::", .badIPv6),
    ]

    @Test(arguments: notIPv6)
    func isNotIPv6(_ text: String, _ expected: AddressFault) {
        #expect(fault(text, addressFault) == expected)
    }

    @Test(arguments: [
        "0.0.0.0", "1.2.3.4", "9.10.99.100", "127.0.0.1", "192.168.0.255", "255.255.255.255", "249.199.9.0",
    ])
    func isIPv4(_ text: String) {
        #expect(fault(text, addressFault) == nil)
        #expect(fault(text, domainFault) == nil)
        #expect(Array(text.utf8).withUnsafeBufferPointer(HAServices.isIPv4))
    }

    static let notIPv4: [(String, AddressFault)] = [
        ("256.1.1.1", .octetTooLarge), ("1.2.3.256", .octetTooLarge), ("1.2.3.1000", .octetTooLarge),
        ("1.2.3.99999999999999999999", .octetTooLarge), ("01.2.3.4", .leadingZero), ("1.2.3.04", .leadingZero),
        ("00.0.0.0", .leadingZero), ("1.2.3", .notFourNumbers), ("1.2.3.4.5", .notFourNumbers), ("1", .notFourNumbers),
        ("127.1", .notFourNumbers), ("0x7f000001", .notFourNumbers), ("1.2.3.0x4", .notFourNumbers),
        ("a.b.c.4", .notFourNumbers), ("1.2.3.4.", .octetTooLarge), ("1..3.4", .emptyLabel), (".1.2.3", .emptyLabel),
        ("1.2.3.-4", .hyphenAtEnd), ("1.2.3.4/24", .path), ("1.2.3.4 ", .badCharacter), ("+1.2.3.4", .badCharacter),
        ("1.2.3.4:80", .withPort), ("1.2.3.4:", .badCharacter),
    ]

    @Test(arguments: notIPv4)
    func isNotIPv4(_ text: String, _ expected: AddressFault) {
        #expect(fault(text, addressFault) == expected)
    }

    static let hostNames: [String] = [
        "a", "localhost", "web-1", "web_1", "_srv", "a.b", "www.example.com", "WWW.Example.COM", "3com.com", "1a",
        "a1.2b",
        "xn--mnchen-3ya.example", "db.local.", "service.consul.", "a--b.c", String(repeating: "a", count: 63),
        Array(repeating: String(repeating: "a", count: 62), count: 4).joined(separator: "."), "0xg", "1e5", "deadbeef",
    ]

    @Test(arguments: hostNames)
    func isHostName(_ text: String) {
        #expect(fault(text, addressFault) == nil)
    }

    static let notHostNames: [(String, AddressFault)] = [
        ("", .empty), (".", .emptyLabel), ("a..b", .emptyLabel), (".a", .emptyLabel), ("a..", .emptyLabel),
        ("-a", .hyphenAtEnd), ("a-", .hyphenAtEnd), ("a.-b.c", .hyphenAtEnd), ("-", .hyphenAtEnd),
        ("a b", .badCharacter),
        ("a\tb", .badCharacter), ("a;b", .badCharacter), ("a#", .badCharacter), ("a%20", .badCharacter),
        ("münchen.example", .notASCII), ("a*b", .misplacedWildcard), ("*.a", .misplacedWildcard), ("a/b", .path),
        ("http://a", .scheme), ("http://a:80/", .scheme), ("a:80", .withPort), ("a.b:65535", .withPort),
        ("a:b", .badCharacter),
        (String(repeating: "a", count: 64), .labelTooLong),
        (Array(repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."), .nameTooLong),
        ("unix@/run/a.sock", .badCharacter),
    ]

    @Test(arguments: notHostNames)
    func isNotHostName(_ text: String, _ expected: AddressFault) {
        #expect(fault(text, addressFault) == expected)
    }

    static let domains: [(String, AddressFault?)] = [
        ("a.example", nil), ("*.a.example", nil), ("*.a", nil), ("192.0.2.1", nil), ("a_b.example", nil),
        ("", .empty), ("*", .everyDomain), ("*.", .empty), ("*.*.a", .misplacedWildcard),
        ("*a.b", .misplacedWildcard),
        ("a.*", .misplacedWildcard), ("a.example.", .trailingDot), ("*.1.2.3.4", .misplacedWildcard),
        ("::1", .withoutBrackets), ("2001:db8::21", .withoutBrackets),
        ("[::1]", nil), ("[2001:db8::21]", nil), ("[2001:DB8::A]", nil), ("[1:2:3:4:5:6:7:8]", nil), ("[::]", nil),
        ("[1:0:0:2::3]", nil), ("[2001:db8:0:1:1:1:1:1]", nil),
        ("[::1]:80", .withPort), ("[::1]:", .withPort), ("[0:0:0:0:0:0:0:1]", .longForm("[::1]")),
        ("[2001:0db8::1]", .longForm("[2001:db8::1]")), ("[1::2:0:0:0:3]", .longForm("[1:0:0:2::3]")),
        ("[::ffff:1.2.3.4]", .longForm("[::ffff:102:304]")),
        ("[2001:db8::1:1:1:1:1]", .longForm("[2001:db8:0:1:1:1:1:1]")),
        ("[1.2.3.4]", .brackets), ("[a.example]", .brackets), ("[::1", .brackets), ("[]", .brackets), ("[", .brackets),
        ("[::1]x", .brackets), ("[fe80::1%eth0]", .zone), ("*.[::1]", .brackets), ("a.[::1]", .brackets),
        (".a.example", .leadingDot), (".", .emptyLabel), ("..a", .emptyLabel), ("_dmarc.a_b", nil),
        ("xn--mnchen-3ya.example", nil), ("*.xn--mnchen-3ya.example", nil), ("*.a.example.", .trailingDot),
        ("**.a", .misplacedWildcard), ("*.*", .misplacedWildcard), ("A.Example", nil), ("~^a", .badCharacter),
        ("user@a.example", .badCharacter), ("a.example:", .badCharacter), ("1.2.3.4:80", .withPort),
        ("a.example:80", .withPort), ("https://a.example", .scheme), ("a.example/x", .path), ("ä.example", .notASCII),
    ]

    @Test(arguments: domains)
    func domain(_ text: String, _ expected: AddressFault?) {
        #expect(fault(text, domainFault) == expected)
    }

    @Test func everyFaultHasWords() {
        let faults: [AddressFault] = [
            .empty, .brackets, .zone, .scheme, .path, .withPort, .octetTooLarge, .leadingZero, .notFourNumbers,
            .badIPv6,
            .badCharacter, .emptyLabel, .labelTooLong, .nameTooLong, .hyphenAtEnd, .trailingDot, .misplacedWildcard,
            .notASCII, .everyDomain, .leadingDot, .withoutBrackets, .longForm("[::1]"),
        ]
        for fault in faults {
            #expect(fault.message(for: "x", isDomain: false).count > 20)
            #expect(fault.message(for: "x", isDomain: true).count > 20)
        }
    }
}
