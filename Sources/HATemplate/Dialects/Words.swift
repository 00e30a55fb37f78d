/// Words that decide what the next ones are.
enum Words {
    static let inVariable = Array("_.{-[*]".utf8)
    static let `if` = WordHash("if")
    static let unless = WordHash("unless")
    static let open = WordHash("{")
    static let close = WordHash("}")
    static let doubleDash = WordHash("--")
    static let hdr = WordHash("hdr")
    static let headerName = WordHash("name")
    static let conditions: Set<WordHash> = [`if`, unless]
    /// What must be known of a word where two ways meet.
    static let decisive = beforeFormat.union(beforeText).union(beforeFile).union(fileSettings).union([fileFlag]).union(
        beforeSample
    ).union(conditions)
        .union([open, close, doubleDash, hdr])
    static let modifiers = beforeRegex.union((["=", "^~"] as [StaticString]).map(WordHash.init))
    static let beforeFormat: Set<WordHash> = Set(
        ([
            "location", "prefix", "scheme", "lf-string", "uri-lf", "body-lf", "comment-lf", "send-lf",
            "send-binary-lf", "string-lf", "binary-lf", "name-lf", "value-lf", "on-success", "on-error",
        ] as [StaticString]).map(WordHash.init))
    static let beforeText: Set<WordHash> = Set(
        ([
            "string", "content-type", "uri", "meth", "ver", "body", "status", "code", "deny_status",
            "realm", "comment", "send", "send-binary", "rstring", "binary", "rbinary", "value", "rstatus", "addr",
        ]
            as [StaticString]).map(WordHash.init))
    static let beforeFile: Set<WordHash> = Set(
        (["file", "lf-file", "errorfile"] as [StaticString]).map(WordHash.init))
    static let fileFlag = WordHash("-f")
    /// Settings of a `bind` or server whose value names a file.
    static let fileSettings = Set(
        (HAProxyGrammar.bindOptions.rows + HAProxyGrammar.serverOptions.rows)
            .filter { [.certificate, .certificateList, .key, .namespace].contains($0.directive.kinds.first) }
            .map { WordHash($0.name) })
    /// `balance hash`, and settings of servers and of `option forwarded`.
    static let beforeSample: Set<WordHash> = Set(
        ([
            "hash", "sni", "pool-conn-name", "host-expr", "by-expr", "by_port-expr", "for-expr", "for_port-expr",
        ] as [StaticString]).map(WordHash.init))
    /// Settings of a server that take one value: what follows the value is a setting again.
    static let serverSettings = settings(HAProxyGrammar.serverOptions)
    static let bindSettings = settings(HAProxyGrammar.bindOptions)

    private static func settings(_ options: Grammar) -> Set<WordHash> {
        Set(
            options.rows.lazy.filter { $0.directive.kinds.count == 1 && !$0.directive.isOpenEnded }
                .map { WordHash($0.name) })
    }
    /// Whether a word of the template's asks for one value after it.
    static func takesValue(_ word: [UInt8]) -> Bool {
        let hash = WordHash(String(decoding: word, as: UTF8.self))
        return valued.contains(hash)
    }

    private static let valued = beforeFormat.union(beforeText).union(beforeFile).union(fileSettings).union(beforeSample)
        .union(serverSettings).union(bindSettings).union([fileFlag])

