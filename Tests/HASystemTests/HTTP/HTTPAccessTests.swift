import Testing

@testable import HASystem

@Suite("Who may ask an HTTP server") struct HTTPAccessTests {
    private static func request(_ method: String, _ target: String, _ fields: [String: String]) -> HTTPRequest {
        var request = HTTPRequest()
        request.method = method
        request.target = target
        request.fields = fields.map { HTTPRequest.Field($0.key, $0.value) }
        return request
    }

    @Test(
        "names of this machine alone at a loopback address",
        arguments: [
            ("localhost", true), ("localhost:8080", true), ("LOCALHOST", true), ("a.localhost", true),
            ("127.0.0.1:1", true),
            ("127.9.9.9", true), ("[::1]", true), ("[::1]:80", true), ("edge.example.org:80", true),
            ("evil.example.org", false), ("localhost.evil.org", false), ("10.0.0.1", false), ("[::2]", false),
            ("", false),
            ("[::1].evil.org", false), ("127.0.0.1.evil.org", false), ("notlocalhost", false),
        ])
    func hosts(_ host: String, _ isTaken: Bool) {
        let access = HTTPAccess(names: ["edge.example.org"])
        let request = Self.request("GET", "/", ["host": host])
        #expect((access.refusal(of: request, at: .loopback) == nil) == isTaken)
        #expect(access.refusal(of: request, at: .unixSocket) == nil)
    }

    @Test("what changes something is not taken from another site's page")
    func origins() {
        let access = HTTPAccess(origins: ["https://ok.example.org"])
        for (method, origin, status) in [
            ("GET", "https://evil.org", nil), ("POST", "http://localhost:8080", nil),
            ("POST", "https://localhost:8080", nil),
            ("POST", "https://ok.example.org", nil), ("POST", "https://evil.org", HTTPStatus.forbidden),
            ("DELETE", "null", .forbidden), ("PUT", "http://localhost:81", .forbidden),
            ("POST", "https://ok.example.org.evil.org", .forbidden),
        ] {
            let request = Self.request(method, "/", ["host": "localhost:8080", "origin": origin])
            #expect(access.refusal(of: request, at: .loopback)?.status == status, "\(method) \(origin)")
        }
    }

    @Test("a token for the network; for loopback where there is one; never for a unix socket")
    func tokens() {
        let access = HTTPAccess(token: Array("secret".utf8), openPaths: ["/health"])
        for (field, isRight) in [
            ("Bearer secret", true), ("bearer secret", true), ("Bearer  secret ", true), ("Bearer secre", false),
            ("Bearer secrets", false), ("Bearer ", false), ("Basic secret", false), ("secret", false), ("", false),
        ] {
            let request = Self.request("GET", "/", ["host": "localhost", "authorization": field])
            for door in [HTTPAccess.Door.loopback, .network] {
                let refusal = access.refusal(of: request, at: door)
                #expect((refusal == nil) == isRight, "\(field)")
                if !isRight {
                    #expect(refusal?.status == .unauthorized)
                    #expect(refusal?.fields == [HTTPRequest.Field("WWW-Authenticate", "Bearer")])
                }
            }
            #expect(access.refusal(of: request, at: .unixSocket) == nil)
        }
        let open = Self.request("GET", "/health?a", ["host": "localhost"])
        #expect(access.refusal(of: open, at: .network) == nil)
        #expect(HTTPAccess().refusal(of: open, at: .network)?.status == .unauthorized)
        let empty = HTTPAccess(token: [])
        let bare = Self.request("GET", "/", ["host": "localhost", "authorization": "Bearer "])
        #expect(empty.refusal(of: bare, at: .network)?.status == .unauthorized)
    }

    @Test("methods and paths")
    func routes() throws {
        let routes = HTTPRoutes<String>([
            .init("GET", "/", "page"), .init("GET", "/annotations", "all"), .init("POST", "/annotations/{id}", "set"),
            .init("DELETE", "/annotations/{id}", "remove"),
        ])
        func answer(_ method: String, _ target: String) -> String {
            do throws(HTTPRefusal) {
                let match = try routes.match(Self.request(method, target, [:]))
                return match.endpoint + match.parameters.values.joined()
            } catch {
                return "\(error.status.rawValue)" + error.fields.map { " \($0.value)" }.joined()
            }
        }
        #expect(answer("GET", "/") == "page")
        #expect(answer("HEAD", "/?a=b") == "page")
        #expect(answer("POST", "/annotations/a%20b") == "seta b")
        #expect(answer("GET", "/annotations/a") == "405 DELETE, POST")
        #expect(answer("PUT", "/") == "405 GET, HEAD")
        #expect(answer("BREW", "/") == "501")
        #expect(answer("GET", "/annotations/") == "404")
        #expect(answer("GET", "/none") == "404")
        #expect(answer("GET", "/%2e%2e") == "400")
    }

    @Test("addresses to listen on")
    func addresses() {
        for (text, expected) in [
            ("unix:/run/a.sock", "unix:/run/a.sock"), ("/run/a.sock", "unix:/run/a.sock"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("localhost:0", "127.0.0.1:0"), ("[::1]:65535", "[::1]:65535"),
        ] {
            #expect(
                Result { () throws(SocketAddress.Mistake) in try SocketAddress(text).description } == .success(expected)
            )
        }
        for (text, mistake) in [
            ("unix:a.sock", SocketAddress.Mistake.relativePath), ("127.0.0.1", .noPort), ("[::1]", .noPort),
            ("", .noPort),
            ("127.0.0.1:", .badPort), ("127.0.0.1:65536", .badPort), ("127.0.0.1:+1", .badPort), (":80", .noAddress),
            ("::1:80", .noAddress), ("example.org:80", .noAddress), ("[127.0.0.1]:80", .noAddress),
        ] {
            #expect(throws: mistake, "\(text)") { try SocketAddress(text) }
        }
        #expect((try? SocketAddress("127.1.2.3:1"))?.door == .loopback)
        #expect((try? SocketAddress("0.0.0.0:1"))?.door == .network)
        #expect((try? SocketAddress("[::]:1"))?.door == .network)
        #expect((try? SocketAddress("/a"))?.door == .unixSocket)
    }
}
