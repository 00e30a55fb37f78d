import HASystem

/// The program as a whole: its commands, and the way from the command line to an exit code.
enum Program {
    static let name = "haproxy-gen"
    static let version = "0.1.0"

    static let declaration: CommandDeclaration = {
        let commands = [
            RenderCommand.declaration, CheckCommand.declaration, DiffCommand.declaration, ApplyCommand.declaration,
            WatchCommand.declaration, ServicesCommand.declaration, ExplainCommand.declaration,
            RouteCommand.declaration, TestCommand.declaration, InitCommand.declaration, GenerateCommand.declaration,
            StateCommand.declaration,
            FunctionsCommand.declaration, CompletionsCommand.declaration,
        ]
        return CommandDeclaration(
            name: name,
            summary: "HAProxy and nginx configurations from service files and templates",
            options: [Options.version] + Options.common,
            subcommands: commands + [HelpCommand.declaration(for: commands.map(\.name))],
            examples: RenderCommand.declaration.examples,
            exitMeanings: [
                .init(code: .done, meaning: "done"),
                .init(
                    code: .inputWrong,
                    meaning:
                        "the input is wrong (a template, a service file, data), a check failed, or something differs"),
                .init(code: .usage, meaning: "the command line is wrong"),
                .init(code: .environment, meaning: "the environment failed: a file cannot be read or written"),
            ])
    }()

    /// Follows the command line to the end of the process.
    static func main(_ words: [String]) -> Never {
        if Cage.isAsked(for: words) { Cage.enter(words) }
        CurrentProcess.claimStandardDescriptors()
        ProgressLine.prepare()
        Interruption.prepare(leave: { ProgressLine.eraseForGood() })
        switch run(words, in: .current()) {
        case .code(let code): CurrentProcess.end(code.rawValue)
        case .brokenPipe: CurrentProcess.endByBrokenPipe()
        }
    }

    /// How the process ends.
    private enum Ending {
        case code(ExitCode)
        /// Nobody reads standard output any more.
        case brokenPipe
    }

    private static func run(_ words: [String], in world: ProcessWorld) -> Ending {
        var console = console(color: .auto, world)
        defer { console.progress?.end() }
        do throws(CommandError) {
            let invocation: Invocation
            do { invocation = try ArgumentParser(program: declaration).parse(words) } catch { throw .usage(error) }
            switch invocation {
            case .version:
                try console.write("\(name) \(version)\n")
                return .code(.done)
            case .help(let path):
                try HelpCommand.show(path, on: console, width: world.textWidth)
                return .code(.done)
            case .run(let arguments):
                let color = arguments[Options.color]
                console = self.console(color: color, world)
                let context = CommandContext(
                    console: console, world: world, timeLimit: Int64(arguments[Options.timeLimit]) * 1_000_000,
                    colorsOutput: color.usesColor(onTerminal: world.isTerminal(1), environment: world.variable))
                return .code(try arguments.command.action?(arguments, context) ?? .done)
            }
        } catch {
            if case .standardOutput(let error) = error, error.number == EPIPE { return .brokenPipe }
            return .code(error.show(on: console))
        }
    }

    private static func console(color: ColorChoice, _ world: ProcessWorld) -> Console {
        let usesColor = color.usesColor(onTerminal: world.isTerminal(2), environment: world.variable)
        let hasProgress = world.isTerminal(2) && (world.variable("TERM") ?? "dumb") != "dumb"
        let progress = ProgressLine(files: world.files, width: { world.columns(2) })
        return Console(files: world.files, usesColor: usesColor, progress: hasProgress ? progress : nil)
    }
}
