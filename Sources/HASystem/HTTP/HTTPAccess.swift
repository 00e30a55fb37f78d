/// Who may ask for what.
package struct HTTPAccess: Sendable {
    /// Where a connection came in.
    package enum Door: Sendable {
        /// A unix socket: its file's mode says who may connect.
        case unixSocket
        /// A loopback address: every user and every page in a browser of this machine reaches it.
        case loopback
        case network
    }

    /// What `Authorization: Bearer …` must hold at an address of the network, and at a loopback address where there is one.
    /// Without one, only `openPaths` are served to the network.
    package var token: [UInt8]?
    /// Paths that need no token.
    package var openPaths: Set<String>
    /// Names of this server beside `localhost`, in lower case.
    package var names: Set<String>
    /// Origins of pages that may ask: `https://status.example.org`.
    package var origins: Set<String>

    package init(token: [UInt8]? = nil, openPaths: Set<String> = [], names: Set<String> = [], origins: Set<String> = [])
    {
        self.token = token
        self.openPaths = openPaths
        self.names = names
        self.origins = origins
    }

    /// Why a request is not served; nil where it is.
    package func refusal(of request: HTTPRequest, at door: Door) -> HTTPRefusal? {
        foreignHost(request, door) ?? foreignOrigin(request) ?? missingToken(request, door)
    }

    /// A page of another site can make its own name lead to this machine: the browser then sends that name.
    private func foreignHost(_ request: HTTPRequest, _ door: Door) -> HTTPRefusal? {
        guard door == .loopback, let host = request.field("host"), !isOwn(Self.hostName(host)) else { return nil }
        return HTTPRefusal(.forbidden, "The field Host names another server.")
    }

    private func isOwn(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost") || names.contains(name) || SocketAddress.isLoopback(name)
    }

    /// Without the port and the brackets of an IPv6 address, in lower case.
    private static func hostName(_ host: String) -> String {
        let lower = host.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") {
            let after = lower[end...].dropFirst()
            return after.isEmpty || after.hasPrefix(":") ? String(lower[..<end].dropFirst()) : lower
        }
        return String(lower.prefix { $0 != ":" })
    }

    /// What changes something is not taken from a page of another site.
    private func foreignOrigin(_ request: HTTPRequest) -> HTTPRefusal? {
        guard !["GET", "HEAD", "OPTIONS"].contains(request.method), let origin = request.field("origin") else {
            return nil
        }
        let own = request.field("host").map { ["http://\($0)", "https://\($0)"] } ?? []
        guard !own.contains(origin), !origins.contains(origin) else { return nil }
        return HTTPRefusal(.forbidden, "The field Origin names another site.")
    }

    private func missingToken(_ request: HTTPRequest, _ door: Door) -> HTTPRefusal? {
        switch door {
        case .unixSocket: return nil
        case .loopback where token == nil: return nil
        case .loopback, .network: break
        }
        if openPaths.contains(String(request.path)) { return nil }
        if let token, let given = bearer(request), Self.areEqual(token, given) { return nil }
        return HTTPRefusal(
            .unauthorized, "The field Authorization: Bearer TOKEN is missing or wrong.",
            [HTTPRequest.Field("WWW-Authenticate", "Bearer")])
    }

    private func bearer(_ request: HTTPRequest) -> [UInt8]? {
        guard let value = request.field("authorization"), value.prefix(7).lowercased() == "bearer " else { return nil }
        return Array(value.dropFirst(7).trimmingBlanks.utf8)
    }

    /// Takes as long for a wrong text as for a right one.
    private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count, !one.isEmpty else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
