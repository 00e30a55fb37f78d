import TestSupport
import Testing

/// The kinds of routing of docs/services.md, each as a case of a test file, by both proxies and the shipped templates.
@Suite("Kinds of routing") struct KindsOfRoutingTests {
    private static let services = """
        [{"Id": "shop", "ApplicationProtocol": "http", "Domains": ["shop.test", "*.wild.test"], "Cookie": "where",
          "Hosts": [{"Id": "one", "Ip": "10.0.1.11", "Port": 8080}, {"Id": "two", "Ip": "10.0.1.12", "Port": 8080}]},
         {"Id": "api", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/api",
          "Hosts": [{"Ip": "10.0.1.13", "Port": 80}]},
         {"Id": "deep", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/api/deep",
          "Hosts": [{"Ip": "10.0.1.14", "Port": 80}]},
         {"Id": "static", "ApplicationProtocol": "http", "ProxyPath": "/static", "Hosts": [{"Ip": "10.0.1.15", "Port": 80}]},
         {"Id": "six", "ApplicationProtocol": "http", "Domains": ["[2001:db8::1]"], "Hosts": [{"Ip": "10.0.1.16", "Port": 80}]},
         {"Id": "coded", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/a%20b",
          "Hosts": [{"Ip": "10.0.1.17", "Port": 80}]},
         {"Id": "exact", "ApplicationProtocol": "http", "Domains": ["a.wild.test"],
          "Hosts": [{"Ip": "10.0.1.18", "Port": 80}]},
         {"Id": "alone", "ApplicationProtocol": "http", "Port": 9100, "Hosts": [{"Ip": "10.0.1.19"}]},
         {"Id": "redis", "Port": 6379, "Hosts": [{"Ip": "10.0.1.20"}]},
         {"Id": "dns", "Port": 53, "TransportProtocol": "udp", "Hosts": [{"Ip": "10.0.1.21"}]}]
        """

    private static let kinds: [(name: String, url: String, more: String, expect: String)] = [
        ("domain", "http://shop.test/", "", "shop"), ("domain with a path", "http://shop.test/x/y?z", "", "shop"),
        ("wildcard", "http://b.wild.test/", "", "shop"), ("wildcard, two names", "http://c.b.wild.test/", "", "shop"),
        ("a name itself before a wildcard", "http://a.wild.test/", "", "exact"),
        ("case", "http://SHOP.Test/", "", "shop"), ("port in Host", "http://shop.test:80/", "", "shop"),
        ("port in Host, by hand", "http://x.test/", #", "headers": {"Host": "shop.test:8080"}"#, "shop"),
        ("trailing dot", "http://shop.test./", "", "shop"),
        ("trailing dot and port", "http://x.test/", #", "headers": {"Host": "shop.test.:80"}"#, "shop"),
        ("IPv6", "http://[2001:db8::1]/", "", "six"),
        ("IPv6 with a port", "http://x.test/", #", "headers": {"Host": "[2001:db8::1]:80"}"#, "six"),
        ("both", "http://shop.test/api", "", "api"), ("both, below", "http://shop.test/api/x", "", "api"),
        ("both, with a query", "http://shop.test/api?x", "", "api"),
        ("both, longer", "http://shop.test/apix", "", "shop"),
        ("longest path", "http://shop.test/api/deep/x", "", "deep"),
        ("longest, longer", "http://shop.test/api/deepx", "", "api"),
        ("path", "http://other.test/static", "", "static"), ("path, below", "http://other.test/static/a", "", "static"),
        ("percent-encoding", "http://shop.test/a%20b/c", "", "coded"),
        ("neither", "http://any.test:9100/x", "", "alone"),
        ("tcp", "tcp://any.test:6379", "", "redis"),
        ("cookie", "http://shop.test/", #", "headers": {"Cookie": "where=two"}"#, "shop"),
    ]

    private static func file(_ isNginx: Bool) -> String {
        var cases = kinds.map { kind in
            #"{"name": "\#(kind.name)", "request": {"url": "\#(kind.url)"\#(kind.more)}, "expect": {"service": "\#(kind.expect)"}}"#
        }
        for (name, url) in [
            ("no name", "http://wild.test/"), ("no path", "http://other.test/statics"),
            ("no service", "http://x.test/"),
        ] {
            cases.append(#"{"name": "\#(name)", "request": {"url": "\#(url)"}, "expect": {"status": 503}}"#)
        }
        // haproxy passes no datagrams on.
        if isNginx {
            cases.append(#"{"name": "udp", "request": {"url": "udp://any.test:53"}, "expect": {"service": "dns"}}"#)
        }
        return "[" + cases.joined(separator: ",\n ") + "]"
    }

    @Test(arguments: ["haproxy.cfg", "nginx.conf"])
    func kinds(_ output: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.services, to: "services.json")
        try folder.write(Self.file(output == "nginx.conf"), to: "tests.json")
        try folder.write(
            """
            {"tests": "tests.json", "targets": [{"name": "edge", "template": "\(projectFolder)/templates/\(output).tmpl",
              "services": "services.json", "output": "\(output)"}]}
            """, to: "haproxy-gen.json")
        let run = try ProgramRun.run(["test"], in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
    }
}
