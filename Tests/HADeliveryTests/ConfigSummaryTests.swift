import HATemplate
import Testing

@testable import HADelivery

@Suite("What a change means") struct ConfigSummaryTests {
    private func summary(_ old: String, _ new: String, _ dialect: Dialect) -> [String] {
        ConfigSummary(
            from: ConfigOutline(Array(old.utf8), dialect: dialect), to: ConfigOutline(Array(new.utf8), dialect: dialect)
        ).lines
    }

    @Test("HAProxy")
    func haproxy() {
        let old = """
            frontend http
              bind :80
              use_backend app1 if { hdr(host) -i a.example.org }
            backend app1
              server s1 10.0.0.1:80
              server s2 10.0.0.2:80 # comment
            listen redis
              bind :6379
              server r 10.0.0.9:6379
            """
        let new = """
            frontend http
              bind :80
              bind :8080
              use_backend app1 if { hdr(host) -i a.example.org b.example.org }
            backend app1
              balance leastconn
              server s1 10.0.0.1:81
              server s3 10.0.0.3:80
              server s4 10.0.0.4:80
            backend app2
              server s 10.0.0.5:80
            """
        #expect(
            summary(old, new, .haproxy) == [
                "frontend http: domain b.example.org added, address :8080 added",
                "backend app1: +2 servers, −1, 1 server changed, other lines: +1",
                "backend app2 added, 1 server", "listen redis removed, 1 server",
            ])
        #expect(summary(old, old, .haproxy).isEmpty && summary(old, new, .plain).isEmpty)
    }

    @Test("nginx")
    func nginx() {
        let old = """
            http { upstream app1 { server 10.0.0.1:80; server 10.0.0.2:80; }
              server { listen 80; server_name a.example.org; location / { proxy_pass http://app1; } } }
            """
        let new = """
            http { upstream app1 { server 10.0.0.1:80 weight=2; }
              upstream app2 { server "10.0.0.3:80"; } # }
              server { listen 80; server_name a.example.org b.example.org; location / { proxy_pass http://app2; } } }
            """
        #expect(
            summary(old, new, .nginx) == [
                "upstream app1: −1 server, 1 server changed", "upstream app2 added, 1 server",
                "server 80 a.example.org: domain b.example.org added, location / changed",
            ])
    }

    /// What is said when one server becomes another, and its neighbour stays.
    static let servers: [(old: String, new: String, said: [String])] = [
        (
            "listen 80; server_name www.a.org;", "listen 80; server_name shop.a.org www.a.org;",
            ["server 80 www.a.org: domain shop.a.org added"]
        ),
        (
            "listen 80; server_name shop.a.org www.a.org;", "listen 80; server_name www.a.org;",
            ["server 80 shop.a.org: domain shop.a.org removed"]
        ),
        (
            "listen 80; server_name www.a.org;", "listen 8080; server_name www.a.org;",
            ["server 80 www.a.org: address 8080 added, address 80 removed"]
        ),
        (
            "listen 80; server_name www.a.org;", "listen 80; listen 443 ssl; server_name www.a.org;",
            ["server 80 www.a.org: address 443 ssl added"]
        ),
        (
            "listen 80; server_name old.a.org; location /x { return 200; }",
            "listen 80; server_name new.a.org; location /x { return 200; }",
            ["server 80 old.a.org: domain new.a.org added, domain old.a.org removed"]
        ),
        (
            "listen 80; server_name www.a.org; location /x { return 200; }",
            "listen 80; server_name www.a.org; location /x { return 201; } location /y { return 200; }",
            ["server 80 www.a.org: location /y added, location /x changed"]
        ),
        ("listen 81;", "listen 81; return 204;", ["server 81: other lines: +1"]),
        (
            "listen 80; server_name a.org;", "listen 82; server_name b.org; return 204;",
            ["server 82 b.org added", "server 80 a.org removed"]
        ),
    ]

    @Test("a server of nginx stays itself when its members change", arguments: servers)
    func identity(example: (old: String, new: String, said: [String])) {
        let neighbours = [
            "server { listen 80; server_name aaa.org; return 1; }",
            "server { listen 80; server_name zzz.org; return 2; }",
        ]
        let text = { (server: String) in "http { \(neighbours[0]) server { \(server) } \(neighbours[1]) }" }
        #expect(summary(text(example.old), text(example.new), .nginx) == example.said)
    }

    @Test("names of hosts are found where the shipped template compares them, in any spelling")
    func hosts() {
        let old = """
            frontend http
              http-request set-var(txn.host) req.hdr(host),host_only
              acl host_a var(txn.host) -i -m str a.example.org
              use_backend b if { req.hdr(Host),lower -m end .b.example.org }
            """
        let new = old.replacing("str a.", with: "str c.").replacing(" .b.", with: " .d.")
        #expect(
            summary(old, new, .haproxy) == [
                "frontend http: 2 domains added (.d.example.org, c.example.org), "
                    + "2 domains removed (.b.example.org, a.example.org)"
            ])
    }

    @Test("words are read as their proxy reads them: quotes, backslashes, comments, `${…}`")
    func words() {
        let old = "backend a\n  server \"s 1\" 10.0.0.1:80 # server s2\n  http-request set-header X 'a # b'\n"
        let new = "backend a\n  server s\\ 1 '10.0.0.1:80'\n  http-request set-header X \"a # b\"\n"
        #expect(summary(old, new, .haproxy).isEmpty)
        let block = "http { upstream u { server 10.0.0.1:80; } server { listen 80; set $x ${host}a; } }"
        let spaced = "http{upstream u{server \"10.0.0.1:80\";}\n# }\nserver{listen 80;set $x ${host}a;}}"
        #expect(summary(block, spaced, .nginx).isEmpty)
    }

    @Test("sections that come and go, with their servers where they are for servers")
    func sections() {
        let new = "listen stats\n stats enable\nbackend a\nbackend b\n server s x\nglobal"
        let added = ["listen stats added", "backend a added, 0 servers", "backend b added, 1 server", "global added"]
        #expect(summary("", new, .haproxy) == added)
        #expect(summary(new, "", .haproxy) == added.map { $0.replacing("added", with: "removed") })
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let guards: @Sendable (inout Guards) -> Void
        let new: String
        let services: Int
        let broken: [String]
    }

    static let cases: [Case] = [
        .init(
            testDescription: "enough servers", guards: { $0.minServers = 1 }, new: "backend a\n server x y",
            services: 1, broken: []),
        .init(
            testDescription: "too few servers", guards: { $0.minServers = 2 }, new: "backend a\n server x y",
            services: 1, broken: ["backend a would have 1 of at least 2 servers (minServers)"]),
        .init(
            testDescription: "a page that needs no server, and never had one", guards: { $0.minServers = 1 },
            new: "listen stats\n stats enable\nbackend none\n http-request return status 503\nbackend a\n server x y",
            services: 1, broken: []),
        .init(
            testDescription: "a backend that loses its servers to a page of errors", guards: { $0.minServers = 1 },
            new: "backend a\n errorfile 503 e.http", services: 1,
            broken: ["backend a would have 0 of at least 1 servers (minServers)"]),
        .init(
            testDescription: "a new backend without servers", guards: { $0.minServers = 1 }, new: "backend c",
            services: 1, broken: ["backend c would have 0 of at least 1 servers (minServers)"]),
        .init(
            testDescription: "no services", guards: { $0.requireServices = true }, new: "", services: 0,
            broken: ["the input has no services (requireServices)"]),
        .init(
            testDescription: "half may go", guards: { $0.maxRemoved = 0.5 },
            new: "backend a\n server a1 x\nbackend b\n server b1 x", services: 1, broken: []),
        .init(
            testDescription: "more than half goes", guards: { $0.maxRemoved = 0.5 }, new: "backend a\n server a1 x",
            services: 1,
            broken: ["3 of 4 servers would be removed, more than the share 0.5 (maxRemoved)"]),
        .init(
            testDescription: "all goes", guards: { $0.maxRemoved = 0.5 }, new: "", services: 1,
            broken: [
                "2 of 2 backends would be removed, more than the share 0.5 (maxRemoved): backend a, backend b",
                "4 of 4 servers would be removed, more than the share 0.5 (maxRemoved)",
            ]),
    ]

    @Test("guards", arguments: cases)
    func guards(_ test: Case) {
        let old = "backend a\n server a1 x\n server a2 x\nbackend b\n server b1 x\n server b2 x"
        var guards = Guards()
        test.guards(&guards)
        let broken = GuardCheck.broken(
            guards, old: ConfigOutline(Array(old.utf8), dialect: .haproxy),
            new: ConfigOutline(Array(test.new.utf8), dialect: .haproxy), services: test.services)
        #expect(broken == test.broken)
    }
}
