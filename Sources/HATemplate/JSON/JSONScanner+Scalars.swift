extension JSONScanner {
    // MARK: Strings

    /// Reads a string whose opening quote is at the cursor.
    mutating func scanString(_ builder: inout DocumentBuilder) throws(Diagnostic) -> Value {
        let start = cursor + 1
        var end = start
        var hasHighBytes = false
        let limit = extent.upperBound
        source.withUnsafeBufferPointer { bytes in
            while end < limit {
                let byte = bytes[end]
                if byte == 0x22 || byte == 0x5C || byte < 0x20 { return }
                if byte >= 0x80 { hasHighBytes = true }
                end += 1
            }
        }
        if hasHighBytes { try checkUTF8(start..<end) }
        guard end < limit, source[end] != 0x5C else {
            return try scanEscapedString(start: start, plainEnd: end, &builder)
        }
        try checkTerminated(end)
        cursor = end + 1
        return Value(.string, start: start, count: end - start, pool: .source, origin: origin)
    }

    /// A string with escapes (or one that never ends): the text so far and the rest go to the decoded pool.
    private mutating func scanEscapedString(
        start: Int, plainEnd: Int, _ builder: inout DocumentBuilder
    ) throws(Diagnostic) -> Value {
        let decodedStart = builder.decoded.count
        builder.decoded.append(contentsOf: source[start..<plainEnd])
        var position = plainEnd
        while true {
            try checkTerminated(position)
            let byte = source[position]
            if byte == 0x22 { break }
            if byte == 0x5C {
                position = try scanEscape(at: position, into: &builder.decoded)
            } else {
                let runEnd = endOfPlainRun(from: position)
                try checkUTF8(position..<runEnd)
                builder.decoded.append(contentsOf: source[position..<runEnd])
                position = runEnd
            }
        }
        cursor = position + 1
        let count = builder.decoded.count - decodedStart
        return Value(.string, start: decodedStart, count: count, pool: .decoded, origin: origin)
    }

    private func endOfPlainRun(from start: Int) -> Int {
        var end = start
        while end < extent.upperBound, source[end] != 0x22, source[end] != 0x5C, source[end] >= 0x20 { end += 1 }
        return end
    }

    /// Inside a string there must be a byte, and it must not be a control character.
    private func checkTerminated(_ position: Int) throws(Diagnostic) {
        guard position < extent.upperBound else {
            throw error(.jsonUnexpectedEnd, "the string that begins here is not closed", at: cursor..<(cursor + 1))
        }
        let byte = source[position]
        guard byte < 0x20 else { return }
        if byte == 0x0A || byte == 0x0D {
            throw error(
                .jsonSyntax, "the string that begins here is not closed on its line; write a line break as \\n",
                at: cursor..<position)
        }
        throw error(
            .jsonSyntax, "a control character in a string must be written as an escape such as \\t",
            at: position..<(position + 1))
    }

    /// Decodes one escape; returns the position after it.
    private func scanEscape(at start: Int, into decoded: inout [UInt8]) throws(Diagnostic) -> Int {
        guard start + 1 < extent.upperBound else {
            throw error(.jsonUnexpectedEnd, "the string that begins here is not closed", at: cursor..<(cursor + 1))
        }
        let byte = source[start + 1]
        if byte == UInt8(ascii: "u") { return try scanUnicodeEscape(at: start, into: &decoded) }
        guard let plain = Self.simpleEscape(byte) else {
            let width = byte < 0x80 ? 2 : 1
            throw error(
                .jsonSyntax, "unknown escape in a string; a backslash itself is written \\\\",
                at: start..<(start + width))
        }
        decoded.append(plain)
        return start + 2
    }

    private static func simpleEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private func scanUnicodeEscape(at start: Int, into decoded: inout [UInt8]) throws(Diagnostic) -> Int {
        let first = try hexDigits(at: start)
        var end = start + 6
        var code = UInt32(first)
        if (0xD800...0xDBFF).contains(first) {
            let pairs = end + 1 < extent.upperBound && source[end] == 0x5C && source[end + 1] == UInt8(ascii: "u")
            if pairs {
                let second = try hexDigits(at: end)
                if (0xDC00...0xDFFF).contains(second) {
                    code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                    end += 6
                }
            }
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw error(
                .jsonLoneSurrogate, "this escape is half of a surrogate pair; the other half is missing",
                at: start..<(start + 6))
        }
        decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return end
    }

    /// The four digits after `\u` at `start`.
    private func hexDigits(at start: Int) throws(Diagnostic) -> UInt16 {
        var code: UInt16 = 0
        for position in (start + 2)..<(start + 6) {
            guard position < extent.upperBound, let digit = hexDigitValue(source[position]) else {
                let end = min(position + 1, extent.upperBound)
                throw error(.jsonSyntax, "\\u needs four hexadecimal digits", at: start..<end)
            }
            code = code << 4 | UInt16(digit)
        }
        return code
    }

    private func checkUTF8(_ range: Range<Int>) throws(Diagnostic) {
        let offset = source.withUnsafeBufferPointer { firstInvalidUTF8(UnsafeBufferPointer(rebasing: $0[range])) }
        guard let offset else { return }
        let position = range.lowerBound + offset
        throw error(
            .jsonInvalidUTF8, "this byte is not UTF-8; save the file as UTF-8", at: position..<(position + 1))
    }

    // MARK: Numbers

    /// Reads a number at the cursor; returns whether it is a float.
    mutating func scanNumber() throws(Diagnostic) -> Bool {
        let start = cursor
        if source[cursor] == UInt8(ascii: "-") { cursor += 1 }
        let integerStart = cursor
        try requireDigits("a number needs a digit here")
        if source[integerStart] == UInt8(ascii: "0"), cursor - integerStart > 1 {
            throw error(.jsonSyntax, "a number must not begin with 0", at: start..<cursor)
        }
        var isFloat = false
        if peek(UInt8(ascii: ".")) {
            isFloat = true
            cursor += 1
            try requireDigits("a digit must follow the decimal point")
        }
        if peek(UInt8(ascii: "e")) || peek(UInt8(ascii: "E")) {
            isFloat = true
            cursor += 1
            if peek(UInt8(ascii: "+")) || peek(UInt8(ascii: "-")) { cursor += 1 }
            try requireDigits("a digit must follow the exponent sign")
        }
        if isFloat { try setFloat(start..<cursor) } else { try setInteger(start..<cursor) }
        return isFloat
    }

    private func peek(_ byte: UInt8) -> Bool {
        cursor < extent.upperBound && source[cursor] == byte
    }

    private mutating func requireDigits(_ message: String) throws(Diagnostic) {
        let start = cursor
        while cursor < extent.upperBound, (0x30...0x39).contains(source[cursor]) { cursor += 1 }
        guard cursor > start else {
            throw error(.jsonSyntax, message, at: cursor..<min(cursor + 1, extent.upperBound))
        }
    }

    private mutating func setInteger(_ range: Range<Int>) throws(Diagnostic) {
        let negative = source[range.lowerBound] == UInt8(ascii: "-")
        var result = 0
        for byte in source[(range.lowerBound + (negative ? 1 : 0))..<range.upperBound] {
            let digit = Int(byte &- 0x30)
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                negative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflow, !carry else {
                throw error(
                    .jsonNumberOutOfRange,
                    "this integer does not fit in 64 bits; write it as a string or with an exponent", at: range)
            }
            result = sum
        }
        setValue(.int(result))
    }

    private mutating func setFloat(_ range: Range<Int>) throws(Diagnostic) {
        let text = String(decoding: source[range], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw error(.jsonNumberOutOfRange, "this number is too large for a 64-bit float", at: range)
        }
        setValue(.float(number))
    }
}

/// The value of a hexadecimal digit.
func hexDigitValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
