import HATemplate
import Testing

/// What a value may be at its place: words that the template and data make together, arguments that could vanish, and
/// what is right and must be taken.
@Suite struct PlaceTests {
    /// Template, data, and the output in the haproxy dialect, or the code of the mistake.
    static let cases: [(template: String, data: String, expected: String)] = [
        // Text of the template and data make one word.
        ("acl a src -{{ . }} /nets", #""f""#, "unsafe-value"),
        ("acl a src --{{ . }} /nets", #""x""#, "unsafe-value"),
        ("acl a path /-{{ . }}", #""f""#, "acl a path /-f"),
        ("http-request deny if { src -{{ . }} /nets }", #""f""#, "unsafe-value"),
        ("http-request deny if A o{{ . }} B", #""r""#, "unsafe-value"),
        ("http-request deny if A o{{ . }} B", #""nly""#, "http-request deny if A only B"),
        ("http-request deny if A \"o\"{{ . }} B", #""r""#, "unsafe-value"),
        ("acl a dst_port g{{ . }} 5", #""t""#, "unsafe-value"),
        ("{{ $o := \"o\" }}http-request deny if A {{ $o }}{{ . }} B", #""r""#, "unsafe-value"),
        // The template's letters after a value make the word whole.
        ("http-request deny if x {{ . }}r y", #""o""#, "unsafe-value"),
        ("http-request deny if x \"{{ . }}\"r y", #""O""#, "unsafe-value"),
        ("http-request deny if x {{ . }}r y", #""fo""#, "http-request deny if x for y"),
        ("http-request deny if x {{ . }}rg y", #""o""#, "http-request deny if x org y"),
        ("http-request deny {{ . }}f b", #""i""#, "unsafe-value"),
        ("http-request deny {{ . }}f b", #""x""#, "http-request deny xf b"),
        ("use_backend x {{ . }}f b", #""i""#, "unsafe-value"),
        ("use_backend {{ . }}f if b", #""i""#, "use_backend if if b"),
        ("use-server x {{ . }}less b", #""un""#, "unsafe-value"),
        ("http-request set-header X y {{ . }}less b", #""un""#, "unsafe-value"),
        ("http-request set-header X y {{ . }} b", #""unless""#, "unsafe-value"),
        ("http-request set-header X {{ . }}less", #""un""#, "http-request set-header X unless"),
        ("acl a dst_port {{ . }}t 5", #""g""#, "unsafe-value"),
        ("acl a dst_port {{ . }}t 5", #""5""#, "acl a dst_port 5t 5"),
        ("acl a path {{ . }}t", #""g""#, "acl a path gt"),
        ("acl a path {{ . }}-f x", #""""#, "unsafe-value"), ("acl a path \"{{ . }}\"-f x", #""""#, "unsafe-value"),
        ("http-request deny if { path {{ . }}-f x }", #""""#, "unsafe-value"),
        ("acl a path /{{ . }}-f", #""""#, "acl a path /-f"), ("acl a path {{ . }}-f", #""/x""#, "acl a path /x-f"),
        ("acl a path -- {{ . }}-f", #""""#, "acl a path -- -f"),
        ("use_backend {{ . }}-f if x", #""b""#, "use_backend b-f if x"),
        ("{{ . }}lua-load x", #""""#, "unsafe-value"), ("{{ . }}ssl-engine x", #""""#, "unsafe-value"),
        ("{{ . }}daemon", #""""#, "daemon"),
        ("{{ if . }}http-request deny if{{ else }}use_backend z if{{ end }} x {{ . }}r y", #""o""#, "unsafe-value"),
        ("http-request deny if x {{ print . \"r\" }} y", #""o""#, "unsafe-value"),
        ("http-request deny if x {{ . }}{{ if . }}r{{ else }}s{{ end }} y", #""o""#, "unsafe-value"),
        ("http-request deny if x {{ . }}{{ if . }}_a{{ else }}_b{{ end }} y", #""o""#, "http-request deny if x o_a y"),
        // The keyword is data too.
        (
            "server s 127.0.0.1:1 ssl{{ range $k, $v := . }} {{ $k }} {{ $v }}{{ end }}", #"{"sni": "env(S)"}"#,
            "unsafe-value"
        ),
        (
            "server s a:1 ssl{{ range $k, $v := . }} {{ $k }} {{ $v }}{{ end }}", #"{"weight": "5"}"#,
            "server s a:1 ssl weight 5"
        ),
        ("server s a:1 s{{ .k }} {{ .v }}", #"{"k": "ni", "v": "env(S)"}"#, "unsafe-value"),
        ("server s a:1 cookie {{ .k }} sni {{ .v }}", #"{"k": "sni", "v": "env(S)"}"#, "unsafe-value"),
        (
            "server s a:1 cookie {{ .k }} weight {{ .v }}", #"{"k": "a b", "v": "5"}"#,
            "server s a:1 cookie 'a b' weight 5"
        ),
        ("balance {{ .a }} {{ .v }}", #"{"a": "hash", "v": "env(S)"}"#, "unsafe-value"),
        ("balance {{ .a }} {{ .v }}", #"{"a": "url_param", "v": "id"}"#, "balance url_param id"),
        ("http-request {{ .a }} {{ .b }}", #"{"a": "deny", "b": "if"}"#, "unsafe-value"),
        (
            "http-request return {{ .a }} \"{{ .v }}\"", #"{"a": "lf-string", "v": "%[env(S)]"}"#,
            "http-request return lf-string \"%%[env(S)]\""
        ),
        // The name of an alias goes on with letters.
        ("http-request set-header X \"%H{{ . }}\"", #""M""#, "unsafe-value"),
        ("http-request set-header X %rt{{ . }}", #""web1""#, "unsafe-value"),
        ("http-request set-header X \"%H{{ . }}\"", #""-web""#, "http-request set-header X \"%H-web\""),
        ("http-request set-header X \"%H {{ . }}\"", #""M""#, "http-request set-header X \"%H M\""),
        ("log-format \"%{+Q}r{{ . }}\"", #""x""#, "unsafe-value"),
        ("log-format \"%%H{{ . }}\"", #""M""#, "log-format \"%%HM\""),
        ("{{ $a := \"%H\" }}log-format \"{{ $a }}{{ . }}\"", #""M""#, "unsafe-value"),
        // Which alias it is.
        ("log-format %{+Q}{{ . }}", #""ci""#, "unsafe-value"), ("log-format \"%{{ . }}\"", #""ci""#, "unsafe-value"),
        ("http-request set-header X %{+Q,+X}{{ . }}", #""H""#, "unsafe-value"),
        ("log-format %{+Q}[src]{{ . }}", #""a""#, "log-format %{+Q}[src]a"),
        ("log-format %{+Q}r-{{ . }}", #""a""#, "log-format %{+Q}r-a"),
        ("log-format %%{{ . }}", #""a""#, "log-format %%a"),
        // A backslash of the template's chooses nothing of data's.
        (#"http-request replace-header Y (.*) "/x\\{{ . }}""#, #""x0a""#, "unsafe-value"),
        (#"http-request replace-header Y (.*) '/x\{{ . }}'"#, #""1""#, "unsafe-value"),
        (#"http-request replace-path (.*) /x\\{{ . }}"#, #""1""#, "unsafe-value"),
        (#"http-request replace-path "^/x\\{{ . }}" /y"#, #""d""#, "unsafe-value"),
        (#"http-request replace-path (.*) "/x\\\\{{ . }}""#, #""1""#, #"http-request replace-path (.*) "/x\\\\1""#),
        (#"http-request replace-path (.*) "/x\\1{{ . }}""#, #""a""#, #"http-request replace-path (.*) "/x\\1a""#),
        (#"http-request set-header X "\\{{ . }}""#, #""a""#, #"http-request set-header X "\\a""#),
        // An expression.
        ("set-var proc.x {{ . }}", #""env(SECRET)""#, "unsafe-value"),
        ("http-request set-var-fmt(txn.a) {{ . }}", #""50% a""#, "http-request set-var-fmt(txn.a) '50%% a'"),
        // What runs is the template's to say, and the owner's.
        ("lua-load {{ . }}", #""a.lua""#, "unsafe-value"), ("lua-load dir/{{ . }}", #""a.lua""#, "unsafe-value"),
        ("lua-load \"{{ . }}\"", #""""#, "unsafe-value"), ("ssl-engine rdrand {{ . }}", #""x""#, "unsafe-value"),
        ("external-check command {{ . }}", #""/x""#, "unsafe-value"), ("ssl-provider {{ . }}", #""x""#, "unsafe-value"),
        ("lua-load {{ raw . }}", #""a.lua""#, "lua-load a.lua"), ("lua-load {{ \"a.lua\" }}", "0", "lua-load a.lua"),
        // An argument that could vanish after a branch not taken, a loop without turns, a variable.
        ("cookie {{ if .pre }}x_{{ end }}{{ .name }} insert", #"{"pre": false, "name": ""}"#, "unsafe-value"),
        ("cookie {{ if .pre }}x_{{ end }}{{ .name }} insert", #"{"pre": true, "name": ""}"#, "cookie x_ insert"),
        ("cookie {{ range .l }}{{ . }}{{ end }}{{ .name }} insert", #"{"l": [], "name": ""}"#, "unsafe-value"),
        ("cookie {{ range .l }}{{ . }}{{ end }}{{ .name }} insert", #"{"l": ["a"], "name": ""}"#, "cookie a insert"),
        // An empty text of the template's own.
        ("mode {{ index . \"m\" | default \"\" }}\n", "{}", "unsafe-value"),
        ("{{ range split \"\" \",\" }}http-request allow if { src {{ . }} }{{ end }}", "0", "unsafe-value"),
        ("http-request deny if {{ \"\" | lower }}\n", "0", "unsafe-value"),
        ("default_backend {{ lower \"\" }}\n", "0", "unsafe-value"),
        ("server s {{ lower \"\" }} check", "0", "unsafe-value"),
        ("server s a:1 weight {{ lower \"\" }} check", "0", "unsafe-value"),
        ("acl a path {{ lower \"\" }}\n", "0", "unsafe-value"),
        ("acl a path -i {{ lower \"\" }}\n", "0", "unsafe-value"),
        ("acl a path -m beg {{ lower \"\" }}\n", "0", "unsafe-value"),
        ("acl a hdr(x) -m found {{ lower \"\" }}\n", "0", "acl a hdr(x) -m found \n"),
        ("acl a src -f /nets {{ lower \"\" }}\n", "0", "acl a src -f /nets \n"),
        ("http-request deny if { path -m beg {{ lower \"\" }} }", "0", "unsafe-value"),
        ("http-request deny if !{ path -i -- {{ lower \"\" }} }", "0", "unsafe-value"),
        ("http-request deny if { path -i /x {{ lower \"\" }} }", "0", "http-request deny if { path -i /x  }"),
        ("bind :80 ssl crt {{ lower \"\" }} alpn h2", "0", "unsafe-value"),
        ("bind :80 ssl crt a.pem alpn {{ lower \"\" }}\n", "0", "unsafe-value"),
        ("bind :80 name name {{ lower \"\" }} ssl", "0", "bind :80 name name  ssl"),
        ("cookie \"{{ .a }}{{ .b }}\" insert", #"{"a": "", "b": ""}"#, "unsafe-value"),
        ("cookie '{{ .a }}{{ .b }}{{ .a }}' insert", #"{"a": "", "b": ""}"#, "unsafe-value"),
        ("cookie \"{{ .a }}{{ .b }}\" insert", #"{"a": "x", "b": ""}"#, "cookie \"x\" insert"),
        ("cookie \"{{ .a }}{{ .b }}\" insert", #"{"a": "\"", "b": ""}"#, #"cookie "\"" insert"#),
        // Several of them, and between quotes, which HAProxy takes off before it looks.
        ("mode {{ lower \"\" }}{{ lower \"\" }}\n", "0", "unsafe-value"),
        ("acl a src {{ lower \"\" }}{{ lower \"\" }}\n", "0", "unsafe-value"),
        ("mode \"{{ lower \"\" }}\"\n", "0", "unsafe-value"),
        ("mode '{{ lower \"\" }}{{ lower \"\" }}'\n", "0", "unsafe-value"),
        ("http-request set-header X \"{{ lower \"\" }}\"", "0", "unsafe-value"),
        ("http-request set-header X \"a{{ lower \"\" }}\"", "0", "http-request set-header X \"a\""),
        ("http-request set-header X \"{{ lower \"\" }}b\"", "0", "http-request set-header X \"b\""),
        ("http-request return string \"{{ lower \"\" }}\"", "0", "http-request return string \"\""),
        ("bind :18080 {{ lower \"\" }}", "0", "bind :18080 "),
        ("bind :18080 {{ lower \"\" }} ssl", "0", "bind :18080  ssl"),
        ("server s a:1 {{ lower \"\" }} check", "0", "server s a:1  check"),
        ("defaults {{ lower \"\" }}", "0", "defaults "),
        ("acl a path /x {{ lower \"\" }}", "0", "acl a path /x "),
        ("http-request deny if { src 10.0.0.1 {{ lower \"\" }} }", "0", "http-request deny if { src 10.0.0.1  }"),
        // The words that depend on the branch are those of the branch that was taken.
        (
            "{{ if . }}tcp{{ else }}http{{ end }}-request set-header X {{ . }}", #""%[env(X)]""#,
            "tcp-request set-header X '%%[env(X)]'"
        ),
        ("{{ if . }}error-{{ end }}log-format {{ . }}", #""%[env(X)]""#, "error-log-format '%%[env(X)]'"),
        // Data names no code, and no file outside of what the template names.
        ("lua-load {{ . }}", #""x.lua""#, "unsafe-value"),
        ("lua-load /etc/{{ . }}.lua", #""x""#, "unsafe-value"),
        ("external-check command {{ . }}", #""sh""#, "unsafe-value"),
        ("ssl-engine {{ . }}", #""x""#, "unsafe-value"),
        ("{{ $k := \"lua-load\" }}{{ $k }} {{ . }}", #""x.lua""#, "unsafe-value"),
        ("lua-load {{ raw . }}", #""x.lua""#, "lua-load x.lua"),
        ("bind :1 ssl crt {{ . }}", #""/etc/x.pem""#, "unsafe-value"),
        ("bind :1 ssl crt {{ . }}", #""/etc/ssl/x.pem""#, "bind :1 ssl crt /etc/ssl/x.pem"),
        ("bind :1 ssl crt {{ . }}", #""/etc/ssl/../x""#, "unsafe-value"),
        ("bind :1 ssl crt {{ . }}", #""/etc/sslx""#, "unsafe-value"),
        ("bind :1 ssl crt \"{{ . }}\"", #""/etc/x.pem""#, "unsafe-value"),
        ("bind :1 ssl {{ .k }} {{ .v }}", #"{"k": "crt", "v": "/etc/x"}"#, "unsafe-value"),
        ("server s a:1 {{ .k }} {{ .v }}", #"{"k": "ca-file", "v": "/etc/x"}"#, "unsafe-value"),
        ("default-server ca-file {{ . }}", #""/etc/x""#, "unsafe-value"),
        ("bind :1 ssl crt /etc/ssl/{{ . }}.pem", #""../x""#, "unsafe-value"),
        ("bind :1 ssl crt /etc/ssl/.{{ . }}/x", #"".""#, "unsafe-value"),
        ("bind :1 ssl crt /etc/ssl/{{ .a }}{{ .b }}/x", #"{"a": ".", "b": "."}"#, "unsafe-value"),
        ("bind :1 ssl crt /etc/ssl/{{ . }}.pem", #""a.example.org""#, "bind :1 ssl crt /etc/ssl/a.example.org.pem"),
        ("bind :1 ssl crt {{ . }}", #""certs/a b.pem""#, "bind :1 ssl crt 'certs/a b.pem'"),
        ("bind :1 name {{ . }} ssl", #""/x""#, "bind :1 name /x ssl"),
        ("errorfile 503 {{ . }}", #""/etc/x""#, "unsafe-value"),
        ("errorfile 503 errors/{{ . }}.http", #""503""#, "errorfile 503 errors/503.http"),
        ("ca-base {{ . }}", #""/etc""#, "unsafe-value"),
        ("acl a src -f {{ . }}", #""/etc/x""#, "unsafe-value"),
        ("acl a src -i -f nets/{{ . }}", #""x""#, "acl a src -i -f nets/x"),
        ("acl a path -- -f {{ . }}", #""/x""#, "acl a path -- -f /x"),
        ("http-request deny if { src -f {{ . }} }", #""/etc/x""#, "unsafe-value"),
        ("http-request return status 200 content-type a file {{ . }}", #""/etc/x""#, "unsafe-value"),
        (
            "http-request return status 200 content-type a string {{ . }}", #""/x""#,
            "http-request return status 200 content-type a string /x"
        ),
        // Parentheses are text in a log-format and in the value of an ACL.
        (
            "http-request set-header X \"app ({{ . }})\"", #""shop team 50%""#,
            "http-request set-header X \"app (shop team 50%%)\""
        ),
        ("acl a path /x({{ . }})", #""a b""#, "acl a path /x('a b')"),
        ("http-request set-header X \"%[req.hdr({{ . }})]\"", #""a b""#, "unsafe-value"),
        // Plain text may hold a %.
        ("tcp-check send \"AUTH {{ . }}\\r\\n\"", #""50%off""#, "tcp-check send \"AUTH 50%off\\r\\n\""),
        ("tcp-check comment {{ . }}", #""50% off""#, "tcp-check comment '50% off'"),
        ("tcp-check expect rstring {{ . }}", #""50%""#, "tcp-check expect rstring 50%"),
        ("tcp-check send-lf {{ . }}", #""50%""#, "tcp-check send-lf '50%%'"),
        ("http-check comment {{ . }}", #""50%off""#, "http-check comment 50%off"),
        ("http-check expect hdr name x-a value {{ . }}", #""50%off""#, "http-check expect hdr name x-a value 50%off"),
        ("http-check expect string {{ . }}", #""50% off""#, "http-check expect string '50% off'"),
        ("http-check send meth GET uri /x body {{ . }}", #""50%""#, "http-check send meth GET uri /x body 50%"),
        (
            "http-request return status 200 content-type text/plain string \"50%{{ . }}\"", #""a b""#,
            "http-request return status 200 content-type text/plain string \"50%a b\""
        ),
        ("http-request deny if { path /50%{{ . }} }", #""a""#, "http-request deny if { path /50%a }"),
        // A user is no proxy.
        ("user {{ . }} insecure-password x", #""ann@example.org""#, "user ann@example.org insecure-password x"),
        ("user {{ . }} insecure-password x", #""ann+ops""#, "user ann+ops insecure-password x"),
        ("user {{ . }} insecure-password x", #""shop admin""#, "user 'shop admin' insecure-password x"),
        ("user {{ . }} insecure-password x", #""""#, "unsafe-value"),
        ("user a insecure-password {{ . }}", #""pw#1 $HOME""#, "user a insecure-password 'pw#1 $HOME'"),
        // What the grammar does not know is as strict as the strictest.
        ("frobnicate {{ . }}", #""%[env(X)]""#, "unsafe-value"),
        ("frobnicate {{ . }}", #""a""#, "frobnicate a"),
        ("tune.h2.header-table-size {{ . }}", #""a(b""#, "tune.h2.header-table-size a(b"),
        ("no option {{ . }}", #""httpclose""#, "no option httpclose"),
    ]

    @Test(arguments: cases.indices)
    func haproxy(_ index: Int) {
        let example = Self.cases[index]
        #expect(OriginTests.render(example.template, example.data) == example.expected, "\(example.template)")
    }

    static let nginxCases: [(template: String, data: String, expected: String)] = [
        ("geo $m { 10.0.0.0/8 a; de{{ . }} yes; }", #""fault""#, "unsafe-value"),
        ("geo $m { de{{ . }} yes; }", #""ad::1""#, "geo $m { dead::1 yes; }"),
        ("map $a $m { {{ . }}nclude /etc/passwd; }", #""i""#, "unsafe-value"),
        ("map $a $m { {{ . }}nclude /etc/passwd; }", #""x""#, "map $a $m { xnclude /etc/passwd; }"),
        ("map $a $m { {{ . }}include x; }", #""""#, "unsafe-value"),
        ("map $a $m { \"{{ . }}efault\" 1; }", #""d""#, "unsafe-value"),
        ("geo $m { {{ . }}efault 1; }", #""d""#, "unsafe-value"),
        ("geo $m { {{ . }}.0.0.0/8 1; }", #""10""#, "geo $m { 10.0.0.0/8 1; }"),
        ("ssl_certificate_key {{ . }}:x;", #""engine""#, "unsafe-value"),
        ("ssl_certificate_key {{ . }}ngine:x;", #""E""#, "unsafe-value"),
        ("ssl_certificate_key {{ . }}:x;", #""a""#, "ssl_certificate_key a:x;"),
        ("map $a $m { \"host\"{{ . }} yes; }", #""names""#, "unsafe-value"),
        ("location ^{{ . }} /x {}", #""~""#, "unsafe-value"),
        ("if ($a !{{ . }} x) {}", #""~""#, "unsafe-value"),
        // Values after a branch or a variable that brings a modifier.
        ("location {{ if . }}~{{ end }} {{ . }} {}", #""/.*""#, #"location ~ /\.\* {}"#),
        ("location {{ if . }}={{ end }} {{ . }} {}", #""/.*""#, "location = /.* {}"),
        ("if ($a {{ if . }}~{{ else }}={{ end }} {{ . }}) {}", #"".*""#, #"if ($a ~ \.\*) {}"#),
        ("map $a $b { \"{{ if . }}~{{ end }}{{ . }}\" 1; }", #"".*""#, #"map $a $b { "~\.\*" 1; }"#),
        (
            "add_header X-A {{ if .w }}p-{{ end }}{{ .v }} always;", #"{"w": false, "v": ""}"#,
            #"add_header X-A "" always;"#
        ),
        (
            "add_header X-A {{ if .w }}p-{{ end }}{{ .v }} always;", #"{"w": true, "v": ""}"#,
            "add_header X-A p- always;"
        ),
        // Data names no code, and no file outside of what the template names.
        ("load_module {{ . }};", #""x.so""#, "unsafe-value"),
        ("js_import {{ . }};", #""x.js""#, "unsafe-value"),
        ("{{ if . }}load_module{{ else }}pid{{ end }} {{ . }};", #""x.so""#, "unsafe-value"),
        ("ssl_certificate_key {{ . }};", #""engine:/x.so:k""#, "unsafe-value"),
        ("ssl_certificate_key {{ . }};", #""/etc/k.pem""#, "unsafe-value"),
        ("ssl_certificate_key {{ . }};", #""certs/a.pem""#, "ssl_certificate_key certs/a.pem;"),
        ("ssl_certificate_key /etc/{{ . }}.pem;", #""a.example.org""#, "ssl_certificate_key /etc/a.example.org.pem;"),
        ("include {{ . }};", #""/etc/x""#, "unsafe-value"),
        ("include conf.d/{{ . }}.conf;", #""a/../../x""#, "unsafe-value"),
        ("include conf.d/{{ . }}.conf;", #""a/b""#, "include conf.d/a/b.conf;"),
        ("error_log {{ . }};", #""/x""#, "unsafe-value"),
        ("access_log {{ . }} main;", #""off""#, "access_log off main;"),
        ("proxy_cache_path {{ . }} keys_zone=a:1m;", #""/x""#, "unsafe-value"),
        ("root {{ . }};", #""/srv""#, "root /srv;"),
        // An empty text of the template's own.
        ("add_header X-A {{ lower \"\" }} always;", "0", #"add_header X-A "" always;"#),
        ("proxy_set_header X-A {{ lower \"\" }};", "0", #"proxy_set_header X-A "";"#),
        ("server_name {{ lower \"\" }};", "0", "unsafe-value"),
        ("location {{ lower \"\" }} {}", "0", "unsafe-value"),
        ("listen 80 {{ lower \"\" }};", "0", "listen 80 ;"),
        ("listen {{ lower \"\" }}{{ lower \"\" }};", "0", "unsafe-value"),
        ("return 200 \"{{ lower \"\" }}\";", "0", "return 200 \"\";"),
        // What runs is the template's to say; a key is a file.
        ("load_module {{ . }};", #""modules/x.so""#, "unsafe-value"),
        ("js_import {{ . }};", #""a.js""#, "unsafe-value"),
        ("ssl_engine {{ . }};", #""x""#, "unsafe-value"), ("init_by_lua_file \"{{ . }}\";", #""x""#, "unsafe-value"),
        ("load_module {{ raw . }};", #""a.so""#, "load_module a.so;"),
        ("ssl_certificate_key {{ . }};", #""engine:x:k""#, "unsafe-value"),
        ("ssl_certificate_key \"{{ . }}\";", #""ENGINE:x""#, "unsafe-value"),
        ("proxy_ssl_certificate_key {{ . }};", #""store:x""#, "unsafe-value"),
        ("grpc_ssl_certificate_key {{ .a }}{{ .b }};", #"{"a": "eng", "b": "ine:x"}"#, "unsafe-value"),
        ("ssl_certificate_key {{ . }};", #""engine.key""#, "ssl_certificate_key engine.key;"),
        ("ssl_certificate_key {{ . }}/a.key;", #""store""#, "ssl_certificate_key store/a.key;"),
        ("ssl_certificate_key keys/{{ . }};", #""engine:x""#, "ssl_certificate_key keys/engine:x;"),
        ("ssl_certificate_key {{ . }};", #""/etc/ssl/a.key""#, "ssl_certificate_key /etc/ssl/a.key;"),
        // A backslash of the template's chooses nothing of data's.
        (#"location ~ "^/a\\{{ . }}" {}"#, #""d""#, "unsafe-value"),
        (#"rewrite "^/a\\{{ . }}" /b;"#, #""d""#, "unsafe-value"),
        (#"location ~ "^/a\\\\{{ . }}" {}"#, #""d""#, #"location ~ "^/a\\\\d" {}"#),
        (#"location ~ "^/a\.{{ . }}" {}"#, #""d""#, #"location ~ "^/a\.d" {}"#),
        (#"location "/a\\{{ . }}" {}"#, #""d""#, #"location "/a\\d" {}"#),
        // A path without modifier holds no variable.
        ("location = {{ . }} {}", #""/homepage$""#, "location = /homepage$ {}"),
        ("location {{ . }} {}", #""/a$b""#, "location /a$b {}"),
        ("location {{ . }}{}", #""/a$""#, #"location "/a$"{}"#),
        ("location {{ . }}{}", #""/a""#, "location /a{}"),
        ("proxy_pass http://{{ . }};", #""a$b""#, "unsafe-value"),
        ("frobnicate {{ . }};", #""$b""#, "unsafe-value"),
        // A { of a regular expression in the template's own text.
        ("server { location ~ ^/x/(\\d{1,3})/{{ . }} { return 204; } }", #""y""#, "open-brace"),
        ("server { rewrite ^/y/\\d{4}/(.*)$ /{{ . }}/$1 last; }", #""y""#, "open-brace"),
        (
            "server { location ~ \"^/x/(\\d{1,3})/{{ . }}\" { return 204; } }", #""y""#,
            "server { location ~ \"^/x/(\\d{1,3})/y\" { return 204; } }"
        ),
        (
            "location ~ ^{{ . }}$ { return 204; }", #""/foo/[A-F]{5}""#,
            #"location ~ ^/foo/\[A-F\]\{5\}$ { return 204; }"#
        ),
    ]

    @Test(arguments: nginxCases.indices)
    func nginx(_ index: Int) {
        let example = Self.nginxCases[index]
        #expect(OriginTests.render(example.template, example.data, .nginx) == example.expected, "\(example.template)")
    }

    /// A template that calls itself inside a block, as deep as the data goes.
    @Test func recursionInBlocks() {
        let template = """
            {{ define "l" }}location /{{ .n }} { {{ if .s }}{{ template "l" .s }}{{ end }}root "{{ .v }}"; }{{ end }}\
            http { server { {{ template "l" . }} } }
            """
        var data = #"{"n": "z", "v": "a b", "s": null}"#
        var expected = #"location /z { root "a b"; }"#
        for _ in 0..<20 {
            data = #"{"n": "x", "v": "c\"d", "s": \#(data)}"#
            expected = #"location /x { \#(expected)root "c\"d"; }"#
        }
        #expect(OriginTests.render(template, data, .nginx) == "http { server { \(expected) } }")
    }

    /// The refusal names the way that works.
    @Test func refusalsNameTheWay() {
        let cases: [(Dialect, String, String, String)] = [
            (.nginx, "return 200 \"{{ . }}\";", #""a$b""#, "geo $dollar"),
            (.haproxy, "http-request set-header X \"%H{{ . }}\"", #""M""#, "a blank or a -"),
            (.haproxy, "mode {{ lower \"\" }}\n", "0", "give a value"),
            (.haproxy, "acl a path {{ . }}", #"["a"]"#, "delimit LIST"),
            (.haproxy, "acl a path {{ . }}", "null", "default"),
            (.haproxy, "bind :1 ssl crt {{ . }}", #""/x""#, "write the folder in the template"),
            (.nginx, "load_module {{ . }};", #""x""#, "params"),
        ]
        for (dialect, template, data, way) in cases {
            let failure = OriginTests.failure(template, data, dialect)
            #expect(failure?.notes.contains { $0.message.contains(way) } == true, "\(template)")
        }
    }
}
