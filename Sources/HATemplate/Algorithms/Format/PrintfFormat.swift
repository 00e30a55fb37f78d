/// One run over a printf format. Go: fmt/print.go, doPrintf.
struct PrintfFormat {
    private let format: UnsafeBufferPointer<UInt8>
    private let formatText: Value
    private let arguments: UnsafeBufferPointer<Value>
    private let memory: Memory
    /// Offset of the next byte of the format.
    private var position = 0
    /// Index of the next operand.
    private var argument = 0
    /// Whether the format named an operand by its number; then unused operands are no mistake.
    private var isReordered = false
    /// Whether the numbers in the directive being read name operands that exist and stand where they may.
    private var hasGoodIndex = true

    /// Widths and precisions beyond this are no numbers to Go.
    private static let limit = 1_000_000

    init(
        _ format: Value, _ arguments: UnsafeBufferPointer<Value>, _ memory: Memory
    ) {
        self.format = memory.bytes(of: format)
        formatText = format
        self.arguments = arguments
        self.memory = memory
    }

    /// The text that the result begins with, if the format begins with a plain `%s` or `%v` of one; it is used up.
    mutating func takeBeginning() -> Value? {
        guard format.count >= 2, format[0] == UInt8(ascii: "%"), let first = arguments.first, first.kind == .string,
            format[1] == UInt8(ascii: "s") || format[1] == UInt8(ascii: "v"), origin(ofFormatAt: 0) == .template
        else { return nil }
        (position, argument) = (2, 1)
        return first
    }

    /// Prints the operands as the format says.
    mutating func run(into text: inout PieceWriter) {
        while position < format.count {
            if memory.isFull(text.output) { return }
            let start = position
            while position < format.count, format[position] != UInt8(ascii: "%") { position += 1 }
            if position > start { text.append(formatText, start..<position, memory) }
            guard position < format.count else { break }
            position += 1
            runDirective(into: &text)
        }
        if !isReordered, argument < arguments.count {
            appendUnused(into: &text.output)
            text.mark(.misprint)
        }
    }

    // MARK: Directives

    private mutating func runDirective(into text: inout PieceWriter) {
        let origin = origin(ofFormatAt: position - 1)
        var directive = FormatDirective()
        hasGoodIndex = true
        directive.flags = readFlags()
        var followsIndex = readIndex()
        let start = text.output.count
        readWidth(of: &directive, &followsIndex, into: &text.output)
        readPrecision(of: &directive, &followsIndex, into: &text.output)
        if !followsIndex { _ = readIndex() }
        if text.output.count > start { text.mark(.misprint) }
        guard position < format.count else {
            text.output.append("%!(NOVERB)" as StaticString)
            return text.mark(.misprint)
        }
        let decoded = DecodedScalar.decode(format, at: position)
        position += decoded.length
        directive.verb = decoded.scalar
        if directive.verb == "%" {
            text.output.append(UInt8(ascii: "%"))
            text.mark(origin)
        } else if !hasGoodIndex {
            append(mistake: "(BADINDEX)", at: directive.verb, into: &text.output)
            text.mark(.misprint)
        } else if argument >= arguments.count {
            append(mistake: "(MISSING)", at: directive.verb, into: &text.output)
            text.mark(.misprint)
        } else {
            directive.settleVerb()
            let operand = arguments[argument]
            argument += 1
            if origin == .template, directive.keepsText(of: operand) {
                directive.append(operand, memory, into: &text)
            } else {
                print(operand, directive, origin, into: &text)
            }
        }
    }

    private func print(
        _ operand: Value, _ directive: FormatDirective, _ origin: TextOrigin, into text: inout PieceWriter
    ) {
        directive.print(operand: operand, memory, into: &text.output)
        // A number chooses the character of these.
        let isCharacter = operand.kind != .string && (directive.verb == "c" || directive.verb == "q")
        if origin == .template, !isCharacter { return text.mark(operand, memory) }
        text.mark(memory.takeNonsense(of: operand) ?? .data)
    }

    /// Where a byte of the format comes from.
    private func origin(ofFormatAt offset: Int) -> TextOrigin {
        guard memory.tracksTrust, formatText.hasPieces else { return formatText.isTrusted ? .template : .data }
        let byte = memory.slice(formatText, offset..<(offset + 1))
        return memory.pieces(of: byte).first?.origin ?? .data
    }

