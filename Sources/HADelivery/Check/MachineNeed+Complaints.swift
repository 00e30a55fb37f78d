import HATemplate

extension MachineNeed {
    /// What a proxy misses on this machine, by its words: users, groups, and names that DNS does not know. Files are found
    /// without it.
    static func named(by complaint: Complaint, in text: ConfigurationText) -> MachineNeed? {
        guard complaint.severity == .error, let line = complaint.line else { return nil }
        let statements = text.statements(atLine: line)
        for (words, kind) in accounts {
            guard let name = complaint.word(after: words) else { continue }
            return account(name, kind, statements, text)
        }
        guard let host = unknownHost(complaint) else { return nil }
        for statement in statements {
            for word in statement.arguments {
                if let range = text.range(of: host, in: word.range) {
                    return MachineNeed(kind: .name, value: host, range: range, extent: range)
                }
            }
        }
        return nil
    }

    /// The need at each place that names it: an address stands for a name wherever the name stands by itself.
    func everywhere(in text: ConfigurationText) -> [MachineNeed] {
        guard kind == .name else { return [self] }
        return [self]
            + text.statements.flatMap(\.arguments).compactMap { word in
                guard let range = text.range(of: value, in: word.range), isWhole(range, in: word, text) else {
                    return nil
                }
                return MachineNeed(kind: .name, value: value, range: range, extent: range)
            }
    }

    /// The names of all servers of nginx's upstreams, whether DNS knows them or not.
    static func upstreamNames(in text: ConfigurationText) -> [MachineNeed] {
        let statements = text.statements
        return statements.compactMap { statement in
            guard statement.keyword == "server", let parent = statement.parent,
                statements[parent].keyword == "upstream",
                let word = statement.arguments.first, !word.text.hasPrefix("unix:"), !word.text.hasPrefix("[")
            else { return nil }
            let name = String(word.text.prefix { $0 != ":" })
            guard name.contains(where: \.isLetter), let range = text.range(of: name, in: word.range) else { return nil }
            return MachineNeed(kind: .name, value: name, range: range, extent: range)
        }
    }

    /// Whether a name is followed by a port or nothing, and stands at the beginning or after `//`.
    private func isWhole(_ range: Range<Int>, in word: ConfigurationText.Word, _ text: ConfigurationText) -> Bool {
        let next = range.upperBound < word.range.upperBound ? text.bytes[range.upperBound] : UInt8(ascii: ":")
        let previous = range.lowerBound > word.range.lowerBound ? text.bytes[range.lowerBound - 1] : UInt8(ascii: "/")
        // A port, or the path of a URL.
        return (next == UInt8(ascii: ":") || next == UInt8(ascii: "/")) && previous == UInt8(ascii: "/")
            && (range.upperBound < word.range.upperBound || word.text.contains("//"))
    }

    private static let accounts: [(words: String, kind: Kind)] = [
        ("cannot find user id for '", .user), ("cannot find group id for '", .group), ("unknown user name '", .user),
        ("unknown group name '", .group), ("getpwnam(\"", .user), ("getgrnam(\"", .group),
    ]

    private static func account(
        _ name: String, _ kind: Kind, _ statements: [ConfigurationText.Statement], _ text: ConfigurationText
    ) -> MachineNeed? {
        let keyword = kind == .user ? "user" : "group"
        for statement in statements {
            // nginx: `user NAME [GROUP];`. HAProxy: `user NAME`, and `bind … user NAME`.
            guard let word = statement.arguments.last(where: { $0.text == name }) else { continue }
            let isAlone = statement.keyword == keyword || statement.keyword == "user"
            var extent = directive(statement, text)
            if !isAlone, let before = statement.words.last(where: { $0.range.upperBound <= word.range.lowerBound }) {
                guard before.text == keyword else { continue }
                extent = before.range.lowerBound..<word.range.upperBound
            }
            return MachineNeed(kind: kind, value: name, range: word.range, extent: extent)
        }
        return nil
    }

    /// The name in a complaint that DNS does not know it; what is written with digits alone is no name.
    static func unknownHost(_ complaint: Complaint) -> String? {
        let openings = [
            "could not resolve address '", "invalid address: '", "host not found in upstream \"",
            "host not found in resolver \"", "host not found in set_real_ip_from \"",
            "host not found in syslog server \"", "host not found in \"",
        ]
        guard var name = openings.lazy.compactMap(complaint.word(after:)).first else { return nil }
        // nginx names the port, too.
        if let colon = name.lastIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
            name = String(name[..<colon])
        }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        return isName && name.contains(where: \.isLetter) ? name : nil
    }
}

extension Complaint {
    /// The quoted word after some words that end with its opening quote.
    func word(after words: String) -> String? {
        guard let start = message.firstRange(of: words)?.upperBound, let quote = words.last else { return nil }
        guard let end = message[start...].firstIndex(of: quote), end > start else { return nil }
        return String(message[start..<end])
    }
}

extension ConfigurationText {
    /// The statements that have words on a line: nginx names the line where a directive ends.
    func statements(atLine line: Int) -> [Statement] {
        guard let range = range(ofLine: line) else { return [] }
        return statements.filter { $0.range.overlaps(range) }
    }

    /// Where a text first stands in some bytes.
    func range(of text: String, in range: Range<Int>) -> Range<Int>? {
        let sought = Array(text.utf8)
        guard !sought.isEmpty, range.count >= sought.count else { return nil }
        for start in range.lowerBound...(range.upperBound - sought.count)
        where bytes[start..<(start + sought.count)].elementsEqual(sought) {
            return start..<(start + sought.count)
        }
        return nil
    }
}
