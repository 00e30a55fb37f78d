/// Floats. Go: fmt/format.go, fmtFloat; strconv's ftoa.go.
extension FormatDirective {
    /// The ways to write a finite number.
    private enum FloatStyle {
        /// `%b`: mantissa and power of two, in decimal.
        case binary
        /// `%x`
        case hexadecimal
        /// `%e`
        case scientific
        /// `%f`
        case fixed
        /// `%g`: whichever of the two is shorter.
        case general
    }

    /// Prints a float; false when the verb is none for floats.
    func append(float value: Double, into output: inout ByteBuffer) -> Bool {
        let style: FloatStyle
        switch verb {
        case "v", "g", "G": style = .general
        case "e", "E": style = .scientific
        case "f", "F": style = .fixed
        case "b": style = .binary
        case "x", "X": style = .hexadecimal
        default: return false
        }
        let start = output.count
        appendSign(of: value, into: &output)
        let bodyStart = output.count
        guard value.isFinite else {
            output.append(value.isNaN ? "NaN" as StaticString : "Inf" as StaticString)
            pad(&output, from: start, zeros: false)
            return true
        }
        append(value, style, into: &output)
        // Zeros stand between sign and digits.
        let missing = width - (output.count - start)
        if padsWithZeros {
            output.insert(repeating: UInt8(ascii: "0"), count: missing, at: bodyStart)
        } else {
            pad(&output, from: start, zeros: false)
        }
        return true
    }

    private func appendSign(of value: Double, into output: inout ByteBuffer) {
        if value.sign == .minus, !value.isNaN {
            output.append(UInt8(ascii: "-"))
        } else if flags.contains(.plus) {
            output.append(UInt8(ascii: "+"))
        } else if flags.contains(.space) {
            output.append(UInt8(ascii: " "))
        } else if value.isInfinite {
            output.append(UInt8(ascii: "+"))
        }
    }

