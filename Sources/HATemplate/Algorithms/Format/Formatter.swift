/// Go's `fmt`: how values become text when an action prints them and in `print`, `println` and `printf`.
///
/// Everything is written straight into the output buffer. Nothing here fails: a mistake in a format is text in the
/// output (`%!d(string=x)`), as in Go.
enum Formatter {
    /// What an action prints: `%v`, and `<no value>` where there is no value. Go: text/template, printValue.
    @inline(__always)
    static func append(_ value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        switch value.kind {
        case .string: output.append(memory.bytes(of: value))
        case .int where !value.isNamedInteger: output.append(decimal: value.asInt)
        case .missing:
            memory.printsNonsense(.noValue)
            output.append("<no value>" as StaticString)
        default: FormatDirective.plain.print(operand: value, memory, into: &output)
        }
    }

    /// The operands as `%v`, with a space between two that are not strings. Go: fmt/print.go, doPrint.
    static func print(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value {
        let beginning = arguments.first.flatMap { $0.kind == .string ? $0 : nil }
        return memory.makeText(after: beginning) { text in
            var followsString = true
            for argument in arguments.dropFirst(beginning == nil ? 0 : 1) {
                if memory.isFull(text.output) { return }
                if !followsString, argument.kind != .string { text.append(template: UInt8(ascii: " ")) }
                append(operand: argument, memory, into: &text.output)
                text.mark(argument, memory)
                followsString = argument.kind == .string
            }
        }
    }

    /// The operands as `%v`, with spaces between and a line break after. Go: fmt/print.go, doPrintln.
    static func println(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into text: inout PieceWriter) {
        for (index, argument) in arguments.enumerated() {
            if memory.isFull(text.output) { return }
            if index > 0 { text.append(template: UInt8(ascii: " ")) }
            append(operand: argument, memory, into: &text.output)
            text.mark(argument, memory)
        }
        text.append(template: UInt8(ascii: "\n"))
    }

    /// The operands as the format says; the format's own text keeps its origins. Go: fmt/print.go, doPrintf.
    static func printf(_ format: Value, _ arguments: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value {
        var run = PrintfFormat(format, arguments, memory)
        let beginning = run.takeBeginning()
        return memory.makeText(after: beginning) { run.run(into: &$0) }
    }

    /// What Go calls the type of a value (`%T`): `int`, `[]interface {}`, `types.Service`; `<nil>` for no value.
    static func typeName(of value: Value, _ memory: Memory) -> String {
        var name = ByteBuffer(capacity: 32)
        name.appendTypeName(of: value, memory)
        return name.withElements { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as a Go string literal in double quotes. Go: strconv.Quote.
    static func appendQuoted(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        Quoting.append(bytes, into: &output)
    }

    /// `%v` of an operand: unlike in an action, no value reads `<nil>`.
    private static func append(operand value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        if value.kind == .missing {
            memory.printsNonsense(.noValue)
            output.append("<nil>" as StaticString)
        } else {
            append(value, memory, into: &output)
        }
    }
}
