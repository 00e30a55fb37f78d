import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

/// `check` where the machine is not the one that the configuration is for, with the real proxies.
@Suite("Off the production host") struct OtherMachineTests {
    private static let haproxy = """
        global
            GLOBAL
        defaults
            mode http
            timeout connect 5s
            timeout client 5s
            timeout server 5s
            DEFAULTS
        frontend front
            bind :18080
            FRONTEND
            default_backend web
        backend web
            BACKEND
            server s 192.0.2.7:80

        """
    private static let nginx = """
        MAIN
        events {}
        http {
            HTTP
            server {
                listen 18080;
                SERVER
                location / {
                    proxy_pass http://192.0.2.7;
                    LOCATION
                }
            }
        }

        """

    struct Need: CustomTestStringConvertible, Sendable {
        let isNginx: Bool
        let place: String
        let line: String
        /// The column of what is missing; and what is said of it.
        let column: Int
        let says: String

        init(_ place: String, _ line: String, _ column: Int, _ says: String) {
            isNginx = ["MAIN", "HTTP", "SERVER", "LOCATION"].contains(place)
            self.place = place
            self.line = line
            self.column = column
            self.says = says
        }

        var testDescription: String { line }
    }

    private static let certificate = "is not on this machine: the rest was checked with a certificate made for checks"
    private static let file = "is not on this machine: the rest was checked with a file in its place"
    private static let without = "is not on this machine: the rest was checked without it"
    private static let name = "the DNS of this machine does not know 'app.internal.invalid': the rest was checked with"

    static let needs: [Need] = [
        Need("GLOBAL", "user nosuchuser", 10, "this machine knows no user 'nosuchuser'"),
        Need("GLOBAL", "group nosuchgroup", 11, "this machine knows no group 'nosuchgroup'"),
        Need("GLOBAL", "stats socket /run/x.sock user nosuchuser", 35, "this machine knows no user 'nosuchuser'"),
        Need("GLOBAL", "log app.internal.invalid:514 local0", 9, name),
        Need("GLOBAL", "ssl-dh-param-file /etc/nosuch/dh.pem", 23, without),
        Need("DEFAULTS", "errorfile 503 /etc/nosuch/503.http", 19, file),
        Need("FRONTEND", "bind :18443 ssl crt /etc/nosuch/site.pem alpn h2", 25, certificate),
        Need("FRONTEND", "bind :18443 ssl crt /etc/nosuch/certs/ alpn h2", 25, certificate),
        Need("FRONTEND", "bind :18443 ssl crt certs/site.pem", 25, certificate),
        Need("FRONTEND", "bind :18443 ssl crt-list /etc/nosuch/list", 30, file),
        Need("FRONTEND", "acl a src -f /etc/nosuch/acl.lst", 18, file),
        Need("FRONTEND", "http-request set-header X %[src,map(/etc/nosuch/m.map,0)]", 41, file),
        Need("FRONTEND", "bind app.internal.invalid:18081", 10, name),
        Need("FRONTEND", "http-request return status 200 content-type text/plain file /etc/nosuch/a", 65, file),
        Need("FRONTEND", "http-request return status 200 content-type text/plain lf-file /etc/nosuch/a", 68, file),
        Need("FRONTEND", "http-request deny errorfile /etc/nosuch/403.http", 33, file),
        Need("FRONTEND", "http-error status 404 errorfile /etc/nosuch/404.http", 37, file),
        Need("FRONTEND", "filter spoe engine e config /etc/nosuch/e.conf", 33, without),
        Need(
            "FRONTEND", "bind :18082 namespace nosuch", 27,
            "'/var/run/netns/nosuch' is not on this machine: the rest was checked without it"),
        Need("BACKEND", "server a app.internal.invalid:80 check", 14, name),
        Need("BACKEND", "server a 192.0.2.8:443 ssl ca-file /etc/nosuch/ca.pem", 40, certificate),
        Need("MAIN", "user nosuchuser;", 6, "this machine knows no user 'nosuchuser'"),
        Need("MAIN", "user nobody nosuchgroup;", 13, "this machine knows no group 'nosuchgroup'"),
        Need("HTTP", "upstream u { server app.internal.invalid:80; }", 25, name),
        Need("HTTP", "set_real_ip_from app.internal.invalid;", 22, name),
        Need("HTTP", "access_log syslog:server=app.internal.invalid;", 30, name),
        Need("HTTP", "error_log syslog:server=app.internal.invalid:514;", 29, name),
        Need("HTTP", "upstream u { server app.internal.invalid; }", 25, name),
        Need(
            "SERVER", "listen 18443 ssl; ssl_certificate /etc/nosuch/a.pem; ssl_certificate_key /etc/nosuch/a.key;", 43,
            certificate),
        Need(
            "SERVER", "listen 18443 ssl; ssl_certificate certs/a.pem; ssl_certificate_key certs/a.pem;", 43, certificate
        ),
        Need(
            "SERVER",
            "listen 18443 ssl; ssl_certificate /etc/nosuch/a.pem; ssl_certificate_key /etc/nosuch/a.key; ssl_client_certificate /etc/nosuch/ca.pem; ssl_verify_client on;",
            124, certificate),
        Need(
            "SERVER",
            "listen 18443 ssl; ssl_certificate /etc/nosuch/a.pem; ssl_certificate_key /etc/nosuch/a.key; ssl_dhparam /etc/nosuch/dh.pem;",
            113, without),
        Need("LOCATION", "fastcgi_pass app.internal.invalid:9000;", 26, name),
    ]

