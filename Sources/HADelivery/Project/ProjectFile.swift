import HASystem
import HATemplate

/// `haproxy-gen.json`: all outputs of a repository, and what belongs to them.
package struct ProjectFile: Sendable {
    package static let name = "haproxy-gen.json"
    package static let defaultStateFolder = "state"
    package static let defaultKeep = 10

    /// The file itself, as messages name it.
    package let path: String
    package let targets: [ProjectTarget]
    /// The state directory.
    package let state: String
    /// How many installed versions of each output are kept.
    package let keep: Int
    package var watch = WatchSettings()
    /// Test files and patterns of them, seen from the working folder.
    package var tests: [String] = []
    /// Where the project file names them.
    var testPlaces = NamedPlaces()

    package init(path: String, targets: [ProjectTarget], state: String, keep: Int = defaultKeep) {
        self.path = path
        self.targets = targets
        self.state = state
        self.keep = keep
    }

    /// The file's folder, seen from the working folder.
    package var folder: String { PrivateFolder.folder(of: path) }

    /// The project with another table after the services of every target; what gets other data keeps it.
    package func joining(_ table: RenderInput.StoredTable?, trusting sources: Set<ConfigSource>) -> ProjectFile {
        let targets = targets.map { target in
            var target = target
            target.input.trustedSources.formUnion(sources)
            if let table { _ = target.input.join(table) }
            return target
        }
        var project = ProjectFile(path: path, targets: targets, state: state, keep: keep)
        project.watch = watch
        project.tests = tests
        project.testPlaces = testPlaces
        return project
    }

    /// The project file of a folder: there, or in the nearest folder above; nil when there is none.
    ///
    /// - Parameter folder: seen from the working folder; empty: that one.
    package static func find(_ files: FileSystem, from folder: String = "") -> String? {
        var folder = folder == "." ? "" : folder
        // Up to the working folder, or to the root, by the path's own words.
        while !folder.isEmpty {
            let path = (folder == "/" ? "" : folder) + "/" + name
            if let status = try? files.status(path), status.kind != .folder { return path }
            if folder == "/" { return nil }
            if folder.split(separator: "/").last == ".." { break }
            let parent = PrivateFolder.folder(of: folder)
            folder = parent == "." ? "" : parent
        }
        var prefix = folder.isEmpty ? "" : folder + "/"
        // A path longer than this leads out of any tree that a system can hold.
        for _ in 0..<256 {
            if let status = try? files.status(prefix + name), status.kind != .folder { return prefix + name }
            let here = prefix.isEmpty ? "." : prefix
            guard let folder = try? files.status(here), let parent = try? files.status(prefix + ".."),
                folder.device != parent.device || folder.inode != parent.inode
            else { return nil }
            prefix += "../"
        }
        return nil
    }

    /// Reads a project file; throws everything that is wrong with it.
    package static func read(_ file: InputFile) throws(Diagnostics) -> ProjectFile {
        let document = try Document.json(name: file.name, bytes: file.bytes)
        var reader = ProjectReader(document: document, file: file)
        let project = reader.project()
        guard reader.mistakes.isEmpty else { throw Diagnostics(reader.sortedMistakes) }
        return project
    }

    /// A path from the project file as it is seen from the working folder.
    static func path(_ path: String, from file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
