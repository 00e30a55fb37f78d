import TestSupport
import Testing

/// `haproxy-gen route`, answered by the real nginx.
@Suite("haproxy-gen route with nginx") struct RouteNginxTests {
    private static func project(_ services: String, template: String? = nil) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = template == nil ? "\(projectFolder)/templates/nginx.conf.tmpl" : "edge.conf.tmpl"
        if let template { try folder.write(template, to: "edge.conf.tmpl") }
        try folder.write(services, to: "services.json")
        try folder.write(
            #"{"targets": [{"name": "edge", "template": "\#(path)", "services": ["services.json"], "output": "edge.conf"}]}"#,
            to: "haproxy-gen.json")
        return folder
    }

    private static let services = """
        [{"Id": "shop", "ApplicationProtocol": "http", "Domains": ["shop.test", "*.wild.test"],
          "Hosts": [{"Ip": "10.0.1.11", "Port": 8080, "Weight": 100}, {"Ip": "10.0.1.12", "Port": 8080}]},
         {"Id": "api", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/api",
          "Hosts": [{"Ip": "10.0.1.13", "Port": 8080}]},
         {"Id": "static", "ApplicationProtocol": "http", "ProxyPath": "/static", "Hosts": [{"Ip": "10.0.1.14", "Port": 80}]},
         {"Id": "six", "ApplicationProtocol": "http", "Domains": ["[2001:db8::1]"], "Hosts": [{"Ip": "10.0.1.15", "Port": 80}]},
         {"Id": "redis", "Port": 6379, "Hosts": [{"Ip": "10.0.1.16"}]},
         {"Id": "dns", "Port": 53, "TransportProtocol": "udp", "Hosts": [{"Ip": "10.0.1.17"}]}]
        """

    static let answers: [(words: [String], upstream: String, says: String)] = [
        (["http://shop.test/"], "shop", "server_name shop.test;"),
        (["http://SHOP.test:80/x"], "shop", "10.0.1.11:8080  weight 100"),
        (["http://shop.test./"], "shop", "\"shop.test\""),
        (["http://a.b.wild.test/"], "shop", "server *.wild.test (listen 80)"),
        (["http://shop.test/api"], "api", "services.json:3:"),
        (["http://shop.test/api/x"], "api", "location /api/ {"),
        (["http://shop.test/apix"], "shop", "2 other locations of the server did not apply"),
        (["http://other.test/static/a"], "static", "services.json:5:"),
        (["http://[2001:db8::1]/"], "six", "(listen [::]:80)"),
        (["http://x.test/", "-H", "Host: shop.test"], "shop", "GET http://x.test/"),
        (["tcp://redis.test:6379"], "redis", "10.0.1.16:6379"),
        (["udp://dns.test:53"], "dns", "10.0.1.17:53"),
    ]

    @Test("who answers, and which lines say so", arguments: answers)
    func answered(_ test: (words: [String], upstream: String, says: String)) throws {
        let folder = try Self.project(Self.services)
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.isEmpty, "\(run)")
        #expect(run.stdout.contains("  upstream \(test.upstream)"), "\(run)")
        #expect(run.stdout.contains(test.says) && run.stdout.contains("nginx.conf.tmpl:"), "\(run)")
        #expect(try folder.names().sorted() == ["haproxy-gen.json", "services.json"], "nothing is written")
    }

    private static let own = """
        events { }
        http {
            include extra/*.conf;
            map $http_x $chosen { default app; b other; }
            upstream app { server 10.0.0.1:80 weight=3; server 10.0.0.2:80 backup; }
            upstream other { server app.internal:80; }
            server {
                listen 80 default_server;
                server_name _;
                return 444;
            }
            server {
                listen 80;
                listen 443 ssl http2;
                ssl_certificate /etc/none.pem;
                ssl_certificate_key /etc/none.pem;
                server_name x.test ~^r\\d+\\.test$;
                set_real_ip_from 0.0.0.0/0;
                location / { proxy_pass http://app; }
                location = /old { return 301 /new; }
                location /https { if ($scheme = http) { return 301 https://$host$request_uri; } proxy_pass http://app; }
                location /port { return 302 http://$host:$server_port/; }
                location /admin { deny 10.0.0.0/8; proxy_pass https://app/; }
                location /chosen { proxy_pass http://$chosen; }
                location /direct/ { proxy_pass http://192.0.2.9:8080/x/; }
                location /named { try_files /none @named; }
                location @named { fastcgi_pass unix:/run/php.sock; }
                location /post { limit_except GET { deny all; } proxy_pass http://app; }
                location /err { error_page 404 = @named; return 404; }
                location /missing { root /nonexistent; }
                location ~ \\.php$ { proxy_pass http://other; }
            }
            server { listen 192.0.2.7:80; server_name y.test; return 200 "y"; }
        }

        """

    static let ownAnswers: [(words: [String], says: [String])] = [
        (["http://nobody.test/"], ["server _ (listen 80)", "return 444;", "ended the connection by itself"]),
        (["http://x.test/"], ["upstream app", "10.0.0.1:80  weight 3", "10.0.0.2:80  weight 1  backup"]),
        (["http://r12.test/"], ["upstream app"]),
        (["http://x.test/old"], ["return 301 /new", "301, Location: http://x.test/new: the proxy answered by itself"]),
        (["https://x.test/old"], ["301, Location: https://x.test/new"]),
        (["http://x.test/https?a"], ["if ($scheme = http)", "301, Location: https://x.test/https?a"]),
        (["https://x.test/https"], ["location /https", "upstream app", "listen 443"]),
        (["http://x.test/port"], ["302, Location: http://x.test:80/"]),
        (["http://x.test/admin", "--from", "10.1.2.3"], ["403: the proxy answered by itself", "deny 10.0.0.0/8"]),
        (["http://x.test/admin", "--from", "2001:db8::5"], ["upstream app"]),
        (["http://x.test/chosen"], ["upstream app"]),
        (["http://x.test/chosen", "-H", "X: b"], ["upstream other", "app.internal:80"]),
        (["http://x.test/direct/a"], ["address 192.0.2.9:8080"]),
        (["http://x.test/named"], ["location @named", "address unix:/run/php.sock"]),
        (["http://x.test/err"], ["location @named"]),
        (["http://x.test/post"], ["upstream app"]),
        (["http://x.test/post", "-X", "POST"], ["limit_except GET", "403: the proxy answered by itself"]),
        (["http://x.test/missing"], ["404: the proxy answered by itself", "location /missing"]),
        (["http://x.test/a.php"], ["upstream other"]),
        (["http://192.0.2.7/", "-H", "Host: x.test"], ["server y.test (listen 192.0.2.7:80)", "return 200"]),
        (["http://inner.test:8080/"], ["server on port 8080", "include extra/*.conf;", "upstream app"]),
    ]

    @Test("servers, locations, variables, redirects, refusals, includes", arguments: ownAnswers)
    func answeredByOwn(_ test: (words: [String], says: [String])) throws {
        let folder = try Self.project("[]", template: Self.own)
        folder.makeFolder("extra")
        try folder.write(
            "server { listen 8080; server_name inner.test; location / { proxy_pass http://app; } }",
            to: "extra/a.conf")
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        for text in test.says { #expect(run.stdout.contains(text), "\(run)") }
        #expect(run.stderr.contains("edge.conf:18: the client's address is the one of the request"), "\(run)")
    }

    static let failures: [(template: String, words: [String], exit: Int32, says: String)] = [
        (own, ["http://x.test:81/"], 1, "nothing listens on port 81; there is "),
        (own, ["http://x.test:443/"], 1, "the listener on port 443 takes TLS: ask https://"),
        (
            "events { }\nhttp {\n  server {\n    listen 80;\n    bogus x;\n  }\n}\n", ["http://x.test/"], 1,
            "edge.conf:5: "
        ),
        ("load_module x.so;\n" + own, ["http://x.test/"], 1, "edge.conf:1: "),
    ]

    @Test("what cannot be asked, and why", arguments: failures)
    func fails(_ test: (template: String, words: [String], exit: Int32, says: String)) throws {
        let folder = try Self.project("[]", template: test.template)
        let run = try ProgramRun.run(["route"] + test.words, in: folder.path)
        #expect(run.exitCode == test.exit && run.stdout.isEmpty && run.stderr.contains(test.says), "\(run)")
    }

    @Test("no port is opened, no file outside is written, and nothing is left")
    func touchesNothing() throws {
        let folder = try Self.project(Self.services)
        folder.makeFolder("tmp")
        let run = try ProgramRun.bash(
            """
            export TMPDIR=$PWD/tmp
            strace -f -o trace -e trace=bind,connect,listen,openat,mkdir,rename,unlink '\(ProgramRun.binary)' route http://shop.test/ >out
            grep -E 'AF_INET6?' trace | grep -v 'htons(53)'
            grep -E 'O_WRONLY|O_RDWR|mkdir\\(' trace | grep -v ENOENT | grep -v -e "$PWD/tmp/" -e '"/dev/null"' -e '"/proc/' \\
                -e '"haproxy-gen-' -e '"n[0-9]' -e EEXIST -e '"/sys/' -e '"/tmp/haproxy-gen-cage'
            ls -A tmp
            """, in: folder.path)
        #expect(run.stdout.isEmpty, "\(run)")
        #expect(try folder.read("out").contains("upstream shop"))
    }
}
