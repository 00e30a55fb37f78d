import HASystem
import HAWatch
import Testing

@testable import haproxy_gen

@Suite("A log that nobody reads") struct LogOutputTests {
    private static func entry(_ number: Int) -> LogEntry {
        LogEntry(.info, "note", "\(number) " + String(repeating: "x", count: 1_000))
    }

    private static func layOut(_ entry: LogEntry) -> String { entry.message + "\n" }

    /// The first words of the lines.
    private static func words(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            line.contains("x") ? String(line.prefix { $0 != " " }) : String(line)
        }
    }

    /// A pipe whose writer is kept waiting where there is no room, as standard error is.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        let pipe = try EventCalls.system.makePipe()
        _ = fcntl(pipe.write, F_SETFL, 0)
        return pipe
    }

    @Test("a pipe that is full: lines wait, then are dropped and counted; the others come whole and in order")
    func fullPipe() throws {
        let calls = EventCalls.system
        let pipe = try Self.pipe()
        defer { for end in [pipe.read, pipe.write] { calls.close(end) } }
        let output = LogOutput(descriptor: pipe.write)
        for number in 0..<1_000 { output.write(Self.entry(number), Self.layOut) }
        #expect(output.interests == [PollInterest(pipe.write, .writing)])
        var bytes: [UInt8] = []
        while !output.interests.isEmpty {
            bytes += calls.drain(pipe.read).bytes
            output.ready(pipe.write, .writing, at: 0)
        }
        output.write(Self.entry(1_000), Self.layOut)
        bytes += calls.drain(pipe.read).bytes
        let words = Self.words(bytes)
        let kept = words.count - 2
        #expect(kept >= LogOutput.limit / 1_010 && kept < 1_000)
        #expect(words.prefix(kept).elementsEqual((0..<kept).map { "\($0)" }))
        #expect(words.suffix(2) == ["\(1_000 - kept) lines of the log were lost, since nobody read it", "1000"])
    }

    @Test("the end: a reader that comes back gets the rest, one that does not is not waited for")
    func end() throws {
        let calls = EventCalls.system
        let pipe = try Self.pipe()
        defer { for end in [pipe.read, pipe.write] { calls.close(end) } }
        let output = LogOutput(descriptor: pipe.write)
        for number in 0..<1_000 { output.write(Self.entry(number), Self.layOut) }
        output.finish()
        #expect(!output.interests.isEmpty)
        var bytes: [UInt8] = []
        for _ in 0..<100 where !output.interests.isEmpty {
            bytes += calls.drain(pipe.read).bytes
            output.ready(pipe.write, .writing, at: 0)
        }
        output.finish()
        bytes += calls.drain(pipe.read).bytes
        #expect(Self.words(bytes).last?.hasSuffix("lines of the log were lost, since nobody read it") == true)
    }

    @Test("a reader that is gone: nothing waits for it, and nothing spins")
    func gone() {
        var calls = EventCalls.system
        calls.wait = { interests, _ throws(SystemError) in interests.map { _ in [.writing, .ended] } }
        calls.write = { _, _ throws(SystemError) in throw SystemError(number: EPIPE) }
        let output = LogOutput(calls: calls, descriptor: 2)
        output.write(Self.entry(1), Self.layOut)
        #expect(output.interests.isEmpty)
    }

    @Test("a pipe that somebody made non-blocking, and a wait that fails: the line waits")
    func faults() {
        var blocked = EventCalls.system
        blocked.wait = { interests, _ throws(SystemError) in interests.map { _ in .writing } }
        blocked.write = { _, _ throws(SystemError) in throw SystemError(number: EAGAIN) }
        var failing = blocked
        failing.wait = { _, _ throws(SystemError) in throw SystemError(number: ENOMEM) }
        for calls in [blocked, failing] {
            let output = LogOutput(calls: calls, descriptor: 2)
            output.write(Self.entry(1), Self.layOut)
            #expect(output.interests == [PollInterest(2, .writing)])
        }
    }

    @Test("files and terminals are written at once")
    func files() {
        let lines = Guarded<[String]>([])
        let output = LogOutput(descriptor: -1) { line in lines.withLock { $0.append(line) } }
        output.write(LogEntry(.info, "note", "a"), Self.layOut)
        output.finish()
        #expect(lines.withLock { $0 } == ["a\n"])
        #expect(output.interests.isEmpty)
    }
}
