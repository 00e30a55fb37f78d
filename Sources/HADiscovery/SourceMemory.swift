import HAServices

/// What counts of a source: its newest answer, or the last good one while it fails.
package struct SourceMemory: Sendable {
    /// What counts now; nil: it has never answered.
    package private(set) var answer: SourceAnswer?
    /// Why the newest answer does not count; nil: it does.
    package private(set) var problem: SourceProblem?
    /// Whether it has answered since the program began.
    package private(set) var hasAnswered = false
    /// Answers and failures, for the metrics.
    package private(set) var errorCount = 0

    private static let emptyAtFirst = SourceProblem("it answers without services at first")
    private static let emptyAfterError = SourceProblem("it answers without services after an error")

    /// - Parameter stored: the last good answer of an earlier run.
    package init(stored: SourceAnswer? = nil) {
        answer = stored
    }

    /// What came of asking the source.
    ///
    /// A source that answers without services after an error, or at first, keeps its last ones, unless a person has asked
    /// for what it says now: nobody knows what happened while this program did not run.
    ///
    /// - Returns: whether what counts has changed.
    package mutating func take(_ result: Result<SourceAnswer, SourceProblem>, isForced: Bool = false) -> Bool {
        switch result {
        case .failure(let problem):
            self.problem = problem
            errorCount += 1
            return false
        case .success(let new):
            let isFirst = !hasAnswered
            hasAnswered = true
            if problem != nil || isFirst, !isForced, new.isEmpty, let answer, !answer.isEmpty {
                if problem != Self.emptyAtFirst { problem = problem == nil ? Self.emptyAtFirst : Self.emptyAfterError }
                return false
            }
            problem = nil
            guard new != answer else { return false }
            answer = new
            return true
        }
    }

    /// Puts another answer in place of a stored one, before the source has answered.
    package mutating func restore(_ stored: SourceAnswer) {
        if answer == nil { answer = stored }
    }
}
