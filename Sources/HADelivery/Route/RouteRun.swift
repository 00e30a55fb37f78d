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
        /// The listener of this port takes TLS alone.
        case needsTLS(port: Int)
        /// The address of its client is none.
        case badClient(String)
        /// The proxy ended the connection without a word, and its log has none either.
        case silent
        case system(SystemError)

        package func sentence(_ request: RouteRequest) -> String {
            switch self {
            case .closed(let port, let open) where open.isEmpty:
                "nothing listens on port \(port): the output has no listener"
            case .closed(let port, let open):
                "nothing listens on port \(port); there is \(open.joined(separator: ", "))"
            case .needsTLS(let port): "the listener on port \(port) takes TLS: ask https://"
            case .badClient(let address): "--from \(address) is not an IPv4 or IPv6 address"
            case .silent: "the proxy ended the connection without an answer"
            case .system(let error): "the proxy cannot be reached: \(error.text)"
            }
        }
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
        guard let name = subject.text.dialect.program else { return .nothingToAsk }
        guard let program = proxy.program(named: name, in: subject.folder) else { return .notInstalled(name) }
        var movedSubject = subject
        if !subject.allowsCode {
            let scan = ConfigurationScan.scan(
                subject.text, output: subject.output, workingFolder: nil, files: proxy.files,
                environment: proxy.environment)
            guard scan.refusals.isEmpty else { return .refusedCode(scan.refusals) }
            movedSubject.reads = scan.reads
        }
        guard let moved = Relocation.of(subject.text, included: { included($0, subject) }) else { return .nothingToAsk }
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
        movedSubject.text = ConfigurationText(moved.bytes, dialect: subject.text.dialect)
        movedSubject.namesHosts = false
        return try run(requests, moved, folder, command(movedSubject, program, folder), subject)
    }

    /// What an `include` of nginx names, from the output's folder.
    private func included(_ pattern: String, _ subject: ProxyCheck.Subject) -> [[UInt8]] {
        let path = pattern.hasPrefix("/") ? pattern : PrivateFolder.folder(of: subject.output) + "/" + pattern
        let found = FilePattern(path)?.matches(proxy.files) ?? [path]
        return found.compactMap { try? FileReader(files: proxy.files).read($0, .kept).bytes }
    }

    private func command(
        _ subject: ProxyCheck.Subject, _ program: String, _ folder: PrivateFolder
    ) throws(FileError) -> ChildProcess.Command {
        let words: [String]
        switch subject.text.dialect {
        case .haproxy, .plain: words = ["-db", "-L", "haproxy-gen", "-f", folder.file]
        case .nginx: words = ["-p", folder.path + "/", "-c", folder.file, "-e", "stderr"]
        }
        guard case .caged(var plan)? = try proxy.caged(words, subject, program, folder, isStrict: false) else {
            let line = "exec " + ([program] + words).map(ChildProcess.quoted).joined(separator: " ")
            return .shell(line, by: subject.shell, in: folder.path)
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
        let client = RouteClient(socket: socket, files: proxy.files, moved: moved, folder: folder.path)
        let raw = client.ask(requests) { hasEnded.withLock { $0 } }
        cancellation.cancel()
        let outcome: ChildProcess.Outcome
        do throws(SystemError) { outcome = try work.result().get() } catch {
            throw FileError(.read, "the proxy", error)
        }
        let said = String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self)
        guard outcome.ending == .interrupted, raw.count == requests.count else {
            return .failed(complaints(said, outcome, moved, folder, subject))
        }
        let log = log(said, of: moved, folder)
        return .answered(RouteReport(moved: moved, log: log).answers(requests, raw), notes: moved.notes)
    }

    private func log(_ said: String, of moved: Relocation, _ folder: PrivateFolder) -> RouteLog {
        switch moved.text.dialect {
        case .haproxy, .plain: return RouteLog(haproxy: said)
        case .nginx:
            let path = folder.path + "/" + Relocation.nginxLog
            let bytes = (try? FileReader(files: proxy.files).read(path, .kept).bytes) ?? []
            return RouteLog(nginx: String(decoding: bytes, as: UTF8.self))
        }
    }

    private func complaints(
        _ said: String, _ outcome: ChildProcess.Outcome, _ moved: Relocation, _ folder: PrivateFolder,
        _ subject: ProxyCheck.Subject
    ) -> [Complaint] {
        let report = ComplaintParser.parse(said, path: folder.file, name: subject.output)
        let complaints = report.complaints.filter { $0.severity == .error }.map { complaint in
            var complaint = complaint
            complaint.line = complaint.line.flatMap(moved.origin(ofLine:))
            complaint.message = complaint.message.replacing(folder.path + "/", with: "")
            return complaint
        }
        return complaints.isEmpty ? [.ofCheck("the proxy \(outcome.words) before it answered")] : complaints
    }
}
