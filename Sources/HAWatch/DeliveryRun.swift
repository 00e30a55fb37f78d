import HADelivery
import HADiscovery
import HAServices
import HASystem
import HATemplate

/// What deliveries work with.
package struct DeliveryTools: Sendable {
    package var rendering: TargetRendering
    package var check: OutputCheck
    package var process: ChildProcess
    package var temporaries: TemporaryFiles
    package var cache: FileCache
    /// Nanoseconds since 1970.
    package var now: @Sendable () -> Int64
    /// Microseconds of a monotonic clock.
    package var microseconds: @Sendable () -> Int
    /// Whether the program is about to end, so that a check is not waited for.
    package var isEnding: @Sendable () -> Bool

    package init(
        rendering: TargetRendering, check: OutputCheck, process: ChildProcess, temporaries: TemporaryFiles,
        cache: FileCache = FileCache(), now: @escaping @Sendable () -> Int64,
        microseconds: @escaping @Sendable () -> Int, isEnding: @escaping @Sendable () -> Bool = { false }
    ) {
        self.rendering = rendering
        self.check = check
        self.process = process
        self.temporaries = temporaries
        self.cache = cache
        self.now = now
        self.microseconds = microseconds
        self.isEnding = isEnding
    }

    package var reader: LocalReader {
        LocalReader(rendering: rendering, cache: cache, temporaries: temporaries, now: now)
    }
}

