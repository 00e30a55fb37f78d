/// Parts of texts, splitting and joining. Hugo: tpl/strings.
extension Function {
    static let stringCuts: [Function] = [
        Function(
            "strings.SliceString", aliases: ["slicestr"],
            [.textualSubject("text", .scalar), .init("start", .scalar, .optional), .init("end", .scalar, .optional)],
            result: .string, summary: "The characters of a text from one position to before another",
            example: #"{{ slicestr "backend" 4 7 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = context.repaired(try context.text(arguments, 0))
            let bytes = context.memory.bytes(of: text)
            let count = bytes.characterCount
            let start = arguments.count > 1 ? try context.integer(arguments, 1) : 0
            let end = arguments.count > 2 ? try context.integer(arguments, 2) : count
            guard start >= 0, start < count || arguments.count == 1 else { throw .indexOutOfRange(start, count: count) }
            guard end >= 0, end <= count else { throw .indexOutOfRange(end, count: count) }
            guard start <= end else { throw .sliceBoundsInverted(start, end) }
            return context.memory.slice(text, Cutting.bytes(of: start..<end, in: bytes))
        },
        Function(
            "strings.Substr", aliases: ["substr"],
            [.textualSubject("text", .scalar), .init("start", .scalar), .init("length", .scalar, .optional)],
            result: .string,
            summary: "A number of characters from a position on; negative ones count from the end",
            example: #"{{ substr "backend" -3 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = context.repaired(try context.text(arguments, 0))
            let bytes = context.memory.bytes(of: text)
            let count = bytes.characterCount
            let position = try context.integer(arguments, 1)
            let length = arguments.count > 2 ? try context.integer(arguments, 2) : count
            let start = position < 0 ? max(0, count.saturatingAdd(position)) : min(position, count)
            let end = length < 0 ? count.saturatingAdd(length) : min(count, start.saturatingAdd(length))
            return context.memory.slice(text, Cutting.bytes(of: start..<max(start, end), in: bytes))
        },
        Function(
            "strings.Truncate", aliases: ["truncate"],
            [.init("length", .scalar), .init("ellipsisOrText", .scalar), .init("text", .scalar, .optional)],
            result: .string, cost: .growing(6),
            summary: "A text cut to a number of characters, at a word's end where one is near, and escaped for HTML",
            example: #"{{ truncate 12 "a long description" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let length = try context.integer(arguments, 0)
            let ellipsis =
                arguments.count > 2 ? try context.text(arguments, 1) : context.memory.makeString(" …").trusted
            let isMarkup = arguments[arguments.count - 1].isMarkup
            let text = try context.text(arguments, arguments.count - 1)
            let memory = context.memory
            let cut = Truncation(memory.bytes(of: text), length: length, isMarkup: isMarkup)
            return memory.makeText { result in
                let kept = memory.slice(text, 0..<(cut.end ?? text.count))
                if isMarkup {
                    result.append(kept, memory)
                    if cut.end != nil { result.append(ellipsis, memory) }
                    for name in cut.openTags {
                        result.output.append("</" as StaticString)
                        result.output.append(name)
                        result.output.append(UInt8(ascii: ">"))
                    }
                } else {
                    result.append(eachPieceOf: kept, memory, Cutting.appendHTML)
                    if cut.end != nil { result.append(eachPieceOf: ellipsis, memory, Cutting.appendHTML) }
                }
            }.withOrigin(text.origin).markup
        },
        Function(
            "strings.Repeat", [.init("count", .scalar), .init("text", .scalar)], result: .string,
            summary: "A text several times over", example: #"{{ strings.Repeat 3 "ab" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let count = try context.integer(arguments, 0)
            guard count >= 0 else { throw context.unreadable(0, expected: "a count from 0 on", given: arguments[0]) }
            let text = try context.text(arguments, 1)
            guard text.count > 0 else { return text }
            let (size, overflow) = text.count.multipliedReportingOverflow(by: count)
            try context.checkSize(overflow ? nil : size)
            let memory = context.memory
            return memory.makeText { result in
                for _ in 0..<count { result.append(text, memory) }
            }.withOrigin(text.origin)
        },
        Function(
            "strings.Split", aliases: ["split"], [.subject("text", .scalar), .init("separator", .string)],
            result: .list,
            summary: "The parts of a text between separators; its characters for an empty separator",
            example: #"{{ split "a,b,c" "," }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            guard arguments[1].kind == .string else {
                throw context.wrongArgument(1, expected: "a string", given: arguments[1])
            }
            return try Cutting.split(text, arguments[1], limit: -1, context)
        },
        Function(
            "splitN", [.subject("text", .scalar), .init("separator", .scalar), .init("limit", .scalar)], result: .list,
            summary: "The parts of a text between separators, as many as the limit says; the last holds the rest",
            example: #"{{ splitN "a,b,c" "," 2 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (text, separator) = (try context.text(arguments, 0), try context.text(arguments, 1))
            return try Cutting.split(text, separator, limit: context.integer(arguments, 2), context)
        },
        Function(
            "join", [.init("separatorOrList", [.scalar, .list]), .init("listOrSeparator", [.scalar, .list])],
            result: .string, summary: "The elements of a list as one text, with a separator between them",
            example: #"{{ split "a b c" " " | join ", " }}"#
        ) { (arguments, context) throws(RuntimeError) in
            // confd has the list first, consul-template and Sprig have the separator first.
            let list = arguments[0].kind == .list ? 0 : 1
            let separator = try context.text(arguments, 1 - list)
            guard arguments[list].kind == .list else {
                throw context.wrongArgument(list, expected: "a list", given: arguments[list])
            }
            return try Cutting.join(arguments[list], argument: list, separator, context)
        },
    ]
}

