import HATemplate

/// What a configuration says, as far as a person asks first: its sections, and their servers, addresses and domains.
package struct ConfigOutline: Sendable, Equatable {
    /// A `backend`, `frontend`, `listen` … of HAProxy, an `upstream` or `server` of nginx.
    package struct Section: Sendable, Equatable {
        package var kind: String
        package var name: String
        /// What follows the name of each server.
        package var servers: [String: String] = [:]
        /// Addresses that it listens on.
        package var binds: Set<String> = []
        package var domains: Set<String> = []
        /// nginx: the lines of each location in it, by what the location is for.
        package var locations: [String: [String]] = [:]
        /// All its other lines.
        package var rest: [String] = []
        /// Whether one of them makes it answer without a server, as `stats enable` or `redirect` does.
        package var answersWithoutServer = false

        /// `backend app1`; the kind alone for a section without a name.
        package var title: String { name.isEmpty ? kind : "\(kind) \(name)" }

        /// Whether servers are what it is for.
        package var holdsServers: Bool { kind == "backend" || kind == "upstream" || kind == "listen" }
    }

    package private(set) var sections: [Section] = []

    package init(_ bytes: [UInt8], dialect: Dialect) {
        self.init(ConfigurationText(bytes, dialect: dialect))
    }

    /// A plain output has no sections.
    package init(_ text: ConfigurationText) {
        switch text.dialect {
        case .haproxy: readHAProxy(text.statements)
        case .nginx: readNginx(text.statements)
        case .plain: break
        }
    }

    // MARK: HAProxy

    private mutating func readHAProxy(_ statements: [ConfigurationText.Statement]) {
        for statement in statements {
            let words = statement.words.map(\.text)
            if statement.isOpening {
                sections.append(Section(kind: statement.keyword, name: words.dropFirst().first ?? ""))
                continue
            }
            guard let index = sections.indices.last else { continue }
            switch statement.keyword {
            case "server" where words.count > 1:
                sections[index].servers[words[1]] = words.dropFirst(2).joined(separator: " ")
            case "server-template" where words.count > 2:
                sections[index].servers[words[1] + words[2]] = words.dropFirst(3).joined(separator: " ")
            case "bind" where words.count > 1:
                sections[index].binds.insert(words[1])
                if words.count > 2 { sections[index].rest.append(words.joined(separator: " ")) }
            default:
                let domains = Self.domains(in: words)
                sections[index].domains.formUnion(domains)
                let others = domains.isEmpty ? words : words.filter { !domains.contains($0) }
                sections[index].rest.append(others.joined(separator: " "))
                if statement.answersWithoutServer { sections[index].answersWithoutServer = true }
            }
        }
    }

    /// What the host of a request is compared with: `hdr(host) -i a.example.org b.example.org`.
    private static func domains(in words: [String]) -> Set<String> {
        var domains: Set<String> = []
        var isMatching = false
        // Whether the word before names a flag that takes a word: `-m str`.
        var isFlagOpen = false
        for word in words {
            if isFlagOpen {
                isFlagOpen = false
            } else if isHost(word) {
                isMatching = true
            } else if isMatching, ["}", "or", "||", "if", "unless"].contains(word) {
                isMatching = false
            } else if isMatching, word.hasPrefix("-") {
                isFlagOpen = word == "-m"
            } else if isMatching, word != "str", word != "eq" {
                domains.insert(word)
            }
        }
        return domains
    }

    /// Whether a word fetches the host of a request. The shipped template keeps it in `txn.host`.
    private static func isHost(_ word: String) -> Bool {
        guard word.utf8.contains(UInt8(ascii: "(")) || word.hasPrefix("ssl_fc_sni") || word.hasPrefix("req.ssl_sni")
        else { return false }
        let word = word.lowercased()
        return hostFetches.contains { word.contains($0) }
    }

    private static let hostFetches = [
        "hdr(host", "hdr_dom(host", "hdr_beg(host", "hdr_end(host", "hdr_reg(host", "var(txn.host", "ssl_fc_sni",
        "req.ssl_sni",
    ]

    // MARK: nginx

    private mutating func readNginx(_ statements: [ConfigurationText.Statement]) {
        // The section that each statement belongs to or opens, and the location of it, by the statement's index.
        var owners: [(section: Int, location: String?)?] = []
        owners.reserveCapacity(statements.count)
        for statement in statements {
            let owner = statement.parent.flatMap { owners[$0] }
            guard let (section, location) = owner else {
                guard statement.isOpening, ["upstream", "server"].contains(statement.keyword) else {
                    owners.append(nil)
                    continue
                }
                owners.append((sections.count, nil))
                sections.append(Section(kind: statement.keyword, name: statement.arguments.first?.text ?? ""))
                continue
            }
            let words = statement.words.map(\.text).joined(separator: " ")
            if let location {
                sections[section].locations[location, default: []].append(words)
                owners.append(owner)
            } else if statement.isOpening, statement.keyword == "location" {
                let name = statement.arguments.map(\.text).joined(separator: " ")
                sections[section].locations[name, default: []] += []
                owners.append((section, name))
            } else {
                add(statement, to: section)
                owners.append(owner)
            }
        }
        nameServers()
    }

    private mutating func add(_ statement: ConfigurationText.Statement, to section: Int) {
        let arguments = statement.arguments.map(\.text)
        switch statement.keyword {
        case "server" where sections[section].kind == "upstream":
            sections[section].servers[arguments.first ?? ""] = arguments.dropFirst().joined(separator: " ")
        case "listen":
            sections[section].binds.insert(arguments.joined(separator: " "))
        case "server_name":
            if sections[section].name.isEmpty { sections[section].name = arguments.first ?? "" }
            sections[section].domains.formUnion(arguments)
        default:
            sections[section].rest.append(([statement.keyword] + arguments).joined(separator: " "))
        }
    }

    /// Servers of nginx have no name: an address and the first domain stand for one. What a server becomes in the next
    /// version is found by what it holds (`SectionPairs`).
    private mutating func nameServers() {
        for index in sections.indices where sections[index].kind == "server" {
            let section = sections[index]
            sections[index].name = [section.binds.min() ?? "", section.name].filter { !$0.isEmpty }.joined(
                separator: " ")
        }
    }
}
