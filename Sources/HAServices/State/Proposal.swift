import HASystem
import HATemplate

/// What a table would become: to be rendered first, and then committed (`StateTransaction.commit`).
public struct Proposal: Sendable {
    public let table: TableName
    /// The services, as a template sees them. Its root is their list.
    public let document: Document
    /// What is different from the table as it is.
    public let changes: ServiceChanges
    /// What the services hold that has no effect.
    public let warnings: [Diagnostic]
    /// The number that the table has now; 0 for a table that is not stored yet, or whose file cannot be read.
    public let baseRevision: Int
    /// The file that it would be stored as, once that is made.
    private let pendingText: BackgroundWork<[UInt8]>?
    /// The number that it would be stored under, unless the history is ahead.
    var nextRevision: Int { baseRevision + 1 }

    /// Whether the stored file was read. Otherwise it is replaced whatever it holds.
    let hasBase: Bool

    /// Whether the table is as it would become, so that nothing needs to be stored.
    public var isUnchanged: Bool { hasBase && changes.isEmpty }

    /// With `isToStore`, making the file begins at once, so that it is done when the services have been rendered.
    init(
        table: TableName, before: ServiceList?, document: Document, warnings: [Diagnostic], baseRevision: Int,
        isToStore: Bool, storedText: StoredText? = nil
    ) {
        self.table = table
        self.document = document
        self.warnings = warnings
        self.baseRevision = baseRevision
        hasBase = before != nil
        changes = ServiceChanges(from: before, to: ServiceList(document))
        let isUnchanged = before != nil && changes.isEmpty
        pendingText =
            isToStore && !isUnchanged
            ? BackgroundWork(long: document.size > 1 << 16) {
                ServiceList(document).stateText(table: table, revision: baseRevision + 1, reusing: storedText)
            } : nil
    }

    /// The file that it is stored as.
    package func text(revision: Int) -> [UInt8] {
        if revision == nextRevision, let pendingText { return pendingText.result() }
        return ServiceList(document).stateText(table: table, revision: revision)
    }
}

extension Payload {
    /// The table after this event.
    ///
    /// `base` is the stored file, nil for a table that is not stored yet. Throws `refused` for what is wrong with the
    /// file, and `input` for what breaks the rules that hold across services once the event has come in.
    package consuming func proposal(base: consuming InputFile?, isToStore: Bool) throws(StateError) -> Proposal {
        let table = self.table
        var baseRevision = 0
        let isStored = base != nil
        if let name = base?.name, let bytes = take(&base) {
            let header = reader.addState(name: name, bytes: bytes, table: table, revision: nil)
            if reader.hasMistakes { throw .refused(Diagnostics(reader.diagnostics()), table: table) }
            baseRevision = header.revision ?? 0
        }
        let stored = reader.services
        let merged = merge(into: stored)
        reader.services = merged.services
        let before = reader.builder.appendList(stored.map(\.record), of: .record(reader.serviceShape))
        let document: Document
        var warnings: [Diagnostic] = []
        do { document = try takeReader().finish(warnings: &warnings) } catch { throw .input(error) }
        return Proposal(
            table: table, before: isStored ? ServiceList(document, before) : nil, document: document,
            warnings: warnings, baseRevision: baseRevision, isToStore: isToStore,
            storedText: StoredText(origins: stored.map(\.record.origin), kept: merged.kept))
    }

    private consuming func takeReader() -> ServiceReader { reader }

    /// The bytes of a file, of which no other copy is kept.
    private func take(_ file: inout InputFile?) -> [UInt8]? {
        defer { file = nil }
        return file?.bytes
    }
}
