import HATemplate

/// Random configurations that name files in every way that the grammar knows, and in some spellings that proxies decode.
///
/// Most are refused by their proxy at some word; up to there it does what it is told.
struct ScanShapes {
    let dialect: Dialect
    /// Paths of files, folders and links, inside and outside.
    let targets: [String]
    var random: SplitMix

    /// A configuration of up to three directives.
    mutating func text() -> String {
        let count = Int.random(in: 1...3, using: &random)
        switch dialect {
        case .haproxy:
            let parts = (0..<count).map { _ in haproxy() }
            return parts.joined(separator: "\n") + "\n"
        case .nginx, .plain:
            let parts = (0..<count).map { _ in nginx() }
            return parts.joined(separator: "\n") + "\nevents { }\n"
        }
    }

    // MARK: HAProxy

    private static let headers = [
        "global": "global", "defaults": "defaults\n mode http", "frontend": "frontend f\n mode http\n bind 127.0.0.1:0",
        "backend": "backend b\n mode http\n server s 127.0.0.1:1", "listen": "listen l\n mode http\n bind 127.0.0.1:0",
        "peers": "peers p", "resolvers": "resolvers r", "mailers": "mailers m", "userlist": "userlist u",
        "cache": "cache c", "http-errors": "http-errors e", "ring": "ring r\n size 32768",
        "log-forward": "log-forward g", "log-profile": "log-profile o", "fcgi-app": "fcgi-app a",
        "crt-store": "crt-store t", "traces": "traces", "program": "program x",
    ]

    /// What is read only together with something else.
    private static let pairs = [
        "global\n server-state-file F\nbackend b\n load-server-state-from-file global\n server s 127.0.0.1:1",
        "backend b\n load-server-state-from-file local\n server-state-file-name F\n server s 127.0.0.1:1",
        "global\n crt-base F\nfrontend f\n bind :0 ssl crt F", "global\n setenv A F\nfrontend f\n acl a src -f \"$A\"",
        "global\n localpeer F\nfrontend f\n acl a src -f \"${HAPROXY_LOCALPEER}\"",
        "global\n default-path config\nfrontend f\n acl a src -f F",
        "global\n presetenv A lua-load\n \"$A\" F", ".if defined(F)\nglobal\n lua-load F\n.endif",
        "frontend f\n mode http\n filter spoe engine e config F", "ring r\n size 32768\n backing-file F",
        "frontend f\n mode http\n http-request return status 200 content-type a/b lf-file F",
        "frontend f\n mode http\n http-request set-header X %[req.hdr(a),jwt_verify(RS256,F)]",
        "frontend f\n mode http\n http-request deny if { src,map_ip(F) -m found } or { path -i -f F }",
    ]

    private mutating func haproxy() -> String {
        if Int.random(in: 0..<4, using: &random) == 0 { return filled(pick(Self.pairs)) }
        let rows = HAProxyGrammar.grammar.rows.filter { !$0.sections.contains("file") && !$0.name.hasSuffix("*") }
        guard let row = rows.randomElement(using: &random), let section = row.sections.randomElement(using: &random),
            let header = Self.headers[section]
        else { return "global" }
        var words = [row.name]
        for index in 0..<count(row.directive) { words += haproxy(row.directive.kind(at: index) ?? .text) }
        return "\(header)\n " + words.map { spelled($0) }.joined(separator: " ")
    }

    /// How many arguments are written.
    private mutating func count(_ directive: Grammar.Directive) -> Int {
        directive.kinds.count + (directive.isOpenEnded ? Int.random(in: 0...2, using: &random) : 0)
    }

    private mutating func haproxy(_ kind: ArgumentKind) -> [String] {
        switch kind {
        case .number, .flag: return ["1"]
        case .time: return ["10s"]
        case .size: return ["64k"]
        case .name, .backend, .server, .upstream, .word: return [pick(["b", "x", "503"])]
        case .address: return [pick(["127.0.0.1:0", ":0", filled("unix@F"), filled("F")])]
        case .bindOption: return option(HAProxyGrammar.bindOptions)
        case .serverOption: return option(HAProxyGrammar.serverOptions)
        case .action: return option(HAProxyGrammar.actions)
        case .option: return option(HAProxyGrammar.options)
        case .filter: return option(HAProxyGrammar.filters) + ["config", filled("F")]
        case .sample, .algorithm:
            return [
                filled(pick(["src", "src,map(F)", "str(F)", "req.hdr(a),jwt_verify(RS256,F)", "hash src,map_ip(F)"]))
            ]
        case .condition: return ["if", "{", "src", "-f", filled("F"), "}"]
        case .format: return [filled("%[src,map(F)]")]
        case .text, .url, .location, .regex, .variable, .pattern, .environment:
            return [filled(pick(["1", "on", "http", "F", "-f", "file", "10s", "a=F"]))]
        case .served, .page, .file, .certificate, .key, .certificateList, .include, .base, .openSSL, .namespace,
            .output, .log,
            .store, .library, .code, .foreign:
            return [filled("F")]
        }
    }

