import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What each line of a configuration becomes, and where the lines of the result came from.
@Suite("Configurations moved to sockets") struct RelocationTests {
    private static func moved(_ text: String) -> Relocation {
        Relocation.haproxy(ConfigurationText(Array(text.utf8), dialect: .haproxy))
    }

    private static let mark = "{ var(txn.hg,r),concat(.2),set-var(txn.hg) -m found }"

    static let moves: [(section: String, line: String, moved: [String])] = [
        ("frontend f", "bind :80", ["bind unix@b0 accept-proxy"]),
        ("frontend f", "bind :80,:81 v4v6", ["bind unix@b0 accept-proxy", "bind unix@b1 accept-proxy"]),
        (
            "frontend f", "bind *:443 ssl crt /etc/x alpn h2,http/1.1 strict-sni ca-file c verify required",
            ["bind unix@b0 accept-proxy ssl alpn h2,http/1.1 crt haproxy-gen-route.pem"]
        ),
        ("frontend f", "log global", []), ("defaults", "option httplog", []),
        (
            "backend b", "server a 10.0.0.1:80 check weight 5 ssl verify none cookie a",
            ["server a unix@stub weight 5 cookie a"]
        ),
        ("backend b", "server \"a b\" x:80 disabled", ["server \"a b\" unix@stub disabled"]),
        ("backend b", "server-template w 2 x:80 check", ["server w1 unix@stub", "server w2 unix@stub"]),
        ("backend b", "default-server inter 1s weight 3", ["default-server weight 3"]),
        ("backend b", "option httpchk GET /", []), ("backend b", "http-check send meth GET", []),
        ("backend b", "stick-table type ip size 1k peers p", ["stick-table type ip size 1k"]),
        ("frontend f", "use_backend b", ["use_backend b if \(mark)"]),
        ("frontend f", "use_backend b if A", ["use_backend b if A \(mark)"]),
        ("frontend f", "use_backend b if A or B C", ["use_backend b if A \(mark) or B C \(mark)"]),
        ("frontend f", "use_backend b if { path or } || B", ["use_backend b if { path or } \(mark) || B \(mark)"]),
        ("frontend f", "use_backend b unless A", ["use_backend b unless A or !\(mark)"]),
        ("frontend f", "http-request set-log-level silent", ["http-request set-log-level info if \(mark)"]),
        (
            "frontend f", "tcp-request connection reject if A",
            ["tcp-request session reject if A { var(sess.hg,r),concat(.2),set-var(sess.hg) -m found }"]
        ),
        ("frontend f", "tcp-request connection expect-proxy layer4", []),
        ("frontend f", "acl A path_beg /a", ["acl A path_beg /a"]),
        ("global", "user haproxy", []), ("global", "chroot /var/lib/haproxy", []),
        ("global", "tune.bufsize 16384", ["tune.bufsize 16384"]), ("resolvers r", "nameserver a 192.0.2.1:53", []),
    ]

    @Test(arguments: moves)
    func line(_ test: (section: String, line: String, moved: [String])) {
        let relocation = Self.moved("\(test.section)\n    \(test.line)\n")
        let made = zip(relocation.lines, relocation.origins).filter { $0.1 == 2 }.map { line, _ in
            line.drop { $0 == " " }
        }
        #expect(made.filter { !$0.isEmpty }.map(String.init) == test.moved)
    }

    private static func movedNginx(_ text: String) -> Relocation {
        Relocation.nginx(ConfigurationText(Array(text.utf8), dialect: .nginx), included: { _ in [] })
    }

    static let nginxMoves: [(block: String, line: String, moved: [String])] = [
        ("server {", "listen 80;", ["listen unix:n0 proxy_protocol;"]),
        (
            "server {", "listen 443 ssl http2 default_server reuseport;",
            ["listen unix:n0 proxy_protocol default_server;"]
        ),
        ("server {", "ssl_certificate a;", []), ("server {", "access_log x;", []), ("", "resolver 192.0.2.1;", []),
        ("server {", "ssl_reject_handshake on;", ["return 444;"]),
        ("upstream u {", "server 10.0.0.1:80 weight=2 resolve backup;", ["server unix:./stub weight=2 backup;"]),
        ("server {", "proxy_pass http://U;", ["proxy_pass \"http://U\";"]),
        ("server {", "proxy_pass http://10.0.0.1:80/x;", ["proxy_pass \"http://unix:./stub:/x\";"]),
        ("server {", "fastcgi_pass unix:/x;", ["fastcgi_pass unix:./stub;"]),
        ("server {", "proxy_pass http://$u;", ["proxy_pass $hg_p0;"]),
        (
            "server {", "return 301 $scheme://$host:${server_port}/;",
            ["return 301 $hg_scheme://$host:${proxy_protocol_server_port}/;"]
        ),
        ("server {", "location / { root x; }", ["location / {", "set $hg_t \"${hg_t}.4\";", "root x;", "}"]),
        ("server {", "content_by_lua_block { x }", []),
        ("map $a $b {", "default $schemes;", ["default $schemes;"]),
    ]

