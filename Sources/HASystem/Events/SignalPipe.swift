/// Signals as something that a poll loop reads.
///
/// There is one in a process. A second signal that asks to end ends the process at once, whatever the loop is doing:
/// temporary files are removed, then the signal does what it does by default.
package final class SignalPipe: Pollable {
    package enum Request: Sendable, Equatable {
        /// HUP and USR1.
        case refresh
        /// TERM and INT.
        case end
    }

    private let calls: EventCalls
    private let pipe: (read: Int32, write: Int32)
    private let took: (Request, _ now: Int) -> Void

    /// What the handler writes to; memory that it can read without a lock.
    nonisolated(unsafe) private static var writeEnd: Int32 = -1
    nonisolated(unsafe) private static var endings: Int32 = 0

    /// From here on signals are reported.
    package init(
        calls: EventCalls = .system, took: @escaping (Request, _ now: Int) -> Void
    ) throws(SystemError) {
        self.calls = calls
        self.took = took
        pipe = try calls.makePipe()
        Self.writeEnd = pipe.write
        Self.endings = 0
        for number in [SIGHUP, SIGUSR1] {
            signal(number) { number in SignalPipe.write(number) }
        }
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                SignalPipe.endings &+= 1
                if SignalPipe.endings > 1 {
                    Interruption.removeTemporaries()
                    signal(number, SIG_DFL)
                    raise(number)
                }
                SignalPipe.write(number)
            }
        }
    }

    deinit {
        Self.writeEnd = -1
        calls.close(pipe.read)
        calls.close(pipe.write)
    }

    /// In a handler: one system call, and the number of the last error as it was.
    private static func write(_ number: Int32) {
        let kept = errno
        var byte = UInt8(truncatingIfNeeded: number)
        withUnsafeBytes(of: &byte) { _ = CLibrary.writeBytes(writeEnd, $0) }
        errno = kept
    }

    package var interests: [PollInterest] { [PollInterest(pipe.read, .reading)] }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        for byte in calls.drain(pipe.read).bytes {
            let number = Int32(byte)
            took(number == SIGTERM || number == SIGINT ? .end : .refresh, now)
        }
    }
}
