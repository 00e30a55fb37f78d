import HAServices
import HASystem
import HATemplate

/// What this engine can be told to do over and over in a process of its own.
enum Work: String {
    /// Rendering: as plain text, with the values of data kept in their places, with a source map.
    case plain, haproxy, sourceMap
    /// The loop written by hand.
    case loop
    /// Reading the services' file.
    case read
    /// Reading and compiling the template, and checking it.
    case parse, check

    /// Answers orders until standard input ends: a number of rounds with the nanoseconds that one took by the clock and of
    /// the processors, `write FILE` with `ok`. Only the work itself is timed.
    func run(template path: String, services: String) throws {
        let file = SourceFile(name: path, bytes: try contents(of: path))
        switch self {
        case .plain, .haproxy, .sourceMap:
            try render(Template.parse(file, dialect: self == .haproxy ? .haproxy : .plain), try Self.document(services))
        case .loop:
            try loop(services)
        case .read:
            let bytes = try contents(of: services)
            try answer { _ = try Self.document(services, bytes) }
        case .parse:
            try answer { _ = try Template.parse(file) }
        case .check:
            let template = try Template.parse(file)
            try answer {
                _ = template.check(against: .services, options: CheckOptions(dialect: .haproxy))
            }
        }
    }

    private func render(_ template: Template, _ document: Document) throws {
        var output = ByteBuffer()
        try answer(
            saving: { output.array },
            {
                output = ByteBuffer()
                if self == .sourceMap {
                    _ = try template.renderWithSourceMap(document, into: &output)
                } else {
                    try template.render(document, into: &output)
                }
            })
    }

    private func loop(_ services: String) throws {
        let bytes = try contents(of: services)
        let text = FileText(bytes)
        let loop = HandWrittenLoop(try Self.document(services, bytes), file: text)
        var output = HandWrittenOutput()
        try answer(
            saving: { output.array },
            {
                output = HandWrittenOutput()
                loop.render(into: &output)
            })
        withExtendedLifetime(text) {}
    }

    /// The services of a file.
    static func document(_ path: String, _ bytes: [UInt8]? = nil) throws -> Document {
        var reader = ServiceReader()
        reader.addFile(name: path, bytes: try bytes ?? contents(of: path), trustsConfig: true)
        return try reader.finish()
    }

    private func answer(saving output: () -> [UInt8] = { [] }, _ work: () throws -> Void) throws {
        while let order = readLine() {
            if order.hasPrefix("write ") {
                try Benchmarks.save(output(), to: String(order.dropFirst(6)))
                say("ok")
                continue
            }
            guard let rounds = Int(order), rounds > 0 else { throw BenchmarkError("no order: '\(order)'") }
            let (start, processors) = (nanoseconds(CLOCK_MONOTONIC), nanoseconds(CLOCK_PROCESS_CPUTIME_ID))
            for _ in 0..<rounds { try work() }
            let end = (nanoseconds(CLOCK_MONOTONIC), nanoseconds(CLOCK_PROCESS_CPUTIME_ID))
            say("\((end.0 - start) / rounds) \((end.1 - processors) / rounds)")
        }
    }

    private func nanoseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private func say(_ answer: String) {
        print(answer)
        fflush(nil)
    }
}
