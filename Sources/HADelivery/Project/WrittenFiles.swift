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
        return inputs(of: input, namedAs: real).first { realPath($0) == real }
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

    /// Files that a render reads. Of the many in folders of services only those that are called as a path is.
    private func inputs(of input: RenderInput, namedAs real: String) -> [String] {
        var paths = [input.template]
        for case .file(let path) in input.settings { paths.append(path) }
        switch input.root {
        case .data(let path): paths.append(path)
        case .services(let services, _):
            let name = real.split(separator: "/").last
            var report = RenderReport()
            let named = services.filter { $0 != "-" }
            let found = (try? rendering.serviceFiles(named, of: input, report: &report)) ?? []
            paths += found.filter { $0.split(separator: "/").last == name }
        }
        return paths.filter { $0 != "-" }
    }

    /// The path without links, also of a file that is not there yet. Nil where its folder is not.
    private func realPath(_ path: String) -> String? {
        if let real = try? files.realPath(path) { return real }
        guard let name = path.split(separator: "/").last, name != "..", !path.hasSuffix("/") else { return nil }
        guard let folder = try? files.realPath(PrivateFolder.folder(of: path)) else { return nil }
        return (folder == "/" ? "" : folder) + "/" + name
    }
}
