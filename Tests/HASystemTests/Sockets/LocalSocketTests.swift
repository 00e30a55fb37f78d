import Testing

@testable import HASystem

@Suite("Connections to unix sockets") struct LocalSocketTests {
    /// A connection whose other side gives these pieces and then ends it.
    private static func calls(_ pieces: [[UInt8]], sent: Guarded<[UInt8]> = Guarded([])) -> SocketCalls {
        let rest = Guarded(pieces)
        let time = Guarded(0)
        var common = ProcessCalls.system
        common.close = { _ in }
        common.clock = { time.withLock { $0 } }
        common.wait = { descriptors, milliseconds throws(SystemError) in
            time.withLock { $0 += Int(milliseconds) }
            return descriptors.map { _ in true }
        }
        common.read = { _, buffer throws(SystemError) in
            let piece = rest.withLock { $0.isEmpty ? [] : $0.removeFirst() }
            buffer.copyBytes(from: piece)
            return piece.count
        }
        return SocketCalls(
            connect: { _ throws(SystemError) in 7 }, connectDatagrams: { _ throws(SystemError) in 7 },
            write: { _, bytes throws(SystemError) in sent.withLock { $0 += bytes } },
            endWriting: { _ throws(SystemError) in sent.withLock { $0.append(0) } }, common: common)
    }

    @Test("all that comes back, until the other side ends it")
    func exchange() throws {
        let sent = Guarded<[UInt8]>([])
        let socket = LocalSocket(calls: Self.calls([[1, 2], [3]], sent: sent))
        #expect(try socket.exchange("/s", [9], endsWriting: true, time: 1_000) == [1, 2, 3])
        #expect(sent.withLock { $0 } == [9, 0])
    }

    @Test("what came so far, when the time is up or there is enough")
    func limits() throws {
        let endless = Array(repeating: [UInt8(1)], count: 1_000)
        #expect(try LocalSocket(calls: Self.calls(endless)).exchange("/s", [], time: 200).count == 4)
        #expect(try LocalSocket(calls: Self.calls(endless)).exchange("/s", [], time: 60_000, limit: 3).count == 3)
    }

    @Test("each call fails once: the error, or what came before a reset")
    func failures() throws {
        let refused = SystemError(number: ECONNREFUSED)
        for part in ["connect", "write", "end", "wait", "read"] {
            var calls = Self.calls([[1]])
            switch part {
            case "connect": calls.connect = { _ throws(SystemError) in throw refused }
            case "write": calls.write = { _, _ throws(SystemError) in throw refused }
            case "end": calls.endWriting = { _ throws(SystemError) in throw refused }
            case "wait": calls.common.wait = { _, _ throws(SystemError) in throw refused }
            default: calls.common.read = { _, _ throws(SystemError) in throw refused }
            }
            let socket = LocalSocket(calls: calls)
            #expect(throws: refused, "\(part)") { try socket.exchange("/s", [], endsWriting: true, time: 100) }
            #expect(socket.isOpen("/s") == (part != "connect"))
        }
        var reset = Self.calls([])
        reset.common.read = { _, _ throws(SystemError) in throw SystemError(number: ECONNRESET) }
        #expect(try LocalSocket(calls: reset).exchange("/s", [], time: 100).isEmpty)
    }

    @Test("a datagram, and each call that fails")
    func datagrams() throws {
        let sent = Guarded<[UInt8]>([])
        try LocalSocket(calls: Self.calls([], sent: sent)).send("/s", [4, 5])
        #expect(sent.withLock { $0 } == [4, 5])
        let refused = SystemError(number: ECONNREFUSED)
        for part in ["connect", "write"] {
            var calls = Self.calls([])
            if part == "connect" { calls.connectDatagrams = { _ throws(SystemError) in throw refused } }
            if part == "write" { calls.write = { _, _ throws(SystemError) in throw refused } }
            #expect(throws: refused, "\(part)") { try LocalSocket(calls: calls).send("/s", [1]) }
        }
        #expect(throws: SystemError(number: ENOENT)) { try LocalSocket().send("/no/such/socket", [1]) }
    }

    @Test("a path that no socket can have")
    func longPath() {
        let path = "/" + String(repeating: "x", count: 200)
        #expect(throws: SystemError(number: ENAMETOOLONG)) { try LocalSocket().exchange(path, [], time: 100) }
        #expect(!LocalSocket().isOpen("/no/such/socket"))
    }
}
