import HATemplate

/// Why a request was answered as it was: lines of the output. `RouteExplainer.cause` says what wrote one.
package struct RouteExplanation: Sendable {
    /// A line of the output.
    package struct Line: Sendable, Equatable {
        /// 1-based.
        package var number: Int
        /// Without white space at its ends.
        package var text: String
        /// In bytes of the output.
        package var range: Range<Int>
    }

    /// What wrote a line.
    package struct Cause: Sendable {
        /// Where the template wrote it.
        package var template: HATemplate.SourceLocation?
        /// The values in it, the first ones.
        package var data: [Value] = []
    }

    package struct Value: Sendable {
        package var path: String
        package var text: String
        package var place: HATemplate.SourceLocation
    }

    package struct Server: Sendable {
        /// nil where the proxy calls it by its address.
        package var name: String?
        /// As the output has it.
        package var address: String
        package var weight: Int
        package var isBackup: Bool
        package var isDisabled: Bool
        package var line: Line
    }

    package let answer: RouteAnswer
    /// What the output calls the way in: `frontend http`, `server shop.example.com`.
    package let entranceTitle: String
    package let frontend: Line?
    package let bind: Line?
    /// The rules that decided, each followed by the ACLs that it names.
    package let deciding: [Line]
    /// Rules that applied besides.
    package let applied: [Line]
    /// Rules that choose a backend or answer, might have done so, and did not apply.
    package let passed: [Line]
    /// How to begin the sentence about them, given their number.
    package let passedTitle: @Sendable (Int) -> String
    /// `backend be_shop`; nil where the proxy answered by itself.
    package let backendTitle: String?
    package let backend: Line?
    package let servers: [Server]
}

/// What has to be known of a proxy's language to explain its answers. Statements are given by their index.
protocol RouteReading: Sendable {
    var index: StatementIndex { get }

    func frontend(of answer: RouteAnswer) -> Int?
    func entranceTitle(of answer: RouteAnswer) -> String
    /// The listener of the answer's entrance in that frontend.
    func bind(of answer: RouteAnswer, in frontend: Int?) -> Int?
    /// The rules that decided, each followed by what it names.
    func deciding(_ answer: RouteAnswer) -> [Int]
    /// Those of the rules of the answer that decided nothing.
    func applied(_ answer: RouteAnswer) -> [Int]
    /// Rules that might have decided and did not apply.
    func passed(_ answer: RouteAnswer, in frontend: Int?) -> [Int]
    func passedTitle(_ count: Int) -> String
    /// Whether a statement chooses who answers.
    func chooses(_ statement: Int) -> Bool
    func backend(of answer: RouteAnswer) -> Int?
    func backendTitle(of answer: RouteAnswer) -> String?
    func servers(in backend: Int) -> [(name: String?, words: [String], statement: Int)]
    /// The words of a server that give its weight and say that it gets nothing by default.
    func weight(_ words: [String]) -> Int?
    func isDisabled(_ words: [String]) -> Bool
}

