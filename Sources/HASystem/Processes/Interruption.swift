/// Ends the program cleanly on SIGINT, SIGTERM, SIGHUP and SIGQUIT: temporary files are removed, then the signal does what
/// it does by default, so that a shell sees 130, 143, 129 or 131.
package enum Interruption {
    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// Temporary files at one time; one more is not registered, and only an interruption would leave it behind.
    private static let slotCount = 64

    /// Paths as C strings, nil where a slot is free. Memory that is never moved: the handler reads it, and a handler
    /// may neither allocate nor wait for a lock.
    nonisolated(unsafe) private static let slots = {
        let slots = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: slotCount)
        slots.initialize(repeating: nil, count: slotCount)
        return slots
    }()

    /// What else is done before a signal ends the program.
    nonisolated(unsafe) private static var leave: @convention(c) () -> Void = {}

    /// Called once, before any file is made.
    ///
    /// - Parameter leave: runs in a signal handler: plain memory and system calls alone.
    package static func prepare(leave: @escaping @convention(c) () -> Void) {
        // Both exist before the handler can ask for them.
        _ = slots
        Self.leave = leave
        // Both are reported as errors by the call that caused them.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for number in ending {
            let previous = signal(number) { number in
                Interruption.removeTemporaries()
                Interruption.endChild()
                Interruption.leave()
                signal(number, SIG_DFL)
                // Delivered as soon as this handler returns.
                raise(number)
            }
            // A parent that made us immune (nohup, a job in the background) meant it.
            if isIgnored(previous) { signal(number, SIG_IGN) } else { caught.append(number) }
        }
    }

    /// Those of `ending` that were not ignored: held signals are pending even where they are ignored.
    nonisolated(unsafe) private static var caught: [Int32] = []

    /// How often signals are held: a long piece of work may hold them around short ones.
    nonisolated(unsafe) private static var holds = 0

    /// The process group of a command that is running; 0: none. An interruption that is not held ends it too.
    nonisolated(unsafe) private static var child: Int32 = 0

    /// For commands that are run.
    package static func childStarted(_ group: Int32) { child = group }

    /// For commands that are run: whether a signal that is held will end the program.
    package static func isPending() -> Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return caught.contains { sigismember(&pending, $0) == 1 }
    }

    /// For the installer of files.
    package static let temporaries = TemporaryFiles(
        holdSignals: {
            mask(SIG_BLOCK)
            holds += 1
        },
        releaseSignals: {
            holds -= 1
            if holds == 0 { mask(SIG_UNBLOCK) }
        },
        register: { path in
            for index in 0..<slotCount where slots[index] == nil {
                slots[index] = strdup(path)
                return
            }
        },
        forget: { path in
            for index in 0..<slotCount {
                guard let slot = slots[index], strcmp(slot, path) == 0 else { continue }
                slots[index] = nil
                free(slot)
                return
            }
        })

    /// Runs in a signal handler: plain memory and `unlink` alone.
    package static func removeTemporaries() {
        for index in 0..<slotCount {
            if let path = slots[index] { unlink(path) }
        }
    }

    /// Runs in a signal handler.
    private static func endChild() {
        if child > 0 { kill(-child, SIGTERM) }
    }

    private static func mask(_ how: Int32) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in ending { sigaddset(&set, number) }
        pthread_sigmask(how, &set, nil)
    }

    private typealias Handler = @convention(c) (Int32) -> Void

    private static func isIgnored(_ handler: Handler?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
