import Testing

@testable import HATemplate

@Suite struct BlankLinesTests {
    static let examples: [(text: String, squeezed: String, removed: String)] = [
        ("", "", ""),
        ("a", "a", "a"),
        ("a\n", "a\n", "a\n"),
        ("\n\na\n", "a\n", "a\n"),
        ("a\n\n\n\nb\n", "a\n\nb\n", "a\nb\n"),
        ("a\n\nb\n\n\n", "a\n\nb\n", "a\nb\n"),
        ("a\n \t\r\n\n  b\n", "a\n \t\r\n  b\n", "a\n  b\n"),
        ("\n\n\n", "", ""),
        ("  ", "", ""),
        ("a\n  ", "a\n", "a\n"),
        ("a\n\n  b\n\n\nc", "a\n\n  b\n\nc", "a\n  b\nc"),
        ("a\u{A0}\n\u{A0}\n\u{A0}\nb", "a\u{A0}\n\u{A0}\n\u{A0}\nb", "a\u{A0}\n\u{A0}\n\u{A0}\nb"),
    ]

    @Test(arguments: examples)
    func treats(example: (text: String, squeezed: String, removed: String)) {
        #expect(apply(.keep, example.text) == example.text)
        #expect(apply(.squeeze, example.text) == example.squeezed)
        #expect(apply(.remove, example.text) == example.removed)
    }

    private func apply(_ treatment: BlankLines, _ text: String) -> String {
        var output = ByteBuffer()
        output.append(text)
        treatment.apply(to: &output)
        return output.withElements { String(decoding: $0, as: UTF8.self) }
    }
}