    /// Whether a sample is a number that is compared with others.
    static func isNumber(_ sample: [UInt8]) -> Bool {
        let name = sample.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ",") }
        let text = String(decoding: name, as: UTF8.self)
        return numbers.contains(text) || numberEndings.contains { text.hasSuffix($0) }
    }

    private static let numbers: Set<String> = [
        "status", "nbsrv", "nbproc", "avg_queue", "queue", "connslots", "date", "date_us", "rand", "distcc_param",
        "thread",
        "nbthread", "act_conns", "req.ver", "uptime",
    ]
    private static let numberEndings = [
        "_port", "_cnt", "_val", "_rate", "_conn", "_conns", "_len", ".len", "_gpc0", "_gpc1", "_gpt0", "_gpc", "_gpt",
        "_size",
        "_free", "_avail", "_use", "_slots", "_queue", "_weight", "_iweight", "_uweight", "_time", "_code", "_depth",
        "_updt",
        "_trackers", "_err",
    ]

    /// Words that mean something among values.
    private static let meaningful: [StaticString] = [
        "or", "OR", "Or", "oR", "||", "{", "}", "eq", "ne", "ge", "gt", "le", "lt", "if", "unless", "default",
        "hostnames", "include", "volatile", "delete", "proxy", "proxy_recursive", "ranges", "!~", "!~*", "^~",
    ]
    /// What they begin with, as far as they are not whole.
    static let beginnings: Set<WordHash> = {
        var beginnings: Set<WordHash> = [WordHash("-"), WordHash("--"), WordHash("-f")]
        for word in meaningful {
            word.withUTF8Buffer { letters in
                var beginning = WordHash()
                for letter in letters.dropLast() {
                    beginning.add(letter)
                    beginnings.insert(beginning)
                }
            }
        }
        return beginnings
    }()

    /// Whether letters may be the end of a word, or a part, that means something with a value before them.
    static func mayEnd(with tail: Following.Tail) -> Bool {
        let letters = tail.letters
        guard let first = letters.first else { return false }
        if first == UInt8(ascii: "-") || letters.withUnsafeBufferPointer(runs) { return true }
        // `engine:` begins the name of a key.
        let name = letters.firstIndex(of: UInt8(ascii: ":")).map { letters[...$0] } ?? letters[...]
        return (meaningful + SafetyRule.libraries).contains { word in
            word.withUTF8Buffer { word in
                if tail.isWhole || name.last == UInt8(ascii: ":") { return word.suffix(name.count).elementsEqual(name) }
                return word.indices.contains { word[$0...].starts(with: letters) }
            }
        }
    }

    /// HAProxy: whether a directive runs code or loads a library.
    static func runs(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var word = WordHash()
        for letter in name { word.add(letter) }
        return Directive.haproxy(word) == .program
    }

    /// The sample that gives a variable of the environment.
    static let environmentSamples: Set<WordHash> = [WordHash("env"), WordHash("%[env")]
    static let useService = WordHash("use-service")
    static let setVarFormat = WordHash("set-var-fmt")
    /// Samples that are compared as text or addresses. Any other may be a number.
    static let textual: Set<WordHash> = Set(
        ([
            "path", "path_beg", "path_dir", "path_dom", "path_end", "path_reg", "path_sub", "pathq", "url",
            "url_beg", "url_dir", "url_dom", "url_end", "url_reg", "url_sub", "url_param", "urlp", "urlp_beg",
            "urlp_end", "urlp_reg", "urlp_sub", "base", "base_beg", "base_dir", "base_dom", "base_end", "base_reg",
            "base_sub", "query", "method", "hdr", "hdr_beg", "hdr_dir", "hdr_dom", "hdr_end", "hdr_reg", "hdr_sub",
            "req.hdr", "req.fhdr", "res.hdr", "res.fhdr", "shdr", "cook", "cook_beg", "cook_end", "cook_reg",
            "cook_sub", "req.cook", "res.cook", "src", "dst", "req.ssl_sni", "req_ssl_sni", "ssl_fc_sni",
            "ssl_fc_sni_end", "ssl_fc_sni_reg", "http_auth_group", "req.proto_http",
        ] as [StaticString]).map(WordHash.init))
    /// After `-m`.
    static let textMethods: Set<WordHash> = Set(
        (["str", "beg", "end", "sub", "dir", "dom", "reg"] as [StaticString]).map(WordHash.init))
    static let numberMethods: Set<WordHash> = Set((["int", "len"] as [StaticString]).map(WordHash.init))
    static let beforeRegex: Set<WordHash> = Set((["~", "~*", "!~", "!~*"] as [StaticString]).map(WordHash.init))
}
