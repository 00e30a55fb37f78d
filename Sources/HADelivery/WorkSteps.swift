import HAServices

/// A part of long work, as a person hears of it: `check edge`, the second of five.
package struct WorkStep: Sendable, Equatable {
    /// A verb and what it is done to.
    package let name: String
    /// 1-based.
    package let number: Int
    package let count: Int

    package init(_ name: String, _ number: Int = 1, of count: Int = 1) {
        self.name = name
        self.number = number
        self.count = count
    }
}

/// Whoever follows long work, a step after the other.
package struct WorkSteps: Sendable {
    private let clock: @Sendable () -> Int
    private let began: @Sendable (WorkStep) -> Void
    private let ended: @Sendable (WorkStep, _ milliseconds: Int) -> Void

    package init(
        clock: @escaping @Sendable () -> Int, began: @escaping @Sendable (WorkStep) -> Void,
        ended: @escaping @Sendable (WorkStep, _ milliseconds: Int) -> Void
    ) {
        self.clock = clock
        self.began = began
        self.ended = ended
    }

    /// Without a listener.
    package static let unreported = WorkSteps(clock: { 0 }, began: { _ in }, ended: { _, _ in })

    /// Does a piece of work as a step.
    package func run<Result, Failure: Error>(
        _ step: WorkStep, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = clock()
        began(step)
        defer { ended(step, clock() - start) }
        return try work()
    }
}
