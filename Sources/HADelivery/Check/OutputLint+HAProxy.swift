import HATemplate

extension OutputLint {
    mutating func checkHAProxy() {
        checkSectionNames()
        checkServers()
        checkRules()
        checkBackends()
        checkBinds()
        checkIds()
    }

    private typealias Word = ConfigurationText.Word

    /// A listen is a frontend and a backend. These two may share a name, but not for long: HAProxy 3.3 refuses it.
    private mutating func checkSectionNames() {
        var fronts: [String: (kind: String, word: Word)] = [:]
        var backs: [String: (kind: String, word: Word)] = [:]
        for index in openings(["frontend", "backend", "listen"]) {
            let kind = text.statements[index].keyword
            guard let word = text.statements[index].arguments.first else { continue }
            let (front, back) = (fronts[word.text], backs[word.text])
            if let first = (kind == "backend" ? nil : front) ?? (kind == "frontend" ? nil : back) {
                let what =
                    first.kind != kind
                    ? "a \(first.kind) and a \(kind)" : kind == "backend" ? "two backends" : "two frontends"
                add(.duplicateName, "\(what) are named '\(word.text)'", at: word.range, first: first.word.range)
            } else if let first = front ?? back {
                add(
                    .duplicateName,
                    "a \(first.kind) and a \(kind) are named '\(word.text)', which HAProxy 3.3 and later refuse",
                    at: word.range, first: first.word.range, severity: .warning)
            }
            if kind != "backend", front == nil { fronts[word.text] = (kind, word) }
            if kind != "frontend", back == nil { backs[word.text] = (kind, word) }
        }
        for kind in ["userlist", "peers", "resolvers", "mailers", "ring", "cache", "http-errors", "fcgi-app"] {
            let names = openings([kind]).compactMap { index in
                text.statements[index].arguments.first.map { ($0.text, $0) }
            }
            addDuplicates(.duplicateName, names) { "two sections '\(kind)' are named '\($0)'" }
        }
    }

    private func name(of section: Int) -> String? { text.statements[section].arguments.first?.text }

    private mutating func checkServers() {
        for section in openings(["backend", "listen"]) {
            let members = statements(in: section)
            let servers = members.filter { $0.keyword == "server" }
            checkServerNames(of: members)
            guard servers.isEmpty, !members.contains(where: \.answersWithoutServer) else { continue }
            // A listen may lead to other sections.
            guard !members.contains(where: { ["use_backend", "default_backend"].contains($0.keyword) }) else {
                continue
            }
            let opening = text.statements[section]
            guard let word = opening.arguments.first else { continue }
            add(
                .emptyBackend,
                "\(opening.keyword) '\(word.text)' has no server: nothing that reaches it is answered by one",
                at: word.range, severity: .warning)
        }
    }

    // MARK: Rules

    private mutating func checkRules() {
        var inherited: Set<String> = []
        for section in openings(["defaults", "frontend", "backend", "listen"]) {
            let members = statements(in: section)
            let defined = Set(members.filter { $0.keyword == "acl" }.compactMap { $0.arguments.first?.text })
            let isDefaults = text.statements[section].keyword == "defaults"
            if isDefaults { inherited.formUnion(defined) }
            let known = defined.union(inherited)
            for statement in members where Self.takesCondition.contains(statement.keyword) {
                for word in Self.condition(of: statement) where !known.contains(word.text) {
                    guard !Self.isPredefined(word.text) else { continue }
                    add(
                        .undefinedACL,
                        "no acl '\(word.text)' is defined in this section"
                            + Self.advice(word.text, known), at: word.range)
                }
            }
        }
    }

    private static let takesCondition: Set<String> = [
        "use_backend", "use-server", "http-request", "http-response", "http-after-response", "tcp-request",
        "tcp-response", "redirect", "force-persist", "ignore-persist", "monitor", "stick", "stats", "http-error",
        "use-fcgi-app",
    ]

