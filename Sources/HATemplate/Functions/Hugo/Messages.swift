/// What a template says to the one who renders it. Hugo: `fmt.Errorf`, `fmt.Warnf` and their kin.
extension Function {
    static let messages: [Function] = [
        Function(
            "fmt.Errorf", aliases: ["errorf"], [.init("format", .string), .init("values", .any, .variadic)],
            result: .string, together: .format,
            summary: "Stops the render with an error message made as printf makes text",
            example: #"{{ if false }}{{ errorf "no port for %s" "web" }}{{ end }}"#
        ) { (arguments, context) throws(RuntimeError) in
            throw .template(try Messages.text(arguments, format: 0, context))
        },
        Function(
            "fmt.Erroridf", aliases: ["erroridf"],
            [.init("id", .string), .init("format", .string), .init("values", .any, .variadic)], result: .string,
            together: .format,
            summary: "Like errorf; the message has a name, which is not shown",
            example: #"{{ if false }}{{ erroridf "no-port" "no port for %s" "web" }}{{ end }}"#
        ) { (arguments, context) throws(RuntimeError) in
            throw .template(try Messages.text(arguments, format: 1, context))
        },
        Function(
            "fmt.Warnf", aliases: ["warnf"], [.init("format", .string), .init("values", .any, .variadic)],
            result: .string, together: .format,
            summary: "Shows a warning made as printf makes text, and gives nothing to the output",
            example: #"{{ warnf "%s has no health check" "web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            context.warnings.append((.templateWarning, try Messages.text(arguments, format: 0, context)))
            return .emptyTrustedText
        },
        Function(
            "fmt.Warnidf", aliases: ["warnidf"],
            [.init("id", .string), .init("format", .string), .init("values", .any, .variadic)], result: .string,
            together: .format,
            summary: "Like warnf; the message has a name, which is not shown",
            example: #"{{ warnidf "no-check" "%s has no health check" "web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            context.warnings.append((.templateWarning, try Messages.text(arguments, format: 1, context)))
            return .emptyTrustedText
        },
    ]
}

enum Messages {
    /// The text that printf makes of a format and the arguments after it; all before it must be text too.
    static func text(
        _ arguments: Arguments, format index: Int, _ context: CallContext
    ) throws(RuntimeError) -> String {
        for position in 0...index where arguments[position].kind != .string {
            let expected = position == index ? "a format string" : "a name"
            throw context.wrongArgument(position, expected: expected, given: arguments[position])
        }
        let values = Arguments(rebasing: arguments[(index + 1)...])
        let text = Formatter.printf(arguments[index], values, context.memory)
        try context.memory.checkText()
        return context.memory.text(of: text)
    }
}
