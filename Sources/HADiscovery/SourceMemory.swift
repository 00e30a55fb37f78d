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

    /// - Parameter stored: the last good answer of an earlier run.
    package init(stored: SourceAnswer? = nil) {
        answer = stored
    }

    /// What came of asking the source.
    ///
    /// A source that answers without services after an error keeps its last ones, unless a person has asked for what it
    /// says now.
    ///
    /// - Returns: whether what counts has changed.
    package mutating func take(_ result: Result<SourceAnswer, SourceProblem>, isForced: Bool = false) -> Bool {
        switch result {
        case .failure(let problem):
            self.problem = problem
            errorCount += 1
            return false
        case .success(let new):
            hasAnswered = true
            if problem != nil, !isForced, new.isEmpty, let answer, !answer.isEmpty {
                problem = SourceProblem("it answers without services after an error")
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
