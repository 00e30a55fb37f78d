import TestSupport
import Testing

@testable import HASystem

/// Real sockets; the loop runs on a thread of its own until `end`.
private final class RunningServer: Sendable {
    let port: UInt16
    let path: String
    private let ended = Guarded(false)
    private let finished = Guarded(false)

    init(_ folder: TemporaryFolder, times: HTTPTimes = HTTPTimes(), calls: ServerCalls = .system) throws {
        path = folder.path("socket")
        let addresses = Guarded<[SocketAddress]>([])
        let failure = Guarded<SystemError?>(nil)
        let (ended, finished, path) = (ended, finished, path)
        Self.onThread {
            defer { finished.withLock { $0 = true } }
            do throws(SystemError) {
                try Self.run(times, calls, path, addresses, ended)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        while addresses.withLock({ $0.count }) < 2 {
            if let error = failure.withLock({ $0 }) { throw error }
            usleep(1_000)
        }
        guard case .tcp(_, let port)? = addresses.withLock({ $0.first }) else { throw SystemError(number: EINVAL) }
        self.port = port
    }

    deinit {
        ended.withLock { $0 = true }
        while !finished.withLock({ $0 }) { usleep(1_000) }
    }

    private static func onThread(_ work: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Guarded(work))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Guarded<@Sendable () -> Void>>.fromOpaque(pointer).takeRetainedValue().withLock { $0 }()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private static func run(
        _ times: HTTPTimes, _ calls: ServerCalls, _ path: String, _ addresses: Guarded<[SocketAddress]>,
        _ ended: Guarded<Bool>
    ) throws(SystemError) {
        var rules = HTTPRules { request, door throws(HTTPRefusal) in
            if let refusal = HTTPAccess().refusal(of: request, at: door) { throw refusal }
            return 8 << 20
        }
        rules.times = times
        let answers = Answers()
        let server = HTTPServer(rules: rules, calls: calls) { answers.waiting.append(($0, $1)) }
        let first = try server.listen(.tcp(host: "127.0.0.1", port: 0))
        let second = try server.listen(.unix(path: path))
        addresses.withLock { $0 = [first, second] }
        while !ended.withLock({ $0 }) { step(server, answers) }
    }

    private final class Answers { var waiting: [(HTTPServer.Exchange, HTTPRequest)] = [] }

    /// One turn of a loop. Requests are answered with their length after the poll, as a worker would.
    private static func step(_ server: HTTPServer, _ answers: Answers) {
        let interests = server.interests
        let rest = server.deadline.map { max(0, $0 - EventCalls.system.clock()) } ?? 20
        let readiness = (try? EventCalls.system.wait(interests, Int32(min(rest, 20)))) ?? []
        let now = EventCalls.system.clock()
        for (interest, readiness) in zip(interests, readiness) where !readiness.isEmpty {
            server.ready(interest.descriptor, readiness, at: now)
        }
        server.timeOut(at: now)
        while !answers.waiting.isEmpty {
            let (exchange, request) = answers.waiting.removeFirst()
            let text = request.path == "/big" ? String(repeating: "x", count: 5 << 20) : "\(request.body.count)\n"
            server.answer(exchange, HTTPResponse(.ok, text: text), at: now)
        }
    }
}

@Suite("A server on real sockets") struct HTTPServerTests {
    private static let closing = "Host: localhost\r\nConnection: close\r\n\r\n"

    @Test("loopback and unix socket, a body in pieces, an answer larger than the system takes at once")
    func answers() throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(folder)
        #expect(
            Loopback.exchange("GET / HTTP/1.1\r\n\(Self.closing)", port: server.port)?.hasSuffix("\r\n\r\n0\n") == true)
        let body = String(repeating: "a", count: 3 << 20)
        let post = "POST / HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\(Self.closing)\(body)"
        let answer = try LocalSocket().exchange(server.path, Array(post.utf8), time: 20_000)
        #expect(String(decoding: answer, as: UTF8.self).hasSuffix("\r\n\r\n\(3 << 20)\n"))
        let big = Loopback.exchange("GET /big HTTP/1.1\r\n\(Self.closing)", port: server.port)
        #expect(big?.utf8.count ?? 0 > 5 << 20)
    }

