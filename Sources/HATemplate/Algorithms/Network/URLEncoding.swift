/// Which bytes a part of a URL can hold as they are; others are written `%XX`. Go: net/url.
enum URLEncoding {
    case path, user, host, zone, query, fragment

    func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if isPlain(byte) {
                result.append(byte)
            } else if self == .query, byte == UInt8(ascii: " ") {
                result.append(UInt8(ascii: "+"))
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(hexadecimalDigit(UInt64(byte >> 4), uppercase: true))
                result.append(hexadecimalDigit(UInt64(byte & 15), uppercase: true))
            }
        }
        return result
    }

    func decode(_ text: ArraySlice<UInt8>) throws(URLReference.Mistake) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var offset = text.startIndex
        while offset < text.endIndex {
            let byte = text[offset]
            if byte == UInt8(ascii: "%") {
                let escape = text[offset...].prefix(3)
                let digits = escape.dropFirst().compactMap(hexDigitValue)
                guard digits.count == 2 else { throw .invalidEscape(String(decoding: escape, as: UTF8.self)) }
                let decoded = digits[0] << 4 | digits[1]
                guard canDecode(decoded) else { throw .invalidEscape(String(decoding: escape, as: UTF8.self)) }
                result.append(decoded)
                offset += 3
                continue
            }
            if self == .host || self == .zone, byte < 0x80, !isPlain(byte) {
                throw .invalidHostCharacter(String(decoding: [byte], as: UTF8.self))
            }
            result.append(self == .query && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            offset += 1
        }
        return result
    }

    /// A host escapes nothing but what is beyond ASCII, a zone nothing that a host could not hold; spaces excepted.
    private func canDecode(_ byte: UInt8) -> Bool {
        switch self {
        case .host: byte >= 0x80 || byte == UInt8(ascii: "%")
        case .zone: byte == UInt8(ascii: "%") || byte == UInt8(ascii: " ") || Self.host.isPlain(byte)
        default: true
        }
    }

    /// Whether a text could be what encoding gave, brackets and the like allowed.
    func isEncoded(_ text: [UInt8]) -> Bool {
        text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "%"):
                true
            default: isPlain(byte)
            }
        }
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            return true
        case 0x80...: return false
        default:
            let allowed: StaticString
            switch self {
            case .path: allowed = "$&+,/:;=@"
            case .user: allowed = "$&+,;="
            case .host, .zone: allowed = "!$&'()*+,;=:[]<>\""
            case .query: allowed = ""
            case .fragment: allowed = "$&+,/:;=?@!()*"
            }
            return UnsafeBufferPointer(start: allowed.utf8Start, count: allowed.utf8CodeUnitCount).contains(byte)
        }
    }

    /// RFC 3986's characters of user and password, and `@`.
    static func canStandInUserInfo(_ byte: UInt8) -> Bool {
        Self.user.isPlain(byte) || ":!'()*%@".utf8.contains(byte)
    }
}