/// One delivery: sources asked, services put together, and the targets brought into place by the very steps of `apply`.
/// What cannot be delivered goes into quarantine, and the rest is delivered without it.
package struct DeliveryRun: Sendable {
    package struct Wish: Sendable, Equatable {
        /// A person has asked for what sources say now, empty or not.
        package var isForced = false
        /// What is in quarantine is tried again.
        package var releasesQuarantine = false
        /// Sources that have never answered are not waited for any more.
        package var isWaitOver = true

        package init() {}
    }

    private let project: ProjectFile
    private let targets: [ProjectTarget]
    private let sources: [LocalSource]
    private let tools: DeliveryTools
    private let wish: Wish

    /// Deliveries that are tried with more and more in quarantine.
    private static let maximumRounds = 12
    /// Microseconds that looking for a culprit by halves may take.
    private static let halvingTime = 60_000_000

    package init(project: ProjectFile, targets: [ProjectTarget], tools: DeliveryTools, wish: Wish = Wish()) {
        self.project = project
        self.targets = targets
        sources = LocalSource.all(of: targets)
        self.tools = tools
        self.wish = wish
    }

    private var store: SourceStore {
        SourceStore(state: project.state, files: tools.rendering.files, temporaries: tools.temporaries)
    }

    // MARK: Delivery

    /// Delivers.
    package func run(_ state: inout DeliveryState) -> DeliveryReport {
        let start = tools.microseconds()
        restore(&state)
        let quarantined = state.quarantine.entries
        state.quarantine.release(all: wish.releasesQuarantine)
        let known = state.quarantine
        var blame = Blame()
        let before = state.outputs
        var report = DeliveryReport()
        var attempt = Attempt(parts: [], targets: [])
        var lastReload: Int?
        for round in 1...Self.maximumRounds {
            let recording = DeliveryRecording(tools.microseconds, outputs: traces)
            var failure: ApplyFailure?
            var isWaiting = false
            do throws(ApplyFailure) {
                try applier(recording).apply { () throws(ApplyFailure) in
                    ask(&state)
                    guard wish.isWaitOver || state.isComplete(sources) else {
                        isWaiting = true
                        return []
                    }
                    attempt = assemble(&state)
                    return attempt.targets
                }
            } catch {
                failure = error
            }
            report = recording.report(of: targets)
            report.isWaiting = isWaiting
            lastReload = recording.lastReload
            guard let failure else {
                report.ending = isWaiting ? .failed : report.hasReloaded ? .reloaded : .done
                if !isWaiting { keep(&state, &report, before, recording.installed ?? traces()) }
                break
            }
            report.fail(failure, recording.findings)
            let isRefusal = report.ending == .refused && project.watch.quarantine == .lastGood && !tools.isEnding()
            guard isRefusal, round < Self.maximumRounds,
                quarantine(failure, recording, attempt, &blame, &state)
            else {
                // What was tried in vain is nobody's fault. Where only the rounds were too few, the next delivery goes on.
                if round < Self.maximumRounds { state.quarantine = known }
                break
            }
        }
        tools.cache.endRound()
        // Nothing leaves quarantine by a delivery that came to nothing.
        finish(&report, state, attempt, report.isDelivered ? state.quarantine.entries : quarantined)
        report.duration = tools.microseconds() - start
        report.afterReload = lastReload.map { tools.microseconds() - $0 } ?? 0
        return report
    }

    private func applier(_ recording: DeliveryRecording) -> Applier {
        var options = Applier.Options()
        options.isSummaryLate = true
        return Applier(
            project: project, options: options,
            tools: Applier.Tools(
                rendering: tools.rendering, check: tools.check, process: tools.process,
                temporaries: tools.temporaries, steps: recording.steps, emit: { recording.add($0) }))
    }

    /// What sources said before the program began, for those that have not answered since.
    private func restore(_ state: inout DeliveryState) {
        for source in sources where state.memories[source.name] == nil {
            let stored = try? store.answer(of: source.name, trustsConfig: source.trustsConfig)
            state.memories[source.name] = SourceMemory(stored: stored)
            if let stored {
                state.good[source.name] = stored
                state.stored[source.name] = stored
            }
        }
        let names = Set(sources.map(\.name))
        state.memories = state.memories.filter { names.contains($0.key) }
        state.good = state.good.filter { names.contains($0.key) }
    }

    private func ask(_ state: inout DeliveryState) {
        state.stamp = tools.reader.stamp(project, targets, sources)
        for source in sources {
            let answer = tools.reader.answer(of: source, unreadable: unreadable(source, state))
            _ = state.memories[source.name]?.take(answer, isForced: wish.isForced)
        }
    }

    private func unreadable(_ source: LocalSource, _ state: DeliveryState) -> LocalReader.Unreadable {
        project.watch.quarantine == .off ? .fails : .isReplaced(last: state.memories[source.name]?.answer)
    }

    // MARK: Putting together

    /// What is about to be delivered.
    private struct Attempt {
        /// The parts of all targets, each once.
        var parts: [ServiceMerge.Part]
        var targets: [ProjectTarget]
        var hidden: [ServiceMerge.Hidden] = []
        /// What each source says, without what is in quarantine.
        var answers: [String: SourceAnswer] = [:]
        /// The sources that have never answered.
        var missing: Set<String> = []
        /// The targets whose outputs stay because of that.
        var leftAlone: [String] = []
    }

    private func assemble(_ state: inout DeliveryState) -> Attempt {
        var attempt = Attempt(parts: [], targets: [])
        for source in sources {
            guard let answer = state.memories[source.name]?.answer else {
                attempt.missing.insert(source.name)
                continue
            }
            attempt.answers[source.name] = state.quarantine.cleaned(answer, of: source.name)
        }
        assemble(&attempt)
        return attempt
    }

    /// The outputs as they are now, by their paths.
    private var traces: @Sendable () -> [String: OutputTrace] {
        let (paths, files) = (targets.map(\.output), tools.rendering.files)
        return {
            let traces = paths.compactMap { path in OutputTrace(path, files).map { (path, $0) } }
            return Dictionary(traces) { first, _ in first }
        }
    }

    /// Whether a target would lose the services of a source that has never answered: what is there stays.
    private func isLeftAlone(_ target: ProjectTarget, _ missing: Set<String>) -> Bool {
        let names = (LocalSource.own(of: target) + LocalSource.named(by: target)).map(\.name)
        return !missing.isDisjoint(with: names) && (try? tools.rendering.files.status(target.output)) != nil
    }

    private func assemble(_ attempt: inout Attempt) {
        var known: Set<String> = []
        for target in targets {
            if isLeftAlone(target, attempt.missing) {
                attempt.leftAlone.append(target.name)
                continue
            }
            let merge = Self.merge(target, attempt.answers)
            attempt.hidden += merge.hidden
            for part in merge.parts where known.insert(part.source + "\u{0}" + part.file.name).inserted {
                attempt.parts.append(part)
            }
            attempt.targets.append(target.getting(merge.parts))
        }
    }

    /// The services of a target: its own files and table as they are, those of the sources that it names by precedence.
    package static func merge(_ target: ProjectTarget, _ answers: [String: SourceAnswer]) -> ServiceMerge {
        var merge = ServiceMerge()
        let own = LocalSource.own(of: target)
        for source in own.filter(\.isFiles) + LocalSource.named(by: target) + own.filter({ !$0.isFiles }) {
            guard let answer = answers[source.name] else { continue }
            let joins = target.input.named.isEmpty
            merge.add(source.name, answer, joins: joins)
        }
        return merge
    }

    // MARK: Quarantine

    /// How many services were blamed for what happened at one place of a template.
    private struct Blame {
        var counts: [String: Int] = [:]
        var all = 0

        mutating func add(_ finding: Diagnostic) {
            all += 1
            guard let place = finding.location else { return }
            counts["\(place.file.name):\(place.range.start)", default: 0] += 1
        }

        /// Where most services fail at one place, the place is wrong; and no proxy is emptied in this way.
        func isTemplates(of services: Int) -> Bool {
            let most = counts.values.max() ?? 0
            return most >= 2 && most > services / 2
        }
    }

    /// Puts what a refusal is about in quarantine; whether anything is new there and something is left.
    private func quarantine(
        _ failure: ApplyFailure, _ recording: DeliveryRecording, _ attempt: Attempt, _ blame: inout Blame,
        _ state: inout DeliveryState
    ) -> Bool {
        guard !targets.contains(where: { !tools.rendering.mistakesOfTemplate($0.input).isEmpty }) else { return false }
        let isCheck = if case .check = failure { true } else { false }
        let isNew = quarantine(recording, attempt, isRemembered: isCheck, &blame, &state)
        let services = sources.reduce(0) { $0 + (state.memories[$1.name]?.answer?.serviceCount ?? 0) }
        return isNew && !blame.isTemplates(of: services) && hasServicesLeft(state)
    }

    /// Whether what is left in place of all services is more than nothing.
    private func hasServicesLeft(_ state: DeliveryState) -> Bool {
        sources.contains { source in
            var quarantine = state.quarantine
            return state.memories[source.name]?.answer.map { !quarantine.cleaned($0, of: source.name).isEmpty } ?? false
        }
    }

    private func quarantine(
        _ recording: DeliveryRecording, _ attempt: Attempt, isRemembered isCheck: Bool, _ blame: inout Blame,
        _ state: inout DeliveryState
    ) -> Bool {
        var isNew = false
        for found in Quarantine.suspects(recording.findings, in: attempt.parts) {
            let entry = state.quarantine.add(
                found.suspect, in: attempt.parts, good: state.good,
                cause: Self.cause(found.finding, at: found.location),
                isRemembered: isCheck)
            guard entry != nil else { continue }
            isNew = true
            // A mistake in a service file is that service's.
            if found.finding.location?.file.name != found.location.file.name { blame.add(found.finding) }
        }
        if isNew { return true }
        // A check that hangs would hang for each half.
        guard !recording.hasTimedOut(targets), let suspect = suspectByHalves(attempt) else { return false }
        let reason = recording.findings.first { $0.severity == .error }
        let part = attempt.parts[suspect.part]
        let place = "\(part.file.name):\(Self.line(of: suspect, in: part.file))"
        let cause = "\(place): \(reason?.description ?? "the output is refused because of it")"
        return state.quarantine.add(
            suspect, in: attempt.parts, good: state.good, cause: cause, isRemembered: isCheck) != nil
    }

    /// The service without which everything is accepted.
    private func suspectByHalves(_ attempt: Attempt) -> Quarantine.Suspect? {
        let suspects = attempt.parts.enumerated().flatMap { number, part in
            (part.file.entries ?? []).indices.map { Quarantine.Suspect(part: number, service: $0) }
        }
        let end = tools.microseconds() + Self.halvingTime
        let culprit = Halving.culprit(of: suspects.count) { numbers in
            // Once the time is over nothing is found any more.
            guard tools.microseconds() < end, !tools.isEnding() else { return nil }
            return isAccepted(attempt, Set(numbers.map { suspects[$0] }))
        }
        return culprit.map { suspects[$0] }
    }

    /// Whether the targets are rendered and checked without a mistake when they get some services alone.
    private func isAccepted(_ attempt: Attempt, _ kept: Set<Quarantine.Suspect>) -> Bool {
        var reduced: [String: SourceAnswer.File] = [:]
        for (number, part) in attempt.parts.enumerated() {
            guard let entries = part.file.entries else { continue }
            var dropped: [Int: [UInt8]?] = [:]
            for index in entries.indices where !kept.contains(.init(part: number, service: index)) {
                dropped[index] = .some(nil)
            }
            reduced[part.source + "\u{0}" + part.file.name] = SourceAnswer.File(
                name: part.file.name, bytes: ServiceIndex.replacing(dropped, of: entries, in: part.file.bytes))
        }
        for target in targets {
            let parts = Self.merge(target, attempt.answers).parts.map { part in
                var part = part
                part.file = reduced[part.source + "\u{0}" + part.file.name] ?? part.file
                return part
            }
            let target = target.getting(parts)
            guard let made = try? tools.rendering.render(target.input, withSourceMap: true),
                let report = try? tools.check.report(on: made.value.bytes, of: target, made: made.value),
                !report.hasErrors
            else { return false }
        }
        return true
    }

    /// One line: the place in the service file, and what is wrong.
    private static func cause(_ finding: Diagnostic, at location: HATemplate.SourceLocation) -> String {
        let position = LineIndex(location.file).position(at: location.range.start)
        let place = "\(location.file.name):\(position.line):\(position.column)"
        return "\(place): \(finding.message) [\(finding.code.rawValue)]"
    }

    private static func line(of suspect: Quarantine.Suspect, in file: SourceAnswer.File) -> Int {
        guard let number = suspect.service, let entry = file.entries?[number] else { return 1 }
        return 1 + file.bytes[..<entry.range.lowerBound].count { $0 == UInt8(ascii: "\n") }
    }

    // MARK: Afterwards

    /// Remembers what was delivered.
    private func keep(
        _ state: inout DeliveryState, _ report: inout DeliveryReport, _ before: [String: OutputTrace],
        _ installed: [String: OutputTrace]
    ) {
        for source in sources {
            guard let answer = state.memories[source.name]?.answer else { continue }
            var quarantine = state.quarantine
            state.good[source.name] = quarantine.cleaned(answer, of: source.name)
        }
        for target in targets {
            let trace = installed[target.output]?.digested(target.output, tools.rendering.files)
            // It was changed since the last delivery, and what was rendered is the same as then.
            if let old = before[target.output], let trace, old.status != trace.status, old.digest == trace.digest,
                old.digest != nil
            {
                report.restored.append(target.name)
            }
            state.outputs[target.output] = trace
        }
        for source in sources {
            guard let good = state.good[source.name], state.stored[source.name] != good else { continue }
            do {
                try store.store(good, of: source.name)
                state.stored[source.name] = good
            } catch {
                report.notes.append("the answer of \(source.name) could not be kept: \(error.sentence)")
            }
        }
    }

    private func finish(
        _ report: inout DeliveryReport, _ state: DeliveryState, _ attempt: Attempt, _ quarantined: [Quarantine.Entry]
    ) {
        // One file may be that of several sources.
        var seen: Set<String> = []
        let all = tools.cache.unreadable(of: sources) + quarantined
        report.quarantined = all.filter { seen.insert($0.sentence).inserted }
        for source in sources {
            let memory = state.memories[source.name]
            report.services[source.name] = memory?.answer?.serviceCount ?? 0
            report.problems[source.name] = memory?.problem?.sentence
        }
        report.notes += Set(attempt.hidden).map(\.sentence).sorted()
        report.notes += attempt.leftAlone.map { name in
            "the output of \(name) stays as it is: a source of it has never answered"
        }
        report.plan = FolderPlan(project, targets, sources, tools.rendering.files)
    }

    // MARK: Looking

    /// Whether anything is not as the last delivery found or left it.
    package func look(_ state: DeliveryState) -> LookReport {
        let start = tools.microseconds()
        var report = LookReport()
        report.isChanged = state.stamp != tools.reader.stamp(project, targets, sources)
        for target in targets {
            guard let known = state.outputs[target.output] else { continue }
            if known.status != (try? tools.rendering.files.status(target.output)) { report.drifted.append(target.name) }
        }
        report.duration = tools.microseconds() - start
        return report
    }
}

extension ProjectTarget {
    /// The target with services that were put together already.
    func getting(_ parts: [ServiceMerge.Part]) -> ProjectTarget {
        guard case .services = input.root else { return self }
        var target = self
        target.input.root = .services([])
        target.input.named = []
        target.input.sources = parts.map { part in
            let bytes = part.file.bytes
            return ServiceSource(name: part.file.name, trustsConfig: part.trustsConfig) { () throws(FileError) in bytes
            }
        }
        return target
    }
}
