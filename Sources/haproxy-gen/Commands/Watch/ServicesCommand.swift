import HADelivery
import HADiscovery
import HAServices
import HASystem
import HATemplate
import HAWatch

/// `haproxy-gen services`: what the sources say now, merged.
enum ServicesCommand {
    enum Format: String, Sendable, CaseIterable {
        case json, human
    }

    private static let source = Option(
        "source", each: .text("NAME"),
        help: "A source of the project file (default: all that the targets get, in their order)")
    private static let format = Option(
        "format", .choice(), default: Format.json,
        help: "json: a service file; human: a line for each service")

    static let declaration = CommandDeclaration(
        name: "services",
        summary: "Show the services that the project's sources give now, merged",
        discussion: [
            "The services of all targets are put together as 'watch' does it: of two with one Id, or one transport and "
                + "port, the first source's counts. The result is a service file, such as a GitOps repository keeps."
        ],
        options: [Options.project, source, format] + Options.common,
        operands: [],
        examples: [
            .init(purpose: "A snapshot", line: "haproxy-gen services > services.json"),
            .init(purpose: "Which service comes from where", line: "haproxy-gen services --format human"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "the services are shown"),
            .init(code: .inputWrong, meaning: "the project file or a service is wrong"),
            .init(code: .usage, meaning: "the command line is wrong, or there is no such source"),
            .init(code: .environment, meaning: "a source cannot be read"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        guard let project = try ApplyCommand.project(arguments, context) else { return .done }
        let sources = try sources(arguments, project)
        let reader = LocalReader(
            rendering: Rendering(context).targets, cache: FileCache(), temporaries: context.temporaries,
            now: context.world.now)
        var merge = ServiceMerge()
        for source in sources {
            switch reader.answer(of: source) {
            case .success(let answer): merge.add(source.name, answer)
            case .failure(let problem): throw .environment("source \(source.name): \(problem.sentence)")
            }
        }
        for hidden in merge.hidden { context.console.note(hidden.sentence) }
        var services = ServiceReader()
        for part in merge.parts { services.addFile(name: part.file.name, bytes: part.file.bytes) }
        var warnings: [Diagnostic] = []
        let document: Document
        do { document = try services.finish(warnings: &warnings) } catch { throw .mistakes(error.items) }
        switch arguments[format] {
        case .json: try context.console.write(ServiceList(document).listText())
        case .human: try context.console.write(lines(merge))
        }
        return .done
    }

    private static func sources(
        _ arguments: ParsedArguments, _ project: ProjectFile
    ) throws(CommandError) -> [LocalSource] {
        let all = LocalSource.all(of: project.targets)
        let names = arguments[source]
        guard !names.isEmpty else { return all }
        var chosen: [LocalSource] = []
        for name in names {
            guard let found = all.first(where: { $0.name == name }) else {
                throw arguments.usage(.unknownSource(name, near: nearest(to: name, in: all.map(\.name))))
            }
            chosen.append(found)
        }
        return chosen
    }

    /// `ID  SOURCE  FILE`
    private static func lines(_ merge: ServiceMerge) -> String {
        let rows = merge.parts.flatMap { part in (part.file.entries ?? []).map { ($0.id, part.source, part.file.name) }
        }
        let (first, second) = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        return rows.map { row in
            Console.printable("\(padded(row.0, first))  \(padded(row.1, second))  \(row.2)") + "\n"
        }.joined()
    }
}
