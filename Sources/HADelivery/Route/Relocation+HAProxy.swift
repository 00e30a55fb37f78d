import HATemplate

// HAProxy: every `bind` becomes a socket that takes the PROXY protocol, every server the stub in the same file. Rules
// write their line into a variable when they apply, and the log tells it.
extension Relocation {
    /// The moved configuration for HAProxy.
    static func haproxy(_ text: ConfigurationText) -> Relocation {
        var mover = HAProxyMover(text)
        return mover.moved()
    }
}

private struct HAProxyMover {
    private let text: ConfigurationText
    private var result: Relocation
    /// What is around the line.
    private var section = ""
    private var isDropped = false

    init(_ text: ConfigurationText) {
        self.text = text
        result = Relocation(of: text)
    }

    mutating func moved() -> Relocation {
        var statements: [Int: ConfigurationText.Statement] = [:]
        for statement in text.statements { statements[statement.line] = statement }
        for line in 1...max(text.lineStarts.count, 1) {
            if let statement = statements[line] {
                move(statement)
            } else {
                result.add(text.range(ofLine: line).map(text.text) ?? "", from: line)
            }
        }
        for line in [
            "", "defaults", "    timeout connect 5s", "    timeout client 30s", "    timeout server 30s",
        ] { result.add(line) }
        for (number, entrance) in result.entrances.enumerated() where entrance.isTLS { addHop(number, entrance) }
        addStub()
        return result
    }

    // MARK: Sections

    private mutating func move(_ statement: ConfigurationText.Statement) {
        let line = statement.line
        if statement.parent == nil, statement.isOpening { return open(statement) }
        guard !isDropped else { return result.add("", from: line) }
        switch section {
        case "global": moveGlobal(statement)
        case "defaults", "frontend", "listen", "backend": moveProxyLine(statement)
        default: keep(statement)
        }
    }

    private mutating func open(_ statement: ConfigurationText.Statement) {
        let line = statement.line
        section = statement.keyword
        isDropped = Self.droppedSections.contains(section)
        guard !isDropped else {
            if Self.notedSections.contains(section) { result.note("the section '\(section)' is left out", at: line) }
            return result.add("", from: line)
        }
        keep(statement)
        switch section {
        case "global":
            result.add("    maxconn 1000", from: line)
            result.add("    nbthread 1", from: line)
        case "frontend", "listen":
            result.add("    log stdout len 8192 format raw local0", from: line)
            result.add("    log-format \"\(RouteLog.haproxyFormat)\"", from: line)
            result.add("    error-log-format \"\(RouteLog.haproxyErrorFormat)\"", from: line)
        default: break
        }
    }

    private static let droppedSections: Set<String> = [
        "program", "ring", "log-forward", "log-profile", "mailers", "resolvers", "peers", "fcgi-app", "crt-store",
        "traces",
        "acme",
    ]
    private static let notedSections: Set<String> = ["program", "fcgi-app"]

    // MARK: Lines

    private mutating func moveGlobal(_ statement: ConfigurationText.Statement) {
        let keyword = statement.keyword
        let isDropped =
            Self.droppedGlobals.contains(keyword) || keyword.hasPrefix("ssl-load-extra")
            || keyword.hasPrefix("tune.vars.")
            || keyword.hasPrefix("master-worker") || keyword.hasPrefix("mworker")
        isDropped ? result.add("", from: statement.line) : keep(statement)
    }

    private static let droppedGlobals: Set<String> = [
        "user", "group", "uid", "gid", "chroot", "daemon", "pidfile", "stats", "log", "nbthread", "nbproc",
        "thread-groups",
        "thread-group", "cpu-map", "cpu-policy", "maxconn", "maxsslconn", "ulimit-n", "fd-hard-limit",
        "log-send-hostname",
        "log-tag", "localpeer", "ssl-dh-param-file", "server-state-file", "server-state-base", "hard-stop-after",
        "external-check", "unix-bind", "node", "crt-base", "ca-base", "key-base", "insecure-fork-wanted",
        "insecure-setuid-wanted", "set-dumpable", "grace", "close-spread-time", "profiling.tasks", "quiet",
    ]

