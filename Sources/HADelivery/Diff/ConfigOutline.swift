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
        /// All its other lines.
        package var rest: [String] = []

        /// `backend app1`; the kind alone for a section without a name.
        package var title: String { name.isEmpty ? kind : "\(kind) \(name)" }

        /// Whether servers are what it is for.
        package var holdsServers: Bool { kind == "backend" || kind == "upstream" || kind == "listen" }
    }

    package private(set) var sections: [Section] = []

    package var serverCount: Int { sections.reduce(0) { $0 + $1.servers.count } }

    /// A plain output has no sections.
    package init(_ text: [UInt8], dialect: OutputDialect) {
        switch dialect {
        case .haproxy: readHAProxy(text)
        case .nginx: readNginx(text)
        case .plain: break
        }
    }

    // MARK: HAProxy

    private static let keywords: Set<String> = [
        "global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "userlist", "mailers", "cache",
        "program", "ring", "http-errors", "fcgi-app", "log-forward", "crt-store", "traces",
    ]

    private mutating func readHAProxy(_ text: [UInt8]) {
        for line in LineTable.lines(of: text) {
            let words = Self.words(text[line])
            guard let first = words.first else { continue }
            if Self.keywords.contains(first) {
                sections.append(Section(kind: first, name: words.dropFirst().first ?? ""))
                continue
            }
            guard let index = sections.indices.last else { continue }
            switch first {
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
                let others = words.filter { !domains.contains($0) }
                sections[index].rest.append(others.joined(separator: " "))
            }
        }
    }

    /// The words of a line, without a comment; quotes and backslashes keep spaces together.
    private static func words(_ line: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isOpen = false
        var quote: UInt8?
        var isEscaped = false
        for byte in line {
            if isEscaped {
                word.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
                (isEscaped, isOpen) = (true, true)
            } else if let open = quote {
                if byte == open { quote = nil } else { word.append(byte) }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                (quote, isOpen) = (byte, true)
            } else if byte == UInt8(ascii: "#") {
                break
            } else if byte <= 0x20 {
                if isOpen || !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word = []
                isOpen = false
            } else {
                word.append(byte)
            }
        }
        if isOpen || !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// What the host of a request is compared with: `hdr(host) -i a.example.org b.example.org`.
    private static func domains(in words: [String]) -> Set<String> {
        var domains: Set<String> = []
        var isMatching = false
        for word in words {
            if word.contains("hdr(host") || word.contains("hdr_dom(host") || word.contains("ssl_fc_sni")
                || word.contains("req.ssl_sni") || word.contains("hdr_beg(host") || word.contains("hdr_end(host")
            {
                isMatching = true
            } else if isMatching, word == "}" || word == "or" || word == "||" || word == "if" || word == "unless" {
                isMatching = false
            } else if isMatching, !word.hasPrefix("-"), word != "str", word != "eq" {
                domains.insert(word)
            }
        }
        return domains
    }

    // MARK: nginx

    private mutating func readNginx(_ text: [UInt8]) {
        var lexer = NginxLexer(text)
        var words: [String] = []
        // For each open block, the section that it belongs to.
        var open: [Int?] = []
        while let token = lexer.next() {
            switch token {
            case .word(let word):
                words.append(word)
            case .semicolon:
                addDirective(words, to: open.last ?? nil)
                words = []
            case .open:
                open.append(openBlock(words, inside: open.last ?? nil))
                words = []
            case .close:
                _ = open.popLast()
                words = []
            }
        }
        nameServers()
    }

    private mutating func openBlock(_ words: [String], inside section: Int?) -> Int? {
        if let section {
            sections[section].rest.append(words.joined(separator: " "))
            return section
        }
        guard let kind = words.first, kind == "upstream" || kind == "server" else { return nil }
        sections.append(Section(kind: kind, name: words.dropFirst().first ?? ""))
        return sections.count - 1
    }

    private mutating func addDirective(_ words: [String], to section: Int?) {
        guard let section, let first = words.first else { return }
        let arguments = words.dropFirst()
        switch first {
        case "server" where sections[section].kind == "upstream":
            sections[section].servers[arguments.first ?? ""] = arguments.dropFirst().joined(separator: " ")
        case "listen":
            sections[section].binds.insert(arguments.joined(separator: " "))
        case "server_name":
            sections[section].domains.formUnion(arguments)
        default:
            sections[section].rest.append(words.joined(separator: " "))
        }
    }

    /// Servers of nginx have no name: the address and the first domain tell them apart.
    private mutating func nameServers() {
        var counts: [String: Int] = [:]
        for index in sections.indices where sections[index].kind == "server" {
            let section = sections[index]
            let name = [section.binds.min(), section.domains.min()].compactMap { $0 }.joined(separator: " ")
            let number = (counts[name] ?? 0) + 1
            counts[name] = number
            sections[index].name = number == 1 ? name : "\(name) (\(number))"
        }
    }
}

/// The words and signs of an nginx configuration.
struct NginxLexer {
    enum Token: Equatable {
        case word(String)
        case semicolon, open, close
    }

    private var rest: ArraySlice<UInt8>

    init(_ text: [UInt8]) {
        rest = text[...]
    }

    mutating func next() -> Token? {
        while let byte = rest.first {
            if byte <= 0x20 {
                rest = rest.dropFirst()
            } else if byte == UInt8(ascii: "#") {
                rest = rest.drop { $0 != 0x0A }
            } else {
                break
            }
        }
        guard let byte = rest.first else { return nil }
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            rest = rest.dropFirst()
            return byte == UInt8(ascii: ";") ? .semicolon : byte == UInt8(ascii: "{") ? .open : .close
        default:
            return .word(word())
        }
    }

    private mutating func word() -> String {
        var word: [UInt8] = []
        let quote = rest.first.flatMap { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") ? $0 : nil }
        if quote != nil { rest = rest.dropFirst() }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                word += [byte, next]
            } else if let quote {
                if byte == quote { break }
                word.append(byte)
            } else {
                word.append(byte)
                // `${name}` is part of a word.
                if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "{") {
                    while let inner = rest.popFirst() {
                        word.append(inner)
                        if inner == UInt8(ascii: "}") { break }
                    }
                }
                if let next = rest.first, next <= 0x20 || ";{}".utf8.contains(next) { break }
            }
        }
        return String(decoding: word, as: UTF8.self)
    }
}
