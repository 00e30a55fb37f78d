/// Names that a proxy accepts, made from any text. Own functions: neither Go nor Hugo has them.
extension Function {
    static let identifiers: [Function] = [
        Function(
            "haproxy.ID", [.init("text", .scalar)], result: .string,
            summary: "A text as a name for HAProxy (proxy, server, ACL), unchanged if it is one; "
                + "no two texts share a name",
            example: #"{{ haproxy.ID "my service" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Identifier.haproxy.make(arguments, context)
        },
        Function(
            "nginx.ID", [.init("text", .scalar)], result: .string,
            summary: "A text as a name for nginx (upstream, zone, variable), unchanged if it is one in lower case; "
                + "no two texts share a name",
            example: #"{{ nginx.ID "my-service" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Identifier.nginx.make(arguments, context)
        },
    ]
}

/// How to make legal names so that different texts never share one.
///
/// A legal text stays as it is. In any other, each byte that a name cannot have becomes the filler, and a suffix says
/// what was lost, so that the text could be read back: a separator, `x` and, in hexadecimal, the byte after every filler of
/// the name, those included that stood in the text. So `my service` is `my-service:x20`, `a-b c` is `a-b-c:x2d20`.
///
/// nginx compares upstreams and variables without regard to case, so there letters become small, and after a `z` a bit
/// for each letter, in hexadecimal, says which were capital: `MyApp` is `myapp_xza`.
///
/// A legal text that looks like one with a suffix gets a suffix too; an empty text is a suffix alone.
struct Identifier: Sendable {
    let filler: UInt8
    let separator: UInt8
    let foldsCase: Bool
    /// Whether a name may have this byte at this place.
    let allows: @Sendable (_ byte: UInt8, _ offset: Int) -> Bool

    /// Letters, digits and `-_.:`, as HAProxy's manual has it.
    static let haproxy = Identifier(
        filler: UInt8(ascii: "-"), separator: UInt8(ascii: ":"), foldsCase: false
    ) { byte, _ in
        isLetter(byte) || isDigit(byte) || Array("-_.:".utf8).contains(byte)
    }

    /// Letters, digits and `_`, no digit first: what may stand in a variable's name may stand in any other.
    static let nginx = Identifier(filler: UInt8(ascii: "_"), separator: UInt8(ascii: "_"), foldsCase: true) {
        isLetter($0) || $0 == UInt8(ascii: "_") || (isDigit($0) && $1 > 0)
    }

    func make(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let text = try context.text(arguments, 0)
        let bytes = context.memory.bytes(of: text)
        if keeps(bytes) { return text }
        return context.memory.makeString { append(encoded: bytes, into: &$0) }.withOrigin(text.origin)
    }

    /// Appends the name for a text.
    func append(nameFor text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        if keeps(text) { output.append(text) } else { append(encoded: text, into: &output) }
    }

    private func keeps(_ text: UnsafeBufferPointer<UInt8>) -> Bool { isLegal(text) && !looksEncoded(text) }

    private func isLegal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        !text.isEmpty
            && text.enumerated().allSatisfy { allows($1, $0) && !(foldsCase && Self.isCapital($1)) }
    }

    /// Whether a text could have come out of `append(encoded:)`: after the last separator stand `x`, two hexadecimal
    /// digits for each filler before it, and perhaps a mark of capitals.
    private func looksEncoded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let end = text.lastIndex(of: separator) else { return false }
        let suffix = text[(end + 1)...]
        guard suffix.first == UInt8(ascii: "x") else { return false }
        let fillers = text[..<end].count { $0 == filler }
        let digits = suffix.dropFirst().prefix { $0 != UInt8(ascii: "z") }
        let mark = suffix.dropFirst(1 + digits.count)
        guard digits.count == 2 * fillers, digits.allSatisfy(Self.isSmallHexDigit) else { return false }
        guard let first = mark.first else { return fillers > 0 || end == 0 }
        return foldsCase && first == UInt8(ascii: "z") && mark.count > 1
            && mark.dropFirst().allSatisfy(Self.isSmallHexDigit)
    }

    private func append(encoded text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        var lost = ByteBuffer(capacity: 64)
        var capitals = ByteBuffer(capacity: 32)
        var letters = 0
        var digit: UInt64 = 0
        for (offset, byte) in text.enumerated() {
            // The separator may not stand in the name where it is not the filler, or the suffix could not be found.
            if byte == filler || byte == separator || !allows(byte, offset) {
                output.append(filler)
                lost.append(hexadecimal: UInt64(byte), digits: 2)
                continue
            }
            guard foldsCase, Self.isLetter(byte) else {
                output.append(byte)
                continue
            }
            output.append(byte | 0x20)
            digit = digit << 1 | (Self.isCapital(byte) ? 1 : 0)
            letters += 1
            if letters % 4 == 0 {
                capitals.append(hexadecimalDigit(digit, uppercase: false))
                digit = 0
            }
        }
        if letters % 4 > 0 { capitals.append(hexadecimalDigit(digit << (4 - letters % 4), uppercase: false)) }
        output.append(separator)
        output.append(UInt8(ascii: "x"))
        lost.withElements { output.append($0) }
        let shown = capitals.withElements { $0.lastIndex { $0 != UInt8(ascii: "0") } }
        guard let shown else { return }
        output.append(UInt8(ascii: "z"))
        capitals.withElements { output.append(UnsafeBufferPointer(rebasing: $0[...shown])) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

    private static func isSmallHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || byte &- UInt8(ascii: "a") < 6 }
}
