/// Base64 and JSON. Hugo: tpl/encoding, tpl/transform.
extension Function {
    static let encodings: [Function] = [
        Function(
            "encoding.Base64Encode", aliases: ["base64Encode", "b64enc"], [.init("text", .scalar)], result: .string,
            summary: "A text in Base64", example: #"{{ base64Encode "admin:secret" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            try context.checkSize(text.count / 3 * 4 + 4)
            return context.makeString(like: text) { Base64.append($0, into: &$1) }
        },
        Function(
            "encoding.Base64Decode", aliases: ["base64Decode", "b64dec"], [.init("text", .scalar)], result: .string,
            summary: "The text that stands in Base64", example: #"{{ base64Decode "d2Vi" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            var mistake: Int?
            let result = context.makeString(like: text) { mistake = Base64.decode($0, into: &$1) }
            if let mistake { throw .invalidBase64(offset: mistake) }
            return result
        },
        Function(
            "encoding.Jsonify", aliases: ["jsonify"],
            [.init("optionsOrValue", .any, .optional), .init("value", .any, .optional)], result: .string,
            summary: "A value as JSON; the options are indent, prefix and noHTMLEscape",
            example: #"{{ jsonify (dict "noHTMLEscape" true) (dict "port" 80 "path" "<any>") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            // As in Hugo, nothing is written as nothing.
            guard arguments.count > 0 else { return context.memory.makeString([]) }
            var style = JSONWriter.Style.compact
            if arguments.count > 1 { style = try JSONOptions.style(arguments[0], context) }
            return try JSONOptions.json(arguments[arguments.count - 1], style, context)
        },
        Function(
            "toJson", aliases: ["toJSON", "json"], [.init("value", .any)], result: .string,
            summary: "A value as JSON on one line", example: #"{{ toJson (dict "port" 80) }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try JSONOptions.json(arguments[0], .compact, context)
        },
        Function(
            "fromJson", [.init("text", .scalar)], result: .any,
            summary: "The value that stands in JSON", example: #"{{ (fromJson "{\"port\": 80}").port }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try JSONOptions.value(of: context.text(arguments, 0), argument: 0, context)
        },
        Function(
            "parseJSON", [.init("text", .scalar)], result: .any,
            summary: "The value that stands in JSON; an empty map for no text",
            example: #"{{ index (parseJSON "[80, 443]") 1 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            if text.count == 0 { return context.memory.makeMap([]) }
            return try JSONOptions.value(of: text, argument: 0, context)
        },
        Function(
            "transform.Unmarshal", aliases: ["unmarshal"],
            [.init("optionsOrText", [.map, .scalar]), .init("text", .scalar, .optional)],
            result: [.nil, .collection],
            summary: "The map or list that stands in JSON; nil for no text",
            example: #"{{ (unmarshal "{\"port\": 80}").port }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try JSONOptions.unmarshal(arguments, context)
        },
    ]
}

enum JSONOptions {
    /// Hugo's options of `jsonify`; their names have no case, and others are ignored.
    static func style(_ options: Value, _ context: CallContext) throws(RuntimeError) -> JSONWriter.Style {
        guard options.kind == .map else {
            throw context.wrongArgument(0, expected: "a map of options", given: options)
        }
        let memory = context.memory
        var style = JSONWriter.Style.compact
        for index in 0..<options.count {
            let option = memory.elements(of: options)[2 * index + 1]
            switch lowercased(memory.elements(of: options)[2 * index], memory) {
            case "indent": style.indent = try layout(option, context)
            case "prefix": style.prefix = try layout(option, context)
            case "nohtmlescape":
                guard let isOn = Casting.truth(option, memory) else {
                    throw context.wrongArgument(0, expected: "options with noHTMLEscape true or false", given: option)
                }
                style.escapesHTML = !isOn
            default: continue
            }
        }
        return style
    }

    private static func layout(_ option: Value, _ context: CallContext) throws(RuntimeError) -> [UInt8] {
        guard let text = Casting.text(option, context.memory) else {
            throw context.wrongArgument(0, expected: "options with texts for indent and prefix", given: option)
        }
        return Array(context.memory.bytes(of: text))
    }

