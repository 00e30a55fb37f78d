import TestSupport
import Testing

@testable import HASystem

/// A server of ours and a client on one loop, so that nothing depends on the clock.
private final class Scene {
    let loop = EventLoop()
    let client: HTTPClient
    private(set) var requests: [HTTPRequest] = []
    private(set) var exchanges: [HTTPServer.Exchange] = []
    let server: HTTPServer
    let address: SocketAddress

    /// - Parameter answer: nil: it is answered later, or never.
    init(
        at address: SocketAddress = .tcp(host: "127.0.0.1", port: 0), _ answer: @escaping (HTTPRequest) -> HTTPResponse?
    )
        throws
    {
        client = try HTTPClient()
        let rules = HTTPRules { _, _ throws(HTTPRefusal) in 1 << 20 }
        var handle: ((HTTPServer.Exchange, HTTPRequest) -> Void)?
        server = HTTPServer(rules: rules) { handle?($0, $1) }
        self.address = try server.listen(address)
        handle = { [unowned self] exchange, request in
            requests.append(request)
            exchanges.append(exchange)
            if let response = answer(request) { server.answer(exchange, response, at: loop.calls.clock()) }
        }
        loop.add(server)
        loop.add(client)
    }

    func call(_ method: String, _ target: String, body: [UInt8]? = nil) -> HTTPCall {
        switch address {
        case .unix(let path): HTTPCall(method, .unixSocket(path), target, body: body)
        case .tcp: HTTPCall(method, .address("http://\(address)"), target, body: body)
        }
    }

    /// Events until the call ends, or there are so many.
    func events(of call: HTTPCall, atMost count: Int = .max) throws -> [HTTPClient.Event] {
        var events: [HTTPClient.Event] = []
        var isOver = false
        _ = try #require(
            client.start(call) { event in
                events.append(event)
                if case .ended = event { isOver = true }
            })
        while !isOver, events.count < count { try loop.turn() }
        return events
    }

    /// Status and body, or the cause of the failure.
    func answer(to call: HTTPCall) throws -> String {
        var status = 0
        var body: [UInt8] = []
        for event in try events(of: call) {
            switch event {
            case .head(let head): status = head.status
            case .bytes(let bytes): body += bytes
            case .ended(let failure?): return "\(failure.cause)"
            case .ended(nil): break
            }
        }
        return "\(status) \(String(decoding: body, as: UTF8.self))"
    }
}

@Suite("A client of HTTP") struct HTTPClientTests {
    @Test("a question and its answer, over TCP and a unix socket, with fields and a body")
    func answers() throws {
        let folder = try TemporaryFolder()
        for address in [SocketAddress.tcp(host: "127.0.0.1", port: 0), .unix(path: folder.path("s"))] {
            let scene = try Scene(at: address) { request in
                HTTPResponse(.created, text: "\(request.method) \(request.target) \(request.body.count)")
            }
            #expect(try scene.answer(to: scene.call("GET", "/a?b=c")) == "201 GET /a?b=c 0")
            let much = [UInt8](repeating: 65, count: 300_000)
            #expect(try scene.answer(to: scene.call("POST", "/p", body: much)) == "201 POST /p 300000")
            #expect(try scene.answer(to: scene.call("PUT", "/p", body: [])) == "201 PUT /p 0")
            #expect(try scene.answer(to: scene.call("DELETE", "/p")) == "201 DELETE /p 0")
            #expect(try scene.answer(to: scene.call("HEAD", "/p")) == "201 ")
            var call = scene.call("GET", "/")
            call.fields = [.init("Accept", "text/event-stream"), .init("Authorization", "Bearer x")]
            _ = try scene.answer(to: call)
            #expect(scene.requests.last?.field("accept") == "text/event-stream")
            #expect(scene.requests.last?.field("authorization") == "Bearer x")
            #expect(scene.requests.last?.field("user-agent") == "haproxy-gen")
        }
    }

