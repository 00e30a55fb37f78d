import HATemplate

/// A configuration whose listeners and servers are sockets in a private folder, so that the real proxy answers requests
/// and nothing of the machine is touched.
///
/// It is written for one proxy by an extension of its own.
package struct Relocation: Sendable {
    /// A way in: what a `bind` or `listen` of the configuration became.
    package struct Entrance: Sendable, Equatable {
        /// As the configuration writes it: `:443`, `192.0.2.7:80`.
        package var address: ListenAddress
        /// The name of the socket in the folder.
        package var socket: String
        package var isTLS = false
        /// The 1-based line of the output.
        package var line: Int
    }

    /// What was left out, and could change an answer.
    package struct Note: Sendable, Equatable {
        package var line: Int
        package var message: String
    }

    let text: ConfigurationText
    private(set) var lines: [String] = []
    /// For each line the 1-based line of the output that it came from; 0 for our own.
    private(set) var origins: [Int] = []
    package private(set) var entrances: [Entrance] = []
    package private(set) var notes: [Note] = []

    /// The name of the socket of the servers' stand-in.
    static let stub = "stub"
    /// The name of the certificate.
    static let certificate = "haproxy-gen-route.pem"

    init(of text: ConfigurationText) {
        self.text = text
    }

    /// The moved configuration; nil where no proxy can be asked.
    package static func of(_ text: ConfigurationText) -> Relocation? {
        switch text.dialect {
        case .haproxy: haproxy(text)
        case .nginx, .plain: nil
        }
    }

    var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    mutating func add(_ line: String, from origin: Int = 0) {
        lines.append(line)
        origins.append(origin)
    }

    mutating func add(_ entrance: Entrance) { entrances.append(entrance) }

    mutating func note(_ message: String, at line: Int) { notes.append(Note(line: line, message: message)) }

    /// The line of the output that became a line of the moved text; nil for our own.
    func origin(ofLine line: Int) -> Int? {
        guard origins.indices.contains(line - 1), origins[line - 1] > 0 else { return nil }
        return origins[line - 1]
    }

    /// The way in that a client would take: of those with the port the one of the very address, else one of all
    /// addresses, else any.
    package func entrance(for request: RouteRequest) -> Entrance? {
        let open = entrances.filter { $0.address.holds(port: request.port) }
        return open.first { $0.address.host == request.host } ?? open.first { $0.address.isEveryHost } ?? open.first
    }
}

/// Where a proxy listens.
package struct ListenAddress: Sendable, Equatable {
    /// Without brackets; empty for every address, and for a socket of a file.
    package var host: String
    /// nil for a socket of a file.
    package var ports: ClosedRange<Int>?
    /// As it was written.
    package var text: String

    /// `:80`, `*:80`, `192.0.2.1:8000-8010`, `[::1]:80`, `:::80`, `ipv4@:80`, `80`, `unix:/run/x.sock`.
    package init(_ text: String) {
        self.text = text
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            let prefix = rest[..<at]
            rest = rest[rest.index(after: at)...]
            if ["unix", "abns", "fd", "sockpair"].contains(prefix) {
                host = String(rest)
                return
            }
        }
        guard !rest.hasPrefix("/"), !rest.hasPrefix("unix:") else {
            host = String(rest)
            return
        }
        var written = rest
        var port: Substring = ""
        if rest.hasSuffix("]") {
            written = rest
        } else if let colon = rest.lastIndex(of: ":") {
            written = rest[..<colon]
            port = rest[rest.index(after: colon)...]
        } else if rest.allSatisfy(\.isNumber) {
            written = ""
            port = rest
        }
        host = String(written.hasPrefix("[") ? written.dropFirst().prefix { $0 != "]" } : written)
        let bounds = port.split(separator: "-").compactMap { Int($0) }
        if let low = bounds.first, let high = bounds.last, low <= high { ports = low...high }
    }

    func holds(port: Int) -> Bool { ports?.contains(port) ?? false }

    var isEveryHost: Bool { ["", "*", "0.0.0.0", "::"].contains(host) }
}
