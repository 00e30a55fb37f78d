import HAServices

/// What the program reports about tables, in words.
enum StateText {
    /// Longer lists are cut: a first payload may bring thousands of services.
    private static let maximumLines = 20

    /// What became of a proposal.
    static func summary(of proposal: Proposal, storedAs revision: Int) -> String {
        if revision == proposal.baseRevision { return "\(proposal.table): unchanged, revision \(revision)\n" }
        return heading(proposal, revision) + "\n" + lines(proposal.changes)
    }

    /// What would become of a proposal.
    static func rehearsal(of proposal: Proposal) -> String {
        guard !proposal.isUnchanged else {
            return "\(proposal.table): would stay as it is, revision \(proposal.baseRevision)\n"
        }
        return "dry run: " + heading(proposal, proposal.baseRevision + 1) + "\n" + lines(proposal.changes, limit: .max)
    }

    private static func heading(_ proposal: Proposal, _ revision: Int) -> String {
        proposal.baseRevision == 0
            ? "\(proposal.table): revision \(revision)"
            : "\(proposal.table): revision \(proposal.baseRevision) → \(revision)"
    }

    static func lines(_ changes: ServiceChanges, limit: Int = maximumLines) -> String {
        let lines = changes.lines
        let shown = lines.prefix(limit).map { "  \($0)\n" }.joined()
        return lines.count > limit ? shown + "  … and \(lines.count - limit) more\n" : shown
    }

    /// Columns under headings, words to the left and numbers to the right.
    static func columns(_ rows: [[String]], numbersFrom first: Int) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column < first ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ") + "\n"
        }.joined()
    }
}

extension JSONText {
    /// `{"service": "app1", "change": "changed", …}` for each service.
    mutating func changes(_ changes: ServiceChanges) {
        beginList()
        for change in changes.services {
            beginObject()
            key("service")
            string(change.service)
            key("change")
            string(change.kind.rawValue)
            key("hostsAdded")
            integer(change.hostsAdded)
            key("hostsRemoved")
            integer(change.hostsRemoved)
            key("hostsChanged")
            integer(change.hostsChanged)
            key("fields")
            beginList()
            for field in change.fields { string(field) }
            endList()
            key("text")
            string(change.words)
            endObject()
        }
        endList()
    }
}
