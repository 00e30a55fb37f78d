import HADelivery
import HASystem
import HATemplate

/// The project files that a `check` meets: that of the command line or the working folder, and those of the files that
/// are named. Each is read once.
struct CheckedProjects {
    private(set) var all: [ProjectFile] = []
    /// What is wrong with those that cannot be used.
    private(set) var mistakes: [Diagnostic] = []
    private let arguments: ParsedArguments
    private let context: CommandContext
    /// By their paths without links; nil: wrong.
    private var known: [String: ProjectFile?] = [:]

    init(_ arguments: ParsedArguments, _ context: CommandContext) {
        self.arguments = arguments
        self.context = context
    }

    /// The project of the command line or the working folder; nil where there is none, or it is wrong.
    mutating func main() throws(CommandError) -> ProjectFile? {
        if let path = arguments[Options.project] { return try read(path, .person) }
        if let path = ProjectFile.find(context.files) { return try read(path, .kept) }
        let hasOwnWork =
            !arguments.operands.isEmpty || arguments.isGiven(CheckCommand.syntax) || arguments.isGiven(Options.table)
        guard hasOwnWork else { throw arguments.usage(.noProjectFile) }
        return nil
    }

    /// The projects that a file or folder may belong to: the nearest above it, and the main one; nil where one of them is
    /// wrong, so that the file's meaning is not known.
    mutating func involved(_ path: String) throws(CommandError) -> [ProjectFile]? {
        var found: [ProjectFile] = []
        if !arguments.isGiven(Options.project) {
            let isFolder = (try? context.files.status(path))?.kind == .folder
            let isProject = path.split(separator: "/").last.map(String.init) == ProjectFile.name && !isFolder
            let nearest = isProject ? path : ProjectFile.find(context.files, from: folder(path, isFolder))
            if let nearest, let project = try read(nearest, .kept) { found.append(project) }
        }
        if let main = try main(), !found.contains(where: { $0.path == main.path }) { found.append(main) }
        return mistakes.isEmpty ? found : nil
    }

    private func folder(_ path: String, _ isFolder: Bool) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if isFolder { return path }
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private mutating func read(
        _ path: String, _ origin: FileReader.Origin
    ) throws(CommandError) -> ProjectFile? {
        let real = (try? context.files.realPath(path)) ?? path
        if let project = known[real] { return project }
        let file: InputFile
        do { file = try FileReader(files: context.files).read(path, origin) } catch { throw .file(error) }
        var project: ProjectFile?
        do {
            let found = try ProjectFile.read(file)
            let wrong = WrittenFiles(rendering: Rendering(context).targets).mistakes(in: found)
            mistakes += wrong
            if wrong.isEmpty { project = found }
        } catch {
            mistakes += error.items
        }
        if let found = project { project = ProjectAccess.joining(arguments, to: found) }
        known[real] = .some(project)
        if let project { all.append(project) }
        return project
    }
}
