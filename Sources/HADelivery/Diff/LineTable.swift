/// The lines of two texts as numbers: equal lines have equal numbers.
struct LineTable {
    /// The bytes of each line with its line break.
    let old: [Range<Int>]
    let new: [Range<Int>]
    private(set) var oldNumbers: [Int32] = []
    private(set) var newNumbers: [Int32] = []
    /// Numbers are below this.
    private(set) var count: Int32 = 0

    init(_ oldText: [UInt8], _ newText: [UInt8]) {
        old = Self.lines(of: oldText)
        new = Self.lines(of: newText)
        var known: [UInt64: [(number: Int32, isOld: Bool, line: Range<Int>)]] = [:]
        known.reserveCapacity(old.count)
        oldText.withUnsafeBufferPointer { oldText in
            newText.withUnsafeBufferPointer { newText in
                for (isOld, text, lines) in [(true, oldText, old), (false, newText, new)] {
                    for line in lines {
                        let bytes = UnsafeBufferPointer(rebasing: text[line])
                        let key = Self.digest(bytes)
                        let same = known[key]?.first {
                            let other = UnsafeBufferPointer(rebasing: ($0.isOld ? oldText : newText)[$0.line])
                            return other.elementsEqual(bytes)
                        }
                        let number = same?.number ?? count
                        if same == nil {
                            known[key, default: []].append((number, isOld, line))
                            count += 1
                        }
                        if isOld { oldNumbers.append(number) } else { newNumbers.append(number) }
                    }
                }
            }
        }
    }

    static func lines(of text: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        text.withUnsafeBufferPointer { text in
            for (offset, byte) in text.enumerated() where byte == 0x0A {
                lines.append(start..<(offset + 1))
                start = offset + 1
            }
        }
        if start < text.count { lines.append(start..<text.count) }
        return lines
    }

    /// FNV-1a, over eight bytes at a time.
    private static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var offset = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while offset + 8 <= raw.count {
            hash = (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
            offset += 8
        }
        while offset < raw.count {
            hash = (hash ^ UInt64(raw[offset])) &* 0x0000_0100_0000_01B3
            offset += 1
        }
        return hash
    }
}
