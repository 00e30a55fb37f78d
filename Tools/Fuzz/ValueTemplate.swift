import HATemplate

/// A template whose dot is the value.
struct ValueTemplate {
    let dialect: Dialect
    let text: String
    let harmless: String
    /// Whether the proxy takes every value that the engine takes; names and numbers it judges itself.
    let isAlwaysAccepted: Bool
    private let compiled: Template

    private init(_ dialect: Dialect, _ text: String, _ harmless: String, always: Bool = false) throws {
        self.dialect = dialect
        self.text = text
        self.harmless = harmless
        isAlwaysAccepted = always
        compiled = try Template.parse(SourceFile(name: "t", text: text), dialect: dialect)
    }

    /// Nil when the engine refuses the value.
    func render(_ value: [UInt8]) throws -> [UInt8]? {
        var builder = DocumentBuilder()
        let root = builder.appendText(value)
        var output = ByteBuffer()
        do {
            try compiled.render(builder.build(root: root), into: &output)
        } catch {
            guard error.code == .unsafeValue else { throw error }
            return nil
        }
        return output.array
    }

    func shape(of value: [UInt8]) throws -> [Int]? { try render(value).map { shape(ofOutput: $0) } }

    func shape(ofOutput output: [UInt8]) -> [Int] { dialect == .haproxy ? Shape.haproxy(output) : Shape.nginx(output) }

    /// One for each kind of place in a configuration.
    static func all() throws -> [ValueTemplate] { try haproxy() + nginx() }

    private static func haproxy() throws -> [ValueTemplate] {
        let lines: [(String, String, Bool)] = [
            ("# {{ . }}", "x", true), ("acl a path {{ . }}", "x", true), ("acl a path \"{{ . }}\"", "x", true),
            ("acl a path -- '{{ . }}'", "x", true), ("acl {{ . }} path /", "x", false),
            ("http-request deny if { path {{ . }} }", "x", true), ("http-request deny if { path x{{ . }} }", "y", true),
            ("http-request set-header X {{ . }}", "x", true), ("http-request set-header X \"a{{ . }}\"", "x", true),
            ("http-request set-header X %[str({{ . }})]", "x", false),
            ("http-request return content-type text/plain string {{ . }}", "x", true),
            ("http-request return content-type text/plain string a{{ . }}b", "x", true),
            ("http-request return content-type text/plain string 'a{{ . }}b'", "x", true),
            ("use_backend {{ . }} if TRUE", "x", false),
            ("http-request deny if {{ . }}", "TRUE", false), ("bind {{ . }}", "127.0.0.1:1", false),
            ("{{ if . }}acl a path {{ . }}{{ else }}acl a path x{{ end }}", "x", true),
            ("{{ printf \"acl a path %s /%s\" . . }}", "x", true),
            ("acl a path{{ range (slice . .) }} {{ . }}{{ end }}", "x", true),
            ("acl a path {{ delimit (slice . . .) \" \" }}", "x", true),
            ("acl a src {{ . }}", "192.0.2.1", false), ("acl a dst_port {{ . }} 1", "2", false),
            ("acl a path,length \"{{ . }}\" 0", "1", false), ("http-request deny if { src {{ . }} }", "::1", false),
            ("http-request deny if { req.hdr({{ . }}) -m found }", "x", false),
            ("acl n path /n\n http-request deny if n {{ . }} TRUE", "n", false),
            ("http-request set-var(txn.a) {{ . }}", "path", false),
            ("http-request redirect location {{ . }}", "/x", true),
            ("http-request return content-type text/plain lf-string \"{{ . }}\"", "x", true),
            ("http-request replace-header X ^z(.)$ {{ . }}", "x", true),
            ("http-request replace-header X ^z(.)$ \"{{ . }}\"", "x", true),
            ("http-request replace-header X ^z(.)$ 'a{{ . }}'", "x", true),
            ("\nbackend b{{ . }}", "x", false), ("\nbackend b\n server {{ . }} 127.0.0.1:1", "x", false),
            ("\nbackend b\n server s {{ . }}", "127.0.0.1:1", false),
            ("\nbackend b\n server s {{ . }}:80 weight 1", "127.0.0.1", false),
            ("\nbackend b\n server s 127.0.0.1:1 weight {{ . }}", "1", false),
            ("\nbackend b\n server-template s 1-2 {{ . }}", "127.0.0.1:1", false),
            ("\nbackend b\n balance {{ . }}", "source", false),
        ]
        return try lines.map {
            try ValueTemplate(.haproxy, "frontend f\n bind 127.0.0.1:1\n mode http\n \($0.0)\n", $0.1, always: $0.2)
        }
    }

    private static func nginx() throws -> [ValueTemplate] {
        let lines: [(String, String, Bool)] = [
            ("# {{ . }}", "x", true), ("location {{ . }} { return 404; }", "/x", false),
            ("location /x{{ . }}/ { return 404; }", "x", true), ("location ~ ^{{ . }}$ { return 404; }", "x", true),
            ("location ~ \"^{{ . }}$\" { return 404; }", "x", true), ("return 200 {{ . }};", "x", true),
            ("return 200 \"a{{ . }}\";", "x", true), ("return 200 'a{{ . }}';", "x", true),
            ("return 200 a{{ . }}b;", "x", true), ("server_name {{ . }};", "x", false),
            ("set $a_{{ . }} x;", "x", true), ("add_header X '{{ . }}';", "x", true),
            ("if ($uri = \"{{ . }}\") { return 404; }", "x", true), ("rewrite ^{{ . }} /x;", "x", true),
            ("server_name {{ delimit (slice . .) \" \" }};", "x", false),
            ("return 200 \"{{ print . \"-\" . }}\";", "x", true),
            ("location \"{{ . }}\" { return 404; }", "/x", false), ("location = {{ . }} { return 404; }", "/x", false),
            ("{{ $m := \"~\" }}location {{ $m }} {{ . }} { return 404; }", "/x", false),
            ("server_name ~^{{ . }}$;", "x", true), ("server_name a {{ . }} b;", "x", false),
            ("server_name{{ range (slice . .) }} {{ . }}{{ end }};", "x", false),
            ("listen {{ . }};", "127.0.0.1:1", false), ("return 200 {{ . }}{{ . }};", "x", true),
            ("if ($uri ~ \"{{ . }}\") { return 404; }", "x", true),
            ("if ($uri {{ . }} /q) { return 404; }", "=", false),
            ("fastcgi_split_path_info ^(/){{ . }}()$;", "x", true),
            ("location / { set_by_lua $a 'return \"{{ . }}\"'; }", "x", false),
            // Blocks beside the server.
            ("}\nmap $uri $m { default d; {{ . }} k;", "x", false),
            ("}\nmap $uri $m { default d; ~{{ . }} k;", "x", true),
            ("}\nmap $uri $m { default d; \"~^{{ . }}\" k;", "x", true),
            ("}\nmap $uri $m { default {{ . }};", "x", true),
            ("}\ngeo $g { default d; {{ . }} k;", "192.0.2.0/24", false),
            ("}\nupstream u{{ . }} { server 127.0.0.1:1;", "x", false),
            ("}\nupstream u { server {{ . }};", "127.0.0.1:1", false),
            ("}\nupstream u { server {{ . }}:80 weight=1;", "127.0.0.1", false),
        ]
        return try lines.map { try ValueTemplate(.nginx, "server {\n \($0.0)\n}\n", $0.1, always: $0.2) }
    }
}
