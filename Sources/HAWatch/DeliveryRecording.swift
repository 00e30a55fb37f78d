import HADelivery
import HASystem
import HATemplate

/// What an applier reports while it works.
final class DeliveryRecording: Sendable {
    private struct Content {
        var findings: [Diagnostic] = []
        var summaries: [String: [String]] = [:]
        /// Microseconds by verb and target.
        var times: [String: Int] = [:]
        var notes: [String] = []
        var errors: [String] = []
        var said: [String] = []
        var lastReload: Int?
        var installed: [String: OutputTrace]?
    }

    private let content = Guarded(Content())
    private let clock: @Sendable () -> Int
    private let outputs: @Sendable () -> [String: OutputTrace]

    /// - Parameter outputs: what lies at the paths of the outputs now. It is asked once, after everything is installed and
    ///   before the first reload.
    init(_ clock: @escaping @Sendable () -> Int, outputs: @escaping @Sendable () -> [String: OutputTrace]) {
        self.clock = clock
        self.outputs = outputs
    }

    /// What was installed, by its path; nil where nothing was reloaded.
    var installed: [String: OutputTrace]? { content.withLock { $0.installed } }

    /// Steps with their time in microseconds.
    var steps: WorkSteps {
        let began: @Sendable (WorkStep) -> Void = { [content, outputs] step in
            guard step.name.hasPrefix("reload "), content.withLock({ $0.installed == nil }) else { return }
            let traces = outputs()
            content.withLock { $0.installed = traces }
        }
        return WorkSteps(clock: clock, began: began) { [content, clock] step, time in
            let name = step.name.prefix { $0 != "@" }
            content.withLock { content in
                content.times[String(name), default: 0] += time
                if name.hasPrefix("reload ") { content.lastReload = clock() }
            }
        }
    }

    /// When the last reload ended, in microseconds; nil: there was none.
    var lastReload: Int? { content.withLock { $0.lastReload } }

    /// Everything that renders and checks reported.
    var findings: [Diagnostic] { content.withLock { $0.findings } }

    func add(_ event: ApplyEvent) {
        content.withLock { content in
            switch event {
            case .report(let report):
                content.findings += report.diagnostics
                content.notes += report.notes
            case .summary(let target, let lines):
                let lines = lines.isEmpty ? ["the text changes"] : lines
                // A part of a target is reported with it.
                let names = target.split(separator: "@", maxSplits: 1).map(String.init)
                let part = names.count > 1 ? names[1] + ": " : ""
                content.summaries[names.first ?? target, default: []] += lines.map { part + $0 }
            case .note(let sentence): content.notes.append(sentence)
            case .error(let sentence): content.errors.append(sentence)
            case .commandOutput(let bytes):
                let text = String(decoding: bytes, as: UTF8.self)
                content.said += text.split(whereSeparator: \.isNewline).map(String.init)
            case .done, .refused: break
            }
        }
    }

    /// Whether a check took all the time that it has.
    func hasTimedOut(_ targets: [ProjectTarget]) -> Bool {
        content.withLock { content in
            targets.contains { target in
                content.times["check \(target.name)"].map { $0 / 1000 >= target.checkTimeout } ?? false
            }
        }
    }

    func report(of targets: [ProjectTarget]) -> DeliveryReport {
        content.withLock { content in
            var report = DeliveryReport()
            report.targets = targets.map { target in
                var one = DeliveryReport.Target(name: target.name)
                one.summary = content.summaries[target.name] ?? []
                one.render = content.times["render \(target.name)"]
                one.check = content.times["check \(target.name)"]
                one.reload = content.times["reload \(target.name)"]
                return one
            }
            report.notes = content.notes
            report.causes = content.errors
            // What the command itself wrote says best why it failed.
            if !content.errors.isEmpty { report.causes += content.said.suffix(5) }
            return report
        }
    }
}

extension DeliveryReport {
    /// Takes why an apply stopped. The same cause has the same words each time, so names that are made up are left out.
    mutating func fail(_ failure: ApplyFailure, _ findings: [Diagnostic]) {
        take(failure, findings)
        causes = causes.map(Self.withoutPrivateFolders)
    }

    /// A sentence without the names of folders that checks make: they are others each time.
    static func withoutPrivateFolders(_ sentence: String) -> String {
        let start = "/haproxy-gen-check-"
        var text = ""
        var rest = sentence[...]
        while let found = rest.firstRange(of: start) {
            text += rest[..<found.lowerBound]
            rest = rest[found.upperBound...].drop { $0.isHexDigit || $0 == "-" }
        }
        return text + rest
    }

    private mutating func take(_ failure: ApplyFailure, _ findings: [Diagnostic]) {
        let found = findings.filter { $0.severity == .error }.map(\.description)
        switch failure {
        case .render(.input), .check:
            ending = .refused
            causes = (found.isEmpty ? ["the check refused the output"] : found) + causes
        case .render(.file(let error)), .file(let error):
            ending = .failed
            causes = [error.sentence] + causes
        case .render(.state(let error)), .state(let error):
            ending = .failed
            causes = [error.sentence ?? "the state cannot be used"] + error.diagnostics.map(\.description) + causes
        case .render(.badTime(let text)):
            ending = .refused
            causes = ["the environment variable SOURCE_DATE_EPOCH is not a number of seconds since 1970: '\(text)'"]
        case .guards(let broken):
            ending = .refused
            causes = broken.map(\.sentence)
        case .noVersion(let target, _, _):
            ending = .failed
            causes = ["\(target) has no earlier version"]
        case .reload(let target):
            ending = .failed
            if causes.isEmpty { causes = ["the reload of \(target.name) failed"] }
        }
    }
}
