import Foundation
import HASystem

/// Asks loopback ports for a page, again and again, each time by a new connection, from a few threads.
final class LoadGenerator: Sendable {
    struct Counts: Sendable, Equatable {
        var answered = 0
        var failures: [String] = []
    }

    private let state = Guarded((counts: Counts(), isStopping: false, running: 0))

    /// Two threads a port.
    init(ports: [UInt16]) {
        for port in ports + ports {
            state.withLock { $0.running += 1 }
            Thread.detachNewThread { [self] in
                while !state.withLock({ $0.isStopping }) {
                    let answer = Self.ask(port)
                    state.withLock { state in
                        if answer.hasPrefix("HTTP/1.1 200") || answer.hasPrefix("HTTP/1.0 200") {
                            state.counts.answered += 1
                        } else if state.counts.failures.count < 20 {
                            state.counts.failures.append("\(port): \(answer.prefix(80))")
                        }
                    }
                    usleep(1000)
                }
                state.withLock { $0.running -= 1 }
            }
        }
    }

    /// Ends all threads and tells what they met.
    func stop() -> Counts {
        state.withLock { $0.isStopping = true }
        while state.withLock({ $0.running > 0 }) { usleep(1000) }
        return state.withLock { $0.counts }
    }

    /// The answer, or what went wrong; at most ten seconds.
    static func ask(_ port: UInt16) -> String {
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
    static func freePorts(_ count: Int) -> [UInt16] {
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
