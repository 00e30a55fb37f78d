import HASystem
import TestSupport
import Testing

/// Configurations that make their check run, read or write something of an attacker's, each where only the cage stands
/// in the way: `--allow-code` lets them past the scan.
@Suite("Attacks on the check")
struct CageAttackTests {
    struct Attack: CustomTestStringConvertible {
        let name: String
        let proxy: String
        /// `DIR` is the attacker's folder.
        let text: String
        var data = "{}"

        var testDescription: String { name }
    }

    private static let frontend = """

        frontend f
          bind 127.0.0.1:18080
          mode http
          timeout client 1s

        """

    static let attacks = [
        Attack(name: "Lua", proxy: "haproxy", text: "global\n  lua-load DIR/evil.lua" + frontend),
        Attack(name: "Lua by an escape", proxy: "haproxy", text: "global\n  l\\x75a-load DIR/evil.lua" + frontend),
        Attack(
            name: "Lua by a variable", proxy: "haproxy", text: "global\n  \"lua${NO}-load\" DIR/evil.lua" + frontend),
        Attack(name: "Lua beside the output", proxy: "haproxy", text: "global\n  lua-load evil.lua" + frontend),
        Attack(
            name: "a provider of OpenSSL", proxy: "haproxy",
            text: "global\n  ssl-provider-path DIR/\n  ssl-provider evil" + frontend),
        Attack(name: "a list", proxy: "haproxy", text: frontend + "  acl a src -f DIR/secret\n"),
        Attack(
            name: "a map", proxy: "haproxy",
            text: frontend + "  http-request deny if { src,map_ip(DIR/secret) -m found }\n"),
        Attack(
            name: "a list of certificates", proxy: "haproxy",
            text: frontend + "  bind 127.0.0.1:18443 ssl crt-list DIR/secret\n"),
        Attack(name: "a list of the machine's", proxy: "haproxy", text: frontend + "  acl a src -f /etc/shadow\n"),
        Attack(
            name: "a certificate that is none", proxy: "haproxy",
            text: frontend + "  bind 127.0.0.1:18443 ssl crt DIR/secret\n  acl a src -f DIR/secret\n"),
        Attack(
            name: "a module", proxy: "nginx",
            text: "load_module DIR/evil.so;\nevents {}\nhttp { server { listen 127.0.0.1:18081; } }\n"),
        Attack(
            name: "a module beside the output", proxy: "nginx",
            text: "load_module evil.so;\nevents {}\nhttp { server { listen 127.0.0.1:18081; } }\n"),
        Attack(
            name: "a module by an include", proxy: "nginx",
            text: "include evil.inc;\nevents {}\nhttp { server { listen 127.0.0.1:18081; } }\n"),
        Attack(
            name: "an engine from data", proxy: "nginx",
            text: """
                events {}
                http { server { listen 127.0.0.1:18081 ssl; ssl_certificate DIR/c.pem; ssl_certificate_key {{ raw .key }}; } }

                """, data: #"{"key": "engine:DIR/evil.so:x"}"#),
        Attack(
            name: "log files", proxy: "nginx",
            text: """
                error_log DIR/error.log;
                pid DIR/made.pid;
                events {}
                http { access_log DIR/access.log; server { listen 127.0.0.1:18081; listen unix:DIR/made.sock; } }

                """),
        Attack(
            name: "folders of another user", proxy: "nginx",
            text: """
                user nobody;
                events {}
                http { client_body_temp_path DIR/folder; proxy_cache_path DIR/new keys_zone=a:1m; server { listen 127.0.0.1:18081; } }

                """),
        Attack(
            name: "a link beside the output", proxy: "nginx",
            text: """
                events {}
                http { client_body_temp_path made/here; access_log link.log; server { listen 127.0.0.1:18081; } }

                """),
    ]

    /// What the attacker has put beside the machine's own files: a Lua file and a library that leave a mark, a secret, a
    /// folder and a link.
    private func scene(_ attack: Attack) throws -> (project: TemporaryFolder, attacker: TemporaryFolder) {
        let attacker = try TemporaryFolder(["secret": "TOP-SECRET-LINE\nmore\n", "folder/kept": "kept\n"])
        let lua = "local f = io.open('DIR/marker', 'a'); if f then f:write('ran') end; os.execute('touch DIR/marker')\n"
        try attacker.write(Self.filled(lua, attacker), to: "evil.lua")
        if ProgramRun.installed("cc") != nil {
            let source = """
                #include <fcntl.h>
                #include <stdlib.h>
                __attribute__((constructor)) static void run(void) { open("DIR/marker", O_CREAT | O_WRONLY, 0666); system("touch DIR/marker"); }
                int OSSL_provider_init(void) { return 0; }
                """
            try attacker.write(Self.filled(source, attacker), to: "evil.c")
            _ = try ProgramRun.bash("cc -shared -fPIC -w -o evil.so evil.c", in: attacker.path)
        }
        let template = attack.proxy == "haproxy" ? "t.cfg.tmpl" : "t.conf.tmpl"
        let project = try TemporaryFolder([
            template: Self.filled(attack.text, attacker), "d.json": Self.filled(attack.data, attacker), "tmp/kept": "",
            "out/evil.inc": Self.filled("load_module DIR/evil.so;\n", attacker),
            "haproxy-gen.json": """
            {"targets": [{"name": "t", "template": "\(template)", "data": "d.json",
                          "output": "out/\(attack.proxy == "haproxy" ? "t.cfg" : "nginx.conf")"}]}
            """,
        ])
        for name in ["evil.lua", "evil.so"] {
            _ = try ProgramRun.bash("cp \(attacker.path)/\(name) out/ 2>&-", in: project.path)
        }
        project.link("out/link.log", to: attacker.path("linked.log"))
        return (project, attacker)
    }

    private static func filled(_ text: String, _ folder: TemporaryFolder) -> String {
        text.split(separator: "DIR", omittingEmptySubsequences: false).joined(separator: folder.path)
    }

    /// Everything in a folder with its rights and owner.
    private func listing(_ folder: TemporaryFolder) throws -> String {
        try ProgramRun.bash("find . -printf '%p %M %u %s\\n' | sort", in: folder.path).stdout
    }

    @Test("nothing of an attacker's runs, no file of his is shown, and nothing is made or changed", arguments: attacks)
    func attack(_ attack: Attack) throws {
        guard ProgramRun.installed(attack.proxy) != nil else { return }
        let (project, attacker) = try scene(attack)
        let before = try (listing(project), listing(attacker))
        for words in ["check", "render --stdout", "diff", "apply --dry-run"] {
            let run = try ProgramRun.bash(
                "\"$PROGRAM\" \(words)\(words == "diff" ? "" : " --allow-code")",
                environment: ["TMPDIR": project.path("tmp")],
                in: project.path)
            #expect(!(run.stdout + run.stderr).contains("TOP-SECRET"), "\(words): \(run)")
            #expect(!(run.stdout + run.stderr).contains("root:"), "\(words): \(run)")
            #expect(try listing(attacker) == before.1, "\(words): \(run)")
            #expect(try listing(project) == before.0, "\(words): \(run)")
        }
    }

    @Test("nothing outside the private folder is opened for writing", arguments: ["haproxy", "nginx"])
    func traced(_ proxy: String) throws {
        guard ProgramRun.installed(proxy) != nil, ProgramRun.installed("strace") != nil, !ProgramRun.isSanitized else {
            return
        }
        for attack in Self.attacks where attack.proxy == proxy {
            let (project, _) = try scene(attack)
            _ = try ProgramRun.bash(
                """
                strace -f -y -qq -o trace -e trace=\(Self.tracedCalls.joined(separator: ",")) \
                    "$PROGRAM" check --allow-code
                """, environment: ["TMPDIR": project.path("tmp")], in: project.path)
            let lines = try project.read("trace").split(separator: "\n").map(String.init)
            var proxies: Set<Substring> = []
            for line in lines {
                guard let process = line.split(separator: " ").first else { continue }
                // From here on the process is the proxy; what came before is the making of its cage.
                if Self.isStart(of: proxy, line) { proxies.insert(process) }
                guard proxies.contains(process), !line.contains(" = -1 ") else { continue }
                #expect(Self.isAllowed(line), "\(attack.name): \(line)")
            }
            #expect(!proxies.isEmpty, "\(attack.name): \(lines.suffix(5))")
        }
    }

    private static let tracedCalls = [
        "execve", "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2",
        "symlink", "symlinkat", "link", "linkat", "unlink", "unlinkat", "rmdir", "truncate", "mknod", "mknodat",
    ]

    /// `12 execve("/usr/sbin/haproxy", […`: the word itself, for the words of the cage hold that path as well.
    private static func isStart(of proxy: String, _ line: String) -> Bool {
        let parts = line.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].hasSuffix(" execve(") && parts[1].hasSuffix("/" + proxy)
            && line.hasSuffix("= 0")
    }

