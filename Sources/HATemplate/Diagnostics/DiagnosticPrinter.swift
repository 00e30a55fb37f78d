/// Writes diagnostics as text: `FILE:LINE:COL: error: MESSAGE [code]`, the source line, a caret, and the notes.
///
/// It remembers the line starts of the files it has seen, so that many diagnostics of one file stay cheap.
public struct DiagnosticPrinter {
    /// Whether ANSI colors are written.
    public let color: Bool
    private var lineIndices: [SourceFile.Identity: LineIndex] = [:]

    public init(color: Bool = false) {
        self.color = color
    }

    /// One diagnostic, ending in a line break.
    public mutating func text(of diagnostic: Diagnostic) -> String {
        var text = ""
        let tint: Style =
            switch diagnostic.severity {
            case .error: .error
            case .warning: .warning
            case .note: .note
            }
        write(
            label: diagnostic.severity.rawValue, tint: tint,
            message: "\(diagnostic.message) [\(diagnostic.code.rawValue)]", at: diagnostic.location, into: &text)
        for note in diagnostic.notes {
            write(label: "note", tint: .note, message: note.message, at: note.location, into: &text)
        }
        return text
    }

    private mutating func write(
        label: String, tint: Style, message: String, at location: SourceLocation?, into text: inout String
    ) {
        let message = Self.printable(message)
        guard let location else {
            text += "\(styled(label + ":", tint)) \(message)\n"
            return
        }
        let index = lineIndex(of: location.file)
        let position = index.position(at: location.range.start)
        let place = "\(location.file.name):\(position.line):\(position.column):"
        text += "\(styled(place, .place)) \(styled(label + ":", tint)) \(message)\n"
        writeExcerpt(index.line(at: location.range.start), location.range, tint, into: &text)
    }

    /// The source line and the caret under it. Very long lines are cut around the range.
    private func writeExcerpt(
        _ line: (bytes: ArraySlice<UInt8>, start: UInt32), _ range: SourceRange, _ tint: Style, into text: inout String
    ) {
        let maximum = 160
        let lineBytes = line.bytes
        let caretStart = min(lineBytes.startIndex + Int(range.start - line.start), lineBytes.endIndex)
        let rangeEnd = lineBytes.startIndex + Int(range.end - line.start)
        let caretEnd = min(max(rangeEnd, caretStart), lineBytes.endIndex)
        var from = lineBytes.startIndex
        var to = lineBytes.endIndex
        if lineBytes.count > maximum {
            from = max(lineBytes.startIndex, caretStart - maximum / 3)
            while from < caretStart, lineBytes[from] & 0xC0 == 0x80 { from += 1 }
            to = min(lineBytes.endIndex, from + maximum)
            while to > caretStart, to < lineBytes.endIndex, lineBytes[to] & 0xC0 == 0x80 { to -= 1 }
        }
        let lead = from > lineBytes.startIndex ? "…" : ""
        let tail = to < lineBytes.endIndex ? "…" : ""
        let shown = Self.printable(String(decoding: lineBytes[from..<to], as: UTF8.self), keepingTabs: true)
        // As wide as what is shown; a byte-order mark has no width.
        let before = String(decoding: lineBytes[from..<caretStart], as: UTF8.self).unicodeScalars
        let padding = before.filter { $0 != "\u{FEFF}" }.map { $0 == "\t" ? "\t" : " " }.joined()
        let width = max(1, columnWidth(lineBytes[caretStart..<min(caretEnd, max(to, caretStart))]))
        let caret = "^" + String(repeating: "~", count: width - 1)
        text += "  \(lead)\(shown)\(tail)\n"
        text += "  \(lead.isEmpty ? "" : " ")\(padding)\(styled(caret, tint))\n"
    }

    private mutating func lineIndex(of file: SourceFile) -> LineIndex {
        if let known = lineIndices[file.identity] { return known }
        let made = LineIndex(file)
        lineIndices[file.identity] = made
        return made
    }

    /// Control characters are shown as pictures: a file must not be able to drive the reader's terminal.
    static func printable(_ text: String, keepingTabs: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isControl(scalar) || (keepingTabs && scalar == "\t") {
                result.append(scalar)
            } else {
                result.append(scalar.value < 0x20 ? Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}" : "\u{FFFD}")
            }
        }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    private enum Style: String {
        case place = "1"
        case error = "1;31"
        case warning = "1;35"
        case note = "1;36"
    }

    private func styled(_ text: String, _ style: Style) -> String {
        color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