/// Explains answers about one output.
package struct RouteExplainer: Sendable {
    private let text: ConfigurationText
    private let causes: CauseMap?
    private let reading: any RouteReading
    private let document: Document?

    private static let maximumValues = 4

    /// - Parameters:
    ///   - causes: what made the output.
    ///   - document: the services.
    package init(_ text: ConfigurationText, causes: CauseMap?, document: Document? = nil) {
        self.text = text
        self.causes = causes
        self.document = document
        let index = StatementIndex(text)
        switch text.dialect {
        case .haproxy, .plain: reading = HAProxyRouteReading(index: index)
        case .nginx: reading = NginxRouteReading(index: index)
        }
    }

    package func explanation(of answer: RouteAnswer) -> RouteExplanation {
        let frontend = reading.frontend(of: answer)
        let backend = reading.backend(of: answer)
        let reading = reading
        return RouteExplanation(
            answer: answer, entranceTitle: reading.entranceTitle(of: answer), frontend: frontend.flatMap(line),
            bind: reading.bind(of: answer, in: frontend).flatMap(line),
            deciding: reading.deciding(answer).compactMap(line), applied: reading.applied(answer).compactMap(line),
            passed: reading.passed(answer, in: frontend).compactMap(line),
            passedTitle: { reading.passedTitle($0) }, backendTitle: reading.backendTitle(of: answer),
            backend: backend.flatMap(line), servers: backend.map(servers) ?? [])
    }

    private func servers(of backend: Int) -> [RouteExplanation.Server] {
        reading.servers(in: backend).compactMap { name, words, statement in
            guard let line = line(statement), let address = words.first else { return nil }
            return RouteExplanation.Server(
                name: name, address: address, weight: reading.weight(words) ?? 1, isBackup: words.contains("backup"),
                isDisabled: reading.isDisabled(words), line: line)
        }
    }

    private func line(_ number: Int) -> RouteExplanation.Line? {
        guard let statement = reading.index[number] else { return nil }
        let whole = reading.index.isAlone(number) ? text.range(ofLine: statement.line) : nil
        let range = whole.map(text.trimmed) ?? statement.range
        return RouteExplanation.Line(number: statement.line, text: text.text(range), range: range)
    }

    /// What wrote a line. It costs more than the line, so that only what is shown is asked for.
    package func cause(of line: RouteExplanation.Line) -> RouteExplanation.Cause {
        guard let causes else { return RouteExplanation.Cause() }
        let range = line.range
        let entries = causes.entries(in: range)
        var values: [RouteExplanation.Value] = []
        for entry in entries where values.count < Self.maximumValues {
            guard let data = entry.data, !values.contains(where: { $0.path == data.path }) else { continue }
            let written = text.text(entry.output.clamped(to: range))
            values.append(RouteExplanation.Value(path: data.path, text: written, place: data.location))
        }
        // White space before the line is the end of what stands above.
        let first = entries.first { !text.trimmed($0.output.clamped(to: range)).isEmpty }
        return RouteExplanation.Cause(template: first.map { causes.place(of: $0, in: range) }, data: values)
    }

    // MARK: Services

    /// The Id of the service that answers: the one whose values made the backend, its servers, or the rule.
    package func service(of explanation: RouteExplanation) -> String? {
        guard explanation.answer.backend != nil else { return nil }
        let lines = [explanation.backend].compactMap { $0 } + explanation.servers.map(\.line) + explanation.deciding
        return lines.lazy.compactMap { services(in: $0).first }.first.flatMap(id)
    }

    /// The numbers of the services whose values stand in a line.
    private func services(in line: RouteExplanation.Line) -> [Int] {
        guard let causes else { return [] }
        return causes.entries(in: line.range).compactMap { entry in
            guard let path = entry.data?.path, path.hasPrefix("services[") else { return nil }
            return Int(path.dropFirst("services[".count).prefix { $0.isNumber })
        }
    }

    private func id(_ number: Int) -> String? {
        guard let document else { return nil }
        let services = document.elements(of: document.root)
        guard services.indices.contains(services.startIndex + number) else { return nil }
        return document.field("Id", of: services[services.startIndex + number]).flatMap(document.text)
    }

    /// The rule that would have led to what a case expects: of those that did not apply, else of all, the first.
    package func nearest(
        to fact: TestCase.Fact, in explanation: RouteExplanation
    ) -> RouteExplanation.Line? {
        let leads: (RouteExplanation.Line) -> Bool
        switch fact {
        case .service(let wanted): leads = { line in services(in: line).contains { id($0) == wanted } }
        case .backend(let name):
            leads = { line in line.text.split { " ;/".contains($0) }.contains { $0 == name } }
        case .status, .location, .header, .not, .contains, .equals, .fails: return nil
        }
        return explanation.passed.first(where: leads)
            ?? text.statements.indices.lazy.filter { reading.chooses($0) }.compactMap { line($0) }.first(where: leads)
    }
}
