/// What may stand in the texts of a payload, which comes from the network and names things in a configuration.
enum PayloadText {
    /// A container's id, which names a server: what HAProxy allows there.
    @inline(__always)
    static func isIdByte(_ byte: UInt8) -> Bool { ServiceModel.isNameByte(byte) || byte == UInt8(ascii: ":") }

    /// A path of a URL: pchar and `/` of RFC 3986.
    static func isPathByte(_ byte: UInt8) -> Bool {
        ServiceModel.isNameByte(byte) || "~!$&'()*+,;=:@%/".utf8.contains(byte)
    }

    /// The name of a cookie: a token of RFC 6265.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        ServiceModel.isNameByte(byte) || "!#$%&'*+^`|~".utf8.contains(byte)
    }

    /// The first character that is not allowed, as a message shows it.
    static func firstOutside(_ text: String, _ isAllowed: (UInt8) -> Bool) -> String {
        guard
            let scalar = text.unicodeScalars.first(where: {
                !$0.isASCII || !isAllowed(UInt8(truncatingIfNeeded: $0.value))
            })
        else {
            return "its characters"
        }
        return scalar == " " ? "a space" : "'\(scalar)'"
    }

    /// The number that a text of digits is; nil for any other text.
    static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
            return nil
        }
        return Int(text)
    }
}
