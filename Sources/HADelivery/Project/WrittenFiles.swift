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
        let wanted = Wanted(
            names: Set([real.split(separator: "/").last].compactMap { $0 }),
            identities: Set([try? files.status(path)].compactMap { $0.map(FileIdentity.init) }))
        return inputs(of: input, wanted).first { realPath($0) == real }
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
        let state = (realPath(project.state) ?? project.state) + "/"
        let inputs = inputs(of: project)
        for target in project.targets {
            let real = realPath(target.output) ?? target.output
            if let other = writers[real] {
                mistakes.append(Self.sameOutput(other, target))
            } else {
                writers[real] = target
            }
            if target.output.hasSuffix("/") || (try? files.status(target.output))?.kind == .folder {
                mistakes.append(
                    Diagnostic(
                        .badValue, "the output of '\(target.name)', \(target.output), is a folder; name a file in it",
                        at: target.input.places.location(of: target.output) ?? target.location))
                continue
            }
            let isState = real.hasPrefix(state)
            guard let input = isState ? project.state : inputs[real] else { continue }
            mistakes.append(
                Diagnostic(
                    .badValue, "the output of '\(target.name)' would replace \(input), which the project is made of",
                    at: target.location))
        }
        return mistakes
    }

    /// What a project is made of and an output may be: the names as they are written, by their real paths.
    private func inputs(of project: ProjectFile) -> [String: String] {
        let outputs = project.targets.map(\.output)
        let wanted = Wanted(
            names: Set(outputs.compactMap { (realPath($0) ?? $0).split(separator: "/").last }),
            identities: Set(outputs.compactMap { (try? files.status($0)).map(FileIdentity.init) }))
        var found: [String: String] = [:]
        var seen: Set<String> = []
        for path in [project.path] + project.targets.flatMap({ inputs(of: $0.input, wanted) }) {
            guard seen.insert(path).inserted, let real = realPath(path), found[real] == nil else { continue }
            // A device takes what several write.
            if let status = try? files.status(path), status.kind == .other { continue }
            found[real] = path
        }
        return found
    }

    static func sameOutput(_ first: ProjectTarget, _ second: ProjectTarget) -> Diagnostic {
        Diagnostic(
            .duplicateId, "the targets '\(first.name)' and '\(second.name)' write the same output",
            at: second.location, notes: [.init("the first is here", at: first.location)])
    }

    /// What some outputs are called and which files they are.
    private struct Wanted {
        let names: Set<Substring>
        let identities: Set<FileIdentity>
    }

    /// Files that a render reads. Of the many in folders of services and pieces only those that are called as a path is,
    /// or lead to the file that is there.
    private func inputs(of input: RenderInput, _ wanted: Wanted) -> [String] {
        var paths = [input.template]
        var many: [String] = []
        for case .file(let path) in input.settings { paths.append(path) }
        for folder in input.includes {
            let pieces = (try? FileReader(files: files).templateFiles(below: folder)) ?? []
            many += pieces.map { folder + "/" + $0 }
        }
        switch input.root {
        case .data(let path): paths.append(path)
        case .services:
            let named = input.servicePaths.filter { $0 != "-" }
            many += (try? rendering.serviceFiles(named, of: input))?.value ?? []
        }
        paths += many.filter { path in
            if let name = path.split(separator: "/").last, wanted.names.contains(name) { return true }
            guard !wanted.identities.isEmpty, let status = try? files.status(path) else { return false }
            return wanted.identities.contains(FileIdentity(status))
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
