// Where an argument is needed.
extension LexicalContext {
    /// Whether an argument is needed here, so that another one, or none, would be read in the place of an empty one. `words`
    /// are those of the directive before it.
    func needsArgument(after words: [[UInt8]]) -> Bool {
        guard state == .gap || quoting != .none, argument > 0 else { return false }
        switch dialect {
        case .haproxy: return haproxyNeedsArgument(after: words)
        case .nginx: return nginxNeedsArgument(after: words)
        case .plain: return false
        }
    }

    private func haproxyNeedsArgument(after words: [[UInt8]]) -> Bool {
        let last = words.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if flags.contains(.condition) {
            if ["if", "unless"].contains(last) { return true }
            guard flags.contains(.braces) else { return false }
            // The sample, or its first value.
            let open = words.lastIndex(where: Self.opensBraces) ?? words.endIndex - 1
            return Self.lacksValue(words[(open + 1)...])
        }
        if !flags.isDisjoint(with: [.format, .plainText, .setting, .sample]) { return true }
        if argument == 1 { return words.first != Array("defaults".utf8) }
        switch directive {
        case .server, .secondAddress: return argument == 2
        case .serverTemplate: return argument < 4
        case .acl: return Self.lacksValue(words.dropFirst(2))
        case .address: return words.first == Array("bind".utf8) && Self.lacksSetting(words.dropFirst(2))
        case .ruleFormat, .variable: return words.count < 3
        case .ruleNameFormat, .ruleRegexFormat: return words.count < 4
        case .ruleNameRegexFormat: return words.count < 5
        case .other, .unknown, .program, .file, .section, .backendName, .rule, .ruleOther, .logFormat, .sampling, .pair,
            .page, .url, .environment,
            .location, .upstream, .listen, .rewrite, .mapBlock, .geoBlock, .foreignBlock, .foreignText, .key:
            return false
        }
    }

    /// HAProxy: whether a sample and its flags are still without a value to compare with.
    static func lacksValue(_ words: ArraySlice<[UInt8]>) -> Bool {
        var flags = words.dropFirst().map { String(decoding: $0, as: UTF8.self) }[...]
        while let flag = flags.popFirst() {
            switch flag {
            case "-i", "-n", "-M": continue
            case "-m": if flags.popFirst() == "found" { return false }
            case "-u": _ = flags.popFirst()
            case "--": return flags.isEmpty
            // A value, or a file of them.
            default: return false
            }
        }
        return true
    }

    /// HAProxy: whether the last word of a `bind` is a setting whose value is to come.
    static func lacksSetting(_ words: ArraySlice<[UInt8]>) -> Bool {
        var isPending = false
        for word in words {
            isPending = !isPending && Words.bindSettings.contains(WordHash(String(decoding: word, as: UTF8.self)))
        }
        return isPending
    }

    private func nginxNeedsArgument(after words: [[UInt8]]) -> Bool {
        switch directive {
        case .location, .upstream, .listen, .rewrite, .mapBlock, .geoBlock: return argument == 1
        case .pair: return argument < 3 && words.count < 3
        default: return argument == 1 && words.count == 1
        }
    }
}
