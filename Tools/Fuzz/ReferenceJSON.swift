/// JSON read rule by rule as RFC 8259 writes its grammar, slowly and by recursion, with what this program refuses
/// besides (COMPATIBILITY.md, "JSON is read strictly").
///
/// It shares nothing with the reader that it judges: UTF-8 and floats are left to the standard library, and whether an
/// integer fits is told from its digits.
indirect enum ReferenceJSON {
    case null, bool(Bool), int(Int), float(Double)
    case string([UInt8])
    case array([ReferenceJSON])
    case object([[UInt8]: ReferenceJSON])

    /// The value of a document; nil when it is to be refused.
    static func read(_ bytes: [UInt8]) -> ReferenceJSON? {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = ReferenceReader(rest: Array(text.unicodeScalars)[...])
        reader.space()
        guard let value = reader.value(depth: 0) else { return nil }
        reader.space()
        return reader.rest.isEmpty ? value : nil
    }
}

private struct ReferenceReader {
    var rest: ArraySlice<Unicode.Scalar>

    mutating func space() {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    }

    /// Takes what is wanted, if it comes next.
    private mutating func take(_ wanted: String) -> Bool {
        guard rest.starts(with: wanted.unicodeScalars) else { return false }
        rest = rest.dropFirst(wanted.unicodeScalars.count)
        return true
    }

    mutating func value(depth: Int) -> ReferenceJSON? {
        if take("null") { return .null }
        if take("true") { return .bool(true) }
        if take("false") { return .bool(false) }
        switch rest.first {
        case "\"": return string().map { .string($0) }
        case "[": return depth < 1_000 ? array(depth: depth + 1) : nil
        case "{": return depth < 1_000 ? object(depth: depth + 1) : nil
        default: return number()
        }
    }

    // array = begin-array [ value *( value-separator value ) ] end-array
    private mutating func array(depth: Int) -> ReferenceJSON? {
        guard take("[") else { return nil }
        var elements: [ReferenceJSON] = []
        space()
        if take("]") { return .array([]) }
        while true {
            space()
            guard let element = value(depth: depth) else { return nil }
            elements.append(element)
            space()
            if take("]") { return .array(elements) }
            guard take(",") else { return nil }
        }
    }

    // object = begin-object [ member *( value-separator member ) ] end-object
    private mutating func object(depth: Int) -> ReferenceJSON? {
        guard take("{") else { return nil }
        var members: [[UInt8]: ReferenceJSON] = [:]
        space()
        if take("}") { return .object([:]) }
        while true {
            space()
            guard let key = string() else { return nil }
            space()
            guard take(":") else { return nil }
            space()
            guard let value = value(depth: depth) else { return nil }
            guard members.updateValue(value, forKey: key) == nil else { return nil }
            space()
            if take("}") { return .object(members) }
            guard take(",") else { return nil }
        }
    }

    // string = quotation-mark *char quotation-mark
    private mutating func string() -> [UInt8]? {
        guard take("\"") else { return nil }
        var units: [UInt16] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
            case "\u{0}"..<" ": return nil
            case "\\":
                guard let unit = escaped() else { return nil }
                units.append(unit)
            default: units += String(scalar).utf16
            }
        }
        return nil
    }

    private mutating func escaped() -> UInt16? {
        switch rest.popFirst() {
        case "\"": return 0x22
        case "\\": return 0x5C
        case "/": return 0x2F
        case "b": return 0x08
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "u":
            let digits = rest.prefix(4)
            guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
            rest = rest.dropFirst(4)
            return UInt16(String(String.UnicodeScalarView(digits)), radix: 16)
        default: return nil
        }
    }

    // number = [ minus ] int [ frac ] [ exp ]
    private mutating func number() -> ReferenceJSON? {
        let start = rest
        let isNegative = take("-")
        let whole = digits()
        guard !whole.isEmpty, whole == "0" || !whole.hasPrefix("0") else { return nil }
        var isInteger = true
        if take(".") {
            isInteger = false
            if digits().isEmpty { return nil }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            if digits().isEmpty { return nil }
        }
        let text = String(String.UnicodeScalarView(start.prefix(start.count - rest.count)))
        guard isInteger else { return Double(text).flatMap { $0.isFinite ? .float($0) : nil } }
        let largest = isNegative ? "9223372036854775808" : "9223372036854775807"
        // Of numbers without leading zeros the one with more digits is larger.
        guard (whole.count, whole) <= (largest.count, largest) else { return nil }
        return Int(text).map { .int($0) }
    }

    private mutating func digits() -> String {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        return String(String.UnicodeScalarView(digits))
    }
}
