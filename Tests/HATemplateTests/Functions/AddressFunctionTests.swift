import Testing

@testable import HATemplate

/// `ip.*`, `hostport` and the names for proxies.
@Suite struct AddressFunctionTests {
    /// A text and whether it is an IPv4 or IPv6 address; nil: neither.
    static let addresses: [(String, Int?)] = [
        ("1.2.3.4", 4), ("0.0.0.0", 4), ("255.255.255.255", 4), ("::", 6), ("::1", 6), ("1::", 6), ("2001:db8::1", 6),
        ("1:2:3:4:5:6:7:8", 6), ("1:2:3:4:5:6:1.2.3.4", 6), ("::ffff:1.2.3.4", 6), ("1::2:3:4:5:6:7", 6),
        ("ABCD:ef01::", 6), ("", nil), ("1.2.3", nil), ("1.2.3.4.5", nil), ("1.2.3.256", nil), ("01.2.3.4", nil),
        ("1.2.3.4 ", nil), ("1..2.3", nil), (":", nil), (":::", nil), ("1:::2", nil), ("1::2::3", nil),
        ("1:2:3:4:5:6:7", nil), ("1:2:3:4:5:6:7:8:9", nil), ("1:2:3:4:5:6:7::8", nil), ("12345::", nil), ("g::", nil),
        ("[::1]", nil), ("::1%eth0", nil), ("1:2:3:4:5:6:7:1.2.3.4", nil), ("::1.2.3", nil), ("web.example", nil),
        ("1:", nil), (":1", nil), ("1.2.3.4:80", nil),
    ]

    @Test(arguments: addresses) func addressesAreRecognized(_ text: String, _ version: Int?) throws {
        let data = "{\"a\": \"\(text)\"}"
        let expected = "\(version != nil) \(version == 4) \(version == 6)"
        #expect(try render("{{ ip.Valid .a }} {{ ip.V4 .a }} {{ ip.V6 .a }}", data: data) == expected)
    }

