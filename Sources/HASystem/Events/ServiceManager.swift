import CSystem

/// What is said to the program that started this one: systemd's notify protocol.
package struct ServiceManager: Sendable {
    private let socket: String?
    private let send: @Sendable (_ socket: String, [UInt8]) throws(SystemError) -> Void
    /// Milliseconds between signs of life; nil: nobody asks for them.
    package let watchdogInterval: Int?

    /// - Parameters:
    ///   - variable: `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` count.
    ///   - process: the number of this process.
    ///   - send: one datagram to a unix socket.
    package init(
        variable: (_ name: String) -> String?, process: Int,
        send: @escaping @Sendable (_ socket: String, [UInt8]) throws(SystemError) -> Void = Self.sendDatagram
    ) {
        self.send = send
        socket = variable("NOTIFY_SOCKET").flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isForUs = variable("WATCHDOG_PID").map { Int($0) == process } ?? true
        let period = variable("WATCHDOG_USEC").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        // Twice in each period, as its manual advises.
        watchdogInterval = isForUs && socket != nil ? period.map { max(1, $0 / 2000) } : nil
    }

    /// The system's.
    @Sendable package static func sendDatagram(_ socket: String, _ bytes: [UInt8]) throws(SystemError) {
        try SystemCall.result { cs_send_datagram(socket, bytes, bytes.count) }
    }

    package enum State: Sendable, Equatable {
        case ready
        /// With microseconds of the monotonic clock.
        case reloading(Int)
        case stopping
        case alive
    }

    /// Says a state, or a sentence for `systemctl status`, or both. Nobody need listen.
    package func notify(_ state: State?, status: String? = nil) {
        guard let socket else { return }
        var lines: [String] = []
        switch state {
        case .ready: lines.append("READY=1")
        case .reloading(let time): lines += ["RELOADING=1", "MONOTONIC_USEC=\(time)"]
        case .stopping: lines.append("STOPPING=1")
        case .alive: lines.append("WATCHDOG=1")
        case nil: break
        }
        if let status { lines.append("STATUS=" + String(status.map { $0.isNewline ? " " : $0 })) }
        try? send(socket, Array(lines.joined(separator: "\n").utf8))
    }
}
