/// One Unicode scalar at the start of some bytes, as Go's `utf8.DecodeRune` gives it: a broken sequence is one byte
/// long and stands for U+FFFD.
struct DecodedScalar {
    let scalar: Unicode.Scalar
    /// Bytes that it takes.
    let length: Int
    let isValid: Bool

    private static let invalid = DecodedScalar(scalar: "\u{FFFD}", length: 1, isValid: false)

    /// Decodes at `offset`, which must be less than the count.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> DecodedScalar {
        let first = bytes[offset]
        if first < 0x80 { return DecodedScalar(scalar: Unicode.Scalar(first), length: 1, isValid: true) }
        let length: Int
        let minimum: UInt32
        var code: UInt32
        switch first {
        case 0xC2...0xDF: (length, minimum, code) = (2, 0x80, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, minimum, code) = (3, 0x800, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, minimum, code) = (4, 0x10000, UInt32(first & 0x07))
        default: return invalid
        }
        guard offset + length <= bytes.count else { return invalid }
        for index in 1..<length {
            let byte = bytes[offset + index]
            guard byte & 0xC0 == 0x80 else { return invalid }
            code = code << 6 | UInt32(byte & 0x3F)
        }
        guard code >= minimum, let scalar = Unicode.Scalar(code) else { return invalid }
        return DecodedScalar(scalar: scalar, length: length, isValid: true)
    }
}

/// Offset of the first byte that is not part of valid UTF-8.
func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var offset = 0
    while offset < bytes.count {
        if bytes[offset] < 0x80 {
            offset += 1
            continue
        }
        let decoded = DecodedScalar.decode(bytes, at: offset)
        guard decoded.isValid else { return offset }
        offset += decoded.length
    }
    return nil
}
