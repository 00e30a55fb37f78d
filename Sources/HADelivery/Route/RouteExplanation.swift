import HATemplate

/// Why a request was answered as it was: lines of the output, each with what wrote it.
package struct RouteExplanation: Sendable {
    /// A line of the output.
    package struct Line: Sendable {
        /// 1-based.
        package var number: Int
        /// Without white space at its ends.
        package var text: String
        /// Where the template wrote it.
        package var template: HATemplate.SourceLocation?
        /// The values in it, the first ones.
        package var data: [Value]
    }

    package struct Value: Sendable {
        package var path: String
        package var text: String
        package var place: HATemplate.SourceLocation
    }

    package struct Server: Sendable {
        package var name: String
        /// As the output has it.
        package var address: String
        package var weight: Int
        package var isBackup: Bool
        package var isDisabled: Bool
        package var line: Line
    }

    package let answer: RouteAnswer
    package let frontend: Line?
    package let bind: Line?
    /// The rules that decided, each followed by the ACLs that it names.
    package let deciding: [Line]
    /// Rules that applied besides.
    package let applied: [Line]
    /// Rules that choose a backend or answer, stand before the one that decided, and did not apply.
    package let passed: [Line]
    package let backend: Line?
    package let servers: [Server]

    /// - Parameter causes: what made the output.
    package init(_ answer: RouteAnswer, in text: ConfigurationText, causes: CauseMap?) {
        let reader = ExplanationReader(text: text, causes: causes)
        self.answer = answer
        frontend = reader.section(["frontend", "listen"], answer.frontend).map(reader.line)
        bind = reader.statement(atLine: answer.entrance.line).map(reader.line)
        let rules = answer.rules.compactMap(reader.statement(atLine:))
        let decisive = rules.filter(ExplanationReader.decides)
        let isChosen = decisive.contains { $0.keyword == "use_backend" }
        let usual = isChosen || answer.backend == nil ? nil : reader.usualBackend(answer)
        deciding =
            decisive.flatMap { [reader.line($0)] + reader.conditions(of: $0).map(reader.line) }
            + (usual.map { [reader.line($0)] } ?? [])
        applied = rules.filter { !ExplanationReader.decides($0) }.map(reader.line)
        passed = reader.passed(before: decisive.last, in: answer).map(reader.line)
        let section = answer.backend.flatMap { reader.section(["backend", "listen"], $0) }
        backend = section.map(reader.line)
        servers = section.map(reader.servers) ?? []
    }
}

private struct ExplanationReader {
    let text: ConfigurationText
    let causes: CauseMap?

    typealias Statement = ConfigurationText.Statement

    private static let maximumValues = 4

    func statement(atLine line: Int) -> Statement? { text.statements.first { $0.line == line } }

    func section(_ keywords: Set<String>, _ name: String) -> Statement? {
        text.statements.first {
            $0.parent == nil && keywords.contains($0.keyword) && $0.arguments.first?.text == name
        }
    }

    /// Statements of a section, given its first line.
    private func statements(of section: Statement) -> [Statement] {
        guard let index = text.statements.firstIndex(where: { $0.line == section.line }) else { return [] }
        return text.statements.filter { $0.parent == index }
    }

    func line(_ statement: Statement) -> RouteExplanation.Line {
        let range = text.range(ofLine: statement.line).map(text.trimmed) ?? statement.range
        let entries = causes?.entries(in: range) ?? []
        var values: [RouteExplanation.Value] = []
        for entry in entries where values.count < Self.maximumValues {
            guard let data = entry.data, !values.contains(where: { $0.path == data.path }) else { continue }
            let written = text.text(entry.output.clamped(to: range))
            values.append(RouteExplanation.Value(path: data.path, text: written, place: data.location))
        }
        // White space before the line is the end of what stands above.
        let first = entries.first { !text.trimmed($0.output.clamped(to: range)).isEmpty }
        return RouteExplanation.Line(
            number: statement.line, text: text.text(range),
            template: first.flatMap { entry in causes?.place(of: entry, in: range) }, data: values)
    }

    static func decides(_ statement: Statement) -> Bool {
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
    func conditions(of statement: Statement) -> [Statement] {
        guard let parent = statement.parent,
            let start = statement.words.firstIndex(where: { ["if", "unless"].contains($0.text) && !$0.isQuoted })
        else { return [] }
        let names = Set(
            statement.words[(start + 1)...].map { String($0.text.drop { $0 == "!" }) }.filter { !$0.isEmpty })
        return text.statements.filter { other in
            other.parent == parent && other.keyword == "acl" && names.contains(other.arguments.first?.text ?? "")
        }
    }

    /// The `default_backend` of the frontend, where no rule chose the backend.
    func usualBackend(_ answer: RouteAnswer) -> Statement? {
        guard let section = section(["frontend", "listen"], answer.frontend) else { return nil }
        return statements(of: section).last { $0.keyword == "default_backend" }
            ?? text.statements.last { $0.keyword == "default_backend" && $0.line < section.line }
    }

    /// Rules of the frontend that might have decided and did not apply.
    func passed(before last: Statement?, in answer: RouteAnswer) -> [Statement] {
        guard let section = section(["frontend", "listen"], answer.frontend) else { return [] }
        let applied = Set(answer.rules)
        return statements(of: section).filter { statement in
            Self.decides(statement) && !applied.contains(statement.line) && statement.line < last?.line ?? .max
        }
    }

    func servers(of section: Statement) -> [RouteExplanation.Server] {
        statements(of: section).filter { $0.keyword == "server" }.compactMap { statement in
            let words = statement.arguments.map(\.text)
            guard words.count >= 2 else { return nil }
            let weight = words.firstIndex(of: "weight").flatMap {
                words.indices.contains($0 + 1) ? Int(words[$0 + 1]) : nil
            }
            return RouteExplanation.Server(
                name: words[0], address: words[1], weight: weight ?? 1, isBackup: words.contains("backup"),
                isDisabled: words.contains("disabled"), line: line(statement))
        }
    }
}
