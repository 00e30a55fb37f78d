import HATemplate

extension ConfigurationScan {
    typealias Word = ConfigurationText.Word
    typealias Statement = ConfigurationText.Statement

    mutating func scanHAProxy(_ source: Source) {
        for statement in source.text.statements + source.text.conditions { scan(statement, source) }
    }

    private mutating func scan(_ whole: Statement, _ source: Source) {
        var statement = whole
        if whole.words.count > 1, ["no", "default"].contains(whole.keyword) {
            statement = Statement(
                words: Array(whole.words.dropFirst()), line: whole.line, parent: whole.parent,
                isOpening: whole.isOpening)
        }
        guard let first = statement.words.first else { return }
        let name = Self.shown(statement.keyword)
        guard first.isCertain, whole.words[0].isCertain else {
            return refuse(
                "the directive '\(name)' depends on what cannot be known before the proxy reads it", statement, source)
        }
        let directives = HAProxyGrammar.grammar.directives(named: statement.keyword)
        if statement.keyword == "program" {
            return refuse("'program' makes the proxy run a program", statement, source)
        }
        guard !directives.isEmpty else {
            return refuseUnknown(
                "the directive '\(name)' is not known, so nobody can say what checking it does", statement, source,
                first.range)
        }
        let effect = directives.map(\.effect).max() ?? .harmless
        let section = statement.parent.map { source.text.statements[$0].keyword } ?? ""
        let meant = HAProxyGrammar.grammar.directive(statement.keyword, in: section).map { [$0] } ?? directives
        if let word = uncertain(in: statement, meant, effect) {
            return refuse(
                "a word of '\(name)' depends on what cannot be known before the proxy reads it", statement, source,
                at: word.range)
        }
        for directive in directives { scan(statement, directive, source) }
        scanWords(statement, source)
    }

    /// Directives whose text is a number, a time or a name.
    private static let inert: Set<String> = [
        "setenv", "presetenv", "timeout", "maxconn", "backlog", "retries", "description", "log-tag", "monitor-uri",
    ]

    /// A word that cannot be known, where it may name a file: `-f` and converters stand in formats, conditions and more.
    private func uncertain(
        in statement: Statement, _ directives: [Grammar.Directive], _ effect: ArgumentKind.Effect
    ) -> Word? {
        if statement.keyword.hasPrefix(".") { return nil }
        let isInert = Self.inert.contains(statement.keyword)
        return statement.arguments.enumerated().first { index, word in
            guard !word.isCertain else { return false }
            return effect > .harmless
                || !directives.allSatisfy { directive in
                    guard let kind = directive.kind(at: index) else { return false }
                    return kind.holdsNoFile || (isInert && kind == .text)
                }
        }?.element
    }

    private mutating func scan(_ statement: Statement, _ directive: Grammar.Directive, _ source: Source) {
        let arguments = Array(statement.arguments)
        if let name = arguments.first, directive.kinds.first == .environment, statement.keyword.hasSuffix("setenv"),
            LibraryVariable.isKnown(name.text, value: arguments.dropFirst().first?.text ?? "")
        {
            return refuse(
                "'\(Self.shown(statement.keyword)) \(Self.shown(name.text))' lets libraries read or load other files",
                statement, source, at: name.range)
        }
        if directive.kinds == [.code] || directive.kinds == [.library] {
            let does = directive.kinds == [.code] ? "runs code" : "loads a library"
            return refuse(
                "'\(Self.shown(statement.keyword))' \(does) when the configuration is checked", statement, source)
        }
        for (index, word) in arguments.enumerated() {
            guard let kind = directive.kind(at: index) else { return }
            switch kind {
            case .bindOption: return scanOptions(arguments[index...], HAProxyGrammar.bindOptions, statement, source)
            case .serverOption: return scanOptions(arguments[index...], HAProxyGrammar.serverOptions, statement, source)
            case .action: return scanAction(arguments[index...], statement, source)
            case .option: return require(HAProxyGrammar.options, word, statement, source)
            case .filter: return scanFilter(arguments, statement, source)
            case .text, .number, .flag, .time, .size, .word, .name, .backend, .server, .upstream, .address, .url,
                .location, .regex, .variable, .format, .sample, .condition, .pattern, .algorithm, .served, .page,
                .environment:
                break
            case .file, .include: read(word.text, .text, statement, source, at: word.range)
            case .base: scanBase(word, statement, source)
            case .certificate, .key, .certificateList, .namespace: scanFile(kind, word, statement, source)
            case .output, .log, .store:
                create(word, isFolder: kind == .store, statement, source)
            case .openSSL, .library, .code, .foreign:
                refuse(
                    "'\(Self.shown(statement.keyword))' may run code when the configuration is checked", statement,
                    source)
            }
        }
    }

