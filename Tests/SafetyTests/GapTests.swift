import HATemplate
import Testing

/// Arguments that are needed, of which nothing is written.
@Suite struct GapTests {
    /// Loops, branches and templates that write all there is of an argument: template, what is written with an empty map,
    /// the place of the mistake, or the output without one.
    static let gaps: [(template: String, place: String?)] = [
        ("http-request deny if {{ range .l }}{{ . }} {{ end }}\n", "1:31"),
        ("http-request deny if {{ range .l }}{{ . }} {{ end }}", "1:31"),
        ("http-request deny unless {{ if .z }}a{{ end }} # c\n", "1:32"),
        ("http-request deny if {{ with .z }}{{ . }}{{ else }}{{ end }}\n", "1:30"),
        ("http-request deny if {{ if .y }}a {{ end }}{{ if .z }}b{{ end }}\n", "1:50"),
        ("use_backend b if {{ if true }}{{ range .l }}{{ . }}{{ end }}{{ end }}\n", "1:40"),
        (
            "{{ define \"l\" }}{{ range . }}{{ . }} {{ end }}{{ end }}http-request deny if {{ template \"l\" .l }}\n",
            "1:89"
        ),
        ("http-request deny {{ if .z }}if{{ else }}unless{{ end }} {{ range .l }}{{ . }} {{ end }}\n", "1:67"),
        ("http-request deny if { src {{ range .l }}{{ . }} {{ end }}}\n", "1:37"),
        ("http-request deny if !{ path -i {{ if .z }}/a{{ end }} }\n", "1:39"),
        ("acl a src {{ if .z }}10.0.0.1{{ end }}\n", "1:17"),
        ("acl a hdr(host) -i {{ range .l }}{{ . }} {{ end }}\n", "1:29"),
        ("bind {{ range .l }}{{ . }}{{ end }}\n", "1:15"), ("balance {{ range .l }}{{ . }}{{ end }}\n", "1:18"),
        ("http-request {{ if .z }}deny{{ end }}\n", "1:20"), ("use_backend {{ with .z }}{{ . }}{{ end }}\n", "1:21"),
        // Templates, partials and empty literals, alone, in quotes, and before another argument.
        ("{{ define \"m\" }}{{ end }}mode {{ template \"m\" . }}\n", "1:43"),
        ("{{ define \"m\" }}{{ end }}mode {{ partial \"m\" . }}\n", "1:34"),
        ("{{ define \"m\" }}{{ return \"\" }}{{ end }}mode {{ partial \"m\" . }}\n", "1:49"),
        ("mode {{ \"\" }}\n", "1:9"), ("mode {{ `` }}\n", "1:9"), ("mode \"{{ \"\" }}\"\n", "1:10"),
        ("mode \"{{ if .z }}tcp{{ end }}\"\n", "1:13"), ("mode '{{ range .l }}{{ . }}{{ end }}'\n", "1:16"),
        ("{{ define \"m\" }}{{ if .z }}tcp{{ end }}{{ end }}mode {{ template \"m\" . }}\n", "1:66"),
        ("server {{ if .z }}a{{ end }} 10.0.0.1:80\n", "1:14"), ("server a {{ \"\" }} check\n", "1:13"),
        ("bind {{ range .l }}{{ . }}{{ end }} ssl\n", "1:15"), ("timeout {{ if .z }}client{{ end }} 5s\n", "1:15"),
        ("use_backend {{ with .z }}{{ . }}{{ end }} if x\n", "1:21"),
        ("http-request {{ if .z }}deny{{ end }} if x\n", "1:20"),
        ("http-request set-header X {{ if .z }}y{{ end }} if a\n", "1:33"),
        ("http-request set-path {{ range .l }}{{ . }}{{ end }} if a\n", "1:32"),
        ("server a 10.0.0.1:80 cookie {{ if .z }}c{{ end }} check\n", "1:35"),
        ("server a 10.0.0.1:80 weight {{ if .z }}c{{ end }}\n", "1:35"),
        ("bind :80 crt {{ range .l }}{{ . }}{{ end }} ssl\n", "1:23"),
        ("acl a dst_port {{ range .l }}{{ . }} {{ end }}\n", "1:25"),
        ("http-request deny if { req.hdr_cnt(x) {{ if .z }}1{{ end }} }\n", "1:45"),
        ("http-request deny if { {{ if .z }}src{{ end }} 10.0.0.1 }\n", "1:30"),
        // Another piece, or the template's own text, is the argument.
        ("default-server {{ if .z }}ssl{{ end }} check\n", nil), ("bind :80 {{ if .z }}ssl{{ end }} alpn h2\n", nil),
        ("server a 10.0.0.1:80 {{ if .z }}check{{ end }} weight 1\n", nil), ("mode{{ \"\" }} tcp\n", nil),
        ("server a 10.0.0.1:80 weight 1{{ if .z }}0{{ end }}\n", nil), ("mode {{ \"\" }}tcp\n", nil),
        ("unix-bind {{ if .z }}mode 600{{ end }} user a\n", nil), ("retry-on {{ if .z }}500{{ end }} 503\n", nil),
        ("acl a nbsrv(b) {{ if .z }}gt 1{{ else }}gt 2{{ end }}\n", nil),
        ("acl a var(txn.x) {{ if .z }}-m bool{{ end }}\n", nil),
        ("http-request deny {{ if .z }}deny_status 429{{ end }} if a\n", nil),
        ("http-request deny if a {{ if .z }}b{{ end }} c\n", nil),
        ("mode \"{{ if .z }}t{{ end }}cp\"\n", nil),
        ("http-request return status 200 string \"{{ if .z }}a{{ end }}\"\n", nil),
        ("http-request deny if {{ range .l }}{{ . }} {{ end }}b\n", nil),
        ("http-request deny if {{ if .z }}a{{ end }} !b\n", nil),
        ("http-request deny if b {{ if .z }}a{{ end }}\n", nil),
        ("http-request deny if {{ if .z }}a{{ else }}b{{ end }}\n", nil),
        ("http-request deny if {{ if .z }}a {{ end }}{{ if not .z }}b{{ end }}\n", nil),
        ("http-request deny {{ if .z }}if a{{ end }}\n", nil),
        ("http-request deny if { src 10.0.0.1 {{ range .l }}{{ . }} {{ end }}}\n", nil),
        ("http-request deny if { src -f /nets {{ range .l }}{{ . }} {{ end }}}\n", nil),
        ("acl a src {{ range .l }}{{ . }} {{ end }}10.0.0.1\n", nil),
        ("acl a src{{ if .z }} 10.0.0.1{{ end }} {{ if not .z }}::1{{ end }}\n", nil),
        ("acl a ssl_fc {{ if .z }}-m found{{ end }}\n", nil), ("acl a hdr(x) -m found {{ if .z }}b{{ end }}\n", nil),
        ("bind :80 {{ if .z }}ssl{{ end }}\n", nil), ("bind {{ if .z }}{{ .z }}{{ end }}:80\n", nil),
        ("default-server {{ range .l }}{{ . }} {{ end }}\n", nil), ("defaults {{ if .z }}x{{ end }}\n", nil),
        ("maxconn 5 {{ if .z }}x{{ end }}\n", nil), ("daemon {{ if .z }}x{{ end }}\n", nil),
        ("master-worker {{ if .z }}no-exit-on-failure{{ end }}\n", nil),
        ("balance roundrobin {{ if .z }}x{{ end }}\n", nil), ("# if {{ if .z }}x{{ end }}\n", nil),
    ]

