import HASystem

/// What a program took from its start to its end.
struct Usage {
    /// Milliseconds by the clock, and of all processors together.
    var clock: Double
    var processors: Double
    /// Mebibytes at the peak.
    var memory: Double
}

/// A program that was started.
struct ChildProgram {
    private let name: String
    private let process: pid_t
    private let start = ContinuousClock.now

    /// Starts a program found at a path. Its input and output are descriptors of this process, or nothing; its messages
    /// are shown as they come, unless they have a descriptor too.
    init(_ command: [String], input: Int32? = nil, output: Int32? = nil, messages: Int32 = STDERR_FILENO) throws {
        name = command.joined(separator: " ")
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nowhere >= 0 else { throw BenchmarkError.system("/dev/null") }
        defer { close(nowhere) }
        var request = ProcessCalls.Start(
            program: command[0], words: command, input: input, descriptors: [output ?? nowhere, messages])
        // What ends the benchmark from the terminal ends its programs too.
        request.leadsGroup = false
        do { process = try ProcessCalls.system.start(request) } catch {
            throw BenchmarkError("\(name): \(error.text)")
        }
    }

    /// Waits for the end; throws unless it was a success.
    func wait() throws -> Usage {
        var (status, usage) = (Int32(), rusage())
        guard wait4(process, &status, 0, &usage) == process else { throw BenchmarkError.system(name) }
        let clock = ContinuousClock.now - start
        guard status == 0 else { throw BenchmarkError("'\(name)' failed (status \(status))") }
        let milliseconds = { (time: timeval) in Double(time.tv_sec) * 1e3 + Double(time.tv_usec) / 1e3 }
        return Usage(
            clock: clock / .milliseconds(1), processors: milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
            memory: Double(usage.ru_maxrss * CLibrary.memoryUnit) / 1_048_576)
    }

    /// Runs a program to its end, with its output into a file or dropped. Its messages are shown when it fails.
    @discardableResult
    static func run(_ command: [String], output: String = "/dev/null", messages: String) throws -> Usage {
        let files = try [output, messages].map { path in
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw BenchmarkError.system(path) }
            return file
        }
        defer { files.forEach { close($0) } }
        do {
            return try ChildProgram(command, output: files[0], messages: files[1]).wait()
        } catch {
            note(String(decoding: try contents(of: messages), as: UTF8.self))
            throw error
        }
    }
}

/// A program that does its work as often as it is told to: `Worker` is our own, those of the peers speak the same way.
final class ChildWorker {
    private let program: ChildProgram
    private let orders: Int32
    private let answers: UnsafeMutablePointer<FILE>

    init(_ command: [String]) throws {
        let (input, output) = (try Self.makePipe(), try Self.makePipe())
        guard let stream = fdopen(output.readEnd, "r") else { throw BenchmarkError.system("fdopen") }
        (orders, answers) = (input.writeEnd, stream)
        defer {
            close(input.readEnd)
            close(output.writeEnd)
        }
        program = try ChildProgram(command, input: input.readEnd, output: output.writeEnd)
    }

    /// Nanoseconds that one of some rounds took, by the clock and of the processors.
    func time(rounds: Int) throws -> (clock: Double, processors: Double) {
        let answer = try ask("\(rounds)")
        let times = answer.split(separator: " ").compactMap { Double($0) }
        guard times.count == 2 else { throw BenchmarkError("a worker answered '\(answer)'") }
        return (times[0], times[1])
    }

    /// Writes what the last round made to a file.
    func save(to path: String) throws {
        _ = try ask("write \(path)")
    }

    /// Ends the worker; nothing can be asked of it later.
    func end() throws -> Usage {
        close(orders)
        fclose(answers)
        return try program.wait()
    }

    private func ask(_ order: String) throws -> String {
        let line = Array("\(order)\n".utf8)
        guard write(orders, line, line.count) == line.count else { throw BenchmarkError.system("a worker") }
        var answer = [CChar](repeating: 0, count: 256)
        guard fgets(&answer, Int32(answer.count), answers) != nil else {
            throw BenchmarkError("a worker ended before it answered '\(order)'")
        }
        let text = answer.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "\n")) }
        return String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A pipe that other programs do not inherit.
    private static func makePipe() throws -> (readEnd: Int32, writeEnd: Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw BenchmarkError.system("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
