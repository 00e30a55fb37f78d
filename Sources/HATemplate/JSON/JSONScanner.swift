/// Reads JSON (RFC 8259) token by token, with the place of every token and exact integers.
///
/// It checks the grammar itself: commas, colons and nesting never reach the reader of the tokens. A byte-order mark at
/// the start is skipped. Text must be valid UTF-8 and every escaped surrogate must have its partner; an integer must
/// fit in 64 bits, a float in a double.
public struct JSONScanner: Sendable {
    /// What `next` found. `key` and the scalars leave their value in `value`.
    public enum Token: Sendable {
        case beginObject, endObject, beginArray, endArray
        case key, string, int, float, bool, null
        /// The document is complete and nothing but white space follows.
        case end
    }

    /// How deeply objects and arrays may nest.
    public static let maximumDepth = 1_000

    /// The last key or scalar.
    public private(set) var value = Value.missing
    /// Where the last token starts: the `origin` of its value.
    public private(set) var origin: UInt32 = 0

    let name: String
    let source: [UInt8]
    let extent: Range<Int>
    var cursor: Int
    private var tokenStart: Int
    private var containers: [Bool] = []  // true: object
    private var expecting = Expectation.value

    private enum Expectation {
        case value, firstElementOrEnd, firstKeyOrEnd, key, separatorOrEnd, nothing
    }

    init(name: String, source: [UInt8], extent: Range<Int>) {
        self.name = name
        self.source = source
        self.extent = extent
        cursor = extent.lowerBound
        tokenStart = cursor
        if source[extent].starts(with: [0xEF, 0xBB, 0xBF]) { cursor += 3 }
    }

    /// The next token; text with escapes is written to the builder's pool.
    ///
    /// Throws one diagnostic (`json-…`) when the text is not JSON; the scanner must not be used afterwards.
    public mutating func next(_ builder: inout DocumentBuilder) throws(Diagnostic) -> Token {
        skipSpace()
        tokenStart = cursor
        if expecting == .separatorOrEnd, cursor < extent.upperBound, source[cursor] == UInt8(ascii: ",") {
            cursor += 1
            skipSpace()
            tokenStart = cursor
            expecting = containers.last == true ? .key : .value
        }
        guard cursor < extent.upperBound else { return try endOfText() }
        let byte = source[cursor]
        switch expecting {
        case .nothing:
            throw error(.jsonTrailingText, "there is text after the end of the JSON value")
        case .separatorOrEnd:
            return try close(byte)
        case .firstElementOrEnd where byte == UInt8(ascii: "]"), .firstKeyOrEnd where byte == UInt8(ascii: "}"):
            return try close(byte)
        case .key, .firstKeyOrEnd:
            return try scanKey(byte, &builder)
        case .value, .firstElementOrEnd:
            return try scanValue(byte, &builder)
        }
    }

    /// Reads past the value that comes next, whatever it is.
    public mutating func skipValue(_ builder: inout DocumentBuilder) throws(Diagnostic) {
        var depth = 0
        repeat {
            switch try next(&builder) {
            case .beginObject, .beginArray: depth += 1
            case .endObject, .endArray: depth -= 1
            case .end: return
            case .key, .string, .int, .float, .bool, .null: break
            }
        } while depth > 0
    }

    /// The last token's place.
    public var location: SourceLocation {
        location(tokenStart..<max(cursor, tokenStart + 1))
    }

    // MARK: Structure

    private mutating func endOfText() throws(Diagnostic) -> Token {
        switch expecting {
        case .nothing: return .end
        case .value where containers.isEmpty:
            throw error(.jsonUnexpectedEnd, "there is no JSON value in this file")
        default:
            let what = containers.last == true ? "an object" : "an array"
            throw error(.jsonUnexpectedEnd, "the text ends inside \(what)")
        }
    }

    private mutating func close(_ byte: UInt8) throws(Diagnostic) -> Token {
        let isObject = containers.last == true
        guard byte == UInt8(ascii: isObject ? "}" : "]") else {
            throw error(
                .jsonSyntax,
                "expected \(isObject ? "',' or '}'" : "',' or ']'") but found \(describe(byte))")
        }
        cursor += 1
        containers.removeLast()
        finishValue()
        setOrigin()
        return isObject ? .endObject : .endArray
    }

    private mutating func finishValue() {
        expecting = containers.isEmpty ? .nothing : .separatorOrEnd
    }

    private mutating func setOrigin() {
        origin = UInt32(truncatingIfNeeded: tokenStart) &+ 1
    }

