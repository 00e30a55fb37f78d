import HATemplate

/// Something that a configuration expects of the machine that it runs on, and that the machine that checks it has not.
struct MachineNeed: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A certificate, or its key: any of either kind will do for a check.
        case certificate
        /// A list of certificates (`crt-list`).
        case certificateList
        /// Patterns of an ACL or a map.
        case patterns
        /// A response of HAProxy's `errorfile`.
        case response
        /// A file without which the rest can be checked: the words that name it are left out.
        case file
        case user, group
        /// A name that DNS does not know.
        case name
    }

    let kind: Kind
    /// What is missing, as the configuration names it.
    let value: String
    /// Where it is named.
    let range: Range<Int>
    /// The words to leave out, where there is no stand-in.
    let extent: Range<Int>

    /// An address for documentation (RFC 5737), which nothing answers.
    static let address = "192.0.2.1"

    /// What to say of it.
    func complaint(in dialect: Dialect) -> Complaint {
        let words: String
        switch kind {
        case .certificate:
            words = "'\(value)' is not on this machine: the rest was checked with a certificate made for checks"
        case .certificateList, .patterns, .response:
            words = "'\(value)' is not on this machine: the rest was checked with a file in its place"
        case .file: words = "'\(value)' is not on this machine: the rest was checked without it"
        case .user: words = "this machine knows no user '\(value)': the rest was checked without it"
        case .group: words = "this machine knows no group '\(value)': the rest was checked without it"
        case .name:
            words =
                "the DNS of this machine does not know '\(value)': the rest was checked with the address \(Self.address)"
        }
        var complaint = Complaint(.warning, words)
        complaint.range = range
        complaint.isAboutCheck = true
        complaint.advice = ["haproxy-gen apply refuses it where this is so"]
        if kind == .name { complaint.advice.append(Self.nameAdvice(dialect)) }
        return complaint
    }

    /// What starts without an answer from DNS.
    static func nameAdvice(_ dialect: Dialect) -> String {
        switch dialect {
        case .haproxy:
            "'init-addr last,libc,none' at the server or in default-server lets HAProxy start without the address; "
                + "with 'resolvers' it finds the address later"
        case .nginx:
            "with a 'resolver' and a variable (set $upstream NAME; proxy_pass http://$upstream;) nginx starts without the "
                + "address and asks when a request comes"
        case .plain: ""
        }
    }
}

extension MachineNeed {
    /// The files that a configuration names, each with the words to leave out where it cannot be replaced.
    static func files(in text: ConfigurationText) -> [MachineNeed] {
        text.statements.flatMap { statement -> [MachineNeed] in
            switch text.dialect {
            case .haproxy: haproxyFiles(statement, text)
            case .nginx: nginxFiles(statement, text)
            case .plain: []
            }
        }
    }

    // MARK: HAProxy

    /// Words whose next one names a file.
    private static let namingWords: [String: Kind] = [
        "crt": .certificate, "ca-file": .certificate, "ca-verify-file": .certificate, "ca-sign-file": .certificate,
        "crt-list": .certificateList, "-f": .patterns, "crl-file": .file,
    ]

    private static func haproxyFiles(
        _ statement: ConfigurationText.Statement, _ text: ConfigurationText
    ) -> [MachineNeed] {
        let words = statement.words
        switch statement.keyword {
        case "errorfile" where words.count > 2:
            return [MachineNeed(kind: .response, value: words[2].text, range: words[2].range, extent: statement.range)]
        case "ssl-dh-param-file", "errorfiles":
            return words.dropFirst().prefix(1).map {
                MachineNeed(kind: .file, value: $0.text, range: $0.range, extent: statement.range)
            }
        default:
            var needs: [MachineNeed] = []
            for (word, next) in zip(words.dropFirst(), words.dropFirst(2)) where namingWords[word.text] != nil {
                let extent = word.range.lowerBound..<next.range.upperBound
                needs.append(
                    MachineNeed(
                        kind: namingWords[word.text] ?? .file, value: next.text, range: next.range, extent: extent))
            }
            return needs + others(statement) + words.flatMap { maps(in: $0, text) }
        }
    }

