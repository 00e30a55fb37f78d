import HASystem
import HATemplate

/// Compares what happened with what a case expects.
struct CaseJudge {
    let target: String
    let text: ConfigurationText
    let explainer: RouteExplainer
    private let files: FileSystem
    private let program: String
    /// What is wrong with the output.
    var mistakes: [Diagnostic] = []

    init(target: String, made: RenderedOutput, files: FileSystem, input: RenderInput) {
        self.target = target
        self.files = files
        text = ConfigurationText(made.bytes, dialect: input.dialect)
        program = input.dialect.program ?? "the proxy"
        let text = text
        let causes = made.sourceMap.map {
            CauseMap(text, map: $0, document: made.document, name: input.template)
        }
        explainer = RouteExplainer(text, causes: causes, document: made.document)
    }

    static func isAboutMistakes(_ fact: TestCase.Fact) -> Bool {
        switch fact {
        case .fails: true
        case .not(let fact): isAboutMistakes(fact)
        case .service, .backend, .status, .location, .header, .contains, .equals: false
        }
    }

    // MARK: Results

    /// The result of a case whose target cannot be rendered.
    static func result(of test: TestCase, _ target: String, refused: [Diagnostic]) -> CaseResult {
        let errors = refused.filter { $0.severity == .error }
        let codes = Set(errors.map(\.code.rawValue))
        let isExpected = test.expected.allSatisfy { fact in
            switch fact {
            case .fails(let code): codes.contains(code)
            case .not(.fails(let code)): !codes.contains(code)
            default: false
            }
        }
        // A case that expects nothing does not expect this.
        if isExpected, !test.expected.isEmpty { return CaseResult(test: test, target: target, status: .passed) }
        let first = errors.first.map { ": \($0)" } ?? ""
        return CaseResult(
            test: test, target: target, status: .failed(["the target '\(target)' cannot be rendered\(first)"]))
    }

    func unasked(_ test: TestCase, _ reason: String) -> CaseResult {
        CaseResult(test: test, target: target, status: .unasked(reason))
    }

    /// The result of a case about the text.
    func result(of test: TestCase) -> CaseResult {
        let wrong = test.expected.flatMap { self.wrong($0, nil) }
        var result = CaseResult(test: test, target: target, status: status(test, wrong))
        result.output = text
        return result
    }

    private func status(_ test: TestCase, _ wrong: [String]) -> CaseResult.Status {
        if test.expected.isEmpty {
            return .failed(["it expects nothing; haproxy-gen test --update writes what holds now"])
        }
        return wrong.isEmpty ? .passed : .failed(wrong)
    }

    /// The results of all cases of one start, those about the text among them.
    func results(of cases: [TestCase], _ outcome: RouteRun.Outcome) -> [CaseResult] {
        switch outcome {
        case .answered(let answers, _):
            var rest = answers[...]
            return cases.map { test in
                guard let request = test.request, let answer = rest.popFirst() else { return result(of: test) }
                switch answer {
                case .success(let answer): return result(of: test, answer)
                case .failure(let failure): return failed(test, failure.sentence(request))
                }
            }
        case .notInstalled(let name): return all(cases) { unasked($0, "\(name) is not installed") }
        case .nothingToAsk: return all(cases) { failed($0, "the target '\(target)' is for no proxy") }
        case .refusedCode(let refusals):
            let reason = refusals.first.map { refusal in
                "line \(text.line(ofOffset: refusal.range.lowerBound)) of the output: \(refusal.message)"
            }
            return all(cases) { failed($0, (reason ?? "the output runs code") + "; --allow-code lets the proxy start") }
        case .failed(let complaints):
            let complaint = complaints.first
            let speaker = complaint?.isAboutCheck == false ? "\(program) says: " : ""
            let place = complaint?.line.map { "line \($0) of the output: " } ?? ""
            return all(cases) { failed($0, place + speaker + (complaint?.message ?? "the proxy did not start")) }
        }
    }

