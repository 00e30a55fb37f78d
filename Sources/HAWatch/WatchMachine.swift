import HADelivery
import HADiscovery
import HASystem

/// The daemon without its system: what it hears, what it wants done, and what it says. No clock, no file, no socket inside.
package struct WatchMachine: Sendable {
    package enum Input: Sendable {
        case started
        /// Something concerning these has changed.
        case changed(Set<ChangeOwner>)
        /// A signal or a person asks for everything to be looked at.
        case refresh
        /// A signal asks to end.
        case end
        case delivered(DeliveryReport)
        case looked(LookReport)
        /// The project file was read: the settings, or what is wrong with it; nil: it is as it was.
        case projectRead(ProjectReading?)
        /// Folders are watched that were not before.
        case watchesAdded
        /// A folder cannot be watched.
        case unwatched([String])
        case timer
    }

    package enum ProjectReading: Sendable {
        case good(WatchSettings, targets: [ProjectTarget], sources: [String])
        case broken([String])
    }

    package enum Effect: Sendable, Equatable {
        case deliver(DeliveryRun.Wish)
        case look
        case readProject
        case watch(FolderPlan)
        case log(LogEntry)
        case notify(ServiceManager.State?, status: String?)
        /// The program ends with this code.
        case end(Int32)
    }

    package private(set) var status: WatchStatus
    private var settings: WatchSettings
    private let isOnce: Bool
    private let watchdog: Int?
    private var schedule: DeliverySchedule
    private var looks = FileSource()
    /// Whether the worker has something to do.
    private var isBusy = false
    private var wantsProject = false
    private var wantsLook = false
    private var wish = DeliveryRun.Wish()
    private var reasons: Set<ChangeOwner> = []
    private var underWay: (first: Int, isRetry: Bool, reasons: Set<ChangeOwner>)?
    private var startTime = 0
    private var lookTime: Int?
    /// Microseconds that the last look took.
    private var lookDuration = 0
    private var refreshTime: Int?
    /// When sources that have never answered are not waited for any more; nil: they are not waited for.
    private var waitTime: Int?
    private var watchdogTime: Int?
    /// When the program ends.
    private var endTime: Int?
    private var hasEnded = false
    private var isReloading = false
    private var hasAnnounced = false
    private var memory = LogMemory()

    /// Milliseconds that the work under way may take beyond the drain.
    package static let endGrace = 800

    /// - Parameters:
    ///   - isOnce: whether it ends after one delivery.
    ///   - watchdog: milliseconds between signs of life; nil: none are wanted.
    package init(
        _ settings: WatchSettings, targets: [ProjectTarget], sources: [String], version: String, isOnce: Bool = false,
        watchdog: Int? = nil, seed: UInt64
    ) {
        self.settings = settings
        self.isOnce = isOnce
        self.watchdog = watchdog
        schedule = DeliverySchedule(settings, seed: seed)
        status = WatchStatus(version: version)
        status.take(targets: targets, sources: sources)
    }

    /// When `timer` is wanted; nil: never.
    package var deadline: Int? {
        guard !hasEnded else { return nil }
        var times = [watchdogTime, endTime].compactMap { $0 }
        if !isBusy, endTime == nil { times += [schedule.due, lookTime, refreshTime, waitTime].compactMap { $0 } }
        return times.min()
    }

    // MARK: Steps

    /// - Parameters:
    ///   - now: milliseconds of a monotonic clock.
    ///   - date: seconds since 1970.
    package mutating func step(_ input: Input, at now: Int, date: Int) -> [Effect] {
        var effects: [Effect] = []
        switch input {
        case .started: start(&effects, now)
        case .changed(let owners): changed(owners, now)
        case .refresh: refresh(&effects, now)
        case .end: end(&effects, now)
        case .delivered(let report): delivered(report, &effects, now, date)
        case .looked(let report): looked(report, &effects, now)
        case .projectRead(let reading): projectRead(reading, &effects, now)
        case .watchesAdded: wantsLook = hasAnnounced
        case .unwatched(let sentences):
            for sentence in memory.new(sentences, in: "unwatched") {
                effects.append(.log(LogEntry(.warning, "unwatched", sentence)))
            }
        case .timer: timer(&effects, now)
        }
        work(&effects, now)
        return effects
    }

    private mutating func start(_ effects: inout [Effect], _ now: Int) {
        startTime = now
        refreshTime = now + settings.refresh
        watchdogTime = watchdog.map { now + $0 }
        let targets = status.targets.map(\.name).joined(separator: ", ")
        let sources = status.sources.map(\.name)
        effects.append(
            .log(
                LogEntry(
                    .info, "started",
                    "\(isOnce ? "delivering" : "watching") \(targets)",
                    [("targets", .list(status.targets.map(\.name))), ("sources", .list(sources))])))
        schedule.changed(at: now)
    }

    private mutating func changed(_ owners: Set<ChangeOwner>, _ now: Int) {
        if owners.contains(.project) { wantsProject = true }
        let inputs = owners.filter { owner in
            switch owner {
            case .source, .target, .part: true
            case .project, .output: false
            }
        }
        if inputs.isEmpty {
            if owners.contains(where: { if case .output = $0 { true } else { false } }) { wantsLook = true }
            return
        }
        reasons.formUnion(inputs)
        // What is in quarantine may be right for another template.
        if inputs.contains(where: { if case .target = $0 { true } else { false } }) { wish.releasesQuarantine = true }
        schedule.changed(at: now)
    }

    private mutating func refresh(_ effects: inout [Effect], _ now: Int) {
        effects.append(.log(LogEntry(.info, "refresh", "everything is looked at, since a signal asks for it")))
        if !isReloading {
            isReloading = true
            effects.append(.notify(.reloading(now * 1000), status: nil))
        }
        wantsProject = true
        wish.isForced = true
        wish.releasesQuarantine = true
        schedule.changed(at: now)
    }

    private mutating func end(_ effects: inout [Effect], _ now: Int) {
        guard endTime == nil else { return }
        endTime = now + settings.drain + (isBusy ? Self.endGrace : 0)
        status.phase = .terminating
        let words = settings.drain > 0 ? "ending in \(TimeWords.text(settings.drain))" : "ending"
        effects.append(.log(LogEntry(.info, "ending", words)))
        effects.append(.notify(.stopping, status: words))
    }

    private mutating func timer(_ effects: inout [Effect], _ now: Int) {
        if let time = endTime, time <= now {
            hasEnded = true
            effects.append(.end(0))
            return
        }
        if let time = watchdogTime, time <= now, let watchdog {
            watchdogTime = now + watchdog
            effects.append(.notify(.alive, status: nil))
        }
        if let time = lookTime, time <= now {
            lookTime = nil
            wantsLook = true
        }
        if let time = waitTime, time <= now {
            waitTime = nil
            schedule.changed(at: now)
        }
        if let time = refreshTime, time <= now {
            refreshTime = now + settings.refresh
            wantsProject = true
            wish.releasesQuarantine = true
            schedule.changed(at: now)
        }
    }

    /// Gives the worker what comes next: the project file, then a delivery, then a look.
    private mutating func work(_ effects: inout [Effect], _ now: Int) {
        guard !isBusy, endTime == nil else { return }
        if wantsProject {
            wantsProject = false
            isBusy = true
            effects.append(.readProject)
        } else if let begun = schedule.begin(at: now) {
            isBusy = true
            wantsLook = false
            lookTime = nil
            underWay = (begun.first, begun.isRetry, reasons)
            reasons = []
            wish.isWaitOver = now - startTime >= settings.initialWait
            effects.append(.deliver(wish))
            wish = DeliveryRun.Wish()
        } else if wantsLook {
            wantsLook = false
            isBusy = true
            effects.append(.look)
        }
    }

    // MARK: Results

    private mutating func delivered(
        _ report: DeliveryReport, _ effects: inout [Effect], _ now: Int, _ date: Int
    ) {
        isBusy = false
        let begun = underWay
        underWay = nil
        schedule.ended(report.ending, at: now)
        // The log, what is kept and what is watched make no proxy wait.
        let time = begun.map { max(0, (now - $0.first) * 1000 - report.afterReload) }
        status.take(report, time: begun?.isRetry == true ? nil : time, now: date)
        effects += memory.entries(
            about: report, reasons: begun?.reasons ?? [], milliseconds: time.map { $0 / 1000 }
        ).map { .log($0) }
        status.driftCount += report.restored.count
        effects.append(.watch(report.plan))
        planLook(&effects, now)
        if report.isWaiting {
            waitTime = max(now, startTime + settings.initialWait)
            return
        }
        waitTime = nil
        if !hasAnnounced || isReloading {
            hasAnnounced = true
            isReloading = false
            effects.append(.notify(.ready, status: statusLine))
        } else {
            effects.append(.notify(nil, status: statusLine))
        }
        if isOnce { effects.append(.end(Self.code(of: report.ending))) }
        if let end = endTime { endTime = min(end, max(now, end - Self.endGrace)) }
    }

    private static func code(of ending: DeliverySchedule.Ending) -> Int32 {
        switch ending {
        case .done, .reloaded: 0
        case .refused: 1
        case .failed: 3
        }
    }

    /// For `systemctl status`.
    private var statusLine: String {
        let count = status.sources.reduce(0) { $0 + $1.services }
        let state = status.causes.first.map { "not delivered: \($0)" } ?? "\(count) services delivered"
        return status.quarantined.isEmpty ? state : "\(state); \(status.quarantined.count) in quarantine"
    }

    private mutating func planLook(_ effects: inout [Effect], _ now: Int) {
        let answer = SourceInput.answer(.success(.init(files: [], trustsConfig: false)), time: lookDuration / 1000)
        for case .timer(let time) in looks.step(answer, at: now) { lookTime = time }
    }

    private mutating func looked(_ report: LookReport, _ effects: inout [Effect], _ now: Int) {
        isBusy = false
        lookDuration = report.duration
        planLook(&effects, now)
        if report.isChanged { schedule.changed(at: now) }
        let fresh = memory.new(report.drifted, in: "drift")
        switch settings.drift {
        case .report:
            status.driftCount += fresh.count
            for name in fresh {
                let output = status.targets.first { $0.name == name }?.output ?? name
                let words = "\(output) was changed by somebody else; it stays so until \(name) changes"
                effects.append(.log(LogEntry(.warning, "drift", words, [("target", .text(name))])))
            }
        case .restore:
            // Each time, whatever has been said: the output may have been changed once more.
            for name in report.drifted {
                reasons.insert(.output(name))
                schedule.changed(at: now)
            }
        }
        if let end = endTime { endTime = min(end, max(now, end - Self.endGrace)) }
    }

    private mutating func projectRead(_ reading: ProjectReading?, _ effects: inout [Effect], _ now: Int) {
        isBusy = false
        if let end = endTime { endTime = min(end, max(now, end - Self.endGrace)) }
        switch reading {
        case nil:
            if memory.end("project") {
                effects.append(.log(LogEntry(.info, "project", "the project file is good again")))
            }
        case .broken(let sentences):
            status.projectReloads.error += 1
            guard !memory.new(sentences, in: "project").isEmpty else { return }
            let words = "the project file is broken, the old one stays: \(LogEntry.shown(sentences))"
            effects.append(.log(LogEntry(.error, "project", words, [("causes", .list(sentences))])))
        case .good(let settings, let targets, let sources):
            _ = memory.end("project")
            status.projectReloads.success += 1
            self.settings = settings
            schedule.change(to: settings)
            refreshTime = min(refreshTime ?? .max, now + settings.refresh)
            status.take(targets: targets, sources: sources)
            effects.append(.log(LogEntry(.info, "project", "the project file has changed and is read anew")))
            wish.releasesQuarantine = true
            reasons.insert(.project)
            schedule.changed(at: now)
        }
    }
}
