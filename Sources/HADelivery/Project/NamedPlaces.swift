import HAServices
import HASystem
import HATemplate

/// Where a project file names the files of a target, so that one that is not there is a mistake at its name.
package struct NamedPlaces: Sendable, Equatable {
    private var file: InputFile?
    /// By the path as it is seen from the working folder, and of a table by its folder.
    private var ranges: [String: SourceRange] = [:]

    /// A setting that was written beside a target, or on the command line.
    struct Parameter: Sendable, Equatable {
        let name: String
        /// In the project file; nil: it stands in none.
        let range: SourceRange?
    }

    /// The settings of `params`.
    private(set) var parameters: [Parameter] = []

    /// Nothing was named in a file.
    package init() {}

    /// Who named the files: a project file, or the person who gave them as arguments.
    var origin: FileReader.Origin { file == nil ? .person : .kept }

    init(_ file: InputFile) {
        self.file = file
    }

    mutating func add(_ path: String, at range: SourceRange) {
        if ranges[path] == nil { ranges[path] = range }
    }

    /// The mistake that a file or folder shows that could not be read; nil where it is there, or was not named in the file.
    func mistake(for error: FileError, naming path: String, _ files: FileSystem) -> Diagnostic? {
        guard case .system(let cause) = error.cause, cause.isNotFound else { return nil }
        let folder = PrivateFolder.folder(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let prefix = path.contains("/") ? folder + (folder.hasSuffix("/") ? "" : "/") : ""
        let known = ((try? files.names(folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        let near = nearest(to: name, in: known).map { "; did you mean '\(prefix)\($0)'?" } ?? ""
        return mistake("there is no file or folder '\(path)'\(near)", naming: path)
    }

    /// The mistake to name a table that is not there.
    func mistake(for error: StateError, naming table: RenderInput.StoredTable) -> Diagnostic? {
        guard case .noTable = error, let sentence = error.sentence else { return nil }
        return mistake(sentence, naming: table.path)
    }

    private func mistake(_ message: String, naming path: String) -> Diagnostic? {
        location(of: path).map { Diagnostic(.missingFile, message, at: $0) }
    }

    mutating func add(parameter name: String, at range: SourceRange) {
        parameters.append(Parameter(name: name, range: range))
    }

    /// Where a setting is written.
    func location(of parameter: Parameter) -> SourceLocation? {
        guard let file, let range = parameter.range else { return nil }
        return SourceLocation(SourceFile(name: file.name, bytes: file.bytes), range)
    }

    /// Where the project file names a path.
    func location(of path: String) -> SourceLocation? {
        guard let file, let range = ranges[path] else { return nil }
        return SourceLocation(SourceFile(name: file.name, bytes: file.bytes), range)
    }
}
