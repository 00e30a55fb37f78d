import HATemplate

struct HAProxyRouteReading: RouteReading {
    let index: StatementIndex

    private typealias Statement = ConfigurationText.Statement

    func frontend(of answer: RouteAnswer) -> Int? { index.section(["frontend", "listen"], answer.frontend) }

    func entranceTitle(of answer: RouteAnswer) -> String { "frontend \(answer.frontend)" }

    func bind(of answer: RouteAnswer, in frontend: Int?) -> Int? { index.statement(atLine: answer.entrance.line) }

    func deciding(_ answer: RouteAnswer) -> [Int] {
        let decisive = answer.rules.filter(decides)
        let isChosen = decisive.contains { index[$0]?.keyword == "use_backend" }
        let usual = isChosen || answer.backend == nil ? nil : usualBackend(answer)
        return decisive.flatMap { [$0] + conditions(of: $0) } + (usual.map { [$0] } ?? [])
    }

    func chooses(_ statement: Int) -> Bool {
        ["use_backend", "default_backend", "acl"].contains(index[statement]?.keyword ?? "")
    }

    func applied(_ answer: RouteAnswer) -> [Int] { answer.rules.filter { !decides($0) } }

    private func decides(_ rule: Int) -> Bool {
        guard let statement = index[rule] else { return false }
        let words = statement.words.map(\.text)
        let action = words.count > 1 ? words[1] : ""
        switch statement.keyword {
        case "use_backend", "use-server", "redirect": return true
        case "http-request":
            return ["deny", "return", "redirect", "reject", "tarpit", "auth", "silent-drop"].contains(action)
        case "tcp-request":
            return words.count > 2 && ["reject", "silent-drop"].contains(words[2])
        default: return false
        }
    }

    /// The `acl` lines that a rule's condition names, in its section.
    func conditions(of rule: Int) -> [Int] {
        guard let statement = index[rule], let parent = statement.parent,
            let start = statement.words.firstIndex(where: { ["if", "unless"].contains($0.text) && !$0.isQuoted })
        else { return [] }
        let names = Set(
            statement.words[(start + 1)...].map { String($0.text.drop { $0 == "!" }) }.filter { !$0.isEmpty })
        return index.statements(in: parent).filter { other in
            guard let other = index[other], other.keyword == "acl" else { return false }
            return names.contains(other.arguments.first?.text ?? "")
        }
    }

    /// The `default_backend` of the frontend or of its `defaults`, where no rule chose the backend.
    private func usualBackend(_ answer: RouteAnswer) -> Int? {
        // A `listen` has servers of its own.
        guard let section = frontend(of: answer), answer.backend != answer.frontend else { return nil }
        return [section, defaults(of: section)].compactMap(\.self).lazy.compactMap { block in
            index.statements(in: block).last { index[$0]?.keyword == "default_backend" }
        }.first
    }

    /// The `defaults` that a section names after `from`, else the last one before it.
    private func defaults(of section: Int) -> Int? {
        let words = index[section]?.words.map(\.text) ?? []
        if let place = words.firstIndex(of: "from"), words.indices.contains(place + 1) {
            return index.section(["defaults"], words[place + 1])
        }
        return index.text.statements[..<section].lastIndex { $0.keyword == "defaults" }
    }

    func passed(_ answer: RouteAnswer, in frontend: Int?) -> [Int] {
        guard let frontend else { return [] }
        let applied = Set(answer.rules)
        let last = answer.rules.last(where: decides) ?? .max
        return index.statements(in: frontend).filter { decides($0) && !applied.contains($0) && $0 < last }
    }

    func passedTitle(_ count: Int) -> String { "\(count) \(count == 1 ? "rule" : "rules") before that did not apply" }

    func backend(of answer: RouteAnswer) -> Int? {
        answer.backend.flatMap { index.section(["backend", "listen"], $0) }
    }

    func backendTitle(of answer: RouteAnswer) -> String? { answer.backend.map { "backend \($0)" } }

    func servers(in backend: Int) -> [(name: String?, words: [String], statement: Int)] {
        index.statements(in: backend).compactMap { number in
            guard let statement = index[number], statement.keyword == "server", statement.words.count > 2 else {
                return nil
            }
            let words = statement.arguments.map(\.text)
            return (words[0], Array(words.dropFirst()), number)
        }
    }

    func weight(_ words: [String]) -> Int? {
        guard let place = words.firstIndex(of: "weight"), words.indices.contains(place + 1) else { return nil }
        return Int(words[place + 1])
    }

    func isDisabled(_ words: [String]) -> Bool { words.contains("disabled") }
}