    /// `default-path origin /x`, `crt-base /x`.
    private mutating func scanBase(_ word: Word, _ statement: Statement, _ source: Source) {
        guard statement.keyword != "default-path" else {
            guard ["current", "config"].contains(word.text) else {
                return refuse(
                    "'default-path \(Self.shown(word.text))' lets relative paths leave the output's folder", statement,
                    source)
            }
            return
        }
        let use: ScannedPath.Use = statement.keyword == "server-state-base" ? .text : .certificate
        read(word.text, use, statement, source, at: word.range)
        if let base = paths.absolute(word.text) { bases.append(base) }
    }

    private mutating func scanFile(_ kind: ArgumentKind, _ word: Word, _ statement: Statement, _ source: Source) {
        let path = word.text
        if kind == .namespace {
            guard path.contains("/") || path.hasPrefix(".") else { return }
            return refuse(
                "'namespace \(Self.shown(path))' reads a file outside the system's namespaces", statement, source,
                at: word.range)
        }
        // These are no files: the system's certificates, one of a `crt-store`.
        if path.hasPrefix("@") { return }
        guard !Self.namesEngine(path) else {
            return refuse(
                "'\(Self.shown(path))' loads a library when the configuration is checked", statement, source,
                at: word.range)
        }
        read(path, kind == .certificateList ? .text : .certificate, statement, source, at: word.range)
        // What HAProxy looks for beside a certificate: src/ssl_ckch.c, ssl_sock_load_files_into_ckch.
        if kind == .certificate {
            let names = path.hasSuffix(".crt") ? [path, String(path.dropLast(4))] : [path]
            for ending in [".key", ".ocsp", ".issuer", ".sctl", ".rsa", ".ecdsa", ".dsa"] {
                for name in names { readBeside(name + ending, statement, source, at: word.range) }
            }
        }
        guard kind == .certificateList, let absolute = paths.absolute(path),
            let bytes = follow(absolute, statement, source)
        else { return }
        scanCertificateList(bytes, absolute, statement, source)
    }

    /// A line names a certificate, options between brackets, and names of servers.
    private mutating func scanCertificateList(
        _ bytes: [UInt8], _ path: String, _ statement: Statement, _ source: Source
    ) {
        let inner = Source(text: source.text, range: source.place(statement.range), path: path)
        for line in CertificateList.lines(of: bytes) {
            guard let first = line.statement.words.first else { continue }
            scanFile(.certificate, first, line.statement, inner)
            scanOptions(line.options, HAProxyGrammar.bindOptions, line.statement, inner)
        }
    }

    /// Words after the address of a `bind` or `server`: each is known, or refused.
    private mutating func scanOptions(
        _ words: ArraySlice<Word>, _ options: Grammar, _ statement: Statement, _ source: Source
    ) {
        var rest = words
        while let word = rest.popFirst() {
            guard let option = options.directives(named: word.text).first else {
                return refuseUnknown(
                    "'\(Self.shown(word.text))' is not a known option of '\(Self.shown(statement.keyword))', so nobody can say what checking it does",
                    statement, source, word.range)
            }
            guard let kind = option.kinds.first else { continue }
            guard let value = rest.popFirst() else { return }
            scanOption(kind, value, statement, source)
            // What one version reads as a value, another may read as an option.
            if let hidden = options.directives(named: value.text).first?.kinds.first, let next = rest.first {
                scanOption(hidden, next, statement, source)
            }
        }
    }

    private mutating func scanOption(_ kind: ArgumentKind, _ value: Word, _ statement: Statement, _ source: Source) {
        if kind.effect > .harmless { scanFile(kind, value, statement, source) }
    }

    // MARK: Rules

    private mutating func require(_ grammar: Grammar, _ word: Word, _ statement: Statement, _ source: Source) {
        let name = "\(Self.shown(statement.keyword)) \(Self.shown(word.text))"
        guard let found = grammar.directives(named: word.text).first else {
            return refuseUnknown(
                "'\(name)' is not known, so nobody can say what checking it does", statement, source, word.range)
        }
        if found.effect == .runsCode { refuse("'\(name)' lets the configuration run a program", statement, source) }
    }

    private mutating func scanFilter(_ words: [Word], _ statement: Statement, _ source: Source) {
        guard let first = words.first else { return }
        require(HAProxyGrammar.filters, first, statement, source)
        guard let index = words.firstIndex(where: { $0.text == "config" }), index + 1 < words.count else { return }
        let word = words[index + 1]
        read(word.text, .text, statement, source, at: word.range)
        guard let path = paths.absolute(word.text), let bytes = follow(path, statement, source) else { return }
        let text = ConfigurationText(bytes, dialect: .haproxy)
        for text in keepsEnvironment ? Self.variants(of: text, environment) : [text] {
            let inner = Source(text: text, range: source.place(statement.range), path: path)
            for line in inner.text.statements {
                if let word = line.words.first(where: { !$0.isCertain }) {
                    refuse(
                        "a word of '\(Self.shown(line.keyword))' depends on what cannot be known before the proxy reads it",
                        line, inner, at: word.range)
                }
                scanWords(line, inner)
            }
        }
    }

