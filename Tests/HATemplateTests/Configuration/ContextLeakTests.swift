import Testing

@testable import HATemplate

/// A comment, an empty line or a directive that has ended leaves nothing behind: what follows it has the context that it
/// would have without.
@Suite("Contexts do not leak") struct ContextLeakTests {
    /// Pieces after which a directive may begin, with values in them.
    private static let finished: [Dialect: [String]] = [
        .haproxy: [
            "# a comment\n", "# {{ .v }}\n", "  # it's {{ .v }} \"\n", "\n", "   \n", "\t# x\\\n",
            "  maxconn {{ .v }}\n",
            "  http-request set-header X {{ .v }} if a # {{ .v }}\n", "  acl a path {{ .v }}\n",
            "  acl {{ .v }} src -f x\n",
            "  bind :{{ .v }} ssl\n", "  log-format \"%H {{ .v }}\"\n", "  server {{ .v }} {{ .v }}:80 check\n",
            "{{ if .v }}# {{ .v }}\n{{ end }}", "{{ if .v }}  maxconn 1\n{{ else }}# x\n{{ end }}",
            "{{ range .l }}# {{ . }}\n{{ end }}", "{{ range .l }}  server a {{ . }}\n{{ end }}", "{{/* x */}}\n",
            "{{ $x := .v }}# {{ $x }}\n", "{{ template \"t\" . }}",
        ],
        .nginx: [
            "# a comment\n", "# {{ .v }}\n", "# it's {{ .v }} \" ; { }\n", "\n", "   \n", "#\\\n", "gzip on;",
            "return 200 {{ .v }};",
            "location /{{ .v }} { return 200; }", "map $a $b { {{ .v }} 1; }", "geo $a { {{ .v }} 1; }",
            "rewrite ^{{ .v }}$ /x;", "set $a {{ .v }}; # {{ .v }}\n", "location ~ {{ .v }} { }",
            "proxy_pass http://{{ .v }}; # x\n",
            "{{ if .v }}# {{ .v }}\n{{ end }}", "{{ if .v }}gzip on;{{ else }}# x\n{{ end }}",
            "{{ range .l }}# {{ . }}\n{{ end }}", "{{ range .l }}server_name {{ . }};{{ end }}",
            "content_by_lua_block { -- }\n }",
            "{{ $x := .v }}# {{ $x }}\n", "{{ template \"t\" . }}",
        ],
    ]

    /// Directives whose values are looked at, each with its own contexts.
    private static let probes: [Dialect: [String]] = [
        .haproxy: [
            "  server {{ .p }} {{ .p }}:80\n", "  acl x path {{ .p }}\n", "  http-request set-header X {{ .p }}\n",
            "  use_backend {{ .p }} if { path {{ .p }} }\n", "  log-format \"{{ .p }}\"\n", "{{ .p }} x\n",
            "# {{ .p }}\n",
        ],
        .nginx: [
            "proxy_pass http://{{ .p }};", "location {{ .p }} { return 200 {{ .p }}; }", "listen {{ .p }}:80;",
            "{{ .p }} x;",
            "rewrite ^{{ .p }} /{{ .p }};", "map $a $b { {{ .p }} {{ .p }}; }", "set $a ${{ .p }};", "# {{ .p }}\n",
        ],
    ]

    /// The contexts of the last actions, and the end.
    private func contexts(_ text: String, _ dialect: Dialect, last count: Int) throws -> [LexicalContext] {
        let tail = dialect == .haproxy ? "  # {{ .e }}\n" : "# {{ .e }}\n"
        let whole = "{{ define \"t\" }}\(tail){{ end }}" + text
        let source = SourceFile(name: "main", text: whole)
        let tree = try Parser.parse(source, name: Array("main".utf8), library: .standard)
        let set = try TemplateSet(main: tree, name: Array("main".utf8), includes: [])
        let analysis = try ContextAnalysis.run(set, dialect, library: .standard)
        let main = analysis.instances[0]
        let sites = main.sites.sorted { $0.key.index < $1.key.index }.map { $0.value.context }
        return Array(sites.suffix(count)) + (main.end.map { [$0] } ?? [])
    }

    @Test("what has ended changes no later context", arguments: [Dialect.haproxy, .nginx])
    func leaks(dialect: Dialect) throws {
        let pieces = try #require(Self.finished[dialect])
        let probes = try #require(Self.probes[dialect])
        for probe in probes {
            let count = probe.split(separator: "{{ .p").count - (probe.hasPrefix("{{ .p") ? 0 : 1)
            let alone = try contexts(probe, dialect, last: count)
            for piece in pieces {
                #expect(
                    try contexts(piece + probe, dialect, last: count) == alone,
                    "\(piece.debugDescription) before \(probe.debugDescription)")
                for second in pieces {
                    #expect(
                        try contexts(second + piece + probe, dialect, last: count) == alone,
                        "\(second.debugDescription) \(piece.debugDescription)")
                }
            }
        }
    }

    @Test("a value in a comment leaves the next directive of nginx as it is")
    func comment() throws {
        let template = try Template.parse(
            SourceFile(name: "t", bytes: Array("# {{ .n }}\nproxy_pass http://{{ .n }};".utf8)), dialect: .nginx)
        let document = try Document.json(name: "d", bytes: Array(#"{"n": "redis.db"}"#.utf8))
        var output = ByteBuffer()
        try template.render(document, options: RenderOptions(), into: &output)
        #expect(
            output.withElements { String(decoding: $0, as: UTF8.self) } == "# redis.db\nproxy_pass http://redis.db;")
    }
}
