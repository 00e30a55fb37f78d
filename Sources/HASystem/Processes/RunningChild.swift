/// A process that was started, until it has ended.
struct RunningChild: ~Copyable {
    /// Also the number of its process group.
    let process: pid_t
    /// Standard output and standard error; -1 once closed.
    private var pipes: [Int32]
    private var streams: [[UInt8]] = [[], []]
    private var isCut = false

    deinit {
        for pipe in pipes where pipe >= 0 { close(pipe) }
    }

    init(_ command: ChildProcess.Command) throws(SystemError) {
        var reading: [Int32] = []
        var writing: [Int32] = []
        defer { writing.forEach { _ = close($0) } }
        for _ in 0..<2 {
            do throws(SystemError) {
                let pipe = try Self.pipe()
                reading.append(pipe.read)
                writing.append(pipe.write)
            } catch {
                reading.forEach { _ = close($0) }
                throw error
            }
        }
        do throws(SystemError) {
            process = try Self.spawn(command, output: writing[0], error: writing[1])
        } catch {
            reading.forEach { _ = close($0) }
            throw error
        }
        pipes = reading
    }

    /// Waits for the end, reading what it writes; ends it when its time is up or an interruption asks for it.
    ///
    /// A process that the child leaves behind may hold the streams open: they are read until the child itself ends.
    mutating func wait(_ limits: ChildProcess.Limits, isInterrupted: () -> Bool) -> ChildProcess.Outcome {
        let start = Self.clock()
        var tick: Int32 = 1
        var stop: (ending: ChildProcess.Ending, time: Int)?
        while true {
            let busy = read(waiting: tick, limit: limits.output)
            tick = busy ? 1 : min(2 * tick, 20)
            if let status = ended() {
                // What is still in the pipes; one that the child left behind could write for ever.
                for _ in 0..<256 { guard read(waiting: 0, limit: limits.output) else { break } }
                // What a stopped child left running must not go on.
                if stop != nil { kill(-process, SIGKILL) }
                let ending = stop?.ending ?? Self.ending(status)
                return .init(ending: ending, standardOutput: streams[0], standardError: streams[1], isCut: isCut)
            }
            let time = Self.clock() - start
            if let stop {
                if time >= stop.time + limits.grace { kill(-process, SIGKILL) }
            } else if time >= limits.time || isInterrupted() {
                stop = (time >= limits.time ? .timedOut(limits.time) : .interrupted, time)
                kill(-process, SIGTERM)
            }
        }
    }

    /// The wait status, once it has ended.
    private func ended() -> Int32? {
        var status: Int32 = 0
        switch waitpid(process, &status, WNOHANG) {
        case process: return status
        case -1 where errno == EINTR: return nil
        // Somebody else took the status: there is nothing to wait for.
        case -1: return 127 << 8
        default: return nil
        }
    }

    private static func ending(_ status: Int32) -> ChildProcess.Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }

    /// Waits for output for some milliseconds and reads what is there; whether there was any.
    private mutating func read(waiting milliseconds: Int32, limit: Int) -> Bool {
        // A closed pipe has the number -1, which `poll` passes over.
        var polled = pipes.map { pollfd(fd: $0, events: Int16(truncatingIfNeeded: POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(truncatingIfNeeded: polled.count), milliseconds) > 0 else { return false }
        for index in pipes.indices where polled[index].revents != 0 { readPiece(index, limit: limit) }
        return true
    }

    private mutating func readPiece(_ index: Int, limit: Int) {
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        let count = piece.withUnsafeMutableBytes { CLibrary.readBytes(pipes[index], $0) }
        if count < 0, errno == EINTR { return }
        guard count > 0 else {
            close(pipes[index])
            pipes[index] = -1
            return
        }
        let room = max(0, limit - streams[index].count)
        streams[index] += piece.prefix(min(room, count))
        if count > room { isCut = true }
    }

    // MARK: Starting

    private static func pipe() throws(SystemError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard CLibrary.makePipe(&ends) == 0 else { throw .last }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ command: ChildProcess.Command, output: Int32, error: Int32
    ) throws(SystemError) -> pid_t {
        var actions = CLibrary.spawnActions()
        var attributes = CLibrary.spawnAttributes()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        let words: [String]
        switch command {
        case .shell(let line, let shell, let folder):
            // Not every C library can begin a process in another folder; a shell can.
            let entering = folder.map { path in
                ["-c", "cd \"$1\" && exec \"$0\" -c \"$2\"", shell, path.hasPrefix("/") ? path : "./" + path]
            }
            words = [shell] + (entering ?? ["-c"]) + [line]
        case .program(let name, let arguments): words = [name] + arguments
        }
        // A NUL would cut a word short and make it another one.
        guard !words.contains(where: { $0.utf8.contains(0) }) else { throw SystemError(number: EINVAL) }
        var pointers = words.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var process = pid_t()
        let number = posix_spawnp(&process, words[0], &actions, &attributes, &pointers, environ)
        guard number == 0 else { throw SystemError(number: number) }
        return process
    }

    private static func clock() -> Int {
        FileSystem.system.clock()
    }
}
