/// Long work whose result is needed later, on a thread of its own.
///
/// The work must not depend on anything that ends before its result is asked for.
package final class BackgroundWork<Result: Sendable>: Sendable {
    private let work: @Sendable () -> Result
    private let state: Guarded<State>

    private enum State {
        case running(BackgroundThread, BackgroundResult<Result>)
        case done(Result)
        /// There was no thread to be had, or none worth having.
        case waiting
    }

    /// Begins the work. What is not `long` waits until its result is asked for: a thread would cost more.
    package init(long isLong: Bool, _ work: @escaping @Sendable () -> Result) {
        self.work = work
        guard isLong else {
            state = Guarded(.waiting)
            return
        }
        let result = BackgroundResult<Result>()
        if let thread = BackgroundThread({ result.store(work()) }) {
            state = Guarded(.running(thread, result))
        } else {
            state = Guarded(.waiting)
        }
    }

    /// The result, once the work is done.
    package func result() -> Result {
        state.withLock { state in
            switch state {
            case .done(let result):
                return result
            case .running(let thread, let stored):
                thread.join()
                let result = stored.take() ?? work()
                state = .done(result)
                return result
            case .waiting:
                let result = work()
                state = .done(result)
                return result
            }
        }
    }

    deinit {
        state.withLock { state in
            if case .running(let thread, _) = state { thread.detach() }
        }
    }
}

/// Where a thread leaves its result.
private final class BackgroundResult<Result: Sendable>: Sendable {
    private let value = Guarded<Result?>(nil)

    func store(_ result: Result) { value.withLock { $0 = result } }

    func take() -> Result? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}

/// A thread of the system. It is joined or detached once.
package struct BackgroundThread: Sendable {
    private let handle: ThreadHandle

    /// What the main thread of a program has; some C libraries give other threads much less.
    private static let stackSize = 8 << 20

    /// nil when the system refuses one.
    package init?(_ run: @escaping @Sendable () -> Void) {
        // Signals go to the thread that knows when they may end the program.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        guard let handle = ThreadHandle(&attributes, run) else { return nil }
        self.handle = handle
    }

    func join() { handle.join() }

    package func detach() { handle.detach() }
}
