/// The shape of a configuration: how many arguments each line or directive has, and where blocks open and close.
/// Written from the manuals of the programs, and apart from the engine's own lexer.
enum Shape {
    static func haproxy(_ bytes: [UInt8]) -> [Int] {
        var counts: [Int] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let count = arguments(line)
            if count != 0 { counts.append(count) }
        }
        return counts
    }

    /// -1 when a quote is not closed.
    private static func arguments(_ line: ArraySlice<UInt8>) -> Int {
        var count = 0
        var isInside = false
        var quote: UInt8?
        var rest = line[...]
        while let byte = rest.popFirst() {
            if let open = quote {
                if byte == open {
                    quote = nil
                } else if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
                    _ = rest.popFirst()
                }
                continue
            }
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                isInside = false
                continue
            }
            if byte == UInt8(ascii: "#") { return count }
            if !isInside {
                count += 1
                isInside = true
            }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
        }
        return quote == nil ? count : -1
    }

    /// Numbers of arguments; -2 opens a block, -3 closes one, -1 is the end in quotes.
    static func nginx(_ bytes: [UInt8]) -> [Int] {
        var events: [Int] = []
        var count = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                events.append(count)
                if byte == UInt8(ascii: "{") { events.append(-2) }
                if byte == UInt8(ascii: "}") { events.append(-3) }
                count = 0
                index += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                index += 1
                while index < bytes.count, bytes[index] != byte { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                if index >= bytes.count { events.append(-1) }
                count += 1
                index += 1
            default:
                count += 1
                index = endOfWord(bytes, from: index)
            }
        }
        return events
    }

    private static func endOfWord(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";"): return index
            case UInt8(ascii: "{"):
                guard index > start, bytes[index - 1] == UInt8(ascii: "$") else { return index }
                index += 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return index
    }
}
