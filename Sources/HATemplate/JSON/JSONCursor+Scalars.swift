extension JSONCursor {
    // MARK: Strings

    /// Reads a string whose opening quote is at the cursor.
    @inline(__always)
    mutating func scanString(
        _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> Value {
        let start = position + 1
        let runEnd = text.endOfPlainRun(from: start, end: end)
        isPlainText = runEnd < end && text[runEnd] == UInt8(ascii: "\"")
        guard isPlainText else { return try scanUnusualString(plainEnd: runEnd, text, &builder) }
        return plainString(start..<runEnd)
    }

    /// A string that has no escapes.
    @inline(__always)
    private mutating func plainString(_ range: Range<Int>) -> Value {
        position = range.upperBound + 1
        return Value(.string, start: range.lowerBound, count: range.count, pool: .source, origin: origin)
    }

    /// The rest of a string that has more in it than printable ASCII.
    @inline(never)
    private mutating func scanUnusualString(
        plainEnd: Int, _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> Value {
        let start = position + 1
        var offset = plainEnd
        while true {
            guard offset < end else { throw unclosedString() }
            let byte = text[offset]
            if byte == UInt8(ascii: "\"") { break }
            if byte >= 0x80 {
                let decoded = DecodedScalar.decode(UnsafeBufferPointer(rebasing: text[..<end]), at: offset)
                guard decoded.isValid else { throw brokenString(invalidUTF8(at: offset), from: offset, text) }
                offset += decoded.length
            } else if byte == UInt8(ascii: "\\") {
                return try scanEscapedString(start: start, plainEnd: offset, text, &builder)
            } else if byte == Self.delete {
                offset += 1
            } else {
                throw controlCharacter(at: offset, text)
            }
            offset = text.endOfPlainRun(from: offset, end: end)
        }
        return plainString(start..<offset)
    }

    /// U+007F, the one control character that JSON lets stand in a string.
    private static let delete: UInt8 = 0x7F

    /// A string with escapes: the text so far and the rest go to the decoded pool.
    private mutating func scanEscapedString(
        start: Int, plainEnd: Int, _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> Value {
        let decodedStart = builder.decoded.count
        builder.decoded.append(contentsOf: text[start..<plainEnd])
        var offset = plainEnd
        var runStart = plainEnd
        while true {
            offset = text.endOfPlainRun(from: offset, end: end)
            guard offset < end else { throw unclosedString() }
            let byte = text[offset]
            if byte >= 0x80 {
                let decoded = DecodedScalar.decode(UnsafeBufferPointer(rebasing: text[..<end]), at: offset)
                guard decoded.isValid else { throw brokenString(invalidUTF8(at: offset), from: offset, text) }
                offset += decoded.length
                continue
            }
            if byte == Self.delete {
                offset += 1
                continue
            }
            builder.decoded.append(contentsOf: text[runStart..<offset])
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else { throw controlCharacter(at: offset, text) }
            offset = try scanEscape(at: offset, text, into: &builder.decoded)
            runStart = offset
        }
        position = offset + 1
        let count = builder.decoded.count - decodedStart
        return Value(.string, start: decodedStart, count: count, pool: .decoded, origin: origin)
    }

    /// Decodes one escape; returns the offset after it.
    private mutating func scanEscape(
        at start: Int, _ text: UnsafeBufferPointer<UInt8>, into decoded: inout [UInt8]
    ) throws(JSONFault) -> Int {
        guard start + 1 < end else { throw unclosedString() }
        let byte = text[start + 1]
        if byte == UInt8(ascii: "u") { return try scanUnicodeEscape(at: start, text, into: &decoded) }
        guard let plain = Self.simpleEscape(byte) else {
            let width = byte < 0x80 ? 2 : 1
            throw JSONFault(
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

    private mutating func scanUnicodeEscape(
        at start: Int, _ text: UnsafeBufferPointer<UInt8>, into decoded: inout [UInt8]
    ) throws(JSONFault) -> Int {
        let first = try hexDigits(at: start, text)
        var next = start + 6
        var code = UInt32(first)
        if (0xD800...0xDBFF).contains(first), next + 1 < end, text[next] == UInt8(ascii: "\\"),
            text[next + 1] == UInt8(ascii: "u")
        {
            let second = try hexDigits(at: next, text)
            if (0xDC00...0xDFFF).contains(second) {
                code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                next += 6
            }
        }
        guard let scalar = Unicode.Scalar(code) else {
            let fault = JSONFault(
                .jsonLoneSurrogate, "this escape is half of a surrogate pair; the other half is missing",
                at: start..<(start + 6))
            throw brokenString(fault, from: start, text)
        }
        decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return next
    }

    /// The four digits after `\u` at `start`.
    private func hexDigits(at start: Int, _ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> UInt16 {
        var code: UInt16 = 0
        for offset in (start + 2)..<(start + 6) {
            guard offset < end, let digit = hexDigitValue(text[offset]) else {
                throw JSONFault(.jsonSyntax, "\\u needs four hexadecimal digits", at: start..<min(offset + 1, end))
            }
            code = code << 4 | UInt16(digit)
        }
        return code
    }

    // MARK: Faults of strings

    private func unclosedString() -> JSONFault {
        JSONFault(.jsonUnexpectedEnd, "the string that begins here is not closed", at: position..<(position + 1))
    }

    private func controlCharacter(at offset: Int, _ text: UnsafeBufferPointer<UInt8>) -> JSONFault {
        if text[offset] == 0x0A || text[offset] == 0x0D {
            return JSONFault(
                .jsonSyntax, "the string that begins here is not closed on its line; write a line break as \\n",
                at: position..<offset)
        }
        return JSONFault(
            .jsonSyntax, "a control character in a string must be written as an escape such as \\t",
            at: offset..<(offset + 1))
    }

    func invalidUTF8(at offset: Int) -> JSONFault {
        JSONFault(.jsonInvalidUTF8, "this byte is not UTF-8; save the file as UTF-8", at: offset..<(offset + 1))
    }

    /// Goes after the string whose text from `offset` on is broken, so that reading can go on there.
    private mutating func brokenString(
        _ fault: JSONFault, from offset: Int, _ text: UnsafeBufferPointer<UInt8>
    ) -> JSONFault {
        var offset = offset
        while offset < end, text[offset] >= 0x20, text[offset] != UInt8(ascii: "\"") {
            offset += text[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard offset < end, text[offset] == UInt8(ascii: "\"") else { return fault }
        position = offset + 1
        return fault.recoverable
    }

    // MARK: Numbers

    /// Reads a number at the cursor: an int or a float.
    mutating func scanNumber(_ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> Value {
        let start = position
        let negative = text[start] == UInt8(ascii: "-")
        let digits = negative ? start + 1 : start
        var offset = digits
        var magnitude: UInt64 = 0
        while offset < end {
            let digit = text[offset] &- 0x30
            if digit > 9 { break }
            magnitude = magnitude &* 10 &+ UInt64(digit)  // exact up to 19 digits
            offset += 1
        }
        position = offset
        guard offset > digits else { throw missingDigit("a number needs a digit here") }
        if text[digits] == 0x30, offset - digits > 1 {
            throw JSONFault(.jsonSyntax, "a number must not begin with 0", at: start..<offset)
        }
        if offset < end, text[offset] == UInt8(ascii: ".") || text[offset] | 0x20 == UInt8(ascii: "e") {
            return try scanFloat(start: start, text)
        }
        let limit = Int64.max.magnitude + (negative ? 1 : 0)
        guard offset - digits <= 19, magnitude <= limit else {
            throw JSONFault(
                .jsonNumberOutOfRange,
                "this integer does not fit in 64 bits; write it as a string or with an exponent", at: start..<offset
            ).recoverable
        }
        let number = Int64(truncatingIfNeeded: negative ? 0 &- magnitude : magnitude)
        return Value(.int, payload: UInt64(bitPattern: number), origin: origin)
    }

    /// The rest of a number that has a point or an exponent at the cursor.
    private mutating func scanFloat(start: Int, _ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> Value {
        if text[position] == UInt8(ascii: ".") {
            position += 1
            try requireDigits("a digit must follow the decimal point", text)
        }
        if position < end, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
                position += 1
            }
            try requireDigits("a digit must follow the exponent sign", text)
        }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        guard let number = Double(digits), number.isFinite else {
            throw JSONFault(
                .jsonNumberOutOfRange, "this number is too large for a 64-bit float", at: start..<position
            ).recoverable
        }
        return Value.float(number).withOrigin(origin)
    }

    private mutating func requireDigits(
        _ message: String, _ text: UnsafeBufferPointer<UInt8>
    ) throws(JSONFault) {
        let start = position
        while position < end, text[position] &- 0x30 <= 9 { position += 1 }
        guard position > start else { throw missingDigit(message) }
    }

    private func missingDigit(_ message: String) -> JSONFault {
        JSONFault(.jsonSyntax, message, at: position..<min(position + 1, end))
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
