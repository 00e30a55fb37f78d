/// What a text of a service or host may be. Every text but that of `lines` stands in one line.
enum TextRule: UInt8, Sendable {
    /// Any text without control characters.
    case line
    /// Any text without NUL.
    case lines
    /// Any text but the empty one.
    case id
    case applicationProtocol, transportProtocol
    /// A path that a request can have, or nothing.
    case requestPath
    /// A path, perhaps with a query, or nothing.
    case checkPath
    /// An address or host name.
    case address
    /// The name of a cookie, a token of RFC 9110, or nothing.
    case cookieName

    /// Whether a text without control characters is right.
    @inline(__always)
    func accepts(_ text: Bytes) -> Bool {
        switch self {
        case .line, .lines: true
        case .id: !text.isEmpty
        case .applicationProtocol: !Self.isHTTPInOtherCase(text)
        case .transportProtocol: text.isEmpty || equals(text, "tcp") || equals(text, "udp")
        case .requestPath: text.isEmpty || pathFault(text) == nil
        case .checkPath: text.isEmpty || pathFault(text, mayHaveQuery: true) == nil
        case .address: addressFault(text) == nil
        case .cookieName: text.allSatisfy(PayloadText.isTokenByte)
        }
    }

    /// What is wrong with a text without control characters; nil when it is accepted.
    func mistake(in text: Bytes, field: String) -> ServiceMistake? {
        guard !accepts(text) else { return nil }
        let shown = String(decoding: text, as: UTF8.self)
        switch self {
        case .line, .lines: return nil
        case .id: return .emptyId
        case .applicationProtocol: return .httpSpelling(shown)
        case .transportProtocol: return .unknownTransport(shown)
        case .requestPath: return pathFault(text).map { .badPath(field: field, shown, $0) }
        case .checkPath: return pathFault(text, mayHaveQuery: true).map { .badPath(field: field, shown, $0) }
        case .address: return addressFault(text).map { .badAddress(shown, $0) }
        case .cookieName: return .badCookie(shown)
        }
    }

    /// `HTTP` would be a plain tcp service, since templates compare with `http`.
    @inline(__always)
    private static func isHTTPInOtherCase(_ text: Bytes) -> Bool {
        text.count == 4 && text[0] | 0x20 == UInt8(ascii: "h") && text[1] | 0x20 == UInt8(ascii: "t")
            && text[2] | 0x20 == UInt8(ascii: "t") && text[3] | 0x20 == UInt8(ascii: "p") && !equals(text, "http")
    }
}

/// Whether two texts are the same bytes.
@inline(__always)
func equals(_ text: Bytes, _ other: StaticString) -> Bool {
    guard text.count == other.utf8CodeUnitCount else { return false }
    for offset in 0..<other.utf8CodeUnitCount where text[offset] != other.utf8Start[offset] { return false }
    return true
}

/// Why no request can have a path.
enum PathFault: Equatable {
    case noSlash, blank, fragment, query
    /// `/a/../b`
    case dots
    /// A `%` that two hexadecimal digits do not follow: `/100%`
    case badEscape
    /// `/a%0Ab`
    case control
    case tooLong

    /// Bytes; nginx takes request lines up to 8 KiB, HAProxy up to a buffer.
    static let longestPath = 8_000
}

@inline(__always)
private func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") <= 9 || (byte | 0x20) &- UInt8(ascii: "a") <= 5
}

/// What is wrong with a path without control characters; nil when a request can have it. Characters outside ASCII are
/// left alone: nginx compares them decoded.
@inline(__always)
func pathFault(_ path: Bytes, mayHaveQuery: Bool = false) -> PathFault? {
    guard path.first == UInt8(ascii: "/") else { return .noSlash }
    guard path.count <= PathFault.longestPath else { return .tooLong }
    // Dots since the last slash, as long as there is nothing else; nil in other segments and in the query.
    var dots: Int? = 0
    var isInQuery = false
    var offset = 0
    while offset < path.count {
        var byte = path[offset]
        offset += 1
        if byte == UInt8(ascii: "%"), !isInQuery {
            guard offset + 1 < path.count, isHexadecimal(path[offset]), isHexadecimal(path[offset + 1]) else {
                return .badEscape
            }
            if !mayHaveQuery, path[offset] == UInt8(ascii: "0") || path[offset] == UInt8(ascii: "1") { return .control }
            // A dot stays one in any spelling.
            let isDot = path[offset] == UInt8(ascii: "2") && path[offset + 1] | 0x20 == UInt8(ascii: "e")
            byte = isDot ? UInt8(ascii: ".") : UInt8(ascii: "%")
            offset += 2
        }
        switch byte {
        case UInt8(ascii: "/"):
            if let dots, dots > 0 { return .dots }
            dots = isInQuery ? nil : 0
        case UInt8(ascii: "."): dots = dots.flatMap { $0 < 2 ? $0 + 1 : nil }
        case UInt8(ascii: " "): return .blank
        case UInt8(ascii: "#"): return .fragment
        case UInt8(ascii: "?"):
            guard mayHaveQuery else { return .query }
            if let dots, dots > 0 { return .dots }
            dots = nil
            isInQuery = true
        default: dots = nil
        }
    }
    if let dots, dots > 0 { return .dots }
    return nil
}
