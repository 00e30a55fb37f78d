/// Writes a difference in the unified form that `patch` and people read.
package struct UnifiedDiff {
    /// Lines around each change.
    private static let context = 3

    private let diff: TextDiff
    private let usesColor: Bool
    private let showsReturns: Bool
    private var text: [UInt8] = []

    /// The text; empty when nothing differs. The names stand in the first two lines.
    ///
    /// - Parameter showsReturns: whether a carriage return at the end of a line is shown as a picture, for people.
    package static func text(
        _ diff: TextDiff, oldName: String, newName: String, usesColor: Bool, showsReturns: Bool = false
    ) -> [UInt8] {
        guard !diff.isEmpty else { return [] }
        var writer = UnifiedDiff(diff: diff, usesColor: usesColor, showsReturns: showsReturns)
        writer.line("--- \(oldName)", color: "1")
        writer.line("+++ \(newName)", color: "1")
        for hunk in writer.hunks() { writer.write(hunk) }
        return writer.text
    }

    private init(diff: TextDiff, usesColor: Bool, showsReturns: Bool) {
        self.diff = diff
        self.usesColor = usesColor
        self.showsReturns = showsReturns
    }

    /// Changes whose contexts touch, together.
    private func hunks() -> [ArraySlice<TextDiff.Change>] {
        var hunks: [ArraySlice<TextDiff.Change>] = []
        var start = 0
        for index in diff.changes.indices.dropFirst() {
            let gap = diff.changes[index].old.lowerBound - diff.changes[index - 1].old.upperBound
            if gap > 2 * Self.context {
                hunks.append(diff.changes[start..<index])
                start = index
            }
        }
        hunks.append(diff.changes[start...])
        return hunks
    }

    private mutating func write(_ hunk: ArraySlice<TextDiff.Change>) {
        guard let first = hunk.first, let last = hunk.last else { return }
        let before = min(Self.context, first.old.lowerBound)
        let after = min(Self.context, diff.oldLines.count - last.old.upperBound)
        let old = (first.old.lowerBound - before)..<(last.old.upperBound + after)
        let new = (first.new.lowerBound - before)..<(last.new.upperBound + after)
        line("@@ -\(Self.span(old)) +\(Self.span(new)) @@", color: "36")
        var position = old.lowerBound
        for change in hunk {
            for index in position..<change.old.lowerBound { body(" ", diff.old[diff.oldLines[index]], color: nil) }
            for index in change.old { body("-", diff.old[diff.oldLines[index]], color: "31") }
            for index in change.new { body("+", diff.new[diff.newLines[index]], color: "32") }
            position = change.old.upperBound
        }
        for index in position..<old.upperBound { body(" ", diff.old[diff.oldLines[index]], color: nil) }
    }

    /// `first,count`; a range of no lines has the line before it.
    private static func span(_ lines: Range<Int>) -> String {
        let first = lines.isEmpty ? lines.lowerBound : lines.lowerBound + 1
        return lines.count == 1 ? "\(first)" : "\(first),\(lines.count)"
    }

    private mutating func line(_ words: String, color: String) {
        text += Array((usesColor ? "\u{1B}[\(color)m\(words)\u{1B}[0m\n" : words + "\n").utf8)
    }

    private mutating func body(_ sign: String, _ bytes: ArraySlice<UInt8>, color: String?) {
        let hasBreak = bytes.last == 0x0A
        var content = hasBreak ? bytes.dropLast() : bytes
        let hasReturn = showsReturns && content.last == 0x0D
        if hasReturn { content = content.dropLast() }
        if usesColor, let color { text += Array("\u{1B}[\(color)m".utf8) }
        text += Array(sign.utf8)
        // On a terminal, the file must not be able to give commands.
        if usesColor {
            for byte in content { text.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? UInt8(ascii: "?") : byte) }
        } else {
            text += content
        }
        if hasReturn { text += Array("\u{240D}".utf8) }
        if usesColor, color != nil { text += Array("\u{1B}[0m".utf8) }
        text.append(0x0A)
        if !hasBreak { text += Array("\\ No newline at end of file\n".utf8) }
    }
}
