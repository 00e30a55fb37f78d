/// Go's quoted literals. Go: strconv/quote.go.
enum Quoting {
    private static let backslash = UInt8(ascii: "\\")
    private static let quote = UInt8(ascii: "\"")

    /// The bytes in double quotes; bytes that are no UTF-8 become `\x` escapes.
    static func append(_ bytes: UnsafeBufferPointer<UInt8>, asciiOnly: Bool = false, into output: inout ByteBuffer) {
        output.append(quote)
        append(body: bytes, asciiOnly: asciiOnly, into: &output)
        output.append(quote)
    }

    /// A string in double quotes that keeps the origins of its parts: the quotes are the template's, and so is an escaped
    /// quote or backslash, which means nothing to a proxy between quotes.
    static func append(_ text: Value, _ memory: Memory, into writer: inout PieceWriter) {
        writer.append(template: quote)
        for piece in memory.pieces(of: text) {
            let bytes = memory.bytes(of: text.range(start: Int(piece.start), count: Int(piece.count)))
            if bytes.isEmpty { writer.mark(piece.origin) }
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex { $0 == quote || $0 == backslash } ?? bytes.count
                if end > start {
                    let body = UnsafeBufferPointer(rebasing: bytes[start..<end])
                    append(body: body, asciiOnly: false, into: &writer.output)
                    writer.mark(piece.origin)
                }
                if end < bytes.count {
                    writer.output.append(backslash)
                    writer.output.append(bytes[end])
                    writer.mark(.template)
                }
                start = end + 1
            }
        }
        writer.append(template: quote)
    }

    /// What stands between the quotes.
    private static func append(
        body bytes: UnsafeBufferPointer<UInt8>, asciiOnly: Bool, into output: inout ByteBuffer
    ) {
        var offset = 0
        var plainStart = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20, byte < 0x7F, byte != quote, byte != backslash {
                offset += 1
                continue
            }
            output.append(UnsafeBufferPointer(rebasing: bytes[plainStart..<offset]))
            let decoded = DecodedScalar.decode(bytes, at: offset)
            if decoded.isValid {
                append(escaping: decoded.scalar, quote: quote, asciiOnly: asciiOnly, into: &output)
            } else {
                output.append("\\x" as StaticString)
                output.append(hexadecimal: UInt64(byte), digits: 2)
            }
            offset += decoded.length
            plainStart = offset
        }
        output.append(UnsafeBufferPointer(rebasing: bytes[plainStart..<offset]))
    }

    /// A character in single quotes.
    static func append(_ scalar: Unicode.Scalar, asciiOnly: Bool, into output: inout ByteBuffer) {
        output.append(UInt8(ascii: "'"))
        append(escaping: scalar, quote: UInt8(ascii: "'"), asciiOnly: asciiOnly, into: &output)
        output.append(UInt8(ascii: "'"))
    }

    /// Whether a text can stand between backquotes as it is: no control character but the tab, no backquote, nothing
    /// invisible or invalid.
    static func canStandInBackquotes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let decoded = DecodedScalar.decode(bytes, at: offset)
            switch decoded.scalar {
            case "\t": break
            case "\u{0}"..<" ", "`", "\u{7F}", "\u{FEFF}": return false
            default: if !decoded.isValid { return false }
            }
            offset += decoded.length
        }
        return true
    }

    private static func append(
        escaping scalar: Unicode.Scalar, quote: UInt8, asciiOnly: Bool, into output: inout ByteBuffer
    ) {
        if scalar == Unicode.Scalar(quote) || scalar == "\\" {
            output.append(backslash)
            return output.append(UInt8(truncatingIfNeeded: scalar.value))
        }
        if scalar.isASCII || !asciiOnly, PrintableScalars.contains(scalar) { return output.append(scalar) }
        switch scalar {
        case "\u{07}": output.append("\\a" as StaticString)
        case "\u{08}": output.append("\\b" as StaticString)
        case "\u{0C}": output.append("\\f" as StaticString)
        case "\n": output.append("\\n" as StaticString)
        case "\r": output.append("\\r" as StaticString)
        case "\t": output.append("\\t" as StaticString)
        case "\u{0B}": output.append("\\v" as StaticString)
        default:
            let code = UInt64(scalar.value)
            let (letter, digits) = code < 0x80 ? ("x", 2) : code < 0x10000 ? ("u", 4) : ("U", 8)
            output.append(backslash)
            output.append(letter)
            output.append(hexadecimal: code, digits: digits)
        }
    }
}