    @Test("a refusal reaches a client that still sends")
    func refusalArrives() throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(folder)
        let much = String(repeating: "a", count: 200_000)
        let post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n\(much)"
        #expect(Loopback.exchange(post, port: server.port)?.hasPrefix("HTTP/1.1 413 ") == true)
        let foreign = Loopback.exchange("GET / HTTP/1.1\r\nHost: evil.org\r\n\r\n", port: server.port)
        #expect(foreign?.hasPrefix("HTTP/1.1 403 ") == true)
    }

    @Test("many requests in one piece are answered in their order")
    func pipeline() throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(folder)
        let requests = (0..<500).map { number in
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(number % 7)\r\n\r\n"
                + String(repeating: "a", count: number % 7)
        }
        let answer = Loopback.exchange(requests.joined() + "GET / HTTP/1.1\r\n\(Self.closing)", port: server.port)
        // Bodies are the lines of one digit.
        let bodies = (answer ?? "").split(whereSeparator: \.isNewline).filter { $0.count == 1 }
        #expect(bodies.map { String($0) } == (0..<500).map { "\($0 % 7)" } + ["0"])
    }

    @Test("more clients than places: those that say nothing go first, and a request is still answered")
    func crowd() throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(folder)
        let silent = (0..<200).map { _ in Loopback.Connection(port: server.port) }
        #expect(
            Loopback.exchange("GET / HTTP/1.1\r\n\(Self.closing)", port: server.port)?.hasPrefix("HTTP/1.1 200 ")
                == true)
        #expect(silent[0].isClosed)
        withExtendedLifetime(silent) {}
    }

    @Test("more clients than places that send many requests without reading: a newcomer is answered")
    func floods() throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(folder)
        let requests = String(repeating: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 1_500)
        let clients = (0..<70).map { _ in Loopback.Connection(port: server.port) }
        for client in clients { _ = client.head(of: requests) }
        #expect(
            Loopback.exchange("GET / HTTP/1.1\r\n\(Self.closing)", port: server.port)?.hasPrefix("HTTP/1.1 200 ")
                == true)
        withExtendedLifetime(clients) {}
    }

    @Test("a head that does not come is told, with times of a test's own")
    func slowHead() throws {
        let folder = try TemporaryFolder()
        var times = HTTPTimes()
        times.head = 50
        let server = try RunningServer(folder, times: times)
        #expect(Loopback.exchange("GET / HT", port: server.port)?.hasPrefix("HTTP/1.1 408 ") == true)
    }

    @Test("the file of a socket: mode, what is left of a server that was killed, what is no socket, a server that runs")
    func socketFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("socket")
        let (descriptor, _) = try ServerCalls.system.listen(.unix(path: path))
        #expect(try folder.status("socket").mode == 0o660)
        #expect(throws: SystemError(number: EADDRINUSE)) { try ServerCalls.system.listen(.unix(path: path)) }
        // Closed without removing its file, as by SIGKILL.
        ServerCalls.system.close(descriptor)
        let (second, _) = try ServerCalls.system.listen(.unix(path: path))
        ServerCalls.system.close(second)
        try folder.write("mine", to: "file")
        #expect(throws: SystemError(number: EEXIST)) { try ServerCalls.system.listen(.unix(path: folder.path("file"))) }
        #expect(try folder.read("file") == "mine")
        let long = "/" + String(repeating: "a", count: 200)
        #expect(throws: SystemError(number: ENAMETOOLONG)) { try ServerCalls.system.listen(.unix(path: long)) }
        do {
            let server = HTTPServer(rules: HTTPRules { _, _ throws(HTTPRefusal) in 0 }) { _, _ in }
            try server.listen(.unix(path: folder.path("other")))
            #expect(try folder.names().contains("other"))
        }
        #expect(try !folder.names().contains("other"))
    }
}

