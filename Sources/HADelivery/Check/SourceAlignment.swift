import HATemplate

/// Lays the bytes that a template's text wrote over the text itself, from which blank lines may have been taken.
struct SourceAlignment {
    /// Where the text begins, and how far it goes.
    let template: SourceLocation
    /// What it wrote, from its first byte on; a loop may have written it several times.
    let output: ArraySlice<UInt8>

    /// The place of the last bytes of the output; nil when the template says something else there, because an action
    /// wrote them.
    func location(ofLast count: Int) -> SourceLocation? {
        let source = template.file.bytes
        let start = source.startIndex + Int(template.range.start)
        guard start <= source.endIndex else { return nil }
        var offset = start
        var first: Int?
        let wanted = output.endIndex - count
        for (index, byte) in zip(output.indices, output) {
            var next = offset
            // Only white space can have been left out.
            while next < source.endIndex, source[next] != byte, ConfigurationText.isSpace(source[next]) { next += 1 }
            if next >= source.endIndex || source[next] != byte {
                // The text was written once more.
                next = start
                while next < source.endIndex, source[next] != byte, ConfigurationText.isSpace(source[next]) {
                    next += 1
                }
                guard next < source.endIndex, source[next] == byte else { return nil }
            }
            if index == wanted { first = next }
            offset = next + 1
        }
        guard let first, first < offset else { return nil }
        return SourceLocation(
            template.file,
            SourceRange(
                start: UInt32(clamping: first - source.startIndex), end: UInt32(clamping: offset - source.startIndex)))
    }
}
