/// A request to another system.
package struct HTTPCall: Sendable, Equatable {
    /// Where a request goes.
    package enum Server: Sendable, Equatable {
        /// `https://marathon.example.org:8443`, without a path.
        case address(String)
        /// The path of a unix socket.
        case unixSocket(String)
    }

    /// Whom a server is trusted by, and who asks. Files in PEM; nil: the system's authorities, or nobody.
    package struct Identity: Sendable, Equatable {
        package var authorities: String?
        package var certificate: String?
        package var key: String?

        package init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
        }
    }

    /// Limits, so that no server can keep this program waiting or fill its memory.
    package struct Limits: Sendable, Equatable {
        /// Milliseconds for connecting, TLS included.
        package var connecting = 5_000
        /// Seconds within which at least a byte must come; nil: a stream that may be silent.
        package var silence: Int? = 30
        /// Milliseconds for all of it; nil: a stream that goes on.
        package var whole: Int? = 60_000
        /// Bytes of an answer; of a stream, bytes that come at once.
        package var size = 64 << 20
        /// How often an answer may lead to another place; a field `Authorization` goes to the same host alone.
        package var redirects = 0

        package init() {}
    }

    package var method: String
    package var server: Server
    /// Path and query: `/v1.41/events?filters=…`.
    package var target: String
    package var fields: [HTTPRequest.Field]
    package var body: [UInt8]?
    package var identity = Identity()
    package var limits = Limits()

    package init(
        _ method: String, _ server: Server, _ target: String, fields: [HTTPRequest.Field] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.server = server
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// What libcurl asks for. A unix socket has no host: servers on one take any.
    var url: String {
        switch server {
        case .address(let address): address + target
        case .unixSocket: "http://localhost" + target
        }
    }
}

/// The head of an answer.
package struct HTTPAnswerHead: Sendable, Equatable {
    package let status: Int
    /// Names in lower case.
    package let fields: [HTTPRequest.Field]

    package init(status: Int, fields: [HTTPRequest.Field]) {
        self.status = status
        self.fields = fields
    }

    /// The value of a field, by its name in lower case.
    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Reads lines with their ends, as they came; nil where the first one is no status line.
    init?(lines: [UInt8]) {
        let texts = lines.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        let words = texts.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else { return nil }
        self.status = status
        fields = texts.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[colon...].dropFirst().trimmingBlanks
            return HTTPRequest.Field(line[..<colon].lowercased(), String(value))
        }
    }
}

/// Why an answer did not come, or not all of it.
package struct HTTPFailure: Error, Sendable, Equatable {
    package enum Cause: Sendable, Equatable {
        /// The name of the server is not known, or nobody answers there.
        case unreachable
        /// Connecting, an answer, or the next byte took too long.
        case late
        /// TLS: no trust, no certificate, a file that cannot be read.
        case untrusted
        /// The server ended it.
        case cut
        case tooLarge
        /// What came is no HTTP, or leads elsewhere too often.
        case nonsense
    }

    package let cause: Cause
    /// For people, without credentials.
    package let reason: String

    package init(_ cause: Cause, _ reason: String) {
        self.cause = cause
        self.reason = reason
    }
}

/// Why there is no client.
package struct HTTPClientMissing: Error, Sendable, Equatable {
    /// One sentence that names the package.
    package let reason: String
}