    @Test("a stream: the head comes before the first byte, pieces as they come, and it can be stopped")
    func streams() throws {
        let scene = try Scene { _ in HTTPResponse(.ok, [.init("Content-Type", "text/event-stream")], body: .stream) }
        var call = scene.call("GET", "/events")
        call.limits.whole = nil
        var events: [HTTPClient.Event] = []
        let started = try #require(scene.client.start(call) { events.append($0) })
        while events.isEmpty { try scene.loop.turn() }
        guard case .head(let head) = events.removeFirst() else { return #expect(Bool(false)) }
        #expect(head.status == 200)
        #expect(head.field("content-type") == "text/event-stream")
        for piece in ["one\n", "two\n"] {
            let bytes = Array(piece.utf8)
            scene.server.append(bytes, to: scene.exchanges[0], at: scene.loop.calls.clock())
            while events.isEmpty { try scene.loop.turn() }
            #expect(events.removeFirst() == .bytes(bytes))
        }
        scene.client.stop(started)
        scene.client.stop(started)
        while scene.server.connectionCount > 0 { try scene.loop.turn() }
        #expect(events.isEmpty)
    }

    @Test("an answer that is too long, one that is late, one that is cut, and nobody there")
    func failures() throws {
        let long = try Scene { _ in HTTPResponse(.ok, text: String(repeating: "a", count: 100_000)) }
        var call = long.call("GET", "/")
        call.limits.size = 99_999
        #expect(try long.answer(to: call) == "tooLarge")
        call.limits.size = 100_000
        #expect(try long.answer(to: call).utf8.count == 100_004)

        let late = try Scene { _ in nil }
        call = late.call("GET", "/")
        call.limits.whole = 30
        #expect(try late.answer(to: call) == "late")

        let cut = try Scene { _ in nil }
        var isOver: HTTPFailure?
        _ = cut.client.start(cut.call("GET", "/")) { if case .ended(let failure) = $0 { isOver = failure } }
        while cut.exchanges.isEmpty { try cut.loop.turn() }
        cut.server.stop()
        while isOver == nil { try cut.loop.turn() }
        #expect(isOver?.cause == .cut)
        #expect(try cut.answer(to: cut.call("GET", "/")) == "unreachable")

        let folder = try TemporaryFolder()
        #expect(try late.answer(to: HTTPCall("GET", .unixSocket(folder.path("none")), "/")) == "unreachable")
        #expect(try late.answer(to: HTTPCall("GET", .address("file:///etc/passwd"), "")) == "nonsense")
    }

    @Test("an answer that leads elsewhere is followed where that is asked for, and not around a circle")
    func redirects() throws {
        let scene = try Scene { request in
            guard request.path != "/there" else { return HTTPResponse(.ok, text: "here") }
            return HTTPResponse(
                .found, [.init("Location", request.path == "/circle" ? "/circle" : "/there")],
                body: .whole(Array("elsewhere".utf8)))
        }
        #expect(try scene.answer(to: scene.call("GET", "/a")) == "302 elsewhere")
        var call = scene.call("GET", "/a")
        call.limits.redirects = 2
        #expect(try scene.answer(to: call) == "200 here")
        call.target = "/circle"
        #expect(try scene.answer(to: call) == "nonsense")
    }

    /// haproxy ends TLS, and asks for a certificate.
    @Test("TLS: whom a server is trusted by, and who asks")
    func tls() throws {
        let folder = try TemporaryFolder()
        let port = Loopback.freePorts(1)[0]
        try folder.write(
            """
            defaults
              mode http
              timeout client 5s
              timeout server 5s
              timeout connect 5s
            frontend f
              bind 127.0.0.1:\(port) ssl crt server.pem ca-file ca.pem verify required
              http-request return status 200 content-type text/plain lf-string %[ssl_c_s_dn(cn)]

            """, to: "cfg")
        let made = try ProgramRun.bash(
            """
            set -e
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem
            echo subjectAltName=IP:127.0.0.1 >extensions
            for name in server client; do
                openssl req -newkey rsa:2048 -nodes -subj /CN=$name -keyout $name.key -out $name.request
                openssl x509 -req -in $name.request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                    -extfile extensions -out $name.crt
            done
            cat server.crt server.key >server.pem
            haproxy -D -f cfg -p pid
            """, in: folder.path)
        #expect(made.exitCode == 0, "\(made)")
        defer { _ = try? ProgramRun.bash("kill $(cat pid)", in: folder.path) }

        let scene = try Scene { _ in nil }
        var call = HTTPCall("GET", .address("https://127.0.0.1:\(port)"), "/")
        #expect(try scene.answer(to: call) == "untrusted")
        call.identity.authorities = folder.path("ca.pem")
        // Without a certificate of its own haproxy ends the connection, in TLS 1.3 after the handshake.
        #expect(["untrusted", "cut"].contains(try scene.answer(to: call)))
        call.identity.certificate = folder.path("client.crt")
        call.identity.key = folder.path("client.key")
        #expect(try scene.answer(to: call) == "200 client")
        call.identity.authorities = folder.path("client.crt")
        #expect(try scene.answer(to: call) == "untrusted")
        call.identity.authorities = folder.path("none.pem")
        #expect(try scene.answer(to: call) == "untrusted")
        call.identity = .init(authorities: folder.path("ca.pem"), certificate: folder.path("none"), key: "none")
        #expect(try scene.answer(to: call) == "untrusted")
        // The certificate is for an address and not for this name of it.
        call = HTTPCall("GET", .address("https://localhost:\(port)"), "/")
        call.identity.authorities = folder.path("ca.pem")
        #expect(try scene.answer(to: call) == "untrusted")
    }

    @Test("a text that would end early or begin another field is not sent")
    func injections() throws {
        let scene = try Scene { _ in nil }
        for text in ["a\r\nB: c", "a\nb", "a\0b"] {
            var call = scene.call("GET", "/")
            call.fields = [.init("A", text)]
            #expect(scene.client.start(call) { _ in } == nil)
            #expect(scene.client.start(scene.call("GET", "/\(text)")) { _ in } == nil)
        }
    }

    @Test("without libcurl: one sentence that names the package")
    func missing() {
        #expect(throws: HTTPClientMissing(reason: "no libcurl")) { try HTTPClient { "no libcurl" } }
    }

    @Test("heads as servers write them")
    func heads() {
        let head = HTTPAnswerHead(lines: Array("HTTP/1.1 302 Found\r\nLOCATION:  /a \r\nX: 1\r\nbroken\r\n\r\n".utf8))
        #expect(head?.status == 302)
        #expect(head?.fields == [.init("location", "/a"), .init("x", "1")])
        #expect(HTTPAnswerHead(lines: Array("HTTP/1.1\r\n".utf8)) == nil)
        #expect(HTTPAnswerHead(lines: []) == nil)
    }
}
