import HASystem
import HAWatch

/// Where the daemon's log goes, without ever waiting for who reads it.
///
/// What a pipe or a socket does not take at once waits in a queue, which the daemon's loop empties. While the queue is
/// full lines are dropped, and the next one that finds room says how many. Files and terminals are written at once.
final class LogOutput: Pollable, Sendable {
    /// Bytes that may wait; the last line may go over it.
    static let limit = 256 << 10
    /// How long `finish` waits for the reader, in milliseconds.
    static let patience = 200

    private struct State {
        var waiting: [UInt8] = []
        /// Lines that were dropped and not spoken of.
        var lost = 0
        /// How the last dropped line would have been written.
        var layOut: ((LogEntry) -> String)?
    }

    private let state = Guarded(State())
    private let calls: EventCalls
    private let descriptor: Int32
    /// Writes and waits; nil: the descriptor may keep a writer waiting.
    private let say: (@Sendable (String) -> Void)?

    /// - Parameter say: writes to a file or a terminal; nil for what must not be waited for.
    init(calls: EventCalls = .system, descriptor: Int32, say: (@Sendable (String) -> Void)? = nil) {
        self.calls = calls
        self.descriptor = descriptor
        self.say = say
    }

    /// Standard error.
    convenience init(_ context: CommandContext) {
        let kind = try? context.files.openStatus(2).kind
        let console = context.console
        var say: (@Sendable (String) -> Void)?
        if kind == .regular || context.world.isTerminal(2) { say = { text in console.say(text) } }
        self.init(descriptor: 2, say: say)
    }

    /// Writes a line, or as much of it as is taken now.
    ///
    /// - Parameter layOut: makes the line of an entry, with its break.
    func write(_ entry: LogEntry, _ layOut: @escaping (LogEntry) -> String) {
        if let say { return say(layOut(entry)) }
        state.withLock { append(entry, layOut, to: &$0) }
    }

    /// Gives the reader a last moment for what waits.
    func finish() {
        let end = calls.clock() + Self.patience
        while true {
            let isDone = state.withLock { state in
                flush(&state)
                if state.waiting.isEmpty { tellLoss(&state) }
                flush(&state)
                return state.waiting.isEmpty
            }
            let rest = end - calls.clock()
            guard !isDone, rest > 0 else { return }
            _ = try? calls.wait([PollInterest(descriptor, .writing)], Int32(clamping: rest))
        }
    }

    // MARK: The loop

    var interests: [PollInterest] {
        state.withLock { $0.waiting.isEmpty ? [] : [PollInterest(descriptor, .writing)] }
    }

    func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) { state.withLock { flush(&$0) } }

    // MARK: Details

    private func append(_ entry: LogEntry, _ layOut: @escaping (LogEntry) -> String, to state: inout State) {
        flush(&state)
        // After a loss all that waits goes first: else every second line would speak of one that was lost.
        let hasRoom = state.lost == 0 ? state.waiting.count < Self.limit : state.waiting.isEmpty
        guard hasRoom else {
            state.lost += 1
            state.layOut = layOut
            return
        }
        tellLoss(&state)
        state.waiting += Array(layOut(entry).utf8)
        flush(&state)
    }

    private func tellLoss(_ state: inout State) {
        guard state.lost > 0, let layOut = state.layOut else { return }
        let lines = state.lost == 1 ? "1 line of the log was" : "\(state.lost) lines of the log were"
        let words = "\(lines) lost, since nobody read it"
        let entry = LogEntry(.warning, "lost", words, [("lines", .number(state.lost))])
        state.waiting += Array(layOut(entry).utf8)
        state.lost = 0
        state.layOut = nil
    }

    /// Writes what is taken without waiting. A pipe that is ready takes as much as it writes in one piece.
    private func flush(_ state: inout State) {
        var rest = state.waiting[...]
        while !rest.isEmpty, isReady, let count = write(rest.prefix(Int(PIPE_BUF))) {
            rest = rest.dropFirst(count)
        }
        if rest.count < state.waiting.count { state.waiting = Array(rest) }
    }

    private var isReady: Bool {
        guard let readiness = try? calls.wait([PollInterest(descriptor, .writing)], 0).first else { return false }
        return !readiness.isEmpty
    }

    /// How many bytes are done with; nil: none are taken now. What can never be written is dropped: there is no place to
    /// say so.
    private func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try calls.write(descriptor, buffer) }
        }
        switch result {
        case .success(let count): return count > 0 ? count : nil
        case .failure(let error): return [EAGAIN, EWOULDBLOCK].contains(error.number) ? nil : bytes.count
        }
    }
}
