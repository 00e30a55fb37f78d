import TestSupport
import Testing

@testable import HASystem

/// Clients that would keep the others waiting, without sockets and without a clock: descriptors are numbers from 10.
@Suite("A server whose clients ask much or take little") struct HTTPServerCrowdTests {
    /// Clients that wait to be accepted, and what each one sends.
    private final class Clients: Sendable {
        let waiting = Guarded(0)
        private let next = Guarded<Int32>(10)
        let closed = Guarded<[Int32]>([])
        let sent = Guarded<[Int32: Int]>([:])

        func calls(sending text: String, takes: Bool) -> ServerCalls {
            var calls = ServerCalls.system
            calls.listen = { address throws(SystemError) in (3, address) }
            calls.accept = { _ throws(SystemError) in
                guard
                    self.waiting.withLock({ left in
                        left -= 1
                        return left >= 0
                    })
                else { return nil }
                return self.next.withLock { next in
                    next += 1
                    return next - 1
                }
            }
            calls.receive = { _, buffer throws(SystemError) in
                buffer.copyBytes(from: text.utf8)
                return text.utf8.count
            }
            calls.send = { descriptor, bytes throws(SystemError) in
                self.sent.withLock { $0[descriptor, default: 0] += 1 }
                return takes ? bytes.count : nil
            }
            calls.endWriting = { _ in }
            calls.close = { descriptor in self.closed.withLock { $0.append(descriptor) } }
            calls.remove = { _ in }
            calls.time = { 0 }
            return calls
        }
    }

    private final class Handled {
        weak var server: HTTPServer?
        var count = 0
        var now = 0
    }

    private static func server(_ calls: ServerCalls) throws -> (HTTPServer, Handled) {
        let handled = Handled()
        let server = HTTPServer(rules: HTTPRules { _, _ throws(HTTPRefusal) in 0 }, calls: calls) { exchange, _ in
            handled.count += 1
            handled.server?.answer(exchange, HTTPResponse(.ok, text: "a"), at: handled.now)
        }
        handled.server = server
        try server.listen(.tcp(host: "127.0.0.1", port: 1))
        return (server, handled)
    }

    /// Lets so many clients come at a time.
    private static func come(_ count: Int, _ clients: Clients, _ server: HTTPServer, at now: Int) {
        clients.waiting.withLock { $0 = count }
        server.ready(3, .reading, at: now)
    }

    private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test("a thousand requests in one piece: one of each client a turn")
    func turns() throws {
        let clients = Clients()
        let text = String(repeating: Self.request, count: 1_000)
        let (server, handled) = try Self.server(clients.calls(sending: text, takes: true))
        Self.come(3, clients, server, at: 0)
        for descriptor in Int32(10)...12 { server.ready(descriptor, .reading, at: 0) }
        #expect(handled.count == 3)
        for turn in 1..<1_000 {
            #expect(server.deadline == 0)
            #expect(server.interests.dropFirst().allSatisfy { $0.readiness.isEmpty })
            server.timeOut(at: 0)
            #expect(handled.count == 3 + 3 * turn)
        }
        #expect(server.deadline == HTTPTimes().idle)
        #expect(clients.sent.withLock { $0 } == [10: 1_000, 11: 1_000, 12: 1_000])
    }

    @Test("clients that send many requests have all places: one goes for a newcomer")
    func busy() throws {
        let clients = Clients()
        let text = String(repeating: Self.request, count: 9)
        let (server, _) = try Self.server(clients.calls(sending: text, takes: true))
        Self.come(HTTPServer.connections, clients, server, at: 0)
        for descriptor in Int32(10)..<74 { server.ready(descriptor, .reading, at: 0) }
        Self.come(1, clients, server, at: 1)
        #expect(clients.closed.withLock { $0 } == [10])
        #expect(clients.sent.withLock { $0[74] } == nil)
    }

    @Test("clients that take no answer have all places: one goes for a newcomer once it is slow")
    func slow() throws {
        let clients = Clients()
        let (server, _) = try Self.server(clients.calls(sending: Self.request, takes: false))
        Self.come(HTTPServer.connections, clients, server, at: 0)
        for descriptor in Int32(10)..<74 { server.ready(descriptor, .reading, at: 0) }
        // A refusal is tried to be sent to the one that comes too early.
        Self.come(1, clients, server, at: HTTPConnection.patience - 1)
        #expect(clients.closed.withLock { $0 }.isEmpty)
        #expect(clients.sent.withLock { $0[74] } == 1)
        Self.come(2, clients, server, at: HTTPConnection.patience)
        #expect(clients.closed.withLock { $0 } == [10, 11])
        #expect(clients.sent.withLock { $0[75] } == nil && clients.sent.withLock { $0[76] } == nil)
    }

    @Test("clients that take no last answer have all places of those that leave: one goes")
    func leaving() throws {
        let clients = Clients()
        let text = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let (server, _) = try Self.server(clients.calls(sending: text, takes: false))
        for first in [Int32(10), 74] {
            Self.come(HTTPServer.connections, clients, server, at: 0)
            for descriptor in first..<first + 64 { server.ready(descriptor, .reading, at: 0) }
        }
        #expect(server.connectionCount == 2 * HTTPServer.connections)
        Self.come(1, clients, server, at: HTTPConnection.patience - 1)
        #expect(clients.closed.withLock { $0 } == [138])
        Self.come(1, clients, server, at: HTTPConnection.patience)
        #expect(clients.closed.withLock { $0 } == [138, 10])
        #expect(server.connectionCount == 2 * HTTPServer.connections)
    }
}
