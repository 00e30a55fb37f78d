/// Where a server listens.
package enum SocketAddress: Sendable, Equatable, CustomStringConvertible {
    /// A unix socket; an absolute path.
    case unix(path: String)
    /// An IP address without brackets.
    case tcp(host: String, port: UInt16)

    /// Why a text is no address.
    package enum Mistake: Error, Sendable, Equatable { case noPort, badPort, noAddress, relativePath }

    /// Reads `unix:/run/haproxy-gen.sock`, `127.0.0.1:8080` or `[::1]:8080`. `localhost` stands for 127.0.0.1.
    package init(_ text: String) throws(Mistake) {
        if text.hasPrefix("unix:") || text.hasPrefix("/") {
            let path = text.hasPrefix("/") ? text : String(text.dropFirst(5))
            guard path.hasPrefix("/") else { throw .relativePath }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { throw .noPort }
        let digits = text[colon...].dropFirst()
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDecimalDigit), let port = UInt16(digits) else {
            throw .badPort
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard Self.bytes(of: host)?.count == 16 else { throw .noAddress }
        } else {
            if host == "localhost" { host = "127.0.0.1" }
            guard Self.bytes(of: host)?.count == 4 else { throw .noAddress }
        }
        self = .tcp(host: host, port: port)
    }

    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// Whose connections reach it.
    package var door: HTTPAccess.Door {
        switch self {
        case .unix: .unixSocket
        case .tcp(let host, _): Self.isLoopback(host) ? .loopback : .network
        }
    }

    /// Whether a text is an IP address that this machine alone reaches.
    static func isLoopback(_ text: String) -> Bool {
        guard let bytes = bytes(of: text) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// The 4 or 16 bytes of an IP address; nil: it is none.
    private static func bytes(of text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}
