import HATemplate

/// Finds the place of a complaint that has no line: by the section that it names, and the words that it quotes.
///
/// Made once for all complaints about a text, of which there may be one for each service.
struct ComplaintIndex {
    private struct Key: Hashable {
        /// -1 stands for anywhere.
        let section: Int
        let word: String
    }

    private let text: ConfigurationText
    /// Sections by their names in small letters.
    private var sections: [String: [Int]] = [:]
    /// The last argument that is a word, in each section and anywhere.
    private var words: [Key: (statement: Int, range: Range<Int>)] = [:]
    private var members: [Int: [Int]] = [:]
    /// Whether there are so few complaints that each may look through the whole text.
    private let looksForParts: Bool

    private static let maximumSearches = 200

    init(_ text: ConfigurationText, _ complaints: [Complaint]) {
        self.text = text
        let unplaced = complaints.count { $0.line == nil }
        looksForParts = unplaced <= Self.maximumSearches
        guard unplaced > 0 else { return }
        for (index, statement) in text.statements.enumerated() {
            if statement.isOpening, let name = statement.arguments.first {
                sections[name.text.lowercased(), default: []].append(index)
            }
            if let parent = statement.parent { members[parent, default: []].append(index) }
            for word in statement.arguments {
                words[Key(section: -1, word: word.text)] = (index, word.range)
                if let parent = statement.parent {
                    words[Key(section: parent, word: word.text)] = (index, word.range)
                }
            }
        }
    }

    /// Inside the section that the message names, else anywhere; nil when no word of it stands there.
    func search(_ complaint: Complaint, _ quoted: [String]) -> Range<Int>? {
        guard !quoted.isEmpty else { return nil }
        let section = section(complaint)
        let name = section.flatMap { text.statements[$0].arguments.first?.text }
        let sought = quoted.filter { $0 != name }
        for word in sought.reversed() {
            if let range = place(of: word, in: section ?? -1) { return range }
        }
        for word in sought.reversed() where word.utf8.count >= 3 {
            if let range = place(ofPart: word, in: section) { return range }
        }
        return section.map { text.statements[$0].range }
    }

    private func place(of word: String, in section: Int) -> Range<Int>? {
        let found = [word, "$" + word].compactMap { words[Key(section: section, word: $0)] }
        return found.max { $0.statement < $1.statement }?.range
    }

    private func place(ofPart word: String, in section: Int?) -> Range<Int>? {
        if section == nil, !looksForParts { return nil }
        let candidates = section.map { members[$0] ?? [] } ?? Array(text.statements.indices)
        for index in candidates.reversed() {
            if let found = text.statements[index].arguments.last(where: { $0.text.contains(word) }) {
                return found.range
            }
        }
        return nil
    }

    /// The section of `Proxy 'a': …`, `missing timeouts for frontend 'a'`, `backend 'b', server 's': …`.
    private func section(_ complaint: Complaint) -> Int? {
        let message = complaint.message.lowercased()
        let tokens = message.split { " '\"".contains($0) }
        let candidates = Set(tokens.flatMap { [String($0), String($0.prefix { !":,;.".contains($0) })] })
        return candidates.flatMap { sections[$0] ?? [] }.filter { names(message, $0) }.max()
    }

    private func names(_ message: String, _ index: Int) -> Bool {
        let statement = text.statements[index]
        guard let name = statement.arguments.first?.text.lowercased() else { return false }
        let kinds = [statement.keyword, "proxy", "section '\(statement.keyword)"]
        return kinds.contains { message.contains("\($0) '\(name)'") || message.contains("\($0) \(name)") }
    }
}
