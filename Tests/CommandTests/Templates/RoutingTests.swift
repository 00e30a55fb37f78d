import TestSupport
import Testing

/// Who answers a request when the output of a shipped template runs in the real proxy.
@Suite("Routing of the shipped templates") struct RoutingTests {
    typealias Row = (kind: String, host: String, path: String, server: String?)

    private static let services: [ProxySite.Service] = [
        web("exact", domains: ["shop.example.org"]),
        web("wild", domains: ["*.example.org"]),
        web("nested", domains: ["*.eu.example.org"]),
        web("deeper", domains: ["*.b.eu.example.org", "*.test"]),
        web("versions", domains: ["*.example.net"], path: "/v2"),
        web("rest", domains: ["*.example.net"]),
        web("api-net", domains: ["api.example.net"]),
        web("mixed", domains: ["*.mixed.example.com", "mixed.example.com"]),
        web("upper", domains: ["Upper.Example.COM", "*.Upper.Example.COM"]),
        web("both", domains: ["both.example.com"]),
        web("both-a", domains: ["both.example.com"], path: "/a"),
        web("both-ab", domains: ["both.example.com"], path: "/a/b/"),
        web("apart", domains: ["Apart.example.com"]),
        web("apart-a", domains: ["apart.EXAMPLE.com", "other.example.com"], path: "/a"),
        web("address", domains: ["192.0.2.10"]),
        web("address6", domains: ["[2001:db8::10]"]),
        web("path", path: "/api"),
        web("long-path", path: "/api/v2"),
        web("semicolon", path: "/semi;colon"),
        web("encoded", path: "/caf%C3%A9/a%20b"),
        web("letters", path: "/münchen"), web("more-letters", path: "/ü/xüö"), web("signs", path: #"/s{1}\"|x"#),
        web("lower", path: "/%c3%a4"), web("slashes", path: "/two//slashes"), web("coded-slashes", path: "/c%2F%2fd"),
    ]

    /// What both proxies do alike.
    private static let rows: [Row] = [
        ("domain", "shop.example.org", "/", "exact"),
        ("domain", "shop.example.org", "/any/path?q=1", "exact"),
        ("no domain", "example.com", "/", nil),
        ("no domain", "shop.example.org.example.com", "/", nil),
        ("wildcard", "foo.example.org", "/", "wild"),
        ("wildcard", "foo-bar.example.org", "/x", "wild"),
        ("wildcard of several labels", "a.b.example.org", "/", "wild"),
        ("wildcard, not the name itself", "example.org", "/", nil),
        ("wildcard, not another name with that end", "otherexample.org", "/", nil),
        ("wildcard, not inside a name", "foo.example.org.evil.test.example", "/", nil),
        ("wildcard as a text", "*.example.org", "/", "wild"),
        ("nested wildcard", "x.eu.example.org", "/", "nested"),
        ("nested wildcard", "eu.example.org", "/", "wild"),
        ("nested wildcard", "x.b.eu.example.org", "/", "deeper"),
        ("nested wildcard", "b.eu.example.org", "/", "nested"),
        ("short wildcard", "anything.test", "/", "deeper"),
        ("wildcard and path", "x.example.net", "/v2", "versions"),
        ("wildcard and path", "x.example.net", "/v2/y", "versions"),
        ("wildcard and path", "x.example.net", "/v20", "rest"),
        ("wildcard without the path", "x.example.net", "/", "rest"),
        ("exact name before a wildcard's path", "api.example.net", "/v2", "api-net"),
        ("exact name and wildcard of one service", "mixed.example.com", "/", "mixed"),
        ("exact name and wildcard of one service", "x.mixed.example.com", "/", "mixed"),
        ("case", "SHOP.Example.ORG", "/", "exact"),
        ("case of a wildcard", "FOO.Example.ORG", "/", "wild"),
        ("case of a nested wildcard", "X.EU.example.ORG", "/", "nested"),
        ("case in the service", "upper.example.com", "/", "upper"),
        ("case in the service", "x.UPPER.example.com", "/", "upper"),
        ("port in Host", "shop.example.org:8080", "/", "exact"),
        ("port in Host", "foo.example.org:443", "/", "wild"),
        ("final dot", "shop.example.org.", "/", "exact"),
        ("final dot", "foo.example.org.", "/", "wild"),
        ("final dot and port", "shop.example.org.:8080", "/", "exact"),
        ("final dot and port", "FOO.example.org.:8080", "/", "wild"),
        ("address as the host", "192.0.2.10", "/", "address"),
        ("address as the host", "192.0.2.10:8080", "/", "address"),
        ("IPv6 address as the host", "[2001:db8::10]", "/", "address6"),
        ("IPv6 address as the host", "[2001:DB8::10]:8080", "/x", "address6"),
        ("another IPv6 address", "[2001:db8::1]", "/", nil),
        ("domain and path", "both.example.com", "/", "both"),
        ("domain and path", "both.example.com", "/a", "both-a"),
        ("domain and path", "both.example.com", "/a/x", "both-a"),
        ("domain and path", "both.example.com", "/ab", "both"),
        ("path of any domain, on a named one", "shop.example.org", "/api", "exact"),
        ("path of any domain, on a wildcard", "x.eu.example.org", "/api", "nested"),
        ("longest path of a domain", "both.example.com", "/a/b", "both-ab"),
        ("longest path of a domain", "both.example.com", "/a/b/c?d", "both-ab"),
        ("one domain in two spellings", "apart.example.com", "/", "apart"),
        ("one domain in two spellings", "apart.example.com", "/a/x", "apart-a"),
        ("one domain in two spellings", "other.example.com", "/a", "apart-a"),
        ("path", "whoever.example", "/api", "path"),
        ("path with a semicolon", "whoever.example", "/semi;colon", "semicolon"),
        ("path with a semicolon", "whoever.example", "/semi;colon/x", "semicolon"),
        ("path", "whoever.example", "/api/x", "path"),
        ("path, with a query", "whoever.example", "/api?x=/api/v2", "path"),
        ("path, not as a beginning of a word", "whoever.example", "/apis", nil),
        ("longest path", "whoever.example", "/api/v2", "long-path"),
        ("longest path", "whoever.example", "/api/v2/x", "long-path"),
        ("longest path", "whoever.example", "/api/v20", "path"),
        ("path, in another case", "whoever.example", "/API", nil),
        ("percent-encoding", "whoever.example", "/caf%C3%A9/a%20b", "encoded"),
        ("percent-encoding", "whoever.example", "/caf%C3%A9/a%20b/c", "encoded"),
        ("percent-encoding", "whoever.example", "/caf%C3%A9", nil),
        ("letters outside ASCII", "whoever.example", "/m%C3%BCnchen", "letters"),
        ("letters outside ASCII", "whoever.example", "/m%C3%BCnchen/x", "letters"),
        ("letters outside ASCII, as curl sends them", "whoever.example", "/m%c3%bcnchen/x", "letters"),
        ("letters outside ASCII inside others", "whoever.example", "/%C3%BC/x%C3%BC%C3%B6", "more-letters"),
        ("signs as they are", "whoever.example", "/s{1}\"|x/y", "signs"),
        ("signs as browsers send them", "whoever.example", "/s%7B1%7D%22|x", "signs"),
        ("encoded letters in another case", "whoever.example", "/%C3%A4", "lower"),
        ("encoded letters in another case", "whoever.example", "/%c3%a4/x", "lower"),
        ("slashes", "whoever.example", "/two//slashes", "slashes"),
        ("slashes", "whoever.example", "/two//slashes/x", "slashes"),
        ("encoded slashes", "whoever.example", "/c%2F%2fd/x", "coded-slashes"),
        ("IPv6 address that no service names", "[2001:db8::1]:8080", "/", nil),
    ]

    /// What differs, since nginx decodes a path before it compares.
    private static let differences: [(kind: String, host: String, path: String, haproxy: String?, nginx: String?)] = [
        ("path that need not be encoded", "whoever.example", "/%61pi", nil, "path"),
        ("slashes that nginx reads as one", "whoever.example", "/two/slashes", nil, "slashes"),
    ]

    @Test("haproxy and nginx", arguments: [ProxySite.Template.haproxy, .nginx])
    func table(_ template: ProxySite.Template) throws {
        let site = try ProxySite(template, Self.services)
        let own = Self.differences.map { ($0.kind, $0.host, $0.path, template == .nginx ? $0.nginx : $0.haproxy) }
        for row in Self.rows + own {
            let answer = site.get(row.path, host: row.host)
            let isRight = row.server == nil ? answer.status == "503" : answer.server == row.server
            #expect(isRight, "\(row): \(answer.status) \(answer.server ?? "-")")
        }
        #expect(site.get("/nobody", host: "example.com").text.contains("No service answers for this address."))
    }

    @Test("a path of a domain that no service wants goes on to wildcards and paths in HAProxy, not in nginx")
    func unwantedPath() throws {
        let services = [
            Self.web("app", domains: ["app.example.org"], path: "/app"), Self.web("wild", domains: ["*.example.org"]),
            Self.web("path", path: "/p"), Self.web("net", domains: ["*.example.net"], path: "/n"),
        ]
        let haproxy = try ProxySite(.haproxy, services)
        #expect(haproxy.get("/app/x", host: "app.example.org").server == "app")
        #expect(haproxy.get("/x", host: "app.example.org").server == "wild")
        #expect(haproxy.get("/p", host: "x.example.net").server == "path")
        #expect(haproxy.get("/x", host: "x.example.net").status == "503")
        let nginx = try ProxySite(.nginx, services)
        #expect(nginx.get("/app/x", host: "app.example.org").server == "app")
        #expect(nginx.get("/x", host: "app.example.org").status == "503")
        #expect(nginx.get("/p", host: "x.example.net").status == "503")
    }

    /// Cosmos: a service has a domain or a path, which is a plain beginning of the URL.
    private static let cosmosRows: [Row] = [
        ("domain", "shop.example.org", "/", "exact"),
        ("domain before path", "shop.example.org", "/app", "exact"),
        ("no domain", "example.com", "/", nil),
        ("wildcard", "foo.example.org", "/", "wild"),
        ("wildcard before path", "foo.example.org", "/app", "wild"),
        ("wildcard of several labels", "a.b.example.org", "/", "wild"),
        ("wildcard, not the name itself", "example.org", "/", nil),
        ("wildcard, not another name with that end", "otherexample.org", "/", nil),
        ("nested wildcard", "x.eu.example.org", "/", "nested"),
        ("nested wildcard", "eu.example.org", "/", "wild"),
        ("exact name and wildcard of one service", "mixed.example.com", "/", "mixed"),
        ("exact name and wildcard of one service", "x.mixed.example.com", "/", "mixed"),
        ("case", "SHOP.Example.ORG", "/", "exact"),
        ("case of a wildcard", "X.EU.Example.ORG", "/", "nested"),
        ("case in the service", "x.UPPER.example.com", "/", "upper"),
        ("port in Host", "shop.example.org:8080", "/", "exact"),
        ("port in Host", "foo.example.org:8080", "/", "wild"),
        ("final dot", "shop.example.org.", "/", "exact"),
        ("final dot and port", "foo.example.org.:8080", "/", "wild"),
        ("path", "whoever.example", "/app", "path"),
        ("path", "whoever.example", "/apple", "path"),
        ("longest path", "whoever.example", "/app/v2/x", "long-path"),
        ("longest path", "whoever.example", "/app/v1", "path"),
        ("percent-encoding", "whoever.example", "/caf%C3%A9/x", "encoded"),
    ]

    @Test("Cosmos")
    func cosmos() throws {
        let names = ["exact", "wild", "nested", "mixed", "upper", "encoded"]
        let site = try ProxySite(
            .cosmos,
            [Self.web("path", path: "/app"), Self.web("long-path", path: "/app/v2")]
                + Self.services.filter { names.contains($0.id) }.map { service in
                    var service = service
                    service.fields.replace("/a%20b", with: "")
                    return service
                })
        for row in Self.cosmosRows {
            let answer = site.get(row.path, host: row.host)
            let isRight = row.server == nil ? answer.status == "503" : answer.server == row.server
            #expect(isRight, "\(row): \(answer.status) \(answer.server ?? "-")")
        }
    }

    @Test("a cookie keeps a session on its host", arguments: ProxySite.Template.allCases)
    func cookie(_ template: ProxySite.Template) throws {
        let site = try ProxySite(template, [Self.web("s", domains: ["s.test"], more: #", "Cookie": "NODE""#, hosts: 4)])
        guard template != .cosmos else {
            // Cosmos's way is a prefix of the application's own cookie.
            for number in 0..<4 {
                let answer = site.get("/", host: "s.test", headers: ["Cookie: NODE=s-\(number)~mine"])
                #expect(answer.server == "s-\(number)" && answer.text.contains("NODE=mine"), "\(answer)")
            }
            return
        }
        let first = site.get("/", host: "s.test")
        let cookie = try #require(first.text.firstMatch(of: /(?i)set-cookie: NODE=([^;]+)/), "\(first)").output.1
        for _ in 0..<8 {
            #expect(site.get("/", host: "s.test", headers: ["Cookie: NODE=\(cookie)"]).server == first.server)
        }
    }

    @Test("neither domain nor path, tcp and udp", arguments: [ProxySite.Template.haproxy, .nginx])
    func ports(_ template: ProxySite.Template) throws {
        let ports = Loopback.freePorts(4)
        let datagrams = Loopback.DatagramServer()
        let site = try ProxySite(
            template,
            [
                Self.web("neither", more: #", "ServicePort": \#(ports[0])"#),
                .init(id: "tcp", fields: #""ServicePort": \#(ports[1])"#),
                .init(
                    id: "udp", fields: #""TransportProtocol": "udp", "ServicePort": \#(ports[2])"#,
                    port: datagrams.port),
                Self.web("whole", more: #", "ServicePort": PORT"#),
                Self.web("later", more: #", "ServicePort": PORT"#),
                Self.web("named", domains: ["named.test"], more: #", "ServicePort": \#(ports[3])"#),
            ])
        #expect(site.get("/x", host: "named.test", port: ports[0]).server == "neither")
        #expect(site.get("/x", host: "x", port: ports[1]).server == "tcp")
        #expect(site.get("/x", host: "nobody.test").server == "whole")
        #expect(site.get("/x", host: "named.test").server == "named")
        #expect(site.get("/x", host: "named.test", port: ports[3]).status == "no answer")
        let answer = datagrams.answer("question", with: "answer", through: ports[2])
        #expect(answer == (template == .nginx ? "answer" : nil), "HAProxy does not proxy udp")
    }

    @Test("the check of a service with a wildcard names no host", arguments: [ProxySite.Template.haproxy])
    func healthCheck(_ template: ProxySite.Template) throws {
        let check = #", "HealthCheckPath": "/up""#
        let site = try ProxySite(
            template,
            [
                Self.web("wild", domains: ["*.example.org"], more: check),
                Self.web("mixed", domains: ["*.example.net", "example.net"], more: check),
            ])
        let lines = try site.folder.read("proxy").split(separator: "\n").filter { $0.contains("http-check") }
        #expect(
            lines == [
                "    http-check send meth GET uri /up",
                "    http-check send meth GET uri /up ver HTTP/1.1 hdr Host example.net",
            ])
        #expect(site.get("/", host: "x.example.org").server == "wild")
    }

    static func web(
        _ id: String, domains: [String] = [], path: String? = nil, more: String = "", hosts: Int = 1
    ) -> ProxySite.Service {
        let names = domains.map { "\"\($0)\"" }.joined(separator: ", ")
        let route = path.map { #", "ProxyPath": "\#($0)""# } ?? ""
        return .init(
            id: id, fields: #""ApplicationProtocol": "http", "Domains": [\#(names)]\#(route)\#(more)"#, hosts: hosts)
    }
}
