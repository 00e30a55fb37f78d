import HASystem

/// Sockets on loopback for tests that ask a running proxy.
package enum Loopback {
    /// Ports that nobody listens on just now, for tcp or udp.
    package static func freePorts(_ count: Int) -> [UInt16] {
        let kind = Int32(SOCK_STREAM.rawValue)
        let descriptors = (0..<count).map { _ in bound(kind) }
        defer { descriptors.forEach { _ = close($0) } }
        return descriptors.map(port)
    }

    /// What a server answers until it closes the connection, each wait for at most five seconds; nil when there is none.
    package static func exchange(_ text: String, port: UInt16) -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        limitWaiting(descriptor)
        guard withAddress(port, { connect(descriptor, $0, $1) }) == 0,
            send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count
        else { return nil }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = recv(descriptor, &piece, piece.count, 0), count > 0 { answer += piece[..<count] }
        return answer.isEmpty ? nil : String(decoding: answer, as: UTF8.self)
    }

    /// A connection over which a test sends several requests.
    package final class Connection {
        private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)

        package init(port: UInt16) {
            limitWaiting(descriptor)
            _ = withAddress(port) { connect(descriptor, $0, $1) }
        }

        deinit { close(descriptor) }

        /// Whether the other side closes the connection within a second.
        package var isClosed: Bool {
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&event, 1, 1000) > 0
        }

        /// The head of the answer to a request without a body; nil when the connection ends before.
        package func head(of request: String) -> String? {
            guard send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) > 0 else { return nil }
            var answer: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(descriptor, &piece, piece.count, 0)
                guard count > 0 else { return nil }
                answer += piece[..<count]
                let text = String(decoding: answer, as: UTF8.self)
                if let end = text.firstRange(of: "\r\n\r\n") { return String(text[..<end.lowerBound]) }
            }
        }
    }

    /// Whether somebody takes connections on the port, now or within ten seconds.
    package static func isListening(_ port: UInt16) -> Bool {
        for _ in 0..<1000 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            if withAddress(port, { connect(descriptor, $0, $1) }) == 0 { return true }
            usleep(10_000)
        }
        return false
    }

    /// A server of datagrams, which a test answers by hand.
    package final class DatagramServer {
        private let descriptor = bound(Int32(SOCK_DGRAM.rawValue))
        package var port: UInt16 { Loopback.port(descriptor) }

        package init() { limitWaiting(descriptor) }

        deinit { close(descriptor) }

        /// Sends a text to a proxy's port, and answers it here; what comes back through the proxy.
        package func answer(_ text: String, with answer: String, through port: UInt16) -> String? {
            let client = bound(Int32(SOCK_DGRAM.rawValue))
            defer { close(client) }
            limitWaiting(client)
            _ = withAddress(port) { sendto(client, text, text.utf8.count, 0, $0, $1) }
            var bytes = [UInt8](repeating: 0, count: 2048)
            var sender = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &sender) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
                }
            }
            guard count == text.utf8.count else { return nil }
            _ = withUnsafePointer(to: &sender) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, answer, answer.utf8.count, 0, $0, length)
                }
            }
            let back = recv(client, &bytes, bytes.count, 0)
            return back > 0 ? String(decoding: bytes[..<back], as: UTF8.self) : nil
        }
    }

    // MARK: Details

    private static func limitWaiting(_ descriptor: Int32) {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func bound(_ kind: Int32) -> Int32 {
        let descriptor = socket(AF_INET, kind, 0)
        _ = withAddress(0) { bind(descriptor, $0, $1) }
        return descriptor
    }

    private static func port(_ descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withAddress<T>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
