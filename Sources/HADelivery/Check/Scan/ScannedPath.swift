import HASystem

/// Where a path of a configuration leads, and whether a check may read there.
struct ScannedPath {
    /// What is done with what the path names.
    enum Use {
        /// Its text may stand in a message.
        case text
        /// It is read as a certificate or key, which a message never shows.
        case certificate
    }

    /// The real paths of the folders that relative paths count from: the output's, and where its check runs.
    let folders: [String]
    /// The first of the folders of a user's command that nothing may be read in.
    private(set) var closedFolder: String?
    let files: FileSystem

    /// Where the machine keeps configurations and what belongs to them; no change of a repository can write there.
    private static let machineFolders = [
        "/etc/haproxy", "/etc/nginx", "/usr/share", "/usr/local/etc/haproxy", "/usr/local/etc/nginx",
        "/usr/local/share", "/var/lib/haproxy",
        "/usr/local/haproxy", "/usr/local/nginx/conf", "/usr/local/openresty/nginx/conf",
    ]
    private static let certificateFolders = [
        "/etc/ssl", "/etc/pki", "/etc/letsencrypt", "/etc/certs", "/etc/ca-certificates", "/usr/local/share", "/srv",
        "/opt",
        "/var/lib/nginx", "/var/lib/acme", "/run/secrets", "/var/run/secrets",
    ]
    private static let machineFiles = ["/dev/null", "/etc/mime.types", "/etc/resolv.conf"]

    /// - Parameter others: folders of a user's command, from where that runs.
    init(output: String, workingFolder: String? = nil, others: [String] = [], files: FileSystem) {
        let usual = ScannedPath(output, workingFolder, files)
        var open: [String] = []
        for other in others {
            if let path = usual.absolute(other, in: usual.folders.last), usual.isReadable(path, .text) {
                open.append(path)
            } else {
                closedFolder = other
            }
        }
        self.files = files
        folders = usual.folders + open
    }

    private init(_ output: String, _ workingFolder: String?, _ files: FileSystem) {
        self.files = files
        let named = [PrivateFolder.folder(of: output)] + (workingFolder.map { [$0] } ?? [])
        folders = named.map { folder in
            if let real = try? files.realPath(folder) { return real }
            // It is made later.
            return folder.hasPrefix("/") ? folder : ((try? files.realPath(".")) ?? "") + "/" + folder
        }
    }

    /// The path as the proxy would open it, from a folder that its relative paths count from; nil for one that leads up,
    /// and of one with `..` inside where it leads.
    func absolute(_ path: String, in base: String? = nil) -> String? {
        let absolute = path.hasPrefix("/") ? path : (base ?? folders[0]) + "/" + path
        let parts = path.split(separator: "/")
        guard parts.contains("..") else { return absolute }
        var depth = 0
        for part in parts where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return nil }
        }
        return try? files.realPath(absolute)
    }

    /// Whether what stands at an absolute path may be read, wherever links lead.
    func isReadable(_ path: String, _ use: Use) -> Bool {
        // Nothing is read where nothing is; what is missing is for the proxy to say.
        if case .some = try? files.linkStatus(path) {} else if !hasLinkedFolder(path) { return true }
        let real = real(path)
        if Self.machineFiles.contains(path) || folders.contains(where: { isInside(real, $0) }) { return true }
        var allowed = Self.machineFolders
        switch use {
        case .text: break
        case .certificate: allowed += Self.certificateFolders
        }
        return allowed.contains { isInside(path, $0) && (isInside(real, $0) || isMachine(real, allowed)) }
    }

    /// Whether the path goes through a link that leads to nothing.
    private func hasLinkedFolder(_ path: String) -> Bool { real(path).hasPrefix("?") }

    /// Whether a file is one of those that come with the system's packages.
    func isPackaged(_ path: String) -> Bool {
        let real = real(path)
        return ["/usr/share/nginx", "/etc/nginx/modules-enabled", "/etc/nginx/modules-available"].contains {
            isInside(real, $0) && !folders.contains(where: { isInside(real, $0) })
        }
    }

    /// Distributions link from one of these folders to another.
    private func isMachine(_ real: String, _ folders: [String]) -> Bool { folders.contains { isInside(real, $0) } }

    private func isInside(_ path: String, _ folder: String) -> Bool { path == folder || path.hasPrefix(folder + "/") }

    /// Without links; of a path that does not exist, as far as it does.
    private func real(_ path: String) -> String {
        var rest: [Substring] = []
        var parts = path.split(separator: "/")
        while true {
            let start = "/" + parts.joined(separator: "/")
            // A link to nothing leads where nobody knows.
            if let found = try? files.realPath(start) {
                return ([found == "/" ? "" : found] + rest.map(String.init)).joined(separator: "/")
            }
            if (try? files.linkStatus(start)) != nil { return "?" }
            guard let last = parts.popLast() else { return path }
            rest.insert(last, at: 0)
        }
    }
}
