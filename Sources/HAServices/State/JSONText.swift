import HATemplate

/// Writes JSON with two spaces a level, one member a line, and nothing that is not the same each time.
package struct JSONText {
    package private(set) var bytes: [UInt8] = []
    private var depth = 0
    /// Whether a container has just been opened, or nothing was written.
    private var isFirst = true
    /// Whether a key stands before the value that comes next.
    private var followsKey = false

    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    // MARK: Structure

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginList() { begin(UInt8(ascii: "[")) }
    package mutating func endList() { end(UInt8(ascii: "]")) }

    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        endKey()
    }

    package mutating func key(_ name: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(name)
        endKey()
    }

    /// Ends the text with a line break.
    package mutating func finish() {
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if !isFirst { breakLine() }
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func endKey() {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: " "))
        followsKey = true
    }

    /// Goes to where the next key or value stands.
    private mutating func separate() {
        if followsKey {
            followsKey = false
            return
        }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        if depth > 0 { breakLine() }
    }

    private mutating func breakLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    // MARK: Scalars

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(text)
    }

    package mutating func integer(_ number: Int) { word(String(number)) }

    /// A value whose text is given.
    package mutating func literal(_ text: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    package mutating func literal(_ word: StaticString) { self.word(String(describing: word)) }

    /// The shortest decimal number that is read as the same float, with a point or an exponent, so that it stays one.
    mutating func float(_ number: Double) { word(number.description) }

    private mutating func word(_ word: String) {
        separate()
        bytes.append(contentsOf: word.utf8)
    }

    /// Writes what JSON must escape as an escape, and everything else as it is.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        if text.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in text { appendEscaped(byte) }
        } else {
            bytes.append(contentsOf: text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0..<0x20:
            let escape = (byte < 0x10 ? #"\u000"# : #"\u00"#) + String(byte, radix: 16)
            bytes.append(contentsOf: escape.utf8)
        default: bytes.append(byte)
        }
    }

    // MARK: Values

    /// Any value of a document.
    mutating func value(_ value: Value, _ pools: DocumentPools) {
        switch value.kind {
        case .missing, .null, .time: literal("null")
        case .bool: literal(value.asBool ? "true" : "false")
        case .int: integer(value.asInt)
        case .float: float(value.asFloat)
        case .string: string(pools.bytes(of: value))
        case .list, .record:
            beginList()
            for element in pools.elements(of: value) { self.value(element, pools) }
            endList()
        case .map:
            beginObject()
            let entries = pools.entries(of: value)
            for index in stride(from: 0, to: entries.count, by: 2) {
                key(pools.bytes(of: entries[index]))
                self.value(entries[index + 1], pools)
            }
            endObject()
        }
    }

    /// Replaces bytes that were written before by as many others.
    mutating func replace(_ range: Range<Int>, with text: String) {
        guard range.count == text.utf8.count, range.upperBound <= bytes.count else { return }
        bytes.replaceSubrange(range, with: text.utf8)
    }
}
