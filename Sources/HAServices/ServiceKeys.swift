import HATemplate

// Which field a key names. Keys are compared without case, as Go's encoding/json does.
extension ServiceField {
    /// The field that a key names; nil when it names none.
    static func named(_ key: Bytes) -> ServiceField? {
        switch key.count {
        case 2: return matches(key, "id") ? .id : nil
        case 4: return matches(key, "port") ? .port : nil
        case 5: return matches(key, "hosts") ? .hosts : nil
        case 6:
            if matches(key, "config") { return .config }
            if matches(key, "cookie") { return .cookie }
            return matches(key, "source") ? .source : nil
        case 7:
            if matches(key, "domains") { return .domains }
            if matches(key, "balance") { return .balance }
            return matches(key, "maxconn") ? .maxConn : nil
        case 9: return matches(key, "proxypath") ? .proxyPath : nil
        case 10: return matches(key, "attributes") ? .attributes : nil
        case 11: return matches(key, "serviceport") ? .servicePort : nil
        case 13:
            if matches(key, "clienttimeout") { return .clientTimeout }
            return matches(key, "servertimeout") ? .serverTimeout : nil
        case 14: return matches(key, "connecttimeout") ? .connectTimeout : nil
        case 15: return matches(key, "healthcheckpath") ? .healthCheckPath : nil
        case 17: return matches(key, "transportprotocol") ? .transportProtocol : nil
        case 19: return matches(key, "applicationprotocol") ? .applicationProtocol : nil
        default: return nil
        }
    }
}

extension HostField {
    /// The field that a key names; nil when it names none.
    static func named(_ key: Bytes) -> HostField? {
        switch key.count {
        case 2:
            if matches(key, "ip") { return .ip }
            return matches(key, "id") ? .id : nil
        case 4: return matches(key, "port") ? .port : nil
        case 6: return matches(key, "weight") ? .weight : nil
        case 7: return matches(key, "maxconn") ? .maxConn : nil
        default: return nil
        }
    }
}

/// Whether a key is a name of lower-case letters in any case; both have the same length, which is at least two.
@inline(__always)
private func matches(_ key: Bytes, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    let (key, letters) = (UnsafeRawBufferPointer(key), UnsafeRawBufferPointer(start: name.utf8Start, count: count))
    if count < 8 {
        // Two words that overlap in the middle.
        if count < 4 {
            return isEqual(key, letters, at: 0, UInt16.self) && isEqual(key, letters, at: count - 2, UInt16.self)
        }
        return isEqual(key, letters, at: 0, UInt32.self) && isEqual(key, letters, at: count - 4, UInt32.self)
    }
    var offset = 0
    while count - offset > 8 {
        guard isEqual(key, letters, at: offset, UInt64.self) else { return false }
        offset += 8
    }
    return isEqual(key, letters, at: count - 8, UInt64.self)
}

/// Whether some bytes of a key are those of a name in any case.
@inline(__always)
private func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
    _ key: UnsafeRawBufferPointer, _ letters: UnsafeRawBufferPointer, at offset: Int, _ type: Word.Type
) -> Bool {
    // Setting this bit in every byte makes a lower-case letter of its upper case, and of nothing else.
    let cases = Word(truncatingIfNeeded: 0x2020_2020_2020_2020 as UInt64)
    return key.loadUnaligned(fromByteOffset: offset, as: Word.self) | cases
        == letters.loadUnaligned(fromByteOffset: offset, as: Word.self)
}

/// A key with the two characters outside ASCII whose case folds into it, ſ and the Kelvin sign, made plain.
///
/// Go: encoding/json, foldName. Returns nil when there is none of them, which is to say, nearly always.
func foldingUnusualLetters(_ key: Bytes) -> [UInt8]? {
    guard key.contains(where: { $0 == 0xC5 || $0 == 0xE2 }) else { return nil }
    var folded: [UInt8] = []
    for scalar in String(decoding: key, as: UTF8.self).unicodeScalars {
        switch scalar {
        case "\u{17F}": folded.append(UInt8(ascii: "s"))
        case "\u{212A}": folded.append(UInt8(ascii: "k"))
        default: folded.append(contentsOf: Array(String(scalar).utf8))
        }
    }
    return folded
}