    private mutating func scanAction(_ words: ArraySlice<Word>, _ statement: Statement, _ source: Source) {
        var rest = words
        let levels: Set<String> = ["content", "connection", "session"]
        if statement.keyword.hasPrefix("tcp-"), let first = rest.first, levels.contains(first.text) {
            rest = rest.dropFirst()
        }
        guard let action = rest.first else { return }
        require(HAProxyGrammar.actions, action, statement, source)
        if HAProxyGrammar.actions.directives(named: action.text).first?.kinds == [.file] {
            let name = action.text.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" && $0 != "," }
            read(String(name), .text, statement, source, at: action.range)
        }
        if action.text == "use-service", let service = rest.dropFirst().first, service.text != "prometheus-exporter" {
            refuse("'use-service \(Self.shown(service.text))' runs code that is not known", statement, source)
        }
        let writesText = ["set-", "add-", "replace-", "del-"].contains { action.text.hasPrefix($0) }
        guard !writesText else { return }
        for (word, value) in zip(rest, rest.dropFirst()) where ["file", "lf-file", "errorfile"].contains(word.text) {
            read(value.text, .text, statement, source, at: value.range)
        }
    }

    // MARK: Any word

    /// Files of patterns (`-f FILE`) and of maps (`map_beg(FILE)`), wherever they stand.
    private mutating func scanWords(_ statement: Statement, _ source: Source) {
        for (flag, value) in zip(statement.words, statement.words.dropFirst()) where flag.text == "-f" {
            var path = value.text
            if path.hasPrefix("virt@") { continue }
            for kind in ["opt@", "file@"] where path.hasPrefix(kind) { path.removeFirst(kind.count) }
            read(path, .text, statement, source, at: value.range)
        }
        for word in statement.words where word.text.utf8.contains(UInt8(ascii: "(")) {
            for (path, use) in Self.files(in: word.text) {
                guard let path else {
                    refuse(
                        "the file of a converter in '\(Self.shown(word.text))' cannot be read for certain", statement,
                        source, at: word.range)
                    continue
                }
                read(path, use, statement, source, at: word.range)
            }
        }
    }

    /// The files that converters name in a word: `map…(FILE)`, `jwt_verify(ALGORITHM,KEY)`. nil stands for one that cannot
    /// be decoded.
    static func files(in word: String) -> [(path: String?, use: ScannedPath.Use)] {
        var found: [(path: String?, use: ScannedPath.Use)] = []
        var rest = Array(word.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "(")) {
            let before = rest[..<open].reversed().prefix { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
            let name = String(decoding: before.reversed(), as: UTF8.self).lowercased()
            rest = rest[(open + 1)...]
            let end = rest.firstIndex(of: UInt8(ascii: ")")) ?? rest.endIndex
            let arguments = rest[..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map { String(String(decoding: $0, as: UTF8.self).drop { $0 == " " }) }
            if name == "map" || name.hasPrefix("map_") {
                let path = arguments.first ?? ""
                found.append((isPlain(path) ? (path.hasPrefix("virt@") ? "virt" : path) : nil, .text))
            } else if name.hasPrefix("jwt_verify"), let key = keyFile(arguments) {
                found.append((isPlain(key) ? key : nil, .certificate))
            }
        }
        return found
    }

    private static func isPlain(_ path: String) -> Bool { !path.contains { "'\"\\".contains($0) } }

    /// The file with the public key; nil where a secret or a variable holds it, which no check opens.
    private static func keyFile(_ arguments: [String]) -> String? {
        guard let key = arguments.count > 1 ? arguments[1] : nil else { return arguments.first }
        let algorithm = arguments[0].uppercased()
        let scopes = ["proc.", "sess.", "txn.", "req.", "res.", "check."]
        let isSecret = ["HS256", "HS384", "HS512", "NONE"].contains(algorithm)
        return isSecret || scopes.contains(where: key.hasPrefix) ? nil : key
    }

    /// Whether a private key is named by a library that holds it.
    static func namesEngine(_ path: String) -> Bool {
        let lower = path.lowercased()
        return ["engine:", "store:", "pkcs11:", "provider:"].contains { lower.hasPrefix($0) }
    }
}

extension ArgumentKind {
    /// Whether a text of the kind can name no file, whatever it is.
    fileprivate var holdsNoFile: Bool {
        switch self {
        case .number, .time, .size, .flag, .word, .name, .address, .upstream, .regex, .served, .page:
            true
        case .backend, .server, .url, .location, .algorithm, .text, .variable, .format, .sample, .condition, .pattern,
            .action, .bindOption, .serverOption, .option,
            .filter, .file, .certificate, .key, .certificateList, .include, .base, .openSSL, .namespace, .environment,
            .output, .log, .store, .library, .code, .foreign:
            false
        }
    }
}
