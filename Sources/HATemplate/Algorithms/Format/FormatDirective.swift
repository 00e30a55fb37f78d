/// How one operand is to be printed: what stands between `%` and the verb, and the verb.
struct FormatDirective {
    /// The characters `+-# 0`; after `v` the first two mean something else.
    struct Flags: OptionSet {
        let rawValue: UInt8

        static let plus = Flags(rawValue: 1)
        static let minus = Flags(rawValue: 2)
        static let sharp = Flags(rawValue: 4)
        static let space = Flags(rawValue: 8)
        static let zero = Flags(rawValue: 16)
        /// `%+v`: records with the names of their fields.
        static let fieldNames = Flags(rawValue: 32)
        /// `%#v`: as Go source text.
        static let goSyntax = Flags(rawValue: 64)
    }

    var flags: Flags = []
    /// The fewest characters to write; 0 asks for nothing.
    var width = 0
    /// Digits or characters, as the verb has it.
    var precision: Int?
    var verb: Unicode.Scalar = "v"

    /// `%v`
    static let plain = FormatDirective()

    /// Whether the verb alone decides.
    var isBare: Bool { flags.isEmpty && width == 0 && precision == nil }

    /// Left of the text zeros may stand instead of spaces, right of it never.
    var padsWithZeros: Bool { flags.contains(.zero) && !flags.contains(.minus) }

    /// The same flags for another verb.
    func with(verb: Unicode.Scalar) -> FormatDirective {
        var copy = self
        copy.verb = verb
        return copy
    }

    /// Go's meaning of `#` and `+` before `v` (and `w`).
    mutating func settleVerb() {
        guard verb == "v" || verb == "w" else { return }
        if flags.remove(.sharp) != nil { flags.insert(.goSyntax) }
        if flags.remove(.plus) != nil { flags.insert(.fieldNames) }
    }

    // MARK: Padding

    /// Pads what was written since `start` to the width, which counts characters. Go: fmt/format.go, pad.
    func pad(_ output: inout ByteBuffer, from start: Int, zeros: Bool) {
        guard width > 0 else { return }
        let missing = width - output.characterCount(from: start)
        if flags.contains(.minus) {
            output.append(repeating: UInt8(ascii: " "), count: missing)
        } else {
            output.insert(repeating: UInt8(ascii: zeros && padsWithZeros ? "0" : " "), count: missing, at: start)
        }
    }

    /// Writes padding where it stands. Go: fmt/format.go, writePadding.
    func appendPadding(_ output: inout ByteBuffer, count: Int) {
        output.append(repeating: UInt8(ascii: padsWithZeros ? "0" : " "), count: count)
    }
}

extension Buffer where Element == UInt8 {
    /// Moves what stands at `offset` and after to the right and fills the gap; writes nothing for a count below 1.
    mutating func insert(repeating byte: UInt8, count added: Int, at offset: Int) {
        guard added > 0 else { return }
        let moved = count - offset
        append(repeating: byte, count: added)
        let gap = base + offset
        (gap + added).update(from: gap, count: moved)
        gap.update(repeating: byte, count: added)
    }

    /// Characters written since `start`; each byte that is no UTF-8 counts as one.
    func characterCount(from start: Int) -> Int {
        withElements { bytes in
            var characters = 0
            var offset = start
            while offset < bytes.count {
                offset += bytes[offset] < 0x80 ? 1 : DecodedScalar.decode(bytes, at: offset).length
                characters += 1
            }
            return characters
        }
    }

    /// The lowest `digits` hexadecimal digits of a number.
    mutating func append(hexadecimal number: UInt64, digits: Int, uppercase: Bool = false) {
        var shift = 4 * (digits - 1)
        while shift >= 0 {
            append(hexadecimalDigit(number >> shift & 15, uppercase: uppercase))
            shift -= 4
        }
    }
}

/// The character of a digit from 0 to 15.
@inline(__always)
func hexadecimalDigit(_ digit: UInt64, uppercase: Bool) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: digit)
    if digit < 10 { return UInt8(ascii: "0") &+ digit }
    return UInt8(ascii: uppercase ? "A" : "a") &+ (digit &- 10)
}
