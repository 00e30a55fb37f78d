/// Integers. Go: fmt/format.go, fmtInteger, fmtUnicode, fmtC and fmtQc.
extension FormatDirective {
    /// Prints an integer value; false when the verb is none for integers.
    func append(integer value: Value, into output: inout ByteBuffer) -> Bool {
        let number = Int64(value.asInt)
        switch verb {
        case "v" where flags.contains(.goSyntax) && value.type == .uint8:
            var hexadecimal = self
            hexadecimal.flags.insert(.sharp)
            hexadecimal.append(number, base: 16, into: &output)
        case "v", "d":
            if isBare { output.append(decimal: value.asInt) } else { append(number, base: 10, into: &output) }
        case "b": append(number, base: 2, into: &output)
        case "o", "O": append(number, base: 8, into: &output)
        case "x", "X": append(number, base: 16, into: &output)
        case "c":
            let start = output.count
            output.append(character(number))
            pad(&output, from: start, zeros: true)
        case "q":
            let start = output.count
            Quoting.append(character(number), asciiOnly: flags.contains(.plus), into: &output)
            pad(&output, from: start, zeros: true)
        case "U": append(codePoint: UInt64(bitPattern: number), into: &output)
        default: return false
        }
        return true
    }

    /// The character with a number, U+FFFD when there is none.
    private func character(_ number: Int64) -> Unicode.Scalar {
        UInt32(exactly: number).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    }

    private func append(_ number: Int64, base: UInt64, into output: inout ByteBuffer) {
        let magnitude = number.magnitude
        let isSigned = number < 0 || flags.contains(.plus) || flags.contains(.space)
        var leastDigits = 1
        if let precision {
            guard precision > 0 || magnitude > 0 else {
                return output.append(repeating: UInt8(ascii: " "), count: width)
            }
            leastDigits = precision
        } else if padsWithZeros {
            leastDigits = width - (isSigned ? 1 : 0)
        }
        let start = output.count
        if isSigned { output.append(UInt8(ascii: number < 0 ? "-" : flags.contains(.plus) ? "+" : " ")) }
        let digits = Self.digitCount(magnitude, base: base)
        appendPrefix(base: base, hasLeadingZero: digits < leastDigits || magnitude == 0, into: &output)
        let first = output.count
        output.append(repeating: UInt8(ascii: "0"), count: max(digits, leastDigits))
        output.overwriteDigits(of: magnitude, base: base, uppercase: verb == "X", from: first)
        pad(&output, from: start, zeros: false)
    }

    private func appendPrefix(base: UInt64, hasLeadingZero: Bool, into output: inout ByteBuffer) {
        if verb == "O" { output.append("0o" as StaticString) }
        guard flags.contains(.sharp) else { return }
        switch base {
        case 2: output.append("0b" as StaticString)
        case 8: if !hasLeadingZero { output.append(UInt8(ascii: "0")) }
        case 16: output.append(verb == "X" ? "0X" as StaticString : "0x" as StaticString)
        default: break
        }
    }

    private static func digitCount(_ magnitude: UInt64, base: UInt64) -> Int {
        var digits = 1
        var rest = magnitude / base
        while rest > 0 {
            rest /= base
            digits += 1
        }
        return digits
    }

    /// `U+0078`, and with `#` the character itself.
    private func append(codePoint: UInt64, into output: inout ByteBuffer) {
        let start = output.count
        let digits = Self.digitCount(codePoint, base: 16)
        output.append("U+" as StaticString)
        output.append(repeating: UInt8(ascii: "0"), count: max(4, precision ?? 0) - digits)
        output.append(hexadecimal: codePoint, digits: digits, uppercase: true)
        if flags.contains(.sharp), let code = UInt32(exactly: codePoint), let scalar = Unicode.Scalar(code),
            PrintableScalars.contains(scalar)
        {
            output.append(" '" as StaticString)
            output.append(scalar)
            output.append(UInt8(ascii: "'"))
        }
        pad(&output, from: start, zeros: false)
    }
}

extension Buffer where Element == UInt8 {
    /// Writes a number's digits over the end of what was appended since `first`, the last digit last.
    fileprivate mutating func overwriteDigits(of number: UInt64, base radix: UInt64, uppercase: Bool, from first: Int) {
        var rest = number
        var cursor = count
        while cursor > first, rest > 0 {
            cursor -= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: radix)
            base[cursor] = hexadecimalDigit(remainder, uppercase: uppercase)
            rest = quotient
        }
    }
}
