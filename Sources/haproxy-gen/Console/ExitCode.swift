/// What the program's exit code says. Scripts rely on it: add, never change.
enum ExitCode: Int32, Sendable {
    case done = 0
    /// The input is wrong: a template, a service file, data.
    case inputWrong = 1
    /// The command line is wrong.
    case usage = 2
    /// The environment failed: a file, a folder, a lock, another program.
    case environment = 3
}
