/// Looking for texts in texts, counting and replacing. Hugo: tpl/strings.
extension Function {
    static let stringSearches: [Function] = [
        Function(
            "strings.Contains", [.subject("text", .scalar), .init("part", .scalar)], result: .bool,
            summary: "Whether a text holds another", example: #"{{ strings.Contains "web.local" "local" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.test(arguments) { $1.isEmpty || TextSearch($1).first(in: $0) != nil }
        },
        Function(
            "strings.ContainsAny", [.subject("text", .scalar), .init("characters", .scalar)], result: .bool,
            summary: "Whether a text holds one of the given characters",
            example: #"{{ strings.ContainsAny "web-1" "-_" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.test(arguments) { !Set($1.scalars).isDisjoint(with: $0.scalars) }
        },
        Function(
            "strings.ContainsNonSpace", [.init("text", .scalar)], result: .bool,
            summary: "Whether a text holds anything but white space",
            example: #"{{ strings.ContainsNonSpace " \t" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return .bool(!context.memory.bytes(of: text).scalars.allSatisfy(Trimming.isSpace))
        },
        Function(
            "strings.HasPrefix", aliases: ["hasPrefix"], [.subject("text", .scalar), .init("prefix", .scalar)],
            result: .bool, cost: .constant, summary: "Whether a text begins with another",
            example: #"{{ hasPrefix "web-1" "web" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.test(arguments) { $0.starts(with: $1) }
        },
        Function(
            "strings.HasSuffix", aliases: ["hasSuffix"], [.subject("text", .scalar), .init("suffix", .scalar)],
            result: .bool, cost: .constant, summary: "Whether a text ends with another",
            example: #"{{ hasSuffix "web.local" ".local" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.test(arguments) { $0.ends(with: $1) }
        },
        Function(
            "strings.Replace", aliases: ["replace"],
            [
                .subject("text", .scalar), .init("old", .scalar), .init("new", .scalar),
                .init("limit", .scalar, .optional),
            ],
            result: .string, summary: "A text with one text in it replaced by another, as often as the limit says",
            example: #"{{ replace "a.b.c" "." "-" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (text, old) = (try context.text(arguments, 0), try context.text(arguments, 1))
            let new = try context.text(arguments, 2)
            let limit = arguments.count > 3 ? try context.integer(arguments, 3) : -1
            return try Replacing.replace(old, with: new, in: text, limit: limit, context)
        },
        Function(
            "strings.ReplacePairs",
            [.init("old", [.scalar, .list]), .init("newOrText", .scalar), .init("others", .scalar, .variadic)],
            result: .string,
            summary:
                "A text, which comes last, with pairs of texts: each first one is replaced by the second, in one pass",
            example: #"{{ strings.ReplacePairs "a" "1" "b" "2" "abc" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Replacing.replacePairs(arguments, context)
        },
        Function(
            "replaceAll", [.init("old", .scalar), .init("new", .scalar), .subject("text", .scalar)], result: .string,
            summary: "A text with one text in it replaced by another; the text comes last, for pipelines",
            example: #"{{ "a.b.c" | replaceAll "." "-" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (old, new) = (try context.text(arguments, 0), try context.text(arguments, 1))
            return try Replacing.replace(old, with: new, in: try context.text(arguments, 2), limit: -1, context)
        },
    ]

    static let stringCounts: [Function] = [
        Function(
            "strings.Count", [.init("part", .scalar), .subject("text", .scalar)], result: .int,
            summary: "How often a text stands in another, without overlaps",
            example: #"{{ strings.Count "." "web.prod.local" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (part, text) = (try context.text(arguments, 0), try context.text(arguments, 1))
            guard part.count > 0 else { return .int(context.memory.bytes(of: text).characterCount + 1) }
            return .int(TextSearch.places(of: context.memory.bytes(of: part), in: context.memory.bytes(of: text)).count)
        },
        Function(
            "strings.RuneCount", [.init("text", .scalar)], result: .int,
            summary: "How many characters a text has", example: #"{{ strings.RuneCount "wéb" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return .int(context.memory.bytes(of: text).characterCount)
        },
        Function(
            "strings.CountRunes", aliases: ["countrunes"], [.init("text", .scalar)], result: .int,
            summary: "How many characters a text has without white space and HTML tags",
            example: #"{{ countrunes "a <b>web</b>" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let bytes = HTMLTags.strip(context.memory.bytes(of: text))
            let count = bytes.withUnsafeBufferPointer { text in
                text.characterCount - text.count { (" \t\n\r" as StaticString).contains($0) }
            }
            return .int(count)
        },
        Function(
            "strings.CountWords", aliases: ["countwords"], [.init("text", .scalar)], result: .int,
            summary: "How many words a text has without HTML tags; words beyond ASCII count by characters",
            example: #"{{ countwords "one two three" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let bytes = HTMLTags.strip(context.memory.bytes(of: text))
            return .int(bytes.withUnsafeBufferPointer(WordCount.count))
        },
    ]
}

private enum WordCount {
    /// The words between white space; one with a letter beyond ASCII counts as many as it has characters.
    static func count(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var (count, length, isASCII) = (0, 0, true)
        var offset = 0
        while offset < text.count {
            let decoded = DecodedScalar.decode(text, at: offset)
            offset += decoded.length
            if Trimming.isSpace(decoded.scalar) {
                count += isASCII ? min(length, 1) : length
                (length, isASCII) = (0, true)
            } else {
                length += 1
                isASCII = isASCII && decoded.scalar.isASCII
            }
        }
        return count + (isASCII ? min(length, 1) : length)
    }
}