    private static func folder(_ need: Need, broken: Bool) throws -> (TemporaryFolder, place: String) {
        var template = (need.isNginx ? nginx : haproxy).replacing(need.place, with: need.line)
        if need.place == "LOCATION", need.line.hasPrefix("fastcgi") {
            template = template.replacing("proxy_pass http://192.0.2.7;", with: "# other")
        }
        for place in ["GLOBAL", "DEFAULTS", "FRONTEND", "BACKEND", "MAIN", "HTTP", "SERVER", "LOCATION"] {
            template = template.replacing(place, with: "# none")
        }
        if broken { template += need.isNginx ? "bogus on;\n" : "    bogus on\n" }
        let name = need.isNginx ? "x.conf" : "x.cfg"
        let folder = try TemporaryFolder([
            "\(name).tmpl": template, "d.json": "{}", name: template,
            "haproxy-gen.json":
                #"{"targets": [{"name": "x", "template": "\#(name).tmpl", "data": "d.json", "output": "\#(name)"}]}"#,
        ])
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
        let line = (lines.firstIndex { $0.contains(need.line) } ?? 0) + 1
        return (folder, "\(name).tmpl:\(line):\(need.column): ")
    }

    @Test("what only the target machine has is a warning at its place, and the rest is checked", arguments: needs)
    func need(_ need: Need) throws {
        let (folder, place) = try Self.folder(need, broken: false)
        let run = try ProgramRun.run(["check", "--require-proxy"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains(place + "warning: "), "\(run)")
        #expect(run.stderr.contains(need.says) && run.stderr.contains("note: haproxy-gen apply refuses it"), "\(run)")
        #expect(!run.stderr.contains("haproxy-gen-stand-in") && !run.stderr.contains("haproxy-gen-check-"), "\(run)")
        let skipped = try ProgramRun.run(["check", "--no-proxy"], in: folder.path)
        #expect(skipped.exitCode == 0 && !skipped.stderr.contains("this machine"), "\(skipped)")
        // What is about to run here is not taken as it is.
        let apply = try ProgramRun.run(["apply", "--dry-run"], in: folder.path)
        #expect(apply.exitCode == 0, "unchanged: \(apply)")
        try folder.write("# old\n", to: need.isNginx ? "x.conf" : "x.cfg")
        let strict = try ProgramRun.run(["apply", "--dry-run"], in: folder.path)
        #expect(strict.exitCode == 1 && strict.stderr.contains("[proxy-error]"), "\(strict)")
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
    }

    @Test("another mistake is found beside it", arguments: needs)
    func mistake(_ need: Need) throws {
        let (folder, place) = try Self.folder(need, broken: true)
        let run = try ProgramRun.run(["check", "--require-proxy"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("bogus"), "\(run)")
        let errors = run.stderr.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(errors.count == 1, "\(run)")
        // nginx stops at the first mistake, and HAProxy looks for names of servers where it has found none.
        let isLater = need.isNginx || need.place == "BACKEND" && need.says == Self.name
        #expect(isLater || run.stderr.contains(place + "warning: "), "\(run)")
    }

    @Test("a file that is there and wrong stays an error, and so does one of the repository that is missing")
    func noNeed() throws {
        for line in [
            "bind :18443 ssl crt HERE/bad.pem", "errorfile 503 errors/503.http", "bind 300.0.0.1:80",
            "server s",
        ] {
            let need = Need("FRONTEND", line, 1, "")
            let (folder, _) = try Self.folder(need, broken: false)
            try folder.write("no certificate\n", to: "bad.pem")
            let template = try folder.read("x.cfg.tmpl").replacing("HERE", with: folder.path)
            for name in ["x.cfg.tmpl", "x.cfg"] { try folder.write(template, to: name) }
            let run = try ProgramRun.run(["check", "--require-proxy"], in: folder.path)
            #expect(run.exitCode == 1 && run.stderr.contains("[proxy-error]"), "\(line): \(run)")
        }
    }

    @Test("a plain call of the proxy in 'check' is no other way", arguments: ["haproxy -c -f {file}"])
    func ownCheck(_ command: String) throws {
        let (folder, place) = try Self.folder(Self.needs[6], broken: false)
        let project = try folder.read("haproxy-gen.json").replacing(
            "\"data\"", with: "\"check\": \"\(command)\", \"data\"")
        try folder.write(project, to: "haproxy-gen.json")
        let run = try ProgramRun.run(["check", "--require-proxy"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains(place + "warning: "), "\(run)")
    }

    // MARK: Names

    private static let service =
        #"{"Id": "a", "Port": 18080, "Hosts": [{"Id": "h1", "Ip": "app1.internal.invalid"}, "#
        + #"{"Id": "h2", "Ip": "app2.internal.invalid"}, {"Id": "h3", "Ip": "app2.internal.invalid", "Port": 81}]}"#

    @Test("each unknown name is told once, with what starts anyway", arguments: ["cfg", "conf"], [false, true])
    func names(_ ending: String, _ isStrict: Bool) throws {
        let template =
            ending == "cfg"
            ? "defaults\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\n{{ range . }}listen {{ .Name }}\n"
                + "  bind :{{ .ListenPort }}\n{{ range .Hosts }}  server {{ .Id }} {{ .Address }}\n{{ end }}{{ end }}"
            : "events {}\nhttp {\n{{ range . }}upstream {{ .Name }} {\n{{ range .Hosts }}  server {{ .Address }};\n"
                + "{{ end }}}\nserver { listen 18080; location / { proxy_pass http://{{ .Name }}; } }\n{{ end }}}\n"
        let folder = try TemporaryFolder([
            "t.\(ending)": template, "s.json": Self.service, "o": "old\n",
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.\#(ending)", "services": ["s.json"], "output": "o"}]}"#,
        ])
        let run = try ProgramRun.run(isStrict ? ["apply", "--dry-run"] : ["check"], in: folder.path)
        let found = run.stderr.split(separator: "\n").filter { $0.contains("[proxy-") }
        // nginx names one, and does not go on where nothing may stand in for it.
        #expect(found.count == (isStrict && ending == "conf" ? 1 : 2), "\(run)")
        #expect(
            found.allSatisfy { $0.contains("t.\(ending):") && $0.contains(isStrict ? "error" : "warning") }, "\(run)")
        #expect(!run.stderr.contains("Failed to initialize"), "\(run)")
        #expect(run.stderr.contains(ending == "cfg" ? "'init-addr last,libc,none'" : "a 'resolver' and a variable"))
        #expect(run.stderr.contains("DNS of this machine") && run.stderr.contains("s.json:1:"), "\(run)")
    }

    @Test("very many unknown names of nginx end, too")
    func manyUnknownNames() throws {
        let names = (0..<80).map { "\"h\($0).internal.invalid\"" }.joined(separator: ",")
        let template =
            "events {}\nhttp {\nupstream u {\n{{ range . }}  server {{ . }}:80;\n{{ end }}}\n"
            + "server { listen 18080; location / { proxy_pass http://u; } }\n}\n"
        let folder = try TemporaryFolder([
            "t.conf": template, "d.json": "[\(names)]",
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.conf", "data": "d.json", "output": "o.conf"}]}"#,
        ])
        let run = try ProgramRun.run(["render"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.split(separator: "does not know 'h").count > 40, "\(run)")
    }

    // MARK: Without a line

    private static let long = "preview-0123456789-0123456789.team-blue.region-1.cloud.example.org"

    @Test(
        "a name that is too long for nginx's tables stands at its place, with the value to write",
        arguments: [
            ("server {\n listen 18080;\n server_name {{ . }};\n return 204; }\n", 6, "server_names_hash_bucket_size"),
            ("map $host $up_{{ len . }} {\n\n {{ . }} 1;\n}\n", 6, "map_hash_bucket_size"),
        ])
    func hash(_ block: String, _ line: Int, _ directive: String) throws {
        let folder = try TemporaryFolder([
            "t.conf": "events {}\nhttp {\n{{ range .domains }}\(block){{ end }}}\n",
            "d.json": #"{"domains": ["a.example.org", "\#(Self.long)", "b.example.org"]}"#,
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.conf", "data": "d.json", "output": "o.conf"}]}"#,
        ])
        let run = try ProgramRun.run(["check"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("t.conf:5:"), "\(run)")
        #expect(run.stderr.contains("d.json:1:31: note: 'preview-0123456789-"), "\(run)")
        let advice = "note: write '\(directive) 128;' into http: this name has 66 characters"
        #expect(run.stderr.contains(advice) && !run.stderr.contains("names no line"), "\(run)")
        // The advice is right.
        try folder.write(
            try folder.read("t.conf").replacing("http {", with: "http { \(directive) 128;"), to: "t.conf")
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
    }

    @Test("too many names for nginx's table are told at http")
    func manyNames() throws {
        let names = (0..<3_000).map { "\"n\($0).preview.example.org\"" }.joined(separator: ",")
        let folder = try TemporaryFolder([
            "t.conf":
                "events {}\nhttp {\n{{ range . }}server { listen 18080; server_name {{ . }}; return 204; }\n{{ end }}}\n",
            "d.json": "[\(names)]",
            "haproxy-gen.json":
                #"{"targets": [{"name": "a", "template": "t.conf", "data": "d.json", "output": "o.conf"}]}"#,
        ])
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
        let run = try ProgramRun.run(["check"], in: folder.path)
        let values = "server_names_hash_max_size 4096; server_names_hash_bucket_size 128;"
        #expect(run.stderr.contains("t.conf:2:1: warning: nginx says: could not build optimal"), "\(run)")
        #expect(run.stderr.contains("write '\(values)' into http, for 3000 names"), "\(run)")
        try folder.write(
            try folder.read("t.conf").replacing("http {", with: "http { \(values)"), to: "t.conf")
        #expect(try ProgramRun.run(["render"], in: folder.path).exitCode == 0)
        #expect(try !ProgramRun.run(["check"], in: folder.path).stderr.contains("could not build"))
    }
}