    private mutating func moveProxyLine(_ statement: ConfigurationText.Statement) {
        let line = statement.line
        switch statement.keyword {
        case "log", "log-format", "log-format-sd", "error-log-format", "log-tag", "log-steps", "http-check",
            "tcp-check",
            "email-alert", "external-check", "source", "load-server-state-from-file", "no", "use-fcgi-app", "monitor":
            result.add("", from: line)
        case "option" where Self.droppedOptions.contains(statement.arguments.first?.text ?? ""):
            result.add("", from: line)
        case "filter" where statement.arguments.first?.text == "spoe":
            result.note("the filter 'spoe' is left out", at: line)
            result.add("", from: line)
        case "bind": moveBind(statement)
        case "server": moveServer(statement, name: statement.arguments.first.map { [raw($0)] } ?? [], skipping: 2)
        case "server-template": moveTemplate(statement)
        case "default-server":
            let kept = serverOptions(statement.arguments)
            result.add(kept.isEmpty ? "" : "    default-server " + kept.joined(separator: " "), from: line)
        case "dispatch": result.add("    server dispatch unix@\(Relocation.stub)", from: line)
        case "stick-table":
            result.add("    " + without(["peers": 1], statement.words).joined(separator: " "), from: line)
        default: moveRule(statement)
        }
    }

    private static let droppedOptions: Set<String> = [
        "httplog", "tcplog", "httpslog", "dontlognull", "dontlog-normal", "logasap", "log-separate-errors",
        "log-health-checks", "httpchk", "external-check", "ssl-hello-chk", "tcp-check", "smtpchk", "mysql-check",
        "pgsql-check", "redis-check", "ldap-check", "spop-check",
    ]

    private mutating func keep(_ statement: ConfigurationText.Statement) {
        result.add(text.range(ofLine: statement.line).map(text.text) ?? "", from: statement.line)
    }

    /// A word as it stands in the text, with its quotes.
    private func raw(_ word: ConfigurationText.Word) -> String { text.text(word.range) }

    /// The words without some, and without so many after each.
    private func without(_ dropped: [String: Int], _ words: some Collection<ConfigurationText.Word>) -> [String] {
        var kept: [String] = []
        var skipped = 0
        for word in words {
            if skipped > 0 {
                skipped -= 1
            } else if let count = dropped[word.text], !word.isQuoted {
                skipped = count
            } else {
                kept.append(raw(word))
            }
        }
        return kept
    }

    // MARK: Listeners

    private mutating func moveBind(_ statement: ConfigurationText.Statement) {
        guard let addresses = statement.arguments.first?.text else { return result.add("", from: statement.line) }
        let options = statement.arguments.dropFirst()
        let isTLS = options.contains { $0.text == "ssl" && !$0.isQuoted }
        let kept = without(Self.droppedBindOptions, options)
        var hasMoved = false
        for part in addresses.split(separator: ",") {
            if ["quic", "fd@", "sockpair@"].contains(where: part.hasPrefix) {
                result.note("'\(part)' cannot be moved, so nothing answers there", at: statement.line)
                continue
            }
            let socket = "b\(result.entrances.count)"
            let words =
                ["bind", "unix@\(socket)", "accept-proxy"] + kept + (isTLS ? ["crt", Relocation.certificate] : [])
            result.add("    " + words.joined(separator: " "), from: statement.line)
            result.add(
                Relocation.Entrance(
                    address: ListenAddress(String(part)), socket: socket, isTLS: isTLS, line: statement.line))
            hasMoved = true
        }
        if !hasMoved { result.add("", from: statement.line) }
    }

    /// Options of `bind` that mean nothing for a socket of a file, with how many words follow each.
    private static let droppedBindOptions: [String: Int] = [
        "v4v6": 0, "v6only": 0, "transparent": 0, "tfo": 0, "defer-accept": 0, "interface": 1, "namespace": 1, "mss": 1,
        "process": 1, "thread": 1, "tcp-ut": 1, "tcp-md5sig": 1, "mode": 1, "user": 1, "group": 1, "uid": 1, "gid": 1,
        "level": 1,
        "severity-output": 1, "expose-fd": 2, "accept-proxy": 0, "accept-netscaler-cip": 1, "backlog": 1,
        "strict-sni": 0,
        "shards": 1, "generate-certificates": 0, "ca-sign-file": 1, "ca-sign-pass": 1, "crt": 1, "crt-list": 1,
        "allow-0rtt": 0, "ca-file": 1, "ca-verify-file": 1, "crl-file": 1, "verify": 1, "crt-ignore-err": 1,
        "ca-ignore-err": 1, "default-crt": 1, "nice": 1, "id": 1, "name": 1, "no-ca-names": 0,
    ]

    // MARK: Servers

    private mutating func moveServer(_ statement: ConfigurationText.Statement, name: [String], skipping count: Int) {
        let words =
            ["server"] + name + ["unix@\(Relocation.stub)"] + serverOptions(statement.arguments.dropFirst(count))
        result.add("    " + words.joined(separator: " "), from: statement.line)
    }

