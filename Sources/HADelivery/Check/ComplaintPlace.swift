import HATemplate

/// Where in a configuration a complaint belongs.
struct ComplaintPlace {
    /// In bytes of the output; nil when nothing in it is meant.
    let range: Range<Int>?
    /// The first use of a name, where the complaint is about its second.
    let other: Range<Int>?

    /// The proxy gives a line at best. The words that it quotes say which part of the line is meant; where it gives
    /// no line, they and the section's name lead to one.
    init(_ complaint: Complaint, in text: ConfigurationText) {
        let quoted = complaint.quotedWords
        other = complaint.otherLine.flatMap(text.range(ofLine:)).map(text.trimmed)
        if let range = complaint.range {
            self.range = range
        } else if let line = complaint.line, let range = text.range(ofLine: line) {
            self.range = Self.part(of: range, line, complaint, quoted, text)
        } else {
            range = Self.search(complaint, quoted, text)
        }
    }

    private static func part(
        of range: Range<Int>, _ line: Int, _ complaint: Complaint, _ quoted: [String], _ text: ConfigurationText
    ) -> Range<Int> {
        if let column = complaint.column, range.lowerBound + column - 1 < range.upperBound, column >= 1 {
            return (range.lowerBound + column - 1)..<range.upperBound
        }
        // nginx names the line where an upstream ends; its name stands where it begins.
        if complaint.message == "no servers are inside upstream",
            let upstream = text.statements.last(where: { $0.keyword == "upstream" && $0.line <= line })
        {
            return upstream.range
        }
        let words = text.words(in: range)
        if let word = bestWord(words.filter { !$0.isKeyword }.map(\.word), quoted) { return word.range }
        let keyword = words.last { $0.isKeyword && quoted.contains($0.word.text) }
        return keyword?.word.range ?? text.trimmed(range)
    }

    /// The word that is meant: of the quoted ones the last that stands there, whole or as a part.
    private static func bestWord(_ words: [ConfigurationText.Word], _ quoted: [String]) -> ConfigurationText.Word? {
        for name in quoted.reversed() {
            if let word = words.last(where: { $0.text == name }) { return word }
        }
        for name in quoted.reversed() where name.utf8.count >= 3 {
            if let word = words.last(where: { $0.text.contains(name) }) { return word }
        }
        return nil
    }

    /// Without a line: inside the section that the message names, else anywhere.
    private static func search(
        _ complaint: Complaint, _ quoted: [String], _ text: ConfigurationText
    ) -> Range<Int>? {
        guard !quoted.isEmpty else { return nil }
        let section = section(complaint, text)
        let candidates = text.statements.indices.filter { section == nil || text.statements[$0].parent == section }
        let names = section.flatMap { text.statements[$0].arguments.first?.text }
        let sought = quoted.filter { $0 != names }
        for isWhole in [true, false] {
            for name in sought.reversed() where isWhole || name.utf8.count >= 3 {
                for index in candidates.reversed() {
                    let word = text.statements[index].arguments.last {
                        isWhole ? $0.text == name || $0.text == "$" + name : $0.text.contains(name)
                    }
                    if let word { return word.range }
                }
            }
        }
        return section.map { text.statements[$0].range }
    }

    /// The section of `Proxy 'a': …`, `missing timeouts for frontend 'a'`, `backend 'b', server 's': …`.
    private static func section(_ complaint: Complaint, _ text: ConfigurationText) -> Int? {
        let message = complaint.message.lowercased()
        return text.statements.indices.last { index in
            let statement = text.statements[index]
            guard statement.isOpening, let name = statement.arguments.first?.text.lowercased() else { return false }
            let kinds = [statement.keyword, "proxy", "section '\(statement.keyword)"]
            return kinds.contains { message.contains("\($0) '\(name)'") || message.contains("\($0) \(name)'") }
        }
    }
}

extension ConfigurationText {
    /// The words of a stretch, and whether each begins its statement.
    func words(in range: Range<Int>) -> [(word: Word, isKeyword: Bool)] {
        var low = 0
        var high = statements.count
        // The first statement that ends behind the beginning of the stretch.
        while low < high {
            let middle = (low + high) / 2
            if statements[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        var result: [(word: Word, isKeyword: Bool)] = []
        while low < statements.count, statements[low].range.lowerBound < range.upperBound {
            for (index, word) in statements[low].words.enumerated() where range.overlaps(word.range) {
                result.append((word, index == 0))
            }
            low += 1
        }
        return result
    }
}
