import HATemplate

/// Why a text is not what it should be: an address, or the name of a host.
enum AddressFault: Error, Equatable {
    case empty
    // Things that people write in place of an address.
    case brackets, zone, scheme, path
    /// `1.2.3.4:80`
    case withPort
    // Nearly an IPv4 address.
    case octetTooLarge, leadingZero, notFourNumbers
    /// Nearly an IPv6 address.
    case badIPv6
    // Nearly a host name.
    case badCharacter, emptyLabel, labelTooLong, nameTooLong, hyphenAtEnd, trailingDot, misplacedWildcard
    /// `*` as a domain
    case everyDomain
    /// `.example.com` as a domain
    case leadingDot
    /// An IPv6 address as a domain: `::1`
    case withoutBrackets
    /// The same in another form than the given one, which clients send: `[0:0::1]`
    case longForm(String)
    /// `münchen.example`
    case notASCII
}

/// The bytes of a text that lie in a larger one.
typealias Bytes = UnsafeBufferPointer<UInt8>

/// What is wrong with an address of a server; nil when it is an IPv4 or IPv6 address or a host name.
///
/// IPv4 is four decimal numbers without leading zeros (C libraries read those as octal, or take fewer numbers: the
/// same text would mean another machine elsewhere). IPv6 is every form of RFC 4291, without brackets and without a
/// zone, which is true on one machine only. A host name may end in a dot, as resolvers allow.
func addressFault(_ text: Bytes) -> AddressFault? {
    if isIPv4(text) { return nil }
    guard !text.isEmpty else { return .empty }
    if text.contains(UInt8(ascii: ":")) { return colonFault(text) }
    return hostNameFault(text, allowingTrailingDot: true)
}

/// What is wrong with a domain; nil when it is a host name, perhaps after `*.`, an IPv4 address or an IPv6 address in
/// brackets, since clients send those as the host too.
func domainFault(_ text: Bytes) -> AddressFault? {
    guard let first = text.first else { return .empty }
    if first == UInt8(ascii: "[") { return bracketFault(text) }
    if text.contains(UInt8(ascii: ":")) { return colonFault(text) ?? .withoutBrackets }
    if first == UInt8(ascii: "."), text.count > 1 {
        let isName = hostNameFault(Bytes(rebasing: text[1...]), allowingTrailingDot: false) == nil
        return isName ? .leadingDot : .emptyLabel
    }
    if first == UInt8(ascii: "*"), text.count == 1 { return .everyDomain }
    if text.count >= 2, text[0] == UInt8(ascii: "*"), text[1] == UInt8(ascii: ".") {
        let rest = Bytes(rebasing: text[2...])
        return isIPv4(rest) ? .misplacedWildcard : hostNameFault(rest, allowingTrailingDot: false)
    }
    return isIPv4(text) ? nil : hostNameFault(text, allowingTrailingDot: false)
}

/// What is wrong with a domain that begins with a bracket.
private func bracketFault(_ text: Bytes) -> AddressFault? {
    guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return .brackets }
    let address = Bytes(rebasing: text[1..<end])
    guard let number = IPAddress.parseV6(address) else {
        return address.contains(UInt8(ascii: "%")) ? .zone : .brackets
    }
    let rest = text[(end + 1)...]
    guard rest.isEmpty else {
        let isPort = rest.first == UInt8(ascii: ":") && rest.dropFirst().allSatisfy(isDigit)
        return isPort ? .withPort : .brackets
    }
    let short = "[" + shortForm(ofV6: number) + "]"
    let isShort = short.utf8.elementsEqual(text.lazy.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 })
    return isShort ? nil : .longForm(short)
}

/// An IPv6 address as browsers and RFC 5952 write it: no leading zeros, the first longest run of zeros as `::`.
private func shortForm(ofV6 number: UInt128) -> String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: number >> UInt128(16 * (7 - $0))) }
    var longest = 0..<0
    var start = 0
    for end in 0...8 where end == 8 || groups[end] != 0 {
        if end - start > max(longest.count, 1) { longest = start..<end }
        start = end + 1
    }
    let parts = groups.map { String($0, radix: 16) }
    guard !longest.isEmpty else { return parts.joined(separator: ":") }
    return parts[..<longest.lowerBound].joined(separator: ":") + "::"
        + parts[longest.upperBound...].joined(separator: ":")
}

