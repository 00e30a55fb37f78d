import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What a check would do is found before the proxy is asked; what nobody knows counts as the worst.
@Suite("A scan for what a check would run, read and write") struct ConfigurationScanTests {
    struct Case: CustomTestStringConvertible {
        let dialect: Dialect
        let text: String
        var environment: [String: String] = [:]
        var testDescription: String { text }

        init(_ dialect: Dialect, _ text: String, _ environment: [String: String] = [:]) {
            (self.dialect, self.text, self.environment) = (dialect, text, environment)
        }
    }

    private func scan(_ test: Case, _ files: [String: String] = [:], links: [String: String] = [:]) throws -> ScanReport
    {
        let folder = try TemporaryFolder(files.merging(["out/edge": ""]) { $1 })
        for (name, target) in links { folder.link(name, to: target) }
        let text = ConfigurationText(Array(test.text.replacing("DIR", with: folder.path).utf8), dialect: test.dialect)
        return ConfigurationScan.scan(text, output: folder.path("out/edge"), files: .system) { test.environment[$0] }
    }

    // MARK: Code

    static let runsCode: [Case] =
        [
            // HAProxy: words as the proxy decodes them.
            Case(.haproxy, "global\n lua-load x.lua"), Case(.haproxy, "global\n l\\x75a-load x.lua"),
            Case(.haproxy, "global\n \"lua-load\" x.lua"), Case(.haproxy, "global\n lu''a-lo\"ad\" x.lua"),
            Case(.haproxy, "global\n \"lua${NOPE}-load\" x.lua"), Case(.haproxy, "global\n \"${NOPE-lua-load}\" x.lua"),
            Case(.haproxy, "global\n \"${SET}\" x.lua", ["SET": "lua-load"]),
            Case(.haproxy, "global\n \"${SET-log}\" x.lua", ["SET": "lua-load"]),
            Case(.haproxy, "global\n \"${SET-lua-load}\" x.lua", ["SET": "log"]),
            Case(.haproxy, "global\n \"${WORDS[*]}\"", ["WORDS": "lua-load x.lua"]),
            Case(.haproxy, "global\n setenv A lua-load\n \"${A}\" x.lua"),
            Case(.haproxy, "frontend f\n setenv A log\nglobal\n \"${A-lua-load}\" x.lua"),
            Case(.haproxy, ".if defined(A)\nglobal\n setenv A log\n.endif\nglobal\n \"${A-lua-load}\" x.lua"),
            Case(.haproxy, "global\n \"lua-${NOPE}\" load x.lua"), Case(.haproxy, "global\n no lua-load x.lua"),
            Case(.haproxy, "global\n default lua-load x.lua"),
            Case(.haproxy, ".if version_atleast(2.4)\nglobal\n lua-load x\n.endif"),
            Case(.haproxy, "global\n lua-load-per-thread x.lua"), Case(.haproxy, "global\n lua-prepend-path x"),
            Case(.haproxy, "global\n ssl-provider x"), Case(.haproxy, "global\n ssl-provider-path x"),
            Case(.haproxy, "global\n ssl-engine x"), Case(.haproxy, "global\n external-check"),
            Case(.haproxy, "backend b\n external-check command /x"),
            Case(.haproxy, "backend b\n option external-check"),
            Case(.haproxy, "global\n insecure-fork-wanted"), Case(.haproxy, "program p\n command /x"),
            Case(.haproxy, "\"program\" p\n command /x"), Case(.haproxy, "frontend f\n http-request lua.x"),
            Case(.haproxy, "frontend f\n tcp-request content lua.x"),
            Case(.haproxy, "frontend f\n http-request use-service lua.x"),
            Case(.haproxy, "frontend f\n filter opentracing config x"),
            Case(.haproxy, "frontend f\n filter unheard-of"),
            // What nobody knows.
            Case(.haproxy, "global\n a-directive-of-2030 x"),
            Case(.haproxy, "frontend f\n bind :443 ssl option-of-2030 x"),
            Case(.haproxy, "backend b\n server s 1.1.1.1:80 option-of-2030 x"), Case(.haproxy, ".include x.cfg"),
            Case(.haproxy, "frontend f\n http-request action-of-2030"),
            Case(.haproxy, "frontend f\n option option-of-2030"),
            Case(.haproxy, "global\n log\u{0}x y"), Case(.haproxy, "global\n lo\\xZZ x"),
            Case(.haproxy, "section-of-2030 x"),
            // Variables that libraries follow.
            Case(.haproxy, "global\n setenv HOSTALIASES x"), Case(.haproxy, "global\n presetenv LD_PRELOAD x"),
            Case(.haproxy, "global\n setenv OPENSSL_CONF x"), Case(.haproxy, "global\n setenv \"RES_OPTIONS\" x"),
            Case(.haproxy, "global\n setenv SSL_CERT_FILE x"), Case(.haproxy, "global\n setenv TZ :x"),
            Case(.haproxy, "global\n presetenv A HOSTALIASES\n setenv \"${A}\" x"),
            Case(.nginx, "env HOSTALIASES=x;"), Case(.nginx, "env 'LD_PRELOAD=x';"), Case(.nginx, "env TZ=/x;"),
            // nginx
            Case(.nginx, "load_module x.so;"), Case(.nginx, "'load_module' x.so;"),
            Case(.nginx, "\"load_module\" x.so;"),
            Case(.nginx, "load_module modules/x.so;"), Case(.nginx, "ssl_engine x;"),
            Case(.nginx, "http { perl_modules x; }"),
            Case(.nginx, "http { perl_set $a 'sub { }'; }"), Case(.nginx, "http { js_import x.js; }"),
            Case(.nginx, "stream { js_set $a b; }"), Case(.nginx, "http { init_by_lua 'x'; }"),
            Case(.nginx, "http { init_by_lua_block { os.execute('}') } }"),
            Case(.nginx, "http { init_by_lua_file x.lua; }"),
            Case(.nginx, "http { lua_package_cpath 'x'; }"), Case(.nginx, "http { passenger_root x; }"),
            Case(.nginx, "rtmp { server { exec x; } }"), Case(.nginx, "directive_of_2030 x;"),
            Case(.nginx, "http { server { block_of_2030 { } } }"), Case(.nginx, "http { if\u{0} x; }"),
        ]
        + ["ssl", "proxy_ssl", "grpc_ssl", "uwsgi_ssl", "lua_ssl"].flatMap { family in
            ["engine:DIR/x.so:k", "\"engine:x:k\"", "ENGINE:x:k", "store:pkcs11:x", "engine:$a"].map {
                Case(.nginx, "http { server { \(family)_certificate_key \($0); } }")
            }
        }

