import TestSupport
import Testing

/// Configurations broken in many ways, each refused by the real proxy and shown at the line of the template that wrote
/// the fault, with the line of the service file whose value stands in it.
@Suite struct BrokenConfigurationTests {
    struct Break: CustomTestStringConvertible {
        let proxy: String
        /// A part of the good template and what stands in its place.
        var template: (old: String, new: String) = ("", "")
        /// A part of the good service file and what stands in its place.
        var service: (old: String, new: String) = ("", "")
        /// What the message has in it.
        let says: String
        /// A part of the template's line that is to be blamed.
        let templateLine: String
        /// A part of the service file's line that is to be blamed.
        let serviceLine: String
        var testDescription: String { "\(proxy): \(says)" }

        /// A fault in the Config of a service.
        static func config(_ proxy: String, _ lines: String, says: String) -> Break {
            Break(
                proxy: proxy, service: ("\"Config\": \"\"", "\"Config\": \"\(lines)\""), says: says,
                templateLine: "{{ .Config }}", serviceLine: "\"Config\"")
        }
    }

    static let breaks: [Break] = [
        Break(
            proxy: "haproxy", service: ("roundrobin", "nosuch"), says: "balance only supports",
            templateLine: "balance", serviceLine: "\"Balance\""),
        .config("haproxy", "bogus x", says: "unknown keyword 'bogus'"),
        .config("haproxy", "option bogus", says: "unknown option 'bogus'"),
        .config("haproxy", "acl x nosuch(foo)", says: "unknown fetch method 'nosuch'"),
        .config("haproxy", "http-request deny if nosuch", says: "no such ACL : 'nosuch'"),
        .config("haproxy", "timeout server abc", says: "unexpected character 'a'"),
        .config("haproxy", "cookie", says: "'cookie' expects"),
        .config("haproxy", "stick on src table nosuch", says: "unable to find stick-table 'nosuch'"),
        .config("haproxy", "reqadd foo", says: "'reqadd' directive is not supported"),
        .config("haproxy", "hash-type nosuch", says: "hash-type"),
        .config("haproxy", "http-request set-header", says: "expects exactly 2 arguments"),
        .config("haproxy", "server a 10.0.0.9:80", says: "two servers of one section are named 'a'"),
        .config("haproxy", "use-server nosuch if TRUE", says: "nosuch"),
        .config("haproxy", "errorfile 503 /nosuch/503.http", says: "/nosuch/503.http"),
        .config("haproxy", "http-request return status 200 file /nosuch/file", says: "/nosuch/file"),
        Break(
            proxy: "haproxy", template: ("bind :", "bind "), says: "missing port specification in '8080'",
            templateLine: "bind ", serviceLine: "\"Port\""),
        Break(
            proxy: "haproxy", template: ("use_backend {{ .Name }}", "use_backend {{ .Name }}_pool"),
            says: "unable to find required use_backend: 'web_pool'", templateLine: "use_backend",
            serviceLine: "\"Id\": \"web\""),
        Break(
            proxy: "haproxy", template: ("if host_{{ .Name }}", "if hosts_{{ .Name }}"),
            says: "no such ACL : 'hosts_web'", templateLine: "use_backend", serviceLine: "\"Id\": \"web\""),
        Break(
            proxy: "haproxy", template: ("-i {{", "-z {{"), says: "'-z' is not a valid ACL option",
            templateLine: "acl host_", serviceLine: "\"Domains\""),
        Break(
            proxy: "haproxy", template: ("weight {{ .Weight }}", "weight 9{{ .Weight }}"), says: "weight",
            templateLine: "server {{ .Id }}", serviceLine: "\"Weight\""),
        Break(
            proxy: "haproxy", template: ("backend {{ .Name }}\n", "backnd {{ .Name }}\n"),
            says: "unknown keyword 'backnd'", templateLine: "backnd", serviceLine: "\"Id\": \"web\""),
        Break(
            proxy: "haproxy", template: ("    balance", "    mode tcp\n    balance"),
            says: "incompatible tcp backend 'web'", templateLine: "backend {{ .Name }}",
            serviceLine: "\"Id\": \"web\""),
        Break(
            proxy: "haproxy", template: ("server {{ .Id }}", "server same"),
            says: "two servers of one section are named 'same'",
            templateLine: "server same", serviceLine: "\"Id\": \"b\""),
        .config("nginx", "bogus on;", says: "unknown directive \"bogus\""),
        .config("nginx", "root;", says: "invalid number of arguments in \"root\""),
        .config("nginx", "listen 70000;", says: "invalid port in \"70000\""),
        .config("nginx", "location ~ ( { }", says: "missing closing parenthesis"),
        .config("nginx", "include nosuch.conf;", says: "No such file or directory"),
        .config("nginx", "return 200 $nosuch;", says: "unknown \"nosuch\" variable"),
        .config("nginx", "upstream u { server 10.0.0.1; }", says: "\"upstream\" directive is not allowed here"),
        .config("nginx", "ssl_certificate /nosuch.pem; ssl_certificate_key /nosuch.key;", says: "nosuch"),
        .config("nginx", "location / { }", says: "two locations of one block are for '/'"),
        Break(
            proxy: "nginx", template: ("weight={{ .Weight }}", "weight={{ .Weight }}x"),
            says: "invalid parameter \"weight=10x\"", templateLine: "server {{ .Address }}",
            serviceLine: "\"Weight\": 10"),
        Break(
            proxy: "nginx", template: ("listen {{ .Port }};", "listen {{ .Port }} bogus;"),
            says: "invalid parameter \"bogus\"", templateLine: "listen", serviceLine: "\"Port\""),
        Break(
            proxy: "nginx", template: ("listen {{ .Port }};", "listen 999{{ .Port }};"),
            says: "invalid port in \"9998080\"", templateLine: "listen", serviceLine: "\"Port\""),
    ]

