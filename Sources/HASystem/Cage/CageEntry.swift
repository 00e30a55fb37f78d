import CSystem

/// Binds this process to a plan, step by step, and becomes the program.
///
/// The order matters: mounts come before Landlock, which forbids them, and everything that needs a right comes before
/// the rights go.
struct CageEntry {
    let plan: CagePlan
    let calls: CageCalls
    /// The pipe of the report; it closes by itself when the program begins.
    let report: @Sendable (String) -> Void

    /// Descriptors that stay: the three of every program, and the report's.
    static let reportDescriptor: Int32 = 3

    private typealias Failure = CageReport.Failure

    /// Returns only when it fails.
    func enter() -> CageReport.Failure {
        do throws(Failure) {
            try must(.descriptors) { () throws(SystemError) in try calls.closeFiles(Self.reportDescriptor + 1) }
            let (user, group) = calls.identity()
            let spaces = leaveNamespaces(user, group)
            if spaces.contains(.network) { openNetwork() }
            let hasMounts = spaces.contains(.mounts) && closeFileSystem(user, group)
            try must(.privileges) { () throws(SystemError) in try calls.forbidPrivileges() }
            try setLimits(user)
            let version = landlockVersion()
            if plan.isStrict, version == nil, !hasMounts { throw Failure(.strictness, SystemError(number: ENOSYS)) }
            if user == 0 { try dropRights(keepsReading: version != nil) }
            try must(.folder) { () throws(SystemError) in try calls.changeFolder(plan.folder) }
            if let version { try enterRules(version, withMounts: hasMounts) }
            try endWithParent()
            optional(.calls) { () throws(SystemError) in try calls.filterCalls(plan.mayConnect) }
            return Failure(.program, calls.execute(plan.program, [plan.program] + plan.arguments, plan.environment))
        } catch {
            return error
        }
    }

    /// A proxy that answers requests would go on for ever when this program is killed. A change of rights undoes it.
    private func endWithParent() throws(Failure) {
        do throws(SystemError) { try calls.endWithParent() } catch {
            if error.number == EPIPE { throw Failure(.program, error) }
        }
    }

    private func must(_ step: CageReport.Step, _ work: () throws(SystemError) -> Void) throws(Failure) {
        do { try work() } catch { throw Failure(step, error) }
    }

    @discardableResult
    private func optional(_ part: CageReport.Part, _ work: () throws(SystemError) -> Void) -> Bool {
        do throws(SystemError) {
            try work()
            return true
        } catch {
            report(CageReport.line(missing: part))
            return false
        }
    }

    // MARK: Namespaces

    /// Only root may leave them without a new user namespace, and not root in most containers.
    private func leaveNamespaces(_ user: UInt32, _ group: UInt32) -> CageCalls.Spaces {
        let wanted: CageCalls.Spaces = [.network, .mounts]
        if user == 0, (try? calls.leave(wanted)) != nil { return wanted }
        guard optional(.namespaces, { () throws(SystemError) in try calls.leave(wanted.union(.user)) }) else {
            return []
        }
        // Files can be made only by a user that the namespace knows.
        try? calls.write("/proc/self/uid_map", "\(user) \(user) 1")
        try? calls.write("/proc/self/setgroups", "deny")
        try? calls.write("/proc/self/gid_map", "\(group) \(group) 1")
        return wanted
    }

    /// Every port and address can be bound: nothing else is in this network.
    private func openNetwork() {
        try? calls.raiseLoopback()
        try? calls.write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")
        try? calls.write("/proc/sys/net/ipv4/ip_nonlocal_bind", "1")
        try? calls.write("/proc/sys/net/ipv6/ip_nonlocal_bind", "1")
    }