    private mutating func readFlags() -> FormatDirective.Flags {
        var flags: FormatDirective.Flags = []
        while position < format.count {
            switch format[position] {
            case UInt8(ascii: "+"): flags.insert(.plus)
            case UInt8(ascii: "-"): flags.insert(.minus)
            case UInt8(ascii: "#"): flags.insert(.sharp)
            case UInt8(ascii: " "): flags.insert(.space)
            case UInt8(ascii: "0"): flags.insert(.zero)
            default: return flags
            }
            position += 1
        }
        return flags
    }

    private mutating func readWidth(
        of directive: inout FormatDirective, _ followsIndex: inout Bool, into output: inout ByteBuffer
    ) {
        guard takes(UInt8(ascii: "*")) else {
            if let width = readNumber(upTo: format.count) {
                directive.width = width
                if followsIndex { hasGoodIndex = false }
            }
            return
        }
        followsIndex = false
        guard let width = takeInteger() else { return output.append("%!(BADWIDTH)" as StaticString) }
        directive.width = abs(width)
        if width < 0 {
            directive.flags.insert(.minus)
            directive.flags.remove(.zero)
        }
    }

    private mutating func readPrecision(
        of directive: inout FormatDirective, _ followsIndex: inout Bool, into output: inout ByteBuffer
    ) {
        guard position + 1 < format.count, takes(UInt8(ascii: ".")) else { return }
        if followsIndex { hasGoodIndex = false }
        followsIndex = readIndex()
        guard takes(UInt8(ascii: "*")) else {
            directive.precision = readNumber(upTo: format.count) ?? 0
            return
        }
        followsIndex = false
        guard let precision = takeInteger(), precision >= 0 else {
            return output.append("%!(BADPREC)" as StaticString)
        }
        directive.precision = precision
    }

    // MARK: Pieces

    private mutating func takes(_ byte: UInt8) -> Bool {
        guard position < format.count, format[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads digits that stand before `end`; a number that grows too large swallows all up to there, as in Go.
    private mutating func readNumber(upTo end: Int) -> Int? {
        var number: Int?
        while position < end, case let digit = format[position] &- UInt8(ascii: "0"), digit < 10 {
            let soFar = number ?? 0
            guard soFar <= Self.limit else {
                position = end
                return nil
            }
            number = soFar * 10 + Int(digit)
            position += 1
        }
        return number
    }

    /// The next operand as a width or precision; nil when it is no integer or too large. It is used up either way.
    private mutating func takeInteger() -> Int? {
        guard argument < arguments.count else { return nil }
        let value = arguments[argument]
        argument += 1
        guard value.kind == .int, value.asInt.magnitude <= Self.limit.magnitude else { return nil }
        return value.asInt
    }

    /// Reads the number of an operand in brackets and goes on there; whether one was there. Go: argNumber.
    private mutating func readIndex() -> Bool {
        guard position < format.count, format[position] == UInt8(ascii: "[") else { return false }
        isReordered = true
        let rest = format[(position + 1)...]
        guard rest.count >= 2, let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
            position += 1
            hasGoodIndex = false
            return false
        }
        position += 1
        let number = readNumber(upTo: end)
        let isNumber = number != nil && position == end
        position = end + 1
        guard isNumber, let number, number >= 1, number <= arguments.count else {
            hasGoodIndex = false
            return isNumber
        }
        argument = number - 1
        return true
    }

    // MARK: Mistakes

    private func append(mistake: StaticString, at verb: Unicode.Scalar, into output: inout ByteBuffer) {
        output.append("%!" as StaticString)
        output.append(verb)
        output.append(mistake)
    }

    private func appendUnused(into output: inout ByteBuffer) {
        output.append("%!(EXTRA " as StaticString)
        for (index, value) in arguments[argument...].enumerated() {
            if index > 0 { output.append(", " as StaticString) }
            output.appendTypeName(of: value, memory)
            if !value.isNil {
                output.append(UInt8(ascii: "="))
                FormatDirective.plain.print(operand: value, memory, into: &output)
            }
        }
        output.append(UInt8(ascii: ")"))
    }
}
