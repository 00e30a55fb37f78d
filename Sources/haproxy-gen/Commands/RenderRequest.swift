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

    init(_ arguments: ParsedArguments) throws(CommandError) {
        let template = try arguments.require(Options.template)
        let (dialect, isGuessed) = arguments[Options.dialect].dialect(of: template)
        var input = RenderInput(template: template, root: Self.root(arguments), dialect: dialect)
        input.missingKey = arguments[Options.missingKey]
        input.blankLines = arguments[Options.blankLines] ?? input.blankLines
        input.delimiters = arguments[Options.delimiters]
        input.settings =
            (arguments[Options.params].map { [.file($0)] } ?? [])
            + arguments[Options.param].map { .value(name: $0.name, text: $0.text) }
        input.trustedSources = arguments.trustedSources
        input.includes = arguments[Options.include]
        input.environment = arguments[Options.environment]
        self.input = input
        output = arguments[Options.output].flatMap { $0 == "-" ? nil : $0 }
        isDialectGuessed = isGuessed
    }

    private static func root(_ arguments: ParsedArguments) -> RenderInput.Root {
        if let data = arguments[Options.data] { return .data(data) }
        return .services(
            arguments[Options.services], table: arguments.storedTable(in: arguments[Options.stateFolder]))
    }
}
