import HAServices

/// Asks a program whether an output is good.
package struct CommandCheck: Sendable {
    let process: ChildProcess

    package init(process: ChildProcess) {
        self.process = process
    }

    /// Runs the target's own check, or the program of its dialect, on a file.
    package func verdict(_ target: ProjectTarget, file: String) -> CheckVerdict {
        let command: ChildProcess.Command
        switch (target.check, target.input.dialect) {
        case (let line?, _): command = .shell(ChildProcess.line(line, file: file))
        case (nil, .haproxy): command = .program("haproxy", arguments: ["-c", "-f", Self.asPath(file)])
        case (nil, .nginx): return .skipped("the target has no 'check'")
        case (nil, .plain): return .passed(RenderReport())
        }
        let outcome: ChildProcess.Outcome
        do { outcome = try process.run(command, .init(time: target.checkTimeout)) } catch {
            if target.check == nil, error.isNotFound { return .skipped("haproxy is not installed") }
            return .failed(RenderReport(), sentence: "the check could not be started: \(error.text)", output: [])
        }
        if outcome.isSuccess { return .passed(RenderReport()) }
        return .failed(
            RenderReport(), sentence: "the check \(Self.words(outcome.ending))",
            output: outcome.standardError + outcome.standardOutput)
    }

    /// A name that begins with a dash would be an option.
    private static func asPath(_ file: String) -> String { file.hasPrefix("-") ? "./" + file : file }

    static func words(_ ending: ChildProcess.Ending) -> String {
        switch ending {
        case .exit(let code): "failed with exit code \(code)"
        case .signal(let number): "was ended by signal \(number)"
        case .timedOut(let time): "took longer than \(time / 1000) s and was stopped"
        case .interrupted: "was interrupted"
        }
    }
}
