/// A series of searches for one pattern in one text, from left to right; what one of them finds out serves the next.
///
/// It tries the choices one after another as long as the marks for that fit in memory, and all side by side otherwise.
struct PatternSearch: ~Copyable {
    /// Bits of marks: 32 MiB.
    static let maximumMarks = 1 << 28
    /// Choices to come back to: 32 MiB.
    static let maximumChoices = 1 << 22

    private let view: PatternProgram.View
    private let text: UnsafeBufferPointer<UInt8>
    private var backtracker: Backtracker
    private var parallel: ParallelMatcher
    private var isParallel: Bool
    /// Start and end of each group of the match that was found last.
    private(set) var slots: [UInt32]
    private let meter: WorkMeter
    private var countedSteps = 0

    /// Instructions looked at so far, which shows that the time is linear.
    var steps: Int { backtracker.steps + parallel.steps }

    /// - Parameter slotCount: at least 2; how many slots are wanted.
    init(
        _ view: PatternProgram.View, _ text: UnsafeBufferPointer<UInt8>, slotCount: Int,
        maximumMarks: Int = Self.maximumMarks, maximumChoices: Int = Self.maximumChoices,
        meter: WorkMeter = WorkMeter()
    ) {
        self.meter = meter
        self.view = view
        self.text = text
        slots = Array(repeating: PatternProgram.unset, count: slotCount)
        let marks = (text.count + 1).multipliedReportingOverflow(by: view.joinCount)
        isParallel = marks.overflow || marks.partialValue > maximumMarks
        parallel = ParallelMatcher(view, text, slotCount: slotCount, meter)
        backtracker = Backtracker(
            view, text, markCount: isParallel ? 0 : marks.partialValue, maximumEntries: maximumChoices)
    }

    /// Finds the leftmost match from `start` on, which must not lie before the end of the last one; none once the work
    /// of the render is used up.
    mutating func next(from start: Int) -> Bool {
        guard text.count < Int(PatternProgram.unset) else { return false }
        if !isParallel, let found = backtrack(from: start) { return found }
        isParallel = true
        return parallel.run(from: start, &slots)
    }

    /// Nil when the memory for choices to come back to is used up.
    private mutating func backtrack(from start: Int) -> Bool? {
        var position = start
        while let candidate = view.candidate(in: text, from: position) {
            let outcome = backtracker.run(from: candidate, &slots)
            meter.add((backtracker.steps &- countedSteps) &* 4)
            countedSteps = backtracker.steps
            guard !meter.isSpent else { return false }
            switch outcome {
            case .match: return true
            case .exhausted: return nil
            case .noMatch: break
            }
            guard candidate < text.count else { return false }
            position = candidate + (text[candidate] < 0x80 ? 1 : DecodedScalar.decode(text, at: candidate).length)
        }
        return false
    }
}
