import HATemplate

// Names that stand twice where a proxy tells them apart by another rule than their letters.
extension OutputLint {
    private typealias Word = ConfigurationText.Word

    // MARK: HAProxy

    /// The names of servers, those of `server-template` one by one.
    mutating func checkServerNames(of members: [ConfigurationText.Statement]) {
        var names: [(name: String, word: ConfigurationText.Word)] = []
        var made = 0
        for member in members {
            guard let word = member.arguments.first else { continue }
            switch member.keyword {
            case "server": names.append((word.text, word))
            case "server-template":
                let count = member.arguments.dropFirst().first?.text ?? ""
                guard let range = Self.range(count, from: 1), made + range.count <= Self.maximumNames else { continue }
                made += range.count
                names += range.map { ("\(word.text)\($0)", word) }
            default: continue
            }
        }
        addFirstDuplicates(names) { name, _ in "two servers of one section are named '\(name)'" }
    }

    /// Reports the second of two equal names, once for each word: it may stand for several.
    private mutating func addFirstDuplicates(
        _ names: [(name: String, word: ConfigurationText.Word)], _ message: (String, Word) -> String
    ) {
        var seen: [String: Word] = [:]
        var reported: Set<Int> = []
        for (name, word) in names {
            guard let first = seen[name] else {
                seen[name] = word
                continue
            }
            guard first.range != word.range, reported.insert(word.range.lowerBound).inserted else { continue }
            add(.duplicateName, message(name, word), at: word.range, first: first.range)
        }
    }

    /// Names of `server-template` looked at in one section.
    private static let maximumNames = 10_000

    /// `3-5`, or `5` for what begins with `first`; nil for anything else.
    private static func range(_ text: String, from first: Int) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        switch parts.count {
        case 1: return parts[0].flatMap { first <= $0 ? first...$0 : nil }
        case 2:
            guard let low = parts[0], let high = parts[1], low <= high else { return nil }
            return low...high
        default: return nil
        }
    }

    /// Numbers and other marks that no two sections, servers or binds share.
    mutating func checkIds() {
        var ids: [(name: String, word: ConfigurationText.Word)] = []
        for section in openings(["frontend", "backend", "listen"]) {
            let members = statements(in: section)
            ids += members.filter { $0.keyword == "id" }.compactMap { $0.arguments.first }.map { ($0.text, $0) }
            for keyword in ["server", "bind"] {
                let numbered = members.filter { $0.keyword == keyword }.compactMap { Self.value(of: "id", in: $0) }
                addDuplicates(.duplicateName, numbered.map { ($0.text, $0) }) {
                    "two \(keyword)s of one section have the id '\($0)'"
                }
            }
        }
        addDuplicates(.duplicateName, ids) { "two sections have the id '\($0)'" }
        checkMembers(of: "userlist", ["user", "group"], .warning)
        checkMembers(of: "peers", ["peer"], .error)
        checkMembers(of: "resolvers", ["nameserver"], .error)
        checkMembers(of: "mailers", ["mailer"], .warning)
    }

    private mutating func checkMembers(of kind: String, _ keywords: [String], _ severity: Diagnostic.Severity) {
        for section in openings([kind]) {
            let members = statements(in: section)
            for keyword in keywords {
                let words = members.filter { $0.keyword == keyword }.compactMap { $0.arguments.first }
                addDuplicates(.duplicateName, words.map { ($0.text, $0) }, severity: severity) {
                    "two lines '\(keyword)' of one section are named '\($0)'"
                }
            }
        }
    }

    private static func value(of name: String, in statement: ConfigurationText.Statement) -> Word? {
        let words = Array(statement.arguments)
        guard let index = words.dropFirst().firstIndex(where: { $0.text == name }), index + 1 < words.count else {
            return nil
        }
        return words[index + 1]
    }

    /// Addresses of binds, each with one port or a range of them.
    mutating func addOverlaps(_ addresses: [(name: String, word: ConfigurationText.Word)]) {
        var single: [String: Word] = [:]
        var ranges: [String: [(ports: ClosedRange<Int>, word: Word)]] = [:]
        var reported: Set<String> = []
        for (name, word) in addresses {
            let (host, ports) = Self.ports(of: name)
            var first = single[name]
            if first == nil, let ports {
                first = ranges[host]?.first { $0.ports.overlaps(ports) }?.word
                if first == nil, ports.count > 1 {
                    first = ports.lazy.compactMap { single["\(host):\($0)"] }.first
                }
            }
            if let first {
                guard reported.insert("\(word.range.lowerBound)").inserted else { continue }
                add(.duplicateBind, "two binds are on '\(Self.shown(name, word))'", at: word.range, first: first.range)
            } else if let ports, ports.count > 1 {
                ranges[host, default: []].append((ports, word))
            } else {
                single[name] = word
            }
        }
    }

    /// A word that holds one address is shown as it stands.
    private static func shown(_ name: String, _ word: Word) -> String {
        word.text.contains(",") ? name : word.text
    }

    private static func ports(of address: String) -> (host: String, ports: ClosedRange<Int>?) {
        guard let colon = address.lastIndex(of: ":"), !address.hasPrefix("/"), !address.contains("@") else {
            return (address, nil)
        }
        let text = String(address[address.index(after: colon)...])
        let ports = text.contains("-") ? range(text, from: 1) : Int(text).map { $0...$0 }
        return (String(address[..<colon]), ports.flatMap { $0.upperBound <= 65_535 ? $0 : nil })
    }

    // MARK: nginx

    /// The names that one of `server_name` or of a map of names stands for.
    static func meanings(ofName name: String) -> [String] {
        name.hasPrefix(".") ? [String(name.dropFirst()), "*" + name] : [name]
    }

    /// Keys of `map`, which are compared without regard to case; networks of `geo`; extensions of `types`.
    mutating func checkKeys() {
        for block in openings(["map"]) {
            let lines = statements(in: block)
            let isOfNames = lines.contains { $0.keyword == "hostnames" }
            var keys: [(name: String, word: ConfigurationText.Word)] = []
            for line in lines {
                guard let word = line.words.first, line.words.count > 1, word.text != "include" else { continue }
                // Expressions are tried one after the other.
                guard !word.text.hasPrefix("~") else { continue }
                let key = word.text.lowercased()
                keys += (isOfNames ? Self.meanings(ofName: key) : [key]).map { ($0, word) }
            }
            addFirstDuplicates(keys) { name, _ in "this map has the key '\(name)' twice" }
        }
        for block in openings(["geo"]) {
            let words = statements(in: block).filter { $0.words.count > 1 && !Self.ofGeo.contains($0.keyword) }
                .compactMap(\.words.first)
            addDuplicates(.duplicateName, words.map { ($0.text, $0) }, severity: .warning) {
                "this geo block has '\($0)' twice: nginx takes the second"
            }
        }
        for block in openings(["types"]) {
            let words = statements(in: block).flatMap(\.arguments)
            addDuplicates(.duplicateName, words.map { ($0.text.lowercased(), $0) }, severity: .warning) {
                "the extension '\($0)' has two types"
            }
        }
        let formats = text.statements.filter { $0.keyword == "log_format" }.compactMap { format in
            format.arguments.first.map { ("\(format.parent ?? -1) \($0.text)", $0) }
        }
        addDuplicates(.duplicateName, formats) { "two log formats are named '\($0)'" }
    }

    private static let ofGeo: Set<String> = ["include", "delete", "proxy"]
}
