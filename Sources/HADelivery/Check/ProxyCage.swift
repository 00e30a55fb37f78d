import HASystem
import HATemplate

/// The cage for one check: what the proxy may read besides the system's own files.
///
/// That is the output's folder and, elsewhere, only what gives nothing away when a complaint quotes it: certificates,
/// keys and pages of errors that the configuration names. What a list or map elsewhere holds would stand in the
/// message of whoever asked for the check.
struct ProxyCage {
    let files: FileSystem
    /// The folder of the output; the configuration's relative paths count from it.
    let outputFolder: String
    let text: ConfigurationText
    /// What the configuration reads, as the scan found it; nil where code may read whatever the text names.
    var reads: Set<String>?

    /// Bytes of a file that are looked at to know what it is.
    private static let startSize = 16 << 10
    /// Names of files taken from one configuration. A command line has an end.
    private static let maximumCount = 10_000
    /// Folders that hold more than configurations: an output in one of them opens nothing but itself.
    private static let wideFolders: Set<String> = [
        "/", "/etc", "/usr", "/var", "/home", "/root", "/opt", "/srv", "/run", "/tmp", "/var/lib", "/etc/ssl",
    ]

    func plan(
        program: String, arguments: [String], folder: PrivateFolder, variables: [String], time: Int
    ) throws(SystemError) -> CagePlan {
        var plan = CagePlan(
            program: try files.realPath(program), arguments: arguments, folder: try files.realPath(folder.path),
            readable: readable())
        plan.environment += variables
        // Less than the time limit, where the check is alone on the machine: that one speaks of the check.
        plan.limits.processorTime = max(60, time / 1000 * 2)
        return plan
    }

    /// Files and folders of this configuration.
    func readable() -> [String] {
        let root = try? files.realPath(outputFolder)
        var paths: [String] = []
        if let root, !Self.wideFolders.contains(root) { paths.append(root) }
        var known: Set<String> = []
        for name in namedPaths() where known.count < Self.maximumCount && known.insert(name).inserted {
            guard let path = try? files.realPath(name), !Self.lies(path, below: paths.first),
                let status = try? files.status(path)
            else { continue }
            switch status.kind {
            case .regular: if isHarmless(path) { paths.append(path) }
            // A folder of certificates, as `crt DIR` names it.
            case .folder: paths += certificates(in: path)
            case .link, .other: continue
            }
        }
        return paths
    }

    private func certificates(in folder: String) -> [String] {
        let names = (try? files.names(folder)) ?? []
        return names.sorted().prefix(Self.maximumCount).compactMap { name in
            guard let path = try? files.realPath(folder + "/" + name), isHarmless(path) else { return nil }
            return path
        }
    }

    /// What the configuration reads; where it runs code, every path that a word of it may mean.
    private func namedPaths() -> [String] {
        if let reads { return reads.sorted() }
        let bases = text.folders(from: outputFolder)
        let hasBases = bases.count > 1
        return text.statements.flatMap { statement in
            statement.arguments.flatMap { word -> [String] in
                let part = word.text
                if part.hasPrefix("/") { return [part] }
                guard hasBases || part.contains("/"), !part.isEmpty, !part.contains("://") else { return [] }
                return bases.map { $0 + "/" + part }
            }
        }
    }

    /// Whether a complaint that quotes a line of a file shows nothing: it holds PEM blocks, or is an answer of HTTP.
    private func isHarmless(_ path: String) -> Bool {
        guard let start = try? FileReader(files: files).start(of: path, upTo: Self.startSize) else { return false }
        return start.starts(with: Array("HTTP/".utf8)) || Self.holds(start, Array("-----BEGIN ".utf8))
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: part) }
    }

    private static func lies(_ path: String, below folder: String?) -> Bool {
        guard let folder else { return false }
        return path == folder || path.hasPrefix(folder + "/")
    }
}

extension ProxyCage {
    /// What there is to say of the cage around an answer; nil where it had all its walls and was in no way.
    static func note(_ complaints: [Complaint], _ report: CageReport) -> String? {
        let isClosed = complaints.contains { complaint in
            complaint.severity == .error && complaint.message.contains("Permission denied")
        }
        return report.note ?? (isClosed ? "the check may read the output's folder and what docs/safety.md lists" : nil)
    }
}

extension ChildProcess.Command {
    var isCaged: Bool {
        switch self {
        case .caged: true
        case .shell, .program: false
        }
    }
}