    /// Answers of rules, agents of `filter spoe`, and namespaces: words that mean a file in their directives alone.
    private static func others(_ statement: ConfigurationText.Statement) -> [MachineNeed] {
        let words = statement.words
        let action = words.count > 1 ? words[1].text : ""
        let answers =
            statement.keyword == "http-error"
            || statement.keyword.hasPrefix("http-") && ["return", "deny", "tarpit"].contains(action)
        let isSPOE = statement.keyword == "filter" && action == "spoe"
        let isSocket = ["bind", "server", "server-template", "default-server", "source"].contains(statement.keyword)
        return zip(words.dropFirst(), words.dropFirst(2)).compactMap { word, next in
            switch word.text {
            case "file" where answers, "lf-file" where answers, "errorfile" where answers:
                MachineNeed(kind: .response, value: next.text, range: next.range, extent: next.range)
            case "config" where isSPOE:
                MachineNeed(kind: .file, value: next.text, range: next.range, extent: statement.range)
            case "namespace" where isSocket && next.text != "*":
                MachineNeed(
                    kind: .file, value: "/var/run/netns/" + next.text, range: next.range,
                    extent: word.range.lowerBound..<next.range.upperBound)
            default: nil
            }
        }
    }

    /// `src,map_str(/etc/haproxy/a.map,none)`: the first argument of a converter whose name begins with `map`.
    private static func maps(in word: ConfigurationText.Word, _ text: ConfigurationText) -> [MachineNeed] {
        let bytes = text.bytes
        var needs: [MachineNeed] = []
        var start = word.range.lowerBound
        for offset in word.range where bytes[offset] == UInt8(ascii: "(") {
            var name = offset
            while name > start, isNameByte(bytes[name - 1]) { name -= 1 }
            start = offset + 1
            guard bytes[name..<offset].starts(with: Array("map".utf8)) else { continue }
            var end = start
            while end < word.range.upperBound, bytes[end] != UInt8(ascii: ","), bytes[end] != UInt8(ascii: ")") {
                end += 1
            }
            guard end > start else { continue }
            needs.append(
                MachineNeed(kind: .patterns, value: text.text(start..<end), range: start..<end, extent: start..<end))
        }
        return needs
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    // MARK: nginx

    private static let certificateDirectives: Set<String> = [
        "certificate", "certificate_key", "client_certificate", "trusted_certificate",
    ]
    private static let fileDirectives: Set<String> = [
        "ssl_dhparam", "ssl_password_file", "ssl_crl", "proxy_ssl_crl", "grpc_ssl_crl", "uwsgi_ssl_crl",
        "ssl_stapling_file",
        "include", "ssl_session_ticket_key", "proxy_ssl_password_file", "grpc_ssl_password_file",
        "uwsgi_ssl_password_file",
    ]

    private static func nginxFiles(
        _ statement: ConfigurationText.Statement, _ text: ConfigurationText
    ) -> [MachineNeed] {
        guard !statement.isOpening, let word = statement.arguments.first else { return [] }
        // `ssl_certificate`, `proxy_ssl_certificate_key` …
        let parts = statement.keyword.split(separator: "_", omittingEmptySubsequences: false)
        let kind: Kind?
        if let index = parts.firstIndex(of: "ssl"), index <= 1 {
            let rest = parts[(index + 1)...].joined(separator: "_")
            kind =
                certificateDirectives.contains(rest)
                ? .certificate : fileDirectives.contains(statement.keyword) ? .file : nil
        } else {
            kind = fileDirectives.contains(statement.keyword) ? .file : nil
        }
        guard let kind, !word.text.contains("$"), !word.text.contains("*") else { return [] }
        return [MachineNeed(kind: kind, value: word.text, range: word.range, extent: directive(statement, text))]
    }

    /// A directive with the semicolon that ends it.
    static func directive(_ statement: ConfigurationText.Statement, _ text: ConfigurationText) -> Range<Int> {
        guard text.dialect.endsDirectivesBySigns else { return statement.range }
        var end = statement.range.upperBound
        while end < text.bytes.count, ConfigurationText.isSpace(text.bytes[end]) { end += 1 }
        guard end < text.bytes.count, text.bytes[end] == UInt8(ascii: ";") else { return statement.range }
        return statement.range.lowerBound..<(end + 1)
    }
}