    private mutating func moveTemplate(_ statement: ConfigurationText.Statement) {
        let words = Array(statement.arguments)
        guard words.count >= 2 else { return result.add("", from: statement.line) }
        let bounds = words[1].text.split(separator: "-").compactMap { Int($0) }
        let (low, high) = bounds.count == 2 ? (bounds[0], bounds[1]) : (1, bounds.first ?? 0)
        guard low <= high, high - low < 1_000 else { return result.add("", from: statement.line) }
        for number in low...high { moveServer(statement, name: [words[0].text + "\(number)"], skipping: 3) }
    }

    /// The options that decide which server gets a request.
    private func serverOptions(_ words: ArraySlice<ConfigurationText.Word>) -> [String] {
        var kept: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            guard let count = Self.keptServerOptions[word.text] else { continue }
            kept.append(raw(word))
            for _ in 0..<count { if let value = rest.popFirst() { kept.append(raw(value)) } }
        }
        return kept
    }

    private static let keptServerOptions: [String: Int] = [
        "weight": 1, "cookie": 1, "id": 1, "maxconn": 1, "minconn": 1, "maxqueue": 1, "slowstart": 1, "backup": 0,
        "disabled": 0, "enabled": 0, "redir": 1, "non-stick": 0,
    ]

    // MARK: Rules

    private mutating func moveRule(_ statement: ConfigurationText.Statement) {
        var words = statement.words.map(raw)
        let texts = statement.words.map(\.text)
        switch (texts[0], texts.count > 1 ? texts[1] : "") {
        case ("tcp-request", "connection"):
            // These run before the client's address is known to a socket.
            guard texts.count > 2, texts[2] != "expect-proxy" else { return result.add("", from: statement.line) }
            words[1] = "session"
            result.add("    " + marked(words, statement, "sess").joined(separator: " "), from: statement.line)
        case ("tcp-request", "session"):
            result.add("    " + marked(words, statement, "sess").joined(separator: " "), from: statement.line)
        case ("http-request", _) where texts.count > 1 && texts[1].hasPrefix("do-resolve"):
            result.note("names are not looked up: this rule is left out", at: statement.line)
            result.add("", from: statement.line)
        case ("use_backend", _), ("use-server", _), ("redirect", _), ("http-request", _), ("http-response", _),
            ("http-after-response", _), ("stick", _), ("tcp-request", "content"), ("tcp-response", "content"):
            if let level = texts.firstIndex(of: "set-log-level"), words.indices.contains(level + 1) {
                words[level + 1] = "info"
            }
            result.add("    " + marked(words, statement, "txn").joined(separator: " "), from: statement.line)
        default: keep(statement)
        }
    }

    /// The words of a rule with a last condition that always holds and writes the rule's line into a variable. HAProxy asks
    /// conditions from left to right, so it is reached exactly when the rule applies.
    private func marked(_ words: [String], _ statement: ConfigurationText.Statement, _ scope: String) -> [String] {
        let mark = "{ var(\(scope).hg,r),concat(.\(statement.line)),set-var(\(scope).hg) -m found }"
        let start = statement.words.indices.dropFirst().first { index in
            ["if", "unless"].contains(statement.words[index].text) && !statement.words[index].isQuoted
        }
        guard let start else { return words + ["if", mark] }
        if statement.words[start].text == "unless" { return words + ["or", "!" + mark] }
        var result = Array(words[...start])
        var depth = 0
        for (index, word) in statement.words.enumerated().dropFirst(start + 1) {
            if !word.isQuoted, word.text == "{" || word.text == "!{" { depth += 1 }
            if !word.isQuoted, word.text == "}" { depth -= 1 }
            if depth == 0, !word.isQuoted, word.text == "or" || word.text == "||" { result.append(mark) }
            result.append(words[index])
        }
        return result + [mark]
    }

    // MARK: Our own sections

    /// Sockets are opened in the order of the text: when this one is there, all are.
    private mutating func addStub() {
        for line in [
            "", "frontend haproxy-gen-stub", "    mode http", "    bind unix@\(Relocation.stub)",
            "    http-request return status 200 content-type text/plain string stub",
        ] { result.add(line) }
    }

    /// HAProxy is its own client for TLS, so that we speak plain HTTP.
    private mutating func addHop(_ number: Int, _ entrance: Relocation.Entrance) {
        for line in [
            "", "listen haproxy-gen-hop-\(number)", "    mode tcp", "    bind unix@\(entrance.socket).t accept-proxy",
            "    retries 0",
            "    server s unix@\(entrance.socket) ssl verify none sni fc_pp_authority no-ssl-reuse send-proxy-v2",
        ] { result.add(line) }
    }
}
