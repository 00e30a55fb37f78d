import HAServices

/// What a source of services hears.
package enum SourceInput: Sendable, Equatable {
    case started
    /// Something says that its services may have changed; what they are now is for the source to ask.
    case changed
    /// What came of a question, and how many milliseconds it took.
    case answer(Result<SourceAnswer, SourceProblem>, time: Int)
    /// A line of a stream.
    case line([UInt8])
    /// The stream has ended.
    case closed
    case timer
}

/// What a source wants done.
package enum SourceEffect: Sendable, Equatable {
    /// Ask for all services; the answer comes as an input.
    case request
    /// Call again at this time, in milliseconds of a monotonic clock; an earlier wish is void.
    case timer(Int)
    /// These are the services.
    case services(SourceAnswer)
    case problem(SourceProblem)
}

/// A source as a pure state machine: no clock, no socket inside.
package protocol SourceMachine: Sendable {
    mutating func step(_ input: SourceInput, at now: Int) -> [SourceEffect]
}

/// Service files. Events say that something changed; where none come (network file systems, lower layers of an overlay)
/// the files are looked at every few seconds.
package struct FileSource: SourceMachine {
    /// Milliseconds between looks; more where a look takes so long that it would cost over a thousandth of the time.
    package static let scanInterval = 5_000
    package static let scanShare = 1_000

    private var backOff: BackOff

    package init(seed: UInt64 = 0) {
        backOff = BackOff(seed: seed)
    }

    package mutating func step(_ input: SourceInput, at now: Int) -> [SourceEffect] {
        switch input {
        case .started, .changed, .timer, .closed, .line:
            return [.request]
        case .answer(.success(let answer), let time):
            backOff.reset()
            return [.services(answer), .timer(now + max(Self.scanInterval, min(time, 1_000_000) * Self.scanShare))]
        case .answer(.failure(let problem), _):
            return [.problem(problem), .timer(now + backOff.next())]
        }
    }
}
