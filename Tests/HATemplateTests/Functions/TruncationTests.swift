import Testing

@testable import HATemplate

/// `truncate` of markup, after Hugo's tpl/strings/truncate.go; plain text is in the recorded cases.
@Suite struct TruncationTests {
    @Test(arguments: [
        (#"truncate 10 (safeHTML "I am <b>bold</b> text")"#, "I am <b>bold …</b>"),
        (#"safeHTML "I am <b>bold</b> text" | truncate 10"#, "I am <b>bold …</b>"),
        (#"truncate 100 (safeHTML "a <b>&amp;</b>")"#, "a <b>&amp;</b>"),
        (#"truncate 100 "a <b>""#, "a &lt;b&gt;"),
        (#"truncate 5 "..." (safeHTML "<p>one <em>two three</em></p>")"#, "<p>one...</p>"),
        (#"truncate 8 (safeHTML "<p>one <em>two three</em></p>")"#, "<p>one <em>two …</em></p>"),
        (#"truncate 3 (safeHTML "<br>one two")"#, "<br>one …"),
        (#"truncate 3 (safeHTML "<br />one two")"#, "<br />one …"),
        (#"truncate 3 (safeHTML "<a href=\"/x y\">one two</a>")"#, "<a href=\"/x y\">one …</a>"),
        (#"truncate 5 (safeHTML "<i>one</i> two three")"#, "<i>one …</i>"),
        (#"truncate 3 (safeHTML "1 < 2 < 3")"#, "1 < …"),
        (#"truncate 2 (safeHTML "<<<<<<")"#, "<< …"),
        (#"truncate 4 (truncate 7 (safeHTML "<b>one two three</b>"))"#, "<b>one …</b>"),
        (#"truncate 3 (lower (safeHTML "<b>one two</b>"))"#, "&lt;b&gt; …"),
    ]) func markup(call: String, expected: String) throws {
        #expect(try Self.render(call) == expected, "\(call)")
    }

    /// Texts that are long to look through for a tag that never ends.
    @Test(arguments: ["<", "<a ", "</", "< ", "<a\n"]) func isLinear(part: String) throws {
        let call = "truncate 2000000 (safeHTML (strings.Repeat 300000 \"\(part.replacing("\n", with: "\\n"))\")) | len"
        #expect(try Self.render(call) == String(300_000 * part.utf8.count))
    }

    /// What one function makes of a text is bounded like a text.
    @Test(arguments: ["split $s \"\"", "split $s \"a\"", "findRE \"a\" $s"]) func listsAreBounded(call: String) {
        let error = #expect(throws: Diagnostic.self) {
            try Self.render("(\(call)) | len", before: "{{ $s := strings.Repeat 4200000 \"a\" }}")
        }
        #expect(error?.code == .limitExceeded)
    }

    private static func render(_ call: String, before: String = "") throws -> String {
        let template = try Template.parse(SourceFile(name: "t", text: "\(before){{ \(call) }}"))
        var output = ByteBuffer()
        try template.render(.empty, into: &output)
        return String(decoding: output.array, as: UTF8.self)
    }
}
