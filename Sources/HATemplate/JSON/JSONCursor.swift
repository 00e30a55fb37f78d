/// The state of reading JSON: where in the text, how deep, and what may come next.
///
/// The text is passed to every call and must be the same each time; so the cursor holds no pointer, and a caller that
/// reads many tokens pays once for reaching the text. `JSONScanner` is the same for those who read few.
package struct JSONCursor: Sendable {
    /// The last key or scalar.
    package private(set) var value = Value.missing
    /// Where the last token starts, plus one: the `origin` of its value.
    package private(set) var origin: UInt32 = 0
    /// Whether the last string is printable ASCII and has no escapes: then it holds no control character.
    package internal(set) var isPlainText = true
    /// Offset of the first byte.
    let start: Int
    /// Offset of the first byte that was not read yet.
    var position: Int
    /// Offset after the last byte.
    let end: Int
    private var tokenStart: Int
    /// The place of the last key, with its quotes.
    package private(set) var keyRange: Range<Int>
    private var nesting = Nesting()
    private(set) var expecting = Expectation.value

    enum Expectation {
        case value, firstElementOrEnd, firstKeyOrEnd, key, separatorOrEnd, nothing
    }

    init(text: UnsafeBufferPointer<UInt8>, extent: Range<Int>) {
        start = extent.lowerBound
        position = start
        end = extent.upperBound
        if extent.count >= 3, text[position] == 0xEF, text[position + 1] == 0xBB, text[position + 2] == 0xBF {
            position += 3
        }
        tokenStart = position
        keyRange = position..<position
    }

    /// The last token's place. A string's quotes belong to it.
    package var tokenRange: Range<Int> { tokenStart..<max(position, tokenStart + 1) }

    /// The next token; text with escapes is written to the builder's pool.
    ///
    /// Throws when the text is not JSON. After a fault that is recoverable the cursor may be used further, after any
    /// other it must not.
    package mutating func next(
        _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> JSONScanner.Token {
        var byte = skipSpace(text)
        if expecting == .separatorOrEnd, byte == UInt8(ascii: ",") {
            position += 1
            byte = skipSpace(text)
            expecting = nesting.isObject ? .key : .value
        }
        tokenStart = position
        guard position < end else { return try endOfText(text) }
        switch expecting {
        case .value:
            return try scanValue(byte, text, &builder)
        case .key:
            return try scanKey(byte, text, &builder)
        case .separatorOrEnd:
            return try close(byte, text)
        case .firstElementOrEnd:
            return byte == UInt8(ascii: "]") ? try close(byte, text) : try scanValue(byte, text, &builder)
        case .firstKeyOrEnd:
            return byte == UInt8(ascii: "}") ? try close(byte, text) : try scanKey(byte, text, &builder)
        case .nothing:
            throw JSONFault(.jsonTrailingText, "there is text after the end of the JSON value", at: tokenRange)
        }
    }

    /// Reads past the value that comes next, whatever it is.
    mutating func skipValue(
        _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) {
        var faults = JSONFaults()
        try skipRest(of: next(text, &builder), text, &builder, faults: &faults)
        if let fault = faults.items.first { throw fault }
    }

    /// Reads past the value whose first token has just been read; appends what was wrong although reading could go on.
    package mutating func skipRest(
        of token: JSONScanner.Token, _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder,
        faults: inout JSONFaults
    ) throws(JSONFault) {
        var token = token
        var depth = 0
        while true {
            switch token {
            case .beginObject, .beginArray: depth += 1
            case .endObject, .endArray: depth -= 1
            case .end: return
            case .key, .string, .int, .float, .bool, .null: break
            }
            if depth <= 0 { return }
            do {
                token = try next(text, &builder)
            } catch {
                guard error.isRecoverable else { throw error }
                faults.add(error)
                token = .null
            }
        }
    }

    // MARK: Structure

    private func endOfText(_ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> JSONScanner.Token {
        if expecting == .nothing { return .end }
        guard !nesting.isEmpty else {
            throw JSONFault(.jsonUnexpectedEnd, "there is no JSON value in this file", at: position..<position)
        }
        let what = nesting.isObject ? "an object" : "an array"
        var fault = JSONFault(.jsonUnexpectedEnd, "the text ends inside \(what)", at: position..<position)
        fault.note = opening(text).map { ("\(what) opens here", $0..<($0 + 1)) }
        throw fault
    }

    /// Where the innermost object or array that is open opens. It is looked for when it must be reported, for
    /// remembering costs all others time.
    private func opening(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var open: [Int] = []
        var isInString = false
        var offset = start
        while offset < position {
            switch text[offset] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\"): offset += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"): if !isInString { open.append(offset) }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isInString { _ = open.popLast() }
            default: break
            }
            offset += 1
        }
        return open.last
    }

    private mutating func close(
        _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>
    ) throws(JSONFault) -> JSONScanner.Token {
        let isObject = nesting.isObject
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            let expected = isObject ? "',' or '}'" : "',' or ']'"
            throw unexpected(expected, text)
        }
        position += 1
        nesting.leave()
        finishValue()
        setOrigin()
        return isObject ? .endObject : .endArray
    }

    @inline(__always)
    mutating func finishValue() {
        expecting = nesting.isEmpty ? .nothing : .separatorOrEnd
    }

    @inline(__always)
    private mutating func setOrigin() {
        origin = UInt32(truncatingIfNeeded: tokenStart) &+ 1
    }

    private mutating func scanKey(
        _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> JSONScanner.Token {
        guard byte == UInt8(ascii: "\"") else {
            let hint = keyHint(byte, text)
            throw unexpected("a key", text, hint: hint)
        }
        setOrigin()
        // A broken key cannot be skipped like a broken value: what it says decides what its value means.
        do { value = try scanString(text, &builder) } catch {
            throw JSONFault(error.code, error.message, at: error.range)
        }
        keyRange = tokenStart..<position
        guard skipSpace(text) == UInt8(ascii: ":"), position < end else {
            tokenStart = position
            guard position < end else { return try endOfText(text) }
            throw unexpected("':' after the key", text)
        }
        position += 1
        expecting = .value
        return .key
    }

    private mutating func scanValue(
        _ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>, _ builder: inout DocumentBuilder
    ) throws(JSONFault) -> JSONScanner.Token {
        setOrigin()
        switch byte {
        case UInt8(ascii: "\""):
            finishValue()  // before reading: a recoverable fault leaves the cursor after the string
            value = try scanString(text, &builder)
            return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            finishValue()
            value = try scanNumber(text)
            return value.kind == .int ? .int : .float
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try open(object: byte == UInt8(ascii: "{"))
        case UInt8(ascii: "t"):
            return try word("true", .bool(true), .bool, text)
        case UInt8(ascii: "f"):
            return try word("false", .bool(false), .bool, text)
        case UInt8(ascii: "n"):
            return try word("null", .null, .null, text)
        default:
            throw unexpected("a value", text, hint: valueHint(byte, text))
        }
    }

    private mutating func open(object: Bool) throws(JSONFault) -> JSONScanner.Token {
        guard nesting.depth < JSONScanner.maximumDepth else {
            throw JSONFault(
                .jsonTooDeep, "objects and arrays nest more than \(JSONScanner.maximumDepth) levels deep",
                at: tokenRange)
        }
        position += 1
        nesting.enter(object: object)
        expecting = object ? .firstKeyOrEnd : .firstElementOrEnd
        return object ? .beginObject : .beginArray
    }

    private mutating func word(
        _ word: StaticString, _ result: Value, _ token: JSONScanner.Token, _ text: UnsafeBufferPointer<UInt8>
    ) throws(JSONFault) -> JSONScanner.Token {
        var wordEnd = position
        while wordEnd < end, isWordByte(text[wordEnd]) { wordEnd += 1 }
        let found = UnsafeBufferPointer(rebasing: text[position..<wordEnd])
        guard equalBytes(found, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) else {
            let shown = String(decoding: found.prefix(40), as: UTF8.self)
            let isNear = nearest(to: shown, in: ["\(word)"]) != nil
            let hint =
                isNear ? " (did you mean '\(word)'?)" : nesting.isEmpty ? "" : "; texts stand in quotes: \"\(shown)\""
            position = wordEnd
            throw JSONFault(.jsonSyntax, "expected a value but found '\(shown)'\(hint)", at: tokenRange)
        }
        position = wordEnd
        value = result.withOrigin(origin)
        finishValue()
        return token
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
    }

    /// Goes to the next byte that is not white space and returns it; 0 at the end.
    @inline(__always)
    private mutating func skipSpace(_ text: UnsafeBufferPointer<UInt8>) -> UInt8 {
        guard position < end else { return 0 }
        let byte = text[position]
        if byte > 0x20 { return byte }
        position = text.endOfSpace(from: position, end: end)
        return position < end ? text[position] : 0
    }

    /// The fault that another byte stands at the cursor than may stand there.
    private func unexpected(
        _ expected: String, _ text: UnsafeBufferPointer<UInt8>, hint: String = ""
    ) -> JSONFault {
        if position < end, !DecodedScalar.decode(UnsafeBufferPointer(rebasing: text[..<end]), at: position).isValid {
            return invalidUTF8(at: position)
        }
        return JSONFault(.jsonSyntax, "expected \(expected) but found \(describe(text))" + hint, at: tokenRange)
    }

    /// What to say of a byte that stands where a value should begin.
    private func valueHint(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> String {
        switch byte {
        case UInt8(ascii: "'"): "; JSON strings stand in double quotes"
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            // In an object a value is wanted only after a colon, in a list that is not empty only after a comma.
            nesting.isEmpty ? "" : nesting.isObject ? "; a value follows the colon" : "; remove the comma before it"
        case UInt8(ascii: "/"), UInt8(ascii: "#"): "; JSON has no comments"
        case UInt8(ascii: "+"), UInt8(ascii: "."): "; a number begins with a digit or '-'"
        case _ where isLetter(byte): wordHint(wordAtCursor(text))
        default: ""
        }
    }

    /// What to say of a word without quotes.
    private func wordHint(_ word: String) -> String {
        switch word.lowercased() {
        case _ where nesting.isEmpty: "; JSON begins with { or [ here"
        case "true", "yes", "on": "; write true"
        case "false", "no", "off": "; write false"
        case "null", "none", "nil", "undefined": "; write null"
        default: "; texts stand in quotes: \"\(word)\""
        }
    }

    private func wordAtCursor(_ text: UnsafeBufferPointer<UInt8>) -> String {
        let rest = text[min(position, end)..<end].prefix(40).prefix { isWordByte($0) || $0 == UInt8(ascii: "-") }
        return String(decoding: rest, as: UTF8.self)
    }

    /// What to say of a byte that stands where a key should begin.
    private func keyHint(_ byte: UInt8, _ text: UnsafeBufferPointer<UInt8>) -> String {
        switch byte {
        case UInt8(ascii: "}"): "; remove the comma before it"
        case _ where isLetter(byte): " (keys are quoted: \"\(wordAtCursor(text))\")"
        case UInt8(ascii: "'"): "; keys stand in double quotes"
        default: " (keys are quoted)"
        }
    }

    /// The byte at the cursor, for messages.
    private func describe(_ text: UnsafeBufferPointer<UInt8>) -> String {
        guard position < end else { return "the end" }
        let byte = text[position]
        switch byte {
        case 0x21...0x7E: return "'\(Character(Unicode.Scalar(byte)))'"
        case 0x00...0x1F, 0x7F: return "the control character 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
        default:
            let character = String(decoding: text[position..<min(position + 4, end)], as: UTF8.self).first
            return "'\(character.map(String.init) ?? "?")'"
        }
    }
}

/// The open objects and arrays, innermost last: one bit each.
private struct Nesting: Sendable {
    private(set) var depth = 0
    /// The innermost 1 … 64 of them; the lowest bit is the innermost, 1 means object.
    private var word: UInt64 = 0
    private var outer: [UInt64] = []

    var isEmpty: Bool { depth == 0 }

    /// Whether the innermost is an object.
    var isObject: Bool { word & 1 == 1 }

    @inline(__always)
    mutating func enter(object: Bool) {
        if depth > 0, depth % 64 == 0 { outer.append(word) }
        word = word << 1 | (object ? 1 : 0)
        depth += 1
    }

    @inline(__always)
    mutating func leave() {
        guard depth > 0 else { return }
        depth -= 1
        if depth > 0, depth % 64 == 0 {
            word = outer.popLast() ?? 0
        } else {
            word >>= 1
        }
    }
}
