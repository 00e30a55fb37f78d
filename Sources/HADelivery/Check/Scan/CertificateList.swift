import HATemplate

/// A list of certificates (`crt-list`), read as HAProxy reads it: src/ssl_crtlist.c, crtlist_parse_line.
///
/// It is no configuration: quotes, backslashes and a `#` behind other signs mean nothing in it, and a bracket ends a word
/// wherever it stands.
enum CertificateList {
    struct Line {
        /// The certificate, then all other words.
        let statement: ConfigurationText.Statement
        /// The words between the brackets.
        let options: ArraySlice<ConfigurationText.Word>
    }

    static func lines(of bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.first == UInt8(ascii: "#") { continue }
            if let found = read(line, number: index + 1) { lines.append(found) }
        }
        return lines
    }

    private static func read(_ line: ArraySlice<UInt8>, number: Int) -> Line? {
        var words: [ConfigurationText.Word] = []
        var (opening, closing): (Int?, Int?) = (nil, nil)
        var start: Int?
        func finish(at end: Int) {
            if let first = start {
                let text = String(decoding: line[first..<end], as: UTF8.self)
                words.append(.init(text: text, range: first..<end, isQuoted: false))
            }
            start = nil
        }
        for offset in line.indices {
            let byte = line[offset]
            switch byte {
            case _ where ConfigurationText.isSpace(byte): finish(at: offset)
            case UInt8(ascii: "["):
                finish(at: offset)
                opening = opening ?? words.count
            case UInt8(ascii: "]"):
                finish(at: offset)
                closing = closing ?? words.count
            default: start = start ?? offset
            }
        }
        finish(at: line.endIndex)
        guard !words.isEmpty else { return nil }
        // Without a second bracket the line is refused; until then it is read to its end.
        let first = opening ?? words.count
        let options = words[first..<max(first, closing ?? words.count)]
        return Line(statement: .init(words: words, line: number, parent: nil, isOpening: false), options: options)
    }
}
