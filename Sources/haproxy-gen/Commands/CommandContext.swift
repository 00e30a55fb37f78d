import HAServices

/// What a command works with besides its arguments.
struct CommandContext: Sendable {
    let console: Console
    let files: FileSystem
    let temporaries: TemporaryFiles
    /// Columns for text on standard output.
    let textWidth: Int
}

/// Why a command did not do its work.
enum CommandError: Error {
    case usage(UsageError)
    case file(FileError)
    case state(StateError)
    case standardOutput(SystemError)
    /// Templates, services or data are wrong; the diagnostics have been shown.
    case inputWrong
}
