import CSystem

/// Every system call of a server goes through here, so that a test can make any single one fail.
package struct ServerCalls: Sendable {
    /// A socket that listens, and where: port 0 has become the one that the system chose.
    var listen: @Sendable (SocketAddress) throws(SystemError) -> (descriptor: Int32, address: SocketAddress)
    /// A connection that waits, which never blocks; nil: there is none.
    var accept: @Sendable (_ listener: Int32) throws(SystemError) -> Int32?
    /// Bytes read, 0 at the end; nil: there are none yet.
    var receive: @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int?
    /// Bytes sent; nil: the client takes none yet.
    var send: @Sendable (_ descriptor: Int32, UnsafeRawBufferPointer) throws(SystemError) -> Int?
    /// Says that nothing more is sent.
    var endWriting: @Sendable (_ descriptor: Int32) -> Void
    var close: @Sendable (_ descriptor: Int32) -> Void
    /// Removes the file of a unix socket.
    var remove: @Sendable (_ path: String) -> Void
    /// Seconds since 1970.
    var time: @Sendable () -> Int

    /// The operating system's.
    package static let system = ServerCalls(
        listen: { address throws(SystemError) in try open(address) },
        accept: { listener throws(SystemError) in
            do throws(SystemError) {
                return try SystemCall.result { cs_accept(listener) }
            } catch  where [EAGAIN, EWOULDBLOCK, ECONNABORTED].contains(error.number) {
                return nil
            }
        },
        receive: { descriptor, buffer throws(SystemError) in
            try unlessBlocked { CLibrary.readBytes(descriptor, buffer) }
        },
        send: { descriptor, bytes throws(SystemError) in
            // SIGPIPE is ignored by the whole process.
            try unlessBlocked { CLibrary.writeBytes(descriptor, bytes) }
        },
        endWriting: { _ = shutdown($0, Int32(truncatingIfNeeded: SHUT_WR)) },
        close: { _ = CLibrary.closeFile($0) },
        remove: { unlink($0) },
        time: { Int(CurrentProcess.now / 1_000_000_000) })

    private static func unlessBlocked(_ call: () -> Int) throws(SystemError) -> Int? {
        do throws(SystemError) {
            return try SystemCall.result(call)
        } catch  where error.number == EAGAIN || error.number == EWOULDBLOCK {
            return nil
        }
    }

    private static func open(_ address: SocketAddress) throws(SystemError) -> (Int32, SocketAddress) {
        switch address {
        case .unix(let path):
            return (try SystemCall.result { cs_listen_at(path, 0o660) }, address)
        case .tcp(let host, let port):
            var bound = port
            let descriptor = try SystemCall.result { cs_listen_on(host, port, &bound) }
            return (descriptor, .tcp(host: host, port: bound))
        }
    }
}
