/// Case, spaces, cut sets, prefixes and suffixes. Hugo: tpl/strings.
extension Function {
    static let stringCases: [Function] = [
        mapping(
            "strings.ToUpper", aliases: ["upper", "toUpper"], summary: "A text in capital letters",
            example: #"{{ upper "web" }}"#, CaseMapping.upper),
        mapping(
            "strings.ToLower", aliases: ["lower", "toLower"], summary: "A text in small letters",
            example: #"{{ lower "Web" }}"#, CaseMapping.lower),
        Function(
            "strings.FirstUpper", [.init("text", .scalar)], result: .string, cost: .growing(1),
            summary: "A text with its first letter as a capital", example: #"{{ strings.FirstUpper "web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            guard text.count > 0 else { return text }
            return context.makeString(mapping: text) { bytes, output in
                let first = DecodedScalar.decode(bytes, at: 0)
                output.append(CaseMapping.upper(first.scalar))
                output.append(UnsafeBufferPointer(rebasing: bytes[first.length...]))
            }
        },
        Function(
            "strings.Title", aliases: ["title"], [.init("text", .scalar)], result: .string, cost: .growing(3),
            summary: "A text in title case, in the style of the Associated Press: articles and short words stay small",
            example: #"{{ title "the quick brown fox of a world" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return context.makeString(mapping: text) { TitleCase.append($0, into: &$1) }
        },
    ]

    static let stringTrims: [Function] = [
        Function(
            "strings.Chomp", aliases: ["chomp"], [.init("text", .scalar)], result: .string,
            summary: "A text without the line breaks at its end", example: #"{{ chomp "web\n" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.part(of: arguments, 0) { text in
                0..<((text.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? -1) + 1)
            }
        },
        Function(
            "strings.TrimSpace", [.init("text", .scalar)], result: .string,
            summary: "A text without the white space around it", example: #"{{ strings.TrimSpace "  web " }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.part(of: arguments, 0) { Trimming.trimmed($0, [.start, .end], Trimming.isSpace) }
        },
        Function(
            "strings.Trim", aliases: ["trim"], [.subject("text", .scalar), .init("characters", .scalar)],
            result: .string,
            summary: "A text without the given characters at its start and end", example: #"{{ trim "++web--" "+-" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Trimming.trim(arguments, context, text: 0, cutSet: 1, [.start, .end])
        },
        Function(
            "strings.TrimLeft", [.init("characters", .scalar), .subject("text", .scalar)], result: .string,
            summary: "A text without the given characters at its start",
            example: #"{{ strings.TrimLeft "+" "++web++" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Trimming.trim(arguments, context, text: 1, cutSet: 0, .start)
        },
        Function(
            "strings.TrimRight", [.init("characters", .scalar), .subject("text", .scalar)], result: .string,
            summary: "A text without the given characters at its end",
            example: #"{{ strings.TrimRight "+" "++web++" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Trimming.trim(arguments, context, text: 1, cutSet: 0, .end)
        },
        Function(
            "strings.TrimPrefix", aliases: ["trimPrefix"], [.init("prefix", .scalar), .subject("text", .scalar)],
            result: .string, cost: .constant, summary: "A text without a prefix, when it begins with that",
            example: #"{{ strings.TrimPrefix "app-" "app-web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (prefix, text) = (try context.text(arguments, 0), try context.text(arguments, 1))
            guard context.memory.bytes(of: text).starts(with: context.memory.bytes(of: prefix)) else { return text }
            return context.memory.slice(text, prefix.count..<text.count)
        },
        Function(
            "strings.TrimSuffix", aliases: ["trimSuffix"], [.init("suffix", .scalar), .subject("text", .scalar)],
            result: .string, cost: .constant, summary: "A text without a suffix, when it ends with that",
            example: #"{{ strings.TrimSuffix ".local" "web.local" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (suffix, text) = (try context.text(arguments, 0), try context.text(arguments, 1))
            guard context.memory.bytes(of: text).ends(with: context.memory.bytes(of: suffix)) else { return text }
            return context.memory.slice(text, 0..<(text.count - suffix.count))
        },
    ]

    /// A function that maps each character of a text.
    private static func mapping(
        _ name: String, aliases: [String], summary: String, example: String,
        _ map: @escaping @Sendable (Unicode.Scalar) -> Unicode.Scalar
    ) -> Function {
        Function(
            name, aliases: aliases, [.init("text", .scalar)], result: .string, summary: summary, example: example
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return context.makeString(mapping: text) { CaseMapping.append($0, into: &$1, map) }
        }
    }
}

/// Cutting characters off the ends of a text.
enum Trimming {
    struct Side: OptionSet {
        let rawValue: UInt8

