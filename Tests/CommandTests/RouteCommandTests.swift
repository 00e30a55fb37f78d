import TestSupport
import Testing

/// `haproxy-gen route`, answered by the real haproxy.
@Suite("haproxy-gen route") struct RouteCommandTests {
    private static func project(_ services: String, template: String? = nil) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = template == nil ? "\(projectFolder)/templates/haproxy.cfg.tmpl" : "edge.cfg.tmpl"
        if let template { try folder.write(template, to: "edge.cfg.tmpl") }
        try folder.write(services, to: "services.json")
        try folder.write(
            #"{"targets": [{"name": "edge", "template": "\#(path)", "services": ["services.json"], "output": "edge.cfg"}]}"#,
            to: "haproxy-gen.json")
        return folder
    }

    private static let services = """
        [{"Id": "shop", "ApplicationProtocol": "http", "Domains": ["shop.test", "*.wild.test"],
          "Hosts": [{"Id": "shop-1", "Ip": "10.0.1.11", "Port": 8080, "Weight": 100}, {"Ip": "10.0.1.12", "Port": 8080}]},
         {"Id": "api", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/api",
          "Hosts": [{"Ip": "10.0.1.13", "Port": 8080}]},
         {"Id": "static", "ApplicationProtocol": "http", "ProxyPath": "/static", "Hosts": [{"Ip": "10.0.1.14", "Port": 80}]},
         {"Id": "six", "ApplicationProtocol": "http", "Domains": ["[2001:db8::1]"], "Hosts": [{"Ip": "10.0.1.15", "Port": 80}]},
         {"Id": "redis", "Port": 6379, "Hosts": [{"Ip": "10.0.1.16"}]}]
        """

    /// The kinds of routing of docs/services.md.
    static let answers: [(words: [String], backend: String, says: String)] = [
        (["http://shop.test/"], "be_shop", "services.json:1:"),
        (["http://SHOP.test:80/x"], "be_shop", "shop-1 10.0.1.11:8080  weight 100"),
        (["http://shop.test./"], "be_shop", "\"shop.test\""),
        (["http://a.b.wild.test/"], "be_shop", "wild.test"),
        (["http://shop.test/api"], "be_api", "services.json:3:"),
        (["http://shop.test/api/x"], "be_api", "acl path_api path_beg /api/"),
        (["http://shop.test/apix"], "be_shop", "1 rule before that did not apply"),
        (["http://other.test/static/a"], "be_static", "services.json:5:"),
        (["http://[2001:db8::1]/"], "be_six", "services.json:6:"),
        (["http://x.test/", "-H", "Host: shop.test"], "be_shop", "GET http://x.test/"),
        (["-X", "POST", "edge", "http://shop.test/"], "be_shop", "POST http://shop.test/"),
        (["tcp://redis.test:6379"], "tcp_redis", "10.0.1.16:6379"),
        (["http://wild.test/"], "unmatched", "503: the proxy answered by itself"),
    ]

    @Test("who answers, and which lines say so", arguments: answers)
    func answered(_ test: (words: [String], backend: String, says: String)) throws {
        let folder = try Self.project(Self.services)
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.isEmpty, "\(run)")
        #expect(run.stdout.contains("  backend \(test.backend)"), "\(run)")
        #expect(run.stdout.contains(test.says) && run.stdout.contains("haproxy.cfg.tmpl:"), "\(run)")
        #expect(try folder.names().sorted() == ["haproxy-gen.json", "services.json"], "nothing is written")
    }

    @Test("a listen has no default_backend, and a connection without a request no status")
    func listen() throws {
        let folder = try Self.project(Self.services)
        let run = try ProgramRun.run(["route", "tcp://redis.test:6379"], in: folder.path)
        #expect(!run.stdout.contains("default_backend"), "\(run)")
        let json = try ProgramRun.run(["route", "tcp://redis.test:6379", "--format", "json"], in: folder.path)
        #expect(json.exitCode == 0 && json.stdout.contains("tcp_redis"), "\(json)")
        #expect(!json.stdout.contains("\"status\"") && !json.stdout.contains("default_backend"), "\(json)")
    }

    private static let own = """
        defaults
            mode http
            timeout connect 5s
            timeout client 5s
            timeout server 5s
        frontend web
            bind :80
            bind 192.0.2.7:443 ssl crt /etc/none alpn h2,http/1.1 strict-sni
            tcp-request connection reject if { src 203.0.113.9 }
            http-request deny if { src 10.0.0.0/8 } { path_beg /admin }
            http-request redirect scheme https unless { ssl_fc }
            use_backend b_%[req.hdr(host),field(1,.)] if { hdr(host) -m end .dyn.test }
            use_backend sni if { ssl_fc_sni sni.test }
            default_backend app
        backend app
            server a 10.0.0.1:80 check
        backend b_shop
            server b app.internal:80
        backend sni
            server c 10.0.0.3:80 ssl verify none

        """

    static let ownAnswers: [(words: [String], says: [String])] = [
        (["http://x.test/a"], ["302, Location: https://x.test/a", "http-request redirect scheme https"]),
        (["https://x.test/"], ["default_backend app", "a 10.0.0.1:80"]),
        (["https://sni.test/"], ["use_backend sni if { ssl_fc_sni sni.test }", "c 10.0.0.3:80"]),
        (["https://shop.dyn.test/"], ["backend b_shop", "b app.internal:80"]),
        (["https://none.dyn.test/"], ["use_backend b_%", "backend app"]),
        (["https://x.test/admin", "--from", "10.1.2.3"], ["403: the proxy answered by itself", "http-request deny"]),
        (["https://x.test/admin", "--from", "2001:db8::5"], ["backend app"]),
        (["http://x.test/", "--from", "203.0.113.9"], ["tcp-request connection reject", "ended the connection"]),
    ]

    @Test("TLS, redirects, refusals, names from the request, the client's address", arguments: ownAnswers)
    func answeredByOwn(_ test: (words: [String], says: [String])) throws {
        let folder = try Self.project("[]", template: Self.own)
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        for text in test.says { #expect(run.stdout.contains(text), "\(run)") }
    }

    static let failures: [(template: String, words: [String], exit: Int32, says: String)] = [
        (own, ["http://x.test:81/"], 1, "nothing listens on port 81; there is :80, 192.0.2.7:443"),
        (own, ["http://x.test/", "--from", "x"], 1, "--from x is not an IPv4 or IPv6 address"),
        (own, ["ftp://x"], 2, "'ftp://x' is not a URL to ask about"),
        (own, ["no", "http://x/"], 2, "the project has no target 'no'"),
        (own, [], 2, "URL is missing"),
        (own + "    bogus\n", ["http://x.test/"], 1, "edge.cfg:21: "),
        ("global\n    lua-load x.lua\n" + own, ["http://x.test/"], 1, "edge.cfg:2: "),
    ]

    @Test("what cannot be asked, and why", arguments: failures)
    func fails(_ test: (template: String, words: [String], exit: Int32, says: String)) throws {
        let folder = try Self.project("[]", template: test.template)
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == test.exit && run.stdout.isEmpty && run.stderr.contains(test.says), "\(run)")
    }

    @Test("for programs")
    func json() throws {
        let folder = try Self.project(Self.services)
        let run = try ProgramRun.run(["route", "--format", "json", "http://shop.test/api"], in: folder.path)
        for text in [#""backend": "be_api""#, #""place": "services.json:3:"#, #""deciding": ["#, #""passed": ["#] {
            #expect(run.stdout.contains(text), "\(run)")
        }
    }

    /// HAProxy's start finds out whether its resolver can be reached, which sends nothing.
    @Test("no port is opened, no address of the network is asked, and nothing is left")
    func touchesNothing() throws {
        let folder = try Self.project(Self.services)
        folder.makeFolder("tmp")
        let run = try ProgramRun.bash(
            """
            export TMPDIR=$PWD/tmp
            strace -f -o trace -e trace=bind,connect,listen '\(ProgramRun.binary)' route http://shop.test/ >out
            grep -E 'AF_INET6?' trace | grep -v 'htons(53)'; ls -A tmp
            """, in: folder.path)
        #expect(run.stdout.isEmpty, "\(run)")
        #expect(try folder.read("out").contains("backend be_shop"))
    }
}
