/// One thread beside the loop's, for work that takes long: one piece at a time, whose result comes back to the loop.
package final class Worker<Result: Sendable>: Pollable {
    private let calls: EventCalls
    private let jobs: (read: Int32, write: Int32)
    private let results: (read: Int32, write: Int32)
    private let shared = Guarded<Shared>(Shared())
    private let finished: (Result, _ now: Int) -> Void
    /// Whether a piece of work was given whose result has not come back.
    package private(set) var isBusy = false

    private struct Shared {
        var job: (@Sendable () -> Result)?
        var results: [Result] = []
    }

    /// - Parameter finished: called on the loop's thread with each result.
    package init(calls: EventCalls = .system, finished: @escaping (Result, _ now: Int) -> Void) throws(SystemError) {
        self.calls = calls
        self.finished = finished
        jobs = try calls.makePipe()
        do { results = try calls.makePipe() } catch {
            calls.close(jobs.read)
            calls.close(jobs.write)
            throw error
        }
        let (shared, calls, jobEnd, resultEnd) = (shared, calls, jobs.read, results.write)
        let thread = BackgroundThread { Self.work(shared, calls, jobEnd, resultEnd) }
        guard let thread else {
            for end in [jobs.read, jobs.write, results.read, results.write] { calls.close(end) }
            throw SystemError(number: EAGAIN)
        }
        thread.detach()
    }

    /// The thread ends when it has no more work.
    deinit {
        calls.close(jobs.write)
        calls.close(results.read)
    }

    /// Gives it a piece of work. There must be none under way.
    package func submit(_ job: @escaping @Sendable () -> Result) {
        isBusy = true
        shared.withLock { $0.job = job }
        calls.signal(jobs.write)
    }

    private static func work(_ shared: Guarded<Shared>, _ calls: EventCalls, _ jobEnd: Int32, _ resultEnd: Int32) {
        while true {
            _ = try? calls.wait([PollInterest(jobEnd, .reading)], -1)
            let hasEnded = calls.drain(jobEnd).hasEnded
            let job = shared.withLock { shared in
                defer { shared.job = nil }
                return shared.job
            }
            if let job {
                let result = job()
                shared.withLock { $0.results.append(result) }
                calls.signal(resultEnd)
            }
            if hasEnded { break }
        }
        calls.close(jobEnd)
        calls.close(resultEnd)
    }

    package var interests: [PollInterest] { [PollInterest(results.read, .reading)] }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        _ = calls.drain(results.read)
        let done = shared.withLock { shared in
            defer { shared.results = [] }
            return shared.results
        }
        for result in done {
            isBusy = false
            finished(result, now)
        }
    }
}
