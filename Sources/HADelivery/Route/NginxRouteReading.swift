import HATemplate

struct NginxRouteReading: RouteReading {
    let index: StatementIndex

    /// The server block that the request came to, or the `include` that brings it.
    func frontend(of answer: RouteAnswer) -> Int? { answer.rules.first ?? answer.entrance.owner }

    func entranceTitle(of answer: RouteAnswer) -> String { "server \(answer.frontend)" }

    func bind(of answer: RouteAnswer, in frontend: Int?) -> Int? {
        guard let frontend else { return nil }
        let listens = index.statements(in: frontend).filter { index[$0]?.keyword == "listen" }
        let own = listens.first { listen in
            guard let word = index[listen]?.arguments.first?.text else { return false }
            return ListenAddress(nginx: word, isStream: false).isSame(as: answer.entrance.address)
        }
        return own ?? listens.first
    }

    /// Of the names of a server block the one that a host has; else the first.
    func name(of server: Int, for host: String) -> (text: String, statement: Int)? {
        var names: [(text: String, statement: Int)] = []
        for number in index.statements(in: server) {
            guard let statement = index[number], statement.keyword == "server_name" else { continue }
            names += statement.arguments.map { ($0.text, number) }
        }
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        return names.first { $0.text.lowercased() == host } ?? names.first { Self.isMatch($0.text.lowercased(), host) }
            ?? names.first
    }

    /// Whether a name with a star, or with a dot at its start, stands for a host.
    private static func isMatch(_ name: String, _ host: String) -> Bool {
        if name.hasPrefix("*.") { return host.hasSuffix(name.dropFirst()) }
        if name.hasPrefix(".") { return host.hasSuffix(name) || host == name.dropFirst() }
        return name.hasSuffix(".*") && host.hasPrefix(name.dropLast())
    }

    func deciding(_ answer: RouteAnswer) -> [Int] {
        guard let frontend = frontend(of: answer) else { return [] }
        if index[frontend]?.keyword == "include" { return [frontend] }
        let name = name(of: frontend, for: answer.host).map { [$0.statement] } ?? []
        return name + places(answer, in: frontend)
    }

    /// The location that decided, and what it says.
    private func places(_ answer: RouteAnswer, in frontend: Int) -> [Int] {
        let places = answer.rules.filter { $0 != frontend }
        guard let block = places.last else { return directive(frontend, answer).map { [$0] } ?? [] }
        // An `if` decides together with the location around it.
        var shown = index[block]?.keyword == "if" ? places.filter { index[$0]?.keyword == "location" }.suffix(1) : []
        shown.append(block)
        let directive = directive(block, answer) ?? shown.first.flatMap { self.directive($0, answer) }
        return shown + (directive.map { [$0] } ?? [])
    }

    /// The directive of a block that passes the request on, or answers it.
    private func directive(_ block: Int, _ answer: RouteAnswer) -> Int? {
        if answer.backend != nil {
            return index.statements(in: block).first { index[$0]?.keyword.hasSuffix("_pass") ?? false }
        }
        let order = [
            "return", "deny", "auth_basic", "auth_request", "rewrite", "stub_status", "empty_gif", "try_files",
            "alias", "root",
        ]
        return order.lazy.compactMap { index.first([$0], in: block) }.first
    }

    func chooses(_ statement: Int) -> Bool {
        ["server_name", "location", "proxy_pass"].contains(index[statement]?.keyword ?? "")
    }

    func applied(_ answer: RouteAnswer) -> [Int] {
        let decisive = Set(deciding(answer) + [frontend(of: answer) ?? -1])
        return answer.rules.filter { !decisive.contains($0) }
    }

    func passed(_ answer: RouteAnswer, in frontend: Int?) -> [Int] {
        guard let frontend else { return [] }
        let applied = Set(answer.rules)
        return index.statements(in: frontend).filter {
            index[$0]?.keyword == "location" && !applied.contains($0)
        }
    }

    func passedTitle(_ count: Int) -> String {
        "\(count) other \(count == 1 ? "location" : "locations") of the server did not apply"
    }

    func backend(of answer: RouteAnswer) -> Int? {
        if let target = answer.target {
            guard let parent = index[target]?.parent, index[parent]?.keyword == "upstream" else { return nil }
            return parent
        }
        return answer.backend.flatMap { index.section(["upstream"], $0) }
    }

    func backendTitle(of answer: RouteAnswer) -> String? {
        guard let backend = answer.backend else { return nil }
        return self.backend(of: answer) == nil ? "address \(backend)" : "upstream \(backend)"
    }

    func servers(in backend: Int) -> [(name: String?, words: [String], statement: Int)] {
        index.statements(in: backend).compactMap { number in
            guard let statement = index[number], statement.keyword == "server", statement.words.count > 1 else {
                return nil
            }
            return (nil, statement.arguments.map(\.text), number)
        }
    }

    func weight(_ words: [String]) -> Int? {
        words.first { $0.hasPrefix("weight=") }.flatMap { Int($0.dropFirst("weight=".count)) }
    }

    func isDisabled(_ words: [String]) -> Bool { words.contains("down") }
}
