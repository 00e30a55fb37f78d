import Testing

@testable import HATemplate

@Suite struct LineIndexTests {
    static let texts: [(name: String, text: String)] = [
        ("empty", ""), ("one line", "abc"), ("line breaks", String(repeating: "\n", count: 9_000)),
        ("a long line", String(repeating: "aé€𝄞", count: 1_500) + "\nx"),
        (
            "lines that end in and around blocks",
            (0..<2_000).map { String(repeating: "é", count: $0 % 23) + "\r\n" }.joined()
        ),
        ("a byte-order mark", "\u{FEFF}a\nb" + String(repeating: "c", count: 208)),
        ("a whole block", String(repeating: "x", count: 4_096)),
        ("a block and its line break", String(repeating: "x", count: 4_095) + "\n" + "y"),
    ]

    @Test(arguments: texts.map(\.name))
    func offsetsAreFound(name: String) throws {
        let text = try #require(Self.texts.first { $0.name == name }?.text)
        let bytes = Array(text.utf8)
        // In a file that shares its bytes with others, at an odd place.
        let file = SourceFile(
            name: "f", sharing: Array("before\n".utf8) + bytes + [0x0A], extent: 7..<(7 + bytes.count))
        let index = LineIndex(file)
        var (line, start, column) = (1, 0, 1)
        for offset in 0...bytes.count {
            // Around the ends of blocks, and some others; inside a byte-order mark nothing stands.
            if (offset + 3) % 4_096 < 6 && offset > 2 || offset % 211 == 0 || offset == bytes.count {
                let position = index.position(at: UInt32(offset))
                #expect(position == SourcePosition(line: line, column: column), "\(offset)")
                #expect(index.number(ofLineAt: UInt32(offset)) == line)
                let found = index.line(at: UInt32(offset))
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let isReturn = end > start && bytes[end - 1] == 0x0D
                #expect(Int(found.start) == start)
                #expect(found.bytes.elementsEqual(bytes[start..<(isReturn ? end - 1 : end)]), "\(offset)")
            }
            guard offset < bytes.count else { break }
            if bytes[offset] == 0x0A {
                (line, start, column) = (line + 1, offset + 1, 1)
            } else if bytes[offset] & 0xC0 != 0x80, !(name == "a byte-order mark" && offset == 0) {
                column += 1
            }
        }
        #expect(index.position(at: .max) == index.position(at: UInt32(bytes.count)))
    }
}
