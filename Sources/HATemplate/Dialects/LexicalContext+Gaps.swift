// Arguments that loops, branches, and templates write or not.
extension LexicalContext {
    /// Whether an argument may be needed here, where a statement writes all there is of it. `next` is what follows the
    /// statement.
    func mayNeedPieces(before next: Following) -> Bool {
        guard argument > 0, directive != .unknown else { return false }
        if quoting != .none {
            return dialect.endsAtEmptyArgument && next.kind == .quote && flags.contains(.begins) && !rule.isText
        }
        guard state == .gap else { return false }
        switch next.stop {
        case .nothing: return false
        case .braces: return flags.isSuperset(of: [.condition, .braces, .values])
        case .word: return isPositional || isValueOfKeyword
        case .directive, .template: return mayNeedLast
        }
    }

    private var mayNeedLast: Bool {
        switch dialect {
        case .haproxy:
            if flags.contains(.condition) { return !flags.contains(.braces) || flags.contains(.values) }
            return argument == 1 || isPositional || isValueOfKeyword || directive == .acl
        case .nginx: return argument == 1 || isPositional
        case .plain: return false
        }
    }

    /// Whether what an argument is for depends on its number, so that the next one would be read in its place.
    private var isPositional: Bool {
        switch (directive, argument) {
        case _ where flags.contains(.condition) && !flags.contains(.braces): false
        case _ where flags.contains(.condition): !flags.contains(.values)
        case (.server, 1...2), (.secondAddress, 1...2), (.serverTemplate, 1...3), (.acl, 1...2), (.backendName, 1),
            (.address, 1), (.rule, 1), (.ruleNameFormat, 2...3), (.ruleFormat, 2), (.ruleRegexFormat, 2...3),
            (.ruleNameRegexFormat, 2...4), (.variable, 1), (.section, 1), (.sampling, 1), (.other, 1), (.logFormat, 1):
            true
        case (.pair, 1...2), (.rewrite, 1), (.listen, 1), (.file, 1), (.page, 1), (.key, 1), (.environment, 1...2),
            (.upstream, 1):
            true
        default: false
        }
    }

    /// HAProxy: whether the word before asks for a value.
    private var isValueOfKeyword: Bool {
        guard dialect.hasKeywords, !flags.contains(.condition) else { return false }
        return directive == .address || !flags.isDisjoint(with: [.format, .plainText, .setting, .sample, .file])
    }

    /// Whether one is needed after the words of the directive before it, so that without it the directive would mean
    /// something else. A directive that can do without is no mistake.
    func needsPieces(before next: Following, after words: [[UInt8]]) -> Bool {
        var words = words
        if quoting != .none {
            // The quote stands alone where nothing of the argument stands before it.
            guard let quote = words.popLast(), quote.count == 1 else { return false }
            return needsArgument(after: words)
        }
        guard let first = words.first.map({ String(decoding: $0, as: UTF8.self) }), let last = words.last else {
            return false
        }
        switch dialect {
        case .haproxy: return haproxyNeedsPieces(before: next, first, last, words)
        case .nginx: return nginxNeedsPieces(before: next, first, words.count)
        case .plain: return false
        }
    }

    private func haproxyNeedsPieces(
        before next: Following, _ first: String, _ last: [UInt8], _ words: [[UInt8]]
    ) -> Bool {
        if flags.contains(.condition) {
            guard flags.contains(.braces) else { return last == Array("if".utf8) || last == Array("unless".utf8) }
            guard let open = words.lastIndex(where: Self.opensBraces) else { return false }
            if !flags.contains(.values) { return open == words.endIndex - 1 }
            return lacksComparison(words[(open + 1)...])
        }
        if isValueOfKeyword, Words.takesValue(last) {
            return directive != .address || Self.lacksSetting(words.dropFirst(2))
        }
        if directive == .acl, words.count > 2 { return lacksComparison(words.dropFirst(2)) }
        if words.count == 2, Self.ofTwo.contains(first) { return true }
        guard words.count == Int(argument) else { return false }
        if argument > 1 { return isPositional }
        if directive == .other || directive == .sampling {
            return next.stop == .word ? Self.onePlace.contains(first) : !Self.standsAlone(first)
        }
        return !Self.standsAlone(first)
    }

    /// HAProxy: whether a sample has no value to compare with and is one that wants some. What is true or false needs none.
    private func lacksComparison(_ words: ArraySlice<[UInt8]>) -> Bool {
        guard Self.lacksValue(words), let sample = words.first else { return false }
        return flags.contains(.textual) || Words.isNumber(sample)
    }

    private func nginxNeedsPieces(before next: Following, _ first: String, _ count: Int) -> Bool {
        guard count == Int(argument) else { return false }
        let isKey = blocks > 3 && blocks & 3 != 0
        if isKey { return next.stop != .word }
        if directive == .pair { return true }
        guard argument == 1 else { return false }
        if next.stop == .word { return directive == .other ? first == "return" : isPositional }
        return !Self.aloneInNginx.contains(first) && dialect.grammar?.directives(named: first).isEmpty == false
    }

    static func opensBraces(_ word: [UInt8]) -> Bool { word == Array("{".utf8) || word == Array("!{".utf8) }

    /// HAProxy: directives of many words whose first is no list.
    private static let onePlace: Set<String> = [
        "balance", "option", "mode", "timeout", "cookie", "monitor-uri", "compression", "filter", "errorloc",
        "hash-type",
    ]

    /// HAProxy: directives of a name and a value.
    private static let ofTwo: Set<String> = [
        "timeout", "errorfile", "errorloc", "errorloc302", "errorloc303", "rate-limit",
    ]

    /// HAProxy: whether a directive means something without arguments. Asked of HAProxy 2.6, directive by directive.
    private static func standsAlone(_ name: String) -> Bool {
        alone.contains(name)
            || HAProxyGrammar.grammar.directives(named: name).contains { $0.kinds.first == .flag }
    }

    private static let alone: Set<String> = [
        "defaults", "global", "log-send-hostname", "numa-cpu-mapping", "set-dumpable", "ssl-load-extra-del-ext",
        "unix-bind",
        "resetenv", "external-check", "insecure-fork-wanted", "disabled", "enabled", "default-server", "transparent",
        "server-state-file-name", "default-bind", "parse-resolv-conf", "mworker-max-reloads", "total-max-size",
        "max-object-size", "max-age", "max-secondary-entries", "process-vary", "traces", "stats",
        "load-server-state-from-file",
        ".else", ".endif",
    ]

    /// nginx: directives without arguments.
    private static let aloneInNginx: Set<String> = [
        "ip_hash", "least_conn", "random", "internal", "break", "hostnames", "volatile", "stub_status", "empty_gif",
        "flv",
        "mp4", "health_check", "server", "events", "http", "stream", "mail", "types",
    ]
}
