/// Which endpoint answers which path and method.
package struct HTTPRoutes<Endpoint: Sendable>: Sendable {
    /// A path with its methods.
    package struct Route: Sendable {
        let method: String
        /// Texts, or names in braces that stand for one segment: `annotations`, `{id}`.
        let segments: [Substring]
        let endpoint: Endpoint

        /// - Parameter path: `/annotations/{id}`.
        package init(_ method: String, _ path: String, _ endpoint: Endpoint) {
            self.method = method
            segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            self.endpoint = endpoint
        }
    }

    /// An endpoint, and the segments that stand at the names of its path.
    package struct Match: Sendable {
        package let endpoint: Endpoint
        package let parameters: [String: String]
    }

    private let routes: [Route]
    private let methods: Set<String>

    package init(_ routes: [Route]) {
        self.routes = routes
        methods = Set(routes.map(\.method)).union(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    }

    /// Where GET is answered, HEAD is too.
    package func match(_ request: HTTPRequest) throws(HTTPRefusal) -> Match {
        guard methods.contains(request.method) else {
            throw HTTPRefusal(.notImplemented, "This server does not know the method \(request.method).")
        }
        guard let segments = request.segments else {
            throw HTTPRefusal(.badRequest, "The path has an escape that is broken or hides a slash.")
        }
        let here = routes.filter { Self.parameters($0.segments, segments) != nil }
        guard !here.isEmpty else { throw HTTPRefusal(.notFound, "There is nothing at \(request.path).") }
        let method = request.method == "HEAD" && !here.contains { $0.method == "HEAD" } ? "GET" : request.method
        guard let route = here.first(where: { $0.method == method }) else {
            let allowed = Set(here.map(\.method) + (here.contains { $0.method == "GET" } ? ["HEAD"] : [])).sorted()
            throw HTTPRefusal(
                .methodNotAllowed, "\(request.path) takes \(allowed.joined(separator: ", ")).",
                [HTTPRequest.Field("Allow", allowed.joined(separator: ", "))])
        }
        return Match(endpoint: route.endpoint, parameters: Self.parameters(route.segments, segments) ?? [:])
    }

    /// nil: the path is another one.
    private static func parameters(_ pattern: [Substring], _ segments: [String]) -> [String: String]? {
        guard pattern.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, segment) in zip(pattern, segments) {
            if part.hasPrefix("{"), part.hasSuffix("}") {
                guard !segment.isEmpty else { return nil }
                parameters[String(part.dropFirst().dropLast())] = segment
            } else if part != segment {
                return nil
            }
        }
        return parameters
    }
}
