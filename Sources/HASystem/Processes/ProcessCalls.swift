import CSystem

/// Every system call on processes goes through here, so that a test can make any single one fail.
package struct ProcessCalls: Sendable {
    /// What is started, and how.
    package struct Start: Sendable, Equatable {
        /// A path, or a name that is looked for in `PATH`.
        package var program: String
        /// The program's own name first.
        package var words: [String]
        /// `NAME=value`; nil: what this process has.
        package var environment: [String]?
        /// The working folder; nil: this process's.
        package var folder: String?
        /// The descriptor that it reads; nil: it reads nothing.
        package var input: Int32?
        /// Which descriptors of this process the new one has, under its numbers 1, 2 …
        package var descriptors: [Int32]
        /// Whether it leads a group of processes, so that signals reach all that it starts; else it is in ours.
        package var leadsGroup = true

        package init(
            program: String, words: [String], environment: [String]? = nil, folder: String? = nil,
            input: Int32? = nil, descriptors: [Int32]
        ) {
            self.program = program
            self.words = words
            self.environment = environment
            self.folder = folder
            self.input = input
            self.descriptors = descriptors
        }
    }

    /// A pipe that no other program inherits.
    var makePipe: @Sendable () throws(SystemError) -> (read: Int32, write: Int32)
    var close: @Sendable (_ descriptor: Int32) -> Void
    /// Bytes read; 0 at the end. To be called when there is something to read.
    var read: @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Which of the descriptors have something to read, or ended, after at most so many milliseconds; -1 is none.
    var wait: @Sendable (_ descriptors: [Int32], _ milliseconds: Int32) throws(SystemError) -> [Bool]
    /// A process that blocks and ignores no signal and inherits no file but those that it is given.
    package var start: @Sendable (Start) throws(SystemError) -> Int32
    /// Whether a child has ended. It still has its number, so that its group can be ended.
    var hasEnded: @Sendable (_ process: Int32) throws(SystemError) -> Bool
    /// The wait status of a child that has ended, which gives its number back.
    var status: @Sendable (_ process: Int32) throws(SystemError) -> Int32
    /// Sends a signal to a group of processes, where there is still one.
    var signal: @Sendable (_ group: Int32, _ signal: Int32) -> Void
    /// Milliseconds of a monotonic clock.
    var clock: @Sendable () -> Int
}

extension ProcessCalls {
    /// The operating system's.
    package static let system = ProcessCalls(
        makePipe: { () throws(SystemError) in
            var ends: [Int32] = [-1, -1]
            try SystemCall.result { cs_pipe(&ends) }
            return (ends[0], ends[1])
        },
        close: { _ = CLibrary.closeFile($0) },
        read: { descriptor, buffer throws(SystemError) in
            try SystemCall.result { CLibrary.readBytes(descriptor, buffer) }
        },
        wait: { descriptors, milliseconds throws(SystemError) in
            // `poll` passes over the number -1.
            var polled = descriptors.map { pollfd(fd: $0, events: Int16(truncatingIfNeeded: POLLIN), revents: 0) }
            do throws(SystemError) {
                try SystemCall.once { poll(&polled, nfds_t(truncatingIfNeeded: polled.count), milliseconds) }
            } catch  where error.number == EINTR {
                return descriptors.map { _ in false }
            }
            return polled.map { $0.revents != 0 }
        },
        start: { start throws(SystemError) in try spawn(start) },
        hasEnded: { process throws(SystemError) in
            var information = siginfo_t()
            try SystemCall.result {
                waitid(P_PID, id_t(truncatingIfNeeded: process), &information, WEXITED | WNOHANG | WNOWAIT)
            }
            // Nothing is filled in while it is running.
            return information.si_signo != 0
        },
        status: { process throws(SystemError) in
            var status: Int32 = 0
            try SystemCall.result { waitpid(process, &status, 0) }
            return status
        },
        signal: { group, signal in kill(-group, signal) },
        clock: { FileSystem.system.clock() })

    private static func spawn(_ start: Start) throws(SystemError) -> Int32 {
        // A NUL would cut a word short and make it another one.
        let texts = start.words + (start.environment ?? []) + [start.program] + (start.folder.map { [$0] } ?? [])
        guard !texts.contains(where: { $0.utf8.contains(0) }) else { throw SystemError(number: EINVAL) }
        var actions = CLibrary.spawnActions()
        var attributes = CLibrary.spawnAttributes()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input = start.input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for (number, descriptor) in start.descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(clamping: number + 1))
        }
        if let folder = start.folder {
            let number = cs_start_in(&actions, folder)
            guard number == 0 else { throw SystemError(number: number) }
        }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        if start.leadsGroup { flags |= Int32(POSIX_SPAWN_SETPGROUP) }
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        var words = start.words.map { strdup($0) } + [nil]
        var environment = (start.environment ?? []).map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process = pid_t()
        let number =
            start.environment == nil
            ? posix_spawnp(&process, start.program, &actions, &attributes, &words, environ)
            : posix_spawnp(&process, start.program, &actions, &attributes, &words, &environment)
        guard number == 0 else { throw SystemError(number: number) }
        return process
    }
}
