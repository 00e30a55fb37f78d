import HASystem

/// Asks one question over a socket and reads until the other side closes it.
enum HTTPClient {
    static let noAnswer = "no answer"

    static func get(_ path: String, port: Int) -> String {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                exchange(
                    "GET \(path) HTTP/1.0\r\nHost: h\r\n\r\n", AF_INET, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return answer ?? noAnswer
    }

    static func lines(ofSocket path: String, sending text: String) throws -> [String] {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            for (index, byte) in path.utf8.prefix(target.count - 1).enumerated() { target[index] = byte }
        }
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                exchange(text, AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return (answer ?? "").split(separator: "\n").map(String.init)
    }

    private static func exchange(
        _ text: String, _ family: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
    ) -> String? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard connect(descriptor, address, length) == 0 else { return nil }
        guard send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) > 0 else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The bytes of a file; throws when it cannot be read.
func readFile(_ path: String) throws -> [UInt8] {
    struct Unreadable: Error {}
    guard let file = fopen(path, "rb") else { throw Unreadable() }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
}
