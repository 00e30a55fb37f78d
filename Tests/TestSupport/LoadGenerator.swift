import HASystem

/// Asks loopback ports for a page, again and again, each time by a new connection, from a few threads; on request also by
/// connections that stay.
package final class LoadGenerator: Sendable {
    package struct Counts: Sendable, Equatable {
        package var answered = 0
        package var failures: [String] = []
        /// Connections between two requests that the other side closed, which is its right.
        package var idleClosings = 0
    }

    private let state = Guarded((counts: Counts(), isStopping: false, running: 0))

    /// Two threads a port.
    ///
    /// - Parameters:
    ///   - keepsAlive: whether one of both keeps its connection.
    ///   - pause: microseconds between two requests of a thread.
    package init(ports: [UInt16], keepsAlive: Bool = false, pause: UInt32 = 1000) {
        for (index, port) in (ports + ports).enumerated() {
            state.withLock { $0.running += 1 }
            let stays = keepsAlive && index < ports.count
            let thread = BackgroundThread { [self] in
                var connection: Int32 = -1
                while !state.withLock({ $0.isStopping }) {
                    count(stays ? askAgain(port, &connection) : Self.ask(port), port)
                    usleep(pause)
                }
                if connection >= 0 { close(connection) }
                state.withLock { $0.running -= 1 }
            }
            thread?.detach()
        }
    }

    private func count(_ answer: String, _ port: UInt16) {
        state.withLock { state in
            if answer.hasPrefix("HTTP/1.1 200") || answer.hasPrefix("HTTP/1.0 200") {
                state.counts.answered += 1
            } else if state.counts.failures.count < 20 {
                state.counts.failures.append("\(port): \(answer.prefix(80))")
            }
        }
    }

    /// By a connection that stays. One that the other side closes before it has taken a request is made anew.
    private func askAgain(_ port: UInt16, _ descriptor: inout Int32) -> String {
        for _ in 0..<5 {
            if descriptor < 0 { descriptor = Self.connection(port) }
            guard descriptor >= 0 else { return "no connection: \(String(cString: strerror(errno)))" }
            let request = Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8)
            var answer: [UInt8] = []
            if send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count {
                var piece = [UInt8](repeating: 0, count: 4096)
                while case let count = recv(descriptor, &piece, piece.count, 0), count > 0 {
                    answer += piece[..<count]
                    let text = String(decoding: answer, as: UTF8.self)
                    if text.hasSuffix("ok") {
                        if text.lowercased().contains("connection: close") {
                            close(descriptor)
                            descriptor = -1
                        }
                        return text
                    }
                }
            }
            close(descriptor)
            descriptor = -1
            guard answer.isEmpty else { return "broken off: " + String(decoding: answer, as: UTF8.self) }
            state.withLock { $0.counts.idleClosings += 1 }
        }
        return "closed five times"
    }

    /// Ends all threads and tells what they met.
    package func stop() -> Counts {
        state.withLock { $0.isStopping = true }
        while state.withLock({ $0.running > 0 }) { usleep(1000) }
        return state.withLock { $0.counts }
    }

    /// The answer, or what went wrong; at most ten seconds.
    package static func ask(_ port: UInt16) -> String {
        let descriptor = connection(port)
        guard descriptor >= 0 else { return "no connection: \(String(cString: strerror(errno)))" }
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET / HTTP/1.0\r\nHost: test\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return "not sent: \(String(cString: strerror(errno)))"
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count < 0 { return "broken off: \(String(cString: strerror(errno)))" }
            if count == 0 { return answer.isEmpty ? "empty answer" : String(decoding: answer, as: UTF8.self) }
            answer += piece[..<count]
        }
    }

    private static func connection(_ port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return descriptor }
        let number = errno
        close(descriptor)
        errno = number
        return -1
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Ports that nobody listens on just now.
    package static func freePorts(_ count: Int) -> [UInt16] {
        let descriptors = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        defer { descriptors.forEach { _ = close($0) } }
        return descriptors.map { descriptor in
            var address = loopback(0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            return withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = bind(descriptor, address, length)
                    getsockname(descriptor, address, &length)
                }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
