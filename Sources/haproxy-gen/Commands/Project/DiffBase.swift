import HADelivery
import HASystem

/// What `diff` compares new outputs with: the files that are there, or those of a git revision.
struct DiffBase {
    private let context: CommandContext
    private let arguments: ParsedArguments
    /// nil: the files that are there.
    private let revision: GitRevision?

    init(_ arguments: ParsedArguments, _ project: ProjectFile, _ context: CommandContext) throws(CommandError) {
        self.context = context
        self.arguments = arguments
        guard let name = arguments[DiffCommand.base] else {
            revision = nil
            return
        }
        do throws(GitRevision.Failure) {
            revision = try GitRevision(name, in: project.folder, processes: context.processes)
        } catch {
            throw Self.commandError(error, arguments, context)
        }
    }

    /// The targets that have something to compare with. A repository has no file outside of it.
    func comparable(_ targets: [ProjectTarget]) -> [ProjectTarget] {
        guard revision != nil else { return targets }
        return targets.filter { target in
            if target.committedPath != nil { return true }
            context.console.note("\(target.name) is left out: \(target.output) is not in the project's repository")
            return false
        }
    }

    /// Targets that the revision's project file has and the project has no more, in their order.
    func removed(from project: ProjectFile) throws(CommandError) -> [ProjectTarget] {
        guard let revision, let name = project.path.split(separator: "/").last else { return [] }
        let bytes: [UInt8]?
        do throws(GitRevision.Failure) { bytes = try revision.bytes(String(name)) } catch {
            throw Self.commandError(error, arguments, context)
        }
        guard let bytes else { return [] }
        guard let before = try? ProjectFile.read(InputFile(name: project.path, bytes: bytes)) else {
            context.console.note("targets that were removed are not shown: the project file of the base has mistakes")
            return []
        }
        let outputs = Set(project.targets.map(\.output))
        return before.targets.filter { $0.committedPath != nil && !outputs.contains($0.output) }
    }

    /// The old bytes of a target's output; nil: there were none.
    func bytes(of target: ProjectTarget) throws(CommandError) -> [UInt8]? {
        guard let revision, let path = target.committedPath else {
            do { return try InstalledFile.bytes(at: target.output, context.files) } catch { throw .file(error) }
        }
        do throws(GitRevision.Failure) { return try revision.bytes(path) } catch {
            throw Self.commandError(error, arguments, context)
        }
    }

    private static func commandError(
        _ failure: GitRevision.Failure, _ arguments: ParsedArguments, _ context: CommandContext
    ) -> CommandError {
        switch failure {
        case .unknown(let revision):
            return arguments.usage(.unknownRevision(revision))
        case .git(let words):
            return .environment("git cannot be asked for the base: \(words)")
        }
    }
}
