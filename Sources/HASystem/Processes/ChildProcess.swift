/// Runs other programs; the only place that does.
///
/// A child reads nothing (its standard input is `/dev/null`), inherits no open file, is in a process group of its own,
/// and starts with no signal blocked or ignored.
package struct ChildProcess: Sendable {
    package enum Command: Sendable, Equatable {
        /// A line for a shell, run in a folder; nil: the working folder.
        case shell(String, by: String = "/bin/sh", in: String? = nil)
        /// A program, searched in `PATH` where the name has no slash, and its arguments.
        case program(String, arguments: [String])
    }

    /// What bounds a run.
    package struct Limits: Sendable, Equatable {
        /// Milliseconds until the whole group is told to end (SIGTERM), and killed a little later.
        package var time: Int
        /// Milliseconds between SIGTERM and SIGKILL.
        package var grace = 2_000
        /// Bytes kept of each stream; the rest is read and dropped.
        package var output = 1 << 20
        /// Whether an interruption that is held ends it like a time limit: a check is broken off, a reload is not.
        package var isInterruptible = false

        package init(time: Int) {
            self.time = time
        }
    }

    package enum Ending: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It was stopped after this many milliseconds.
        case timedOut(Int)
        /// It was stopped because the program was told to end.
        case interrupted
    }

    package struct Outcome: Sendable, Equatable {
        package var ending: Ending
        package var standardOutput: [UInt8] = []
        package var standardError: [UInt8] = []
        /// Whether a stream was longer than the limit.
        package var isCut = false

        package init(
            ending: Ending, standardOutput: [UInt8] = [], standardError: [UInt8] = [], isCut: Bool = false
        ) {
            self.ending = ending
            self.standardOutput = standardOutput
            self.standardError = standardError
            self.isCut = isCut
        }

        package var isSuccess: Bool { ending == .exit(0) }

        /// How it ended, for a person: `failed with exit code 1`.
        package var words: String {
            switch ending {
            case .exit(let code): "failed with exit code \(code)"
            case .signal(let number): "was ended by signal \(number)"
            case .timedOut(let time): "took longer than \(time / 1000) s and was stopped"
            case .interrupted: "was interrupted"
            }
        }
    }

    /// Runs a command to its end; throws when it could not be started.
    package var run: @Sendable (Command, Limits) throws(SystemError) -> Outcome

    package init(run: @escaping @Sendable (Command, Limits) throws(SystemError) -> Outcome) {
        self.run = run
    }
}

extension ChildProcess {
    /// The operating system's processes.
    ///
    /// - Parameters:
    ///   - started: hears of each process group, and of 0 when it has ended, so that an interrupted program can end it.
    ///   - isInterrupted: whether a signal that ends the program waits until it is no longer held.
    package static func system(
        started: @escaping @Sendable (_ group: Int32) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) -> ChildProcess {
        ChildProcess { command, limits throws(SystemError) in
            var running = try RunningChild(command)
            started(running.process)
            defer { started(0) }
            return running.wait(limits, isInterrupted: limits.isInterruptible ? isInterrupted : { false })
        }
    }

    /// A word of a command line that the shell takes as it is, whatever it holds.
    package static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Whether a command line has a place for a path.
    package static func namesFile(_ template: String) -> Bool { firstRange(of: "{file}", in: template[...]) != nil }

    /// A command line with `{file}` replaced by a path, quoted for the shell.
    package static func line(_ template: String, file: String) -> String {
        // A path that begins with a dash would be taken for an option.
        let word = quoted(file.hasPrefix("-") ? "./" + file : file)
        var line = ""
        var rest = template[...]
        while let range = firstRange(of: "{file}", in: rest) {
            line += rest[..<range.lowerBound] + word
            rest = rest[range.upperBound...]
        }
        return line + rest
    }

    private static func firstRange(of part: String, in text: Substring) -> Range<Substring.Index>? {
        var start = text.startIndex
        while start < text.endIndex {
            if text[start...].hasPrefix(part) { return start..<text.index(start, offsetBy: part.count) }
            start = text.index(after: start)
        }
        return nil
    }
}
