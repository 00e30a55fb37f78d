import HAServices
import HASystem
import HATemplate

/// What an apply reports while it works.
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
}

/// Why an apply, or a render of all targets, stopped. Everything has been reported; where a file had been replaced, it is as it was.
package enum ApplyFailure: Error, Sendable {
    case render(RenderFailure)
    case file(FileError)
    case state(StateError)
    /// A check, a guard or the order to roll back cannot be met: the input is wrong.
    case refused
    /// A command failed.
    case command
}
