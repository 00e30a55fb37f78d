/// Kinds of directives, by what their arguments are for.
enum Directive: UInt8, Sendable {
    /// None whose arguments matter.
    case other
    /// Which one it is depends on the branch taken or on a value.
    case unknown

    /// What it names runs: a program, a library, a file of code.
    case program
    /// Names files that the proxy reads, includes or writes.
    case file
    /// nginx: names files below the root of a site.
    case page
    /// nginx: says where requests go: `proxy_pass http://NAME/`.
    case url

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
    /// `set-var NAME SAMPLE` of the section global.
    case variable
    /// Changes a variable of the environment: `setenv NAME VALUE`.
    case environment

    // nginx
    /// A name and one text: `proxy_set_header NAME TEXT`.
    case pair
    case location, upstream, listen, rewrite, mapBlock, geoBlock, foreignBlock
    /// Its arguments are text of another language.
    case foreignText
    /// A private key: a file, or the name of one that a library holds.
    case key

    /// How far the arguments are counted: after it all are alike.
    var lastArgument: UInt8 {
        switch self {
        case .server, .acl, .secondAddress, .ruleFormat: 3
        case .ruleNameFormat, .ruleRegexFormat, .serverTemplate: 4
        case .ruleNameRegexFormat: 5
        case .rewrite, .section, .address, .backendName, .upstream, .listen, .pair, .environment: 2
        default: 1
        }
    }

    static func haproxy(_ word: WordHash) -> Directive { named(word, haproxyNames) }

    static func nginx(_ word: WordHash) -> Directive { named(word, nginxNames) }

    private static func named(_ word: WordHash, _ names: [WordHash: Directive]) -> Directive {
        word.isSpoiled || word.isUncertain ? .unknown : names[word] ?? .unknown
    }

    /// Whether letters are the beginning of names that the grammar knows together, such as `tune.`.
    static func isFamily(_ letters: WordHash, _ dialect: Dialect) -> Bool {
        switch dialect {
        case .haproxy: haproxyFamilies.contains(letters)
        case .nginx: nginxFamilies.contains(letters)
        case .plain: false
        }
    }

    /// Whether such names are those of directives that run code.
    static func isCodeFamily(_ letters: WordHash, _ dialect: Dialect) -> Bool {
        switch dialect {
        case .haproxy, .plain: false
        case .nginx: nginxCodeFamilies.contains(letters)
        }
    }

    private static let nginxCodeFamilies = families(NginxGrammar.grammar) { $0.directive.kinds.first == .code }
    private static let haproxyFamilies = families(HAProxyGrammar.grammar)
    private static let nginxFamilies = families(NginxGrammar.grammar)

    private static func families(
        _ grammar: Grammar, where isRight: (Grammar.Row) -> Bool = { _ in true }
    ) -> Set<WordHash> {
        Set(
            grammar.rows.filter(isRight).map(\.name).filter { $0.hasSuffix("*") }.map {
                WordHash(String($0.dropLast()))
            })
    }

    /// What an action of `http-request` and its kin makes of the arguments after it.
    static func rule(_ action: WordHash) -> Directive { ruleNames[action] ?? .ruleOther }

    private static func table(_ rows: [(Directive, [StaticString])]) -> [WordHash: Directive] {
        var table: [WordHash: Directive] = [:]
        for (directive, names) in rows { for name in names { table[WordHash(name)] = directive } }
        return table
    }

    private static let ruleNames = table([
        (.ruleNameFormat, ["set-header", "add-header"]),
        (.ruleFormat, ["set-path", "set-pathq", "set-query", "set-uri", "set-method", "location", "prefix", "scheme"]),
        (.ruleRegexFormat, ["replace-path", "replace-pathq", "replace-uri"]),
        (.ruleNameRegexFormat, ["replace-header", "replace-value"]),
    ])

    // MARK: What the grammar says

    private static let haproxyNames = names(HAProxyGrammar.grammar, haproxy)
        .merging([WordHash("no"): .other, WordHash("default"): .other]) { $1 }

    private static let nginxNames = names(NginxGrammar.grammar, nginx)

    private static func names(_ grammar: Grammar, _ directive: (Grammar.Row) -> Directive) -> [WordHash: Directive] {
        var names: [WordHash: Directive] = [:]
        for row in grammar.rows {
            let found = directive(row)
            // A word of two meanings is the one whose arguments matter.
            if found != .other || names[WordHash(row.name)] == nil { names[WordHash(row.name)] = found }
        }
        return names
    }

    private static func haproxy(_ row: Grammar.Row) -> Directive {
        if HAProxyGrammar.isSection(row.name) { return .section }
        switch row.directive.kinds {
        // What they are called decides nothing.
        case _ where row.name == "user" || row.name == "group": return .other
        // Conditions of the configuration's own reader.
        case [.condition] where row.name.hasPrefix("."): return .unknown
        case [.name, .text, .address, .serverOption]: return .serverTemplate
        case [.name, .address, .serverOption]: return row.name == "server" ? .server : .secondAddress
        case [.name, .address], [.name, .address, .text]: return .secondAddress
        case [.name, .format], [.variable, .format]: return .ruleFormat
        case [.backend, .condition], [.server, .condition]: return .backendName
        case [.sample]: return row.name == "acl" ? .acl : .variable
        // Filters run agents and programs.
        case let kinds where [.code, .library, .filter].contains(kinds.first): return .program
        case let kinds where kinds.first == .environment: return .environment
        case let kinds where kinds.contains(where: \.isPath): return .file
        case let kinds where kinds.first == .name: return .section
        case let kinds where kinds.first == .address: return .address
        case let kinds where kinds.first == .action: return .rule
        case let kinds where kinds.first == .format: return .logFormat
        case let kinds where [.algorithm, .option, .serverOption, .bindOption].contains(kinds.first): return .sampling
        default: return .other
        }
    }

    private static func isPair(_ name: String) -> Bool {
        ["_set_header", "_param", "add_header", "add_trailer"].contains { name.hasSuffix($0) }
    }

    private static func nginx(_ row: Grammar.Row) -> Directive {
        let (kinds, opensBlock) = (row.directive.kinds, row.directive.opensBlock)
        switch kinds.first {
        case .location: return .location
        case .upstream: return .upstream
        case .address: return .listen
        case .regex: return .rewrite
        case .key: return .key
        // Some commands of OpenSSL name files, and variables make libraries load others.
        case .code, .library, .openSSL: return .program
        case _ where row.name == "env": return .program
        case .url: return .url
        case .page: return .page
        case let kind? where kind.isPath: return .file
        case _ where kinds.contains(.foreign): return opensBlock ? .foreignBlock : .foreignText
        case _ where opensBlock && kinds == [.text, .variable]: return .mapBlock
        case _ where opensBlock && kinds == [.variable, .variable]: return .geoBlock
        case .variable where kinds == [.variable, .format]: return .pair
        case _ where isPair(row.name): return .pair
        default: return .other
        }
    }
}
