/// A process that was started, until it has ended.
struct RunningChild: ~Copyable {
    /// Also the number of its process group.
    private let process: Int32
    private let calls: ProcessCalls
    /// Standard output, standard error and, in a cage, its report; -1 once closed.
    private var pipes: [Int32]
    private var streams: [[UInt8]]
    private var isCut = false

    deinit {
        for pipe in pipes where pipe >= 0 { calls.close(pipe) }
    }

    /// - Parameter streamCount: how many descriptors, from 1 on, the new process writes to and this one reads.
    init(_ start: ProcessCalls.Start, streamCount: Int, calls: ProcessCalls) throws(SystemError) {
        self.calls = calls
        var reading: [Int32] = []
        var writing: [Int32] = []
        defer { writing.forEach(calls.close) }
        do throws(SystemError) {
            for _ in 0..<streamCount {
                let pipe = try calls.makePipe()
                reading.append(pipe.read)
                writing.append(pipe.write)
            }
            var start = start
            start.descriptors = writing
            process = try calls.start(start)
        } catch {
            reading.forEach(calls.close)
            throw error
        }
        pipes = reading
        streams = Array(repeating: [], count: streamCount)
    }

    /// What came of a run.
    struct End {
        var ending: ChildProcess.Ending
        var streams: [[UInt8]]
        var isCut: Bool
    }

    /// Waits for the end, reading what it writes; ends it when its time is up or it is no longer wanted.
    ///
    /// A process that the child leaves running may hold the streams open: they are read until the child itself ends.
    ///
    /// - Parameter endsGroup: whether what the child left running is ended with it.
    mutating func wait(
        _ conditions: ChildProcess.Conditions, endsGroup: Bool, isUnwanted: () -> Bool
    ) -> End {
        let start = calls.clock()
        var tick: Int32 = 1
        var stop: (ending: ChildProcess.Ending, time: Int)?
        while true {
            let busy = read(waiting: tick, limit: conditions.output)
            tick = busy ? 1 : min(2 * tick, 20)
            // A child that cannot be asked about is one that was waited for elsewhere.
            if (try? calls.hasEnded(process)) ?? true {
                // What is still in the pipes; one that the child left running could write for ever.
                for _ in 0..<256 { guard read(waiting: 0, limit: conditions.output) else { break } }
                if stop != nil || endsGroup { calls.signal(process, SIGKILL) }
                let status = (try? calls.status(process)) ?? Self.unknownStatus
                return End(ending: stop?.ending ?? Self.ending(status), streams: streams, isCut: isCut)
            }
            let time = calls.clock() - start
            if let stop {
                if time >= stop.time + conditions.grace { calls.signal(process, SIGKILL) }
            } else if time >= conditions.time || isUnwanted() {
                stop = (time >= conditions.time ? .timedOut(conditions.time) : .interrupted, time)
                calls.signal(process, SIGTERM)
            }
        }
    }

    private static let unknownStatus: Int32 = 127 << 8

    private static func ending(_ status: Int32) -> ChildProcess.Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }

    /// Waits for output for some milliseconds and reads what is there; whether there was any.
    private mutating func read(waiting milliseconds: Int32, limit: Int) -> Bool {
        let isReady: [Bool]
        do { isReady = try calls.wait(pipes, milliseconds) } catch { isReady = pipes.map { $0 >= 0 } }
        for (index, isReady) in isReady.enumerated() where isReady { readPiece(index, limit: limit) }
        return isReady.contains(true)
    }

    private mutating func readPiece(_ index: Int, limit: Int) {
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        let count = piece.withUnsafeMutableBytes { buffer in (try? calls.read(pipes[index], buffer)) ?? 0 }
        guard count > 0 else {
            calls.close(pipes[index])
            pipes[index] = -1
            return
        }
        let room = max(0, limit - streams[index].count)
        streams[index] += piece.prefix(min(room, count))
        if count > room { isCut = true }
    }
}
