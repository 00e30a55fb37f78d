import HADelivery
import HAServices
import HATemplate

/// `haproxy-gen explain OUTPUT:LINE[:COL]`: what made a line of an output.
enum ExplainCommand {
    private static let place = Operand(
        ValueType<Place>(
            "OUTPUT:LINE[:COL]", expected: "a line of an output, such as rendered/haproxy.cfg:42",
            parse: { Place($0) }, write: { "\($0.output):\($0.line)" }),
        help: "A line of an output, or with COL the part of it that stands there")

    static let declaration = CommandDeclaration(
        name: "explain",
        summary: "Show which template lines and service values made a line of an output",
        discussion: [
            "OUTPUT is the output of a target of haproxy-gen.json, by its path or the target's name. The target is "
                + "rendered as it is now, and LINE is a line of that."
        ],
        options: [Options.project] + Options.common,
        operands: [place],
        examples: [
            .init(purpose: "A line of a committed output", line: "haproxy-gen explain rendered/haproxy.cfg:42")
        ],
        exitMeanings: [
            .init(code: .done, meaning: "the line was explained"),
            .init(code: .inputWrong, meaning: "there is no such line, or the target cannot be rendered"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be read"),
        ],
        action: run)

    /// A place that a person named.
    struct Place: Equatable, Sendable {
        let output: String
        let line: Int
        let column: Int?

        /// nil for a text that names no line.
        init?(_ text: String) {
            var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 2, let last = parts.popLast().flatMap(Int.init), last > 0 else { return nil }
            if parts.count >= 2, let line = parts.last.flatMap(Int.init), line > 0 {
                parts.removeLast()
                (self.line, column) = (line, last)
            } else {
                (line, column) = (last, nil)
            }
            output = parts.joined(separator: ":")
            guard !output.isEmpty else { return nil }
        }
    }

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let place = try arguments.require(place)
        let rendering = Rendering(context)
        let target = try target(of: place, arguments, context)
        let output = try rendering.output(target.input, withSourceMap: true)
        let text = ConfigurationText(output.bytes, dialect: target.input.dialect)
        // What stands after the last line feed is a line only where something does.
        guard let map = output.sourceMap, var range = text.range(ofLine: place.line),
            range.lowerBound < output.bytes.count
        else {
            throw .input("\(target.output) has no line \(place.line)")
        }
        let causes = CauseMap(text, map: map, document: output.document, name: target.output)
        if let column = place.column {
            guard let part = causes.entry(inLine: range, column: column) else {
                throw .input("line \(place.line) of \(target.output) has no column \(column)")
            }
            range = part.output.clamped(to: range)
        }
        try context.console.write(Explanation(text: text, causes: causes, output: target.output).of(range))
        return .done
    }

    private static func target(
        of place: Place, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) -> ProjectTarget {
        let project = try ProjectAccess.require(arguments, context)
        let real = try? context.files.realPath(place.output)
        for target in project.targets {
            let isSame = real != nil && (try? context.files.realPath(target.output)) == real
            if target.name == place.output || target.output == place.output || isSame { return target }
        }
        let known = project.targets.map(\.output)
        let advice = nearest(to: place.output, in: known).map { "; did you mean '\($0)'?" } ?? ""
        throw .input("\(project.path) has no target with the output '\(place.output)'\(advice)")
    }
}
