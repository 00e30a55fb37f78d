/// An IPv4 or IPv6 address. IPv4 addresses sort before IPv6 addresses, each by number.
///
/// IPv4 is four decimal numbers without leading zeros (C libraries read those as octal, or take fewer numbers: the
/// same text would mean another machine elsewhere). IPv6 is every form of RFC 4291, without brackets and without a
/// zone, which is true on one machine only.
package struct IPAddress: Sendable, Hashable, Comparable {
    package let isV6: Bool
    /// The number; an IPv4 address takes the lowest 32 bits.
    package let bits: UInt128

    /// The address that a text is; nil when it is none.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        if let number = Self.parseV4(text) {
            self.init(isV6: false, bits: UInt128(number))
        } else if let number = Self.parseV6(text) {
            self.init(isV6: true, bits: number)
        } else {
            return nil
        }
    }

    private init(isV6: Bool, bits: UInt128) {
        self.isV6 = isV6
        self.bits = bits
    }

    /// 32 or 128.
    package var bitCount: Int { isV6 ? 128 : 32 }

    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.isV6 == right.isV6 ? left.bits < right.bits : right.isV6
    }

    /// The number of an IPv4 address; nil when the text is none.
    package static func parseV4(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard text.count >= 7, text.count <= 15 else { return nil }
        var address: UInt32 = 0
        var offset = 0
        for part in 0..<4 {
            if part > 0 {
                guard offset < text.count, text[offset] == UInt8(ascii: ".") else { return nil }
                offset &+= 1
            }
            guard offset < text.count else { return nil }
            var number = UInt32(text[offset] &- UInt8(ascii: "0"))
            guard number <= 9 else { return nil }
            offset &+= 1
            // A zero stands alone.
            while number > 0, offset < text.count {
                let digit = text[offset] &- UInt8(ascii: "0")
                if digit > 9 { break }
                number = number &* 10 &+ UInt32(digit)
                if number > 255 { return nil }
                offset &+= 1
            }
            address = address << 8 | number
        }
        return offset == text.count ? address : nil
    }

    /// The number of an IPv6 address: eight groups of up to four hexadecimal digits, `::` once for one group of zeros
    /// or more, the last two groups perhaps as an IPv4 address; nil when the text is none.
    package static func parseV6(_ text: UnsafeBufferPointer<UInt8>) -> UInt128? {
        guard text.count >= 2, text.count <= 45 else { return nil }
        let colon = UInt8(ascii: ":")
        var address: UInt128 = 0
        var groups = 0
        /// How many groups stand before the `::`.
        var gap: Int?
        var offset = 0
        if text[0] == colon {
            guard text[1] == colon else { return nil }
            gap = 0
            offset = 2
        }
        while offset < text.count {
            let start = offset
            var group: UInt128 = 0
            while offset < text.count, let digit = hexDigitValue(text[offset]) {
                group = (group << 4 | UInt128(digit)) & 0xF_FFFF
                offset += 1
            }
            if offset < text.count, text[offset] == UInt8(ascii: ".") {
                guard let last = parseV4(UnsafeBufferPointer(rebasing: text[start...])) else { return nil }
                address = address << 32 | UInt128(last)
                groups += 2
                break
            }
            guard offset > start, offset - start <= 4 else { return nil }
            address = address << 16 | group
            groups += 1
            guard groups <= 8 else { return nil }
            if offset == text.count { break }
            guard text[offset] == colon, offset + 1 < text.count else { return nil }
            offset += 1
            if text[offset] == colon {
                guard gap == nil else { return nil }
                gap = groups
                offset += 1
            }
        }
        guard let gap else { return groups == 8 ? address : nil }
        guard groups <= 7 else { return nil }
        // The groups after the gap move to the end; those before it to the front.
        let tail = groups - gap
        let tailMask = (UInt128(1) << UInt128(16 * tail)) - 1
        let head = tail == groups ? 0 : (address >> UInt128(16 * tail)) << UInt128(16 * (8 - gap))
        return head | (address & tailMask)
    }
}

/// A network such as `10.0.0.0/8`: addresses that begin with the same bits.
struct IPNetwork {
    let isV6: Bool
    private let prefix: UInt128
    /// How many bits at the end may differ.
    private let hostBits: Int

    /// An address, a slash and a number of bits; bits of the address beyond them do not count. Nil for other text.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")),
            let address = IPAddress(UnsafeBufferPointer(rebasing: text[..<slash]))
        else { return nil }
        let digits = text[(slash + 1)...]
        guard (1...3).contains(digits.count), digits.allSatisfy(isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard length <= address.bitCount else { return nil }
        isV6 = address.isV6
        hostBits = address.bitCount - length
        prefix = Self.drop(hostBits, of: address.bits)
    }

    func contains(_ address: IPAddress) -> Bool {
        address.isV6 == isV6 && Self.drop(hostBits, of: address.bits) == prefix
    }

    /// Smart shifts: all 128 bits may go.
    private static func drop(_ count: Int, of bits: UInt128) -> UInt128 { bits >> count }
}
