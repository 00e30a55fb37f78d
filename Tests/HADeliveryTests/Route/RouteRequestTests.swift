import Testing

@testable import HADelivery

@Suite("Requests to ask about") struct RouteRequestTests {
    static let urls: [(url: String, line: String, host: String)] = [
        ("http://shop.example.com", "GET http://shop.example.com/", "shop.example.com"),
        ("HTTPS://Shop.example.com:443/a?b=c#d", "GET https://Shop.example.com/a?b=c", "Shop.example.com"),
        ("http://[2001:db8::1]:8080/x", "GET http://[2001:db8::1]:8080/x", "[2001:db8::1]:8080"),
        ("http://192.0.2.1?q", "GET http://192.0.2.1/?q", "192.0.2.1"),
        ("tcp://redis.example.com:6379", "tcp://redis.example.com:6379", "redis.example.com:6379"),
    ]

    @Test(arguments: urls)
    func reads(_ test: (url: String, line: String, host: String)) throws {
        let request = try RouteRequest(url: test.url)
        #expect(request.line == test.line && request.hostHeader == test.host)
    }

    static let wrong: [(String, RouteRequest.Fault)] = [
        ("shop.example.com", .scheme), ("ftp://x", .scheme), ("http://", .host), ("http://user@x/", .host),
        ("http://a b/", .host), ("http://[::1/", .host), ("http://x:0", .port), ("http://x:70000", .port),
        ("http://x:p", .port), ("tcp://x", .port), ("http://x/a b", .target), ("http://x/\u{7}", .target),
    ]

    @Test(arguments: wrong)
    func refuses(_ url: String, _ fault: RouteRequest.Fault) {
        #expect(throws: fault) { try RouteRequest(url: url) }
    }

    @Test("what is sent: own headers, Host where none is given")
    func bytes() throws {
        var request = try RouteRequest(url: "http://a.example:81/x")
        request.headers = ["X-A: 1", "B:2"].compactMap(RouteRequest.Header.init)
        request.method = "POST"
        let text = "POST /x HTTP/1.1\r\nHost: a.example:81\r\nX-A: 1\r\nB: 2\r\nConnection: close\r\n\r\n"
        #expect(String(decoding: request.bytes, as: UTF8.self) == text)
        request.headers = ["host: other"].compactMap(RouteRequest.Header.init)
        #expect(!String(decoding: request.bytes, as: UTF8.self).contains("a.example"))
        for text in ["no colon", ": x", "a b: c", "a: b\r\nEvil: 1"] { #expect(RouteRequest.Header(text) == nil) }
    }

    static let addresses: [(String, [UInt8]?)] = [
        ("192.0.2.1", [192, 0, 2, 1]), ("256.0.0.1", nil), ("1.2.3", nil), ("name", nil),
        ("::1", [UInt8](repeating: 0, count: 15) + [1]),
        ("2001:db8::", [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 12)),
        ("::ffff:192.0.2.1", [UInt8](repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1]),
        ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]), ("1:2:3:4:5:6:7:8::", nil),
        ("12345::", nil),
        ("1:2", nil),
    ]

    @Test(arguments: addresses)
    func address(_ text: String, _ bytes: [UInt8]?) { #expect(ProxyProtocol.address(text) == bytes) }

    @Test("the header of the PROXY protocol, with a name for TLS")
    func header() {
        var header = ProxyProtocol(
            source: "192.0.2.1", sourcePort: 1025, destination: "192.0.2.2", destinationPort: 443)
        let start: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21]
        let addresses: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2, 4, 1, 1, 187]
        #expect(header.bytes == start + [0x11, 0, 12] + addresses)
        header.authority = "a"
        #expect(header.bytes == start + [0x11, 0, 16] + addresses + [2, 0, 1, 97])
        header.source = "::1"
        #expect(header.bytes?[13] == 0x21 && header.bytes?.count == 16 + 36 + 4)
        header.source = "x"
        #expect(header.bytes == nil)
    }

    static let listeners: [(String, String, ClosedRange<Int>?, Bool)] = [
        (":80", "", 80...80, true), ("*:80", "*", 80...80, true), ("80", "", 80...80, true),
        ("192.0.2.1:8000-8010", "192.0.2.1", 8000...8010, false), ("[::]:443", "::", 443...443, true),
        (":::443", "::", 443...443, true), ("ipv4@192.0.2.1:80", "192.0.2.1", 80...80, false),
        ("/run/x.sock", "/run/x.sock", nil, false), ("unix@/run/x.sock", "/run/x.sock", nil, false),
        ("[2001:db8::1]:80", "2001:db8::1", 80...80, false),
    ]

    @Test(arguments: listeners)
    func listens(_ text: String, _ host: String, _ ports: ClosedRange<Int>?, _ isEveryHost: Bool) {
        let address = ListenAddress(text)
        #expect(address.host == host && address.ports == ports && address.isEveryHost == isEveryHost)
    }
}
