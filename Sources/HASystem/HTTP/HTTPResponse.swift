/// Status codes that this server answers with.
package enum HTTPStatus: Int, Sendable, CaseIterable {
    case ok = 200
    case created = 201
    case accepted = 202
    case noContent = 204
    case found = 302
    case notModified = 304
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case notAcceptable = 406
    case requestTimeout = 408
    case conflict = 409
    case preconditionFailed = 412
    case contentTooLarge = 413
    case targetTooLong = 414
    case unsupportedMediaType = 415
    case expectationFailed = 417
    case unprocessableContent = 422
    case fieldsTooLarge = 431
    case internalServerError = 500
    case notImplemented = 501
    case serviceUnavailable = 503
    case versionNotSupported = 505

    /// The words that RFC 9110 gives it.
    package var phrase: String {
        switch self {
        case .ok: "OK"
        case .created: "Created"
        case .accepted: "Accepted"
        case .noContent: "No Content"
        case .found: "Found"
        case .notModified: "Not Modified"
        case .badRequest: "Bad Request"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .notAcceptable: "Not Acceptable"
        case .requestTimeout: "Request Timeout"
        case .conflict: "Conflict"
        case .preconditionFailed: "Precondition Failed"
        case .contentTooLarge: "Content Too Large"
        case .targetTooLong: "URI Too Long"
        case .unsupportedMediaType: "Unsupported Media Type"
        case .expectationFailed: "Expectation Failed"
        case .unprocessableContent: "Unprocessable Content"
        case .fieldsTooLarge: "Request Header Fields Too Large"
        case .internalServerError: "Internal Server Error"
        case .notImplemented: "Not Implemented"
        case .serviceUnavailable: "Service Unavailable"
        case .versionNotSupported: "HTTP Version Not Supported"
        }
    }
}

/// An answer.
package struct HTTPResponse: Sendable, Equatable {
    package enum Body: Sendable, Equatable {
        case whole([UInt8])
        /// Bytes that come later, until the connection ends: events.
        case stream
    }

    package var status: HTTPStatus
    /// Beside those that the server adds: `Content-Length`, `Connection`, `Date`.
    package var fields: [HTTPRequest.Field]
    package var body: Body

    package init(_ status: HTTPStatus, _ fields: [HTTPRequest.Field] = [], body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package init(_ status: HTTPStatus, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status, [HTTPRequest.Field("Content-Type", type)], body: .whole(Array(text.utf8)))
    }

    package init(_ refusal: HTTPRefusal) {
        self.init(refusal.status, text: refusal.reason + "\n")
        fields += refusal.fields
    }

    /// The bytes that are sent at first.
    ///
    /// - Parameters:
    ///   - request: nil where none could be read.
    ///   - time: seconds since 1970.
    func bytes(to request: HTTPRequest?, keepsAlive: Bool, time: Int) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status.rawValue) \(status.phrase)", "Date: \(HTTPDate.text(time))"]
        lines += fields.map { "\($0.name): \($0.value)" }
        var content: [UInt8] = []
        if case .whole(let bytes) = body {
            // These have no body, and a length would be that of another answer's (RFC 9110, 8.6).
            if status != .noContent, status != .notModified {
                lines.append("Content-Length: \(bytes.count)")
                if request?.method != "HEAD" { content = bytes }
            }
        }
        if !keepsAlive { lines.append("Connection: close") }
        // A line break in a value would begin another field.
        let safe = lines.map { line in String(line.unicodeScalars.filter { $0 != "\r" && $0 != "\n" && $0 != "\0" }) }
        return Array((safe.joined(separator: "\r\n") + "\r\n\r\n").utf8) + content
    }
}

/// Times as HTTP writes them.
enum HTTPDate {
    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        // The program never leaves the C locale, so names are English.
        let count = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
