import HASystem
import HATemplate

/// Finds out which targets some files concern, as pre-commit names the files of a commit.
package struct TargetSelection {
    private let files: FileSystem
    private let rendering: TargetRendering

    /// What a file that was named means for a check.
    package enum Meaning: Sendable, Equatable {
        /// The indices of the targets that depend on it, or that it is.
        case targets([Int])
        /// It concerns no target.
        case template, service, unknown
    }

    package init(rendering: TargetRendering) {
        files = rendering.files
        self.rendering = rendering
    }

    /// What a file or folder means. Throws when it does not exist.
    package func meaning(of path: String, in project: ProjectFile?) throws(FileError) -> Meaning {
        let real: String
        let isFolder: Bool
        do throws(SystemError) {
            real = try files.realPath(path)
            isFolder = try files.status(path).kind == .folder
        } catch {
            throw FileError(.read, path, error)
        }
        if let project {
            if (try? files.realPath(project.path)) == real { return .targets(Array(project.targets.indices)) }
            let concerned = project.targets.indices.filter { index in
                concerns(project.targets[index], real, isFolder: isFolder)
            }
            if !concerned.isEmpty { return .targets(concerned) }
        }
        if path.hasSuffix(".json") || isFolder { return .service }
        return [".tmpl", ".tpl"].contains(where: path.hasSuffix) ? .template : .unknown
    }

    /// Whether a target reads or writes something. Its template may read every file of the template's folder.
    private func concerns(_ target: ProjectTarget, _ real: String, isFolder: Bool) -> Bool {
        let input = target.input
        var paths = [input.template, target.output]
        var folders = input.includes + [PrivateFolder.folder(of: input.template)]
        switch input.root {
        case .data(let path): paths.append(path)
        case .services(let services, let table):
            var report = RenderReport()
            paths += (try? rendering.serviceFiles(services, of: input, report: &report)) ?? []
            folders += services
            if let table { folders.append(table.path) }
        }
        for case .file(let path) in input.settings { paths.append(path) }
        let realPaths = (paths + folders).compactMap { try? files.realPath($0) }
        if realPaths.contains(real) { return true }
        if isFolder, realPaths.contains(where: { $0.hasPrefix(real + "/") }) { return true }
        return folders.compactMap { try? files.realPath($0) }.contains { real.hasPrefix($0 + "/") }
    }
}