    /// All that is mounted becomes read-only and, save the libraries, no place to load programs from.
    private func closeFileSystem(_ user: UInt32, _ group: UInt32) -> Bool {
        optional(.mounts) { () throws(SystemError) in
            try calls.mount(.separate)
            let covered = plan.covered.filter(calls.isFolder)
            for path in covered {
                try calls.mount(
                    .memory(at: path, options: "size=64m,nr_inodes=1000,mode=755,uid=\(user),gid=\(group)"))
            }
            if let hosts = plan.hosts { try calls.mount(.bind(hosts, at: "/etc/hosts")) }
            // What gets other attributes than the rest has to be a mount of its own.
            let libraries = plan.libraries.filter(calls.isFolder)
            let programs =
                libraries + [plan.program].filter { path in !libraries.contains { path.hasPrefix($0 + "/") } }
            for path in programs + [plan.folder] { try calls.mount(.bind(path, at: path)) }
            let all = Int32(truncatingIfNeeded: CS_READ_ONLY) | Int32(truncatingIfNeeded: CS_NO_PROGRAMS)
            try calls.mount(.attributes("/", set: all, clear: 0))
            for path in programs {
                try calls.mount(.attributes(path, set: 0, clear: Int32(truncatingIfNeeded: CS_NO_PROGRAMS)))
            }
            for path in covered + [plan.folder] {
                try calls.mount(.attributes(path, set: 0, clear: Int32(truncatingIfNeeded: CS_READ_ONLY)))
            }
        }
    }

    // MARK: Rights

    private func setLimits(_ user: UInt32) throws(Failure) {
        let limits = plan.limits
        for limit in CageCalls.Limit.allCases {
            let value =
                switch limit {
                case .core, .lockedMemory, .queues: 0
                case .processorTime: limits.processorTime
                case .memory: limits.memory
                case .fileSize: limits.fileSize
                case .openFiles: limits.openFiles
                case .processes: limits.processes
                }
            // What some systems do not limit.
            do throws(SystemError) { try calls.limit(limit, value) } catch  where error.number == ENOSYS {
                continue
            } catch {
                throw Failure(.limits, error)
            }
        }
    }

    /// Root stays the owner of its files, keys among them, and may do nothing else that others may not. Where rules say
    /// which files are open, it reads the keys of other users too, as the proxy will when it starts.
    private func dropRights(keepsReading: Bool) throws(Failure) {
        try? calls.leaveGroups()
        try must(.capabilities) { () throws(SystemError) in try calls.dropCapabilities(keepsReading) }
    }

    // MARK: Files

    private func landlockVersion() -> Int32? {
        var version: Int32?
        optional(.landlock) { () throws(SystemError) in version = try calls.landlockVersion() }
        return version
    }

    private func enterRules(_ version: Int32, withMounts hasMounts: Bool) throws(Failure) {
        try must(.rules) { () throws(SystemError) in
            let rules = try calls.makeRules(version)
            func allow(_ paths: [String], _ access: Set<CageCalls.Access>) throws(SystemError) {
                for path in paths { try calls.addRule(rules, version, path, access) }
            }
            try allow(plan.libraries + plan.readable, [.read])
            try allow([plan.program] + plan.loaders, [.read, .run])
            try allow([plan.folder], [.read, .write])
            // Without mounts these are the machine's own.
            if hasMounts { try allow(plan.covered, [.read, .write]) }
            try allow(["/dev/null", "/dev/zero", "/dev/full"], [.read, .write])
            try allow(["/dev/urandom", "/dev/random"], [.read])
            try calls.enterRules(rules)
        }
    }
}

/// The way into a cage: this program runs itself with a hidden word, because nothing can be set between the start of a
/// process and its program but what the process does itself.
package enum Cage {
    /// Whether a command line, without the program's name, asks for a cage; then this is to be the first thing done.
    package static func isAsked(for words: [String]) -> Bool { words.first == CagePlan.hiddenWord }

    /// Enters the cage that the words describe and becomes the program in it.
    package static func enter(_ words: [String]) -> Never {
        let descriptor = CageEntry.reportDescriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let report: @Sendable (String) -> Void = { line in
            try? FileSystem.system.writeAll(Array(line.utf8), to: descriptor)
        }
        let failure: CageReport.Failure
        if let plan = CagePlan(words: Array(words.dropFirst())) {
            failure = CageEntry(plan: plan, calls: .system, report: report).enter()
        } else {
            failure = CageReport.Failure(.plan, SystemError(number: EINVAL))
        }
        report(CageReport.line(failure))
        exit(Self.failed)
    }

    /// It is not read: the report says what failed.
    private static let failed: Int32 = 125
}
