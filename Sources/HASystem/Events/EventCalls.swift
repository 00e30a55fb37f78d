import CSystem

/// Every system call of a poll loop goes through here, so that a test can make any single one fail.
package struct EventCalls: Sendable {
    /// A pipe that no other program inherits and of which neither end is waited for.
    package var makePipe: @Sendable () throws(SystemError) -> (read: Int32, write: Int32)
    package var close: @Sendable (_ descriptor: Int32) -> Void
    /// Bytes read; 0 at the end; EAGAIN where there is nothing to read.
    package var read: @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Bytes written; EAGAIN where nothing can be written now.
    package var write: @Sendable (_ descriptor: Int32, UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// What became of each descriptor after at most so many milliseconds (less than 0: however long it takes). A signal
    /// ends the wait early, which is no error.
    package var wait: @Sendable ([PollInterest], _ milliseconds: Int32) throws(SystemError) -> [PollReadiness]
    /// Milliseconds of a monotonic clock.
    package var clock: @Sendable () -> Int
    /// Microseconds of the same clock.
    package var microseconds: @Sendable () -> Int
}

/// A descriptor, and what is waited for.
package struct PollInterest: Sendable, Equatable {
    package var descriptor: Int32
    package var readiness: PollReadiness

    package init(_ descriptor: Int32, _ readiness: PollReadiness) {
        self.descriptor = descriptor
        self.readiness = readiness
    }
}

/// What can be done with a descriptor.
package struct PollReadiness: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let reading = PollReadiness(rawValue: 1)
    package static let writing = PollReadiness(rawValue: 2)
    /// The other side is gone, or the descriptor is none; never waited for, always reported.
    package static let ended = PollReadiness(rawValue: 4)
}

extension EventCalls {
    /// The operating system's.
    package static let system = EventCalls(
        makePipe: { () throws(SystemError) in
            var ends: [Int32] = [-1, -1]
            try SystemCall.result { cs_pipe(&ends) }
            for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            return (ends[0], ends[1])
        },
        close: { _ = CLibrary.closeFile($0) },
        read: { descriptor, buffer throws(SystemError) in
            try SystemCall.result { CLibrary.readBytes(descriptor, buffer) }
        },
        write: { descriptor, buffer throws(SystemError) in
            try SystemCall.result { CLibrary.writeBytes(descriptor, buffer) }
        },
        wait: { interests, milliseconds throws(SystemError) in try poll(interests, milliseconds) },
        clock: { FileSystem.system.clock() },
        microseconds: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
        })

    private static func poll(
        _ interests: [PollInterest], _ milliseconds: Int32
    ) throws(SystemError) -> [PollReadiness] {
        var polled = interests.map { interest in
            var events: Int32 = 0
            if interest.readiness.contains(.reading) { events |= POLLIN }
            if interest.readiness.contains(.writing) { events |= POLLOUT }
            return pollfd(fd: interest.descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
        }
        do throws(SystemError) {
            try SystemCall.once {
                CLibrary.pollDescriptors(&polled, nfds_t(truncatingIfNeeded: polled.count), milliseconds)
            }
        } catch  where error.number == EINTR {
            return interests.map { _ in [] }
        }
        return polled.map { entry in
            let events = Int32(entry.revents)
            var readiness: PollReadiness = []
            if events & POLLIN != 0 { readiness.insert(.reading) }
            if events & POLLOUT != 0 { readiness.insert(.writing) }
            if events & (POLLERR | POLLHUP | POLLNVAL) != 0 { readiness.insert(.ended) }
            return readiness
        }
    }

    /// Reads everything that is there now.
    ///
    /// - Returns: the bytes, and whether the other side has ended.
    package func drain(_ descriptor: Int32, upTo limit: Int = 1 << 20) -> (bytes: [UInt8], hasEnded: Bool) {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let result = piece.withUnsafeMutableBytes { buffer in
                Result { () throws(SystemError) in try read(descriptor, buffer) }
            }
            switch result {
            case .success(0): return (bytes, true)
            case .success(let count): bytes += piece.prefix(count)
            case .failure(let error): return (bytes, error.number != EAGAIN && error.number != EWOULDBLOCK)
            }
        }
        return (bytes, false)
    }

    /// Writes one byte; a pipe that is full says the same already.
    package func signal(_ descriptor: Int32, _ byte: UInt8 = 1) {
        withUnsafeBytes(of: byte) { bytes in _ = try? write(descriptor, bytes) }
    }
}
