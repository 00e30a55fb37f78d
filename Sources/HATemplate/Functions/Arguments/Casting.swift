/// How Hugo's functions take their arguments: as what they need, when the value can be read as that.
///
/// spf13/cast, as Hugo 0.168 uses it.
enum Casting {
    /// A value as an integer; nil when it is none: nil is 0, a float loses its fraction, a string may be written as Go
    /// writes integers (`012` is octal) and with decimals, which are dropped.
    static func integer(_ value: Value, _ memory: Memory) -> Int? {
        switch value.kind {
        case .missing, .null: 0
        case .bool: value.asBool ? 1 : 0
        case .int: value.asInt
        case .float: Int(exactly: value.asFloat.rounded(.towardZero))
        case .string: integer(text: memory.bytes(of: value))
        case .list, .map, .record, .time: nil
        }
    }

    /// A value as a float; nil when it is none: nil is 0, a string has Go's syntax.
    static func float(_ value: Value, _ memory: Memory) -> Double? {
        switch value.kind {
        case .missing, .null: 0
        case .bool: value.asBool ? 1 : 0
        case .int: Double(value.asInt)
        case .float: value.asFloat
        case .string: float(text: memory.bytes(of: value))
        case .list, .map, .record, .time: nil
        }
    }

    /// A value as a bool; nil when it is none: nil and 0 are false, strings are the words of Go's strconv.ParseBool.
    static func truth(_ value: Value, _ memory: Memory) -> Bool? {
        switch value.kind {
        case .missing, .null: false
        case .bool, .int: value.payload != 0
        case .float: value.asFloat != 0
        case .string: truth(text: memory.bytes(of: value))
        case .list, .map, .record, .time: nil
        }
    }

    /// A value as a string value; nil when it is none: nil is empty, a float never has an exponent.
    static func text(_ value: Value, _ memory: Memory) -> Value? {
        switch value.kind {
        case .string: value
        case .missing, .null: memory.makeString([], origin: value.origin)
        case .bool, .int, .time:
            memory.makeText { text in
                Formatter.append(value, memory, into: &text.output)
                text.mark(value, memory)
            }.withOrigin(value.origin)
        case .float:
            memory.makeText { text in
                append(float: value, memory, into: &text.output)
                text.mark(value, memory)
            }.withOrigin(value.origin)
        case .list, .map, .record: nil
        }
    }

    /// A float without exponent, or as it was typed.
    static func append(float value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        if let text = memory.typedText(of: value) { return output.append(memory.bytes(of: text)) }
        if !value.asFloat.isFinite { memory.printsNonsense(.number) }
        FormatDirective.append(plain: value.asFloat, into: &output)
    }

    // MARK: Text

    /// An integer in Go's syntax, with or without decimals; empty text is 0.
    static func integer(text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !text.isEmpty else { return 0 }
        let whole = withoutDecimals(text)
        // What has only a decimal point or decimals.
        guard !whole.isEmpty else { return 0 }
        guard case .int(let number) = NumberLiteral.integer(Array(whole)[...]) else { return nil }
        return number
    }

    /// Removes a point and the digits after it, where nothing but digits stands around them.
    private static func withoutDecimals(_ text: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
        guard let point = text.firstIndex(of: UInt8(ascii: ".")),
            text[(isSigned ? 1 : 0)..<point].allSatisfy(isDigit), text[(point + 1)...].allSatisfy(isDigit)
        else { return text[...] }
        return text[..<point]
    }

    /// A float in Go's syntax, infinite or not a number where it says so; empty text is 0. Go: strconv.ParseFloat.
    static func float(text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let first = text.first else { return 0 }
        let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        let word = String(decoding: text[(isSigned ? 1 : 0)...].map { $0 | 0x20 }, as: UTF8.self)
        switch word {
        case "inf", "infinity": return first == UInt8(ascii: "-") ? -.infinity : .infinity
        case "nan" where !isSigned: return .nan
        default: return NumberLiteral.floatingPoint(Array(text)[...])
        }
    }

    /// Go: strconv.ParseBool; empty text is no bool.
    static func truth(text: UnsafeBufferPointer<UInt8>) -> Bool? {
        switch String(decoding: text, as: UTF8.self) {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}

extension CallContext {
    /// Argument `index` as a string value; itself when it is one.
    func text(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> Value {
        if arguments[index].kind == .string { return arguments[index] }
        guard let text = Casting.text(arguments[index], memory) else {
            throw wrongArgument(index, expected: "text", given: arguments[index])
        }
        return text
    }

    /// Argument `index` as an integer.
    func integer(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> Int {
        if arguments[index].kind == .int { return arguments[index].asInt }
        guard let integer = Casting.integer(arguments[index], memory) else {
            throw unreadable(index, expected: "an integer", given: arguments[index])
        }
        return integer
    }

    /// Argument `index` as a float.
    func float(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> Double {
        if arguments[index].kind == .float { return arguments[index].asFloat }
        guard let float = Casting.float(arguments[index], memory) else {
            throw unreadable(index, expected: "a number", given: arguments[index])
        }
        return float
    }

    /// Argument `index` as a bool.
    func truth(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> Bool {
        guard let truth = Casting.truth(arguments[index], memory) else {
            throw unreadable(index, expected: "true or false", given: arguments[index])
        }
        return truth
    }

    /// The error for an argument that is of a right type but does not say what is needed; it shows the value.
    func unreadable(_ index: Int, expected: String, given: Value) -> RuntimeError {
        switch given.kind {
        case .string:
            let shown = memory.bytes(of: given)
            let text = ByteBuffer.text { output in
                output.append("string " as StaticString)
                Formatter.appendQuoted(UnsafeBufferPointer(rebasing: shown.prefix(60)), into: &output)
                if shown.count > 60 { output.append("…") }
            }
            return .wrongArgument(index + 1, expected: expected, given: text)
        case .bool, .int, .float:
            let text = ByteBuffer.text { output in
                output.appendTypeName(of: given, memory)
                output.append(UInt8(ascii: " "))
                Formatter.append(given, memory, into: &output)
            }
            return .wrongArgument(index + 1, expected: expected, given: text)
        default:
            return wrongArgument(index, expected: expected, given: given)
        }
    }
}

extension Buffer where Element == UInt8 {
    /// What `write` appends, as text for messages.
    static func text(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 64)
        write(&buffer)
        return buffer.withElements { String(decoding: $0, as: UTF8.self) }
    }
}
