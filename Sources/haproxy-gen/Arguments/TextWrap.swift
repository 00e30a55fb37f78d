/// Breaks text into lines for a terminal.
enum TextWrap {
    /// Breaks at spaces so that no line is wider than `width`, save one word that is wider by itself.
    ///
    /// Lines after the first begin with `indent` spaces.
    static func wrap(_ text: String, width: Int, indent: Int = 0) -> String {
        var lines: [String] = []
        var line = ""
        var columns = 0
        for word in text.split(separator: " ") {
            let length = word.count
            if !line.isEmpty, columns + 1 + length > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                columns = indent
            } else if !line.isEmpty {
                line += " "
                columns += 1
            }
            line += word
            columns += length
        }
        lines.append(line)
        return lines.joined(separator: "\n")
    }

    /// A heading and its explanation in two columns; an explanation beside a long heading begins on the next line.
    static func columns(_ heading: String, _ text: String, second: Int, width: Int) -> String {
        let body = wrap(text, width: max(width - second, 20))
        let padding = String(repeating: " ", count: second)
        var lines = body.split(separator: "\n").map { padding + $0 }
        let length = heading.count
        if length + 2 <= second, let first = lines.first {
            lines[0] = heading + String(repeating: " ", count: second - length) + first.dropFirst(second)
        } else {
            lines.insert(heading, at: 0)
        }
        return lines.joined(separator: "\n")
    }
}