        static let start = Side(rawValue: 1)
        static let end = Side(rawValue: 2)
    }

    /// Go: unicode.IsSpace.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || ("\t"..."\r").contains(scalar) : scalar.properties.isWhitespace
    }

    /// What is left of a text without the characters at the given ends that `isCut` picks.
    static func trimmed(
        _ text: UnsafeBufferPointer<UInt8>, _ sides: Side, _ isCut: (Unicode.Scalar) -> Bool
    ) -> Range<Int> {
        var start = 0
        var end = text.count
        if sides.contains(.start) {
            while start < end {
                let decoded = DecodedScalar.decode(text, at: start)
                guard isCut(decoded.scalar) else { break }
                start += decoded.length
            }
        }
        if sides.contains(.end) {
            while end > start {
                let decoded = DecodedScalar.decodeLast(text, before: end)
                guard isCut(decoded.scalar) else { break }
                end -= decoded.length
            }
        }
        return start..<max(start, end)
    }

    /// Two arguments as a text and the characters to cut off it.
    static func trim(
        _ arguments: Arguments, _ context: CallContext, text: Int, cutSet: Int, _ sides: Side
    ) throws(RuntimeError) -> Value {
        let (text, cutSet) = (try context.text(arguments, text), try context.text(arguments, cutSet))
        let cut = Set(context.memory.bytes(of: cutSet).scalars)
        return context.memory.slice(text, trimmed(context.memory.bytes(of: text), sides, cut.contains))
    }
}

extension CallContext {
    /// A string that `write` makes from the bytes of another one; it counts as coming from the same place.
    func makeString(
        like text: Value, _ write: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void
    ) -> Value {
        memory.makeString { write(memory.bytes(of: text), &$0) }.withOrigin(text.origin)
    }

    /// The same where `write` makes one character of each: it keeps the origin of the one that it is made of.
    func makeString(
        mapping text: Value, _ write: (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void
    ) -> Value {
        guard memory.tracksTrust, text.hasPieces else { return makeString(like: text, write) }
        var made = ByteBuffer(capacity: text.count)
        write(memory.bytes(of: text), &made)
        return made.withElements { made in
            memory.makeText { result in
                let source = memory.bytes(of: text)
                var (read, written) = (0, 0)
                for piece in memory.pieces(of: text) {
                    let start = written
                    while read < Int(piece.end) - text.start, written < made.count {
                        read += DecodedScalar.decode(source, at: read).length
                        written += DecodedScalar.decode(made, at: written).length
                    }
                    result.output.append(UnsafeBufferPointer(rebasing: made[start..<written]))
                    result.mark(piece.origin)
                }
            }
        }.withOrigin(text.origin)
    }

    /// The part of a text argument that `range` picks.
    func part(
        of arguments: Arguments, _ index: Int, _ range: (UnsafeBufferPointer<UInt8>) -> Range<Int>
    ) throws(RuntimeError) -> Value {
        let text = try text(arguments, index)
        return memory.slice(text, range(memory.bytes(of: text)))
    }

    /// Throws when a function would make a text past the limit; nil stands for a size that is no integer.
    func checkSize(_ bytes: Int?) throws(RuntimeError) {
        try ResultLimit.check(bytes: bytes ?? .max)
    }
}

extension UnsafeBufferPointer<UInt8> {
    func ends(with suffix: UnsafeBufferPointer<UInt8>) -> Bool {
        count >= suffix.count && equalBytes(UnsafeBufferPointer(rebasing: self[(count - suffix.count)...]), suffix)
    }

    /// The characters; each byte that is no UTF-8 is U+FFFD.
    var scalars: [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(count)
        var offset = 0
        while offset < count {
            let decoded = DecodedScalar.decode(self, at: offset)
            scalars.append(decoded.scalar)
            offset += decoded.length
        }
        return scalars
    }

    /// How many characters there are; each byte that is no UTF-8 counts as one.
    var characterCount: Int {
        var characters = 0
        var offset = 0
        while offset < count {
            offset += self[offset] < 0x80 ? 1 : DecodedScalar.decode(self, at: offset).length
            characters += 1
        }
        return characters
    }
}

extension DecodedScalar {
    /// Decodes the character that ends before `end`, which must be more than 0.
    static func decodeLast(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> DecodedScalar {
        let prefix = UnsafeBufferPointer(rebasing: bytes[..<end])
        for start in stride(from: end - 1, through: max(0, end - 4), by: -1) where bytes[start] & 0xC0 != 0x80 {
            let decoded = decode(prefix, at: start)
            if start + decoded.length == end { return decoded }
            break
        }
        return DecodedScalar(scalar: "\u{FFFD}", length: 1, isValid: false)
    }
}
