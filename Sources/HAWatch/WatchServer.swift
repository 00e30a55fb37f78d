import HASystem

/// Health, status and metrics over HTTP, driven by the daemon's loop.
///
/// Other endpoints are added to `Endpoint`, its routes and `answer`.
package final class WatchServer: Pollable {
    package enum Endpoint: Sendable {
        case health, ready, status, metrics
    }

    package static let routes = HTTPRoutes<Endpoint>([
        .init("GET", "/health", .health), .init("GET", "/ready", .ready), .init("GET", "/status", .status),
        .init("GET", "/metrics", .metrics),
    ])

    /// What monitors ask for, at any address without a token.
    package static let openPaths: Set<String> = ["/health", "/ready", "/status", "/metrics"]

    private let server: HTTPServer

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - token: nil: the network gets `openPaths` alone.
    ///   - status: what is answered with.
    package init(
        _ address: SocketAddress, token: [UInt8]?, calls: ServerCalls = .system, clock: @escaping () -> Int,
        status: @escaping () -> WatchStatus
    ) throws(SystemError) {
        let access = HTTPAccess(token: token, openPaths: Self.openPaths)
        let rules = HTTPRules { (request, door) throws(HTTPRefusal) in
            if let refusal = access.refusal(of: request, at: door) { throw refusal }
            _ = try Self.routes.match(request)
            // None of these takes a body.
            return 0
        }
        let answers = Answers()
        server = HTTPServer(rules: rules, calls: calls) { exchange, request in
            answers.server?.answer(exchange, Self.answer(request, status()), at: clock())
        }
        answers.server = server
        _ = try server.listen(address)
    }

    /// The server, for its own handler.
    private final class Answers {
        weak var server: HTTPServer?
    }

    package static func answer(_ request: HTTPRequest, _ status: WatchStatus) -> HTTPResponse {
        let endpoint: Endpoint
        do throws(HTTPRefusal) { endpoint = try routes.match(request).endpoint } catch { return HTTPResponse(error) }
        switch endpoint {
        case .health: return HTTPResponse(.ok, text: "alive\n")
        case .ready: return text(status.readiness)
        case .status: return text(status.statusAnswer)
        case .metrics: return HTTPResponse(.ok, text: status.metrics, type: PrometheusText.contentType)
        }
    }

    private static func text(_ answer: (code: Int, text: String)) -> HTTPResponse {
        HTTPResponse(answer.code == 200 ? .ok : .serviceUnavailable, text: answer.text)
    }

    /// Where it listens.
    package var addresses: [SocketAddress] { server.addresses }

    /// Ends at once; files of sockets are gone.
    package func stop() { server.stop() }

    package var interests: [PollInterest] { server.interests }

    package var deadline: Int? { server.deadline }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        server.ready(descriptor, readiness, at: now)
    }

    package func timeOut(at now: Int) { server.timeOut(at: now) }
}
