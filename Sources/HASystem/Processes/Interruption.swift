/// Ends the program cleanly on SIGINT, SIGTERM, SIGHUP and SIGQUIT: temporary files are removed, then the signal does what
/// it does by default, so that a shell sees 130, 143, 129 or 131.
package enum Interruption {
    private static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// Temporary files at one time; one more is not registered, and only an interruption would leave it.
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

    /// Whether a signal that is held will end the program.
    private static func isPending() -> Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return caught.contains { sigismember(&pending, $0) == 1 }
    }

    /// For work that is not to be cut off. A thread holds signals for itself: those that work in the background have
    /// none anyway.
    package static let held = HeldSignals(
        hold: {
            var depth = HoldDepth.current
            if depth.count == 0 { depth.wasBlocked = mask(SIG_BLOCK) }
            depth.count += 1
            HoldDepth.current = depth
        },
        release: {
            var depth = HoldDepth.current
            depth.count -= 1
            HoldDepth.current = depth
            if depth.count == 0, !depth.wasBlocked { _ = mask(SIG_UNBLOCK) }
        },
        isPending: { isPending() })

    /// How often this thread holds signals: a long piece of work may hold them around short ones.
    private struct HoldDepth {
        var count = 0
        /// Whether they were blocked before the first time.
        var wasBlocked = false

        private static let key = {
            var key = pthread_key_t()
            pthread_key_create(&key, nil)
            return key
        }()

        static var current: HoldDepth {
            get {
                let number = UInt(bitPattern: pthread_getspecific(key))
                return HoldDepth(count: Int(clamping: number / 2), wasBlocked: number % 2 == 1)
            }
            set {
                let number = UInt(clamping: newValue.count) * 2 + (newValue.wasBlocked ? 1 : 0)
                pthread_setspecific(key, UnsafeRawPointer(bitPattern: number))
            }
        }
    }

    /// For the installer of files.
    package static let temporaries = TemporaryFiles(
        holdSignals: held.hold, releaseSignals: held.release,
        register: { path in
            changes.withLock { _ in
                for index in 0..<slotCount where slots[index] == nil {
                    slots[index] = strdup(path)
                    return
                }
            }
        },
        forget: { path in
            changes.withLock { _ in
                for index in 0..<slotCount {
                    guard let slot = slots[index], strcmp(slot, path) == 0 else { continue }
                    slots[index] = nil
                    free(slot)
                    return
                }
            }
        })

    /// One thread at a time changes the slots.
    private static let changes = Guarded(())

    /// Runs in a signal handler: plain memory and `unlink` alone.
    package static func removeTemporaries() {
        for index in 0..<slotCount {
            if let path = slots[index] { unlink(path) }
        }
    }

    /// Blocks or unblocks; whether they were blocked.
    private static func mask(_ how: Int32) -> Bool {
        var set = sigset_t()
        var previous = sigset_t()
        sigemptyset(&set)
        for number in ending { sigaddset(&set, number) }
        pthread_sigmask(how, &set, &previous)
        return ending.allSatisfy { sigismember(&previous, $0) == 1 }
    }

    private typealias Handler = @convention(c) (Int32) -> Void

    private static func isIgnored(_ handler: Handler?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
