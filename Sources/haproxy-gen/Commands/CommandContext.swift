import HADelivery
import HAServices
import HASystem

/// What a command works with besides its arguments.
struct CommandContext: Sendable {
    let console: Console
    let world: ProcessWorld
    /// Nanoseconds of processor time that each render may take.
    let timeLimit: Int64
    /// Whether results on standard output are colored, where a command colors any.
    let colorsOutput: Bool

    var files: FileSystem { world.files }
    var temporaries: TemporaryFiles { world.temporaries }
    var processes: ChildProcess { world.processes }
    /// Columns for text on standard output.
    var textWidth: Int { world.textWidth }

    /// The steps of a command: on a terminal the one that is under way, with `-v` each with its time.
    func steps(_ arguments: ParsedArguments) -> WorkSteps {
        let isVerbose = arguments[Options.verbose]
        let console = console
        return WorkSteps(
            clock: files.clock, began: { console.progress?.begin($0) },
            ended: { step, time in if isVerbose { console.say("\(Console.printable(step.name)): \(time) ms\n") } })
    }
}