extension ProxyCheck {
    /// How the proxy is started for a configuration in a private folder.
    func command(
        _ subject: Subject, _ program: String, _ folder: PrivateFolder
    ) throws(FileError) -> ChildProcess.Command {
        if case .caged(let isStrict) = subject.manner, let words = cagedWords(subject, folder),
            let caged = try caged(words, subject, program, folder, isStrict: isStrict)
        {
            return caged
        }
        guard let line = subject.command else {
            return .program(program, arguments: arguments(subject.text, folder))
        }
        return .shell(ChildProcess.line(line, file: folder.file), by: subject.shell, in: subject.folder)
    }

    /// nil for what is no program of the machine's: a script may start another, and is the user's own.
    func caged(
        _ words: [String], _ subject: Subject, _ program: String, _ folder: PrivateFolder, isStrict: Bool
    ) throws(FileError) -> ChildProcess.Command? {
        guard let start = try? FileReader(files: files).start(of: program, upTo: 2), start != Array("#!".utf8) else {
            return nil
        }
        let cage = ProxyCage(
            files: files, outputFolder: FileInstaller.folder(of: subject.output), text: subject.text,
            reads: subject.allowsCode ? nil : subject.reads)
        var plan: CagePlan
        do {
            plan = try cage.plan(
                program: program, arguments: words, folder: folder, variables: variables(of: subject),
                time: subject.timeLimit)
        } catch {
            throw FileError(.read, program, error)
        }
        plan.isStrict = isStrict
        plan.readable += subject.reads.sorted()
        plan.readable += words.filter { $0.hasPrefix("/") && !$0.hasPrefix(folder.path) }
        let names = subject.namesHosts ? knownNames(subject) : []
        if !names.isEmpty { plan.hosts = try folder.add(".haproxy-gen-hosts", hosts(names)) }
        return .caged(plan)
    }

    /// The names of the configuration that this machine knows. Where asking takes too long, the rest counts as known.
    private func knownNames(_ subject: Subject) -> [String] {
        let end = files.clock() + subject.timeLimit / 2
        return subject.text.hostNames.filter { name in
            if let isKnown = knownHosts.withLock({ $0[name] }) { return isKnown }
            let isKnown = files.clock() > end || files.knowsHost(name)
            knownHosts.withLock { $0[name] = isKnown }
            return isKnown
        }
    }

    /// The machine's own names, then others, all of an address that nobody has (RFC 5737).
    private func hosts(_ names: [String]) -> [UInt8] {
        let own = (try? FileReader(files: files).start(of: "/etc/hosts", upTo: 1 << 20)) ?? []
        return own + Array(("\n" + names.map { "192.0.2.1 \($0)\n" }.joined()).utf8)
    }

    /// The arguments; nil for a command line that only a shell can run.
    private func cagedWords(_ subject: Subject, _ folder: PrivateFolder) -> [String]? {
        guard let line = subject.command else { return arguments(subject.text, folder) }
        guard Self.plainProgram(line) != nil, let words = ShellLine.plainWords(line) else { return nil }
        return words.dropFirst().map { word in
            let file = word.replacing("{file}", by: folder.file)
            // Other files of the command count from this program's folder, not from the private one.
            guard !file.hasPrefix("-"), !file.hasPrefix("/"),
                let real = try? files.realPath((subject.folder.map { $0 + "/" } ?? "") + file)
            else { return file }
            return real
        }
    }
}

extension String {
    fileprivate func replacing(_ part: String, by other: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension ConfigurationText {
    /// Names of hosts that the proxy looks up when it checks this configuration; each once, in order.
    var hostNames: [String] {
        var names: [String] = []
        var known: Set<String> = []
        for statement in statements where Self.looksUp(statement.keyword) {
            for word in statement.arguments {
                guard let name = Self.hostName(in: word.text), known.insert(name).inserted else { continue }
                names.append(name)
            }
        }
        return names
    }

    private static func looksUp(_ keyword: String) -> Bool {
        let keywords: Set<String> = [
            "server", "server-template", "nameserver", "peer", "mailer", "log", "bind", "source", "listen", "resolver",
            "access_log", "error_log", "geoip_proxy", "set_real_ip_from", "allow", "deny",
        ]
        return keywords.contains(keyword) || keyword.hasSuffix("_pass")
    }

    /// `http://app.example.com:80/x` → `app.example.com`.
    private static func hostName(in word: String) -> String? {
        var rest = Substring(word)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        if let server = rest.firstRange(of: "server=") { rest = rest[server.upperBound...] }
        if let at = rest.firstIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        let name = rest.prefix { !":/,;".contains($0) }
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isName, name.contains(where: \.isLetter), name.count <= 253, name != "unix" else { return nil }
        return String(name)
    }
}
