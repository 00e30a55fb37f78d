import HASystem
import HATemplate

/// The test files of a project.
package struct CaseFiles: Sendable {
    private let files: FileSystem

    package init(files: FileSystem) {
        self.files = files
    }

    /// The cases of all files, in their order; what is wrong with them, all at once.
    package func cases(of project: ProjectFile) throws(RenderFailure) -> [TestCase] {
        var cases: [TestCase] = []
        var report = RenderReport()
        var read: Set<String> = []
        for pattern in project.tests {
            let paths = FilePattern(pattern)?.matches(files) ?? [pattern]
            if paths.isEmpty { report.notes.append("no file matches \(pattern)") }
            for path in paths where read.insert(path).inserted {
                let file: InputFile
                do { file = try FileReader(files: files).read(path, .kept) } catch {
                    guard let mistake = project.testPlaces.mistake(for: error, naming: path, files) else {
                        throw RenderFailure(.file(error), report)
                    }
                    report.diagnostics.append(mistake)
                    continue
                }
                do { cases += try Self.read(file, targets: project.targets.map(\.name)) } catch {
                    report.diagnostics += error.items
                }
            }
        }
        try report.requireNoErrors()
        return cases
    }

    /// Reads one file; throws everything that is wrong with it.
    package static func read(_ file: InputFile, targets: [String]) throws(Diagnostics) -> [TestCase] {
        let document = try Document.json(name: file.name, bytes: file.bytes)
        var reader = ProjectReader(document: document, file: file)
        let cases = reader.cases(targets: targets)
        guard reader.mistakes.isEmpty else { throw Diagnostics(reader.sortedMistakes) }
        return cases
    }
}