    private static func lowercased(_ key: Value, _ memory: Memory) -> String {
        String(decoding: memory.bytes(of: key).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    static func json(_ value: Value, _ style: JSONWriter.Style, _ context: CallContext) throws(RuntimeError) -> Value {
        let limit = context.memory.textLimit
        var writer = JSONWriter(style, context.memory, limit: limit)
        let text = context.memory.makeString { writer.write(value, into: &$0) }
        if writer.isTooLarge { throw .resultTooLarge(limit: limit) }
        if let number = writer.unwritable { throw .notInJSON(number) }
        return text.withOrigin(value.origin)
    }

    /// The value of a JSON text.
    static func value(of text: Value, argument: Int, _ context: CallContext) throws(RuntimeError) -> Value {
        do {
            return try context.memory.readJSON(Array(context.memory.bytes(of: text)), origin: text.origin)
        } catch {
            var line = 1
            var column = 1
            if let location = error.location {
                let position = LineIndex(location.file).position(at: location.range.start)
                (line, column) = (position.line, position.column)
            }
            throw .invalidJSON(argument: argument + 1, line: line, column: column, reason: error.message)
        }
    }

    /// Hugo knows several formats and recognizes them by their first characters; here JSON is the only one.
    static func unmarshal(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let index = arguments.count - 1
        if index > 0 {
            guard arguments[0].kind == .map else {
                throw context.wrongArgument(0, expected: "a map of options", given: arguments[0])
            }
            if let format = context.memory.lookup(key: "format", in: arguments[0]),
                context.memory.text(of: format) != "json"
            {
                throw context.unreadable(0, expected: "options with the format json", given: format)
            }
        }
        let text = try context.text(arguments, index)
        let bytes = context.memory.bytes(of: text)
        guard let first = bytes.first(where: { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }) else { return .null }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            throw context.unreadable(index, expected: "a JSON object or list", given: arguments[index])
        }
        return try value(of: text, argument: index, context)
    }
}

extension Memory {
    /// The value under a key of a map.
    func lookup(key: StaticString, in map: Value) -> Value? {
        lookup(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), in: map)
    }
}

/// RFC 4648 with the characters `+` and `/` and with padding. Go: encoding/base64, StdEncoding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    static func append(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for index in 0..<3 { group = group << 8 | (index < count ? Int(bytes[start + index]) : 0) }
            for index in 0..<4 {
                output.append(index <= count ? alphabet[group >> (18 - 6 * index) & 63] : padding)
            }
        }
    }

    /// Decodes; returns the offset of the first mistake. Line breaks are passed over.
    static func decode(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Int? {
        var group = 0
        var digits = 0
        var groupStart = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte == 0x0A || byte == 0x0D {
                offset += 1
                continue
            }
            if byte == padding { return decodeEnd(text, at: offset, group: group, digits: digits, into: &output) }
            guard let digit = value(byte) else { return offset }
            if digits == 0 { groupStart = offset }
            group = group << 6 | digit
            digits += 1
            offset += 1
            guard digits == 4 else { continue }
            for shift in [16, 8, 0] { output.append(UInt8(truncatingIfNeeded: group >> shift)) }
            (group, digits) = (0, 0)
        }
        return digits == 0 ? nil : groupStart
    }

    /// The last group, whose padding begins at `offset`.
    private static func decodeEnd(
        _ text: UnsafeBufferPointer<UInt8>, at offset: Int, group: Int, digits: Int, into output: inout ByteBuffer
    ) -> Int? {
        guard digits >= 2 else { return offset }
        var rest = text[(offset + 1)...].drop { $0 == 0x0A || $0 == 0x0D }
        if digits == 2 {
            guard rest.first == padding else { return rest.isEmpty ? text.count : rest.startIndex }
            rest = rest.dropFirst().drop { $0 == 0x0A || $0 == 0x0D }
        }
        guard rest.isEmpty else { return rest.startIndex }
        let bits = group << (6 * (4 - digits))
        for shift in [16, 8].prefix(digits - 1) { output.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        return nil
    }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