    @Test("code, libraries and what nobody knows are refused", arguments: runsCode)
    func code(test: Case) throws {
        let report = try scan(test)
        #expect(!report.refusals.isEmpty)
    }

    // MARK: Files

    static let readsOutside: [Case] = [
        Case(.haproxy, "frontend f\n acl a src -f DIR/secret"),
        Case(.haproxy, "frontend f\n acl a src -i -M -f ../secret"),
        Case(.haproxy, "frontend f\n acl a src \"-f\" DIR/secret"),
        Case(.haproxy, "frontend f\n acl a src opt@x -f opt@DIR/secret"),
        Case(.haproxy, "frontend f\n http-request deny if { src -f DIR/secret }"),
        Case(.haproxy, "frontend f\n use_backend b if { src -f DIR/secret }"),
        Case(.haproxy, "frontend f\n http-request set-header X %[src,map(DIR/secret)]"),
        Case(.haproxy, "frontend f\n http-request set-header X %[src,map_ip_int(DIR/secret,1)]"),
        Case(.haproxy, "frontend f\n http-request set-header X \"%[src,map_ip( DIR/secret)]\""),
        Case(.haproxy, "frontend f\n http-request set-header X \"%[src,map_str('DIR/secret')]\""),
        Case(.haproxy, "frontend f\n use_backend %[src,map(DIR/secret)]"),
        Case(.haproxy, "backend b\n balance hash src,map(DIR/secret)"),
        Case(.haproxy, "frontend f\n http-request set-map(DIR/secret) a b"),
        Case(.haproxy, "frontend f\n http-request add-acl(DIR/secret) a"),
        Case(.haproxy, "frontend f\n bind :1 ssl crt-list DIR/secret"),
        Case(.haproxy, "frontend f\n bind :1 ssl crt DIR/secret"),
        Case(.haproxy, "frontend f\n bind :1 ssl verify required ca-file DIR/secret"),
        Case(.haproxy, "backend b\n server s 1.1.1.1:1 ssl ca-file DIR/secret"),
        Case(.haproxy, "defaults\n default-server crt DIR/secret"),
        Case(.haproxy, "frontend f\n http-request return status 200 lf-file DIR/secret"),
        Case(.haproxy, "frontend f\n http-request deny errorfile DIR/secret"),
        Case(.haproxy, "frontend f\n http-error status 503 file DIR/secret"),
        Case(.haproxy, "defaults\n errorfile 503 DIR/secret"),
        Case(.haproxy, "http-errors e\n errorfile 503 DIR/secret"),
        Case(.haproxy, "global\n h1-case-adjust-file DIR/secret"), Case(.haproxy, "global\n crt-base DIR"),
        Case(.haproxy, "global\n default-path origin /etc"), Case(.haproxy, "global\n default-path parent"),
        Case(.haproxy, "frontend f\n bind :1 namespace ../../../DIR"),
        Case(.haproxy, "frontend f\n filter spoe config DIR/secret"),
        Case(.haproxy, "crt-store s\n load crt x.pem key DIR/secret"),
        Case(.haproxy, "defaults\n errorfile 503 /proc/self/environ"),
        Case(.haproxy, "frontend f\n http-request deny if { req.hdr(a),jwt_verify(RS256,DIR/secret) -m int 1 }"),
        Case(.haproxy, "frontend f\n acl a var(txn.b),jwt_verify(txn.alg,\"../secret\") -m int 1"),
        Case(.haproxy, "frontend f\n http-request set-header X \"%[req.hdr(a),jwt_verify(ES256,'DIR/secret')]\""),
        Case(.haproxy, "frontend f\n acl a var(txn.b),jwt_verify_cert(DIR/secret) -m int 1"),
        Case(.haproxy, "global\n localpeer DIR/secret\nfrontend f\n acl a src -f \"${HAPROXY_LOCALPEER}\""),
        Case(
            .haproxy,
            ".if feature(X)\nglobal\n localpeer DIR/secret\n.endif\nfrontend f\n acl a src -f \"$HAPROXY_LOCALPEER\""),
        Case(.haproxy, "global\n server-state-file DIR/secret"), Case(.haproxy, "global\n stats-file DIR/secret"),
        Case(.haproxy, "backend b\n server-state-file-name ../secret"),
        Case(.haproxy, "global\n server-state-base DIR"),
        Case(.haproxy, "global\n setenv A /etc/passwd\nfrontend f\n acl a src -f \"${A}\""),
        // Words that depend on conditions or on what was there before.
        Case(.haproxy, "global\n presetenv F DIR/secret\nfrontend f\n log-format \"%[src,map(${F})]\""),
        Case(.haproxy, "global\n presetenv F DIR/secret\nfrontend f\n unique-id-format \"%[src,map(${F})]\""),
        Case(
            .haproxy,
            "global\n presetenv F DIR/secret\nfrontend f\n default_backend b\n use_backend b if { src -f \"${F}\" }"),
        Case(.haproxy, "global\n presetenv F -f\nfrontend f\n use_backend b if { src \"${F}\" DIR/secret }"),
        Case(.haproxy, "global\n presetenv F src,map(DIR/secret)\nbackend b\n use-server \"%[${F}]\" if TRUE"),
        Case(.haproxy, "global\n presetenv F src,map(DIR/secret)\nbackend b\n balance hash \"${F}\""),
        // The name holds the sign: these directives know no variables, or not in each version.
        Case(.nginx, "http { ssl_client_certificate DIR/a$b.pem; }"),
        Case(.nginx, "http { ssl_trusted_certificate \"DIR/a$b.pem\"; }"),
        Case(.nginx, "http { ssl_dhparam DIR/a$b.pem; }"), Case(.nginx, "http { ssl_crl DIR/a$b.pem; }"),
        Case(.nginx, "http { ssl_password_file \"DIR/a$b.pem\"; }"),
        Case(.nginx, "http { ssl_certificate DIR/a$b.pem; }"),
        Case(.nginx, "http { ssl_password_file data:/../../secret; }"),
        Case(.nginx, "include DIR/secret;"), Case(.nginx, "include ../secret;"), Case(.nginx, "include DIR/*;"),
        Case(.nginx, "http { map $a $b { include DIR/secret; } }"),
        Case(.nginx, "http { geo $a { include ../secret; } }"),
        Case(.nginx, "http { types { include /etc/passwd; } }"),
        Case(.nginx, "http { server { ssl_certificate DIR/secret; } }"),
        Case(.nginx, "http { server { ssl_certificate_key DIR/secret; } }"),
        Case(.nginx, "http { ssl_dhparam /proc/self/maps; }"),
        Case(.nginx, "http { ssl_password_file DIR/secret; }"),
        Case(.nginx, "http { ssl_conf_command Certificate DIR/secret; }"),
        Case(.nginx, "http { proxy_ssl_trusted_certificate DIR/secret; }"),
        Case(.nginx, "http { geoip_country DIR/secret; }"),
    ]

