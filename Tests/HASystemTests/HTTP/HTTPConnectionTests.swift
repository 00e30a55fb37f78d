import Testing

@testable import HASystem

/// What a connection says at which time, without a socket and without a clock.
@Suite("Connections of HTTP/1.1") struct HTTPConnectionTests {
    private var connection: HTTPConnection
    private static let head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let times = HTTPTimes()

    init() {
        connection = Self.connection()
    }

    private static func connection(
        admit: @escaping @Sendable (HTTPRequest, HTTPAccess.Door) throws(HTTPRefusal) -> Int = {
            _, _ throws(HTTPRefusal) in 100
        }
    ) -> HTTPConnection {
        HTTPConnection(door: .loopback, rules: HTTPRules(admit: admit), at: 0, clock: { 0 })
    }

    /// What waits to be sent, taken.
    private mutating func output(at now: Int) -> (String, [HTTPConnection.Effect]) {
        let bytes = Array(connection.unsent)
        return (String(decoding: bytes, as: UTF8.self), connection.step(.sent(bytes.count), at: now))
    }

    private mutating func send(_ text: String, at now: Int = 0) -> [HTTPConnection.Effect] {
        connection.step(.bytes(Array(text.utf8)[...]), at: now)
    }

    @Test("a request, its answer, and the next one that waited")
    mutating func pipeline() throws {
        let effects = send(Self.head + "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        guard case .request(let first)? = effects.first, effects.count == 1 else { return #expect(Bool(false)) }
        #expect(first.target == "/")
        #expect(!connection.wantsBytes)
        #expect(connection.deadline == nil)
        #expect(connection.step(.answer(HTTPResponse(.ok, text: "one")), at: 5).isEmpty)
        let (text, next) = output(at: 6)
        #expect(
            text == """
                HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n\
                Content-Length: 3\r\n\r\none
                """)
        // It is not read in the same turn, and nothing is read beside it.
        #expect(next.isEmpty && connection.hasWaitingBytes && !connection.wantsBytes && !connection.isIdle)
        #expect(connection.deadline == 6)
        guard case .request(let second)? = connection.step(.timer, at: 7).first else { return #expect(Bool(false)) }
        #expect(!connection.hasWaitingBytes)
        #expect(second.target == "/2")
        _ = connection.step(.answer(HTTPResponse(.noContent, body: .whole([]))), at: 7)
        let (last, ending) = output(at: 8)
        #expect(last.hasSuffix("GMT\r\nConnection: close\r\n\r\n"))
        #expect(ending == [.endWriting])
        // What still comes is dropped, for a while.
        #expect(send(Self.head, at: 9).isEmpty)
        #expect(connection.deadline == 8 + Self.times.linger)
        #expect(connection.step(.timer, at: 8 + Self.times.linger) == [.close])
    }

    @Test("a head that comes slowly, a body that stops, silence between requests")
    mutating func deadlines() throws {
        #expect(connection.deadline == Self.times.head)
        _ = send("GET / HT", at: 3_000)
        _ = send("TP/1.1\r\n", at: 9_000)
        #expect(connection.deadline == 3_000 + Self.times.head)
        #expect(connection.step(.timer, at: 12_999).isEmpty)
        #expect(connection.step(.timer, at: 13_000).isEmpty)
        #expect(output(at: 13_000).0.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))

        connection = Self.connection()
        _ = send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", at: 100)
        #expect(connection.deadline == 100 + Self.times.body)
        _ = send("abc", at: 20_000)
        #expect(connection.deadline == 20_000 + Self.times.body)
        _ = connection.step(.timer, at: 50_000)
        #expect(output(at: 50_000).0.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))

        connection = Self.connection()
        _ = send(Self.head)
        _ = connection.step(.answer(HTTPResponse(.ok, text: "")), at: 10)
        _ = output(at: 20)
        #expect(connection.isIdle)
        #expect(connection.deadline == 20 + Self.times.idle)
        #expect(connection.step(.timer, at: 20 + Self.times.idle) == [.close])
        #expect(connection.unsent.isEmpty)
    }

    @Test("a client that does not take its answer")
    mutating func slowReader() {
        _ = send(Self.head)
        _ = connection.step(.answer(HTTPResponse(.ok, text: String(repeating: "a", count: 1_000))), at: 0)
        _ = connection.step(.sent(500), at: 1_000)
        #expect(connection.deadline == 1_000 + Self.times.write)
        #expect(connection.step(.timer, at: 31_000) == [.close])
    }

    @Test("many heads that are refused at once: one a turn, and half a head after them is waited for")
    mutating func refusedPipeline() {
        connection = Self.connection { _, _ throws(HTTPRefusal) in throw HTTPRefusal(.notFound, "No.") }
        #expect(send(Self.head + Self.head + "GET").isEmpty)
        for time in 1...2 {
            #expect(output(at: time).0.ranges(of: "HTTP/1.1 404 ").count == 1)
            #expect(connection.step(.timer, at: time).isEmpty)
        }
        #expect(connection.unsent.isEmpty && !connection.hasWaitingBytes && connection.wantsBytes)
        #expect(connection.deadline == 2 + Self.times.head)
    }

    @Test("who is slow: nothing taken for a second, or not all in ten")
    mutating func slow() {
        #expect(!connection.isSlow(at: 99_999))
        _ = send(Self.head)
        #expect(!connection.isSlow(at: 99_999))
        _ = connection.step(.answer(HTTPResponse(.ok, text: String(repeating: "a", count: 1_000))), at: 0)
        #expect(!connection.isSlow(at: 999) && connection.isSlow(at: 1_000))
        for time in stride(from: 900, through: 9_900, by: 900) {
            _ = connection.step(.sent(1), at: time)
            #expect(!connection.isSlow(at: time + 99))
        }
        _ = connection.step(.sent(0), at: 10_000)
        #expect(connection.isSlow(at: 10_000))
        _ = output(at: 10_001)
        #expect(!connection.isSlow(at: 99_999))
    }

    @Test("a refusal before the body comes, and one that leaves the connection open")
    mutating func refusals() {
        connection = Self.connection { _, _ throws(HTTPRefusal) in
            throw HTTPRefusal(.methodNotAllowed, "No.", [HTTPRequest.Field("Allow", "PUT")])
        }
        #expect(send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\nExpect: 100-continue\r\n\r\n").isEmpty)
        let (refused, ending) = output(at: 0)
        #expect(refused.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(refused.contains("\r\nAllow: PUT\r\n"))
        #expect(refused.contains("\r\nConnection: close\r\n"))
        #expect(ending == [.endWriting])

        connection = Self.connection { _, _ throws(HTTPRefusal) in throw HTTPRefusal(.notFound, "No.") }
        #expect(send(Self.head).isEmpty)
        #expect(!output(at: 0).0.contains("Connection"))
        #expect(connection.isIdle)

        connection = Self.connection()
        #expect(send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n").isEmpty)
        #expect(output(at: 0).0.hasPrefix("HTTP/1.1 413 "))
    }

    @Test("a client that asks before it sends")
    mutating func expectation() {
        #expect(send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").isEmpty)
        #expect(output(at: 0).0 == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(send("ab").count == 1)
    }

    @Test("a client that ends: half a request is dropped, a whole one is answered")
    mutating func ends() {
        _ = send("GET / HT")
        #expect(connection.step(.ended, at: 0) == [.close])

        connection = Self.connection()
        _ = send(Self.head)
        #expect(connection.step(.ended, at: 0).isEmpty)
        _ = connection.step(.answer(HTTPResponse(.ok, text: "")), at: 0)
        #expect(output(at: 0).1 == [.close])
    }

    @Test("an answer that is a stream: no length, more bytes, and an end for a client that takes none")
    mutating func streams() {
        _ = send(Self.head)
        _ = connection.step(.answer(HTTPResponse(.ok, body: .stream)), at: 0)
        let (text, _) = output(at: 0)
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(!text.contains("Content-Length"))
        #expect(connection.deadline == nil)
        #expect(connection.step(.more([1]), at: 70_000).isEmpty)
        #expect(connection.deadline == 70_000 + Self.times.write)
        let much = [UInt8](repeating: 1, count: HTTPConnection.streamBacklog)
        #expect(connection.step(.more(much), at: 70_000) == [.close])
    }

    @Test("HEAD has the head of GET alone; a value cannot begin another field")
    func bytes() {
        var request = HTTPRequest()
        request.method = "HEAD"
        let response = HTTPResponse(.ok, [HTTPRequest.Field("A", "b\r\nC: d")], body: .whole(Array("abc".utf8)))
        let text = String(decoding: response.bytes(to: request, keepsAlive: true, time: 1_000_000_000), as: UTF8.self)
        #expect(
            text == "HTTP/1.1 200 OK\r\nDate: Sun, 09 Sep 2001 01:46:40 GMT\r\nA: bC: d\r\nContent-Length: 3\r\n\r\n")
    }
}