    @Test(arguments: gaps.indices)
    func gapsInHAProxy(_ index: Int) {
        let example = Self.gaps[index]
        check(example.template, example.place, .haproxy)
    }

    static let nginxGaps: [(template: String, place: String?)] = [
        ("location {{ range .l }}{{ . }}{{ end }} {}", "1:19"), ("location {{ if .z }}/a{{ end }}{}", "1:16"),
        ("server_name {{ range .l }}{{ . }} {{ end }};", "1:22"), ("listen {{ with .z }}{{ . }}{{ end }};", "1:16"),
        ("proxy_pass {{ if .z }}http://a{{ end }};", "1:18"), ("root {{ \"\" }};", "1:9"),
        ("gzip {{ if .z }}on{{ end }};", "1:12"), ("return {{ if .z }}301{{ end }} https://a;", "1:14"),
        ("add_header X {{ if .z }}y{{ end }} always;", "1:20"), ("listen {{ with .z }}{{ . }}{{ end }} ssl;", "1:16"),
        ("access_log {{ if .z }}a.log{{ end }} main;", "1:18"),
        ("map $a $b { x {{ if .z }}1{{ end }}; }", "1:21"), ("map $a $b { x {{ \"\" }}; }", "1:18"),
        ("location {{ if .z }}={{ end }} /b {}", nil), ("server_name {{ if .z }}b{{ end }} a;", nil),
        ("add_header X \"{{ if .z }}y{{ end }}\";", nil), ("return 301 {{ if .z }}/{{ else }}/b{{ end }};", nil),
        ("location {{ if .z }}={{ end }} /a {}", nil), ("location {{ if .z }}/b{{ else }}/c{{ end }} {}", nil),
        ("listen 80 {{ if .z }}ssl{{ end }};", nil), ("server_name a {{ range .l }}{{ . }} {{ end }};", nil),
        ("random {{ if .z }}two{{ end }};", nil), ("server {{ if .z }}{{ end }} {}", nil),
        ("ip_hash {{ if .z }}{{ end }};", nil), ("map $a $b { {{ range .l }}{{ . }} 1; {{ end }} }", nil),
    ]

    @Test(arguments: nginxGaps.indices)
    func gapsInNginx(_ index: Int) {
        let example = Self.nginxGaps[index]
        check(example.template, example.place, .nginx)
    }

    private func check(_ template: String, _ place: String?, _ dialect: Dialect) {
        let failure = OriginTests.failure(template, #"{"l": [], "y": false, "z": false}"#, dialect)
        let position = failure?.location.map { LineIndex($0.file).position(at: $0.range.start) }
        #expect(position.map { "\($0.line):\($0.column)" } == place, "\(template)")
        #expect(failure == nil || failure?.code == .unsafeValue, "\(template)")
    }
}
