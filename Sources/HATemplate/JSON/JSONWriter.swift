/// Writes values as JSON: the entries of a map by key, the fields of a record in their order, floats with the fewest
/// digits that read back as the same number. Go: encoding/json.
///
/// It keeps its own stack, so nesting costs memory and not the thread's stack.
struct JSONWriter {
    /// How the text is laid out.
    struct Style: Sendable {
        /// What stands at the start of each line but the first.
        var prefix: [UInt8] = []
        /// What stands for each level after it; without both everything is on one line.
        var indent: [UInt8] = []
        /// Whether `<`, `>` and `&` become `\u` escapes, so that the text can stand in HTML.
        var escapesHTML = true

        static let compact = Style()

        fileprivate var isIndented: Bool { !prefix.isEmpty || !indent.isEmpty }
    }

    private let style: Style
    private let memory: Memory
    /// A float that JSON has no number for, if there was one; null stands in its place.
    private(set) var unwritable: Double?
    /// Whether the output grew past `limit` bytes, where writing stopped.
    private(set) var isTooLarge = false
    private let limit: Int

    init(_ style: Style, _ memory: Memory, limit: Int = .max) {
        self.style = style
        self.memory = memory
        self.limit = limit
    }

    /// A list, map or record of which not everything has been written.
    private struct Level {
        let value: Value
        let elements: UnsafeBufferPointer<Value>
        let fieldNames: [String]
        var next = 0

        init(_ value: Value, _ memory: Memory) {
            self.value = value
            elements = memory.elements(of: value)
            fieldNames = memory.shape(of: value)?.fieldNames ?? []
        }

        var isObject: Bool { value.kind != .list }
    }

    /// Writes one value. The values must stay where they are meanwhile.
    mutating func write(_ value: Value, into output: inout ByteBuffer) {
        guard var level = open(value, into: &output) else { return }
        var outer: [Level] = []
        while true {
            guard level.next < level.elements.count else {
                if level.next > 0 { breakLine(depth: outer.count, into: &output) }
                output.append(UInt8(ascii: level.isObject ? "}" : "]"))
                guard let parent = outer.popLast() else { return }
                level = parent
                continue
            }
            guard output.count <= limit else {
                isTooLarge = true
                return
            }
            if level.next > 0 { output.append(UInt8(ascii: ",")) }
            breakLine(depth: outer.count + 1, into: &output)
            writeKey(of: &level, into: &output)
            let element = level.elements[level.next]
            level.next += 1
            if let inner = open(element, into: &output) {
                outer.append(level)
                level = inner
            }
        }
    }

    /// Writes a scalar whole, and of anything else the opening bracket.
    private mutating func open(_ value: Value, into output: inout ByteBuffer) -> Level? {
        switch value.kind {
        case .missing, .null: output.append("null" as StaticString)
        case .bool: output.append(value.asBool ? "true" as StaticString : "false" as StaticString)
        case .int: output.append(decimal: value.asInt)
        case .float: write(float: value.asFloat, into: &output)
        case .string: write(text: memory.bytes(of: value), into: &output)
        case .time:
            output.append(UInt8(ascii: "\""))
            TimeLayout.rfc3339.append(Timestamp(value), into: &output)
            output.append(UInt8(ascii: "\""))
        case .list, .map, .record:
            // Go's nil slices and maps.
            if value.isAbsent {
                output.append("null" as StaticString)
                return nil
            }
            let level = Level(value, memory)
            output.append(UInt8(ascii: level.isObject ? "{" : "["))
            return level
        }
        return nil
    }

    private func writeKey(of level: inout Level, into output: inout ByteBuffer) {
        switch level.value.kind {
        case .map:
            write(text: memory.bytes(of: level.elements[level.next]), into: &output)
            level.next += 1
        case .record:
            var name = level.next < level.fieldNames.count ? level.fieldNames[level.next] : ""
            name.withUTF8 { write(text: $0, into: &output) }
        default: return
        }
        output.append(UInt8(ascii: ":"))
        if style.isIndented { output.append(UInt8(ascii: " ")) }
    }

    private func breakLine(depth: Int, into output: inout ByteBuffer) {
        guard style.isIndented else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(style.prefix)
        for _ in 0..<depth where output.count <= limit { output.append(style.indent) }
    }

    // MARK: Scalars

    /// An exponent stands only below 1e-6 and from 1e21 on, as in JavaScript, and never in a dialect.
    private mutating func write(float: Double, into output: inout ByteBuffer) {
        guard float.isFinite else {
            unwritable = float
            return output.append("null" as StaticString)
        }
        let magnitude = float.magnitude
        guard magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21, !memory.tracksTrust else {
            return FormatDirective.append(plain: float, into: &output)
        }
        var text = ByteBuffer(capacity: 32)
        _ = FormatDirective.plain.append(float: float, into: &text)
        text.withElements { text in
            // Go's fmt writes two digits of the exponent at least, JSON's writers one.
            let zero = text.count - 2
            let isPadded = zero > 0 && text[zero] == UInt8(ascii: "0") && !(0x30...0x39).contains(text[zero - 1])
            output.append(UnsafeBufferPointer(rebasing: text[..<(isPadded ? zero : text.count)]))
            if isPadded { output.append(text[zero + 1]) }
        }
    }

    /// What is no UTF-8 becomes U+FFFD.
    private func write(text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\""))
        var plainStart = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte < 0x80, !needsEscape(byte) {
                offset += 1
                continue
            }
            let decoded = DecodedScalar.decode(text, at: offset)
            let isLineBreak = decoded.scalar == "\u{2028}" || decoded.scalar == "\u{2029}"
            if byte >= 0x80, decoded.isValid, !isLineBreak {
                offset += decoded.length
                continue
            }
            output.append(UnsafeBufferPointer(rebasing: text[plainStart..<offset]))
            if byte < 0x80 || isLineBreak {
                escape(decoded.scalar, into: &output)
            } else {
                output.append(decoded.scalar)
            }
            offset += decoded.length
            plainStart = offset
        }
        output.append(UnsafeBufferPointer(rebasing: text[plainStart...]))
        output.append(UInt8(ascii: "\""))
    }

    private func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): true
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): style.escapesHTML
        default: false
        }
    }

    private func escape(_ scalar: Unicode.Scalar, into output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\\"))
        switch scalar {
        case "\"", "\\": output.append(scalar)
        case "\u{08}": output.append(UInt8(ascii: "b"))
        case "\u{0C}": output.append(UInt8(ascii: "f"))
        case "\n": output.append(UInt8(ascii: "n"))
        case "\r": output.append(UInt8(ascii: "r"))
        case "\t": output.append(UInt8(ascii: "t"))
        default:
            output.append(UInt8(ascii: "u"))
            output.append(hexadecimal: UInt64(scalar.value), digits: 4)
        }
    }
}

extension Document {
    /// A value of the document as JSON, as files hold it: nothing but what must be is escaped.
    ///
    /// - Parameter indent: what stands for each level of nesting; nothing keeps everything on one line.
    package func json(of value: Value, indent: String = "") -> [UInt8] {
        Memory.with(constants: [], document: self) { memory in
            var writer = JSONWriter(.init(indent: Array(indent.utf8), escapesHTML: false), memory)
            var output = ByteBuffer()
            writer.write(value, into: &output)
            return output.array
        }
    }
}
