/// What this process knows about its environment, and how it ends.
package enum CurrentProcess {
    /// Makes sure that the numbers 0, 1 and 2 are taken.
    ///
    /// Where the parent closed one, the next file opened would get its number, and a message would be written into
    /// a configuration. The stand-ins are opened the wrong way round, so that using them is an error as it should be.
    package static func claimStandardDescriptors() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is given, which is this one.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    /// The path by which this program can run itself again; nil where there is none.
    package static var program: String? {
        let path = "/proc/self/exe"
        return access(path, X_OK) == 0 ? path : nil
    }

    package static func environmentValue(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Nanoseconds since 1970 by the system's clock.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds of processor time that the process has used, all its threads together.
    package static var processorTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// The columns of a terminal; 80 where they are not known.
    package static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(truncatingIfNeeded: TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    package static func end(_ code: Int32) -> Never {
        exit(code)
    }

    /// Ends by a signal, as if it had never been caught or ignored: a shell sees 128 + its number.
    package static func end(bySignal number: Int32) -> Never {
        signal(number, SIG_DFL)
        raise(number)
        // Only where the signal was blocked.
        exit(128 + number)
    }

    /// Ends because standard output is no longer read, as in `haproxy-gen … | head`.
    ///
    /// SIGPIPE ends other filters at this point, without a word. Ours is ignored so that a temporary file is never
    /// left by it; the silence and the status (141) are the same.
    package static func endByBrokenPipe() -> Never {
        end(bySignal: SIGPIPE)
    }
}