    private func all(_ cases: [TestCase], _ make: (TestCase) -> CaseResult) -> [CaseResult] {
        cases.map { $0.request == nil ? result(of: $0) : make($0) }
    }

    private func failed(_ test: TestCase, _ sentence: String) -> CaseResult {
        CaseResult(test: test, target: target, status: .failed([sentence]))
    }

    private func result(of test: TestCase, _ answer: RouteAnswer) -> CaseResult {
        let explanation = explainer.explanation(of: answer)
        var given = CaseResult.Answer(
            explanation: explanation, explainer: explainer, service: explainer.service(of: explanation))
        let wrong = test.expected.flatMap { self.wrong($0, given) }
        if !wrong.isEmpty {
            given.nearest = test.expected.lazy.compactMap { explainer.nearest(to: $0, in: explanation) }.first
        }
        var result = CaseResult(test: test, target: target, status: status(test, wrong))
        result.answer = given
        result.output = text
        return result
    }

    // MARK: Facts

    /// What is otherwise than a fact says; nothing where it holds.
    private func wrong(_ fact: TestCase.Fact, _ answer: CaseResult.Answer?) -> [String] {
        if case .not(let inner) = fact {
            guard wrong(inner, answer).isEmpty else { return [] }
            return ["expected \(Self.words(fact)), and so it is"]
        }
        guard let got = got(fact, answer) else { return [] }
        return ["expected \(Self.words(fact)), got \(got)"]
    }

    /// What there is in place of what a fact says; nil where it holds.
    private func got(_ fact: TestCase.Fact, _ answer: CaseResult.Answer?) -> String? {
        let route = answer?.explanation.answer
        switch fact {
        case .service(let id): return answer?.service == id ? nil : Self.words(answer)
        case .backend(let name): return route?.backend == name ? nil : Self.words(answer)
        case .status(let number):
            return route?.status == number ? nil : route?.status.map { "the status \($0)" } ?? "no status"
        case .location(let text):
            let location = route?.header("location")
            return location == text ? nil : location.map { "the location \($0)" } ?? "no location"
        case .header(let name, let text):
            let value = route?.header(name)
            return value == text ? nil : value.map { "the header \(name): \($0)" } ?? "no such header"
        case .contains(let part):
            return Self.holds(text.bytes, Array(part.utf8)) ? nil : "an output without it"
        case .equals(let path): return difference(from: path)
        case .fails(let code):
            let codes = mistakes.filter { $0.severity == .error }.map(\.code.rawValue)
            return codes.contains(code) ? nil : codes.first.map { "the mistake '\($0)'" } ?? "no mistake"
        case .not: return nil
        }
    }

    private static func words(_ answer: CaseResult.Answer?) -> String {
        guard let answer else { return "no answer" }
        let route = answer.explanation.answer
        if let service = answer.service { return "the service '\(service)'" }
        if let backend = route.backend { return "the backend '\(backend)' of no service" }
        guard let status = route.status else { return "the end of the connection" }
        return "the proxy's own answer \(status)" + (route.header("location").map { " to \($0)" } ?? "")
    }

    static func words(_ fact: TestCase.Fact) -> String {
        switch fact {
        case .service(let id): "the service '\(id)'"
        case .backend(let name): "the backend '\(name)'"
        case .status(let number): "the status \(number)"
        case .location(let text): "the location \(text)"
        case .header(let name, let text): text.map { "the header \(name): \($0)" } ?? "no header \(name)"
        case .not(let fact): "not \(words(fact))"
        case .contains(let part): "an output with '\(part)'"
        case .equals(let path): "the output that \(path) holds"
        case .fails(let code): "the mistake '\(code)'"
        }
    }

    private func difference(from path: String) -> String? {
        guard let bytes = try? FileReader(files: files).read(path, .kept).bytes else { return "no file \(path)" }
        guard bytes != text.bytes else { return nil }
        let line = zip(bytes, text.bytes).prefix { $0 == $1 }.count { $0.0 == 0x0A } + 1
        return "another line \(line)"
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: part) }
    }
}