    private mutating func scanKey(_ byte: UInt8, _ builder: inout DocumentBuilder) throws(Diagnostic) -> Token {
        guard byte == UInt8(ascii: "\"") else {
            let hint = byte == UInt8(ascii: "}") ? "; remove the comma before it" : " (keys are quoted)"
            throw error(.jsonSyntax, "expected a key but found \(describe(byte))" + hint)
        }
        setOrigin()
        value = try scanString(&builder)
        let keyStart = tokenStart
        let keyEnd = cursor
        skipSpace()
        guard cursor < extent.upperBound, source[cursor] == UInt8(ascii: ":") else {
            tokenStart = cursor
            guard cursor < extent.upperBound else { return try endOfText() }
            throw error(.jsonSyntax, "expected ':' after the key but found \(describe(source[cursor]))")
        }
        cursor += 1
        skipSpace()
        keyRange = keyStart..<keyEnd
        expecting = .value
        return .key
    }

    /// The last key with its quotes, for diagnostics about it.
    private var keyRange = 0..<0

    /// The place of the last key.
    public var keyLocation: SourceLocation { location(keyRange) }

    private mutating func scanValue(_ byte: UInt8, _ builder: inout DocumentBuilder) throws(Diagnostic) -> Token {
        setOrigin()
        switch byte {
        case UInt8(ascii: "\""):
            value = try scanString(&builder)
            finishValue()
            return .string
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try open(object: byte == UInt8(ascii: "{"))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let isFloat = try scanNumber()
            finishValue()
            return isFloat ? .float : .int
        case UInt8(ascii: "t"):
            return try word("true", .bool(true), .bool)
        case UInt8(ascii: "f"):
            return try word("false", .bool(false), .bool)
        case UInt8(ascii: "n"):
            return try word("null", .null, .null)
        default:
            throw error(.jsonSyntax, "expected a value but found \(describe(byte))" + valueHint(byte))
        }
    }

    private mutating func open(object: Bool) throws(Diagnostic) -> Token {
        guard containers.count < Self.maximumDepth else {
            throw error(
                .jsonTooDeep, "objects and arrays nest more than \(Self.maximumDepth) levels deep")
        }
        cursor += 1
        containers.append(object)
        expecting = object ? .firstKeyOrEnd : .firstElementOrEnd
        return object ? .beginObject : .beginArray
    }

    private mutating func word(_ text: String, _ result: Value, _ token: Token) throws(Diagnostic) -> Token {
        var end = cursor
        while end < extent.upperBound, isWordByte(source[end]) { end += 1 }
        guard source[cursor..<end].elementsEqual(text.utf8) else {
            let found = String(decoding: source[cursor..<min(end, cursor + 40)], as: UTF8.self)
            cursor = end
            throw error(.jsonSyntax, "expected a value but found '\(found)' (did you mean '\(text)'?)")
        }
        cursor = end
        value = result.withOrigin(origin)
        finishValue()
        return token
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
    }

    private mutating func skipSpace() {
        source.withUnsafeBufferPointer { bytes in
            while cursor < extent.upperBound {
                let byte = bytes[cursor]
                guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
                cursor += 1
            }
        }
    }

    // MARK: Errors

    private func location(_ range: Range<Int>) -> SourceLocation {
        let file = SourceFile(name: name, sharing: source, extent: extent)
        return SourceLocation(file, SourceRange(range.lowerBound - extent.lowerBound, range.upperBound - extent.lowerBound))
    }

    /// A diagnostic at the token that is being read.
    func error(_ code: DiagnosticCode, _ message: String) -> Diagnostic {
        Diagnostic(code, message, at: location)
    }

    /// A diagnostic at some bytes.
    func error(_ code: DiagnosticCode, _ message: String, at range: Range<Int>) -> Diagnostic {
        Diagnostic(code, message, at: location(range))
    }

    mutating func setValue(_ newValue: Value) {
        value = newValue.withOrigin(origin)
    }

    private func describe(_ byte: UInt8) -> String {
        switch byte {
        case 0x21...0x7E: return "'\(Character(Unicode.Scalar(byte)))'"
        case 0x00...0x1F, 0x7F: return "the control character 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        default:
            let character = String(decoding: source[cursor..<min(cursor + 4, extent.upperBound)], as: UTF8.self).first
            return "'\(character.map(String.init) ?? "?")'"
        }
    }

    private func valueHint(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): "; JSON strings stand in double quotes"
        case UInt8(ascii: "]"), UInt8(ascii: "}"): "; remove the comma before it"
        case UInt8(ascii: "/"), UInt8(ascii: "#"): "; JSON has no comments"
        case UInt8(ascii: "+"), UInt8(ascii: "."): "; a number begins with a digit or '-'"
        default: ""
        }
    }
}
