import HASystem
import HATemplate

/// Asks the proxy itself whether it would take a configuration.
package struct ProxyCheck: Sendable {
    /// How the proxy is asked.
    package enum Manner: Sendable, Equatable {
        /// As it will run: the configuration is about to be installed here.
        case asItRuns
        /// In a cage, since nobody may have looked at the configuration yet; when it is strict, a system that cannot
        /// make one refuses.
        case caged(isStrict: Bool)
    }

    /// What to check.
    package struct Subject: Sendable {
        /// The path of the output that the configuration is for.
        package var output: String
        package var text: ConfigurationText
        /// The target's own command with `{file}`; nil: `haproxy -c` or `nginx -t`.
        package var command: String?
        /// Whether the configuration is about to run here, so that nothing may stand in for what is missing.
        package var isStrict = true
        /// Whether the output lies in a repository, whose files are all there: what only the target machine has is then
        /// named by an absolute path.
        package var isCommitted = true
        /// The shell and the folder of that command.
        package var shell = ProjectTarget.systemShell
        package var folder: String?
        /// Milliseconds.
        package var timeLimit: Int
        /// Whether directives that run code may reach the proxy.
        package var allowsCode: Bool
        /// Whether the proxy makes its files where the configuration says, as it will when it runs here.
        package var keepsPaths: Bool
        package var manner = Manner.asItRuns
        /// Whether the configuration has names of hosts that the proxy looks up when it reads it.
        var namesHosts = true
        /// Names of variables of the environment that a proxy in a cage finds.
        package var variables: [String] = []
        /// Files outside the output's folder that may be read, as the scan found them.
        var reads: Set<String> = []

        package init(
            output: String, text: ConfigurationText, command: String? = nil, timeLimit: Int = 30_000,
            allowsCode: Bool = false, keepsPaths: Bool = false
        ) {
            self.output = output
            self.text = text
            self.command = command
            self.timeLimit = timeLimit
            self.allowsCode = allowsCode
            self.keepsPaths = keepsPaths
        }
    }

    package enum Outcome: Sendable {
        /// The proxy answered; without an error among the complaints it accepts the configuration. The lines are what
        /// the user's own command wrote besides, the note what its cage lacked.
        case answered([Complaint], otherLines: [String], note: String?)
        /// The program of this name is not installed.
        case notInstalled(String)
        /// The configuration would run code, and nobody has allowed that: the proxy was not asked.
        case refusedCode([ScanReport.Refusal])
        /// Nothing is known that could check plain text.
        case nothingToAsk
    }

    let files: FileSystem
    let processes: ChildProcess
    let temporaries: TemporaryFiles
    let environment: @Sendable (String) -> String?
    /// Which names of hosts this machine knows. In a cage nothing can be asked, and one configuration is checked
    /// several times.
    let knownHosts = Guarded<[String: Bool]>([:])
    let cache: VerdictCache?

    package init(
        files: FileSystem, processes: ChildProcess, temporaries: TemporaryFiles, cache: VerdictCache?,
        environment: @escaping @Sendable (String) -> String?
    ) {
        self.files = files
        self.processes = processes
        self.temporaries = temporaries
        self.cache = cache
        self.environment = environment
    }

    /// Checks a configuration in a private folder, or remembers that it was accepted.
    package func check(_ subject: Subject) throws(FileError) -> Outcome {
        if !subject.allowsCode, subject.manner != .asItRuns, let command = subject.command,
            let program = ShellLine.hiddenProxy(in: command)
        {
            let message =
                "the target's own check calls \(program) inside a shell command, so nobody can say what it reads and runs: "
                + "write a plain call, such as \(program == "nginx" ? "nginx -t -c" : "haproxy -c -f") {file}, or a script of your own"
            return .refusedCode([.init(message: message, range: subject.text.statements.first?.range ?? 0..<0)])
        }
        var scan = ConfigurationScan.scan(
            subject.text, output: subject.output, command: subject.command,
            workingFolder: subject.command == nil ? nil : subject.folder ?? ".", files: files,
            environment: environment)
        if subject.allowsCode { (scan.refusals, scan.creations) = ([], []) }
        var subject = subject
        subject.reads = scan.reads
        guard !scan.refusals.isEmpty else { return try check(subject, scan.creations) }
        // What the grammar does not know may be a mistake of spelling, which the proxy names best: it is asked about the
        // configuration without what follows such words, and always in the cage.
        let unknown = scan.refusals.compactMap(\.unknown)
        guard unknown.count == scan.refusals.count, subject.command == nil else { return .refusedCode(scan.refusals) }
        var bare = subject
        bare.text = subject.text.without(unknown)
        bare.keepsPaths = false
        if case .asItRuns = subject.manner { bare.manner = .caged(isStrict: false) }
        guard case .answered(let complaints, let otherLines, let note) = try check(bare, scan.creations),
            Self.names(complaints, unknown, in: subject.text)
        else { return .refusedCode(scan.refusals) }
        return .answered(complaints, otherLines: otherLines, note: note)
    }

    private func check(_ subject: Subject, _ made: [ScanReport.Creation]) throws(FileError) -> Outcome {
        guard let name = subject.command.flatMap(Self.plainProgram) ?? subject.text.dialect.program ?? subject.command
        else { return .nothingToAsk }
        let program = program(named: name, in: subject.folder)
        if subject.command == nil, program == nil { return .notInstalled(name) }
        let key = program.flatMap { verdictKey(subject, program: $0) }
        if let key, let said = cache?.verdict(key) {
            let complaints = ComplaintParser.parse(said, path: "{file}", name: subject.output).complaints
            return .answered(complaints, otherLines: [], note: nil)
        }
        let creations = subject.keepsPaths ? [] : made
        let outcome = try ask(subject, StandIns(subject.text, creations), program: program ?? name, key: key)
        let isPlain = subject.command == nil || subject.command.flatMap(Self.plainProgram) != nil
        guard !subject.isStrict, isPlain, case .answered(let complaints, _, _) = outcome,
            complaints.contains(where: { $0.severity == .error })
        else { return outcome }
        return try askAgain(subject, creations, complaints, program: program ?? name) ?? outcome
    }

    /// Whether the proxy does not know the words either. nginx stops at the first.
    private static func names(
        _ complaints: [Complaint], _ unknown: [(word: Range<Int>, end: Int)], in text: ConfigurationText
    ) -> Bool {
        let named = complaints.filter { complaint in
            complaint.severity == .error && ["unknown", "not supported"].contains { complaint.message.contains($0) }
        }
        let lines = Set(named.compactMap(\.line))
        let isNamed = unknown.map { lines.contains(text.line(ofOffset: $0.word.lowerBound)) }
        switch text.dialect {
        case .haproxy: return isNamed.allSatisfy { $0 }
        case .nginx: return isNamed.contains(true)
        case .plain: return false
        }
    }

    /// Asks again with something in the place of what this machine has not; nil where it has everything.
    private func askAgain(
        _ subject: Subject, _ creations: [ScanReport.Creation], _ complaints: [Complaint], program: String
    ) throws(FileError) -> Outcome? {
        var standIns = StandIns(subject.text, creations)
        for need in MachineNeed.files(in: subject.text) where isMissing(need, subject) { _ = standIns.add(need) }
        var complaints = complaints
        var outcome: Outcome?
        // nginx names one thing at a time.
        for round in 0..<Self.maximumRounds {
            var isNew = round == 0 && !standIns.needs.isEmpty
            for complaint in complaints {
                guard let need = MachineNeed.named(by: complaint, in: subject.text) else { continue }
                for same in need.everywhere(in: subject.text) { isNew = standIns.add(same) || isNew }
            }
            if round == Self.patience {
                for need in MachineNeed.upstreamNames(in: subject.text) {
                    isNew = standIns.add(need, isSilent: true) || isNew
                }
            }
            guard isNew else { break }
            let answer = try ask(subject, standIns, program: program, key: nil)
            guard case .answered(let found, let otherLines, let note) = answer else { return answer }
            complaints = found
            outcome = .answered(standIns.complaints + found, otherLines: otherLines, note: note)
            if !found.contains(where: { $0.severity == .error }) { break }
        }
        return outcome
    }

    private static let maximumRounds = 64
    /// Rounds in which nginx may name one host after the other; then all servers get an address.
    private static let patience = 48

    /// Whether a file that a configuration names is one of the target machine's, and not here.
    private func isMissing(_ need: MachineNeed, _ subject: Subject) -> Bool {
        let isAbsolute = need.value.hasPrefix("/")
        // A repository has its own files, but no certificates.
        guard isAbsolute || !subject.isCommitted || need.kind == .certificate || need.kind == .certificateList else {
            return false
        }
        let folders = subject.text.folders(from: PrivateFolder.folder(of: subject.output))
        return !(isAbsolute ? [need.value] : folders.map { $0 + "/" + need.value }).contains(where: isReadable)
    }

    private func isReadable(_ path: String) -> Bool {
        guard let status = try? files.status(path) else { return false }
        // Folders and pipes are for the proxy to judge.
        guard status.kind == .regular else { return true }
        guard let descriptor = try? files.open(path, .reading) else { return false }
        try? files.close(descriptor)
        return true
    }

    private func ask(
        _ subject: Subject, _ standIns: StandIns, program: String, key: String?
    ) throws(FileError) -> Outcome {
        // An interruption waits until the proxy has ended and the folder is gone: links in it lead to the user's files.
        temporaries.holdSignals()
        defer { temporaries.releaseSignals() }
        let parent = environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let folder = try PrivateFolder(
            standIns.bytes, for: subject.output, in: parent, others: standIns.files, replaced: replaced(subject),
            files: files)
        defer { folder.remove() }
        let command = try command(subject, program, folder)
        if case .caged(isStrict: true) = subject.manner, !command.isCaged {
            let complaint =
                "a cage is required, and only haproxy and nginx themselves can be caged: \(subject.command ?? program)"
            return .answered([.ofCheck(complaint)], otherLines: [], note: nil)
        }
        let basis = key == nil ? nil : basis(subject, command, program)
        var conditions = ChildProcess.Conditions(time: subject.timeLimit)
        conditions.isInterruptible = true
        let outcome: ChildProcess.Outcome
        do {
            outcome = try processes.run(command, conditions)
        } catch {
            throw FileError(.read, program, error)
        }
        // 127: the shell found no such program.
        if outcome.ending == .exit(127), let line = subject.command {
            return .notInstalled(Self.firstWord(line))
        }
        let said = String(decoding: outcome.standardOutput + outcome.standardError, as: UTF8.self)
        if outcome.isSuccess, let key, let basis {
            let lasting = said.split(separator: folder.file, omittingEmptySubsequences: false)
            cache?.keep(lasting.joined(separator: "{file}"), on: basis, key)
        }
        let report = ComplaintParser.parse(said, path: folder.file, name: subject.output)
        let complaints = ComplaintAdvice.added(to: Self.complaints(report, outcome.ending), in: subject.text).map {
            complaint in
            var complaint = complaint
            // What lies beside the output is known by its own name.
            complaint.message = complaint.message.replacing(folder.path + "/", with: "")
            return complaint
        }
        return .answered(
            complaints, otherLines: Self.otherLines(subject, outcome, folder, complaints),
            note: outcome.cage.flatMap { ProxyCage.note(complaints, $0) })
    }

    /// `load_module modules/x.so` in the machine's own files means the machine's modules: not found below our prefix
    /// otherwise, and never a library that lies beside the output.
    func replaced(_ subject: Subject) -> [String: String?] {
        switch subject.text.dialect {
        case .haproxy, .plain: return [:]
        case .nginx:
            let prefixes = ["/usr/share/nginx", "/etc/nginx", "/usr/local/nginx", "/var/lib/nginx"]
            return ["modules": prefixes.map { $0 + "/modules" }.first { (try? files.status($0))?.kind == .folder }]
        }
    }

    func arguments(_ text: ConfigurationText, _ folder: PrivateFolder) -> [String] {
        switch text.dialect {
        case .haproxy: ["-c", "-C", folder.path, "-f", folder.file]
        case .nginx: nginxArguments(text, folder)
        case .plain: []
        }
    }

    private func nginxArguments(_ text: ConfigurationText, _ folder: PrivateFolder) -> [String] {
        var words = ["-t", "-p", folder.path + "/", "-c", folder.file, "-e", "stderr"]
        // An ordinary user may not write the usual one; nginx refuses to be told twice.
        if !text.statements.contains(where: { $0.keyword == "pid" && $0.parent == nil }) {
            words += ["-g", "pid \"\(folder.path)/nginx.pid\";"]
        }
        return words
    }

    /// What the user's own command wrote to standard error, where no complaint repeats it.
    private static func otherLines(
        _ subject: Subject, _ outcome: ChildProcess.Outcome, _ folder: PrivateFolder, _ complaints: [Complaint]
    ) -> [String] {
        guard subject.command != nil else { return [] }
        let said = String(decoding: outcome.standardError, as: UTF8.self)
        let lines = ComplaintParser.parse(said, path: folder.file, name: subject.output).otherLines
        return lines.filter { line in !complaints.contains { $0.message.contains(line) } }
    }

    /// What the answer means.
    private static func complaints(_ report: ComplaintParser.Report, _ ending: ChildProcess.Ending) -> [Complaint] {
        var complaints = report.complaints
        switch ending {
        case .exit(0):
            return complaints
        case .timedOut(let time):
            return complaints + [.ofCheck("the check did not end within \(time / 1000) s and was stopped")]
        case .interrupted:
            return complaints + [.ofCheck("the check was interrupted")]
        case .uncaged(let failure):
            return [.ofCheck(failure.sentence)]
        case .signal(let number):
            return complaints + [.ofCheck("the check was ended by signal \(number)")]
        case .exit(let status):
            if report.isSyntaxOK {
                // Ports, folders and log files of the machine that checks: not the configuration's fault.
                for index in complaints.indices where complaints[index].severity == .error {
                    complaints[index].severity = .warning
                    complaints[index].message =
                        "this machine does not let nginx finish its check: " + complaints[index].message
                }
                return complaints
            }
            guard !complaints.contains(where: { $0.severity == .error }) else { return complaints }
            let said = report.otherLines.filter { !$0.allSatisfy(\.isWhitespace) }.prefix(5).joined(separator: " | ")
            let words = said.isEmpty ? " and said nothing" : ": \(said)"
            return complaints + [.ofCheck("the check failed with exit code \(status)\(words)")]
        }
    }

    // MARK: Programs

    /// The path of a program in PATH, or where proxies lie that only root has in it.
    func program(named name: String, in folder: String?) -> String? {
        if name.contains("/") {
            let path = name.hasPrefix("/") ? name : (folder.map { $0 + "/" } ?? "") + name
            return (try? files.status(path))?.kind == .regular ? path : nil
        }
        let folders = (environment("PATH") ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/local/sbin", "/usr/sbin", "/sbin"]).lazy.map { "\($0)/\(name)" }.first { path in
            (try? files.status(path)).map { $0.kind == .regular && $0.mode & 0o111 != 0 } ?? false
        }
    }

    static func firstWord(_ line: String) -> String {
        line.split(separator: " ").first.map(String.init) ?? line
    }
}

extension ConfigurationText {
    /// The folder of an output, and those that HAProxy looks for certificates in.
    func folders(from folder: String) -> [String] {
        let bases = statements.filter { ["crt-base", "ca-base", "key-base"].contains($0.keyword) }
            .compactMap(\.arguments.first?.text)
        return [folder] + bases.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
    }

    /// The text without what follows some words in their statements. Nothing moves.
    fileprivate func without(_ unknown: [(word: Range<Int>, end: Int)]) -> ConfigurationText {
        var bytes = bytes
        for (word, end) in unknown {
            for offset in word.upperBound..<max(word.upperBound, end) where bytes[offset] != 0x0A {
                bytes[offset] = 0x20
            }
        }
        return ConfigurationText(bytes, dialect: dialect)
    }
}
