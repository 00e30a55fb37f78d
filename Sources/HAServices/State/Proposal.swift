import HATemplate

/// What a table would become: to be rendered first, and then committed (`StateTransaction.commit`).
public struct Proposal: Sendable {
    public let table: TableName
    /// The services, as a template sees them. Its root is their list.
    public let document: Document
    /// What is different from the table as it is.
    public let changes: ServiceChanges
    /// The number that the table has now; 0 for a table that is not stored yet, or whose file cannot be read.
    public let baseRevision: Int
    /// Whether the stored file was read. Otherwise it is replaced whatever it holds.
    let hasBase: Bool

    /// Whether the table is as it would become, so that nothing needs to be stored.
    public var isUnchanged: Bool { hasBase && changes.isEmpty }

    init(table: TableName, before: ServiceList?, document: Document, baseRevision: Int) {
        self.table = table
        self.document = document
        self.baseRevision = baseRevision
        hasBase = before != nil
        changes = ServiceChanges(from: before, to: ServiceList(document))
    }
}

extension Payload {
    /// The table after this event.
    ///
    /// `base` is the stored file, nil for a table that is not stored yet. Throws `refused` for what is wrong with the
    /// file, and `input` for what breaks the rules that hold across services once the event has come in.
    consuming func proposal(base: InputFile?) throws(StateError) -> Proposal {
        let table = self.table
        var baseRevision = 0
        if let base {
            let header = reader.addState(name: base.name, bytes: base.bytes, table: table, revision: nil)
            let mistakes = reader.diagnostics()
            guard mistakes.isEmpty else { throw .refused(Diagnostics(mistakes), table: table) }
            baseRevision = header.revision ?? 0
        }
        let stored = reader.services
        reader.services = merge(into: stored)
        let before = reader.builder.appendList(stored.map(\.record), of: .record(reader.serviceShape))
        let document: Document
        do { document = try takeReader().finish() } catch { throw .input(error) }
        return Proposal(
            table: table, before: base == nil ? nil : ServiceList(document, before), document: document,
            baseRevision: baseRevision)
    }

    private consuming func takeReader() -> ServiceReader { reader }
}
