/// Sprig's and Helm's functions for text in configuration files.
extension Function {
    static let textLayout: [Function] = [
        Function(
            "indent", [.init("spaces", .scalar), .init("text", .scalar)], result: .string,
            summary: "A text with spaces at the start of each line", example: #"{{ "bind :80\nmode http" | indent 4 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try TextLayout.indent(arguments, context, startsOnNewLine: false)
        },
        Function(
            "nindent", [.init("spaces", .scalar), .init("text", .scalar)], result: .string,
            summary: "A line break and a text with spaces at the start of each line",
            example: #"frontend web{{ "bind :80" | nindent 4 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try TextLayout.indent(arguments, context, startsOnNewLine: true)
        },
        Function(
            "quote", [.init("values", .any, .variadic)], result: .string, cost: .growing(6),
            summary: "The values in double quotes, escaped as in Go, with spaces between them; nil is left out",
            example: #"{{ quote "a \"b\"" 80 }}"#
        ) { arguments, context in
            TextLayout.list(arguments, context) { value, text in
                if value.kind == .string, text.isTracking { return Quoting.append(value, context.memory, into: &text) }
                var shown = ByteBuffer(capacity: 64)
                Formatter.append(value, context.memory, into: &shown)
                shown.withElements { Formatter.appendQuoted($0, into: &text.output) }
                text.mark(value, context.memory)
            }
        },
        Function(
            "squote", [.init("values", .any, .variadic)], result: .string,
            summary: "The values in single quotes, with spaces between them; nil is left out",
            example: #"{{ squote "a" 80 }}"#
        ) { arguments, context in
            TextLayout.list(arguments, context) { value, text in
                text.append(template: UInt8(ascii: "'"))
                Formatter.append(value, context.memory, into: &text.output)
                text.mark(value, context.memory)
                text.append(template: UInt8(ascii: "'"))
            }
        },
    ]
}

enum TextLayout {
    static func indent(
        _ arguments: Arguments, _ context: CallContext, startsOnNewLine: Bool
    ) throws(RuntimeError) -> Value {
        let spaces = try context.integer(arguments, 0)
        guard spaces >= 0 else {
            throw context.unreadable(0, expected: "a number of spaces from 0 on", given: arguments[0])
        }
        let text = try context.text(arguments, 1)
        let lineBreak = UInt8(ascii: "\n")
        let breaks = context.memory.bytes(of: text).count { $0 == lineBreak }
        let (added, overflow) = spaces.multipliedReportingOverflow(by: breaks + 1)
        try context.checkSize(overflow ? nil : added.saturatingAdd(text.count + 1))
        return context.memory.makeText { result in
            if startsOnNewLine { result.append(template: lineBreak) }
            result.append(template: UInt8(ascii: " "), count: spaces)
            result.append(eachPieceOf: text, context.memory) { bytes, output in
                for byte in bytes {
                    output.append(byte)
                    // Data with a line break is refused wherever it stands, so these spaces are nobody's.
                    if byte == lineBreak { output.append(repeating: UInt8(ascii: " "), count: spaces) }
                }
            }
        }.withOrigin(text.origin)
    }

    /// The values that are not nil, each written by `write`, with spaces between them.
    static func list(
        _ values: Arguments, _ context: CallContext, _ write: (Value, inout PieceWriter) -> Void
    ) -> Value {
        context.memory.makeText { text in
            for value in values where !value.isNil && !context.memory.isFull(text.output) {
                if text.output.count > 0 { text.append(template: UInt8(ascii: " ")) }
                write(value, &text)
            }
        }
    }
}
