import HATemplate

extension OutputLint {
    mutating func checkNginx() {
        checkUpstreams()
        checkListens()
        checkServerNames()
        checkDefaultServers()
        checkLocations()
        checkKeys()
    }

    private typealias Word = ConfigurationText.Word

    private mutating func checkUpstreams() {
        let upstreams = openings(["upstream"])
        let named = upstreams.compactMap { index in text.statements[index].arguments.first.map { (index, $0) } }
        let known = Set(named.map(\.1.text))
        // One name may stand in http and in stream.
        let names = named.map { ("\(text.statements[$0].parent ?? -1) \($1.text)", $1) }
        addDuplicates(.duplicateName, names) { "two upstreams are named '\($0)'" }
        for (index, word) in named where !statements(in: index).contains(where: { $0.keyword == "server" }) {
            add(.emptyBackend, "upstream '\(word.text)' has no server, which nginx refuses", at: word.range)
        }
        checkPasses(known, named.map(\.1))
    }

    private mutating func checkPasses(_ known: Set<String>, _ upstreams: [Word]) {
        var reached: Set<String> = []
        var isDynamic = false
        for statement in text.statements where statement.keyword.hasSuffix("_pass") {
            guard let word = statement.arguments.first else { continue }
            isDynamic = isDynamic || word.text.contains("$")
            let target = Self.host(of: word.text)
            reached.insert(target)
            guard !known.contains(target), statement.keyword != "fastcgi_pass", !target.contains("$") else { continue }
            // With a dot or a port it is a host's name or address, as is one that nginx may ask DNS for.
            guard let meant = nearest(to: target, in: known.sorted()), !target.contains(where: { ".:[/".contains($0) })
            else { continue }
            add(
                .missingBackend,
                "\(statement.keyword) leads to '\(target)', which is not an upstream; "
                    + "did you mean '\(meant)'?", at: word.range)
        }
        // A map may hold the names that a variable takes.
        guard !isDynamic else { return }
        for word in upstreams where !reached.contains(word.text) {
            add(
                .unreachedBackend, "nothing passes requests to upstream '\(word.text)'", at: word.range,
                severity: .warning)
        }
    }

    /// `app` of `http://app/path` and of `app`.
    private static func host(of target: String) -> String {
        var rest = target[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        return String(rest.prefix { $0 != "/" })
    }

    private mutating func checkListens() {
        var streams: [(name: String, word: Word)] = []
        for server in openings(["server"]) {
            var names: [(name: String, word: Word)] = []
            for listen in statements(in: server) where listen.keyword == "listen" {
                guard let word = listen.arguments.first else { continue }
                let isDatagram = listen.arguments.contains { $0.text == "udp" || $0.text == "quic" }
                names.append((Self.address(word.text) + (isDatagram ? " udp" : ""), word))
            }
            addDuplicates(.duplicateBind, names) { "this server listens on '\($0)' twice" }
            var seen: Set<String> = []
            if isInStream(server) { streams += names.filter { seen.insert($0.name).inserted } }
        }
        addDuplicates(.duplicateBind, streams) { "two servers of the stream block listen on '\($0)'" }
    }

    private func isInStream(_ server: Int) -> Bool {
        text.statements[server].parent.map { text.statements[$0].keyword == "stream" } ?? false
    }

    private static func address(_ text: String) -> String {
        for host in ["*:", "0.0.0.0:"] where text.hasPrefix(host) { return String(text.dropFirst(host.count)) }
        return text
    }

    /// nginx takes the first server of a name and an address, and leaves the others out.
    private mutating func checkServerNames() {
        var seen: [String: (server: Int, word: Word)] = [:]
        var reported: Set<Int> = []
        for server in openings(["server"]) where !isInStream(server) {
            let block = text.statements[server].parent ?? -1
            let members = statements(in: server)
            let words = members.filter { $0.keyword == "server_name" }.flatMap { Array($0.arguments) }
            // A server without a name is one whose name is empty.
            let names =
                words.isEmpty
                ? text.statements[server].words.prefix(1).map { ("", "", $0) }
                : words.flatMap { word in Self.meanings(ofName: word.text.lowercased()).map { (word.text, $0, word) } }
            for address in addresses(of: server) {
                for (name, meaning, word) in names {
                    let key = "\(block) \(address) \(meaning)"
                    guard let first = seen[key] else {
                        seen[key] = (server, word)
                        continue
                    }
                    // Told once, however many addresses they share.
                    guard reported.insert(word.range.lowerBound).inserted else { continue }
                    let message =
                        first.server == server
                        ? "'\(name)' appears twice in the names of this server"
                        : name.isEmpty
                            ? "two servers without a name listen on '\(address)': nginx ignores the second"
                            : "two servers are named '\(name)': nginx ignores the second"
                    add(.duplicateName, message, at: word.range, first: first.word.range, severity: .warning)
                }
            }
        }
    }

    private func addresses(of server: Int) -> [String] {
        let listens = statements(in: server).filter { $0.keyword == "listen" }.compactMap { $0.arguments.first?.text }
        return listens.isEmpty ? ["80"] : Set(listens.map(Self.address)).sorted()
    }

    private mutating func checkDefaultServers() {
        var names: [(name: String, word: Word)] = []
        for server in openings(["server"]) where !isInStream(server) {
            for listen in statements(in: server) where listen.keyword == "listen" {
                guard let address = listen.arguments.first,
                    let word = listen.arguments.first(where: { $0.text == "default_server" || $0.text == "default" })
                else { continue }
                names.append(("\(text.statements[server].parent ?? -1) " + Self.address(address.text), word))
            }
        }
        addDuplicates(.duplicateBind, names) { _ in "two servers are the default of one address" }
    }

    // MARK: Locations

    /// nginx refuses a second location of one path, and never comes to a second one of one expression.
    private mutating func checkLocations() {
        var seen: [String: Word] = [:]
        for index in openings(["location"]) {
            let location = text.statements[index]
            guard let (modifier, path, word) = Self.path(of: location) else { continue }
            let isExpression = modifier.hasPrefix("~")
            // `^~` is another way to a path, and no other path.
            let kind = modifier == "^~" ? "" : modifier
            guard let first = seen.updateValue(word, forKey: "\(location.parent ?? -1) \(kind) \(path)") else {
                continue
            }
            add(
                .duplicateName,
                isExpression
                    ? "two locations have the expression '\(path)': nginx never comes to the second"
                    : "two locations of one block are for '\(path)'",
                at: word.range, first: first.range, severity: isExpression ? .warning : .error)
        }
    }

    /// `= /x` and `=/x` are the same.
    private static func path(of location: ConfigurationText.Statement) -> (modifier: String, path: String, word: Word)?
    {
        guard let first = location.arguments.first else { return nil }
        if let second = location.arguments.dropFirst().first { return (first.text, second.text, second) }
        for modifier in ["^~", "~*", "~", "="] where first.text.hasPrefix(modifier) {
            return (modifier, String(first.text.dropFirst(modifier.count)), first)
        }
        return ("", first.text, first)
    }
}
