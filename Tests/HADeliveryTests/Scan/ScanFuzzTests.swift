import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// Random configurations: what the scan lets pass must open, make and run nothing outside when the real proxy reads it.
/// `strace` says what it did.
@Suite("The scan and the real proxies") struct ScanFuzzTests {
    private static let tracer = program("strace")

    private static func program(_ name: String) -> String? {
        ["/usr/bin/", "/usr/sbin/", "/usr/local/sbin/"].map { $0 + name }.first {
            (try? FileSystem.system.status($0))?.kind == .regular
        }
    }

    private static let haproxy = [
        "global\n lua-load F", "global\n l\\x75a-load F", "global\n \"lua${NO}-load\" F", "global\n ssl-engine F",
        "global\n ssl-provider F",
        "global\n h1-case-adjust-file F", "global\n ssl-dh-param-file F", "global\n issuers-chain-path F",
        "global\n crt-base F",
        "global\n pidfile F", "global\n chroot F", "global\n server-state-file F", "global\n stats socket F",
        "global\n log F local0",
        "global\n setenv A F", "ring r\n backing-file F", "http-errors e\n errorfile 503 F",
        "frontend f\n bind :0 ssl crt F",
        "frontend f\n bind :0 ssl crt-list F", "frontend f\n bind F", "frontend f\n acl a src -f F",
        "frontend f\n acl a src \"-f\" F",
        "frontend f\n mode http\n http-request set-header X %[src,map_ip(F)]",
        "frontend f\n mode http\n http-request deny if { path -i -f F }",
        "frontend f\n mode http\n http-request return status 200 content-type a/b lf-file F",
        "frontend f\n filter spoe config F",
        "frontend f\n mode http\n http-request set-map(F) a b", "backend b\n server s 127.0.0.1:1 ssl ca-file F",
        "backend b\n errorfile 503 F",
        "backend b\n server s F", "backend b\n load-server-state-from-file local\n server-state-file-name F",
        "userlist u\n user a password F",
        "peers p\n peer x 127.0.0.1:1\n table t type ip size 1", "cache c\n total-max-size 1",
        ".if defined(F)\nglobal\n lua-load F\n.endif",
    ]
    private static let nginx = [
        "load_module F;", "ssl_engine F;", "error_log F;", "pid F;", "lock_file F;", "include F;",
        "working_directory F;", "env A=F;",
        "http { access_log F; }", "http { error_log F; }", "http { client_body_temp_path F; }",
        "http { proxy_cache_path F keys_zone=a:1m; }",
        "http { fastcgi_temp_path F; }", "http { uwsgi_temp_path F; }", "http { scgi_temp_path F; }",
        "http { proxy_temp_path F 1 2; }",
        "http { ssl_certificate F; ssl_certificate_key F; }",
        "http { server { listen 127.0.0.1:0 ssl; ssl_certificate c.pem; ssl_certificate_key engine:F:k; } }",
        "http { ssl_trusted_certificate F; }", "http { ssl_dhparam F; }", "http { ssl_crl F; }",
        "http { ssl_password_file F; }",
        "http { server { location / { auth_basic_user_file F; } } }", "http { server { root F; } }",
        "http { map $a $b { include F; } }",
        "http { types { include F; } }", "http { server { location / { proxy_store F; } } }",
        "http { geo $a { include F; } }",
        "http { proxy_ssl_certificate F; proxy_ssl_certificate_key engine:F:k; }", "http { ssl_session_ticket_key F; }",
        "http { open_log_file_cache max=1; }",
        "http { ssl_stapling_file F; }", "http { lua_package_cpath F; }", "http { init_by_lua_file F; }",
        "google_perftools_profiles F;",
    ]

    @Test(
        "nothing outside is opened, made or run by what passes", .enabled(if: tracer != nil),
        arguments: [Dialect.haproxy, .nginx])
    func harmless(dialect: Dialect) throws {
        let proxy = try #require(dialect.program)
        guard let program = Self.program(proxy), let tracer = Self.tracer else { return }
        let pieces = dialect == .haproxy ? Self.haproxy : Self.nginx
        var random = SplitMix(state: 20_261_128)
        var asked = 0
        for round in 0..<40 {
            let folder = try TemporaryFolder([
                "secret": "not for anybody\n", "out/own": "1.2.3.4 x\n", "out/sub/own": "", "victim/file": "",
            ])
            folder.link("out/leads", to: "../secret")
            let count = 1 + Int(random.next() % 3)
            let targets = [
                "\(folder.path)/secret", "\(folder.path)/new", "own", "leads", "new", "sub/own", "../secret",
                "\(folder.path)/victim",
            ]
            let text =
                (0..<count).map { turn in
                    let piece =
                        turn == 0 ? pieces[round % pieces.count] : pieces[Int(random.next() % UInt64(pieces.count))]
                    return piece.replacing("F", with: targets[Int(random.next() % UInt64(targets.count))])
                }.joined(separator: "\n") + (dialect == .nginx ? "\nevents { }\n" : "\n")
            let configuration = ConfigurationText(Array(text.utf8), dialect: dialect)
            let report = ConfigurationScan.scan(configuration, output: folder.path("out/edge"), files: .system) { _ in
                nil
            }
            guard report.refusals.isEmpty else { continue }
            asked += 1
            let before = try folder.names()
            let place = try TemporaryFolder()
            let checked = try PrivateFolder(
                StandIns(configuration, report.creations).bytes, for: folder.path("out/edge"), in: place.path,
                files: .system)
            let trace = place.path("trace")
            let words =
                dialect == .haproxy
                ? ["-c", "-C", checked.path, "-f", checked.file]
                : ["-t", "-p", checked.path + "/", "-c", checked.file, "-e", "stderr"]
                    + (text.contains("pid ") ? [] : ["-g", "pid \(checked.path)/nginx.pid;"])
            let calls = "trace=open,openat,creat,mkdir,mkdirat,chown,fchownat,lchown,execve,rename,unlink"
            _ = try ProgramRun.run(["-f", "-qq", "-e", calls, "-o", trace, program] + words, executable: tracer)
            for line in try place.read("trace").split(separator: "\n") where line.contains(folder.path) {
                let isRead = line.contains("O_RDONLY") && !line.contains("O_CREAT")
                let isOwn = line.contains(folder.path + "/out")
                #expect(isRead && isOwn, "\(text)\n\(line)")
            }
            let programs = try place.read("trace").split(separator: "\n").filter { $0.contains("execve(") }
            #expect(programs.count == 1, "\(text)")
            #expect(try folder.names() == before)
            #expect(try folder.status("victim").owner == FileSystem.system.status(folder.path).owner)
            checked.remove()
            #expect(try place.names() == ["trace"], "\(text)")
        }
        #expect(asked > 5)
    }
}
