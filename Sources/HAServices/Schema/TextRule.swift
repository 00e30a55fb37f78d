/// What a text of a service or host may be. Every text but that of `lines` stands in one line.
enum TextRule: UInt8, Sendable {
    /// Any text without control characters.
    case line
    /// Any text without NUL.
    case lines
    /// Any text but the empty one.
    case id
    case applicationProtocol, transportProtocol
    /// A path of a URL, or nothing.
    case path
    /// An address or host name.
    case address

    /// Whether a text without control characters is right.
    @inline(__always)
    func accepts(_ text: Bytes) -> Bool {
        switch self {
        case .line, .lines: true
        case .id: !text.isEmpty
        case .applicationProtocol: !Self.isHTTPInOtherCase(text)
        case .transportProtocol: text.isEmpty || equals(text, "tcp") || equals(text, "udp")
        case .path: text.isEmpty || text[0] == UInt8(ascii: "/")
        case .address: addressFault(text) == nil
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
        case .path: return .pathWithoutSlash(field: field, shown)
        case .address: return addressFault(text).map { .badAddress(shown, $0) }
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
