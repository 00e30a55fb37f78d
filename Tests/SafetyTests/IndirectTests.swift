import HATemplate
import Testing

/// Values from data that mean something only where another word, another file, or the system takes them up.
@Suite("Data that reaches a proxy on another way") struct IndirectTests {
    /// Template, value, and the place of the mistake; nil where the value stands as it is.
    static let haproxy: [(template: String, value: String, place: String?)] = [
        // A variable may stand wherever a word may: `"${Q}"`.
        ("global\n setenv Q {{ .v }}\n", "-f", "2:14"), ("global\n setenv Q {{ .v }}\n", "a b", "2:14"),
        ("global\n presetenv Q {{ .v }}\n", "%[src]", "2:17"), ("global\n setenv Q \"{{ .v }}\"\n", "}", "2:15"),
        ("global\n setenv Q {{ .v }}\n", "or", "2:14"), ("global\n setenv Q {{ .v }}\n", "unless", "2:14"),
        ("global\n setenv Q {{ .v }}\n", "/etc/shadow", "2:14"), ("global\n setenv Q {{ .v }}\n", "a/../b", "2:14"),
        ("global\n setenv Q i{{ .v }}\n", "f", "2:15"), ("global\n setenv Q {{ .v }}\n", "", "2:14"),
        ("global\n setenv {{ .v }} x\n", "Q", "2:12"), ("global\n unsetenv {{ .v }}\n", "PATH", "2:14"),
        ("global\n resetenv a {{ .v }}\n", "-", "2:16"),
        ("global\n setenv Q {{ .v }}\n", "10.0.0.1:80", nil), ("global\n setenv Q {{ .v }}\n", "eu-west_1", nil),
        // A backslash of the template's before a sign of a regular expression.
        ("frontend f\n acl a path_reg ^\\\\{{ .v }}\n", "d", "2:23"),
        ("frontend f\n acl a path_reg \"^\\\\{{ .v }}\"\n", "d", "2:24"),
        ("frontend f\n acl a hdr(x) -m reg a\\\\{{ .v }}\n", "w", "2:28"),
        ("frontend f\n http-request deny if { path_reg ^\\\\{{ .v }} }\n", "d", "2:40"),
        ("frontend f\n http-request set-path %[path,regsub(^\\\\{{ .v }},x)]\n", "d", "2:44"),
        ("frontend f\n acl a path_reg ^\\\\\\\\{{ .v }}\n", "d", nil),
        ("frontend f\n acl a path_reg ^/{{ .v }}\n", "d", nil),
        // The file of a map, or of another converter.
        ("frontend f\n http-request set-header X %[path,map({{ .v }})]\n", "/etc/passwd", "2:42"),
        ("frontend f\n http-request set-header X %[path,map_beg(\"{{ .v }}\",x)]\n", "/etc/passwd", "2:47"),
        ("frontend f\n http-request deny if { src,map_ip(maps/{{ .v }}) -m found }\n", "../../x", "2:44"),
        ("frontend f\n http-request set-header X %[path,jwt_verify(RS256,{{ .v }})]\n", "/root/key", "2:55"),
        ("frontend f\n http-request set-header X %[path,map({{ .v }})]\n", "maps/a.map", nil),
        ("frontend f\n http-request set-header X %[path,map({{ .v }})]\n", "/etc/haproxy/a.map", nil),
        ("frontend f\n http-request set-header X %[path,regsub(^{{ .v }},x)]\n", "/app", nil),
        // What runs, and whose variables are told.
        ("frontend f\n filter {{ .v }}\n", "spoe", "2:12"),
        ("frontend f\n filter spoe config {{ .v }}\n", "/etc/x", "2:24"),
        ("frontend f\n http-request use-service {{ .v }}\n", "lua.x", "2:30"),
        ("frontend f\n http-request set-header X %[env({{ .v }})]\n", "SECRET", "2:37"),
        ("frontend f\n http-request set-header X %[env(A)]{{ .v }}\n", "b", nil),
        ("frontend f\n acl a src -f{{ .v }}\n", "/etc/passwd", "2:17"),
        ("crt-store s\n load crt {{ .v }}\n", "/etc/shadow", "2:14"),
        ("crt-store s\n load crt {{ .v }}\n", "a.pem", nil),
        ("global\n chroot {{ .v }}\n", "/root", "2:12"), ("global\n pidfile /run/{{ .v }}\n", "../etc/x", "2:18"),
    ]

    @Test(arguments: haproxy.indices)
    func inHAProxy(_ index: Int) {
        let example = Self.haproxy[index]
        check(example.template, example.value, example.place, .haproxy)
    }

    static let nginx: [(template: String, value: String, place: String?)] =
        ["root", "alias", "proxy_store", "fastcgi_store", "auth_basic_user_file", "working_directory"].flatMap { name in
            [
                ("\(name) {{ .v }};", "/etc", "1:\(name.utf8.count + 5)"),
                ("\(name) /srv/{{ .v }};", "../etc", "1:\(name.utf8.count + 10)"),
                ("\(name) /srv{{ .v }}/x;", "/..", "1:\(name.utf8.count + 9)"),
                ("\(name) {{ .v }};", "/var/www/html", nil), ("\(name) {{ .v }};", "html/a.b", nil),
            ]
        } + [
            ("proxy_pass {{ .v }};", "http://unix:/run/docker.sock:/x", "1:15"),
            ("proxy_pass http://{{ .v }};", "unix:/run/docker.sock:", "1:22"),
            ("proxy_pass http://{{ .v }}:/run/x;", "UNIX", "1:22"), ("fastcgi_pass {{ .v }};", "unix:/run/x", "1:17"),
            ("proxy_pass http://{{ .v }}/x;", "unix.example.org", nil), ("proxy_pass {{ .v }};", "http://a.org/x", nil),
            ("env {{ .v }};", "LD_PRELOAD=/x", "1:8"), ("ssl_conf_command {{ .v }} x;", "Certificate", "1:21"),
            ("ssl_conf_command Certificate {{ .v }};", "/etc/shadow", "1:33"),
            ("error_page 404 {{ .v }};", "/../etc/x", "1:19"), ("error_page 404 {{ .v }};", "/404.html", nil),
            ("try_files {{ .v }} =404;", "/index.html", nil), ("index {{ .v }};", "/index.html", nil),
            ("try_files {{ .v }} =404;", "/../etc/x", "1:14"), ("index a {{ .v }};", "../x", "1:12"),
        ]
        + ["passenger_app_root", "passenger_unknown", "exec", "exec_push", "js_unlisted", "js_set"].map {
            ("\($0) {{ .v }};", "x", "1:\($0.utf8.count + 5)")
        }

    @Test(arguments: nginx.indices)
    func inNginx(_ index: Int) {
        let example = Self.nginx[index]
        check(example.template, example.value, example.place, .nginx)
    }

    @Test("what the owner writes stands there, and what a person types may be a whole path")
    func owner() {
        check("root {{ raw .v }};", "/etc", nil, .nginx)
        check("global\n setenv Q {{ raw .v }}\n", "a", nil, .haproxy)
    }

    private func check(_ template: String, _ value: String, _ place: String?, _ dialect: Dialect) {
        let failure = OriginTests.failure(template, #"{"v": "\#(value)"}"#, dialect)
        let position = failure?.location.map { LineIndex($0.file).position(at: $0.range.start) }
        #expect(position.map { "\($0.line):\($0.column)" } == place, "\(template) \(value)")
        #expect(failure == nil || failure?.code == .unsafeValue, "\(template)")
    }
}
