import CSystem

/// The system calls that a cage is made of, so that a test can make any single one fail.
struct CageCalls: Sendable {
    struct Spaces: OptionSet, Sendable {
        let rawValue: Int32

        static let user = Spaces(rawValue: Int32(truncatingIfNeeded: CS_USER))
        static let network = Spaces(rawValue: Int32(truncatingIfNeeded: CS_NETWORK))
        static let mounts = Spaces(rawValue: Int32(truncatingIfNeeded: CS_MOUNTS))
    }

    enum Mount: Sendable, Equatable {
        /// What is mounted from here on is this process's own.
        case separate
        case memory(at: String, options: String)
        case bind(String, at: String)
        /// With everything below; what is `writable` or may hold `programs` is set so, the rest the other way.
        case attributes(String, set: Int32, clear: Int32)
    }

    enum Access: Int32, Sendable {
        case read, write, run
    }

    enum Limit: Sendable, CaseIterable {
        case core, processorTime, memory, fileSize, openFiles, processes, lockedMemory, queues
    }

    var closeFiles: @Sendable (_ first: Int32) throws(SystemError) -> Void
    /// The user and group that count.
    var identity: @Sendable () -> (user: UInt32, group: UInt32)
    var leave: @Sendable (Spaces) throws(SystemError) -> Void
    var raiseLoopback: @Sendable () throws(SystemError) -> Void
    /// Writes a setting of the system's below `/proc`.
    var write: @Sendable (_ path: String, _ text: String) throws(SystemError) -> Void
    /// Whether a folder is there, and no link to one.
    var isFolder: @Sendable (_ path: String) -> Bool
    var mount: @Sendable (Mount) throws(SystemError) -> Void
    var forbidPrivileges: @Sendable () throws(SystemError) -> Void
    var limit: @Sendable (Limit, Int) throws(SystemError) -> Void
    var leaveGroups: @Sendable () throws(SystemError) -> Void
    var dropCapabilities: @Sendable (_ keepsReading: Bool) throws(SystemError) -> Void
    var landlockVersion: @Sendable () throws(SystemError) -> Int32
    var makeRules: @Sendable (_ version: Int32) throws(SystemError) -> Int32
    var addRule: @Sendable (_ rules: Int32, _ version: Int32, _ path: String, Set<Access>) throws(SystemError) -> Void
    var enterRules: @Sendable (_ rules: Int32) throws(SystemError) -> Void
    var filterCalls: @Sendable (_ mayConnect: Bool) throws(SystemError) -> Void
    /// Lets this process end when its parent does; EPIPE where that has happened already.
    var endWithParent: @Sendable () throws(SystemError) -> Void
    var changeFolder: @Sendable (_ path: String) throws(SystemError) -> Void
    /// Returns only when it fails.
    var execute: @Sendable (_ program: String, _ words: [String], _ environment: [String]) -> SystemError
}

extension CageCalls {
    static let system = CageCalls(
        closeFiles: { first throws(SystemError) in try SystemCall.result { cs_close_from(first) } },
        identity: { (UInt32(geteuid()), UInt32(getegid())) },
        leave: { spaces throws(SystemError) in try SystemCall.result { cs_unshare(spaces.rawValue) } },
        raiseLoopback: { () throws(SystemError) in try SystemCall.result { cs_raise_loopback() } },
        write: { path, text throws(SystemError) in
            let descriptor = try SystemCall.result { CLibrary.openFile(path, O_WRONLY | O_CLOEXEC, 0) }
            defer { _ = CLibrary.closeFile(descriptor) }
            let bytes = Array(text.utf8)
            _ = try SystemCall.result { () -> Int in bytes.withUnsafeBytes { CLibrary.writeBytes(descriptor, $0) } }
        },
        isFolder: { path in (try? FileSystem.system.linkStatus(path))?.kind == .folder },
        mount: { mount throws(SystemError) in
            try SystemCall.result { () -> Int32 in
                switch mount {
                case .separate: return cs_mount(Int32(truncatingIfNeeded: CS_MOUNT_PRIVATE), nil, "/")
                case .memory(let path, let options):
                    return cs_mount(Int32(truncatingIfNeeded: CS_MOUNT_MEMORY), options, path)
                case .bind(let source, let path):
                    return cs_mount(Int32(truncatingIfNeeded: CS_MOUNT_BIND), source, path)
                case .attributes(let path, let set, let clear): return cs_mount_attributes(path, set, clear)
                }
            }
        },
        forbidPrivileges: { () throws(SystemError) in try SystemCall.result { cs_no_new_privileges() } },
        limit: { limit, value throws(SystemError) in
            try SystemCall.result { cs_limit(limit.number, UInt64(clamping: value)) }
        },
        leaveGroups: { () throws(SystemError) in try SystemCall.result { setgroups(0, nil) } },
        dropCapabilities: { keepsReading throws(SystemError) in
            try SystemCall.result { cs_drop_capabilities(keepsReading ? 1 : 0) }
        },
        landlockVersion: { () throws(SystemError) in try SystemCall.result { cs_landlock_version() } },
        makeRules: { version throws(SystemError) in try SystemCall.result { cs_landlock_create(version, 1) } },
        addRule: { rules, version, path, access throws(SystemError) in
            let rights = access.reduce(0) { $0 | $1.right }
            try SystemCall.result { cs_landlock_allow(rules, version, path, rights) }
        },
        enterRules: { rules throws(SystemError) in try SystemCall.result { cs_landlock_enter(rules) } },
        filterCalls: { mayConnect throws(SystemError) in
            try SystemCall.result { cs_filter_calls(mayConnect ? 1 : 0) }
        },
        endWithParent: { () throws(SystemError) in
            try SystemCall.result { cs_end_with_parent(CageEntry.reportDescriptor) }
        },
        changeFolder: { path throws(SystemError) in try SystemCall.result { chdir(path) } },
        execute: { program, words, environment in
            var words = words.map { strdup($0) } + [nil]
            var environment = environment.map { strdup($0) } + [nil]
            defer { (words + environment).forEach { free($0) } }
            execve(program, &words, &environment)
            return .last
        })
}

extension CageCalls.Access {
    fileprivate var right: Int32 {
        switch self {
        case .read: Int32(truncatingIfNeeded: CS_READ)
        case .write: Int32(truncatingIfNeeded: CS_WRITE)
        case .run: Int32(truncatingIfNeeded: CS_RUN)
        }
    }
}

extension CageCalls.Limit {
    fileprivate var number: Int32 {
        switch self {
        case .core: Int32(truncatingIfNeeded: CS_CORE)
        case .processorTime: Int32(truncatingIfNeeded: CS_CPU)
        case .memory: Int32(truncatingIfNeeded: CS_MEMORY)
        case .fileSize: Int32(truncatingIfNeeded: CS_FILE_SIZE)
        case .openFiles: Int32(truncatingIfNeeded: CS_OPEN_FILES)
        case .processes: Int32(truncatingIfNeeded: CS_PROCESSES)
        case .lockedMemory: Int32(truncatingIfNeeded: CS_LOCKED_MEMORY)
        case .queues: Int32(truncatingIfNeeded: CS_QUEUES)
        }
    }
}