    @Test("files outside are refused", arguments: readsOutside)
    func outside(test: Case) throws {
        let report = try scan(test, ["secret": "x", "a$b.pem": "x"])
        #expect(!report.refusals.isEmpty)
    }

    static let harmless: [Case] = [
        Case(
            .haproxy,
            "global\n log /dev/log local0\n chroot /var/lib/haproxy\n stats socket /run/x.sock level admin\n user haproxy"
        ),
        Case(
            .haproxy,
            "defaults\n errorfile 503 /etc/haproxy/errors/503.http\n errorfile 400 /dev/null\n timeout client 5s"),
        Case(
            .haproxy,
            "frontend f\n bind :443 ssl crt /etc/ssl/private/ alpn h2,http/1.1 strict-sni\n acl a src -f list.txt"),
        Case(
            .haproxy, "frontend f\n bind \"${ADDR}:80\"\n use_backend %[req.hdr(host),lower,map(hosts.map,none)]",
            ["ADDR": "::"]),
        Case(
            .haproxy, "frontend f\n log-format \"${HAPROXY_HTTP_LOG_FMT} x\"\n http-request set-header X \"${HOST}\"",
            ["HOST": "a"]),
        Case(
            .haproxy,
            "backend b\n server s 10.0.0.1:80 check inter 2s ssl verify required ca-file @system-ca sni req.hdr(host)"),
        Case(.haproxy, "backend b\n option httpchk GET /lua-load\n http-check expect status 200 # lua-load"),
        Case(.haproxy, ".if feature(OPENSSL)\nglobal\n ssl-default-bind-options ssl-min-ver TLSv1.2\n.endif"),
        Case(.haproxy, "global\n setenv A 10.0.0.1\nbackend b\n server s \"${A}:80\" check"),
        Case(.haproxy, "frontend f\n http-request return status 200 content-type text/plain file page.txt"),
        Case(
            .haproxy,
            "frontend f\n acl a var(txn.b),jwt_verify(HS256,a/../b) -m int 1\n acl c var(txn.b),jwt_verify(txn.d,txn.e) 1"
        ),
        Case(.haproxy, "frontend f\n acl a var(txn.b),jwt_verify(RS256,/etc/ssl/certs/key.pem) -m int 1"),
        Case(.haproxy, "global\n server-state-base /var/lib/haproxy\n server-state-file global.state"),
        Case(.nginx, "include 'sub/*.conf'; http { include mime.types; include /etc/nginx/mime.types; }"),
        Case(
            .nginx,
            "http { server { ssl_certificate /etc/ssl/certs/a.pem; ssl_certificate_key /etc/ssl/private/a.key; } }"),
        Case(.nginx, "http { server { ssl_certificate $ssl_server_name.crt; ssl_certificate_key data:$key; } }"),
        Case(.nginx, "http { map $a $b { default 1; directive_of_2030 2; } types { x/y load_module; } }"),
        Case(
            .nginx,
            "http { server { location / { root /srv/www; auth_basic_user_file /srv/x; return 200 \"lua-load\"; } } }"),
        Case(.nginx, "http { ssl_conf_command Options KTLS; } # load_module x;"),
        Case(.haproxy, "global\n setenv TZ Europe/Berlin\n presetenv A 5s\ndefaults\n timeout client \"${A}\""),
        Case(.haproxy, "global\n presetenv A x\n.if streq(\"${A}\",x)\nglobal\n maxconn \"${A}\"\n.endif"),
        Case(.nginx, "env LD_PRELOAD; env TZ=UTC; env A=b;"),
    ]

