import HASystem
import HATemplate

/// Runs the cases of a project: those of one target with the same services share a render and a start of the proxy.
package struct CaseRun: Sendable {
    private let rendering: TargetRendering
    private let output: OutputCheck
    private let route: RouteRun
    private let options: Options

    package struct Options: Sendable {
        /// The proxy is not asked.
        package var skipsProxy = false
        package var allowsCode = false
        /// Milliseconds for all requests of one start.
        package var timeLimit = 120_000

        package init() {}
    }

    /// - Parameter output: says what is wrong with an output, for cases that expect a mistake.
    package init(
        rendering: TargetRendering, output: OutputCheck, proxy: ProxyCheck, options: Options = Options()
    ) {
        self.rendering = rendering
        self.output = output
        self.options = options
        route = RouteRun(proxy: proxy)
    }

    /// What happened to each case, in their order. Throws where a file or program cannot be used at all.
    package func run(_ cases: [TestCase], of targets: [ProjectTarget]) throws(RenderFailure) -> [CaseResult] {
        var groups: [[Int]] = []
        var numbers: [Group: Int] = [:]
        for (index, test) in cases.enumerated() {
            let name = test.target ?? targets.first?.name ?? ""
            let group = Group(target: name, services: test.services == nil ? nil : index)
            if let number = numbers[group] {
                groups[number].append(index)
            } else {
                numbers[group] = groups.count
                groups.append([index])
            }
        }
        var results: [Int: CaseResult] = [:]
        for group in groups {
            guard let first = group.first, let target = target(of: cases[first], targets) else { continue }
            let made = try run(group.map { cases[$0] }, of: target)
            for (index, result) in zip(group, made) { results[index] = result }
        }
        return cases.indices.compactMap { results[$0] }
    }

    private struct Group: Hashable {
        var target: String
        /// The case that has services of its own.
        var services: Int?
    }

    private func target(of test: TestCase, _ targets: [ProjectTarget]) -> ProjectTarget? {
        guard let name = test.target else { return targets.first }
        return targets.first { $0.name == name }
    }

    // MARK: One start

    private func run(_ cases: [TestCase], of target: ProjectTarget) throws(RenderFailure) -> [CaseResult] {
        let start = rendering.files.clock()
        var input = target.input
        if let services = cases.first?.services {
            input.root = .services([])
            input.named = []
            input.sources = [services]
        }
        let made: RenderedOutput
        do {
            made = try rendering.render(input, withSourceMap: true).value
        } catch {
            guard case .input = error.cause else { throw error }
            return cases.map { CaseJudge.result(of: $0, target.name, refused: error.report.diagnostics) }
        }
        var judge = CaseJudge(target: target.name, made: made, files: rendering.files, input: input)
        if cases.contains(where: { $0.expected.contains(where: CaseJudge.isAboutMistakes) }) {
            do throws(FileError) {
                judge.mistakes = try output.report(on: judge.text.bytes, of: target, made: made).diagnostics
            } catch {
                throw RenderFailure(.file(error))
            }
        }
        let requests = cases.compactMap(\.request)
        var results: [CaseResult]
        if requests.isEmpty {
            results = cases.map { judge.result(of: $0) }
        } else if options.skipsProxy {
            results = cases.map { $0.request == nil ? judge.result(of: $0) : judge.unasked($0, "it needs the proxy") }
        } else {
            let outcome: RouteRun.Outcome
            do {
                outcome = try route.ask(requests, of: subject(target, input, judge.text))
            } catch {
                throw RenderFailure(.file(error))
            }
            results = judge.results(of: cases, outcome)
        }
        let time = rendering.files.clock() - start
        for index in results.indices { results[index].time = time / max(results.count, 1) }
        return results
    }

    private func subject(
        _ target: ProjectTarget, _ input: RenderInput, _ text: ConfigurationText
    ) -> ProxyCheck.Subject {
        var subject = ProxyCheck.Subject(
            output: target.output, text: text, timeLimit: options.timeLimit, allowsCode: options.allowsCode)
        subject.manner = .caged(isStrict: false)
        subject.variables = input.environment
        subject.folder = target.folder
        return subject
    }
}