    @Test(arguments: nginxMoves)
    func nginxLine(_ test: (block: String, line: String, moved: [String])) {
        let before = test.block == "upstream u {" ? "" : "upstream u { server x; } "
        let relocation = Self.movedNginx(
            "http { \(before)\(test.block)\n\(test.line)\n\(test.block.isEmpty ? "" : "}") }\n")
        let made = zip(relocation.lines, relocation.origins).filter { $0.1 == 2 }.map { line, _ in
            String(line.drop { $0 == " " }).replacing("unix:.//./stub", with: "unix:./stub")
        }
        #expect(made == test.moved)
    }

    @Test("nginx: one socket for an address, whatever its writing, and names of stand-ins that differ")
    func nginxSockets() {
        let relocation = Self.movedNginx(
            """
            http {
                server { listen 80; } server { listen *:80 default_server; } server { listen [::]:80; }
                server { listen 127.0.0.1; } server { }
            }
            stream { server { listen 80; proxy_pass 192.0.2.1:1; } server { listen 53 udp; proxy_pass 192.0.2.1:2; } }
            """)
        #expect(relocation.entrances.map(\.socket) == ["n0", "n1", "n2", "n3", "n4"])
        #expect(relocation.entrances.map(\.address.text) == ["80", "[::]:80", "127.0.0.1", "80", "53"])
        #expect(relocation.entrances[0].owner == 3 && relocation.entrances[4].isDatagram)
        #expect(relocation.targets.keys.sorted() == [".//./stub", "./stub"])
    }

    @Test("lines keep their origin, and ours have none")
    func origins() {
        let relocation = Self.moved("global\n    user x\nfrontend f\n    bind :80\n    bogus\n")
        let bogus = relocation.lines.firstIndex(of: "    bogus").map { $0 + 1 }
        #expect(bogus.flatMap(relocation.origin(ofLine:)) == 5)
        #expect(relocation.origin(ofLine: relocation.lines.count) == nil && relocation.origin(ofLine: 0) == nil)
        #expect(relocation.entrances.map(\.line) == [4])
    }

    @Test("what cannot be moved is noted")
    func notes() {
        let relocation = Self.moved(
            "program p\n    command x\nfrontend f\n    bind quic4@:443\n    http-request do-resolve(txn.a,r) hdr(host)\n"
        )
        #expect(relocation.notes.map(\.line) == [1, 4, 5])
        #expect(!relocation.lines.contains { $0.contains("command") || $0.contains("quic") })
    }

    @Test("the way in: of the very address, else of all addresses, else any with the port")
    func entrance() throws {
        let relocation = Self.moved("frontend f\n    bind 192.0.2.7:80\n    bind :80\n    bind 192.0.2.8:90\n")
        func socket(_ url: String) throws -> String? {
            relocation.entrance(for: try RouteRequest(url: url))?.socket
        }
        #expect(try socket("http://192.0.2.7/") == "b0")
        #expect(try socket("http://a.example/") == "b1")
        #expect(try socket("http://a.example:90/") == "b2")
        #expect(try socket("http://a.example:91/") == nil)
    }

    @Test("the log: names, servers and rules of each request")
    func log() {
        let log = RouteLog(
            haproxy: """
                <134>x HG 1024|web~|app|a|200|--||.5.12
                HG 1025|web~|web~|<NOSRV>|403|PR|.3|.9
                nonsense
                HG x|a|b
                """)
        #expect(log.lines[1024]?.frontend == "web" && log.lines[1024]?.server == "a")
        #expect(log.lines[1024]?.rules == [5, 12] && log.lines[1024]?.status == 200)
        #expect(log.lines[1025]?.backend == "web" && log.lines[1025]?.server == nil)
        #expect(log.lines[1025]?.rules == [3, 9] && log.lines.count == 2)
    }

    // MARK: Runs that do not begin

    private static func ask(_ text: String, dialect: Dialect = .haproxy, program: Bool = true) throws
        -> RouteRun.Outcome
    {
        var files = FileSystem.system
        if !program { files.status = { _ throws(SystemError) in throw SystemError(number: ENOENT) } }
        let processes = ChildProcess { _, _ throws(SystemError) in throw SystemError(number: ENOEXEC) }
        let proxy = ProxyCheck(
            files: files, processes: processes, temporaries: .unregistered, cache: nil, environment: { _ in nil })
        let text = ConfigurationText(Array(text.utf8), dialect: dialect)
        let request = try RouteRequest(url: "http://x.test/")
        return try RouteRun(proxy: proxy).ask([request], of: .init(output: "edge.cfg", text: text))
    }

    @Test("no program, no proxy for the dialect, code, nothing that listens, a program that cannot be started")
    func refusals() throws {
        guard case .notInstalled("haproxy") = try Self.ask("frontend f\n bind :80\n", program: false) else {
            return #expect(Bool(false))
        }
        guard case .nothingToAsk = try Self.ask("x", dialect: .plain) else { return #expect(Bool(false)) }
        guard case .refusedCode(let refusals) = try Self.ask("global\n lua-load x\n") else {
            return #expect(Bool(false))
        }
        #expect(refusals.count == 1)
        guard case .answered(let answers, _) = try Self.ask("frontend f\n bind :81\n") else {
            return #expect(Bool(false))
        }
        #expect(throws: RouteRun.Failure.closed(port: 80, open: [":81"])) { try answers[0].get() }
        #expect(throws: FileError.self) { _ = try Self.ask("frontend f\n bind :80\n") }
    }
}
