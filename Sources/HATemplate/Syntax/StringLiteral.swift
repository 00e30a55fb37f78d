/// The text of a quoted string or character constant. Go: strconv.Unquote and UnquoteChar.
enum StringLiteral {
    /// A mistake and where it is, as an offset range into the literal.
    struct Mistake: Error {
        let message: String
        let range: Range<Int>
    }

    /// The bytes of a raw string, without its back quotes and without carriage returns.
    static func raw(_ literal: ArraySlice<UInt8>) -> [UInt8] {
        literal.dropFirst().dropLast().filter { $0 != 0x0D }
    }

    /// The bytes of an interpreted string. Bytes that are no UTF-8 become U+FFFD, as in Go.
    static func interpreted(_ literal: ArraySlice<UInt8>) throws(Mistake) -> [UInt8] {
        let content = Array(literal.dropFirst().dropLast())
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var offset = 0
        while offset < content.count {
            let unit = try unit(content, at: offset, quote: UInt8(ascii: "\""))
            switch unit.value {
            case .byte(let byte): result.append(byte)
            case .scalar(let scalar): result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
            offset += unit.length
        }
        return result
    }

    /// The number of a character constant.
    static func character(_ literal: ArraySlice<UInt8>) throws(Mistake) -> Int {
        let content = Array(literal.dropFirst().dropLast())
        guard !content.isEmpty else { throw Mistake(message: oneCharacter, range: 0..<2) }
        let unit = try unit(content, at: 0, quote: UInt8(ascii: "'"))
        guard unit.length == content.count else {
            throw Mistake(message: oneCharacter, range: 0..<literal.count)
        }
        switch unit.value {
        case .byte(let byte): return Int(byte)
        case .scalar(let scalar): return Int(scalar.value)
        }
    }

    private static let oneCharacter = "single quotes hold one character; a string stands in double quotes"

    /// Where in a literal, raw or not, a byte of its value stands; one past the value gives the closing quote.
    static func offset(ofByte index: Int, in literal: ArraySlice<UInt8>) -> Int {
        let isRaw = literal.first == UInt8(ascii: "`")
        let content = Array(literal.dropFirst().dropLast())
        var offset = 0
        var count = 0
        while offset < content.count {
            var length = 1
            var bytes = 1
            if isRaw {
                bytes = content[offset] == 0x0D ? 0 : 1
            } else if let unit = try? unit(content, at: offset, quote: UInt8(ascii: "\"")) {
                length = unit.length
                if case .scalar(let scalar) = unit.value { bytes = UTF8.width(scalar) }
            }
            if count + bytes > index { break }
            count += bytes
            offset += length
        }
        return offset + 1
    }

    private enum UnitValue {
        case byte(UInt8)
        case scalar(Unicode.Scalar)
    }

    private static func unit(
        _ content: [UInt8], at offset: Int, quote: UInt8
    ) throws(Mistake) -> (value: UnitValue, length: Int) {
        let byte = content[offset]
        guard byte == UInt8(ascii: "\\") else {
            if byte == quote || byte == 0x0A {
                throw Mistake(message: "this character needs a backslash", range: (offset + 1)..<(offset + 2))
            }
            let decoded = content.withUnsafeBufferPointer { DecodedScalar.decode($0, at: offset) }
            return (.scalar(decoded.scalar), decoded.length)
        }
        guard offset + 1 < content.count else { throw unknownEscape(offset, 1) }
        let letter = content[offset + 1]
        switch letter {
        case UInt8(ascii: "a"): return (.byte(0x07), 2)
        case UInt8(ascii: "b"): return (.byte(0x08), 2)
        case UInt8(ascii: "f"): return (.byte(0x0C), 2)
        case UInt8(ascii: "n"): return (.byte(0x0A), 2)
        case UInt8(ascii: "r"): return (.byte(0x0D), 2)
        case UInt8(ascii: "t"): return (.byte(0x09), 2)
        case UInt8(ascii: "v"): return (.byte(0x0B), 2)
        case UInt8(ascii: "\\"): return (.byte(letter), 2)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            guard letter == quote else { throw unknownEscape(offset, 2) }
            return (.byte(letter), 2)
        case UInt8(ascii: "x"):
            return (.byte(UInt8(truncatingIfNeeded: try digits(content, offset, count: 2, base: 16, skip: 2))), 4)
        case UInt8(ascii: "u"): return (.scalar(try scalar(content, offset, count: 4)), 6)
        case UInt8(ascii: "U"): return (.scalar(try scalar(content, offset, count: 8)), 10)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            let code = try digits(content, offset, count: 3, base: 8, skip: 1)
            guard code < 256 else { throw unknownEscape(offset, 4) }
            return (.byte(UInt8(truncatingIfNeeded: code)), 4)
        default:
            throw unknownEscape(offset, 2)
        }
    }

    private static func scalar(_ content: [UInt8], _ offset: Int, count: Int) throws(Mistake) -> Unicode.Scalar {
        let code = try digits(content, offset, count: count, base: 16, skip: 2)
        guard let scalar = Unicode.Scalar(code) else {
            throw Mistake(message: "this escape names no character", range: (offset + 1)..<(offset + 3 + count))
        }
        return scalar
    }

    private static func digits(
        _ content: [UInt8], _ offset: Int, count: Int, base: UInt32, skip: Int
    ) throws(Mistake) -> UInt32 {
        var code: UInt32 = 0
        for index in (offset + skip)..<(offset + skip + count) {
            guard index < content.count, let digit = hexDigitValue(content[index]), UInt32(digit) < base else {
                let kind = base == 16 ? "hexadecimal" : "octal"
                throw Mistake(
                    message: "this escape needs \(count) \(kind) digits",
                    range: (offset + 1)..<(min(index, content.count) + 1))
            }
            code = code &* base &+ UInt32(digit)
        }
        return code
    }

    private static func unknownEscape(_ offset: Int, _ length: Int) -> Mistake {
        Mistake(
            message: "unknown escape; a backslash itself is written \\\\", range: (offset + 1)..<(offset + 1 + length))
    }
}
