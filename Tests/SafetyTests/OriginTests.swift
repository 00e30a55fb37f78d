import HATemplate
import Testing

/// Functions that put texts together or cut them keep apart what is the template's and what is data; what no proxy can
/// read as a value never reaches an output.
@Suite struct OriginTests {
    /// Template, data, and the output in the haproxy dialect, or the code of the mistake.
    static let cases: [(template: String, data: String, expected: String)] = [
        // Separators of the template separate arguments; each value is quoted by itself.
        ("hdr(host) -i {{ join \" \" . }}", #"["a.org", "b c"]"#, "hdr(host) -i a.org 'b c'"),
        ("hdr(host) -i {{ join . \" \" }}", #"["a.org", "b c"]"#, "hdr(host) -i a.org 'b c'"),
        ("acl a path {{ join \" \" (slice 80 443) }}", "0", "acl a path 80 443"),
        ("acl a path {{ lower (delimit . \" \") }}", #"["A", "B C"]"#, "acl a path a 'b c'"),
        ("acl a path {{ upper (print \"x \" .) }}", #""b c""#, "acl a path X 'B C'"),
        ("acl a path {{ title (print \"a b \" .) }}", #""c d""#, "acl a path A B 'C D'"),
        ("acl a path {{ strings.FirstUpper (print \"a b \" .) }}", #""c d""#, "acl a path A b 'c d'"),
        ("acl a path {{ upper (print \"ä é \" .) }}", #""ö ß""#, "acl a path Ä É 'Ö ß'"),
        ("acl a path {{ replace . \",\" \" \" }}", #""/a b,/c""#, "acl a path '/a b' /c"),
        ("acl a path {{ replaceAll \",\" \" \" . }}", #""/a,/c d""#, "acl a path /a '/c d'"),
        ("acl a path {{ replace \"/a X /b\" \"X\" . }}", #""/c d""#, "acl a path /a '/c d' /b"),
        ("acl a path {{ replaceRE \"[,;]\" \" \" . }}", #""/a b;/c""#, "acl a path '/a b' /c"),
        ("acl a path {{ replaceRE \"(.);(.)\" \"$2 $1\" . }}", #""a;#""#, "acl a path '#' a"),
        ("acl a path {{ join \" \" (split . \",\") }}", #""/a b,/c""#, "acl a path '/a b' /c"),
        ("acl a path {{ join \" \" (split (join \",\" .) \",\") }}", #"["/a b", "/c"]"#, "acl a path '/a b' /c"),
        ("acl a path {{ index (split (print \"/a /b,\" .) \",\") 0 }}", #""x y""#, "acl a path /a /b"),
        ("acl a path {{ index (split (print \"/a /b,\" .) \",\") 1 }}", #""x y""#, "acl a path 'x y'"),
        ("acl a path {{ trim (print \" /a \" .) \" \" }}", #""x y ""#, "acl a path /a 'x y'"),
        ("acl a path {{ strings.TrimPrefix \"x\" (print \"x /a \" .) }}", #""b c""#, "acl a path  /a 'b c'"),
        ("acl a path {{ substr (print \"/a /b \" .) 3 }}", #""c d""#, "acl a path /b 'c d'"),
        ("acl a path {{ slicestr (print \"/a \" .) 1 6 }}", #""c d""#, "acl a path a 'c d'"),
        ("acl a path {{ first 5 (print \"/a \" .) }}", #""c d""#, "acl a path /a 'c '"),
        ("acl a path {{ after 3 (print \"/a \" . \" /b\") }}", #""c d""#, "acl a path 'c d' /b"),
        ("acl a path {{ strings.Repeat 2 (print \"/a \" . \" \") }}", #""c d""#, "acl a path /a 'c d' /a 'c d' "),
        ("acl a path {{ $f := \"%s /b %s\" }}{{ printf $f . . }}", #""c d""#, "acl a path 'c d' /b 'c d'"),
        ("acl a path {{ printf (print \"%s \" .) \"/a\" }}", #""c d""#, "acl a path /a 'c d'"),
        ("acl a path {{ printf \"%-6s|%4s\" . . }}", #""a b""#, "acl a path 'a b'   | 'a b'"),
        ("acl a path {{ printf \"%.2s /c\" . }}", #""a b""#, "acl a path 'a ' /c"),
        ("acl a path {{ print . \" \" . }}", #""a b""#, "acl a path 'a b' 'a b'"),
        ("acl a path {{ printf \"%s\" (print . .) }}", #""a b""#, "acl a path 'a ba b'"),
        ("acl a path {{ html (print \"/a \" .) }}", #""b c""#, "acl a path /a 'b c'"),
        ("acl a path {{ truncate 12 \"\" (print \"/a \" .) }}", #""b c""#, "acl a path /a 'b c'"),
        ("acl a path {{ index (apply . \"printf\" \"/x %s\" \".\") 0 }}", #"["b c"]"#, "acl a path /x 'b c'"),
        (
            "acl a path {{ index (apply (collections.Slice \"/a\") \"printf\" \"%s /b\" \".\") 0 }}", "0",
            "acl a path /a /b"
        ),
        ("acl a path{{ print \" /a\\n  acl b path \" . | indent 0 }}", #""b c""#, "acl a path /a\n  acl b path 'b c'"),
        ("log-tag {{ quote . }}", #""a b""#, #"log-tag "a b""#),
        ("log-tag {{ quote . }}", #""a\"$b""#, #"log-tag "a\"\$b""#),
        ("log-tag {{ squote . }}", #""a'b c""#, #"log-tag 'a'\''b c'"#),
        ("log-tag {{ printf \"%q\" . }}", #""a b""#, #"log-tag "a b""#),
        // What a partial prints or returns.
        (
            "{{ define \"p\" }}{{ range . }} {{ . }}{{ end }}{{ end }}acl a path{{ partial \"p\" . | lower }}",
            #"["A", "B C"]"#, "acl a path a 'b c'"
        ),
        (
            "{{ define \"p\" }}{{ return (delimit . \" \") }}{{ end }}acl a path {{ partial \"p\" . }}",
            #"["/a", "b c"]"#, "acl a path /a 'b c'"
        ),
        (
            "{{ define \"q\" }}{{ . }} {{ end }}{{ define \"p\" }}x {{ partial \"q\" . | upper }}y{{ end }}"
                + "{{ $t := partial \"p\" . }}acl a path {{ $t }}", #""b c""#, "acl a path x 'B C' y"
        ),
        // A text that grows goes on with what it was.
        (
            "acl a path {{ $s := \"/a\" }}{{ range . }}{{ $s = print $s \" \" . }}{{ end }}{{ $s }}", #"["b c", "d"]"#,
            "acl a path /a 'b c' d"
        ),
        (
            "acl a path {{ $s := \"/a\" }}{{ range . }}{{ $s = printf \"%s %s\" $s . }}{{ end }}{{ $s }}",
            #"["b c", "d"]"#, "acl a path /a 'b c' d"
        ),
        (
            "acl a path {{ $s := print \"/a \" . }}{{ $t := print $s \" /b\" }}{{ $u := print $s . }}"
                + "{{ $s }} {{ $t }} {{ $u }}",
            #""b c""#, "acl a path /a 'b c' /a 'b c' /b /a 'b cb c'"
        ),
        // The words that decide what follows come from a variable.
        (
            "http-request deny {{ cond . \"unless\" \"if\" }} { path{{ range . }} {{ . }}{{ end }} }",
            #"["-m", "reg"]"#, "unsafe-value"
        ),
        (
            "http-request deny {{ cond true \"unless\" \"if\" }} { path {{ . }} }", #""/a(b""#,
            "http-request deny unless { path /a(b }"
        ),
        ("http-request deny if {{ cond true \"!\" \"\" }}{ path {{ . }} }", #""-f""#, "unsafe-value"),
        ("http-request deny {{ cond true \"unless\" \"if\" }} { dst_port {{ . }} 5 }", #""gt""#, "unsafe-value"),
        ("{{ $c := \"path }\" }}http-request deny if { {{ $c }} {{ . }} B", #""or""#, "unsafe-value"),
        ("{{ $o := \"%[\" }}http-request set-header X \"{{ $o }}{{ . }}]\"", #""env(SECRET)""#, "unsafe-value"),
        ("{{ $o := \"$\" }}http-request return string \"a{{ $o }}{{ . }}\"", #""SECRET""#, "unsafe-value"),
        ("{{ $k := \"sni\" }}server s 1.2.3.4:1 {{ $k }} {{ . }}", #""env(X)""#, "unsafe-value"),
        ("cookie {{ $p := \"\" }}{{ $p }}{{ . }} insert", #""""#, "unsafe-value"),
        // A null in a list is an argument that is not there.
        ("server s1 {{ delimit (slice .v \"check\") \" \" }}", #"{"v": null}"#, "unsafe-value"),
        ("server s1 {{ join \" \" (slice .v \"check\") }}", #"{"v": null}"#, "unsafe-value"),
        // Data chooses no function.
        ("log-tag {{ index (apply (collections.Slice \"a\") . \".\") 0 }}", #""raw""#, "unsafe-value"),
        ("log-tag {{ index (apply (collections.Slice .) \"raw\" \".\") 0 }}", #""a b""#, "unsafe-value"),
        // Numbers have digits alone.
        ("maxconn {{ . }}", "3e6", "maxconn 3000000"),
        ("maxconn {{ . }}", "1e21", "maxconn 1000000000000000000000"),
        ("maxconn {{ . }}", "0.00001", "maxconn 0.00001"),
        ("maxconn {{ mul . 8 }}", "250000.5", "maxconn 2000004"),
        ("maxconn {{ math.Max . 10 }}", "3000000", "maxconn 3000000"),
        ("maxconn {{ print . }}", "3e6", "maxconn 3000000"),
        ("maxconn {{ println . }}", "3e6", "maxconn 3000000\n"),
        ("maxconn {{ printf \"%v %5v|%g\" . . . }}", "3e6", "maxconn 3000000 3000000|3000000"),
        ("maxconn {{ printf \"%010v\" . }}", "3e6", "maxconn 0003000000"),
        ("maxconn {{ delimit (slice . .) \" \" }}", "3e6", "maxconn 3000000 3000000"),
        ("maxconn {{ join \" \" (slice . .) }}", "3e6", "maxconn 3000000 3000000"),
        ("maxconn {{ string . }}", "3e6", "maxconn 3000000"),
        ("maxconn {{ html . }}", "3e6", "maxconn 3000000"),
        ("maxconn {{ jsonify . }}", "3e21", "maxconn 3000000000000000000000"),
        ("maxconn {{ printf \"%.2f\" . }}", "3e6", "maxconn 3000000.00"),
        ("maxconn {{ printf \"%e\" . }}", "3e6", "unsafe-value"),
        ("maxconn {{ printf \"%.2g\" . }}", "3e6", "unsafe-value"),
        ("maxconn {{ math.Log 0 }}", "0", "unsafe-value"),
        ("maxconn {{ $x := printf \"%e\" . }}{{ len $x }}", "3e6", "maxconn 12"),
        // No value never reaches the output.
        ("log-tag {{ index . \"owner\" }}", "{}", "unsafe-value"),
        ("log-tag {{ index . \"owner\" | default \"x\" }}", "{}", "log-tag x"),
        ("log-tag {{ .a }}", #"{"a": null}"#, "unsafe-value"),
        ("# {{ .a }}", #"{"a": null}"#, "unsafe-value"),
        ("log-tag {{ print .a }}", #"{"a": null}"#, "unsafe-value"),
        ("log-tag {{ printf \"%v\" .a }}", #"{"a": null}"#, "unsafe-value"),
        ("log-tag {{ printf \"%s\" .a }}", #"{"a": null}"#, "unsafe-value"),
        ("log-tag {{ printf \"%d\" .a }}", #"{"a": "x"}"#, "unsafe-value"),
        ("log-tag {{ printf \"%s %s\" .a }}", #"{"a": "x"}"#, "unsafe-value"),
        ("log-tag {{ printf \"%s\" .a 5 }}", #"{"a": "x"}"#, "unsafe-value"),
        ("log-tag {{ printf \"%s\" .a }}", #"{"a": "%!d(string=x)"}"#, "log-tag %!d(string=x)"),
        ("log-tag {{ lower (print .a) }}", #"{"a": null}"#, "unsafe-value"),
        ("log-tag {{ . }}", #"{"a": "x"}"#, "unsafe-value"),
        ("log-tag {{ print . }}", #"["x"]"#, "unsafe-value"),
        ("# {{ . }}", #"["x", "y"]"#, "# [x y]"),
        ("{{ if eq (print .a) \"<nil>\" }}log-tag x{{ end }}", #"{"a": null}"#, "log-tag x"),
        (
            "{{ define \"p\" }}{{ .a }}{{ end }}{{ $x := partial \"p\" . }}log-tag {{ $x }}", #"{"a": null}"#,
            "unsafe-value"
        ),
    ]

    @Test(arguments: cases.indices)
    func haproxy(_ index: Int) {
        let example = Self.cases[index]
        #expect(Self.render(example.template, example.data) == example.expected, "\(example.template)")
    }

    static let nginxCases: [(template: String, data: String, expected: String)] = [
        ("server_name {{ join \" \" . }};", #"["a.org", "b c"]"#, #"server_name a.org "b c";"#),
        ("server_name {{ lower (join \" \" .) }};", #"["A.org", "b.org"]"#, "server_name a.org b.org;"),
        ("return 200 {{ quote . }};", #""a \"b""#, #"return 200 "a \"b";"#),
        // A modifier that a variable or a partial brings.
        ("{{ $op := \"~*\" }}if ($a {{ $op }} \"{{ . }}\") { }", #"".*""#, #"if ($a ~* "\.\*") { }"#),
        ("{{ $re := \"~^\" }}server_name {{ $re }}{{ . }};", #"".*""#, #"server_name ~^\.\*;"#),
        ("{{ $re := \"~\" }}map $uri $m { {{ $re }}{{ . }} yes; }", #"".*""#, #"map $uri $m { ~\.\* yes; }"#),
        (
            "{{ define \"m\" }}{{ if . }}{{ return \"~\" }}{{ end }}x{{ end }}server_name {{ partial \"m\" . }}{{ . }};",
            #"".*""#, #"server_name ~\.\*;"#
        ),
        ("add_header X-A {{ delimit (slice .v \"always\") \" \" }};", #"{"v": null}"#, #"add_header X-A "" always;"#),
        (
            "add_header X-A {{ delimit (split . \"$\") \"${dollar}\" }};", #""a$b$""#,
            "add_header X-A a${dollar}b${dollar};"
        ),
        (
            "add_header X-A \"{{ delimit (split . \"$\") \"${dollar}\" }}\";", #""a$b$""#,
            #"add_header X-A "a${dollar}b${dollar}";"#
        ),
        (
            "add_header X-A \"{{ replace . \"$\" \"${dollar}\" }}\";", #""a$b;$""#,
            #"add_header X-A "a${dollar}b;${dollar}";"#
        ),
        ("worker_connections {{ mul . 8 }};", "250000.5", "worker_connections 2000004;"),
        ("keepalive_requests {{ math.Round . }};", "3000000", "keepalive_requests 3000000;"),
    ]

    @Test(arguments: nginxCases.indices)
    func nginx(_ index: Int) {
        let example = Self.nginxCases[index]
        #expect(Self.render(example.template, example.data, .nginx) == example.expected, "\(example.template)")
    }

    /// Settings of files are the owner's; those typed on a command line are data.
    static let parameterCases: [(template: String, file: String, typed: (String, String)?, expected: String)] = [
        ("log {{ param \"syslog\" }}", #"{"syslog": "/dev/log local0"}"#, nil, "log /dev/log local0"),
        ("log {{ param \"syslog\" }}", "{}", ("syslog", "/dev/log"), "unsafe-value"),
        ("log-format {{ param \"f\" }}", #"{"f": "\"%ci %[env(X)]\""}"#, nil, "log-format \"%ci %[env(X)]\""),
        ("log-format {{ param \"f\" }}", "{}", ("f", "%ci %[env(X)]"), "log-format '%%ci %%[env(X)]'"),
        ("bind {{ param \"b\" }}", #"{"b": ":80,:81 ssl"}"#, nil, "bind :80,:81 ssl"),
        ("bind {{ param \"b\" }}", "{}", ("b", ":80,:81"), "unsafe-value"),
        ("bind {{ delimit (param \"l\") \",\" }}", #"{"l": [":80", "unix@/x"]}"#, nil, "bind :80,unix@/x"),
        ("bind {{ (param \"m\").b }}", #"{"m": {"b": "unix@/x"}}"#, nil, "bind unix@/x"),
        ("bind {{ param \"l\" | upper }}", #"{"l": "unix@/x"}"#, nil, "bind UNIX@/X"),
        ("bind {{ param \"b\" }}", #"{"b": "unix@/x"}"#, ("b", "unix@/y"), "unsafe-value"),
        // Who types the name of a file may name any; of code only the owner.
        ("bind :1 ssl crt {{ param \"c\" }}", "{}", ("c", "/etc/a b/../x"), "bind :1 ssl crt '/etc/a b/../x'"),
        ("bind :1 ssl crt {{ param \"c\" }} alpn h2", "{}", ("c", "/etc/x.pem"), "bind :1 ssl crt /etc/x.pem alpn h2"),
        ("bind :1 ssl crt {{ with param \"c\" }}{{ . }}{{ end }}", "{}", ("c", "/etc/x"), "bind :1 ssl crt /etc/x"),
        ("bind :1 ssl crt {{ param \"c\" }}", #"{"c": "/etc/x -f"}"#, nil, "bind :1 ssl crt /etc/x -f"),
        ("lua-load {{ param \"c\" }}", "{}", ("c", "x.lua"), "unsafe-value"),
        ("lua-load {{ param \"c\" }}", #"{"c": "/x.lua"}"#, nil, "lua-load /x.lua"),
        // A number prints as it was typed.
        ("log-tag {{ param \"n\" }}", "{}", ("n", "1.10"), "log-tag 1.10"),
        ("log-tag {{ param \"n\" }}", "{}", ("n", "1e3"), "log-tag 1e3"),
        ("log-tag {{ param \"n\" }}", "{}", ("n", "007"), "log-tag 007"),
        ("log-tag {{ param \"n\" }}", "{}", ("n", "12345678901234567890"), "log-tag 12345678901234567890"),
        ("log-tag {{ print (param \"n\") (string (param \"n\")) }}", "{}", ("n", "1.10"), "log-tag 1.101.10"),
        ("log-tag {{ printf \"%v|%6v\" (param \"n\") (param \"n\") }}", "{}", ("n", "1.10"), "log-tag 1.10|  1.10"),
        ("log-tag {{ delimit (param \"n\") \",\" }}", "{}", ("n", "[1.10, 2.0]"), "log-tag 1.10,2.0"),
        ("log-tag {{ mul (param \"n\") 2 }}", "{}", ("n", "1.10"), "log-tag 2.2"),
        ("log-tag {{ if gt (param \"n\") 1.0 }}x{{ end }}", "{}", ("n", "1.10"), "log-tag x"),
        ("log-tag {{ param \"n\" }}", #"{"n": 3e6}"#, nil, "log-tag 3000000"),
    ]

    @Test(arguments: parameterCases.indices)
    func parameters(_ index: Int) throws {
        let example = Self.parameterCases[index]
        var settings = ParameterSet()
        try settings.addFile(name: "params.json", bytes: Array(example.file.utf8))
        if let (name, text) = example.typed { settings.set(name, to: text) }
        let options = RenderOptions(parameters: settings.document())
        #expect(Self.render(example.template, "0", options: options) == example.expected, "\(example.template)")
    }

    /// Every value that cannot stand where it is written, in one run, with its place, also those of parameters.
    @Test func allUnsafeValuesAreReported() throws {
        var settings = ParameterSet()
        try settings.addFile(name: "params.json", bytes: Array(#"{"a": null}"#.utf8))
        settings.set("b", to: "unix@/x")
        let template = "{{ range . }}acl {{ . }} path /\n{{ end }}log-tag {{ param \"a\" }}\nbind {{ param \"b\" }}\n"
        let failure = try #require(
            Self.failure(
                template, #"["a", "b c", "d", "e/f"]"#, options: RenderOptions(parameters: settings.document())))
        #expect(failure.all.map(\.code) == [.unsafeValue, .unsafeValue, .unsafeValue, .unsafeValue])
        let notes = failure.all.compactMap(\.notes.first)
        #expect(
            notes.map(\.message) == [
                "the value is [1]", "the value is [3]", "the value is the parameter a", "the value is the parameter b",
            ])
        #expect(notes.map { $0.location?.file.name } == ["d", "d", "params.json", nil])
        #expect(notes[2].location?.range.start == 6)
        #expect(failure.all[3].notes.contains { $0.remedy == .ownedParameter })
    }

    /// Many are counted, not shown, and none twice.
    @Test func unsafeValuesAreBounded() throws {
        let failure = try #require(
            Self.failure("{{ range seq 500 }}acl {{ printf \"%d/%s\" . $ }} path /\n{{ end }}", #""a b""#))
        #expect(failure.all.count == 1)
        let many = "[" + (0..<300).map { "\"\($0) x\"" }.joined(separator: ",") + "]"
        let bounded = try #require(Self.failure("{{ range . }}acl {{ . }} path /\n{{ end }}", many))
        #expect(bounded.all.count == 100)
        #expect(bounded.all.last?.notes.last?.message == "and 200 more such values")
    }

    /// Where a function mixes blanks of the template with data, quotes make one argument of it, and a warning says so.
    @Test func mixturesAreWarnedOf() throws {
        let warnings = try Self.warnings("acl a path {{ path.Join \"a b\" . }}\n", #""c""#)
        #expect(warnings.map(\.code) == [.templateWarning])
        #expect(try Self.warnings("acl a path {{ path.Join \"ab\" . }}\n", #""c d""#).isEmpty)
        #expect(try Self.warnings("acl a path \"{{ path.Join \"a b\" . }}\"\n", #""c""#).isEmpty)
    }

    /// A text that grows in a loop costs what is added, in a dialect as in plain.
    @Test(arguments: [Dialect.plain, .haproxy])
    func growingTextsAreLinear(_ dialect: Dialect) throws {
        let template = "{{ $s := \"a\" }}{{ range 100000 }}{{ $s = print $s $ \" \" }}{{ end }}{{ len $s }}"
        let clock = ContinuousClock()
        var result = ""
        let time = clock.measure { result = Self.render(template, #""xxxxxxxx""#, dialect) }
        #expect(result == "900001")
        #expect(time < .seconds(20))
    }

    static func render(
        _ template: String, _ data: String, _ dialect: Dialect = .haproxy, options: RenderOptions = RenderOptions()
    ) -> String {
        do {
            let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: dialect)
            var output = ByteBuffer()
            try compiled.render(try Document.json(name: "d", bytes: Array(data.utf8)), options: options, into: &output)
            return String(decoding: output.array, as: UTF8.self)
        } catch let error as Diagnostic {
            return error.code.rawValue
        } catch let error as Diagnostics {
            return error.items.first?.code.rawValue ?? ""
        } catch {
            return "\(error)"
        }
    }

    static func failure(
        _ template: String, _ data: String, _ dialect: Dialect = .haproxy, options: RenderOptions = RenderOptions()
    ) -> Diagnostic? {
        do {
            let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: dialect)
            let document = try Document.json(name: "d", bytes: Array(data.utf8))
            var output = ByteBuffer()
            try compiled.render(document, options: options, into: &output)
            return nil
        } catch {
            return error as? Diagnostic ?? (error as? Diagnostics)?.items.first
        }
    }

    private static func warnings(_ template: String, _ data: String) throws -> [Diagnostic] {
        let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: .haproxy)
        let document = try Document.json(name: "d", bytes: Array(data.utf8))
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        try compiled.render(document, into: &output, warnings: &warnings)
        return warnings
    }
}
