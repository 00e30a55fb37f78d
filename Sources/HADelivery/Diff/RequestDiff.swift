import HASystem
import HATemplate

/// What a new output answers otherwise than the old one, request by request.
package struct RequestDiff: Sendable {
    package struct Change: Sendable, Equatable {
        /// `shop.example.com/cart`
        package var request: String
        /// `be_shop`, `403`, `301 to https://shop.example.com/`, `nothing listens`.
        package var before: String
        package var after: String

        package var sentence: String { "\(request): \(before) → \(after)" }
    }

    package private(set) var changes: [Change] = []
    /// Requests that were not asked, because there are so many.
    package private(set) var omitted = 0
    /// Why nobody could be asked; nil: everything was.
    package private(set) var obstacle: String?

    /// Requests asked of an output.
    private static let maximumCount = 2_000

    /// - Parameters:
    ///   - old: the bytes of the output that is there.
    ///   - made: the new one, with the services that it is made of.
    package init(
        from old: [UInt8], to made: RenderedOutput, of target: ProjectTarget, asking route: RouteRun
    ) throws(FileError) {
        guard target.input.dialect.program != nil else { return }
        let (before, after) = (
            ConfigurationText(old, dialect: target.input.dialect),
            ConfigurationText(made.bytes, dialect: target.input.dialect)
        )
        var proposed = ProposedRequests(after)
        proposed.add(made.document)
        // The services of then are not there any more, but their names and paths stand in the output.
        for (domain, path) in Self.names(in: before) { proposed.add(domain: domain, path: path) }
        proposed.addMiss()
        omitted = max(0, proposed.proposals.count - Self.maximumCount)
        let proposals = proposed.proposals.prefix(Self.maximumCount)
        var answers: [[String]] = []
        for text in [before, after] {
            var subject = ProxyCheck.Subject(
                output: target.output, text: text, timeLimit: Self.timeLimit, allowsCode: false)
            subject.manner = .caged(isStrict: false)
            subject.variables = target.input.environment
            subject.folder = target.folder
            guard let words = words(try route.ask(proposals.map(\.request), of: subject)) else { return }
            answers.append(words)
        }
        for (proposal, pair) in zip(proposals, zip(answers[0], answers[1])) where pair.0 != pair.1 {
            changes.append(Change(request: proposal.name, before: pair.0, after: pair.1))
        }
    }

    /// Milliseconds for all requests of an output.
    private static let timeLimit = 60_000

    // MARK: Names in an output

    /// Domains with the paths that choose together with them.
    private static func names(in text: ConfigurationText) -> [(domain: String, path: String)] {
        let index = StatementIndex(text)
        var pairs: [(domain: String, path: String)] = []
        for (number, statement) in text.statements.enumerated() {
            let words: [String]
            switch (text.dialect, statement.keyword) {
            case (.haproxy, "use_backend"):
                let conditions = HAProxyRouteReading(index: index).conditions(of: number)
                let named = conditions.flatMap { index[$0]?.words.dropFirst(2).map(\.text) ?? [] }
                words = statement.words.dropFirst(2).map(\.text) + named
            case (.nginx, "server_name"):
                guard let server = statement.parent else { continue }
                let places = index.statements(in: server).compactMap { index[$0] }.filter { $0.keyword == "location" }
                words = statement.arguments.map(\.text) + places.compactMap(\.words.last?.text)
            default: continue
            }
            let domains = words.filter(isDomain)
            let paths = [""] + words.filter { $0.hasPrefix("/") && $0 != "/" }
            for domain in domains.prefix(maximumNames) {
                for path in paths.prefix(maximumNames) {
                    pairs.append((domain.hasPrefix(".") ? "*" + domain : domain, path))
                }
            }
        }
        return pairs
    }

    /// Names and paths of one rule.
    private static let maximumNames = 50

    private static func isDomain(_ word: String) -> Bool {
        let isPlain = word.utf8.allSatisfy { byte in
            isTokenByte(byte) && !"!#$%&'+^_`|~".utf8.contains(byte)
        }
        return isPlain && word.dropFirst().contains(".") && word.contains(where: \.isLetter)
    }

    // MARK: Answers

    /// nil where nobody could be asked.
    private mutating func words(_ outcome: RouteRun.Outcome) -> [String]? {
        switch outcome {
        case .answered(let answers, _):
            return answers.map { answer in
                switch answer {
                case .success(let answer): Self.words(answer)
                case .failure(.closed): "nothing listens"
                case .failure: "no answer"
                }
            }
        case .notInstalled(let program): obstacle = "\(program) is not installed"
        case .refusedCode: obstacle = "an output runs code"
        case .failed(let complaints):
            obstacle = "the proxy does not start" + (complaints.first.map { ": \($0.message)" } ?? "")
        case .nothingToAsk: obstacle = "there is no proxy"
        }
        return nil
    }

    private static func words(_ answer: RouteAnswer) -> String {
        if let backend = answer.backend { return backend }
        guard let status = answer.status else { return "the connection ends" }
        return "\(status)" + (answer.header("location").map { " to \($0)" } ?? "")
    }
}
