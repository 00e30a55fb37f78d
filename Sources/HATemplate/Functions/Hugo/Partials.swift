/// Pieces that templates share, and settings from outside.
extension Function {
    static let partials: [Function] = [
        Function(
            "partials.Include", aliases: ["partial", "partialCached", "partials.IncludeCached", "include"],
            [.init("name", .string), .init("dot", .any, .optional), .init("variants", .any, .variadic)], result: .any,
            summary: "What the template of that name returns, or the text that it prints",
            example: #"{{ define "greet" }}hello {{ . }}{{ end }}{{ partial "greet" "web" }}"#, body: .partial),
        Function(
            "return", [.init("value", .any, .optional)], result: .any,
            summary: "Ends a partial; the value is its result and what it printed is dropped",
            example: #"{{ define "port" }}{{ return 80 }}{{ end }}{{ partial "port" }}"#, body: .return),
        Function(
            "param", [.init("name", .string), .init("default", .any, .optional)], result: .any, typed: .parameter,
            cost: .constant, purity: .environment,
            summary: "The setting of that name, else the default",
            example: #"{{ param "maxconn" 4096 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .string else {
                throw context.wrongArgument(0, expected: "a string", given: arguments[0])
            }
            let memory = context.memory
            if let value = memory.lookup(memory.bytes(of: arguments[0]), in: context.parameters) {
                let isSwitch = arguments.count > 1 && arguments[1].kind == .bool
                guard !isSwitch || value.kind != .string || !isSwitchWord(memory.text(of: value)) else {
                    throw .noSwitch(memory.text(of: arguments[0]), memory.text(of: value))
                }
                return value
            }
            if arguments.count > 1 { return arguments[1] }
            throw .unknownParameter(memory.text(of: arguments[0]), known: context.parameterNames)
        },
    ]

    /// Whether a text means true or false to a person; for a template each is true.
    private static func isSwitchWord(_ text: String) -> Bool {
        let words: Set = [
            "yes", "no", "y", "n", "on", "off", "true", "false", "enabled", "disabled", "enable", "disable",
        ]
        return words.contains(text.lowercased())
    }
}
