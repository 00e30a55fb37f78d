import HADelivery
import HAServices
import HATemplate

/// `haproxy-gen diff`: what an apply would change.
enum DiffCommand {
    enum Format: String, Sendable, CaseIterable {
        case human, json, github
    }

    private static let format = Option(
        "format", .choice(), default: Format.human,
        help: "human: for reading; json: for programs; github: Markdown for a comment on a pull request")
    private static let noProxy = Options.noProxy.help(
        "Do not ask haproxy or nginx which requests are answered otherwise")
    static let base = Option(
        "base", .text("REVISION"),
        help: "Compare with the outputs of this git revision (a branch, a tag, HEAD~1), not with the files")

    static let declaration = CommandDeclaration(
        name: "diff",
        summary: "Show what the project's outputs would change, in words and line by line",
        discussion: [
            "For each target: which domains and paths are answered otherwise, which haproxy or nginx says of both outputs "
                + "on sockets of a private folder, as 'route' does; what changes in backends, servers, domains and "
                + "addresses; then the unified difference between the file that is there and the new output. Nothing is written.",
            "With --base the new output is compared with the one that a git revision has: where outputs are committed, "
                + "that shows what a branch changes, targets that it removes among them. An output outside the project's "
                + "repository is left out.",
        ],
        options: [Options.project, format, base, noProxy, Options.timeLimit, Options.verbose] + Options.joinedTable
            + Options.common,
        rules: [.needs(Options.projectStateFolder, Options.table)],
        operands: [Operands.targets],
        examples: [
            .init(purpose: "All targets", line: "haproxy-gen diff"),
            .init(
                purpose: "With the services of a table, before they are in the project",
                line: "haproxy-gen diff --state state --table astro edge"),
            .init(
                purpose: "What a branch changes, as a comment for its review",
                line: "haproxy-gen diff --base origin/main --format github"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "nothing differs"),
            .init(
                code: .inputWrong, meaning: "something differs, or a template, a service file or the project is wrong"),
            .init(
                code: .usage,
                meaning: "the command line is wrong, there is no project file, or git knows no such revision"),
            .init(code: .environment, meaning: "a file cannot be read, or git cannot be asked"),
        ],
        action: run)

    /// One target's difference.
    private struct Difference {
        let target: ProjectTarget
        private let isNew: Bool
        private let isRemoved: Bool
        /// Requests that are answered otherwise.
        var requests: [RequestDiff.Change] = []
        private(set) var summary: [String]
        let diff: TextDiff
        private let lineBreaks: LineBreakChange?

        /// - Parameter output: nil for a target that is no more.
        init(_ target: ProjectTarget, _ installed: [UInt8]?, _ output: [UInt8]?) {
            let dialect = target.input.dialect
            self.target = target
            isNew = installed == nil
            isRemoved = output == nil
            let (before, after) = (installed ?? [], output ?? [])
            summary =
                (isRemoved ? ["the target is removed"] : [])
                + ConfigSummary(
                    from: ConfigOutline(before, dialect: dialect), to: ConfigOutline(after, dialect: dialect)
                ).lines
            diff = TextDiff(from: before, to: after)
            lineBreaks = isRemoved ? nil : LineBreakChange(from: before, to: after)
            if let lineBreaks { summary.append(lineBreaks.sentence) }
        }

