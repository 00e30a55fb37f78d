/// Printing and escaping. Go: text/template/funcs.go, fmt.
extension Function {
    static let text: [Function] = [
        Function(
            "print", aliases: ["fmt.Print"], [.init("values", .any, .variadic)], result: .string, typed: .printed,
            // What is made is counted; a text that grows in a loop is not made again.
            cost: .constant,
            summary: "The values as text, with a space between two that are not strings",
            example: #"{{ print "web" 80 90 }}"#
        ) { arguments, context in
            Formatter.print(arguments, context.memory)
        },
        Function(
            "println", aliases: ["fmt.Println"], [.init("values", .any, .variadic)], result: .string, typed: .printed,
            summary: "The values as text, with spaces between them and a line break after them",
            example: #"{{ println "web" 80 }}"#
        ) { arguments, context in
            context.memory.makeText { Formatter.println(arguments, context.memory, into: &$0) }
        },
        Function(
            "printf", aliases: ["fmt.Printf"], [.init("format", .string), .init("values", .any, .variadic)],
            result: .string, typed: .printed, together: .format, cost: .constant,
            summary: "The values as a format says, with Go's verbs",
            example: #"{{ printf "%s:%05d" "web" 80 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .string else {
                throw context.wrongArgument(0, expected: "a format string", given: arguments[0])
            }
            return Formatter.printf(arguments[0], UnsafeBufferPointer(rebasing: arguments[1...]), context.memory)
        },
        Function(
            "html", [.init("values", .any, .variadic)], result: .string, typed: .printed, cost: .growing(6),
            summary: "The values as print gives them, escaped for HTML",
            example: #"{{ html "a < b" }}"#
        ) { arguments, context in
            Escaping.html(arguments, context.memory)
        },
        Function(
            "js", [.init("values", .any, .variadic)], result: .string, typed: .printed, cost: .growing(6),
            summary: "The values as print gives them, escaped for a JavaScript string",
            example: #"{{ js "it's" }}"#
        ) { arguments, context in
            Escaping.js(arguments, context.memory)
        },
        Function(
            "urlquery", [.init("values", .any, .variadic)], result: .string, typed: .printed, cost: .growing(3),
            summary: "The values as print gives them, escaped for the query of a URL",
            example: #"{{ urlquery "a b&c" }}"#
        ) { arguments, context in
            Escaping.urlquery(arguments, context.memory)
        },
    ]
}
