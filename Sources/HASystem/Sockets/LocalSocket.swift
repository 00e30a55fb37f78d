import CSystem

/// Every system call on sockets goes through here, so that a test can make any single one fail.
package struct SocketCalls: Sendable {
    /// A connection to the unix socket at a path.
    var connect: @Sendable (_ path: String) throws(SystemError) -> Int32
    /// A connection for datagrams to the unix socket at a path.
    var connectDatagrams: @Sendable (_ path: String) throws(SystemError) -> Int32
    /// Writes all of the bytes.
    var write: @Sendable (_ descriptor: Int32, [UInt8]) throws(SystemError) -> Void
    /// Says that nothing more is written.
    var endWriting: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    /// Reading, waiting, closing and the clock, as for pipes.
    var common: ProcessCalls

    /// The operating system's.
    package static let system = SocketCalls(
        connect: { path throws(SystemError) in try SystemCall.result { cs_connect(path, 0) } },
        connectDatagrams: { path throws(SystemError) in try SystemCall.result { cs_connect(path, 1) } },
        write: { descriptor, bytes throws(SystemError) in try FileSystem.system.writeAll(bytes, to: descriptor) },
        endWriting: { descriptor throws(SystemError) in
            try SystemCall.result { shutdown(descriptor, Int32(truncatingIfNeeded: SHUT_WR)) }
        },
        common: .system)
}

/// Connections to unix sockets.
package struct LocalSocket: Sendable {
    private let calls: SocketCalls

    package init(calls: SocketCalls = .system) {
        self.calls = calls
    }

    /// Sends bytes on a connection of its own; what comes back until the other side ends it, the time is up (in
    /// milliseconds) or so many bytes are there.
    ///
    /// - Parameter endsWriting: whether the other side is told that nothing more comes.
    package func exchange(
        _ path: String, _ bytes: [UInt8], endsWriting: Bool = false, time: Int, limit: Int = 1 << 20
    ) throws(SystemError) -> [UInt8] {
        let descriptor = try calls.connect(path)
        defer { calls.common.close(descriptor) }
        try calls.write(descriptor, bytes)
        if endsWriting { try calls.endWriting(descriptor) }
        var answer: [UInt8] = []
        let end = calls.common.clock() + time
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while answer.count < limit, calls.common.clock() < end {
            guard try calls.common.wait([descriptor], 50).first == true else { continue }
            let count: Int
            do throws(SystemError) {
                count = try read(descriptor, &piece)
            } catch  where error.number == ECONNRESET {
                return answer
            }
            guard count > 0 else { return answer }
            answer += piece.prefix(count)
        }
        return answer
    }

    /// Sends one datagram.
    package func send(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        let descriptor = try calls.connectDatagrams(path)
        defer { calls.common.close(descriptor) }
        try calls.write(descriptor, bytes)
    }

    private func read(_ descriptor: Int32, _ piece: inout [UInt8]) throws(SystemError) -> Int {
        let result = piece.withUnsafeMutableBytes { buffer in
            Result { () throws(SystemError) in try calls.common.read(descriptor, buffer) }
        }
        return try result.get()
    }

    /// Whether something listens at a path.
    package func isOpen(_ path: String) -> Bool {
        guard let descriptor = try? calls.connect(path) else { return false }
        calls.common.close(descriptor)
        return true
    }
}