/// A text with a colon is an IPv6 address or nothing.
private func colonFault(_ text: Bytes) -> AddressFault? {
    if isIPv6(text) { return nil }
    if text.contains(UInt8(ascii: "/")) { return hasScheme(text) ? .scheme : .path }
    if text.contains(UInt8(ascii: "%")) { return .zone }
    if text.contains(UInt8(ascii: "[")) || text.contains(UInt8(ascii: "]")) { return .brackets }
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon == text.lastIndex(of: UInt8(ascii: ":")) else {
        return .badIPv6
    }
    let port = text[(colon + 1)...]
    let name = Bytes(rebasing: text[..<colon])
    let isPort = !port.isEmpty && port.allSatisfy(isDigit)
    return isPort && hostNameFault(name, allowingTrailingDot: true) == nil || isPort && isIPv4(name)
        ? .withPort : .badCharacter
}

private func hasScheme(_ text: Bytes) -> Bool {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon + 2 < text.count else { return false }
    return text[colon + 1] == UInt8(ascii: "/") && text[colon + 2] == UInt8(ascii: "/")
}

// MARK: Host names

/// What is wrong with a host name after RFC 1123; nil when nothing is.
///
/// Labels of letters, digits and inner hyphens, 63 at most, 253 in all. An underscore counts as a letter: containers
/// and Windows machines have it. The last label must not be a number, plain or hexadecimal, since C libraries take
/// such a name as an address (`127.1`, `0x7f000001`).
func hostNameFault(_ text: Bytes, allowingTrailingDot: Bool) -> AddressFault? {
    var text = text
    guard let last = text.last else { return .empty }
    if last == UInt8(ascii: "."), text.count > 1 {
        guard allowingTrailingDot else { return .trailingDot }
        text = Bytes(rebasing: text[..<(text.count - 1)])
    }
    guard text.count <= 253 else { return .nameTooLong }
    var labelStart = 0
    for end in 0...text.count where end == text.count || text[end] == UInt8(ascii: ".") {
        if let fault = labelFault(text, labelStart..<end) { return fault }
        if end == text.count { return numericFault(text, lastLabel: labelStart..<end) }
        labelStart = end + 1
    }
    return nil
}

private func labelFault(_ text: Bytes, _ range: Range<Int>) -> AddressFault? {
    guard !range.isEmpty else { return .emptyLabel }
    for offset in range where !isLabelByte(text[offset]) {
        switch text[offset] {
        case 0x80...: return .notASCII
        case UInt8(ascii: "*"): return .misplacedWildcard
        case UInt8(ascii: "/"): return .path
        case UInt8(ascii: "["), UInt8(ascii: "]"): return .brackets
        default: return .badCharacter
        }
    }
    guard range.count <= 63 else { return .labelTooLong }
    let hyphen = UInt8(ascii: "-")
    return text[range.lowerBound] == hyphen || text[range.upperBound - 1] == hyphen ? .hyphenAtEnd : nil
}

private func isLabelByte(_ byte: UInt8) -> Bool {
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 26 || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
}

/// Why a name that ends in a number is no IPv4 address.
private func numericFault(_ text: Bytes, lastLabel: Range<Int>) -> AddressFault? {
    let label = text[lastLabel]
    let isHexadecimal =
        label.count >= 2 && label[label.startIndex] == UInt8(ascii: "0")
        && label[label.startIndex + 1] | 0x20 == UInt8(ascii: "x")
        && label.dropFirst(2).allSatisfy { isDigit($0) || ($0 | 0x20) &- UInt8(ascii: "a") < 6 }
    guard isHexadecimal || label.allSatisfy(isDigit) else { return nil }
    let numbers = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard numbers.count == 4, numbers.allSatisfy({ $0.allSatisfy(isDigit) }) else { return .notFourNumbers }
    let hasLeadingZero = numbers.contains { $0.count > 1 && $0.first == UInt8(ascii: "0") }
    return hasLeadingZero ? .leadingZero : .octetTooLarge
}

@inline(__always)
private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

// MARK: Addresses

/// Whether a text is four decimal numbers up to 255, without leading zeros.
func isIPv4(_ text: Bytes) -> Bool { IPAddress.parseV4(text) != nil }

/// Whether a text is an IPv6 address: eight groups of up to four hexadecimal digits, `::` once for one group of zeros
/// or more, the last two groups perhaps as an IPv4 address.
func isIPv6(_ text: Bytes) -> Bool { IPAddress.parseV6(text) != nil }
