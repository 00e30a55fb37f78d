import HATemplate

/// Says of a place in an output what made it, as a diagnostic at the template with the data in the notes.
package struct CauseMap {
    private let text: ConfigurationText
    private let map: SourceMap
    private let paths: DataPaths
    private let file: SourceFile

    /// - Parameter name: what the output is called.
    package init(_ text: ConfigurationText, map: SourceMap, document: Document, name: String) {
        self.text = text
        self.map = map
        paths = DataPaths(document)
        file = SourceFile(name: name, bytes: text.bytes)
    }

    /// Notes of one line's data; a line may be made of many values.
    private static let maximumDataNotes = 4
    private static let maximumCallNotes = 3

    /// A diagnostic about a range of the output.
    ///
    /// - Parameter other: a second range, with what to say of it.
    package func diagnostic(
        _ code: DiagnosticCode, _ severity: Diagnostic.Severity, _ message: String, at range: Range<Int>,
        other: (message: String, range: Range<Int>)? = nil
    ) -> Diagnostic {
        let cause = cause(of: range)
        var notes = [Diagnostic.Note("this is the line of the output", at: location(range))]
        notes += dataNotes(range)
        for call in (cause?.calls ?? []).prefix(Self.maximumCallNotes) {
            notes.append(.init("the template is called here", at: call))
        }
        if let other {
            notes.append(.init(other.message, at: location(other.range)))
            notes += dataNotes(other.range)
        }
        return Diagnostic(
            code, message, at: cause.map { place(of: $0, in: range) }, severity: severity, notes: notes)
    }

    /// The place in the template that wrote the part of a range that lies in a range: inside a text, the very line.
    package func place(of entry: SourceMap.Entry, in range: Range<Int>) -> HATemplate.SourceLocation {
        if range.lowerBound >= map.outputCount {
            let end = entry.template.range.end
            return SourceLocation(entry.template.file, SourceRange(start: end, end: end))
        }
        let part = text.trimmed(entry.output.clamped(to: range))
        guard entry.data == nil, !part.isEmpty, let index = map.index(ofOffset: part.lowerBound) else {
            return entry.template
        }
        var first = index
        // Blank lines that were left out have cut the text into several ranges.
        while first > 0, index - first < Self.maximumPieces, let before = map.entry(first - 1, paths: paths),
            before.data == nil, before.template.range == entry.template.range, before.calls.count == entry.calls.count
        {
            first -= 1
        }
        guard let start = map.entry(first, paths: paths)?.output.lowerBound else { return entry.template }
        let source = SourceAlignment(template: entry.template, output: text.bytes[start..<part.upperBound])
        return source.location(ofLast: part.count) ?? entry.template
    }

    private static let maximumPieces = 1_000

    /// Of the ranges that made a range the first that holds data, else the first.
    private func cause(of range: Range<Int>) -> SourceMap.Entry? {
        let entries = entries(in: range)
        return entries.first { $0.data != nil && !isBlank($0.output) } ?? entries.first
    }

    private func location(_ range: Range<Int>) -> HATemplate.SourceLocation {
        SourceLocation(
            file, SourceRange(start: UInt32(clamping: range.lowerBound), end: UInt32(clamping: range.upperBound)))
    }

    /// The values that stand on the line of a range, those in the range first.
    private func dataNotes(_ range: Range<Int>) -> [Diagnostic.Note] {
        let line = text.range(ofLine: text.line(ofOffset: range.lowerBound)) ?? range
        var seen: Set<String> = []
        var notes: [Diagnostic.Note] = []
        for entry in entries(in: range) + entries(in: line) {
            guard notes.count < Self.maximumDataNotes else { break }
            guard let data = entry.data, seen.insert(data.path).inserted else { continue }
            notes.append(Self.note(data, text.text(entry.output)))
        }
        return notes
    }

    private static func note(_ data: SourceMap.Data, _ written: String) -> Diagnostic.Note {
        let shown = written.count > 60 ? String(written.prefix(60)) + "…" : written
        guard !data.path.isEmpty else { return .init("'\(shown)' comes from the data", at: data.location) }
        return .init("'\(shown)' comes from \(data.path)", at: data.location)
    }

    /// A line may be made of millions of ranges, too many to read.
    private static let maximumEntries = 10_000

    /// The ranges that made some bytes, in their order, without empty ones; of very many the first.
    package func entries(in range: Range<Int>) -> [SourceMap.Entry] {
        // What is wrong at the end is due to what was written last.
        guard var index = map.index(ofOffset: min(range.lowerBound, map.outputCount - 1)) else { return [] }
        var entries: [SourceMap.Entry] = []
        while entries.count < Self.maximumEntries, let entry = map.entry(index, paths: paths) {
            guard entry.output.lowerBound < range.upperBound || entries.isEmpty else { break }
            if !entry.output.isEmpty { entries.append(entry) }
            index += 1
        }
        return entries
    }

    /// The byte at a column of a line: 1-based, in characters. nil after the line's end.
    package func offset(inLine line: Range<Int>, column: Int) -> Int? {
        // Bytes that go on with a character begin none.
        line.filter { text.bytes[$0] & 0xC0 != 0x80 }.dropFirst(max(0, column - 1)).first
    }

    private func isBlank(_ range: Range<Int>) -> Bool {
        text.bytes[range].allSatisfy(ConfigurationText.isSpace)
    }
}