    @Test("ordinary configurations pass", arguments: harmless)
    func passes(test: Case) throws {
        let report = try scan(test)
        #expect(report.refusals.isEmpty, "\(report.refusals)")
    }

    @Test("what an include brings is looked at, nested and through links")
    func includes() throws {
        let evil = "load_module x.so;"
        let one = Case(.nginx, "events {}\ninclude a.inc;")
        #expect(try scan(one, ["out/a.inc": "events {}"]).refusals.isEmpty)
        let report = try scan(one, ["out/a.inc": "\ninclude sub/*.inc;", "out/sub/b.inc": evil])
        #expect(report.refusals.count == 1)
        #expect(report.refusals.first?.message.contains("sub/b.inc:1") == true)
        #expect(report.refusals.first?.range == 10..<23)
        #expect(try !scan(one, ["evil": evil], links: ["out/a.inc": "../evil"]).refusals.isEmpty)
        #expect(try !scan(one, ["evil": "events {}"], links: ["out/a.inc": "../evil"]).refusals.isEmpty)
        #expect(
            try !scan(Case(.nginx, "include sub/*.conf;"), ["s/x.conf": evil], links: ["out/sub": "../s"]).refusals
                .isEmpty)
        #expect(try !scan(one, links: ["out/a.inc": "../gone"]).refusals.isEmpty)
        // A file that includes itself ends.
        #expect(try scan(one, ["out/a.inc": "include a.inc;"]).refusals.isEmpty)
        #expect(try !scan(one, ["out/a.inc": "error_log /tmp/x;"]).refusals.isEmpty)
    }

    @Test(
        "what an include brings into a block of keys is no directive",
        arguments: ["map $a $b", "geo $a", "types", "geo"])
    func keys(block: String) throws {
        let test = Case(.nginx, "http { \(block) { include m.txt; } }")
        let more = [
            "out/sub/a.txt": "10.0.0.0/8 directive_of_2030;\n", "out/m.txt": "x/y load_module;\ninclude sub/*.txt;\n",
        ]
        #expect(try scan(test, more).refusals.isEmpty)
        #expect(try !scan(test, ["out/m.txt": "include /etc/passwd;\n"]).refusals.isEmpty)
        // The same file as directives.
        let both = Case(.nginx, "http { \(block) { include m.txt; } include m.txt; }")
        #expect(try !scan(both, ["out/m.txt": "load_module x;\n"]).refusals.isEmpty)
        let swapped = Case(.nginx, "http { include m.txt; \(block) { include m.txt; } }")
        #expect(try !scan(swapped, ["out/m.txt": "load_module x;\n"]).refusals.isEmpty)
    }

    @Test("a pattern that is repeated is followed once")
    func patterns() throws {
        let members = Dictionary(uniqueKeysWithValues: (0..<100).map { ("out/sub/\($0).conf", "# fine\n") })
        let test = Case(.nginx, String(repeating: "include sub/*.conf;\n", count: 1_000))
        let folder = try TemporaryFolder(members)
        let counted = Guarded(0)
        var files = FileSystem.system
        let status = files.linkStatus
        files.linkStatus = { path throws(SystemError) in
            counted.withLock { $0 += 1 }
            return try status(path)
        }
        let text = ConfigurationText(Array(test.text.utf8), dialect: .nginx)
        let report = ConfigurationScan.scan(text, output: folder.path("out/edge"), files: files) { _ in nil }
        #expect(report.refusals.isEmpty && report.reads.count == 101)
        #expect(counted.withLock { $0 } < 1_000)
    }

    @Test("lists of certificates and of agents are followed")
    func lists() throws {
        let list = Case(.haproxy, "frontend f\n bind :1 ssl crt-list a.list")
        #expect(try scan(list, ["out/a.list": "a.pem [alpn h2] a.org\nb.pem\n"]).refusals.isEmpty)
        #expect(try !scan(list, ["out/a.list": "a.pem\n/etc/passwd\n"]).refusals.isEmpty)
        #expect(try !scan(list, ["out/a.list": "a.pem [ca-file /etc/passwd] a.org\n"]).refusals.isEmpty)
        #expect(try !scan(list, ["out/a.list": "a.pem [option-of-2030 x] a.org\n"]).refusals.isEmpty)
        // No quotes, escapes or comments behind other signs; brackets end words.
        for line in [
            "a.pem[ca-file /etc/passwd verify required]", "a.pem #x [ca-file /etc/passwd]",
            "a.pem \"x [ca-file /etc/passwd]",
            "a.pem 'x [ca-file /etc/passwd]", "a.pem \\[ca-file /etc/passwd]", "a.pem [alpn h2 ca-file /etc/passwd",
            "a.pem x[ca-file\t/etc/passwd]a.org", "\u{B}/etc/passwd", "/etc/passwd[alpn h2]", " #x\n/etc/passwd",
        ] {
            #expect(try !scan(list, ["out/a.list": line + "\n"]).refusals.isEmpty, "\(line)")
        }
        for line in ["# [ca-file /etc/passwd]", "a.pem [] a.org", "a.pem[alpn h2]a.org !b.org", "", "a.pem a.org # 'x"]
        {
            #expect(try scan(list, ["out/a.list": line + "\n"]).refusals.isEmpty, "\(line)")
        }
        let beside = ["out/a.list": "a.pem\n", "out/a.pem.key": "", "out/a.pem.ocsp": ""]
        let reads = try scan(list, beside).reads.compactMap { $0.split(separator: "/").last }
        #expect(Set(reads) == ["a.list", "a.pem", "a.pem.key", "a.pem.ocsp"])
        #expect(try !scan(list, ["out/a.list": "a.pem\n"], links: ["out/a.pem.key": "/etc/passwd"]).refusals.isEmpty)
        let agent = Case(.haproxy, "frontend f\n filter spoe engine e config a.spoe")
        #expect(try scan(agent, ["out/a.spoe": "[e]\nspoe-agent a\n messages m\n"]).refusals.isEmpty)
        #expect(try !scan(agent, ["out/a.spoe": "[e]\nspoe-message m\n args src,map(/etc/passwd)\n"]).refusals.isEmpty)
    }

    @Test("variables in the file of an agent are those of the environment, where nothing changes them")
    func variablesOfAgents() throws {
        let filter = "frontend f\n filter spoe engine e config a.spoe"
        let files = ["out/a.spoe": "[e]\nspoe-agent \"${Q}\"\n messages \"$M\"\nspoe-message m\n args \"${Q}\"\n"]
        for (text, value, isRefused) in [
            (filter, "name", false), (filter, "src,map(/etc/passwd)", true),
            ("global\n setenv Q src,map(/etc/passwd)\n" + filter, "name", true),
            ("global\n unsetenv Q\n" + filter, "name", true), ("global\n presetenv Q x\n" + filter, "name", true),
        ] {
            let report = try scan(Case(.haproxy, text, ["Q": value, "M": "m"]), files)
            #expect(report.refusals.isEmpty != isRefused, "\(text) \(report.refusals)")
        }
    }

    @Test("what presetenv leaves alone or sets is known")
    func presetenv() throws {
        let text = "global\n presetenv F lists/a.lst\nfrontend f\n acl a src -f \"${F}\""
        #expect(try scan(Case(.haproxy, text)).refusals.isEmpty)
        #expect(try !scan(Case(.haproxy, text, ["F": "/etc/passwd"])).refusals.isEmpty)
        #expect(
            try !scan(Case(.haproxy, "global\n presetenv HAPROXY_X a\nfrontend f\n acl a src -f \"${HAPROXY_X}\""))
                .refusals.isEmpty)
    }

    @Test("sockets that an included file would make")
    func includedSockets() throws {
        let test = Case(.nginx, "http { include sub.conf; }")
        for (listen, isRefused) in [
            ("unix:/tmp/x.sock", true), ("unix:x.sock", true), ("unix:/run/../tmp/x.sock", true),
            ("unix:/run/x.sock", false), ("unix:/var/run/x.sock", false), ("80", false), ("[::]:80", false),
        ] {
            let report = try scan(test, ["out/sub.conf": "server { listen \(listen); }\n"])
            #expect(report.refusals.isEmpty != isRefused, "\(listen) \(report.refusals)")
        }
    }

    @Test("a list on a detour is looked at where it is")
    func detours() throws {
        let files = ["out/lists/a.lst": "10.0.0.1\n", "out/b.lst": "", "secret": "x"]
        for (path, isRefused) in [
            ("lists/../b.lst", false), ("lists/./a.lst", false), ("lists/../../secret", true), ("../secret", true),
            ("lists/../lists/../../secret", true), ("gone/../b.lst", true),
        ] {
            let report = try scan(Case(.haproxy, "frontend f\n acl a src -f \(path)"), files)
            #expect(report.refusals.isEmpty != isRefused, "\(path) \(report.refusals)")
        }
        let linked = Case(.haproxy, "frontend f\n acl a src -f link/../passwd")
        #expect(try !scan(linked, links: ["out/link": "/etc/ssl"]).refusals.isEmpty)
    }

    @Test("what the proxy would make gets another place, and no line moves")
    func creations() throws {
        let text =
            "error_log /x/e.log debug;\npid '/x/p';\nhttp { access_log off; access_log /x/$host.log;\n access_log /x/a main; proxy_cache_path /x/c keys_zone=a:1m;\n server { listen unix:/x/s; } server { listen 'unix:/x/s' ssl; listen [::]:80; } }\n"
        let report = try scan(Case(.nginx, text))
        #expect(report.creations.map(\.path) == ["/x/e.log", "/x/p", "/x/a", "/x/c", "/x/s", "/x/s"])
        let made = StandIns(ConfigurationText(Array(text.utf8), dialect: .nginx), report.creations).bytes(in: "/t")
        #expect(
            String(decoding: made, as: UTF8.self) == """
                error_log "/t/haproxy-gen-made-0" debug;
                pid "/t/haproxy-gen-made-1";
                http { access_log off; access_log /x/$host.log;
                 access_log "/t/haproxy-gen-made-2" main; proxy_cache_path "/t/haproxy-gen-made-3" keys_zone=a:1m;
                 server { listen "unix:/t/haproxy-gen-made-4"; } server { listen "unix:/t/haproxy-gen-made-4" ssl; listen [::]:80; } }

                """)
        #expect(try scan(Case(.haproxy, "ring r\n backing-file /x/r")).creations.map(\.path) == ["/x/r"])
    }

    @Test("any bytes are scanned without harm", arguments: [Dialect.haproxy, .nginx])
    func anyBytes(dialect: Dialect) {
        var random = SplitMix(state: 7)
        let pieces = [
            "\"", "'", "\\", "$", "{", "}", "${", "[*]", ";", "#", "\n", " ", "-f", "map(", "include ", "bind ",
            "\u{0}", "a", "x41",
        ]
        for _ in 0..<3_000 {
            let text = (0..<(random.next() % 30)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            _ = ConfigurationScan.scan(
                ConfigurationText(Array(text.utf8), dialect: dialect), output: "/nowhere/x", files: .system
            ) { _ in nil }
        }
    }
}
