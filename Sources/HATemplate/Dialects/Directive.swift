/// Kinds of directives, by what their arguments are for.
enum Directive: UInt8, Sendable {
    /// None whose arguments matter.
    case other
    /// Which one it is depends on the branch taken or on a value.
    case unknown

    // HAProxy
    /// The name of a section follows.
    case section
    case server, serverTemplate, address, secondAddress, acl
    /// `use_backend NAME`, `default_backend NAME`
    case backendName
    /// `http-request` and its kin: the next word says what is done.
    case rule
    case ruleNameFormat, ruleFormat, ruleRegexFormat, ruleNameRegexFormat, ruleOther
    case logFormat
    /// One of its words says that a sample follows.
    case sampling

    // nginx
    case location, upstream, listen, rewrite, mapBlock, geoBlock, foreignBlock
    /// Its arguments are text of another language.
    case foreignText

    /// How far the arguments are counted: behind it all are alike.
    var lastArgument: UInt8 {
        switch self {
        case .server, .acl, .secondAddress, .ruleFormat: 3
        case .ruleNameFormat, .ruleRegexFormat, .serverTemplate: 4
        case .ruleNameRegexFormat: 5
        case .rewrite, .section, .address, .backendName, .upstream, .listen: 2
        default: 1
        }
    }

    static func haproxy(_ word: WordHash) -> Directive { named(word, haproxyNames) }

    static func nginx(_ word: WordHash) -> Directive { named(word, nginxNames) }

    private static func named(_ word: WordHash, _ names: [WordHash: Directive]) -> Directive {
        word.isSpoiled || word.isUncertain ? .unknown : names[word] ?? .other
    }

    /// What an action of `http-request` and its kin makes of the arguments behind it.
    static func rule(_ action: WordHash) -> Directive { ruleNames[action] ?? .ruleOther }

    private static func table(_ rows: [(Directive, [StaticString])]) -> [WordHash: Directive] {
        var table: [WordHash: Directive] = [:]
        for (directive, names) in rows { for name in names { table[WordHash(name)] = directive } }
        return table
    }

    private static let haproxyNames = table([
        (
            .section,
            [
                "global", "defaults", "frontend", "backend", "listen", "userlist", "peers", "resolvers", "mailers",
                "cache", "http-errors", "ring", "program", "fcgi-app", "user", "group",
            ]
        ),
        (.server, ["server"]), (.serverTemplate, ["server-template"]), (.address, ["bind", "source", "log"]),
        (.secondAddress, ["peer", "nameserver", "mailer"]), (.acl, ["acl"]),
        (.backendName, ["use_backend", "default_backend", "use-server"]),
        (
            .rule,
            [
                "http-request", "http-response", "http-after-response", "tcp-request", "tcp-response", "http-check",
                "tcp-check", "http-error", "redirect", "monitor", "errorfiles", "stick",
            ]
        ),
        (.ruleFormat, ["set-var-fmt", "set-param"]),
        (.sampling, ["balance", "default-server", "option"]),
        // Conditions of the configuration's own reader.
        (.unknown, [".if", ".elif"]),
        (.logFormat, ["log-format", "log-format-sd", "error-log-format", "unique-id-format"]),
    ])

    private static let ruleNames = table([
        (.ruleNameFormat, ["set-header", "add-header"]),
        (.ruleFormat, ["set-path", "set-pathq", "set-query", "set-uri", "set-method", "location", "prefix", "scheme"]),
        (.ruleRegexFormat, ["replace-path", "replace-pathq", "replace-uri"]),
        (.ruleNameRegexFormat, ["replace-header", "replace-value"]),
    ])

    private static let nginxNames = table([
        (.location, ["location"]), (.upstream, ["upstream"]), (.listen, ["listen", "server", "resolver"]),
        (.rewrite, ["rewrite", "fastcgi_split_path_info", "gzip_disable"]),
        (.mapBlock, ["map", "types", "split_clients", "charset_map", "match"]),
        (.geoBlock, ["geo"]),
        (
            .foreignText,
            [
                "content_by_lua", "rewrite_by_lua", "access_by_lua", "header_filter_by_lua", "body_filter_by_lua",
                "log_by_lua", "init_by_lua", "init_worker_by_lua", "exit_worker_by_lua", "set_by_lua", "perl",
                "perl_set",
            ]
        ),
        (
            .foreignBlock,
            [
                "content_by_lua_block", "rewrite_by_lua_block", "access_by_lua_block", "header_filter_by_lua_block",
                "body_filter_by_lua_block", "log_by_lua_block", "init_by_lua_block", "init_worker_by_lua_block",
                "exit_worker_by_lua_block", "set_by_lua_block", "balancer_by_lua_block", "preread_by_lua_block",
                "server_rewrite_by_lua_block", "ssl_certificate_by_lua_block", "ssl_client_hello_by_lua_block",
                "ssl_session_fetch_by_lua_block", "ssl_session_store_by_lua_block",
            ]
        ),
    ])
}
