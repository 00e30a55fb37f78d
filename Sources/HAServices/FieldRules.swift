// What the values of single fields must be.

/// How large numbers may be.
enum ServiceLimits {
    /// 0 stands for "not set".
    static var port: ClosedRange<Int> { 0...65_535 }
    /// HAProxy's range; 0 stands for "not set".
    static var weight: ClosedRange<Int> { 0...256 }
    /// What fits in the proxies' 32-bit counters.
    static var connections: ClosedRange<Int> { 0...2_147_483_647 }
    /// Seconds; as milliseconds they must fit in the proxies' 32-bit timers.
    static var timeout: ClosedRange<Int> { 0...2_147_483 }
}

extension ServiceField {
    /// The integers that the field may hold; nil when it holds none.
    var range: ClosedRange<Int>? {
        switch self {
        case .port, .servicePort: ServiceLimits.port
        case .connectTimeout, .clientTimeout, .serverTimeout: ServiceLimits.timeout
        case .maxConn: ServiceLimits.connections
        default: nil
        }
    }

    /// Whether the field holds a text.
    var isText: Bool {
        switch self {
        case .domains, .hosts, .attributes: false
        default: range == nil
        }
    }

    /// Whether an empty text, which is Go's zero value, stands for a default that is not empty.
    var hasDefault: Bool { self == .transportProtocol || self == .source }

    /// What is wrong with a text without control characters.
    @inline(__always)
    func mistake(in text: Bytes) -> ServiceMistake? {
        guard !text.isEmpty else { return self == .id ? .emptyId : nil }
        switch self {
        case .applicationProtocol: return equals(text, "http") ? nil : Self.applicationMistake(text)
        case .transportProtocol: return equals(text, "tcp") || equals(text, "udp") ? nil : Self.transportMistake(text)
        case .proxyPath, .healthCheckPath:
            return text[0] == UInt8(ascii: "/")
                ? nil : .pathWithoutSlash(field: name, String(decoding: text, as: UTF8.self))
        default: return nil
        }
    }

    /// `HTTP` would be a plain tcp service, since templates compare with `http`.
    private static func applicationMistake(_ text: Bytes) -> ServiceMistake? {
        guard text.count == 4, text[0] | 0x20 == UInt8(ascii: "h"), text[1] | 0x20 == UInt8(ascii: "t"),
            text[2] | 0x20 == UInt8(ascii: "t"), text[3] | 0x20 == UInt8(ascii: "p")
        else { return nil }
        return .httpSpelling(String(decoding: text, as: UTF8.self))
    }

    private static func transportMistake(_ text: Bytes) -> ServiceMistake {
        .unknownTransport(String(decoding: text, as: UTF8.self))
    }
}

extension HostField {
    /// The integers that the field may hold; nil when it holds none.
    var range: ClosedRange<Int>? {
        switch self {
        case .port: ServiceLimits.port
        case .weight: ServiceLimits.weight
        case .maxConn: ServiceLimits.connections
        case .ip, .id: nil
        }
    }
}

/// Whether two texts are the same bytes.
@inline(__always)
func equals(_ text: Bytes, _ other: StaticString) -> Bool {
    guard text.count == other.utf8CodeUnitCount else { return false }
    for offset in 0..<other.utf8CodeUnitCount where text[offset] != other.utf8Start[offset] { return false }
    return true
}
