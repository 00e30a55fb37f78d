import HATemplate

/// Finds statements of a configuration by line, by block and by name without reading all of them again.
struct StatementIndex: Sendable {
    typealias Statement = ConfigurationText.Statement

    let text: ConfigurationText
    private var firstByLine: [Int: Int] = [:]
    private var inner: [Int: [Int]] = [:]
    private var sections: [Name: [Int]] = [:]

    private struct Name: Hashable {
        var keyword: String
        var argument: String
    }

    init(_ text: ConfigurationText) {
        self.text = text
        firstByLine.reserveCapacity(text.statements.count)
        for (index, statement) in text.statements.enumerated() {
            if firstByLine[statement.line] == nil { firstByLine[statement.line] = index }
            if let parent = statement.parent { inner[parent, default: []].append(index) }
            guard statement.isOpening, let argument = statement.arguments.first?.text else { continue }
            sections[Name(keyword: statement.keyword, argument: argument), default: []].append(index)
        }
    }

    subscript(index: Int) -> Statement? {
        text.statements.indices.contains(index) ? text.statements[index] : nil
    }

    /// The first statement of a 1-based line.
    func statement(atLine line: Int) -> Int? { firstByLine[line] }

    /// Whether no other statement begins on its line.
    func isAlone(_ statement: Int) -> Bool {
        let line = self[statement]?.line
        return self[statement - 1]?.line != line && self[statement + 1]?.line != line
    }

    /// The statements in a section or block, without those of blocks in it.
    func statements(in block: Int) -> [Int] { inner[block] ?? [] }

    /// The first of these statements in a block.
    func first(_ keywords: Set<String>, in block: Int) -> Int? {
        statements(in: block).first { self[$0].map { keywords.contains($0.keyword) } ?? false }
    }

    /// The first section or block with one of these keywords and this first argument.
    func section(_ keywords: [String], _ name: String) -> Int? {
        keywords.compactMap { sections[Name(keyword: $0, argument: name)]?.first }.min()
    }
}