    /// A word of a table and its value.
    private mutating func option(_ table: Grammar) -> [String] {
        guard let row = table.rows.randomElement(using: &random) else { return [] }
        var name = row.name
        if name.hasSuffix("*") { name = name.dropLast() + (name.hasSuffix("(*") ? filled("F)") : "0") }
        return [name] + (row.directive.kinds.isEmpty ? [] : haproxy(.text))
    }

    // MARK: nginx

    private static let wrappers = [
        "D", "http { D }", "http { server { listen 127.0.0.1:0; D } }",
        "http { server { listen 127.0.0.1:0; location / { D } } }", "http { upstream u { server 127.0.0.1:1; D } }",
        "http { server { listen unix:F; D } }", "stream { server { listen 127.0.0.1:0; proxy_pass 127.0.0.1:1; D } }",
        "mail { D }",
    ]
    private static let nginxPairs = [
        "http { server { listen 127.0.0.1:0 ssl; ssl_certificate F; ssl_certificate_key engine:F:k; } }",
        "http { proxy_ssl_certificate F; proxy_ssl_certificate_key F; }", "http { map $a $b { include F; } }",
        "http { geo $a { include F; } }", "http { types { include F; } }", "include sub/*;", "include F*;",
        "http { proxy_cache_path F keys_zone=a:1m; }", "http { server { listen unix:F; } }",
        "http { ssl_conf_command Certificate F; }", "http { access_log F combined; error_log F debug; }",
    ]

    private mutating func nginx() -> String {
        if Int.random(in: 0..<4, using: &random) == 0 { return filled(pick(Self.nginxPairs)) }
        // `user` makes the machine's own folders another's.
        let rows = NginxGrammar.grammar.rows.filter { !$0.name.hasSuffix("*") && $0.name != "user" }
        guard let row = rows.randomElement(using: &random) else { return "" }
        var words = [spelled(row.name)]
        for index in 0..<count(row.directive) {
            let kind = row.directive.kind(at: index) ?? .text
            words.append(spelled(nginx(kind)))
        }
        let end = row.directive.opensBlock ? filled(" { include F; default 1; }") : ";"
        return filled(pick(Self.wrappers)).replacing("D", with: words.joined(separator: " ") + end)
    }

    private mutating func nginx(_ kind: ArgumentKind) -> String {
        switch kind {
        case .number, .time, .size: return "1"
        case .flag: return "on"
        case .variable: return "$a"
        case .address: return filled(pick(["127.0.0.1:0", "unix:F"]))
        case .key: return filled(pick(["F", "engine:F:k", "data:F"]))
        case .log: return filled(pick(["F", "stderr", "syslog:server=unix:F"]))
        default: return filled(pick(["F", "F", "1", "on", "a"]))
        }
    }

    // MARK: Words

    private mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

    /// With a path for each `F`.
    private mutating func filled(_ shape: String) -> String {
        shape.split(separator: "F", omittingEmptySubsequences: false).map(String.init)
            .reduce(nil as String?) { text, part in text.map { $0 + pick(targets) + part } ?? part } ?? ""
    }

    /// The same word as a proxy decodes it, now and then written in another way.
    private mutating func spelled(_ word: String) -> String {
        guard Int.random(in: 0..<5, using: &random) == 0, word.utf8.count > 2 else { return word }
        let start = word.startIndex
        let next = word.index(start, offsetBy: Int.random(in: 1..<word.count, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "\"\(word)\""
        case 1: return "'\(word)'"
        case 2: return dialect == .haproxy ? "\(word[..<next])''\(word[next...])" : "\"\(word)\""
        case 3: return dialect == .haproxy ? "\"\(word[..<next])${NO}\(word[next...])\"" : word
        default:
            guard dialect == .haproxy, let byte = word[next...].utf8.first, byte < 0x80 else { return word }
            let digits = String(byte, radix: 16)
            return "\(word[..<next])\\x\(digits.count < 2 ? "0" : "")\(digits)\(word[word.index(after: next)...])"
        }
    }
}
