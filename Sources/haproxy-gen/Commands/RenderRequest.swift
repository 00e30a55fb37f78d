import HADelivery
import HAServices
import HATemplate

/// What `render` is asked to do: its options, read and completed with their defaults.
struct RenderRequest: Sendable, Equatable {
    let input: RenderInput
    /// nil: standard output.
    let output: String?
    /// Whether `auto` found nothing in the template's name, and plain is a guess.
    let isDialectGuessed: Bool

    init(_ arguments: ParsedArguments) throws(UsageError) {
        let template = arguments.value(of: .template) ?? ""
        let chosen: DialectChoice = arguments.choice(of: .dialect) ?? .auto
        let (dialect, isGuessed) = chosen.dialect(of: template)
        var input = RenderInput(template: template, root: try Self.root(arguments), dialect: dialect)
        input.missingKey = arguments.choice(of: .missingKey) ?? .error
        input.blankLines = arguments.choice(of: .blankLines) ?? input.blankLines
        input.delimiters = try Self.delimiters(arguments)
        input.settings = try Self.settings(arguments)
        input.trustedSources = arguments.trustedSources
        input.includes = arguments.values(of: .include)
        input.environment = arguments.values(of: .environment)
        self.input = input
        output = arguments.value(of: .output).flatMap { $0 == "-" ? nil : $0 }
        isDialectGuessed = isGuessed
    }

    private static func root(_ arguments: ParsedArguments) throws(UsageError) -> RenderInput.Root {
        if let data = arguments.value(of: .data) { return .data(data) }
        let table = try arguments.storedTable(defaultFolder: ProjectFile.defaultStateFolder)
        return .services(arguments.values(of: .services), table: table)
    }

    private static func settings(_ arguments: ParsedArguments) throws(UsageError) -> [RenderInput.Settings] {
        var settings: [RenderInput.Settings] = []
        if let path = arguments.value(of: .params) { settings.append(.file(path)) }
        for text in arguments.values(of: .param) {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw UsageError(mistake: .malformedParameter(text), commandPath: arguments.commandPath)
            }
            settings.append(
                .value(name: String(text[..<sign]), text: String(text[text.index(after: sign)...])))
        }
        return settings
    }

    private static func delimiters(_ arguments: ParsedArguments) throws(UsageError) -> Template.Delimiters {
        guard let value = arguments.value(of: .delimiters) else { return Template.Delimiters() }
        let parts = value.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1] else {
            throw UsageError(mistake: .malformedDelimiters(value), commandPath: arguments.commandPath)
        }
        return Template.Delimiters(left: String(parts[0]), right: String(parts[1]))
    }
}
