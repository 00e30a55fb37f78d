import HAServices
import HASystem
import HATemplate

/// What an apply reports while it works. What stops it is thrown when it has ended, and is no event.
package enum ApplyEvent: Sendable {
    /// What a render or a check of a target reports, whether it passed or not.
    case report(RenderReport)
    /// The check refused a target's output.
    case refused(ProjectTarget)
    /// What a target's new output means: its name, the file, and a sentence a section.
    case summary(target: String, lines: [String])
    /// Something was done, or needed not be done.
    case done(String)
    case note(String)
    /// A reload failed, or a file could not be put back.
    case error(String)
    /// What a command wrote.
    case commandOutput([UInt8])
}

/// Why an apply, or a render of all targets, stopped. Where a file had been replaced, it is as it was.
///
/// The reports of targets were events, each when its target was done.
package enum ApplyFailure: Error, Sendable {
    /// The first of the renders that failed.
    case render(RenderFailure.Cause)
    case file(FileError)
    case state(StateError)
    /// The check refused the outputs of these targets.
    case check([ProjectTarget])
    /// What targets would lose against their guards.
    case guards([BrokenGuard])
    /// A target has fewer earlier versions than were to be gone back.
    case noVersion(target: String, steps: Int, available: Int)
    /// The command that reloads the proxy of this target failed.
    case reload(ProjectTarget)
}

/// A guard of a target that a new output does not keep.
package struct BrokenGuard: Sendable {
    package let target: String
    /// What would be lost.
    package let loss: String

    package var sentence: String { "\(target): \(loss); --force overrides it" }
}
