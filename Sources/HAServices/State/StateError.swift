import HASystem
import HATemplate

/// Why a state directory could not be read or changed. No file was changed by what failed, unless `file` says that a
/// folder could not be brought to the disk after its last step.
public enum StateError: Error, Sendable {
    /// The system refused a file or folder.
    case file(FileError)
    /// The system refused because the folder is another user's.
    case otherOwner(FileError, folder: String, owner: UInt32, user: UInt32)
    /// Another process works on the table, and did not finish in time.
    case locked(path: String, holder: Int?, waited: Int)
    /// A file holds what the program did not write, or nothing that it can read.
    case refused(Diagnostics, table: TableName)
    /// The history goes on after `current.json`, or `current.json` is missing.
    case historyAhead(table: TableName, current: String, history: String, revision: Int)
    case noTable(String, state: String, known: [String])
    case noRevision(Int, table: TableName, known: [Int])
    /// The payload, the imported file or the result breaks a rule.
    case input(Diagnostics)

    /// The message for people, in one line without a full stop; nil where diagnostics say it all.
    public var sentence: String? {
        switch self {
        case .file(let error):
            return error.sentence
        case .otherOwner(let error, let folder, let owner, let user):
            return "\(error.sentence); \(folder) belongs to user \(owner), and this is user \(user)"
        case .locked(let path, let holder, let waited):
            let process = holder.map { "process \($0)" } ?? "another process"
            let seconds = waited % 1000 == 0 ? String(waited / 1000) : String(Double(waited) / 1000)
            return "\(process) holds \(path); waited \(seconds) s (--lock-timeout waits longer)"
        case .refused, .input:
            return nil
        case .historyAhead(let table, let current, let history, let revision):
            return "\(current) is older than \(history), or missing; "
                + "'haproxy-gen state rollback \(table) \(revision) --accept\(Self.option(current, table))' goes on from "
                + "there"
        case .noTable(let name, let state, let known):
            let others = known.isEmpty ? "it has none" : "it has " + known.joined(separator: ", ")
            return "there is no table '\(name)' in \(state): \(others)"
        case .noRevision(let revision, let table, let known):
            guard let first = known.first, let last = known.last else {
                return "table '\(table)' has no revision \(revision), nor any other in its history"
            }
            return "table '\(table)' has no revision \(revision); its history goes from \(first) to \(last)"
        }
    }

    /// The diagnostics, where a file's content is what is wrong.
    public var diagnostics: [Diagnostic] {
        switch self {
        case .refused(let mistakes, _), .input(let mistakes): mistakes.items
        default: []
        }
    }

    /// How to go on; nil where the sentence says so.
    public var advice: String? {
        guard case .refused(let mistakes, let table) = self else { return nil }
        let option = Self.option(mistakes.items.first?.location?.file.name ?? "", table)
        return "nothing was changed; 'haproxy-gen state rollback \(table) REVISION --accept\(option)' goes back to a "
            + "revision of the history, 'haproxy-gen state import FILE \(table) --accept\(option)' takes the services "
            + "of a file, such as this one"
    }

    /// The option that names the state directory that a file lies in, where it is not the default one.
    private static func option(_ path: String, _ table: TableName) -> String {
        for inner in ["/\(table)/\(StateFile.currentName)", "/\(table)/\(StateFile.historyFolder)/"] {
            guard let place = path.firstRange(of: inner) else { continue }
            let folder = path[..<place.lowerBound]
            return folder == "state" || folder.isEmpty ? "" : " --state \(folder)"
        }
        return ""
    }

    /// Whether the input is wrong (exit code 1) rather than the environment (3).
    public var isInputWrong: Bool {
        switch self {
        case .refused, .historyAhead, .noTable, .noRevision, .input: true
        case .file, .otherOwner, .locked: false
        }
    }
}
