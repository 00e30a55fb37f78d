import HATemplate

/// The header of HAProxy's PROXY protocol, version 2, for one connection over TCP.
struct ProxyProtocol {
    /// Addresses without brackets.
    var source: String
    var sourcePort: Int
    var destination: String
    var destinationPort: Int
    /// The name that a TLS client asks for.
    var authority: String?

    /// nil where an address is none.
    var bytes: [UInt8]? {
        guard let from = Self.address(source), let to = Self.address(destination) else { return nil }
        // Both are of one family; an IPv4 address has its place in IPv6.
        let isIPv4 = from.count == 4 && to.count == 4
        let addresses = isIPv4 ? from + to : Self.mapped(from) + Self.mapped(to)
        var body = addresses + Self.bigEndian(sourcePort) + Self.bigEndian(destinationPort)
        if let authority {
            let name = Array(authority.utf8.prefix(255))
            body += [0x02] + Self.bigEndian(name.count) + name
        }
        let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
        return signature + [0x21, isIPv4 ? 0x11 : 0x21] + Self.bigEndian(body.count) + body
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    private static func mapped(_ address: [UInt8]) -> [UInt8] {
        address.count == 16 ? address : [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address
    }

    /// The bytes of an IPv4 or IPv6 address; nil for anything else.
    static func address(_ text: String) -> [UInt8]? {
        Array(text.utf8).withUnsafeBufferPointer { text in
            IPAddress.parseV4(text).map { withUnsafeBytes(of: $0.bigEndian, Array.init) }
                ?? IPAddress.parseV6(text).map { withUnsafeBytes(of: $0.bigEndian, Array.init) }
        }
    }
}