    private func append(_ value: Double, _ style: FloatStyle, into output: inout ByteBuffer) {
        switch style {
        case .binary:
            let parts = BinaryParts(value)
            output.append(decimal: Int(truncatingIfNeeded: parts.mantissa))
            output.append(UInt8(ascii: "p"))
            if parts.exponent >= 0 { output.append(UInt8(ascii: "+")) }
            output.append(decimal: parts.exponent)
        case .hexadecimal:
            appendHexadecimal(value, into: &output)
        case .scientific, .fixed, .general:
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalDigits.capacity) { storage in
                guard let storage = storage.baseAddress else { return }
                if style == .general, precision == nil {
                    append(DecimalDigits(shortest: value, in: storage), style, into: &output)
                } else {
                    append(DecimalDigits(exact: value, in: storage), style, into: &output)
                }
            }
        }
    }

    // MARK: Decimal

    /// The fewest digits that read back as the same float, never with an exponent. Go: strconv.FormatFloat, 'f', -1.
    static func append(plain value: Double, into output: inout ByteBuffer) {
        guard value.isFinite else { return output.append(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf") }
        if value.sign == .minus { output.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalDigits.capacity) { storage in
            guard let storage = storage.baseAddress else { return }
            let digits = DecimalDigits(shortest: value, in: storage)
            plain.append(fixed: digits, fraction: max(digits.count - digits.point, 0), into: &output)
        }
    }

    /// How many digits stand after the point in the shortest way to write a float without exponent.
    static func fraction(ofShortest value: Double) -> Int {
        guard value.isFinite else { return 0 }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalDigits.capacity) { storage in
            guard let storage = storage.baseAddress else { return 0 }
            let digits = DecimalDigits(shortest: value, in: storage)
            return max(digits.count - digits.point, 0)
        }
    }

    private func append(_ digits: DecimalDigits, _ style: FloatStyle, into output: inout ByteBuffer) {
        var digits = digits
        switch style {
        case .scientific:
            let fraction = precision ?? 6
            digits.round(to: fraction + 1)
            append(scientific: digits, fraction: fraction, into: &output)
        case .fixed:
            let fraction = precision ?? 6
            digits.round(to: digits.point + fraction)
            append(fixed: digits, fraction: fraction, into: &output)
        default:
            if let precision { digits.round(to: max(precision, 1)) }
            let exponent = digits.point - 1
            if exponent < -4 || exponent >= scientificThreshold(digits) {
                append(scientific: digits, fraction: digits.count - 1, into: &output)
            } else {
                append(fixed: digits, fraction: max(digits.count - digits.point, 0), into: &output)
            }
        }
    }

    /// The exponent from which on `%g` writes it out: the precision or, for a number with fewer digits that has none
    /// before the point left open, their count. The shortest form counts as one of 6 digits.
    private func scientificThreshold(_ digits: DecimalDigits) -> Int {
        guard let precision else { return 6 }
        let significant = max(precision, 1)
        return significant > digits.count && digits.count >= digits.point ? digits.count : significant
    }

    private func append(scientific digits: DecimalDigits, fraction: Int, into output: inout ByteBuffer) {
        let start = output.count
        if digits.count == 0 { output.append(UInt8(ascii: "0")) } else { output.append(digits[0..<1]) }
        if fraction > 0 {
            output.append(UInt8(ascii: "."))
            let shown = digits[1..<max(1, min(digits.count, fraction + 1))]
            output.append(shown)
            output.append(repeating: UInt8(ascii: "0"), count: fraction - shown.count)
        }
        keepPoint(&output, from: start)
        let isUppercase = verb == "E" || verb == "G"
        append(exponent: digits.count == 0 ? 0 : digits.point - 1, isUppercase ? "E" : "e", into: &output)
    }

    private func append(fixed digits: DecimalDigits, fraction: Int, into output: inout ByteBuffer) {
        let start = output.count
        if digits.point > 0 {
            let whole = digits[0..<digits.point]
            output.append(whole)
            output.append(repeating: UInt8(ascii: "0"), count: digits.point - whole.count)
        } else {
            output.append(UInt8(ascii: "0"))
        }
        if fraction > 0 {
            output.append(UInt8(ascii: "."))
            let zeros = min(fraction, max(0, -digits.point))
            let first = max(digits.point, 0)
            let shown = digits[first..<(first + fraction - zeros)]
            output.append(repeating: UInt8(ascii: "0"), count: zeros)
            output.append(shown)
            output.append(repeating: UInt8(ascii: "0"), count: fraction - zeros - shown.count)
        }
        keepPoint(&output, from: start)
    }

    /// An exponent of two digits or more.
    private func append(exponent: Int, _ letter: Unicode.Scalar, into output: inout ByteBuffer) {
        output.append(letter)
        output.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        let magnitude = abs(exponent)
        if magnitude < 10 { output.append(UInt8(ascii: "0")) }
        output.append(decimal: magnitude)
    }

    /// The flag `#`: a decimal point always, and with `%g` and `%x` the zeros that they leave off.
    ///
    /// As Go counts them, the `x` of `0x` is a digit too.
    private func keepPoint(_ output: inout ByteBuffer, from start: Int) {
        guard flags.contains(.sharp) else { return }
        var missing = 0
        switch verb {
        case "v", "g", "G", "x": missing = precision ?? 6
        default: break
        }
        let (hasPoint, significant) = output.withElements { bytes in
            let body = bytes[start...]
            let digits = body.lazy.filter { $0 != UInt8(ascii: ".") }
            return (body.contains(UInt8(ascii: ".")), digits.drop { $0 == UInt8(ascii: "0") }.count)
        }
        missing -= significant
        if !hasPoint {
            if output.count == start + 1, significant == 0 { missing -= 1 }
            output.append(UInt8(ascii: "."))
        }
        output.append(repeating: UInt8(ascii: "0"), count: missing)
    }

    // MARK: Hexadecimal

    private func appendHexadecimal(_ value: Double, into output: inout ByteBuffer) {
        let isUppercase = verb == "X"
        // The leading digit, 0 or 1, stands at bit 60.
        var mantissa: UInt64 = 0
        var exponent = 0
        if value != 0 {
            mantissa = 1 << 60 | value.magnitude.significand.significandBitPattern << 8
            exponent = Int(value.exponent)
        }
        if let precision, precision < 15 {
            let unit: UInt64 = 1 << (60 - 4 * precision)
            let rest = mantissa % unit
            mantissa -= rest
            if rest > unit / 2 || (rest == unit / 2 && mantissa & unit != 0) { mantissa += unit }
            if mantissa >= 1 << 61 {
                mantissa >>= 1
                exponent += 1
            }
        }
        let start = output.count
        output.append(isUppercase ? "0X" as StaticString : "0x" as StaticString)
        output.append(hexadecimal: mantissa >> 60, digits: 1)
        let fraction = mantissa << 4
        let digits = precision ?? (67 - fraction.trailingZeroBitCount) / 4
        if digits > 0 {
            output.append(UInt8(ascii: "."))
            let shown = min(digits, 15)
            output.append(hexadecimal: fraction >> (64 - 4 * shown), digits: shown, uppercase: isUppercase)
            output.append(repeating: UInt8(ascii: "0"), count: digits - shown)
        }
        keepPoint(&output, from: start)
        append(exponent: exponent, isUppercase ? "P" : "p", into: &output)
    }
}
