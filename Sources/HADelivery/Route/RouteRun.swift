import HASystem
import HATemplate

/// Asks the real proxy which service answers requests, in a private folder and a cage.
package struct RouteRun: Sendable {
    package enum Outcome: Sendable {
        /// An answer or a failure for each request, in their order.
        case answered([Result<RouteAnswer, Failure>], notes: [Relocation.Note])
        /// The proxy did not start; complaints are about the output.
        case failed([Complaint])
        /// The program of this name is not installed.
        case notInstalled(String)
        /// The configuration would run code, and nobody has allowed that.
        case refusedCode([ScanReport.Refusal])
        /// There is no proxy for plain text.
        case nothingToAsk
    }

    /// Why a request got no answer.
    package enum Failure: Error, Sendable, Equatable {
        /// Nothing listens on its port; the addresses that there are.
        case closed(port: Int, open: [String])
        /// The address of its client is none.
        case badClient(String)
        /// The proxy ended the connection without a word, and its log has none either.
        case silent
        case system(SystemError)
    }

    private let proxy: ProxyCheck
    private let socket: LocalSocket

    package init(proxy: ProxyCheck, socket: LocalSocket = LocalSocket()) {
        self.proxy = proxy
        self.socket = socket
    }

    /// Asks all requests of one start of the proxy.
    ///
    /// - Parameter subject: the output, as for a check; its own command counts for nothing here.
    package func ask(
        _ requests: [RouteRequest], of subject: ProxyCheck.Subject
    ) throws(FileError) -> Outcome {
        guard let name = subject.text.dialect.program, let moved = Relocation.of(subject.text) else {
            return .nothingToAsk
        }
        guard let program = proxy.program(named: name, in: subject.folder) else { return .notInstalled(name) }
        if !subject.allowsCode {
            let scan = ConfigurationScan.scan(
                subject.text, output: subject.output, workingFolder: nil, files: proxy.files,
                environment: proxy.environment)
            guard scan.refusals.isEmpty else { return .refusedCode(scan.refusals) }
        }
        let open = moved.entrances.map(\.address.text)
        guard requests.contains(where: { moved.entrance(for: $0) != nil }) else {
            return .answered(requests.map { .failure(.closed(port: $0.port, open: open)) }, notes: moved.notes)
        }
        proxy.temporaries.holdSignals()
        defer { proxy.temporaries.releaseSignals() }
        let parent = proxy.environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let folder = try PrivateFolder(
            { _ in moved.bytes }, for: subject.output, in: parent,
            others: [(Relocation.certificate, StandIns.certificate)], replaced: proxy.replaced(subject),
            files: proxy.files)
        defer { folder.remove() }
        var movedSubject = subject
        movedSubject.text = ConfigurationText(moved.bytes, dialect: subject.text.dialect)
        movedSubject.namesHosts = false
        return try run(requests, moved, folder, command(movedSubject, program, folder), subject)
    }

    private func command(
        _ subject: ProxyCheck.Subject, _ program: String, _ folder: PrivateFolder
    ) throws(FileError) -> ChildProcess.Command {
        let words = ["-db", "-L", "haproxy-gen", "-f", folder.file]
        guard case .caged(var plan)? = try proxy.caged(words, subject, program, folder, isStrict: false) else {
            return .program(program, arguments: ["-C", folder.path] + words)
        }
        plan.mayConnect = true
        return .caged(plan)
    }

    private func run(
        _ requests: [RouteRequest], _ moved: Relocation, _ folder: PrivateFolder, _ command: ChildProcess.Command,
        _ subject: ProxyCheck.Subject
    ) throws(FileError) -> Outcome {
        let cancellation = Cancellation()
        var conditions = ChildProcess.Conditions(time: subject.timeLimit)
        conditions.isInterruptible = true
        conditions.cancellation = cancellation
        conditions.grace = 500
        conditions.output = 64 << 20
        let hasEnded = Guarded(false)
        let processes = proxy.processes
        let started = conditions
        let work = BackgroundWork(long: true) { () -> Result<ChildProcess.Outcome, SystemError> in
            defer { hasEnded.withLock { $0 = true } }
            do throws(SystemError) { return .success(try processes.run(command, started)) } catch {
                return .failure(error)
            }
        }
        let stub = folder.path + "/" + Relocation.stub
        while !socket.isOpen(stub), !hasEnded.withLock({ $0 }) { proxy.files.pause(2) }
        var raw: [Result<ResponseHead?, Failure>] = []
        for (number, request) in requests.enumerated() {
            guard !hasEnded.withLock({ $0 }) else { break }
            raw.append(exchange(request, moved, folder, port: Self.firstPort + number % Self.portCount))
        }
        cancellation.cancel()
        let outcome: ChildProcess.Outcome
        do throws(SystemError) { outcome = try work.result().get() } catch {
            throw FileError(.read, "the proxy", error)
        }
        let said = String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self)
        guard outcome.ending == .interrupted, raw.count == requests.count else {
            return .failed(complaints(said, outcome, moved, folder, subject))
        }
        return .answered(answers(requests, raw, moved, RouteLog(haproxy: said)), notes: moved.notes)
    }

    /// Ports of clients, by which the log's lines are found.
    private static let firstPort = 1_024
    private static let portCount = 60_000
    /// Milliseconds for one answer.
    private static let patience = 5_000

    private func exchange(
        _ request: RouteRequest, _ moved: Relocation, _ folder: PrivateFolder, port: Int
    ) -> Result<ResponseHead?, Failure> {
        guard let entrance = moved.entrance(for: request) else {
            return .failure(.closed(port: request.port, open: moved.entrances.map(\.address.text)))
        }
        let isTLS = entrance.isTLS && request.scheme != .http
        let isName = ProxyProtocol.address(request.host) == nil
        let bound = ProxyProtocol.address(entrance.address.host) == nil ? nil : entrance.address.host
        let destination = isName ? (entrance.address.isEveryHost ? nil : bound) : request.host
        let header = ProxyProtocol(
            source: request.from, sourcePort: port, destination: destination ?? Self.usualServer,
            destinationPort: request.port, authority: isTLS && isName ? request.host : nil)
        guard let start = header.bytes else { return .failure(.badClient(request.from)) }
        let path = "\(folder.path)/\(entrance.socket)\(isTLS ? ".t" : "")"
        do throws(SystemError) {
            let answer = try socket.exchange(
                path, start + request.bytes, endsWriting: request.scheme == .tcp, time: Self.patience)
            return .success(ResponseHead(answer))
        } catch {
            return .failure(.system(error))
        }
    }

    /// The address that a client reaches where the URL names none.
    private static let usualServer = "192.0.2.1"

    private func answers(
        _ requests: [RouteRequest], _ raw: [Result<ResponseHead?, Failure>], _ moved: Relocation, _ log: RouteLog
    ) -> [Result<RouteAnswer, Failure>] {
        zip(requests, raw).enumerated().map { number, pair in
            pair.1.flatMap { head in
                guard let entrance = moved.entrance(for: pair.0) else {
                    return .failure(.closed(port: pair.0.port, open: []))
                }
                guard let line = log.lines[Self.firstPort + number % Self.portCount] else { return .failure(.silent) }
                return .success(Self.answer(line, head, entrance, moved.text))
            }
        }
    }

    private static func answer(
        _ line: RouteLog.Line, _ head: ResponseHead?, _ entrance: Relocation.Entrance, _ text: ConfigurationText
    ) -> RouteAnswer {
        let isListen = text.statements.contains { statement in
            statement.parent == nil && statement.keyword == "listen" && statement.arguments.first?.text == line.frontend
        }
        // A frontend stands as its own backend in the log where none was chosen.
        let backend = line.backend == line.frontend && !(isListen && line.server != nil) ? nil : line.backend
        return RouteAnswer(
            entrance: entrance, frontend: line.frontend, backend: backend, server: line.server, status: head?.status,
            headers: head?.headers ?? [], rules: line.rules)
    }

    private func complaints(
        _ said: String, _ outcome: ChildProcess.Outcome, _ moved: Relocation, _ folder: PrivateFolder,
        _ subject: ProxyCheck.Subject
    ) -> [Complaint] {
        let report = ComplaintParser.parse(said, path: folder.file, name: subject.output)
        let complaints = report.complaints.filter { $0.severity == .error }.map { complaint in
            var complaint = complaint
            complaint.line = complaint.line.flatMap(moved.origin(ofLine:))
            return complaint
        }
        return complaints.isEmpty ? [.ofCheck("the proxy \(outcome.words) before it answered")] : complaints
    }
}