    /// The names in a condition, without `!`, `or`, `and` and what stands in braces.
    private static func condition(of statement: ConfigurationText.Statement) -> [Word] {
        let words = statement.words
        guard
            let start = words.lastIndex(where: { ($0.text == "if" || $0.text == "unless") && !$0.isQuoted }), start > 0
        else { return [] }
        var names: [Word] = []
        var depth = 0
        for word in words[(start + 1)...] {
            switch word.text {
            case "{": depth += 1
            case "}": depth -= 1
            case "or", "||", "and", "!": continue
            case let text where depth == 0 && !text.isEmpty:
                let marks = text.prefix { $0 == "!" }.count
                let rest = String(text.dropFirst(marks))
                if rest == "{" {
                    depth += 1
                } else if !rest.isEmpty {
                    let range = (word.range.lowerBound + marks)..<word.range.upperBound
                    names.append(Word(text: rest, range: range, isQuoted: word.isQuoted))
                }
            default: continue
            }
        }
        return names
    }

    private static func isPredefined(_ name: String) -> Bool {
        let names: Set<String> = [
            "TRUE", "FALSE", "LOCALHOST", "HTTP", "HTTP_CONTENT", "HTTP_URL_ABS", "HTTP_URL_SLASH", "HTTP_URL_STAR",
            "RDP_COOKIE", "REQ_CONTENT", "WAIT_END",
        ]
        return names.contains(name) || name.hasPrefix("METH_") || name.hasPrefix("HTTP_")
    }

    // MARK: Ways to a backend

    private mutating func checkBackends() {
        let known = Set(openings(["backend", "listen"]).compactMap { name(of: $0) })
        var reached: Set<String> = []
        var isDynamic = false
        for statement in text.statements where !statement.isOpening {
            reached.formUnion(Self.mentioned(in: statement))
            guard ["use_backend", "default_backend"].contains(statement.keyword), let word = statement.arguments.first
            else { continue }
            // A name that is made at run time may be any.
            guard !word.text.contains("%[") else {
                isDynamic = true
                continue
            }
            reached.insert(word.text)
            guard !known.contains(word.text) else { continue }
            add(
                .missingBackend,
                "\(statement.keyword) leads to '\(word.text)', which is not a backend of this output"
                    + Self.advice(word.text, known),
                at: word.range)
        }
        guard !isDynamic else { return }
        for section in openings(["backend"]) {
            guard let word = text.statements[section].arguments.first, !reached.contains(word.text) else { continue }
            add(.unreachedBackend, "no rule leads to backend '\(word.text)'", at: word.range, severity: .warning)
        }
    }

    /// Sections that a statement uses in another way: `table NAME`, `nbsrv(NAME)`, `track NAME/server`.
    private static func mentioned(in statement: ConfigurationText.Statement) -> [String] {
        var names: [String] = []
        var previous = ""
        for word in statement.words {
            if previous == "table" { names.append(word.text) }
            if previous == "track", let slash = word.text.firstIndex(of: "/") {
                names.append(String(word.text[..<slash]))
            }
            if word.text.utf8.contains(UInt8(ascii: "(")) {
                names += word.text.split { "(),/ ".contains($0) }.dropFirst().map(String.init)
            }
            previous = word.text
        }
        return names
    }

    // MARK: Addresses

    private mutating func checkBinds() {
        var names: [(name: String, word: Word)] = []
        for section in openings(["frontend", "listen"]) {
            for bind in statements(in: section) where bind.keyword == "bind" {
                // Such binds share an address on purpose.
                let apart: Set<String> = ["interface", "namespace", "process", "thread", "shards"]
                guard !bind.arguments.contains(where: { apart.contains($0.text) }) else { continue }
                guard let word = bind.arguments.first else { continue }
                for address in word.text.split(separator: ",") { names.append((Self.address(address), word)) }
            }
        }
        addOverlaps(names)
    }

    /// `:80`, `*:80`, `0.0.0.0:80` and `ipv4@:80` are one address.
    private static func address(_ text: Substring) -> String {
        var text = text
        for scheme in ["ipv4@", "tcp@", "tcp4@"] where text.hasPrefix(scheme) { text = text.dropFirst(scheme.count) }
        for host in ["*:", "0.0.0.0:"] where text.hasPrefix(host) { return ":" + text.dropFirst(host.count) }
        return String(text)
    }
}