    /// Whether a call that succeeded reads, or writes in the private folder or where an empty folder of memory lies over
    /// the machine's own. `strace -y` shows which file was opened in the end, after all links.
    private static func isAllowed(_ line: String) -> Bool {
        let isOpening = line.contains(" open(") || line.contains(" openat(") || line.contains(" openat2(")
        if isOpening, !["O_WRONLY", "O_RDWR", "O_CREAT"].contains(where: { line.contains($0) }) { return true }
        if line.contains(" execve(") { return line.contains("execve(\"/usr/") }
        let path = isOpening ? line.split(separator: "<").last.map(String.init) ?? line : line
        return ["/haproxy-gen-check-", "/dev/null", "/var/lib/nginx/", "/var/log/nginx/", "/run/", "/memfd:"]
            .contains { path.contains($0) }
    }

    @Test("the shipped templates pass in the cage, and the machine's names of hosts do not matter")
    func good() throws {
        guard ProgramRun.installed("haproxy") != nil, ProgramRun.installed("nginx") != nil else { return }
        let project = try TemporaryFolder([
            "h.cfg.tmpl": """
            defaults
              mode http
              timeout client 1s
              timeout server 1s
              timeout connect 1s
            frontend f
              bind :80
              default_backend b
            backend b
              server s no-such-host.invalid:80

            """, "d.json": "[]", "out/kept": "",
            "n.conf.tmpl": """
            events {}
            http { upstream u { server no-such-host.invalid:80; } server { listen 80; listen unix:x.sock; location / { proxy_pass http://u; } } }

            """,
            "haproxy-gen.json": """
            {"targets": [{"name": "h", "template": "h.cfg.tmpl", "data": "d.json", "output": "out/h.cfg"},
                         {"name": "c", "template": "h.cfg.tmpl", "data": "d.json", "output": "out/c.cfg",
                          "check": "haproxy -c -f {file}"},
                         {"name": "n", "template": "n.conf.tmpl", "data": "d.json", "output": "out/n.conf"}]}
            """,
        ])
        let run = try ProgramRun.bash("\"$PROGRAM\" render && \"$PROGRAM\" check", in: project.path)
        #expect(run.exitCode == 0, "\(run)")
        #expect(
            try FileSystem.system.names(project.path).sorted() == [
                "d.json", "h.cfg.tmpl", "haproxy-gen.json", "n.conf.tmpl", "out",
            ])
        #expect(try FileSystem.system.names(project.path("out")).sorted() == ["c.cfg", "h.cfg", "kept", "n.conf"])
    }
}
