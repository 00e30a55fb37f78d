import HADelivery
import HAServices
import HASystem
import HAWatch

/// `haproxy-gen watch`: the daemon.
enum WatchCommand {
    private static let once = Option("once", help: "Deliver once and end, for cron and init systems")
    private static let format = Option(
        "format", .choice(), default: Format.auto,
        help: "The log: lines for people, or a JSON object a line; auto: as PROXYM_LOG_FORMAT says, else for people")
    private static let level = Option(
        "log-level", .choice("LEVEL"), default: Level.auto,
        help: "The least grave lines of the log: debug, info, warning or error; auto: as PROXYM_LOG_APPLOG_LEVEL says, "
            + "else info")
    private static let listen = Option(
        "listen", .address("ADDRESS"),
        help: "Serve health, status and metrics there (default: the project's 'listen', else nowhere)")
    private static let initialWait = Option(
        "initial-wait", .seconds("SECONDS", upTo: 3600),
        help: "How long the first delivery waits for sources that have never answered (default: the project's)")

    enum Format: String, Sendable, CaseIterable {
        case auto, human, json
    }

    enum Level: String, Sendable, CaseIterable {
        case auto, debug, info, warning, error
    }

    static let declaration = CommandDeclaration(
        name: "watch",
        summary: "Keep the project's outputs and their proxies true to templates and services, as a daemon",
        discussion: [
            "Delivers at the start and whenever a template, a service, a table or the project file changes, by the very "
                + "steps of 'apply'. A service that cannot be delivered is replaced by its last good version, and the "
                + "others go on. When a source fails, its last services stay.",
            "SIGHUP and SIGUSR1 have everything looked at anew. SIGTERM and SIGINT end it after the project's 'drain'; a "
                + "second one ends it at once. It speaks systemd's notify protocol.",
            "Without a project file, proxym's variables are obeyed, as 'apply' does.",
        ],
        options: [
            Options.project, once, listen, format, level, initialWait, Options.requireProxy, Options.allowCode,
            Options.timeLimit,
        ] + Options.common,
        operands: [Operands.targets],
        examples: [
            .init(purpose: "Everything that the project has", line: "haproxy-gen watch"),
            .init(purpose: "One target, with a log for programs", line: "haproxy-gen watch --format json edge"),
            .init(purpose: "With /status and /metrics", line: "haproxy-gen watch --listen 127.0.0.1:9090"),
            .init(purpose: "Once, from cron", line: "haproxy-gen watch --once"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "it was asked to end; with --once: the outputs are in place"),
            .init(code: .inputWrong, meaning: "the project file is wrong; with --once: nothing was delivered"),
            .init(code: .usage, meaning: "the command line is wrong, or there is no project file"),
            .init(
                code: .environment,
                meaning: "the system gives no pipe or thread; with --once: a file, a lock or a reload failed"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        guard let loaded = try load(arguments, context) else { return .done }
        let ending = Cancellation()
        let output = LogOutput(context)
        defer { output.finish() }
        let log = log(arguments, context, output)
        let world = WatchDaemon.World(
            tools: tools(arguments, context, ending),
            manager: ServiceManager(variable: context.world.variable, process: context.files.processNumber()),
            date: { Int(context.world.now() / 1_000_000_000) }, log: log,
            load: { reload(arguments, context) }, ending: ending)
        let daemon = WatchDaemon(
            loaded, world: world, version: Program.version, isOnce: arguments[once], seed: context.files.random())
        daemon.add(output)
        var server: WatchServer?
        let settings = loaded.project.watch
        if !arguments[once], let address = arguments[listen] ?? settings.listen {
            server = try serve(daemon, at: address, settings.tokenFile, context, log)
        }
        defer { server?.stop() }
        let code: Int32
        do { code = try daemon.run() } catch {
            throw .environment("the daemon cannot run: \(error.text)")
        }
        Interruption.removeTemporaries()
        return ExitCode(rawValue: code) ?? .environment
    }

    /// Lets the daemon's loop drive a server.
    private static func serve(
        _ daemon: WatchDaemon, at address: SocketAddress, _ tokenFile: String?, _ context: CommandContext,
        _ log: (LogEntry) -> Void
    ) throws(CommandError) -> WatchServer {
        var secret: [UInt8]?
        if let tokenFile { secret = try token(tokenFile, context) }
        let status: () -> WatchStatus = { [unowned daemon] in daemon.status }
        do throws(SystemError) {
            let server = try WatchServer(address, token: secret, clock: EventCalls.system.clock, status: status)
            daemon.add(server)
            for place in server.addresses {
                log(LogEntry(.info, "listening", "listening on \(place)", [("address", .text("\(place)"))]))
                if place.door == .network, secret == nil { log(openDoor(place)) }
            }
            return server
        } catch {
            throw .environment("cannot listen on \(address): \(error.text)")
        }
    }

    /// Says what the network may ask for.
    static func openDoor(_ place: SocketAddress) -> LogEntry {
        let paths = WatchServer.openPaths.sorted()
        return LogEntry(
            .warning, "open",
            "\(place) is open to the network without a token: everybody who reaches it may ask for "
                + "\(paths.joined(separator: ", ")); everything else is refused until 'tokenFile' names a token",
            [("address", .text("\(place)")), ("paths", .list(paths))])
    }

    /// What requests from other machines must know; nobody else may read its file.
    private static func token(_ path: String, _ context: CommandContext) throws(CommandError) -> [UInt8] {
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path, .kept) } catch { throw .file(error) }
        if let status = try? context.files.status(path), status.mode & 0o007 != 0 {
            throw .environment("everybody may read the token in \(path); chmod 0640 \(path)")
        }
        let token = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard token.count == 1, let first = token.first, first.utf8.count >= 16 else {
            throw .environment("\(path) must hold one token of at least 16 characters")
        }
        return Array(first.utf8)
    }

