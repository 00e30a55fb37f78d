import HASystem

/// The files of a git repository as a revision has them, asked of the program `git`.
package struct GitRevision: Sendable {
    /// Why a revision cannot be used.
    package enum Failure: Error, Sendable, Equatable {
        /// There is no git, or it failed; its own words.
        case git(String)
        /// The repository has no such revision.
        case unknown(String)
    }

    private let processes: ChildProcess
    /// A folder of the repository, seen from the working folder.
    private let folder: String
    /// The revision's commit, by its digest.
    private let commit: String

    /// Milliseconds that git may take.
    private static let timeLimit = 30_000
    /// Bytes of a file.
    private static let maximumSize = 64 << 20

    /// Looks a revision up: a branch, a tag, a commit, `HEAD~1`.
    package init(_ revision: String, in folder: String, processes: ChildProcess) throws(Failure) {
        self.processes = processes
        self.folder = folder
        let inside = try Self.run(["rev-parse", "--is-inside-work-tree"], folder, processes)
        guard inside.isSuccess else { throw .git(Self.words(inside)) }
        // A word that begins with a dash is an option to git.
        guard !revision.hasPrefix("-"), !revision.isEmpty else { throw .unknown(revision) }
        let found = try Self.run(
            ["rev-parse", "--verify", "--quiet", "\(revision)^{commit}"], folder, processes)
        guard found.isSuccess else { throw .unknown(revision) }
        commit = String(decoding: found.standardOutput.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// The bytes of a file; nil where the revision has none at this path.
    ///
    /// - Parameter path: seen from the folder.
    package func bytes(_ path: String) throws(Failure) -> [UInt8]? {
        let name = "\(commit):./\(path)"
        let kind = try Self.run(["cat-file", "-t", name], folder, processes)
        guard kind.isSuccess, String(decoding: kind.standardOutput, as: UTF8.self) == "blob\n" else { return nil }
        let file = try Self.run(["cat-file", "blob", name], folder, processes)
        guard file.isSuccess else { throw .git(Self.words(file)) }
        guard !file.isCut else { throw .git("\(path) is larger than \(Self.maximumSize >> 20) MiB") }
        return file.standardOutput
    }

    private static func run(
        _ words: [String], _ folder: String, _ processes: ChildProcess
    ) throws(Failure) -> ChildProcess.Outcome {
        var conditions = ChildProcess.Conditions(time: timeLimit)
        conditions.output = maximumSize
        do { return try processes.run(.program("git", arguments: ["-C", folder] + words), conditions) } catch {
            throw .git(error.isNotFound ? "it is not installed" : error.text)
        }
    }

    private static func words(_ outcome: ChildProcess.Outcome) -> String {
        let said = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").first.map(String.init)
        return said ?? outcome.words
    }
}
