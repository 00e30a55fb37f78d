import HATemplate

/// Where in a configuration a complaint belongs.
struct ComplaintPlace {
    /// In bytes of the output; nil when nothing in it is meant.
    let range: Range<Int>?
    /// The first use of a name, where the complaint is about its second.
    let other: Range<Int>?

    /// The proxy gives a line at best. The words that it quotes say which part of the line is meant; where it gives
    /// no line, they and the section's name lead to one.
    init(_ complaint: Complaint, in text: ConfigurationText, _ index: ComplaintIndex) {
        let quoted = complaint.quotedWords
        other = complaint.otherLine.flatMap(text.range(ofLine:)).map(text.trimmed)
        if let range = complaint.range {
            self.range = range
        } else if let line = complaint.line, let range = text.range(ofLine: line) {
            self.range = Self.part(of: range, line, complaint, quoted, text)
        } else {
            range = index.search(complaint, quoted)
        }
    }

    private init(range: Range<Int>?, other: Range<Int>?) {
        self.range = range
        self.other = other
    }

    /// The same, with another place for the first use where the proxy names none.
    func or(other: Range<Int>?) -> ComplaintPlace { ComplaintPlace(range: range, other: self.other ?? other) }

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
}

extension ConfigurationText {
    /// The words of a range, and whether each begins its statement.
    func words(in range: Range<Int>) -> [(word: Word, isKeyword: Bool)] {
        var low = 0
        var high = statements.count
        // The first statement that ends after the beginning of the range.
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
