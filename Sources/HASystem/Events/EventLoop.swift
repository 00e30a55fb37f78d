/// Something that a poll loop drives: sockets, a pipe, a watch on folders.
///
/// Everything of it runs on the loop's thread.
package protocol Pollable: AnyObject {
    /// What it waits for now. It is asked before each wait.
    var interests: [PollInterest] { get }
    /// When it wants `timeOut` even if nothing becomes ready, in milliseconds of the loop's clock; nil: never.
    var deadline: Int? { get }
    /// A descriptor of `interests` is ready. One that was closed since, by itself or another, is passed over.
    func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int)
    /// The deadline has passed.
    func timeOut(at now: Int)
}

extension Pollable {
    package var deadline: Int? { nil }
    package func timeOut(at now: Int) {}
}

/// One thread's wait for everything that can happen.
package final class EventLoop {
    package let calls: EventCalls
    private var pollables: [any Pollable] = []
    /// How often the loop woke.
    package private(set) var wakeCount = 0

    package init(calls: EventCalls = .system) {
        self.calls = calls
    }

    package func add(_ pollable: any Pollable) { pollables.append(pollable) }

    package func remove(_ pollable: any Pollable) { pollables.removeAll { $0 === pollable } }

    /// Waits until something happens or a deadline passes, and lets the pollables take it.
    ///
    /// - Parameter limit: a further deadline.
    package func turn(until limit: Int? = nil) throws(SystemError) {
        let asked = pollables
        var interests: [PollInterest] = []
        var owners: [Int] = []
        var deadlines = limit.map { [$0] } ?? []
        for (index, pollable) in asked.enumerated() {
            let wanted = pollable.interests
            interests += wanted
            owners += repeatElement(index, count: wanted.count)
            if let deadline = pollable.deadline { deadlines.append(deadline) }
        }
        let rest = deadlines.min().map { Int32(clamping: max(0, $0 - calls.clock())) } ?? -1
        let readiness = try calls.wait(interests, rest)
        wakeCount += 1
        let now = calls.clock()
        for (index, readiness) in zip(interests.indices, readiness) where !readiness.isEmpty {
            let owner = asked[owners[index]]
            // What was served before may have closed it.
            guard owner.interests.contains(where: { $0.descriptor == interests[index].descriptor }) else { continue }
            owner.ready(interests[index].descriptor, readiness, at: now)
        }
        for pollable in asked {
            if let deadline = pollable.deadline, deadline <= now { pollable.timeOut(at: now) }
        }
    }
}
