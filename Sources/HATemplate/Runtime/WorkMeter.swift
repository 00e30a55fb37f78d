/// Counts the work of one render, in units of about a nanosecond: bytes and elements that functions touch, turns of loops
/// and calls.
///
/// Work is a count, so that a limit on it gives the same answer on every machine. Where the render was given a clock,
/// the processor's time has a limit too; it is looked at between units, not while one is done.
final class WorkMeter {
    /// Units between two looks at the clock.
    private static let interval = 1 << 20

    /// What a turn of a loop costs beside its instructions.
    static let turn = 8
    static let call = 64
    /// What an element of a list costs, and an entry of a map, where each is looked at.
    static let element = 8

    private let limits: RenderLimits
    private let clock: (@Sendable () -> Int64)?
    private let start: Int64
    /// Units that were counted up to the next look.
    @exclusivity(unchecked) private var granted: Int
    @exclusivity(unchecked) private var left: Int
    /// Why the render must stop. Functions that work long end early when it is set; their results do not count.
    @exclusivity(unchecked) private(set) var failure: RuntimeError?

    init(limits: RenderLimits, clock: (@Sendable () -> Int64)?) {
        self.limits = limits
        self.clock = clock
        start = clock?() ?? 0
        left = min(Self.interval, max(0, limits.work))
        granted = left
    }

    /// For memory that nobody renders with.
    convenience init() { self.init(limits: RenderLimits(), clock: nil) }

    /// Units counted so far.
    var spent: Int { granted &- left }

    @inline(__always)
    func add(_ units: Int) {
        left &-= units
        if left < 0 { look() }
    }

    /// Counts and throws once a limit is reached.
    @inline(__always)
    func spend(_ units: Int) throws(RuntimeError) {
        left &-= units
        if left < 0 { try lookAndThrow() }
    }

    var isSpent: Bool { failure != nil }

    func check() throws(RuntimeError) {
        if let failure { throw failure }
    }

    @inline(never)
    private func lookAndThrow() throws(RuntimeError) {
        look()
        try check()
    }

    @inline(never)
    private func look() {
        guard failure == nil else { return }
        if spent > limits.work {
            failure = .tooMuchWork(limit: limits.work)
        } else if let clock, clock() - start > limits.processorTime {
            failure = .tooMuchTime(limit: limits.processorTime)
        }
        // Some units may have been counted beyond what was granted.
        let next = max(min(Self.interval, limits.work - spent), 0) - left
        granted += next
        left += next
    }
}

extension Function {
    /// Units for a call beside what the function counts itself and what it makes.
    func work(_ arguments: Arguments) -> Int {
        switch cost {
        case .constant: WorkMeter.call
        case .linear, .growing: arguments.reduce(WorkMeter.call) { $0 &+ $1.size }
        }
    }

    /// Bytes that a call may write at most beside the texts of lists and maps; nil when it depends on more than the
    /// arguments' sizes, which the function then looks at itself.
    func growth(_ arguments: Arguments) -> Int? {
        guard case .growing(let factor) = cost else { return nil }
        return arguments.reduce(0) { $0 &+ ($1.kind == .string ? $1.count &* factor : 0) }
    }
}

extension Value {
    /// Units of work for a look at the value's own bytes or elements.
    fileprivate var size: Int {
        switch kind {
        case .string: count
        case .list, .map, .record: count &* WorkMeter.element
        case .missing, .null, .bool, .int, .float, .time: 1
        }
    }
}