    // MARK: The project

    /// The project with the targets that are named; nil where proxym's variables say that nothing is to be done.
    private static func load(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> LoadedProject? {
        guard var project = try ApplyCommand.project(arguments, context) else { return nil }
        if let time = arguments[initialWait] { project.watch.initialWait = time }
        let targets = try ProjectAccess.targets(arguments[Operands.targets], of: project, arguments)
        let bytes = project.path.isEmpty ? nil : try? FileReader(files: context.files).read(project.path, .kept).bytes
        return LoadedProject(project: project, targets: targets, bytes: bytes ?? [])
    }

    /// The same for a file that may have become wrong.
    @Sendable private static func reload(
        _ arguments: ParsedArguments, _ context: CommandContext
    ) -> Result<LoadedProject, ProjectMistakes> {
        do throws(CommandError) {
            if let loaded = try load(arguments, context) { return .success(loaded) }
            return .failure(ProjectMistakes(["proxym's variables say that nothing is to be done"]))
        } catch {
            return .failure(ProjectMistakes(sentences(error)))
        }
    }

    private static func sentences(_ error: CommandError) -> [String] {
        switch error {
        case .mistakes(let mistakes): mistakes.map(\.description)
        case .usage(let usage): [usage.mistake.sentence]
        case .file(let file): [file.sentence]
        case .input(let sentence), .environment(let sentence): [sentence]
        case .render(let failure): failure.report.diagnostics.map(\.description)
        case .state, .standardOutput, .apply: ["the project cannot be read"]
        }
    }

    // MARK: What it works with

    private static func tools(
        _ arguments: ParsedArguments, _ context: CommandContext, _ ending: Cancellation
    ) -> DeliveryTools {
        // Signals are taken by the loop; a check is broken off when it ends.
        let processes = ChildProcess.system(
            interruption: HeldSignals(hold: {}, release: {}, isPending: { ending.isCancelled }),
            cageProgram: CurrentProcess.program)
        var options = OutputCheck.Options()
        options.requiresProxy = arguments[Options.requireProxy]
        options.allowsCode = arguments[Options.allowCode]
        options.isInstalling = true
        options.keepsPaths = true
        let proxy = ProxyCheck(
            files: context.files, processes: processes, temporaries: context.temporaries, cache: nil,
            environment: context.world.variable)
        return DeliveryTools(
            rendering: Rendering(context).targets, check: OutputCheck(proxy: proxy, options: options),
            process: processes, temporaries: context.temporaries, now: context.world.now,
            microseconds: EventCalls.system.microseconds, isEnding: { ending.isCancelled })
    }

    private static func log(
        _ arguments: ParsedArguments, _ context: CommandContext, _ output: LogOutput
    ) -> @Sendable (LogEntry) -> Void {
        let variable = context.world.variable
        let format: LogFormat =
            switch arguments[format] {
            case .human: .human
            case .json: .json
            case .auto: variable("PROXYM_LOG_FORMAT")?.lowercased() == "json" ? .json : .human
            }
        let level = LogLevel(words: arguments[level].rawValue)
        let least = level ?? variable("PROXYM_LOG_APPLOG_LEVEL").flatMap { LogLevel(words: $0) } ?? .info
        let now = context.world.now
        return { entry in
            guard entry.level >= least else { return }
            output.write(entry) { $0.line(format, time: Int(now() / 1_000_000_000), printable: Console.printable) }
        }
    }
}