    static let results: [(String, String)] = [
        (#"ip.Bracket "::1""#, "[::1]"), (#"ip.Bracket "[::1]""#, "[::1]"), (#"ip.Bracket "1.2.3.4""#, "1.2.3.4"),
        (#"ip.Bracket "web""#, "web"), (#"hostport "1.2.3.4" 80"#, "1.2.3.4:80"), (#"hostport "::1" "80""#, "[::1]:80"),
        (#"hostport "[::1]" 80"#, "[::1]:80"), (#"hostport "web.example" 0"#, "web.example:0"),
        (#"hostport "" 80"#, ":80"),
        (#"ip.InCIDR "10.1.2.3" "10.0.0.0/8""#, "true"), (#""10.1.2.3" | ip.InCIDR "10.0.0.0/8""#, "true"),
        (#"ip.InCIDR "11.1.2.3" "10.0.0.0/8""#, "false"), (#"ip.InCIDR "1.2.3.4" "0.0.0.0/0""#, "true"),
        (#"ip.InCIDR "::1" "0.0.0.0/0""#, "false"), (#"ip.InCIDR "::1" "::/0""#, "true"),
        (#"ip.InCIDR "2001:db8::5" "2001:db8::/32""#, "true"), (#"ip.InCIDR "2001:db9::5" "2001:db8::/32""#, "false"),
        (#"ip.InCIDR "10.0.0.1" "10.0.0.1/32""#, "true"), (#"ip.InCIDR "10.0.0.2" "10.0.0.1/32""#, "false"),
        (#"ip.InCIDR "::2" "::1/128""#, "false"), (#"ip.InCIDR "10.0.0.7" "10.0.0.5/29""#, "true"),
        (#"ip.InCIDR "10.0.0.8" "10.0.0.5/29""#, "false"), (#"ip.InCIDR "::ffff:10.0.0.1" "10.0.0.0/8""#, "false"),
        ("ip.Sort .l", "[9.0.0.1 10.0.0.2 10.0.0.10 ::1 2001:db8::1 2001:DB8::1]"),
    ]

    @Test(arguments: results) func givesResults(_ expression: String, _ expected: String) throws {
        let data = #"{"l": ["10.0.0.10", "2001:db8::1", "::1", "2001:DB8::1", "10.0.0.2", "9.0.0.1"]}"#
        #expect(try render("{{ \(expression) }}", data: data) == expected)
    }

    static let mistakes: [(String, String)] = [
        (
            #"hostport "1.2.3.4:80" 80"#,
            "1:13 wrong-argument argument 1 must be a host name or an IP address without port"
        ),
        (#"hostport "a b" 80"#, "1:13 wrong-argument argument 1 must be a host name"),
        (#"hostport "a" 65536"#, "1:17 wrong-argument argument 2 must be a port from 0 to 65535, not an int 65536"),
        (
            #"hostport "a" "http""#,
            #"1:17 wrong-argument argument 2 must be a port from 0 to 65535, not a string "http""#
        ),
        (
            #"ip.InCIDR "web" "10.0.0.0/8""#,
            #"1:14 wrong-argument argument 1 must be an IP address, not a string "web""#
        ),
        (#"ip.InCIDR "10.0.0.1" "10.0.0.0/33""#, "1:25 wrong-argument argument 2 must be a network such as 10.0.0.0/8"),
        (#"ip.InCIDR "10.0.0.1" "10.0.0.0""#, "1:25 wrong-argument argument 2 must be a network"),
        (#"ip.Sort "1.2.3.4""#, "1:12 wrong-argument argument 1 must be a list of IP addresses, not a string"),
        ("ip.Sort .l", #"1:12 wrong-argument argument 1 must be a list of IP addresses, not a list with a string "x""#),
        ("ip.Valid .l", "1:13 wrong-argument argument 1 must be text, not a []interface {}"),
        ("ip.V4 .l", "1:10 wrong-argument"), ("ip.V6 .l", "1:10 wrong-argument"),
        ("ip.Bracket .l", "1:15 wrong-argument"),
        ("haproxy.ID .l", "1:15 wrong-argument"), ("nginx.ID .l", "1:13 wrong-argument"),
    ]

    @Test(arguments: mistakes) func mistakesPoint(_ expression: String, _ expected: String) {
        let found = mistake("{{ \(expression) }}", data: #"{"l": ["1.2.3.4", "x"]}"#)
        #expect(found?.hasPrefix(expected) == true, "\(found ?? "no mistake")")
    }
}

/// Names for proxies: legal, and never one for two texts.
@Suite struct IdentifierTests {
    static let names: [(String, String, String)] = [
        // text, HAProxy's name, nginx's name
        ("web", "web", "web"), ("web-1:80", "web-1:80", "web_1_80_x2d3a"), ("web_1", "web_1", "web_1"),
        ("my service", "my-service:x20", "my_service_x20"), ("a-b c", "a-b-c:x2d20", "a_b_c_x2d20"),
        ("MyApp", "MyApp", "myapp_xza"), ("my-App", "my-App", "my_app_x2dz2"),
        ("münchen", "m--nchen:xc3bc", "m__nchen_xc3bc"), ("1web", "1web", "_web_x31"), ("", ":x", "_x"),
        (":", ":", "__x3a"), ("_", "_", "_"), ("a:b c", "a-b-c:x3a20", "a_b_c_x3a20"),
        // Legal, but looking like a name that was made.
        (":x", "-x:x3a", "_x_x3a"), ("my-service:x20", "my-service-x20:x2d3a", "my_service_x20_x2d3a"),
        ("my_service_x20", "my_service_x20", "my_service_x20_x5f5f"), ("_x", "_x", "_x_x5f"),
    ]

    @Test(arguments: names) func namesAreMade(_ text: String, _ haproxy: String, _ nginx: String) throws {
        let data = "{\"t\": \"\(text)\"}"
        #expect(try render("{{ haproxy.ID .t }} {{ nginx.ID .t }}", data: data) == "\(haproxy) \(nginx)")
    }

    /// All texts of up to four characters of an alphabet that holds everything special, and their names, and their
    /// names' names: no two differ in text and not in name.
    @Test func noTwoTextsShareAName() {
        let alphabet = Array("a_-:2xzZ ".utf8)
        var texts: Set<[UInt8]> = [[]]
        var last: [[UInt8]] = [[]]
        for _ in 0..<4 {
            last = last.flatMap { text in alphabet.map { text + [$0] } }
            texts.formUnion(last)
        }
        for (identifier, foldsCase) in [(Identifier.haproxy, false), (Identifier.nginx, true)] {
            let all = texts.union(texts.map { name(of: $0, identifier) })
            let names = all.map { name(of: $0, identifier) }
            #expect(Set(names).count == all.count)
            if foldsCase {
                #expect(names.allSatisfy { $0.allSatisfy { !(65...90).contains($0) } })
            }
            #expect(
                names.allSatisfy { name in !name.isEmpty && name.enumerated().allSatisfy { identifier.allows($1, $0) } }
            )
        }
    }

    private func name(of text: [UInt8], _ identifier: Identifier) -> [UInt8] {
        var output = ByteBuffer()
        text.withUnsafeBufferPointer { identifier.append(nameFor: $0, into: &output) }
        return output.array
    }
}
