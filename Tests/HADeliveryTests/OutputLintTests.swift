import HASystem
import HATemplate
import Testing

@testable import HADelivery

@Suite struct OutputLintTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let dialect: Dialect
        let text: String
        /// `LINE: SEVERITY: MESSAGE [CODE]`
        let expected: [String]
        var testDescription: String { name }

        init(_ name: String, _ dialect: Dialect, _ text: String, _ expected: [String]) {
            (self.name, self.dialect, self.text, self.expected) = (name, dialect, text, expected)
        }
    }

    static let cases: [Case] = [
        Case(
            "empty backend", .haproxy, "frontend f\n  default_backend b\nbackend b\n  balance roundrobin\n",
            ["3: warning: backend 'b' has no server: nothing that reaches it is answered by one [empty-backend]"]),
        Case(
            "backends that answer without servers", .haproxy,
            "frontend f\n default_backend a\n use_backend b if TRUE\n use_backend c if TRUE\nbackend a\n"
                + " http-request return status 503\nbackend b\n server-template s 3 x:80\nbackend c\n stats enable\n",
            []),
        Case(
            "unreached backend", .haproxy,
            "frontend f\n default_backend a\nbackend a\n server s 1.1.1.1:80\n"
                + "backend b\n server s 1.1.1.1:80\n", ["5: warning: no rule leads to backend 'b' [unreached-backend]"]),
        Case(
            "a backend whose name is made at run time", .haproxy,
            "frontend f\n use_backend %[hdr(host)]\nbackend b\n server s 1.1.1.1:80\n", []),
        Case(
            "a backend that is used for its table", .haproxy,
            "frontend f\n default_backend a\n http-request track-sc0 src table t\n acl x nbsrv(n) gt 0\nbackend a\n"
                + " server s 1.1.1.1:80 track u/s\nbackend t\n stick-table type ip size 1\nbackend n\n server s 1.1.1.1:80\n"
                + "backend u\n server s 1.1.1.1:80\n", []),
        Case(
            "backend to nowhere", .haproxy,
            "frontend f\n use_backend applicaton if TRUE\n default_backend nowhere\n use_backend application if TRUE\n"
                + "backend application\n server s 1.1.1.1:80\n",
            [
                "2: error: use_backend leads to 'applicaton', which is not a backend of this output; did you mean 'application'? "
                    + "[missing-backend]",
                "3: error: default_backend leads to 'nowhere', which is not a backend of this output [missing-backend]",
            ]),
        Case(
            "acls", .haproxy,
            "defaults\nfrontend f\n acl good path /\n http-request deny if good !bad or { path /if } METH_GET\n"
                + " http-request deny unless TRUE goood\n http-request set-header a \"if\" if good\n redirect prefix x if !{ path / }\n",
            [
                "4: error: no acl 'bad' is defined in this section [undefined-acl]",
                "5: error: no acl 'goood' is defined in this section; did you mean 'good'? [undefined-acl]",
            ]),
        Case(
            "acls of another section", .haproxy,
            "frontend f\n acl a path /\n default_backend b\nbackend b\n http-request deny if a\n",
            [
                "4: warning: backend 'b' has no server: nothing that reaches it is answered by one [empty-backend]",
                "5: error: no acl 'a' is defined in this section [undefined-acl]",
            ]),
        Case(
            "names twice", .haproxy,
            "frontend a\n bind :1\n default_backend a\nfrontend a\n bind :2\nbackend a\n server s 1.1.1.1:1\n server s 1.1.1.1:2\n"
                + "backend a\n server s 1.1.1.1:1\nlisten l\n bind :3\n server s 1.1.1.1:1\nlisten l\n bind :4\n server s 1.1.1.1:1\n",
            [
                "4: error: two frontends are named 'a' [duplicate-name]",
                "6: warning: a frontend and a backend are named 'a', which HAProxy 3.3 and later refuse [duplicate-name]",
                "8: error: two servers of one section are named 's' [duplicate-name]",
                "9: error: two backends are named 'a' [duplicate-name]",
                "14: error: two frontends are named 'l' [duplicate-name]",
            ]),
        Case(
            "binds", .haproxy,
            "frontend a\n bind :80,:81\n bind [::]:80 v6only\n bind 127.0.0.1:80\nfrontend b\n bind *:80\n"
                + " bind 0.0.0.0:82 interface eth0\n bind :82\n bind unix@/run/x\nlisten c\n bind /run/x\n server s 1.1.1.1:1\n",
            ["6: error: two binds are on '*:80' [duplicate-bind]"]),
        Case(
            "quotes and comments", .haproxy,
            "frontend 'a b' # backend x\n default_backend b\\ c\n\tacl \"x\" path '#'\n http-request deny if x\n"
                + "backend \"b c\"\n server s 1.1.1.1:1 # server s\n", []),
        Case(
            "empty upstream", .nginx, "http { upstream u { }\n server { location / { proxy_pass http://u; } } }",
            ["1: error: upstream 'u' has no server, which nginx refuses [empty-backend]"]),
        Case(
            "upstreams", .nginx,
            "http {\n upstream app { server a; }\n upstream app { server a; }\n upstream old { server a; }\n"
                + " server {\n location / { proxy_pass http://ap; }\n location /x { proxy_pass http://app/y; }\n"
                + " location /z { proxy_pass http://example.org; } } }",
            [
                "3: error: two upstreams are named 'app' [duplicate-name]",
                "4: warning: nothing passes requests to upstream 'old' [unreached-backend]",
                "6: error: proxy_pass leads to 'ap', which is not an upstream; did you mean 'app'? [missing-backend]",
            ]),
        Case(
            "an upstream whose name is made at run time", .nginx,
            "http { upstream a { server x; } server { location / { proxy_pass http://$backend; } } }", []),
        Case(
            "listens", .nginx,
            "http {\n server { listen 80; listen *:80; listen [::]:80; server_name a; }\n"
                + " server { listen 80; server_name b A; }\n}\nstream {\n server { listen 53 udp; listen 53; }\n"
                + " server { listen 53; }\n}",
            [
                "2: error: this server listens on '*:80' twice [duplicate-bind]",
                "3: warning: two servers are named 'A': nginx ignores the second [duplicate-name]",
                "7: error: two servers of the stream block listen on '53' [duplicate-bind]",
            ]),
        Case(
            "a name of a listen and a backend", .haproxy,
            "listen a\n bind :1\n server s 1.1.1.1:1\n default_backend a\nbackend a\n server s 1.1.1.1:1\nresolvers r\nresolvers r\n",
            [
                "5: error: a listen and a backend are named 'a' [duplicate-name]",
                "8: error: two sections 'resolvers' are named 'r' [duplicate-name]",
            ]),
        Case(
            "locations twice", .nginx,
            "http { server {\n location /a { }\n location /a { location /a/b { } location /a/b { } }\n location = /a { }\n"
                + " location =/a { }\n location ^~ /a { }\n location ~ x { }\n location ~* x { }\n location ~x { }\n"
                + " location @n { }\n location @n { } }\n server { location /a { } } }",
            [
                "3: error: two locations of one block are for '/a' [duplicate-name]",
                "3: error: two locations of one block are for '/a/b' [duplicate-name]",
                "5: error: two locations of one block are for '/a' [duplicate-name]",
                "6: error: two locations of one block are for '/a' [duplicate-name]",
                "9: warning: two locations have the expression 'x': nginx never comes to the second [duplicate-name]",
                "11: error: two locations of one block are for '@n' [duplicate-name]",
                "12: warning: two servers without a name listen on '80': nginx ignores the second [duplicate-name]",
            ]),
        Case(
            "names and defaults of one address", .nginx,
            "http {\n server { listen 80 default_server; server_name a a; }\n server { listen 81; server_name a; }\n"
                + " server { listen 82; listen 80 default_server; server_name b; }\n server { listen 82; listen 81; server_name A; } }",
            [
                "2: warning: 'a' appears twice in the names of this server [duplicate-name]",
                "4: error: two servers are the default of one address [duplicate-bind]",
                "5: warning: two servers are named 'A': nginx ignores the second [duplicate-name]",
            ]),
        Case(
            "server names", .nginx,
            "http {\n server { listen 80; server_name a.example; }\n server { listen 80; server_name A.example; }\n}",
            ["3: warning: two servers are named 'A.example': nginx ignores the second [duplicate-name]"]),
        Case(
            "names of server templates", .haproxy,
            "listen b\n bind :1\n server-template s 2-4 a:80\n server s1 a:80\n server s3 a:80\n server-template s 4-9 a:80\n"
                + " server-template s 3 b:80\n server t a:80\nlisten c\n bind :2\n server-template s 5-4 a:1\n server s3 a:80\n",
            [
                "5: error: two servers of one section are named 's3' [duplicate-name]",
                "6: error: two servers of one section are named 's4' [duplicate-name]",
                "7: error: two servers of one section are named 's1' [duplicate-name]",
            ]),
        Case(
            "ranges of ports", .haproxy,
            "listen a\n bind :8000-8010\n bind :8005\n bind *:8010-8020\n bind 127.0.0.1:8005\n bind :8021\n bind :9000\n"
                + " bind :8990-9010,:7000\n bind :7000\n bind /run/a-1\n bind /run/a-1-2\n server s a:1\n",
            [
                "3: error: two binds are on ':8005' [duplicate-bind]",
                "4: error: two binds are on '*:8010-8020' [duplicate-bind]",
                "8: error: two binds are on ':8990-9010' [duplicate-bind]",
                "9: error: two binds are on ':7000' [duplicate-bind]",
            ]),
        Case(
            "ids and members of sections", .haproxy,
            "listen a\n id 7\n bind :1 id 3\n bind :2 id 3\n server s a:1 id 4\n server t a:2 id 4\n server u a:3 id 5\n"
                + "listen b\n id 7\n bind :3 id 3\n server s a:1 id 4\nuserlist u\n user x password a\n user x password b\n"
                + " group g\n group g\nresolvers r\n nameserver n a:1\n nameserver n a:2\npeers p\n peer x a:1\n peer x a:2\n",
            [
                "4: error: two binds of one section have the id '3' [duplicate-name]",
                "6: error: two servers of one section have the id '4' [duplicate-name]",
                "9: error: two sections have the id '7' [duplicate-name]",
                "14: warning: two lines 'user' of one section are named 'x' [duplicate-name]",
                "16: warning: two lines 'group' of one section are named 'g' [duplicate-name]",
                "19: error: two lines 'nameserver' of one section are named 'n' [duplicate-name]",
                "22: error: two lines 'peer' of one section are named 'x' [duplicate-name]",
            ]),
        Case(
            "names with a dot before them", .nginx,
            "http {\n server { listen 80; server_name .a.org; }\n server { listen 80; server_name *.A.org; }\n"
                + " server { listen 80; server_name a.org b.org; }\n server { listen 80; server_name .b.org .c.org; }\n"
                + " server { listen 81; server_name .a.org; }\n}",
            [
                "3: warning: two servers are named '*.A.org': nginx ignores the second [duplicate-name]",
                "4: warning: two servers are named 'a.org': nginx ignores the second [duplicate-name]",
                "5: warning: two servers are named '.b.org': nginx ignores the second [duplicate-name]",
            ]),
        Case(
            "keys of maps and their kin", .nginx,
            "http {\n map $host $x { A 1; a 2; ~a 3; ~a 4; default 5; default 6; }\n map $host $y { .a.org 1; *.a.org 2; }\n"
                + " map $host $z { hostnames; .a.org 1; *.A.org 2; a.org 3; }\n geo $g { 10.0.0.0/8 1; 10.0.0.0/8 2; default 3; }\n"
                + " types { text/html html htm; text/plain txt HTM; }\n log_format a x;\n log_format a y;\n}",
            [
                "2: error: this map has the key 'a' twice [duplicate-name]",
                "2: error: this map has the key 'default' twice [duplicate-name]",
                "4: error: this map has the key '*.a.org' twice [duplicate-name]",
                "4: error: this map has the key 'a.org' twice [duplicate-name]",
                "5: warning: this geo block has '10.0.0.0/8' twice: nginx takes the second [duplicate-name]",
                "6: warning: the extension 'HTM' has two types [duplicate-name]",
                "8: error: two log formats are named 'a' [duplicate-name]",
            ]),
        Case(
            "what is no configuration", .haproxy,
            "\u{0}\u{1}'\"\\\n#\n\n  \t\r\nfrontend\nbackend\n use_backend\n bind\n", []),
        Case("what is no configuration of nginx", .nginx, "}}}{{{;;;\"\\\n'#${$\u{0}server upstream listen {", []),
        Case("plain text", .plain, "backend b\nbackend b\n", []),
    ]

    @Test(arguments: cases)
    func finds(example: Case) {
        let text = ConfigurationText(Array(example.text.utf8), dialect: example.dialect)
        let found = OutputLint.check(text).map { finding in
            "\(text.line(ofOffset: finding.range.lowerBound)): \(finding.severity.rawValue): \(finding.message) "
                + "[\(finding.code.rawValue)]"
        }
        #expect(found == example.expected)
    }

    @Test("any bytes are read without harm", arguments: [Dialect.haproxy, .nginx])
    func anyBytes(dialect: Dialect) {
        var state: UInt64 = 88_172_645_463_325_252
        let alphabet = Array("ab {};'\"\\#\n\t$if!%[](),:backend server acl".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<300 {
            let bytes = (0..<400).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return alphabet[Int(state % UInt64(alphabet.count))]
            }
            let text = ConfigurationText(bytes, dialect: dialect)
            let report = ConfigurationScan.scan(text, output: "/nowhere/x", files: .system, environment: { _ in nil })
            let ranges = OutputLint.check(text).map(\.range) + report.refusals.map(\.range)
            #expect(ranges.allSatisfy { $0.upperBound <= bytes.count })
        }
    }

    @Test("a hundred thousand open blocks take no stack")
    func deepBlocks() {
        let text = ConfigurationText(Array(String(repeating: "a{", count: 100_000).utf8), dialect: .nginx)
        #expect(text.statements.count == 100_000)
        #expect(OutputLint.check(text).isEmpty)
    }

    static let directives: [(dialect: Dialect, text: String, isNamed: Bool)] = [
        (.haproxy, "global\n lua-load /x.lua", true), (.haproxy, "global\n lua-load-per-thread x.lua", true),
        (.haproxy, "global\n ssl-engine x", true), (.haproxy, "global\n external-check", true),
        (.haproxy, "backend b\n option external-check", true),
        (.haproxy, "backend b\n external-check command /x", true),
        (.haproxy, "program x\n command /x", true), (.haproxy, "global\n insecure-fork-wanted", true),
        (.haproxy, "backend b\n option httpchk GET /lua-load", false), (.haproxy, "# lua-load x", false),
        (.nginx, "load_module x.so;", true), (.nginx, "ssl_engine x;", true), (.nginx, "include /etc/passwd;", true),
        (.nginx, "include ../x.conf;", true), (.nginx, "http { perl_modules x; }", true),
        (.nginx, "http { include 'sub/*.conf'; }", false),
        (.nginx, "include /etc/nginx/modules-enabled/*.conf;", false),
        (.nginx, "http { js_import x.js; }", true), (.nginx, "# load_module x;\nevents { }", false),
    ]

    @Test(arguments: directives)
    func namesCode(example: (dialect: Dialect, text: String, isNamed: Bool)) {
        let text = ConfigurationText(Array(example.text.utf8), dialect: example.dialect)
        let report = ConfigurationScan.scan(
            text, output: "/nowhere/at/all/edge", files: .system, environment: { _ in nil })
        #expect(!report.refusals.isEmpty == example.isNamed, "\(report.refusals)")
    }
}