    static let templates = [
        "haproxy": """
        defaults
            mode http
            timeout client 10s
            timeout connect 5s
            timeout server 10s

        frontend front
            bind :{{ (index . 0).Port }}
        {{- range . }}
            acl host_{{ .Name }} hdr(host) -i {{ index .Domains 0 }}
            use_backend {{ .Name }} if host_{{ .Name }}
        {{- end }}
        {{- range . }}

        backend {{ .Name }}
            balance {{ .Balance }}
        {{- range .Hosts }}
            server {{ .Id }} {{ .Address }} check weight {{ .Weight }}
        {{- end }}
            {{ .Config }}
        {{- end }}

        """,
        "nginx": """
        events { }
        http {
        {{- range . }}
            upstream {{ .Name }} {
        {{- range .Hosts }}
                server {{ .Address }} weight={{ .Weight }};
        {{- end }}
            }
            server {
                listen {{ .Port }};
                server_name {{ index .Domains 0 }};
                location / { proxy_pass http://{{ .Name }}; }
                {{ .Config }}
            }
        {{- end }}
        }

        """,
    ]

    static let service = """
        {"Id": "web",
         "ApplicationProtocol": "http",
         "Port": 8080,
         "Domains": ["www.example.org"],
         "Balance": "roundrobin",
         "Config": "",
         "Hosts": [
           {"Id": "a", "Ip": "10.0.0.1",
            "Weight": 10},
           {"Id": "b", "Ip": "10.0.0.2", "Weight": 20}]}

        """

    @Test(arguments: breaks)
    func isShownAtItsCause(broken: Break) throws {
        let template = Self.changed(Self.templates[broken.proxy] ?? "", broken.template)
        let service = Self.changed(Self.service, broken.service)
        let run = try Self.check(broken.proxy, template, service)
        #expect(run.exitCode == 1, "\(run)")
        let lines = Self.lines(template, with: broken.templateLine).map { "line=\($0)," }
        let places = Self.lines(service, with: broken.serviceLine).map { "services/web.json:\($0):" }
        let found = run.stdout.split(separator: "\n").filter {
            $0.contains("title=proxy-error") || $0.contains("title=duplicate-name")
                || $0.contains("not on this machine")
        }
        #expect(
            found.contains { line in
                line.contains(broken.says) && lines.contains { line.contains($0) }
                    && places.contains { line.contains($0) } && line.contains("file=templates/")
            }, "\(run)")
    }

    @Test(arguments: ["haproxy", "nginx"])
    func theGoodOnesPass(proxy: String) throws {
        let run = try Self.check(proxy, Self.templates[proxy] ?? "", Self.service, isRendered: true)
        #expect(run.exitCode == 0, "\(run)")
        #expect(!run.stdout.contains("proxy-"), "\(run)")
    }

    private static func check(
        _ proxy: String, _ template: String, _ service: String, isRendered: Bool = false
    ) throws -> ProgramRun {
        let name = proxy == "haproxy" ? "x.cfg" : "x.conf"
        let folder = try TemporaryFolder([
            "templates/\(name).tmpl": template, "services/web.json": service, "rendered/x": "",
            "haproxy-gen.json": """
            {"targets": [{"name": "x", "template": "templates/\(name).tmpl", "services": ["services"],
                          "output": "rendered/\(name)"}]}
            """,
        ])
        if isRendered { #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0) }
        return try ProgramRun.run(["check", "--require-proxy", "--format", "github"], in: folder.path)
    }

    private static func changed(_ text: String, _ change: (old: String, new: String)) -> String {
        guard !change.old.isEmpty, let range = text.firstRange(of: change.old) else { return text }
        return text.replacingCharacters(in: range, with: change.new)
    }

    private static func lines(_ text: String, with part: String) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.contains(part) }.map { $0.offset + 1 }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
