/// Finds the number of a key among the keys of one kind of object. Case does not count, as in Go's encoding/json.
struct KeyTable: @unchecked Sendable {
    /// Never freed, as `places` is not: there is one table for each kind of object.
    private let names: UnsafeMutableBufferPointer<StaticString>
    /// A hash table: the number of a name plus one; 0 is free.
    private let places: UnsafeMutableBufferPointer<UInt8>

    private static let size = 256

    /// The names are words of two letters or more, in any case; fewer than 128 of them.
    init(_ names: [StaticString]) {
        self.names = .allocate(capacity: names.count)
        _ = self.names.initialize(from: names)
        places = .allocate(capacity: Self.size)
        places.initialize(repeating: 0)
        for (number, name) in names.enumerated() {
            var place = Self.place(of: Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount))
            while places[place] != 0 { place = (place + 1) & (Self.size - 1) }
            places[place] = UInt8(truncatingIfNeeded: number + 1)
        }
    }

    /// The number of the name that a key is, whatever the case of its letters.
    @inline(__always)
    func slot(of key: Bytes) -> Int? {
        guard key.count >= 2 else { return nil }
        var place = Self.place(of: key)
        while places[place] != 0 {
            let number = Int(places[place]) &- 1
            if matches(key, names[number]) { return number }
            place = (place &+ 1) & (Self.size - 1)
        }
        return nil
    }

    /// Where to look first, by the length and both ends.
    @inline(__always)
    private static func place(of key: Bytes) -> Int {
        let (first, last) = (Int(key[0] | 0x20), Int(key[key.count &- 1] | 0x20))
        return (key.count &* 37 &+ first &* 5 &+ last &* 11) & (size - 1)
    }
}

/// Whether a key is a word of letters, in any case.
@inline(__always)
private func matches(_ key: Bytes, _ name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard key.count == count else { return false }
    let (key, letters) = (UnsafeRawBufferPointer(key), UnsafeRawBufferPointer(start: name.utf8Start, count: count))
    if count < 8 {
        // Two words that overlap in the middle.
        if count < 4 {
            return isEqual(key, letters, at: 0, UInt16.self) && isEqual(key, letters, at: count &- 2, UInt16.self)
        }
        return isEqual(key, letters, at: 0, UInt32.self) && isEqual(key, letters, at: count &- 4, UInt32.self)
    }
    var offset = 0
    while count &- offset > 8 {
        guard isEqual(key, letters, at: offset, UInt64.self) else { return false }
        offset &+= 8
    }
    return isEqual(key, letters, at: count &- 8, UInt64.self)
}

/// Whether some bytes of a key are the letters of a name in any case.
@inline(__always)
private func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
    _ key: UnsafeRawBufferPointer, _ letters: UnsafeRawBufferPointer, at offset: Int, _ type: Word.Type
) -> Bool {
    // Setting this bit in every byte makes a lower-case letter of its upper case, and of nothing else.
    let cases = Word(truncatingIfNeeded: 0x2020_2020_2020_2020 as UInt64)
    return key.loadUnaligned(fromByteOffset: offset, as: Word.self) | cases
        == letters.loadUnaligned(fromByteOffset: offset, as: Word.self) | cases
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
