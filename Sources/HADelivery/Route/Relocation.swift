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
        /// Whether it takes datagrams, and no connections.
        var isDatagram = false
        /// The 1-based line of the output.
        package var line: Int
        /// nginx: the server block that gets what no other wants, by the index of its statement.
        var owner: Int?
    }

    /// What a server of nginx became: one of many names of the one socket.
    struct Target: Sendable, Equatable {
        /// The statement that names it.
        var statement: Int
        /// As the configuration has it.
        var address: String
        /// The upstream that it belongs to.
        var upstream: String?
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
    /// nginx: by the path under which its log names them.
    private(set) var targets: [String: Target] = [:]

    /// Whether nginx leaves out scheme and host of a redirect to a path, because it would write those of a socket.
    var completesRedirects = false
    /// Whether listeners with TLS have a socket beside them that takes plain text, and speaks TLS to them.
    var hasHops: Bool {
        switch text.dialect {
        case .haproxy, .plain: true
        case .nginx: false
        }
    }

    /// The name of the socket of the servers' stand-in.
    static let stub = "stub"
    /// The name of the certificate.
    static let certificate = "haproxy-gen-route.pem"

    init(of text: ConfigurationText) {
        self.text = text
    }

    /// The moved configuration; nil where no proxy can be asked.
    ///
    /// - Parameter included: the files that an `include` of nginx names.
    package static func of(
        _ text: ConfigurationText, included: @escaping (_ pattern: String) -> [[UInt8]] = { _ in [] }
    ) -> Relocation? {
        switch text.dialect {
        case .haproxy: haproxy(text)
        case .nginx: nginx(text, included: included)
        case .plain: nil
        }
    }

    var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    mutating func add(_ line: String, from origin: Int = 0) {
        lines.append(line)
        origins.append(origin)
    }

    mutating func add(_ entrance: Entrance) { entrances.append(entrance) }

    mutating func change(_ entrance: Int, _ change: (inout Entrance) -> Void) { change(&entrances[entrance]) }

    /// The path of the stand-in for another server, different for each: `./` and `.//` are the same folder.
    mutating func add(_ target: Target) -> String {
        var path = "."
        var rest = targets.count
        while rest > 0 {
            path += rest & 1 == 0 ? "/." : "//."
            rest >>= 1
        }
        path += "/" + Self.stub
        targets[path] = target
        return path
    }

    /// Once for each line.
    mutating func note(_ message: String, at line: Int) {
        let note = Note(line: line, message: message)
        if !notes.contains(note) { notes.append(note) }
    }

    /// The line of the output that became a line of the moved text; nil for our own.
    func origin(ofLine line: Int) -> Int? {
        guard origins.indices.contains(line - 1), origins[line - 1] > 0 else { return nil }
        return origins[line - 1]
    }

    /// The way in that a client would take: of those with the port the one of the very address, else one of all
    /// addresses of its kind, else any.
    package func entrance(for request: RouteRequest) -> Entrance? {
        let open = entrances.filter {
            $0.address.holds(port: request.port) && $0.isDatagram == (request.scheme == .udp)
        }
        let isV6 = request.host.contains(":") || request.from.contains(":")
        if let own = open.first(where: { $0.address.host == request.host }) { return own }
        let wide = open.filter(\.address.isEveryHost)
        return wide.first { ($0.address.host == "::") == isV6 } ?? wide.first ?? open.first
    }
}
