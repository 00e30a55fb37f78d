/// Strings. Go: fmt/print.go, fmtString; fmt/format.go, fmtS, fmtSbx and fmtQ.
extension FormatDirective {
    /// Prints a string's bytes; false when the verb is none for strings.
    func append(text bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
        switch verb {
        case "v" where flags.contains(.goSyntax), "q": append(quoted: bytes, into: &output)
        case "v", "s":
            if isBare {
                output.append(bytes)
            } else {
                let start = output.count
                output.append(truncated(bytes))
                pad(&output, from: start, zeros: true)
            }
        case "x", "X": append(hexadecimal: bytes, into: &output)
        default: return false
        }
        return true
    }

    /// Whether an operand's bytes stay what they are under this directive, with padding or quotes around them at most.
    func keepsText(of operand: Value) -> Bool {
        guard operand.kind == .string else { return false }
        return verb == "s" || (verb == "v" && !flags.contains(.goSyntax)) || (verb == "q" && isBare)
    }

    /// Prints a string for which `keepsText` holds: blanks that fill it up are the template's.
    func append(_ operand: Value, _ memory: Memory, into text: inout PieceWriter) {
        if verb == "q" {
            if text.isTracking { return Quoting.append(operand, memory, into: &text) }
            return Formatter.appendQuoted(memory.bytes(of: operand), into: &text.output)
        }
        let shown = truncated(memory.bytes(of: operand)).count
        let missing = max(0, width - UnsafeBufferPointer(rebasing: memory.bytes(of: operand)[..<shown]).characterCount)
        let isLeft = flags.contains(.minus)
        if !isLeft { text.append(template: UInt8(ascii: padsWithZeros ? "0" : " "), count: missing) }
        text.append(operand, 0..<shown, memory)
        if isLeft { text.append(template: UInt8(ascii: " "), count: missing) }
    }

    /// The first characters, as many as the precision allows.
    private func truncated(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let precision, precision < bytes.count else { return bytes }
        var offset = 0
        var left = precision
        while left > 0, offset < bytes.count {
            offset += DecodedScalar.decode(bytes, at: offset).length
            left -= 1
        }
        return UnsafeBufferPointer(rebasing: bytes[..<offset])
    }

    /// Takes away what was written since `start` and goes beyond the precision.
    func truncate(_ output: inout ByteBuffer, from start: Int) {
        let kept = output.withElements { truncated(UnsafeBufferPointer(rebasing: $0[start...])).count }
        output.truncate(to: start + kept)
    }

    private func append(quoted bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        let bytes = truncated(bytes)
        let start = output.count
        if flags.contains(.sharp), Quoting.canStandInBackquotes(bytes) {
            output.append(UInt8(ascii: "`"))
            output.append(bytes)
            output.append(UInt8(ascii: "`"))
        } else {
            Quoting.append(bytes, asciiOnly: flags.contains(.plus), into: &output)
        }
        pad(&output, from: start, zeros: true)
    }

    /// Two digits a byte; here the precision counts bytes.
    private func append(hexadecimal bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        let length = min(bytes.count, precision ?? bytes.count)
        guard length > 0 else { return appendPadding(&output, count: width) }
        let isSpaced = flags.contains(.space)
        let isPrefixed = flags.contains(.sharp)
        let prefixes = !isPrefixed ? 0 : isSpaced ? length : 1
        let characters = 2 * (length + prefixes) + (isSpaced ? length - 1 : 0)
        if !flags.contains(.minus) { appendPadding(&output, count: width - characters) }
        for index in 0..<length {
            if index > 0, isSpaced { output.append(UInt8(ascii: " ")) }
            if isPrefixed, index == 0 || isSpaced {
                output.append(verb == "X" ? "0X" as StaticString : "0x" as StaticString)
            }
            output.append(hexadecimal: UInt64(bytes[index]), digits: 2, uppercase: verb == "X")
        }
        if flags.contains(.minus) { appendPadding(&output, count: width - characters) }
    }
}
