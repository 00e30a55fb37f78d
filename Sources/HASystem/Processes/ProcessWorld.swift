/// What a program finds around itself. `main` takes the system's; nothing else asks the process.
package struct ProcessWorld: Sendable {
    /// A variable of the environment.
    package var variable: @Sendable (_ name: String) -> String?
    /// Nanoseconds since 1970 by the system's clock.
    package var now: @Sendable () -> Int64
    /// Nanoseconds of processor time that this process has taken.
    package var processorTime: @Sendable () -> Int64
    package var isTerminal: @Sendable (_ descriptor: Int32) -> Bool
    /// The columns of a terminal; 80 where they are not known.
    package var columns: @Sendable (_ descriptor: Int32) -> Int
    package var files: FileSystem
    package var temporaries: TemporaryFiles
    package var processes: ChildProcess

    /// This process.
    package static func current() -> ProcessWorld {
        ProcessWorld(
            variable: CurrentProcess.environmentValue, now: { CurrentProcess.now },
            processorTime: { CurrentProcess.processorTime },
            isTerminal: CurrentProcess.isTerminal,
            columns: CurrentProcess.columns, files: .system, temporaries: Interruption.temporaries,
            processes: .system(interruption: Interruption.held, cageProgram: CurrentProcess.program))
    }

    /// Columns for text on standard output: the terminal's, within reason; 80 where it is no terminal.
    package var textWidth: Int { min(max(columns(1), 40), 120) }
}
