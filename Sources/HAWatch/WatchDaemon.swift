import HADelivery
import HADiscovery
import HASystem

/// A project as the daemon has read it.
package struct LoadedProject: Sendable {
    package var project: ProjectFile
    package var targets: [ProjectTarget]
    /// A digest of the file: as long as it is the same, so is the project.
    package var digest: UInt64

    /// - Parameter bytes: the project file.
    package init(project: ProjectFile, targets: [ProjectTarget], bytes: [UInt8]) {
        self.project = project
        self.targets = targets
        digest = Stamp.of(bytes)
    }

    var sources: [LocalSource] { LocalSource.all(of: targets) }
}

/// What is wrong with a project, a sentence each.
package struct ProjectMistakes: Error, Sendable {
    package let sentences: [String]

    package init(_ sentences: [String]) {
        self.sentences = sentences
    }
}

/// The daemon: a thin shell around `WatchMachine`. One thread waits for everything; a worker delivers.
package final class WatchDaemon {
    /// What it is given.
    package struct World: Sendable {
        package var tools: DeliveryTools
        package var events: EventCalls
        package var folders: FolderEventCalls
        package var manager: ServiceManager
        /// Seconds since 1970.
        package var date: @Sendable () -> Int
        package var log: @Sendable (LogEntry) -> Void
        /// Reads the project file again.
        package var load: @Sendable () -> Result<LoadedProject, ProjectMistakes>
        /// Said before the end, so that a check is broken off.
        package var ending: Cancellation

        package init(
            tools: DeliveryTools, events: EventCalls = .system, folders: FolderEventCalls = .system,
            manager: ServiceManager, date: @escaping @Sendable () -> Int,
            log: @escaping @Sendable (LogEntry) -> Void,
            load: @escaping @Sendable () -> Result<LoadedProject, ProjectMistakes>, ending: Cancellation
        ) {
            self.tools = tools
            self.events = events
            self.folders = folders
            self.manager = manager
            self.date = date
            self.log = log
            self.load = load
            self.ending = ending
        }
    }

    private enum Outcome: Sendable {
        case delivered(DeliveryReport, DeliveryState)
        case looked(LookReport)
        case project(Result<LoadedProject, ProjectMistakes>)
    }

    private let world: World
    private let loop: EventLoop
    private var loaded: LoadedProject
    private var machine: WatchMachine
    private var state = DeliveryState()
    private var plan = FolderPlan()
    private var worker: Worker<Outcome>?
    private var folders: FolderWatch?
    private var signals: SignalPipe?
    private var code: Int32?

    /// - Parameter seed: of the jitter.
    package init(_ loaded: LoadedProject, world: World, version: String, isOnce: Bool, seed: UInt64) {
        self.world = world
        self.loaded = loaded
        loop = EventLoop(calls: world.events)
        machine = WatchMachine(
            loaded.project.watch, targets: loaded.targets, sources: loaded.sources.map(\.name), version: version,
            isOnce: isOnce, watchdog: world.manager.watchdogInterval, seed: seed)
    }

    /// What it is doing now.
    package var status: WatchStatus { machine.status }

    /// Lets the loop drive something else too, such as a server.
    package func add(_ pollable: any Pollable) { loop.add(pollable) }

    /// Looks at everything, as after a signal.
    package func refresh() { take(.refresh) }

    // MARK: Life

    /// Runs to the end; the program's exit code.
    package func run() throws(SystemError) -> Int32 {
        // Nothing of the loop outlives this call, and the loop holds what holds it.
        signals = try SignalPipe(calls: world.events) { [unowned self] request, _ in
            switch request {
            case .refresh: take(.refresh)
            case .end:
                world.ending.cancel()
                take(.end)
            }
        }
        worker = try Worker(calls: world.events) { [unowned self] outcome, _ in finish(outcome) }
        do throws(SystemError) {
            folders = try FolderWatch(calls: world.folders, files: world.tools.rendering.files) {
                [unowned self] changes, _ in
                let owners = changes.reduce(into: Set<ChangeOwner>()) { $0.formUnion(plan.owners(of: $1)) }
                if !owners.isEmpty { take(.changed(owners)) }
            }
        } catch {
            take(.unwatched(["folders cannot be watched (\(error.text)); they are looked at every few seconds"]))
        }
        let pollables: [(any Pollable)?] = [signals, worker, folders]
        for case let pollable? in pollables { loop.add(pollable) }
        watch(FolderPlan(loaded.project, loaded.targets, loaded.sources, world.tools.rendering.files), isFirst: true)
        take(.started)
        while code == nil {
            try loop.turn(until: machine.deadline)
            if let deadline = machine.deadline, deadline <= world.events.clock() { take(.timer) }
        }
        for case let pollable? in pollables { loop.remove(pollable) }
        return code ?? 0
    }

    private func take(_ input: WatchMachine.Input) {
        for effect in machine.step(input, at: world.events.clock(), date: world.date()) { follow(effect) }
    }

    private func follow(_ effect: WatchMachine.Effect) {
        switch effect {
        case .log(let entry): world.log(entry)
        case .notify(let state, let status): world.manager.notify(state, status: status)
        case .end(let number): code = code ?? number
        case .watch(let plan): watch(plan, isFirst: false)
        case .look:
            let (run, state) = (run(DeliveryRun.Wish()), state)
            worker?.submit { .looked(run.look(state)) }
        case .readProject:
            let load = world.load
            worker?.submit { .project(load()) }
        case .deliver(let wish):
            let (run, before) = (run(wish), state)
            worker?.submit {
                var state = before
                let report = run.run(&state)
                return .delivered(report, state)
            }
        }
    }

    private func run(_ wish: DeliveryRun.Wish) -> DeliveryRun {
        DeliveryRun(project: loaded.project, targets: loaded.targets, tools: world.tools, wish: wish)
    }

    private func finish(_ outcome: Outcome) {
        switch outcome {
        case .delivered(let report, let state):
            self.state = state
            take(.delivered(report))
        case .looked(let report): take(.looked(report))
        case .project(.failure(let mistakes)): take(.projectRead(.broken(mistakes.sentences)))
        case .project(.success(let new)):
            guard new.digest != loaded.digest else { return take(.projectRead(nil)) }
            loaded = new
            take(.projectRead(.good(new.project.watch, targets: new.targets, sources: new.sources.map(\.name))))
        }
    }

    private func watch(_ plan: FolderPlan, isFirst: Bool) {
        self.plan = plan
        guard let folders else { return }
        let isNew = folders.watch(plan.folders)
        let failures = folders.failures.filter { $0.value.number != ENOENT && $0.value.number != ENOTDIR }
        take(
            .unwatched(
                failures.sorted { $0.key < $1.key }.map {
                    "the folder \($0.key) cannot be watched (\($0.value.text)); it is looked at every few seconds"
                }))
        if isNew, !isFirst { take(.watchesAdded) }
    }
}
