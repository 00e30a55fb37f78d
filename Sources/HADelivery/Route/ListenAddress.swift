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

    /// `listen` of nginx: an address without a port means port 80, and in a stream block there is none.
    init(nginx text: String, isStream: Bool) {
        self.init(text)
        let isSocket = text.hasPrefix("unix:")
        if ports == nil, !isSocket, !isStream { ports = 80...80 }
    }

    /// Whether both are one listener for the system.
    func isSame(as other: ListenAddress) -> Bool {
        ports == other.ports && (host == other.host || (isEveryV4 && other.isEveryV4))
    }

    private var isEveryV4: Bool { ["", "*", "0.0.0.0"].contains(host) }

    func holds(port: Int) -> Bool { ports?.contains(port) ?? false }

    var isEveryHost: Bool { ["", "*", "0.0.0.0", "::"].contains(host) }
}
