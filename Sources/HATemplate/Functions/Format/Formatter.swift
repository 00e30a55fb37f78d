/// Go's `fmt`: how values become text when an action prints them and in `print`, `println` and `printf`.
///
/// Everything is written straight into the output buffer. Nothing here fails: a mistake in a format is text in the
/// output (`%!d(string=x)`), as in Go.
enum Formatter {
    /// What an action prints: `%v`, and `<no value>` where there is no value. Go: text/template, printValue.
    static func append(_ value: Value, _ memory: Memory, into output: inout ByteBuffer) {
    }

    /// The operands as `%v`, with a space between two that are no strings. Go: fmt/print.go, doPrint.
    static func print(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into output: inout ByteBuffer) {
    }

    /// The operands as `%v`, with spaces between and a line break after. Go: fmt/print.go, doPrintln.
    static func println(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into output: inout ByteBuffer) {
    }

    /// The operands as the format says. Go: fmt/print.go, doPrintf.
    static func printf(
        _ format: UnsafeBufferPointer<UInt8>, _ arguments: UnsafeBufferPointer<Value>, _ memory: Memory,
        into output: inout ByteBuffer
    ) {
    }

    /// What Go calls the type of a value (`%T`): `int`, `[]interface {}`, `types.Service`; `<nil>` for no value.
    static func typeName(of value: Value, _ memory: Memory) -> String {
        ""
    }

    /// The bytes as a Go string literal in double quotes. Go: strconv.Quote.
    static func appendQuoted(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
    }
}
