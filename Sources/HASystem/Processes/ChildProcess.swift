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
        /// A program that may do what the plan says and nothing else; with everything that it started, it is gone when
        /// the run ends.
        case caged(CagePlan)
    }

    /// What a run is given besides its command.
    package struct Conditions: Sendable {
        /// Milliseconds until the whole group is asked to end (SIGTERM), and killed a little later.
        package var time: Int
        /// Milliseconds between SIGTERM and SIGKILL.
        package var grace = 2_000
        /// Bytes kept of each stream; the rest is read and dropped.
        package var output = 1 << 20
        /// Whether a signal that ends this program ends the run as well: a check is broken off, a reload is not.
        package var isInterruptible = false
        /// Ends this run, and no other.
        package var cancellation: Cancellation?
        /// `NAME=value`; nil: what this program has.
        package var environment: [String]?

        package init(time: Int) {
            self.time = time
        }
    }

    package enum Ending: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It was stopped after this many milliseconds.
        case timedOut(Int)
        /// It was stopped because it was no longer wanted.
        case interrupted
        /// Its cage failed: the program never began.
        case uncaged(CageReport.Failure)
    }

    package struct Outcome: Sendable, Equatable {
        package var ending: Ending
        package var standardOutput: [UInt8] = []
        package var standardError: [UInt8] = []
        /// Whether a stream was longer than the limit.
        package var isCut = false
        /// What the cage lacked; nil where none was asked for.
        package var cage: CageReport?

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
            case .uncaged(let failure): "was not run: \(failure.sentence)"
            }
        }
    }

    /// Runs a command to its end; throws when it could not be started.
    package var run: @Sendable (Command, Conditions) throws(SystemError) -> Outcome

    package init(run: @escaping @Sendable (Command, Conditions) throws(SystemError) -> Outcome) {
        self.run = run
    }
}

extension ChildProcess {
    /// The operating system's processes.
    ///
    /// - Parameters:
    ///   - calls: what the system is asked for.
    ///   - interruption: holds signals that end this program while a command runs, and says whether one waits.
    ///   - cageProgram: the path of a program that enters a cage when asked to; nil: none can be had.
    package static func system(
        calls: ProcessCalls = .system, interruption: HeldSignals = .none, cageProgram: String? = nil
    ) -> ChildProcess {
        ChildProcess { command, conditions throws(SystemError) in
            interruption.hold()
            defer { interruption.release() }
            let run = CommandRun(calls: calls, cageProgram: cageProgram)
            return try run.run(command, conditions) {
                conditions.isInterruptible && interruption.isPending()
                    || conditions.cancellation?.isCancelled == true
            }
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

/// Signals that would end this program, and wait until a piece of work is done.
package struct HeldSignals: Sendable {
    /// Between these two, which may be nested, no signal ends the program.
    package var hold: @Sendable () -> Void
    package var release: @Sendable () -> Void
    /// Whether a signal waits.
    package var isPending: @Sendable () -> Bool

    package init(
        hold: @escaping @Sendable () -> Void, release: @escaping @Sendable () -> Void,
        isPending: @escaping @Sendable () -> Bool
    ) {
        self.hold = hold
        self.release = release
        self.isPending = isPending
    }

    package static let none = HeldSignals(hold: {}, release: {}, isPending: { false })
}

/// One run of a command.
private struct CommandRun {
    let calls: ProcessCalls
    let cageProgram: String?

    func run(
        _ command: ChildProcess.Command, _ conditions: ChildProcess.Conditions, isUnwanted: () -> Bool
    ) throws(SystemError) -> ChildProcess.Outcome {
        guard case .caged(let plan) = command else {
            var folder: String?
            if case .shell(_, _, let named) = command { folder = named }
            let end = try end(of: words(command), conditions, isUnwanted, in: folder)
            return ChildProcess.Outcome(
                ending: end.ending, standardOutput: end.streams[0], standardError: end.streams[1], isCut: end.isCut)
        }
        guard let cageProgram else { return try runWithoutCage(plan, conditions, isUnwanted) }
        let words = [cageProgram, CagePlan.hiddenWord] + plan.words
        let end = try end(of: words, conditions, isUnwanted, isCaged: true)
        let report = CageReport(reading: end.streams[2])
        // Nothing of what the program says counts when it is not the program that says it.
        let ending = report.failure.map { ChildProcess.Ending.uncaged($0) } ?? end.ending
        var outcome = ChildProcess.Outcome(
            ending: ending, standardOutput: end.streams[0], standardError: end.streams[1], isCut: end.isCut)
        outcome.cage = report
        return outcome
    }

    private func runWithoutCage(
        _ plan: CagePlan, _ conditions: ChildProcess.Conditions, _ isUnwanted: () -> Bool
    ) throws(SystemError) -> ChildProcess.Outcome {
        var report = CageReport.none
        guard !plan.isStrict else {
            let failure = CageReport.Failure(.strictness, SystemError(number: ENOSYS))
            report.failure = failure
            var outcome = ChildProcess.Outcome(ending: .uncaged(failure))
            outcome.cage = report
            return outcome
        }
        var conditions = conditions
        conditions.environment = plan.environment
        let end = try end(of: [plan.program] + plan.arguments, conditions, isUnwanted, in: plan.folder)
        var outcome = ChildProcess.Outcome(
            ending: end.ending, standardOutput: end.streams[0], standardError: end.streams[1], isCut: end.isCut)
        outcome.cage = report
        return outcome
    }

    private func words(_ command: ChildProcess.Command) -> [String] {
        switch command {
        case .shell(let line, let shell, _): [shell, "-c", line]
        case .program(let name, let arguments): [name] + arguments
        case .caged(let plan): [plan.program] + plan.arguments
        }
    }

    private func end(
        of words: [String], _ conditions: ChildProcess.Conditions, _ isUnwanted: () -> Bool, in folder: String? = nil,
        isCaged: Bool = false
    ) throws(SystemError) -> RunningChild.End {
        let start = ProcessCalls.Start(
            program: words[0], words: words, environment: conditions.environment, folder: folder, descriptors: [])
        var running = try RunningChild(start, streamCount: isCaged ? 3 : 2, calls: calls)
        return running.wait(conditions, endsGroup: isCaged, isUnwanted: isUnwanted)
    }
}