enum Replacing {
    /// At each place the first pair that fits counts. The pairs may stand in one list. Hugo: tpl/strings, ReplacePairs;
    /// Go: strings.NewReplacer.
    static func replacePairs(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        let text = try context.text(arguments, arguments.count - 1)
        var words: [Value] = []
        if arguments.count == 2, arguments[0].kind == .list {
            for element in memory.elements(of: arguments[0]) {
                guard let word = Casting.text(element, memory) else {
                    throw context.wrongArgument(0, expected: "a list of texts", given: arguments[0])
                }
                words.append(word)
            }
        } else {
            for index in 0..<(arguments.count - 1) { words.append(try context.text(arguments, index)) }
        }
        guard words.count.isMultiple(of: 2) else { throw .oddNumberOfArguments(words.count) }
        let pairs = stride(from: 0, to: words.count, by: 2).map { (old: words[$0], new: words[$0 + 1]) }
        guard text.count > 0 else { return text }
        return context.makeString(like: text) { bytes, output in
            var offset = 0
            while offset <= bytes.count, !memory.isFull(output), !memory.meter.isSpent {
                memory.meter.add(pairs.count)
                let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
                let fitting = pairs.first { rest.starts(with: memory.bytes(of: $0.old)) }
                if let fitting { output.append(memory.bytes(of: fitting.new)) }
                // After an empty text, which stands everywhere, the next byte stays.
                if let fitting, fitting.old.count > 0 {
                    offset += fitting.old.count
                } else {
                    if let byte = rest.first { output.append(byte) }
                    offset += 1
                }
            }
        }
    }

    /// Replaces the first `limit` places, all for a negative limit.
    static func replace(
        _ old: Value, with new: Value, in text: Value, limit: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        let memory = context.memory
        let limit = limit < 0 ? .max : limit
        var count = 0
        TextSearch.forEachPlace(of: memory.bytes(of: old), in: memory.bytes(of: text), limit: limit) { _ in count += 1 }
        guard count > 0 else { return text }
        let (added, overflow) = count.multipliedReportingOverflow(by: new.count)
        try context.checkSize(overflow ? nil : text.count - count * old.count + added)
        return memory.makeText { result in
            var rest = 0
            TextSearch.forEachPlace(of: memory.bytes(of: old), in: memory.bytes(of: text), limit: limit) { place in
                result.append(text, rest..<place, memory)
                result.append(new, memory)
                rest = place + old.count
            }
            result.append(text, rest..<text.count, memory)
        }.withOrigin(text.origin)
    }
}

extension CallContext {
    /// What `test` says of the first two arguments as texts.
    func test(
        _ arguments: Arguments, _ test: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(RuntimeError) -> Value {
        let (first, second) = (try text(arguments, 0), try text(arguments, 1))
        return .bool(test(memory.bytes(of: first), memory.bytes(of: second)))
    }
}

/// Taking HTML tags out of a text that is to be counted. Go: html/template's stripTags, as far as tags are well formed.
enum HTMLTags {
    /// Elements whose text is no text of the page.
    private static let silent = ["script", "style", "textarea", "title"].map { Array($0.utf8) }

    /// The text without tags, comments, scripts and styles; the end of a paragraph and a line break end a word.
    static func strip(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "<")) else { return Array(text) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var offset = 0
        while offset < text.count {
            if text[offset] != UInt8(ascii: "<") {
                result.append(text[offset])
                offset += 1
            } else if starts(text, at: offset, with: "<!--") {
                offset = end(of: "-->", in: text, from: offset + 4)
            } else if let nameStart = nameStart(text, at: offset) {
                if ["</p>", "<br>", "<br />"].contains(where: { starts(text, at: offset, with: $0) }) {
                    result.append(UInt8(ascii: "\n"))
                }
                let name = name(text, from: nameStart)
                let isClosing = nameStart > offset + 1
                offset = endOfTag(text, from: nameStart + name.count)
                if !isClosing, silent.contains(name) { offset = endTag(name, in: text, from: offset) }
            } else {
                result.append(text[offset])
                offset += 1
            }
        }
        return result
    }

    private static func starts(_ text: UnsafeBufferPointer<UInt8>, at offset: Int, with word: String) -> Bool {
        text[offset...].starts(with: word.utf8)
    }

    private static func end(of word: String, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < text.count {
            if starts(text, at: offset, with: word) { return offset + word.utf8.count }
            offset += 1
        }
        return text.count
    }

    /// Where the name of the tag begins whose `<` stands at `offset`; nil when no letter follows.
    private static func nameStart(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
        var start = offset + 1
        if start < text.count, text[start] == UInt8(ascii: "/") { start += 1 }
        guard start < text.count, (0x61...0x7A).contains(text[start] | 0x20) else { return nil }
        return start
    }

    /// The name in small letters.
    private static func name(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> [UInt8] {
        text[start...].prefix { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }.map { $0 | 0x20 }
    }

    /// After the `>` of a tag; one in a quoted value does not count.
    private static func endOfTag(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        var quote: UInt8?
        var followsEqualSign = false
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return offset
            } else if followsEqualSign, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            if byte > 0x20 { followsEqualSign = byte == UInt8(ascii: "=") }
        }
        return offset
    }

    /// Where the end tag of an element begins; the end of the text without one.
    private static func endTag(_ name: [UInt8], in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < text.count {
            if starts(text, at: offset, with: "</"), Self.name(text, from: offset + 2) == name { return offset }
            offset += 1
        }
        return text.count
    }
}