        /// - Parameter isForPeople: whether line breaks that changed are shown.
        func unified(usesColor: Bool, isForPeople: Bool) -> [UInt8] {
            UnifiedDiff.text(
                diff, oldName: isNew ? "/dev/null" : target.output,
                newName: isRemoved ? "/dev/null" : target.output, usesColor: usesColor,
                showsReturns: isForPeople && lineBreaks != nil)
        }
    }

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let project = ProjectAccess.joining(arguments, to: try ProjectAccess.require(arguments, context))
        let chosen = try ProjectAccess.targets(arguments[Operands.targets], of: project, arguments)
        let base = try DiffBase(arguments, project, context)
        let targets = try Rendering(context).expanded(base.comparable(chosen))
        let steps = context.steps(arguments)
        let outputs = try Rendering(context).all(targets, steps)
        var differences: [Difference] = []
        for (index, (target, output)) in zip(targets, outputs).enumerated() {
            let installed = try base.bytes(of: target)
            let bytes = output.bytes
            if installed == bytes { continue }
            var difference = steps.run(WorkStep("compare \(target.name)", index + 1, of: targets.count)) {
                Difference(target, installed, bytes)
            }
            if let installed, !arguments[noProxy] {
                difference.requests = try requests(installed, output, target, arguments, context)
            }
            differences.append(difference)
        }
        for target in arguments[Operands.targets].isEmpty ? try base.removed(from: project) : [] {
            if let bytes = try base.bytes(of: target) { differences.append(Difference(target, bytes, nil)) }
        }
        switch arguments[format] {
        case .human: try context.console.write(human(differences, usesColor: context.colorsOutput))
        case .json: try context.console.write(json(differences))
        case .github: try context.console.write(github(differences))
        }
        return differences.isEmpty ? .done : .inputWrong
    }

    /// Where nobody can be asked, the words and lines have to do; with -v it is said why.
    private static func requests(
        _ old: [UInt8], _ output: RenderedOutput, _ target: ProjectTarget, _ arguments: ParsedArguments,
        _ context: CommandContext
    ) throws(CommandError) -> [RequestDiff.Change] {
        let route = RouteRun(proxy: CheckCommand.proxy(context))
        let diff: RequestDiff
        do { diff = try RequestDiff(from: old, to: output, of: target, asking: route) } catch { throw .file(error) }
        if diff.omitted > 0 {
            context.console.note("\(target.name): \(diff.omitted) requests were not asked, because there are so many")
        }
        if let obstacle = diff.obstacle, arguments[Options.verbose] {
            context.console.note("\(target.name): requests are not compared: \(obstacle)")
        }
        return diff.changes
    }

    private static func human(_ differences: [Difference], usesColor: Bool) -> [UInt8] {
        var text: [UInt8] = []
        for difference in differences {
            text += Array("\(difference.target.name): \(difference.target.output)\n".utf8)
            for line in difference.requests.map(\.sentence) + difference.summary {
                text += Array("  \(Console.printable(line))\n".utf8)
            }
            text += difference.unified(usesColor: usesColor, isForPeople: true)
        }
        return text
    }

    private static func json(_ differences: [Difference]) -> [UInt8] {
        var text = JSONText()
        text.beginObject()
        text.key("targets")
        text.beginList()
        for difference in differences {
            text.beginObject()
            text.key("name")
            text.string(difference.target.name)
            text.key("output")
            text.string(difference.target.output)
            text.key("requests")
            text.beginList()
            for change in difference.requests {
                text.beginObject()
                text.member("request", change.request)
                text.member("before", change.before)
                text.member("after", change.after)
                text.endObject()
            }
            text.endList()
            text.key("summary")
            text.beginList()
            for line in difference.summary { text.string(line) }
            text.endList()
            text.key("diff")
            text.string(String(decoding: difference.unified(usesColor: false, isForPeople: false), as: UTF8.self))
            text.endObject()
        }
        text.endList()
        text.endObject()
        text.finish()
        return text.bytes
    }

    /// Markdown; the fence is longer than any run of backquotes inside.
    private static func github(_ differences: [Difference]) -> [UInt8] {
        var text: [UInt8] = []
        if differences.isEmpty { text += Array("No output changes.\n".utf8) }
        for difference in differences {
            let body = difference.unified(usesColor: false, isForPeople: true)
            let fence = String(repeating: "`", count: max(3, longestRun(of: UInt8(ascii: "`"), in: body) + 1))
            text += Array("### `\(difference.target.name)` (`\(difference.target.output)`)\n\n".utf8)
            for line in difference.requests.map(\.sentence) + difference.summary {
                text += Array("- \(markdown(line))\n".utf8)
            }
            text += Array("\n<details><summary>Difference</summary>\n\n\(fence)diff\n".utf8)
            text += body
            text += Array("\(fence)\n\n</details>\n\n".utf8)
        }
        return text
    }

    /// Names come from data: they must not become links, mentions or HTML.
    private static func markdown(_ line: String) -> String {
        var text = ""
        for character in Console.printable(line) {
            if "\\`*_[]<>()#@!|~&".contains(character) { text.append("\\") }
            text.append(character)
        }
        return text
    }

    private static func longestRun(of byte: UInt8, in bytes: [UInt8]) -> Int {
        var (longest, run) = (0, 0)
        for other in bytes {
            run = other == byte ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
