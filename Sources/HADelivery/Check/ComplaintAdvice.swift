import HATemplate

/// Adds to what a proxy says what it leaves out: the place of what it says of no line, and what to write.
struct ComplaintAdvice {
    private let text: ConfigurationText

    /// Complaints with places and advice; a name that DNS does not know is there once, and no sum of the others.
    static func added(to complaints: [Complaint], in text: ConfigurationText) -> [Complaint] {
        let adviser = ComplaintAdvice(text: text)
        var hosts: Set<String> = []
        let isAlone = complaints.count { $0.severity == .error } == 1
        return complaints.compactMap { complaint in
            if !isAlone, complaint.message == "Failed to initialize server(s) addr" { return nil }
            guard let host = MachineNeed.unknownHost(complaint) else { return adviser.placed(complaint) }
            guard hosts.insert(host).inserted else { return nil }
            var complaint = complaint
            complaint.advice += [
                "the DNS of this machine was asked for '\(host)'", MachineNeed.nameAdvice(text.dialect),
            ]
            return complaint
        }
    }

    private func placed(_ complaint: Complaint) -> Complaint {
        guard complaint.line == nil else { return complaint }
        switch text.dialect {
        case .nginx: return placedInNginx(complaint)
        case .haproxy, .plain: return complaint
        }
    }

    private func placedInNginx(_ complaint: Complaint) -> Complaint {
        var complaint = complaint
        if let address = complaint.message.firstRange(of: "bind() to ").map({ complaint.message[$0.upperBound...] }) {
            complaint.range = listen(String(address.prefix { $0 != " " }))
        } else if complaint.message.hasPrefix("could not build "), complaint.message.contains("_hash") {
            addHash(to: &complaint)
        }
        return complaint
    }

    /// The `listen` that has an address's port.
    private func listen(_ address: String) -> Range<Int>? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let port = address[address.index(after: colon)...]
        let words = text.statements.filter { $0.keyword == "listen" }.compactMap(\.arguments.first)
        return words.last { $0.text == address || $0.text == port || $0.text.hasSuffix(":\(port)") }?.range
    }

    // MARK: Hash tables of nginx

    /// The directive that is to be increased, and its value.
    private func directive(_ name: String, in message: String) -> Int? {
        guard let range = message.firstRange(of: "\(name): ") else { return nil }
        return Int(message[range.upperBound...].prefix(while: \.isNumber))
    }

    /// A key that is too long for a bucket stands in the configuration; for too many keys it is the block of them.
    private func addHash(to complaint: inout Complaint) {
        let message = complaint.message
        guard let end = message.firstRange(of: "_hash") else { return }
        let words = message[..<end.lowerBound].split(separator: " ")
        let hash = (words.last.map(String.init) ?? "") + "_hash"
        let keys = keys(of: hash)
        let bucket = directive(hash + "_bucket_size", in: message)
        if let now = directive(hash + "_max_size", in: message) {
            let values = (Self.power(atLeast: max(keys.count, now)), 2 * Self.power(atLeast: bucket ?? 32))
            complaint.range = text.statements.first { $0.keyword == "http" }?.range
            complaint.advice.append(
                "write '\(hash)_max_size \(values.0); \(hash)_bucket_size \(values.1);' into http, for "
                    + "\(keys.count) names")
        } else if let now = bucket {
            // The first of equal ones.
            let longest = keys.reduce(nil as ConfigurationText.Word?) { longest, word in
                word.text.utf8.count > (longest?.text.utf8.count ?? 0) ? word : longest
            }
            guard let longest else { return }
            let count = longest.text.utf8.count
            // Two pointers, and length and bytes of the key in whole pointers (nginx: NGX_HASH_ELT_SIZE).
            let size = Self.power(atLeast: max(16 + (count + 2 + 7) / 8 * 8, now + 1))
            complaint.range = longest.range
            complaint.advice.append("write '\(hash)_bucket_size \(size);' into http: this name has \(count) characters")
        }
    }

    /// The keys that go into a table.
    private func keys(of hash: String) -> [ConfigurationText.Word] {
        let statements = text.statements
        func members(of block: String) -> [ConfigurationText.Statement] {
            statements.filter { $0.parent.map { statements[$0].keyword == block } ?? false }
        }
        let words: [ConfigurationText.Word] =
            switch hash {
            case "server_names_hash": statements.filter { $0.keyword == "server_name" }.flatMap(\.arguments)
            case "map_hash": members(of: "map").compactMap(\.words.first)
            case "types_hash": members(of: "types").flatMap(\.arguments)
            default: []
            }
        // Regular expressions are in no table.
        return words.filter { !$0.text.hasPrefix("~") }
    }

    private static func power(atLeast number: Int) -> Int {
        var power = 1
        while power < number, power < 1 << 30 { power *= 2 }
        return power
    }
}