@Suite("A server whose system calls fail") struct HTTPServerFaultTests {
    /// Three clients wait; descriptors are numbers from 10.
    private static func calls(_ change: (inout ServerCalls) -> Void) -> (ServerCalls, Guarded<[String]>) {
        let log = Guarded<[String]>([])
        let next = Guarded<Int32>(10)
        var calls = ServerCalls.system
        calls.listen = { address throws(SystemError) in (3, address) }
        calls.accept = { _ throws(SystemError) in
            next.withLock {
                $0 += 1
                return $0 <= 13 ? $0 - 1 : nil
            }
        }
        calls.receive = { _, buffer throws(SystemError) in
            let text = Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
            buffer.copyBytes(from: text)
            return text.count
        }
        calls.send = { descriptor, bytes throws(SystemError) in
            log.withLock { $0.append("send \(descriptor)") }
            return bytes.count
        }
        calls.endWriting = { descriptor in log.withLock { $0.append("end \(descriptor)") } }
        calls.close = { descriptor in log.withLock { $0.append("close \(descriptor)") } }
        calls.remove = { _ in }
        calls.time = { 0 }
        change(&calls)
        return (calls, log)
    }

    private static func server(_ calls: ServerCalls) throws -> HTTPServer {
        let rules = HTTPRules { _, _ throws(HTTPRefusal) in 0 }
        var server: HTTPServer?
        let made = HTTPServer(rules: rules, calls: calls) { exchange, _ in
            server?.answer(exchange, HTTPResponse(.ok, text: "a"), at: 0)
        }
        server = made
        try made.listen(.tcp(host: "127.0.0.1", port: 1))
        made.ready(3, .reading, at: 0)
        return made
    }

    @Test("no descriptor left: accepting pauses, the others are served, and it goes on by itself")
    func pause() throws {
        let fails = Guarded(true)
        let (calls, _) = Self.calls { calls in
            let accept = calls.accept
            calls.accept = { listener throws(SystemError) in
                if fails.withLock({ $0 }) { throw SystemError(number: EMFILE) }
                return try accept(listener)
            }
        }
        let server = try Self.server(calls)
        #expect(server.connectionCount == 0)
        #expect(server.interests == [PollInterest(3, [])])
        #expect(server.deadline == HTTPServer.pause)
        fails.withLock { $0 = false }
        server.timeOut(at: HTTPServer.pause)
        #expect(server.interests == [PollInterest(3, .reading)])
        server.ready(3, .reading, at: 1_000)
        #expect(server.connectionCount == 3)
    }

    @Test("a reset while reading or sending, and a client that hangs up, close that connection alone")
    func resets() throws {
        let reset = SystemError(number: ECONNRESET)
        let (reading, _) = Self.calls { calls in
            calls.receive = { descriptor, _ throws(SystemError) in
                if descriptor == 10 { throw reset }
                return nil
            }
        }
        let first = try Self.server(reading)
        for descriptor in Int32(10)...12 { first.ready(descriptor, .reading, at: 0) }
        #expect(first.connectionCount == 2)
        first.ready(11, .ended, at: 0)
        #expect(first.connectionCount == 1)

        let (sending, log) = Self.calls { calls in
            calls.send = { descriptor, bytes throws(SystemError) in
                if descriptor == 10 { throw SystemError(number: EPIPE) }
                return bytes.count
            }
        }
        let second = try Self.server(sending)
        second.ready(10, .reading, at: 0)
        second.ready(11, .reading, at: 0)
        #expect(second.connectionCount == 2)
        #expect(log.withLock { $0 } == ["close 10"])
        second.stop()
        #expect(second.connectionCount == 0)
        #expect(second.addresses.isEmpty)
    }

    @Test("an address that is taken is an error")
    func listening() throws {
        let (calls, _) = Self.calls { $0.listen = { _ throws(SystemError) in throw SystemError(number: EADDRINUSE) } }
        #expect(throws: SystemError(number: EADDRINUSE)) { try Self.server(calls) }
    }
}
