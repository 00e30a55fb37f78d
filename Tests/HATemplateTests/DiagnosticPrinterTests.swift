import Testing

@testable import HATemplate

/// What is shown of a line, and the mark below it.
@Suite struct DiagnosticPrinterTests {
    static let lines: [(name: String, bytes: [UInt8], mark: Range<Int>, place: String, shown: [String])] = [
        ("letters", Array("ab cd".utf8), 3..<5, "1:4", ["  ab cd", "     ^~"]),
        ("two bytes a letter", Array("é cd".utf8), 3..<5, "1:3", ["  é cd", "    ^~"]),
        ("a tab", Array("\tx".utf8), 1..<2, "1:2", ["  \tx", "  \t^"]),
        ("byte-order mark", Array("\u{FEFF}[x]".utf8), 4..<5, "1:2", ["  \u{FEFF}[x]", "   ^"]),
        ("a continuation byte alone", [0x61, 0x80, 0x62], 2..<3, "1:3", ["  a\u{FFFD}b", "    ^"]),
        ("a sequence that is cut", [0xE2, 0x82, 0x62], 2..<3, "1:2", ["  \u{FFFD}b", "   ^"]),
        ("the end of the line", Array("ab\ncd".utf8), 2..<2, "1:3", ["  ab", "    ^"]),
        ("the next line", Array("ab\r\ncd".utf8), 5..<6, "2:2", ["  cd", "   ^"]),
        ("control characters", Array("\u{1B}[0mx".utf8), 4..<5, "1:5", ["  ␛[0mx", "      ^"]),
    ]

    @Test(arguments: lines.map(\.name))
    func showsTheLine(name: String) throws {
        let line = try #require(Self.lines.first { $0.name == name })
        let file = SourceFile(name: "f", bytes: line.bytes)
        let range = SourceRange(line.mark.lowerBound, line.mark.upperBound)
        var printer = DiagnosticPrinter()
        let text = printer.text(of: Diagnostic(.jsonSyntax, "wrong", at: SourceLocation(file, range)))
        let printed = text.split(separator: "\n").map(String.init)
        #expect(printed == ["f:\(line.place): error: wrong [json-syntax]"] + line.shown)
    }
}
