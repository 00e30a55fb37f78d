/// Says of one piece of work that it is no longer wanted. Whoever does the work asks now and then.
package final class Cancellation: Sendable {
    private let flag = Guarded(false)

    package init() {}

    package var isCancelled: Bool { flag.withLock { $0 } }

    package func cancel() { flag.withLock { $0 = true } }
}
