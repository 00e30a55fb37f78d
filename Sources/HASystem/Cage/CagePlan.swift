/// What a program may do that is run on a configuration that has not been reviewed yet.
///
/// It runs in an empty network, sees a read-only file system, and may open what is listed here alone. How much of that
/// holds depends on the system; a `CageReport` says what was missing.
package struct CagePlan: Sendable, Equatable {
    /// The program, as an absolute path, and its arguments without its own name.
    package var program: String
    package var arguments: [String]
    /// `NAME=value`; nothing else is inherited.
    package var environment: [String]
    /// The only folder on a disk that may be written; also the working folder.
    package var folder: String
    /// Files, and folders with everything below them, that may be read.
    package var readable: [String]
    /// Folders of libraries: what lies elsewhere is never loaded as one.
    package var libraries: [String]
    /// Files that may be run besides the program: the loaders of the system.
    package var loaders: [String]
    /// Folders that appear empty and may be written; nothing of that reaches a disk.
    package var covered: [String]
    /// A file that stands in for `/etc/hosts`, where names cannot be asked for.
    package var hosts: String?
    package var limits: Limits
    /// Nothing is run where neither rules for files nor a file system of its own can be had.
    package var isStrict = false
    /// Whether it may connect to sockets, all of which are in its folder: a proxy that answers requests.
    package var mayConnect = false

    /// What it may use up.
    package struct Limits: Sendable, Equatable {
        /// Seconds of processor time.
        package var processorTime = 60
        /// Bytes of addresses: nginx takes 600 MB for 10,000 services.
        package var memory = 4 << 30
        /// Bytes of one file.
        package var fileSize = 64 << 20
        package var openFiles = 1 << 16
        /// Processes and threads of an ordinary user.
        package var processes = 64

        package init() {}
    }

    package init(program: String, arguments: [String], folder: String, readable: [String] = []) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
        self.readable = Self.systemFiles + readable
        environment = Self.plainEnvironment
        libraries = Self.systemLibraries + Self.ownLibraries(of: program)
        loaders = Self.systemLoaders
        covered = Self.proxyFolders
        limits = Limits()
    }

    /// What every program finds in its environment.
    package static let plainEnvironment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", "LC_ALL=C", "TZ=UTC",
    ]

    /// What a program of the system reads of it: names of users and hosts, certificates of authorities, what the
    /// proxies' packages bring along. No folder with keys is among them.
    private static let systemFiles = [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
        "/etc/localtime", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf", "/etc/services",
        "/etc/protocols", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/openssl.cnf",
        "/etc/pki/ca-trust/extracted", "/etc/crypto-policies", "/etc/alternatives", "/etc/nginx", "/etc/haproxy",
        "/sys/devices/system",
    ]

    private static let systemLibraries = [
        "/usr", "/lib", "/lib64", "/lib32", "/libx32", "/bin", "/sbin", "/nix/store", "/gnu/store",
    ]

    private static let systemLoaders = [
        "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1",
        "/lib/ld-musl-aarch64.so.1",
    ]

    /// Where the proxies write by default, even while they check.
    private static let proxyFolders = ["/var/log/nginx", "/var/lib/nginx", "/var/cache/nginx", "/run", "/var/run"]

    /// Of a program in a place of its own: `/opt/haproxy/sbin/haproxy` has `/opt/haproxy/lib`.
    private static func ownLibraries(of program: String) -> [String] {
        let folder = FileInstaller.folder(of: program)
        let prefix = FileInstaller.folder(of: folder)
        guard !systemLibraries.contains(where: { folder.hasPrefix($0 + "/") }), prefix != "/" else { return [] }
        return [prefix + "/lib", prefix + "/lib64"]
    }
}

// The plan as words of a command line: `KEY=VALUE …`, then `--`, the program and its arguments.
extension CagePlan {
    /// The word that makes this program enter a cage instead of doing what it usually does.
    package static let hiddenWord = "__cage"

    var words: [String] {
        var words: [String] = []
        for key in Key.allCases { words += values(of: key).map { "\(key.rawValue)=\($0)" } }
        return words + ["--", program] + arguments
    }

    init?(words: [String]) {
        guard let end = words.firstIndex(of: "--"), words.indices.contains(end + 1) else { return nil }
        self.init(program: words[end + 1], arguments: Array(words[(end + 2)...]), folder: "")
        for key in Key.allCases { set([], of: key) }
        var values: [Key: [String]] = [:]
        for word in words[..<end] {
            guard let sign = word.firstIndex(of: "="), let key = Key(rawValue: String(word[..<sign])) else {
                return nil
            }
            values[key, default: []].append(String(word[word.index(after: sign)...]))
        }
        for (key, values) in values where !set(values, of: key) { return nil }
        guard folder.hasPrefix("/"), program.hasPrefix("/") else { return nil }
    }

    private enum Key: String, CaseIterable {
        case environment, folder, readable, libraries, loaders, covered, hosts, strict, connecting
        case time, memory, fileSize, openFiles, processes
    }

    private func values(of key: Key) -> [String] {
        switch key {
        case .environment: environment
        case .folder: [folder]
        case .readable: readable
        case .libraries: libraries
        case .loaders: loaders
        case .covered: covered
        case .hosts: hosts.map { [$0] } ?? []
        case .strict: isStrict ? [""] : []
        case .connecting: mayConnect ? [""] : []
        case .time: [String(limits.processorTime)]
        case .memory: [String(limits.memory)]
        case .fileSize: [String(limits.fileSize)]
        case .openFiles: [String(limits.openFiles)]
        case .processes: [String(limits.processes)]
        }
    }

    /// false when the values are none for the key.
    @discardableResult
    private mutating func set(_ values: [String], of key: Key) -> Bool {
        switch key {
        case .environment: environment = values
        case .folder: folder = values.first ?? ""
        case .readable: readable = values
        case .libraries: libraries = values
        case .loaders: loaders = values
        case .covered: covered = values
        case .hosts: hosts = values.first
        case .strict: isStrict = !values.isEmpty
        case .connecting: mayConnect = !values.isEmpty
        case .time: return set(values, &limits.processorTime)
        case .memory: return set(values, &limits.memory)
        case .fileSize: return set(values, &limits.fileSize)
        case .openFiles: return set(values, &limits.openFiles)
        case .processes: return set(values, &limits.processes)
        }
        return true
    }

    private func set(_ values: [String], _ limit: inout Int) -> Bool {
        guard let number = values.first.flatMap({ Int($0) }), number >= 0 else { return false }
        limit = number
        return true
    }
}
