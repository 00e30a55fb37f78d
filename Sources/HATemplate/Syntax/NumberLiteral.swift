/// A number in a template, with the type that its spelling gives it. Go: parse/node.go newNumber, exec.go idealConstant.
enum NumberLiteral: Sendable, Equatable {
    case int(Int)
    case float(Double)
    /// A positive integer that only an unsigned type could hold: legal to write, an error when it is used.
    case tooLargeForInt

    enum Mistake: Error {
        case malformed
        /// `08`
        case malformedOctal
        /// An integer that not even 64 unsigned bits hold.
        case overflow
        case complex
    }

    /// Reads the text of a number token.
    init(_ text: ArraySlice<UInt8>) throws(Mistake) {
        guard text.last != UInt8(ascii: "i") else { throw .complex }
        if let integer = Self.integer(text) {
            // Go distinguishes a hexadecimal integer from a float by the 0 that it begins with, so a sign makes -0x1e a float.
            let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
            if isSigned, case .int(let value) = integer, Self.hasExponentLetter(text) {
                self = .float(Double(value))
            } else {
                self = integer
            }
            return
        }
        guard let number = Self.floatingPoint(text) else { throw .malformed }
        guard Self.hasExponentLetter(text) else { throw Self.isBadOctal(text) ? .malformedOctal : .overflow }
        self = .float(number)
    }

    /// Whether an integer that could not be read begins as an octal one and goes on with other digits.
    private static func isBadOctal(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return digits.first == UInt8(ascii: "0")
            && digits.contains { $0 == UInt8(ascii: "8") || $0 == UInt8(ascii: "9") }
    }

    private static func hasExponentLetter(_ text: ArraySlice<UInt8>) -> Bool {
        let letters = Array(".eEpP".utf8)
        return text.contains(where: letters.contains)
    }

    /// An integer in base 2, 8, 10 or 16, after its prefix; nil when the text is none.
    static func integer(_ text: ArraySlice<UInt8>) -> NumberLiteral? {
        guard underscoresSeparateDigits(text) else { return nil }
        var digits = text
        var negative = false
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        let base = takeBase(&digits)
        var magnitude: UInt64 = 0
        var count = 0
        for byte in digits where byte != UInt8(ascii: "_") {
            guard let digit = hexDigitValue(byte), digit < base else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: UInt64(base))
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            magnitude = sum
            count += 1
        }
        guard count > 0 else { return nil }
        if negative {
            guard magnitude <= Int64.max.magnitude + 1 else { return nil }
            return .int(Int(truncatingIfNeeded: 0 &- magnitude))
        }
        return Int(exactly: magnitude).map { .int($0) } ?? .tooLargeForInt
    }

    /// Removes the prefix of a base. A lone zero has none; a leading zero means octal.
    private static func takeBase(_ digits: inout ArraySlice<UInt8>) -> UInt8 {
        guard digits.first == UInt8(ascii: "0"), digits.count > 1 else { return 10 }
        switch digits[digits.startIndex + 1] | 0x20 {
        case UInt8(ascii: "x"):
            digits = digits.dropFirst(2)
            return 16
        case UInt8(ascii: "o"):
            digits = digits.dropFirst(2)
            return 8
        case UInt8(ascii: "b"):
            digits = digits.dropFirst(2)
            return 2
        default:
            digits = digits.dropFirst(1)
            return 8
        }
    }

    /// A finite float, decimal or hexadecimal.
    static func floatingPoint(_ text: ArraySlice<UInt8>) -> Double? {
        guard underscoresSeparateDigits(text) else { return nil }
        let plain = text.filter { $0 != UInt8(ascii: "_") }
        let isHexadecimal = plain.contains { $0 | 0x20 == UInt8(ascii: "x") }
        if isHexadecimal, !plain.contains(where: { $0 | 0x20 == UInt8(ascii: "p") }) { return nil }
        let number = Double(String(decoding: plain, as: UTF8.self))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// An underscore stands between two digits, or after the prefix of a base. Go: strconv underscoreOK.
    private static func underscoresSeparateDigits(_ text: ArraySlice<UInt8>) -> Bool {
        enum Seen { case start, digit, underscore, other }
        var seen = Seen.start
        var rest = text
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var isHexadecimal = false
        if rest.first == UInt8(ascii: "0"), rest.count > 1 {
            let letter = rest[rest.startIndex + 1] | 0x20
            isHexadecimal = letter == UInt8(ascii: "x")
            if isHexadecimal || letter == UInt8(ascii: "o") || letter == UInt8(ascii: "b") {
                rest = rest.dropFirst(2)
                seen = .digit
            }
        }
        for byte in rest {
            if isDigit(byte) || (isHexadecimal && hexDigitValue(byte) != nil) {
                seen = .digit
            } else if byte == UInt8(ascii: "_") {
                guard seen == .digit else { return false }
                seen = .underscore
            } else {
                guard seen != .underscore else { return false }
                seen = .other
            }
        }
        return seen != .underscore
    }
}
