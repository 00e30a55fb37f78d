/// A request to ask a configuration about.
package struct RouteRequest: Sendable, Equatable {
    package enum Scheme: String, Sendable, CaseIterable {
        case http, https
        /// A connection without a request: `tcp://redis.example.com:6379`.
        case tcp
        /// A datagram: `udp://dns.example.com:53`.
        case udp

        /// Whether a request of HTTP is sent.
        package var isWeb: Bool {
            switch self {
            case .http, .https: true
            case .tcp, .udp: false
            }
        }

        var usualPort: Int? {
            switch self {
            case .http: 80
            case .https: 443
            case .tcp, .udp: nil
            }
        }
    }

    package var method = "GET"
    package var scheme: Scheme
    /// A name or an address, without brackets.
    package var host: String
    package var port: Int
    /// Path and query.
    package var target: String
    package var headers: [Header] = []
    /// The client's address.
    package var from = Self.usualClient

    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String

        /// `NAME: VALUE`; nil for what is no header.
        package init?(_ text: String) {
            guard let colon = text.firstIndex(of: ":") else { return nil }
            name = String(text[..<colon])
            value = String(text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { return nil }
        }
    }

    /// An address that nobody has (RFC 5737).
    package static let usualClient = "198.51.100.1"

    /// Why a text is no URL that can be asked about.
    package enum Fault: Error, Sendable, Equatable {
        case scheme, host, port, target

        /// After "… is not a URL to ask about: ".
        package var reason: String {
            switch self {
            case .scheme: "it begins with http://, https://, tcp:// or udp://"
            case .host: "a host name or address follows the scheme"
            case .port: "a port is a number from 1 to 65535, and tcp:// and udp:// need one"
            case .target: "a path has no blanks and no control characters"
            }
        }
    }

    package init(url: String) throws(Fault) {
        guard let mark = url.firstRange(of: "://"),
            let scheme = Scheme(rawValue: url[..<mark.lowerBound].lowercased())
        else { throw .scheme }
        self.scheme = scheme
        let rest = url[mark.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        (host, port) = try Self.authority(rest[..<authorityEnd], scheme)
        let path = rest[authorityEnd...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/" + path
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .target }
    }

    /// A request to a listener, for no name that there is; nil for a listener without a port.
    init?(to entrance: Relocation.Entrance) {
        guard let port = entrance.address.ports?.lowerBound else { return nil }
        let host = entrance.address.isEveryHost ? "any.invalid" : entrance.address.host
        (self.host, self.port, target) = (host, port, "/")
        scheme = entrance.isDatagram ? .udp : entrance.isTLS ? .https : .http
    }

    private static func authority(_ text: Substring, _ scheme: Scheme) throws(Fault) -> (String, Int) {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw .host }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .host }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let isHost = host.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"@/\\\"'".utf8.contains($0) }
        guard !host.isEmpty, isHost else { throw .host }
        guard let number = port.map({ Int($0) }) ?? scheme.usualPort, (1...65_535).contains(number) else { throw .port }
        return (String(host), number)
    }

    /// As it was asked: `GET https://shop.example.com/cart`.
    package var line: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let shownPort = port == scheme.usualPort ? "" : ":\(port)"
        let url = "\(scheme.rawValue)://\(shownHost)\(shownPort)"
        return !scheme.isWeb ? url : "\(method) \(url)\(target)"
    }

    /// The value of `Host`: with the port where it is not the usual one.
    var hostHeader: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port == scheme.usualPort ? shown : "\(shown):\(port)"
    }

    /// The bytes of the request, after which the connection ends; empty without HTTP.
    var bytes: [UInt8] {
        guard scheme.isWeb else { return [] }
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { text += "Host: \(hostHeader)\r\n" }
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "Connection: close\r\n\r\n").utf8)
    }
}

/// A byte of a token (RFC 9110, 5.6.2).
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
