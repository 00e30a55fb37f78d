import HASystem
import TestSupport
import Testing

@testable import HAWatch

@Suite("Status over HTTP") struct WatchServerTests {
    /// A server in a loop of its own, asked by a thread.
    private static func ask(_ requests: [String], _ status: WatchStatus) throws -> [String] {
        let loop = EventLoop()
        let server = try WatchServer(.tcp(host: "127.0.0.1", port: 0), token: nil, clock: loop.calls.clock) { status }
        defer { server.stop() }
        loop.add(server)
        guard case .tcp(_, let port)? = server.addresses.first else { return [] }
        var answers: [String]?
        let worker = try Worker<[String]> { found, _ in answers = found }
        loop.add(worker)
        worker.submit {
            requests.map { path in
                Loopback.exchange("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port: port)
                    ?? ""
            }
        }
        while answers == nil { try loop.turn() }
        return answers ?? []
    }

    @Test("answers of a daemon that begins")
    func beginning() throws {
        let answers = try Self.ask(["/health", "/ready", "/status", "/metrics", "/x"], WatchStatus(version: "1"))
        let codes = answers.map { String($0.split(separator: " ")[1]) }
        #expect(codes == ["200", "503", "503", "200", "404"])
        #expect(answers[2].hasSuffix("\r\n\r\nINITIALIZING"))
        #expect(answers[3].contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect(answers[3].contains("haproxygen_build_info{version=\"1\"} 1\n"))
    }

    @Test("answers of one that runs")
    func running() throws {
        var status = WatchStatus(version: "1")
        status.take(DeliveryReport(), time: nil, now: 0)
        let answers = try Self.ask(["/ready", "/status"], status)
        #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200 OK\r\n") })
        #expect(answers[1].hasSuffix("OK"))
    }
}
