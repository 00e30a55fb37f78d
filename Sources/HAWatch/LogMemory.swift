/// What was said already, so that a cause that persists is said once.
struct LogMemory: Sendable {
    private var said: [String: Set<String>] = [:]
    private var lastCauses: [String] = []

    /// The sentences that were not among those said of this before; these are the ones that were said now.
    mutating func new(_ sentences: [String], in topic: String) -> [String] {
        let before = said[topic] ?? []
        said[topic] = sentences.isEmpty ? nil : Set(sentences)
        return sentences.filter { !before.contains($0) }
    }

    /// Forgets what was said of this; whether there was anything.
    mutating func end(_ topic: String) -> Bool { said.removeValue(forKey: topic) != nil }

    /// What a delivery is worth saying.
    mutating func entries(
        about report: DeliveryReport, reasons: Set<ChangeOwner>, milliseconds: Int?
    ) -> [LogEntry] {
        var entries = sourceEntries(report) + quarantineEntries(report)
        for note in new(report.notes, in: "notes") { entries.append(LogEntry(.warning, "note", note)) }
        for name in report.restored {
            entries.append(
                LogEntry(
                    .warning, "drift", "the output of \(name) was changed by somebody else and is put back",
                    [("target", .text(name))]))
        }
        if report.isWaiting { return entries }
        let why = reasons.map(\.words).sorted()
        if !report.isDelivered {
            let level: LogLevel = report.causes == lastCauses ? .debug : .error
            lastCauses = report.causes
            entries.append(
                LogEntry(
                    level, report.ending == .refused ? "refused" : "failed",
                    "not delivered, what was there stays: \(LogEntry.shown(report.causes))",
                    [("causes", .list(report.causes)), ("reasons", .list(why))]))
            return entries
        }
        if !lastCauses.isEmpty {
            lastCauses = []
            entries.append(LogEntry(.info, "recovered", "deliveries succeed again"))
        }
        for target in report.changed {
            entries.append(Self.entry(about: target, why, milliseconds))
        }
        if report.changed.isEmpty {
            let words = "nothing has changed" + (why.isEmpty ? "" : " for " + why.joined(separator: ", "))
            entries.append(LogEntry(.debug, "unchanged", words, [("reasons", .list(why))]))
        }
        return entries
    }

    private static func entry(
        about target: DeliveryReport.Target, _ why: [String], _ milliseconds: Int?
    ) -> LogEntry {
        let shown = target.summary.prefix(8).joined(separator: "; ")
        let more = target.summary.count > 8 ? "; and \(target.summary.count - 8) more" : ""
        var fields: [(name: String, value: LogEntry.Field)] = [
            ("target", .text(target.name)), ("changes", .list(target.summary)), ("reasons", .list(why)),
        ]
        var times: [String] = []
        for (name, time) in [("render", target.render), ("check", target.check), ("reload", target.reload)] {
            guard let time else { continue }
            times.append("\(name) \(time / 1000)")
            fields.append((name + "Milliseconds", .number(time / 1000)))
        }
        if let milliseconds { fields.append(("milliseconds", .number(milliseconds))) }
        let reason = why.isEmpty ? "" : why.joined(separator: ", ") + "; "
        let total = milliseconds.map { "\($0) ms in all: " } ?? ""
        return LogEntry(
            .info, "delivered",
            "\(target.name): \(shown)\(more) (\(reason)\(total)\(times.joined(separator: ", ")) ms)", fields)
    }

    private mutating func sourceEntries(_ report: DeliveryReport) -> [LogEntry] {
        var entries: [LogEntry] = []
        let problems = report.problems.sorted { $0.key < $1.key }
        let before = said["sources"] ?? []
        let sentences = problems.map { "\(LocalSource.words($0.key)): \($0.value)" }
        for (problem, sentence) in zip(problems, sentences) where !before.contains(sentence) {
            let count = report.services[problem.key] ?? 0
            let rest = count == 0 ? "it has no services" : "its last \(count) services stay"
            entries.append(
                LogEntry(.warning, "source", "\(sentence); \(rest)", [("source", .text(problem.key))]))
        }
        said["sources"] = sentences.isEmpty ? nil : Set(sentences)
        for name in lost(problems.map(\.key), in: "answering sources") {
            entries.append(
                LogEntry(
                    .info, "source", "\(LocalSource.words(name)): there is an answer again", [("source", .text(name))]))
        }
        return entries
    }

    private mutating func quarantineEntries(_ report: DeliveryReport) -> [LogEntry] {
        var entries: [LogEntry] = []
        let sentences = report.quarantined.map(\.sentence)
        let fresh = Set(new(sentences, in: "quarantine"))
        for entry in report.quarantined where fresh.contains(entry.sentence) {
            entries.append(
                LogEntry(
                    .error, "quarantine", entry.sentence,
                    [("source", .text(entry.source)), ("file", .text(entry.file)), ("service", .text(entry.id))]))
        }
        let names = report.quarantined.map { $0.id.isEmpty ? $0.file : $0.id }
        for name in lost(names, in: "quarantined names") {
            entries.append(
                LogEntry(.info, "quarantine", "'\(name)' is out of quarantine", [("service", .text(name))]))
        }
        return entries
    }

    /// Those that were there before and are no more.
    private mutating func lost(_ names: [String], in topic: String) -> [String] {
        let before = said[topic] ?? []
        said[topic] = names.isEmpty ? nil : Set(names)
        return before.subtracting(names).sorted()
    }
}