enum Cutting {
    /// The bytes that a range of characters takes; the range must lie inside the text.
    static func bytes(of characters: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var offset = 0
        var start = 0
        for index in 0..<characters.upperBound {
            if index == characters.lowerBound { start = offset }
            offset += text[offset] < 0x80 ? 1 : DecodedScalar.decode(text, at: offset).length
        }
        return characters.isEmpty ? 0..<0 : start..<offset
    }

    /// The parts of a text; at most `limit` of them, or all for a negative limit. Go: strings.SplitN.
    static func split(
        _ text: Value, _ separator: Value, limit: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        guard limit != 0 else { return memory.makeList([], type: .string, origin: text.origin) }
        let bytes = memory.bytes(of: text)
        // One more than there may be shows that there are too many.
        let most = RegularExpressions.maximumElements
        let cuts = min(limit < 0 ? Int.max : separator.count == 0 ? limit : limit - 1, most + 1)
        guard !bytes.isEmpty || separator.count > 0 else {
            return memory.makeList([], type: .string, origin: text.origin)
        }
        let parts = memory.makeList(type: .string, origin: text.origin) { append in
            var rest = 0
            TextSearch.forEachPlace(of: memory.bytes(of: separator), in: bytes, limit: cuts) { place in
                // Before the first character and after the last there is nothing to part.
                if separator.count == 0, place == 0 || place == bytes.count { return }
                append(memory.slice(text, rest..<place))
                rest = place + separator.count
            }
            append(memory.slice(text, rest..<bytes.count))
        }
        guard parts.count <= most else { throw .resultTooLarge(limit: RegularExpressions.maximumResult) }
        return parts
    }

    /// The elements of a list, as texts, with a separator between two.
    static func join(
        _ list: Value, argument: Int, _ separator: Value, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        let (separators, overflow) = max(0, list.count - 1).multipliedReportingOverflow(by: separator.count)
        var size = separators
        var parts: [Value] = []
        parts.reserveCapacity(list.count)
        for index in 0..<list.count {
            let element = memory.element(index, of: list)
            guard let part = Casting.text(element, memory) else {
                throw context.wrongArgument(argument, expected: "a list of texts", given: list)
            }
            parts.append(part)
            size = size.saturatingAdd(part.count)
        }
        try context.checkSize(overflow ? nil : size)
        return memory.makeText { text in
            for (index, part) in parts.enumerated() {
                if index > 0 { text.append(separator, memory) }
                text.append(part, memory)
            }
        }.withOrigin(list.origin)
    }

    /// Go: html.EscapeString.
    static func appendHTML(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): output.append("&lt;" as StaticString)
            case UInt8(ascii: ">"): output.append("&gt;" as StaticString)
            case UInt8(ascii: "&"): output.append("&amp;" as StaticString)
            case UInt8(ascii: "'"): output.append("&#39;" as StaticString)
            case UInt8(ascii: "\""): output.append("&#34;" as StaticString)
            default: output.append(byte)
            }
        }
    }
}

extension CallContext {
    /// The text with U+FFFD for every byte that is no UTF-8, as Go's conversion to runes gives it.
    func repaired(_ text: Value) -> Value {
        guard firstInvalidUTF8(memory.bytes(of: text)) != nil else { return text }
        return makeString(mapping: text) { CaseMapping.append($0, into: &$1) { $0 } }
    }
}

extension Int {
    /// The sum, or the nearest integer when it does not fit.
    func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
