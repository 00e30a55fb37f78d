import HASystem
import HATemplate

/// Finds outputs that would replace what they are made of, and outputs that several targets write.
package struct WrittenFiles {
    private let files: FileSystem
    private let rendering: TargetRendering

    package init(rendering: TargetRendering) {
        files = rendering.files
        self.rendering = rendering
    }

    /// Which input of a render is the file at `path`, if one is.
    package func input(at path: String, of input: RenderInput) -> String? {
        guard let real = realPath(path) else { return nil }
        let identity = (try? files.status(path)).map(FileIdentity.init)
        return inputs(of: input, namedAs: real, identity).first { realPath($0) == real }
    }

    /// Whether two paths lead to one file, which need not be there yet.
    package func areSame(_ path: String, _ other: String) -> Bool {
        guard let real = realPath(path) else { return path == other }
        // A device takes what several write.
        if let status = try? files.status(path), status.kind == .other { return false }
        return real == realPath(other)
    }

    /// What is wrong with the outputs of a project, in the order of its targets.
    package func mistakes(in project: ProjectFile) -> [Diagnostic] {
        var mistakes: [Diagnostic] = []
        var writers: [String: ProjectTarget] = [:]
        for target in project.targets {
            let real = realPath(target.output) ?? target.output
            if let other = writers[real] {
                mistakes.append(Self.sameOutput(other, target))
            } else {
                writers[real] = target
            }
            let state = (realPath(project.state) ?? project.state) + "/"
            let isState = real.hasPrefix(state)
            guard let input = isState ? project.state : input(at: target.output, of: project) else { continue }
            mistakes.append(
                Diagnostic(
                    .badValue, "the output of '\(target.name)' would replace \(input), which the project is made of",
                    at: target.location))
        }
        return mistakes
    }

    static func sameOutput(_ first: ProjectTarget, _ second: ProjectTarget) -> Diagnostic {
        Diagnostic(
            .duplicateId, "the targets '\(first.name)' and '\(second.name)' write the same output",
            at: second.location, notes: [.init("the first is here", at: first.location)])
    }

    private func input(at path: String, of project: ProjectFile) -> String? {
        if areSame(path, project.path) { return project.path }
        return project.targets.lazy.compactMap { input(at: path, of: $0.input) }.first
    }

    /// Files that a render reads. Of the many in folders of services and pieces only those that are called as a path is,
    /// or lead to the file that is there.
    private func inputs(of input: RenderInput, namedAs real: String, _ identity: FileIdentity?) -> [String] {
        var paths = [input.template]
        var many: [String] = []
        for case .file(let path) in input.settings { paths.append(path) }
        for folder in input.includes {
            let pieces = (try? FileReader(files: files).templateFiles(below: folder)) ?? []
            many += pieces.map { folder + "/" + $0 }
        }
        switch input.root {
        case .data(let path): paths.append(path)
        case .services(let services, _):
            let named = services.filter { $0 != "-" }
            many += (try? rendering.serviceFiles(named, of: input))?.value ?? []
        }
        let name = real.split(separator: "/").last
        paths += many.filter { path in
            if path.split(separator: "/").last == name { return true }
            guard let identity, let status = try? files.status(path) else { return false }
            return FileIdentity(status) == identity
        }
        return paths.filter { $0 != "-" }
    }

    /// As many links as the system itself follows.
    private static let maximumLinks = 40

    /// The path without links, also of a file or folder that is not there yet. nil where that cannot be known.
    private func realPath(_ path: String) -> String? {
        var path = path
        for _ in 0..<Self.maximumLinks {
            if let real = try? files.realPath(path) { return real }
            guard let name = path.split(separator: "/").last, name != "..", name != ".", !path.hasSuffix("/") else {
                return nil
            }
            let folder = PrivateFolder.folder(of: path)
            guard let target = try? files.linkTarget(path) else {
                guard folder != path, let real = realPath(folder) else { return nil }
                return (real == "/" ? "" : real) + "/" + name
            }
            path = target.hasPrefix("/") ? target : folder + "/" + target
        }
        return nil
    }
}
