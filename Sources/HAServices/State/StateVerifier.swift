import HASystem
import HATemplate

/// What checking a state directory gave.
public struct StateReport: Sendable {
    public private(set) var tables = 0
    public private(set) var files = 0
    /// Everything that is wrong, table by table. Each names its file.
    public private(set) var findings: [Diagnostic] = []

    fileprivate mutating func addTable() { tables += 1 }
    fileprivate mutating func addFile() { files += 1 }
    fileprivate mutating func add(_ items: [Diagnostic]) { findings += items }

    fileprivate mutating func add(_ message: String) {
        findings.append(Diagnostic(.stateDamaged, message, at: nil))
    }
}

extension StateDirectory {
    /// Checks every file of some tables, or of all of them: format, digest, services, layout and order, and a history
    /// without gaps.
    ///
    /// What a killed writer leaves is no finding: temporary files, a folder without files, a current revision that the
    /// history does not have yet.
    public func verify(_ tables: [TableName]? = nil) throws(StateError) -> StateReport {
        var report = StateReport()
        let known = try self.tables()
        for table in tables ?? known {
            guard known.contains(table) else {
                throw .noTable(table.text, state: path, known: known.map(\.text))
            }
            report.addTable()
            try verify(table, &report)
        }
        return report
    }

    private func verify(_ table: TableName, _ report: inout StateReport) throws(StateError) {
        let history = try history(of: table)
        var current: (number: Int, bytes: [UInt8])?
        if let file = try currentFile(of: table) {
            report.addFile()
            let number = check(file, table, nil, &report)
            current = number.map { ($0, file.bytes) }
        } else if let last = history.last {
            report.add("\(currentPath(of: table)) is missing, but its history goes up to revision \(last)")
        }
        for number in history {
            let file: InputFile
            do { file = try FileReader(files: files).read(historyPath(of: table, number), .kept) } catch {
                throw failure(error, table)
            }
            report.addFile()
            let found = check(file, table, number, &report)
            if let current, found == current.number, file.bytes != current.bytes {
                report.add("\(file.name) differs from \(currentPath(of: table)), which is the same revision")
            }
        }
        if let current { check(history, current.number, table, &report) }
    }

    /// Returns the file's revision where nothing is wrong with it.
    private func check(
        _ file: InputFile, _ table: TableName, _ number: Int?, _ report: inout StateReport
    ) -> Int? {
        do throws(StateError) {
            let revision = try Revision(file, table: table, number: number)
            if ServiceList(revision.document).stateText(table: table, revision: revision.number) != file.bytes {
                report.add("\(file.name) is not laid out as haproxy-gen writes it")
            }
            return revision.number
        } catch {
            report.add(error.diagnostics)
            return nil
        }
    }

    private func check(_ history: [Int], _ current: Int, _ table: TableName, _ report: inout StateReport) {
        let folder = historyFolder(of: table)
        let past = history.filter { $0 <= current }
        if let first = past.first {
            let missing = (first..<current).first { !past.contains($0) }
            if let missing { report.add("\(folder) has a gap: revision \(missing) is missing") }
        }
        if let last = history.last, last > current {
            report.add("\(historyPath(of: table, last)) is newer than \(currentPath(of: table)), which is \(current)")
        }
    }
}
