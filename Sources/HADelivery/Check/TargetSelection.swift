import HAServices
import HASystem
import HATemplate

/// Finds out what some files mean for a project, as pre-commit names the files of a commit.
package struct TargetSelection {
    /// What a file or folder that was named means for a check.
    package struct Meaning: Sendable, Equatable {
        /// The indices of the targets that depend on it, or that it is.
        package var targets: [Int] = []
        /// What it is checked as by itself, since no target reads it; nil: nothing.
        package var alone: Alone?
    }

    package enum Alone: Sendable, Equatable {
        case template, service
    }

    private let files: FileSystem
    private let project: ProjectFile?
    private let projectPath: String?
    private let reach: [Reach]

    /// - Parameter project: nil: what is named is checked by itself.
    package init(_ project: ProjectFile?, rendering: TargetRendering) {
        files = rendering.files
        self.project = project
        projectPath = project.flatMap { [files] in try? files.realPath($0.path) }
        reach = (project?.targets ?? []).map { Reach($0, rendering) }
    }

    /// What a file or folder means. Throws when it does not exist.
    package func meaning(of path: String) throws(FileError) -> Meaning {
        let real: String
        let isFolder: Bool
        do throws(SystemError) {
            real = try files.realPath(path)
            isFolder = try files.status(path).kind == .folder
        } catch {
            throw FileError(.read, path, error)
        }
        if real == projectPath { return Meaning(targets: Array(reach.indices)) }
        let concerned = reach.indices.filter { reach[$0].concerns(real, isFolder: isFolder) }
        let readers = reach.filter { $0.reads(real, isFolder: isFolder) }
        return Meaning(
            targets: Array(concerned), alone: readers.isEmpty ? alone(path, real, isFolder: isFolder) : nil)
    }

    /// What a file that no target reads is checked as.
    private func alone(_ path: String, _ real: String, isFolder: Bool) -> Alone? {
        if isFolder {
            let names = (try? files.names(path)) ?? []
            return names.contains { $0.hasSuffix(".json") } || reach.isEmpty ? .service : nil
        }
        if [".tmpl", ".tpl"].contains(where: path.hasSuffix) { return .template }
        guard path.hasSuffix(".json") else { return nil }
        // Hooks name every JSON file of a commit, and most are nothing to us.
        let isAmongServices = reach.contains { $0.isAmongServices(real) }
        return project == nil || isAmongServices || looksLikeService(path) ? .service : nil
    }

    /// Whether a file's first object has keys of a service, and not one of them by chance.
    private func looksLikeService(_ path: String) -> Bool {
        guard let file = try? FileReader(files: files).read(path),
            let document = try? Document.json(name: file.name, bytes: file.bytes)
        else { return false }
        let root = document.root
        guard let first = root.kind == .list ? document.elements(of: root).first : root, first.kind == .map else {
            return false
        }
        let keys = document.entries(of: first).map(\.key).filter { $0 != "$schema" }
        let names = Set(ServiceModel.service.fields.map(\.name))
        let known = keys.count { names.contains($0) }
        return known > 1 || (known > 0 && known == keys.count)
    }
}

/// What a target reads and writes, as paths without links.
private struct Reach {
    /// The template, the output, and every file that is read as a whole.
    private var paths: Set<String> = []
    /// Folders whose every file is read: pieces, a table.
    private var wholeFolders: [String] = []
    /// The folder of the template, any file of which the template may read.
    private var templateFolder: String?
    /// Folders of services; patterns stand for the folder before their first wildcard.
    private var serviceFolders: [String] = []

    init(_ target: ProjectTarget, _ rendering: TargetRendering) {
        let files = rendering.files
        func real(_ path: String) -> String? { try? files.realPath(path) }
        let input = target.input
        var read = [input.template, target.output]
        wholeFolders = input.includes.compactMap(real)
        templateFolder = real(PrivateFolder.folder(of: input.template))
        switch input.root {
        case .data(let path): read.append(path)
        case .services(_, let table):
            for path in input.servicePaths {
                read += (try? rendering.serviceFiles([path], of: input))?.value ?? []
                let folder = FilePattern.folder(before: path)
                if (try? files.status(folder))?.kind == .folder, let folder = real(folder) {
                    serviceFolders.append(folder)
                }
            }
            if let table, let path = real(table.path) { wholeFolders.append(path) }
        }
        for case .file(let path) in input.settings { read.append(path) }
        paths = Set(read.compactMap(real))
        // An output that is not there yet, or no longer, is one all the same.
        if real(target.output) == nil, let folder = real(PrivateFolder.folder(of: target.output)),
            let name = target.output.split(separator: "/").last
        {
            paths.insert(folder + "/" + name)
        }
    }

    /// Whether a target's result may depend on a file, or on one in a folder.
    func concerns(_ real: String, isFolder: Bool) -> Bool {
        let folders = wholeFolders + serviceFolders + (templateFolder.map { [$0] } ?? [])
        if paths.contains(real) || folders.contains(where: { $0 == real || real.hasPrefix($0 + "/") }) { return true }
        return isFolder && (paths.union(folders)).contains { $0.hasPrefix(real + "/") }
    }

    /// Whether a check of the target finds what is wrong with a file, or with one in a folder.
    func reads(_ real: String, isFolder: Bool) -> Bool {
        if paths.contains(real) || wholeFolders.contains(where: { $0 == real || real.hasPrefix($0 + "/") }) {
            return true
        }
        return isFolder && (paths.contains { $0.hasPrefix(real + "/") } || serviceFolders.contains(real))
    }

    func isAmongServices(_ real: String) -> Bool { serviceFolders.contains { real.hasPrefix($0 + "/") } }
}
