/// Go's escaping functions of text/template. Several arguments are printed together as `print` does; a nil among them
/// reads `<no value>`. Go: text/template/funcs.go, evalArgs.
enum Escaping {
    /// The template function `html`. Go: HTMLEscaper.
    static func html(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value {
        escaped(arguments, memory, appendHTML)
    }

    /// The template function `js`. Go: JSEscaper.
    static func js(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value {
        escaped(arguments, memory, appendJS)
    }

    /// The template function `urlquery`. Go: URLQueryEscaper.
    static func urlquery(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value {
        escaped(arguments, memory, appendURLQuery)
    }

    private static func escaped(
        _ arguments: UnsafeBufferPointer<Value>, _ memory: Memory,
        _ escape: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void
    ) -> Value {
        guard memory.tracksTrust else { return memory.makeString { withText(of: arguments, memory, &$0, escape) } }
        let values = arguments.map(\.leavingPipeline)
        return values.withUnsafeBufferPointer { values in
            memory.makeText { text in
                for (index, value) in values.enumerated() {
                    if index > 0, !isText(values[index - 1]), !isText(value) {
                        let space = [UInt8(ascii: " ")]
                        space.withUnsafeBufferPointer { escape($0, &text.output) }
                        text.mark(.template)
                    }
                    if value.kind == .string {
                        text.append(eachPieceOf: value, memory, escape)
                    } else {
                        withText(of: UnsafeBufferPointer(rebasing: values[index...index]), memory, &text.output, escape)
                        text.mark(value, memory)
                    }
                }
            }
        }
    }

    /// The text that stands for nil is a string, so no space goes beside it.
    private static func isText(_ value: Value) -> Bool { value.kind == .string || value.isNil }

    /// Hands the arguments' text to an escaper; a single string needs no copy.
    private static func withText(
        of arguments: UnsafeBufferPointer<Value>, _ memory: Memory, _ output: inout ByteBuffer,
        _ escape: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void
    ) {
        if arguments.count == 1, arguments[0].kind == .string {
            return escape(memory.bytes(of: arguments[0]), &output)
        }
        var text = ByteBuffer()
        var followsString = true
        for argument in arguments {
            if memory.isFull(text) { return }
            let isText = isText(argument)
            if !followsString, !isText { text.append(UInt8(ascii: " ")) }
            Formatter.append(argument.leavingPipeline, memory, into: &text)
            followsString = isText
        }
        text.withElements { escape($0, &output) }
    }

    /// Copies the bytes; those for which `replacement` gives something are replaced.
    @inline(__always)
    private static func copy(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer,
        replacing replacement: (UInt8) -> StaticString?
    ) {
        var plainStart = 0
        for index in bytes.indices {
            guard let replacement = replacement(bytes[index]) else { continue }
            output.append(UnsafeBufferPointer(rebasing: bytes[plainStart..<index]))
            output.append(replacement)
            plainStart = index + 1
        }
        output.append(UnsafeBufferPointer(rebasing: bytes[plainStart...]))
    }

    private static func appendHTML(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        copy(bytes, into: &output) { byte in
            switch byte {
            case 0: "\u{FFFD}"
            case UInt8(ascii: "\""): "&#34;"
            case UInt8(ascii: "'"): "&#39;"
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            default: nil
            }
        }
    }

    /// Bytes that are no UTF-8 stay as they are, as in Go.
    private static func appendJS(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        var offset = 0
        while offset < bytes.count {
            let decoded = DecodedScalar.decode(bytes, at: offset)
            switch decoded.scalar {
            case "\\": output.append("\\\\" as StaticString)
            case "'": output.append("\\'" as StaticString)
            case "\"": output.append("\\\"" as StaticString)
            case "<", ">", "&", "=", "\u{0}"..<" ":
                append(unicodeEscape: decoded.scalar, into: &output)
            default:
                if decoded.scalar.isASCII || PrintableScalars.contains(decoded.scalar) {
                    output.append(UnsafeBufferPointer(rebasing: bytes[offset..<(offset + decoded.length)]))
                } else {
                    append(unicodeEscape: decoded.scalar, into: &output)
                }
            }
            offset += decoded.length
        }
    }

    /// `\u003C`; a character beyond the first 65,536 takes five digits or six.
    private static func append(unicodeEscape scalar: Unicode.Scalar, into output: inout ByteBuffer) {
        let digits = scalar.value < 0x10000 ? 4 : scalar.value < 0x100000 ? 5 : 6
        output.append("\\u" as StaticString)
        output.append(hexadecimal: UInt64(scalar.value), digits: digits, uppercase: true)
    }

    /// Go: net/url, QueryEscape.
    static func appendURLQuery(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                output.append(byte)
            case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
            default:
                output.append(UInt8(ascii: "%"))
                output.append(hexadecimal: UInt64(byte), digits: 2, uppercase: true)
            }
        }
    }
}
