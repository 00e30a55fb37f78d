import HAServices
import HATemplate

/// What an apply tells while it works.
package enum ApplyEvent: Sendable {
    /// Mistakes and warnings of a render.
    case report(RenderReport)
    /// What a target's new output means: its name, the file, and a sentence a section.
    case summary(target: String, lines: [String])
    /// Something was done, or needed not be done.
    case done(String)
    case note(String)
    case error(String)
    /// What a command wrote.
    case commandOutput([UInt8])
    /// A step has ended; milliseconds.
    case step(String, time: Int)
}

/// Why an apply stopped. What there is to say has been told; where a file had been replaced, it is as it was.
package enum ApplyFailure: Error, Sendable {
    case render(RenderFailure)
    case file(FileError)
    case state(StateError)
    /// A check, a guard or the order to roll back cannot be met: the input is wrong.
    case refused
    /// A command failed.
    case command
}

/// What is said of an output before it is installed.
package enum CheckVerdict: Sendable {
    case passed
    /// Nobody could look at it; why.
    case skipped(String)
    /// Told by the check itself, in words and with what the command wrote.
    case failed(RenderReport, sentence: String, output: [UInt8])
}
