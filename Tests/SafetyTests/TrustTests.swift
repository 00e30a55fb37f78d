@testable import HAServices
@testable import HATemplate
import Testing

/// What is trusted, and what happens to what is not.
@Suite struct TrustTests {
    @Test func aValueTakesSixteenBytes() {
        #expect(MemoryLayout<Value>.size == 16 && MemoryLayout<Value>.stride == 16)
    }

    /// Template, data, and the output in the haproxy dialect, or the code of the mistake.
    static let cases: [(template: String, data: String, expected: String)] = [
        ("acl a path {{ delimit . \" \" }}\n", #"["/a b", "/c"]"#, "acl a path '/a b' /c\n"),
        ("http-request set-header X {{ .a }}\n", #"{"a": null}"#, "unsafe-value"),
        // HAProxy reads an empty argument as the end of its line.
        ("acl a path {{ delimit . \" \" }}\n", #"["/a", "", "/c"]"#, "unsafe-value"),
        ("bind :80 {{ . }} ssl\n", #""""#, "unsafe-value"),
        ("http-request return string {{ . }}\n", #""""#, "http-request return string ''\n"),
        // Words that depend on the branch, and words that a template goes on with.
        (
            "{{ if . }}tcp{{ else }}http{{ end }}-request set-header X {{ . }}\n", #""%[env(X)]""#,
            "tcp-request set-header X '%%[env(X)]'\n"
        ),
        ("{{ define \"v\" }} {{ . }}{{ end }}log-format{{ template \"v\" . }}\n", #""%T a""#, "log-format '%%T a'\n"),
        ("{{ if . }}error-{{ end }}log-format {{ . }}\n", #""%[env(X)]""#, "error-log-format '%%[env(X)]'\n"),
        ("http-request deny {{ if . }}unless{{ else }}if{{ end }} A {{ . }} B\n", #""or""#, "unsafe-value"),
        (
            "http-request deny {{ if . }}unless{{ else }}if{{ end }} { path {{ . }} }\n", #""/a b""#,
            "http-request deny unless { path '/a b' }\n"
        ),
        (
            "http-request deny {{ if . }}unless{{ else }}if{{ end }} { path {{ . }} }\n", #""/a(b""#,
            "http-request deny unless { path /a(b }\n"
        ),
        (
            "{{ define \"c\" }} { src {{ . }} }{{ end }}http-request deny if{{ template \"c\" . }}\n", #""-f""#,
            "unsafe-value"
        ),
        ("http-request deny if { src ::1 } !{ src {{ . }} }\n", #""-f""#, "unsafe-value"),
        (
            "http-request deny if !{ path {{ . }} }\n", #""/.well-known/""#,
            "http-request deny if !{ path /.well-known/ }\n"
        ),
        // Log formats: what a % begins, and where an expression ends.
        ("http-request set-header X \"%ci %[{{ . }}]\"\n", #""env(X)""#, "unsafe-value"),
        ("http-request set-header X \"%ci {{ . }}\"\n", #""a %b""#, "http-request set-header X \"%ci a %%b\"\n"),
        ("log-format \"%{+Q}r {{ . }}\"\n", #""a b""#, "log-format \"%{+Q}r a b\"\n"),
        ("http-request set-header X %[hdr(a),{{ . }}]\n", #""map(/x)""#, "unsafe-value"),
        ("http-request return hdr status {{ . }}\n", #""%[env(X)]""#, "http-request return hdr status '%%[env(X)]'\n"),
        ("set-var-fmt proc.x {{ . }}\n", #""%[env(X)]""#, "set-var-fmt proc.x '%%[env(X)]'\n"),
        // Two values that make a word together.
        ("http-request deny if A {{ index . 0 }}{{ index . 1 }} B\n", #"["o", "r"]"#, "unsafe-value"),
        ("{{ printf \"acl %s path %s # %s\" \"a\" . . }}\n", #""x y""#, "acl a path 'x y' # x y\n"),
        ("{{ print \"acl a path \" . }}\n", #""x y""#, "acl a path 'x y'\n"),
        ("acl a path {{ add \"/\" . }}\n", #""x y""#, "acl a path /'x y'\n"),
        ("acl a path {{ slice (print \"/a b\" . \"c d\") 2 7 }}\n", #""x y""#, "acl a path  b'x y'\n"),
        ("acl a path {{ printf \"%s\" (print \"/x /\" .) }}\n", #""y z""#, "acl a path /x /'y z'\n"),
        ("acl a path {{ slice (print . \"/a\") 1 }}\n", #""x""#, "acl a path /a\n"),
        // What a range leaves out is not there as an empty argument.
        ("acl a path {{ slice (print . \" /a\") 1 }}\n", #""x""#, "acl a path  /a\n"),
        ("acl a path {{ slice (print \"/a \" .) 0 3 }}\n", #""x""#, "acl a path /a \n"),
        ("acl a path {{ printf \"%c\" 32 }}\n", "0", "acl a path ' '\n"),
        ("{{ $t := \"acl a path /x\" }}{{ $t }}\n", "0", "acl a path /x\n"),
        ("{{ upper \"acl a\" }}\n", "0", "ACL A\n"),
        ("{{ upper . }}\n", #""acl a""#, "unsafe-value"),
        ("{{ raw . }}\n", #""acl a path x""#, "acl a path x\n"),
        ("acl a path {{ raw . }} /b\n", #""\"x""#, "unsafe-value"),
        ("{{ define \"p\" }}acl a path {{ . }}{{ end }}{{ partial \"p\" . }}\n", #""x y""#, "acl a path 'x y'\n"),
        (
            "{{ define \"p\" }}a {{ . }}{{ end }}acl a path {{ partial \"p\" . | upper }}\n", #""x""#,
            "acl a path A X\n"
        ),
        (
            "{{ define \"p\" }}dropped {{ . }}{{ return . }}{{ end }}acl a path {{ partial \"p\" . }}\n", #""x y""#,
            "acl a path 'x y'\n"
        ),
        (
            "{{ define \"p\" }}{{ if . }}x{{ template \"p\" false }}{{ end }}{{ end }}acl a path {{ template \"p\" . }}\n",
            "true", "acl a path x\n"
        ),
        ("defaults{{ if . }} b{{ end }} {{ . }}\n", #""a}b""#, "defaults b a}b\n"),
        ("acl a path {{ . }}\n", #"["a", "b"]"#, "unsafe-value"),
        ("acl a path {{ . }}\n", "-5", "acl a path -5\n"),
        ("{{ . }}\n", #""""#, "\n"),
        ("acl a path -- {{ . }}\n", #""-f""#, "acl a path -- -f\n"),
        ("http-request deny if { path x } {{ . }}\n", #""or""#, "unsafe-value"),
        ("http-request deny if { path -- {{ . }} }\n", #""-f""#, "http-request deny if { path -- -f }\n"),
        ("http-request deny if { path {{ . }} }\n", #""-f""#, "unsafe-value"),
        ("http-request deny if a {{ . }} b\n", #""OR""#, "unsafe-value"),
        ("acl a dst_port {{ . }} 1\n", #""gt""#, "unsafe-value"),
        ("acl a dst_port -- \"{{ . }}\" 1\n", #""gt""#, "unsafe-value"),
        ("acl a path,length {{ . }} 1\n", #""gt""#, "unsafe-value"),
        ("acl a path -m len {{ . }}\n", #""gt""#, "unsafe-value"),
        ("acl a dst_port -m str {{ . }}\n", #""gt""#, "acl a dst_port -m str gt\n"),
        ("acl a hdr(host,1) -i {{ . }}\n", #""lt""#, "acl a hdr(host,1) -i lt\n"),
        (
            "http-request deny if { path {{ . }} } { src_port 1 }\n", #""lt""#,
            "http-request deny if { path lt } { src_port 1 }\n"
        ),
        ("http-request deny if { path x } { src_port {{ . }} 1 }\n", #""lt""#, "unsafe-value"),
        ("{{ $c := \"if a\" }}http-request deny {{ $c }} {{ . }} b\n", #""||""#, "unsafe-value"),
        ("{{ $c := \"if a\" }}use_backend b {{ $c }} {{ . }} b\n", #""Or""#, "unsafe-value"),
        ("cookie {{ . }} {{ . }}\n", #""x""#, "cookie x x\n"),
        ("log-tag \"${{ . }}\"\n", #""{HOME}""#, "unsafe-value"),
        ("log-tag \"$HO{{ . }}\"\n", #""ME""#, "unsafe-value"),
        ("log-tag \"${HOME}{{ . }}\"\n", #""{HOME}""#, "log-tag \"${HOME}{HOME}\"\n"),
        ("log-tag \"\\${{ . }}\"\n", #""{HOME}""#, "log-tag \"\\${HOME}\"\n"),
        ("server-template a 1-2 {{ . }}:80\n", #""/x""#, "unsafe-value"),
        ("stick on {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("http-request replace-header X .* {{ . }}\n", #""\\1%""#, #"http-request replace-header X .* '\\1%%'"# + "\n"),
        ("http-request replace-path .* \"{{ . }}\"\n", #""\\1""#, #"http-request replace-path .* "\\\\1""# + "\n"),
        (".if {{ . }}\n", #""defined(X)""#, "unsafe-value"),
        ("log-format {{ . }}\n", #""%ci""#, "log-format '%%ci'\n"),
        // HAProxy reads an empty argument as the end of its line, whoever wrote the quotes.
        ("acl a src \"{{ . }}\" 10.0.0.1\n", #""""#, "unsafe-value"),
        ("acl a src '{{ . }}'\n", #""""#, "unsafe-value"),
        ("acl a path{{ range . }} \"{{ . }}\"{{ end }}\n", #"["/a", ""]"#, "unsafe-value"),
        ("acl a path \"{{ . }}/\" \"/{{ . }}\" \"{{ . }}\"/a\n", #""""#, "acl a path \"/\" \"/\" \"\"/a\n"),
        ("acl a path \"{{ . }}{{ . }}\"\n", #""x""#, "acl a path \"xx\"\n"),
        ("acl a path {{ printf \"\\\"%s\\\" /a\" . }}\n", #""""#, "unsafe-value"),
        ("http-request return string \"{{ . }}\"\n", #""""#, "http-request return string \"\"\n"),
        // Samples that settings ask for.
        ("server s 1.2.3.4:443 sni {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("server s 1.2.3.4:443 sni {{ . }}\n", #""ssl_fc_sni""#, "server s 1.2.3.4:443 sni ssl_fc_sni\n"),
        ("server sni {{ . }}:443\n", #""[::1]""#, "server sni [::1]:443\n"),
        ("server-template s 3 a:443 check sni {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("default-server{{ if . }} pool-conn-name{{ else }} sni{{ end }} {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("balance hash {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("balance {{ . }}\n", #""rdp-cookie(a)""#, "balance rdp-cookie(a)\n"),
        ("option forwarded host-expr {{ . }}\n", #""env(X)""#, "unsafe-value"),
        ("description a hash {{ . }}\n", #""a(b)""#, "description a hash a(b)\n"),
        ("{{ if . }}acl a path \"{{ end }}\n", "true", "context-mismatch"),
        ("{{ range . }}acl a path '{{ end }}\n", "[]", "context-mismatch"),
        ("{{ if . }}# a{{ end }} b\n", "true", "context-mismatch"),
        ("{{ if . }}# {{ . }}{{ end }}\nacl a path {{ . }}\n", #""x y""#, "# x y\nacl a path 'x y'\n"),
        (
            "{{ range . }}acl a path {{ . }}{{ if eq . \"b\" }}{{ break }}{{ end }} /c\n{{ else }}x{{ end }}\n",
            #"["a", "b"]"#, "acl a path a /c\nacl a path b\n"
        ),
    ]

    @Test(arguments: cases.indices)
    func haproxy(_ index: Int) {
        let example = Self.cases[index]
        #expect(render(example.template, example.data) == example.expected, "\(example.template)")
    }

    static let nginxCases: [(template: String, data: String, expected: String)] = [
        ("{{ $m := \"~\" }}location {{ $m }} {{ . }} {}", #""/.*""#, #"location ~ /\.\* {}"#),
        ("location {{ . }}{{ . }} {}", #""/a""#, "location /a/a {}"),
        ("location {{ . }} {} location {{ . }} {}", #""/.*""#, "location /.* {} location /.* {}"),
        ("server_name{{ range 2 }} {{ $ }}{{ end }};", #""a.b""#, "server_name a.b a.b;"),
        ("return 200{{ range . }} {{ . }}{{ end }};", #"["a b", ""]"#, #"return 200 "a b" "";"#),
        ("return 200 {{ . }}{{ if . }} b{{ end }};", #""""#, #"return 200 "";"#),
        ("return 200{{ range . }} {{ . }}{{ end }}x;", #"[""]"#, "unsafe-value"),
        ("return 200 {{ . }}# x;", #""""#, "unsafe-value"),
        ("root {{ index . 0 }}{{ index . 1 }};", #"["a", ""]"#, "root a;"),
        ("geo $g { {{ index . 0 }}{{ index . 1 }} 1; }", #"["de", "fault"]"#, "unsafe-value"),
        ("map $a $b { {{ . }} {{ . }}; }", #""a.b:80""#, "map $a $b { a.b:80 a.b:80; }"),
        ("map $a $b { {{ . }} {{ . }}; }", #""default""#, "unsafe-value"),
        ("resolver{{ range 2 }} {{ $ }}{{ end }} valid=30s;", #""1.1.1.1""#, "resolver 1.1.1.1 1.1.1.1 valid=30s;"),
        (
            "{{ if . }}add_header{{ else }}proxy_set_header{{ end }} A {{ . }};", #""max-age=1.5""#,
            "add_header A max-age=1.5;"
        ),
        // After a variable.
        ("return 301 $scheme://$host{{ . }};", #""/login""#, "return 301 $scheme://$host/login;"),
        ("return 301 $host{{ . }};", #""""#, "return 301 $host;"),
        ("return 301 ${{ . }};", #""/x""#, "unsafe-value"),
        ("return 301 ${h{{ . }}};", #""-""#, "unsafe-value"),
        // Modifiers that depend on the branch.
        ("location {{ if . }}~{{ end }} {{ . }} {}", #""/.*""#, #"location ~ /\.\* {}"#),
        ("if ($a {{ if . }}~{{ else }}={{ end }} {{ . }}) {}", #"".*""#, #"if ($a ~ \.\*) {}"#),
        (
            "{{ define \"m\" }} ^{{ . }}{{ end }}location ~{{ template \"m\" . }} {}", #""/.*""#,
            #"location ~ ^/\.\* {}"#
        ),
        ("server_name {{ if . }}{{ end }}{{ if false }}~{{ end }}{{ . }};", #""a.b""#, "server_name a.b;"),
        ("map $a $b { \"{{ if . }}~{{ end }}{{ . }}\" 1; }", #"".*""#, #"map $a $b { "~\.\*" 1; }"#),
        ("return 200 {{ . }}{{ . }};", #""""#, "unsafe-value"),
        (
            "{{ define \"d\" }} {{ . }} {{ . }}{{ end }}server_name{{ template \"d\" . }};", #""a.b""#,
            "server_name a.b a.b;"
        ),
        ("loc{{ range 2 }} a{{ end }}ation {{ . }} {}", #""~a""#, "unsafe-value"),
        ("loc{{ range 2 }} a{{ end }}{{ . }} b;", #""ation""#, "loc a aation b;"),
        ("{{ if . }}location{{ else }}server_name{{ end }} {{ . }} {}", #""^a""#, "unsafe-value"),
        (
            "{{ define \"d\" }}x{{ if . }}{{ template \"d\" false }}{{ end }}{{ end }}a{{ template \"d\" . }} {{ . }};",
            #""a.b""#, "axx a.b;"
        ),
        ("geo $a { {{ . }} 1; }", #""delete""#, "unsafe-value"),
        ("geo $a { {{ . }} 1; }", #""10.0.0.0/8""#, "geo $a { 10.0.0.0/8 1; }"),
        ("map $b $a { ~{{ . }} 1; }", #""a.b""#, #"map $b $a { ~a\.b 1; }"#),
        ("map $b $a { {{ . }} 1; }", #""delete""#, "map $b $a { delete 1; }"),
        ("if ($a {{ . }} x) {}", #""!~""#, "unsafe-value"),
        ("return 200 {{ . }}{{ . }};", #""a b""#, "unsafe-value"),
        ("set_by_lua $a 'return \"{{ . }}\"';", #"") x(""#, "unsafe-value"),
        ("set_by_lua $a 'return \"{{ . }}\"';", #""abc""#, "set_by_lua $a 'return \"abc\"';"),
        ("log_by_lua_block { a(\"}\") b(\"{{ . }}\") }", #""\") x(""#, "unsafe-value"),
        (
            "log_by_lua_block { --}\n a([=[ ]] } ]=], '\\'}') } return {{ . }};", #""a b""#,
            "log_by_lua_block { --}\n a([=[ ]] } ]=], '\\'}') } return \"a b\";"
        ),
        (
            "log_by_lua_block { --[[ }\n } ]] b = a[1] - {1} } return {{ . }};", #""a b""#,
            "log_by_lua_block { --[[ }\n } ]] b = a[1] - {1} } return \"a b\";"
        ),
        ("log_by_lua_block { --{{ . }}\n }", #""[[""#, "unsafe-value"),
        ("log_by_lua_block { a = \"\\{{ . }}\" }", #""n""#, "unsafe-value"),
        ("log_by_lua_block { a = [{{ . }} }", #""x""#, "unsafe-value"),
    ]

    @Test(arguments: nginxCases.indices)
    func nginx(_ index: Int) {
        let example = Self.nginxCases[index]
        #expect(render(example.template, example.data, .nginx) == example.expected, "\(example.template)")
    }

    private func render(_ template: String, _ data: String, _ dialect: Dialect = .haproxy) -> String {
        do {
            let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: dialect)
            var output = ByteBuffer()
            try compiled.render(try Document.json(name: "d", bytes: Array(data.utf8)), into: &output)
            return String(decoding: output.array, as: UTF8.self)
        } catch let error as Diagnostic {
            return error.code.rawValue
        } catch let error as Diagnostics {
            return error.items.first?.code.rawValue ?? ""
        } catch {
            return "\(error)"
        }
    }

    /// Pieces stay what they are when the memory is cleaned up.
    @Test func piecesSurviveCollections() {
        let template = """
            {{ $kept := print "acl a path " . }}{{ range 400000 }}\
            {{ $dropped := print "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa " $ }}{{ end }}{{ $kept }}

            """
        #expect(render(template, #""x y""#) == "acl a path 'x y'\n")
    }

    @Test(arguments: [false, true])
    func aConfigIsTrustedBySource(isTrusted: Bool) throws {
        var reader = ServiceReader()
        let json = #"{"Id": "a", "ApplicationProtocol": "http", "Config": "option a\noption b"}"#
        reader.addFile(name: "s", bytes: Array(json.utf8), trustsConfig: isTrusted)
        let document = try reader.finish()
        let template = try Template.parse(
            SourceFile(name: "t", text: "{{ range . }}{{ .Config }}\n{{ slice .Config 0 8 }}{{ end }}"),
            dialect: .haproxy)
        var output = ByteBuffer()
        var failure: Diagnostic?
        do { try template.render(document, into: &output) } catch { failure = error }
        if isTrusted {
            #expect(String(decoding: output.array, as: UTF8.self) == "option a\noption b\noption a")
        } else {
            #expect(failure?.code == .unsafeValue && failure?.notes.first?.message == "the value is services[0].Config")
        }
    }

    @Test func everyRawIsListed() throws {
        let template = try Template.parse(
            SourceFile(name: "t", text: "{{ raw 1 }}\n{{ if (raw .) }}{{ . | raw }}{{ end }}"))
        #expect(template.rawUses.map(\.range.start) == [3, 19, 35])
    }

    /// A value that left its argument is found in the output, whatever let it through.
    @Test func theSecondLineSeesChanges() {
        let cases: [(Dialect, String, Range<Int>, Bool)] = [
            (.haproxy, "a 'b c' d\n", 2..<7, true), (.haproxy, "a b c d\n", 2..<5, false),
            (.haproxy, "a b#c\n", 2..<5, false), (.haproxy, "a \"b\" c\n", 3..<5, false),
            (.nginx, "a \"b c\";", 2..<7, true), (.nginx, "a b;c;", 2..<5, false), (.nginx, "a b{c", 2..<5, false),
        ]
        for (dialect, text, span, isRight) in cases {
            var check = StructureCheck()
            check.add(span)
            let violation = Array(text.utf8).withUnsafeBufferPointer { check.violation(in: $0, from: 0, dialect) }
            #expect((violation == nil) == isRight, "\(text)")
        }
    }
}
