import HADelivery
import HASystem

/// Whose file or folder has changed.
package enum ChangeOwner: Hashable, Sendable {
    case project
    case source(String)
    /// The template, its pieces and its settings.
    case target(String)
    case output(String)
    /// One of the outputs of a target with `each`.
    case part(String)

    /// As the log names it.
    package var words: String {
        switch self {
        case .project: "the project file"
        case .source(let name): "\(LocalSource.words(name))"
        case .target(let name): "template of \(name)"
        case .output(let name): "output of \(name)"
        case .part(let name): "outputs of \(name)"
        }
    }
}

/// The folders to watch, and which names in them count.
package struct FolderPlan: Sendable, Equatable {
    private struct Interest: Sendable, Equatable {
        /// What counts by its name.
        var names: [String: Set<ChangeOwner>] = [:]
        /// Who is concerned by every name.
        var all: Set<ChangeOwner> = []
    }

    private var interests: [String: Interest] = [:]

    package init() {}

    package var folders: Set<String> { Set(interests.keys) }

    /// The plan of a project.
    package init(_ project: ProjectFile, _ targets: [ProjectTarget], _ sources: [LocalSource], _ files: FileSystem) {
        if !project.path.isEmpty { add(project.path, .project, files) }
        for source in sources {
            switch source.kind {
            case .files(let paths):
                for path in paths {
                    let folders = WatchedPaths.folders(ofServices: path, files)
                    for folder in folders { add(folder: folder, .source(source.name), files) }
                    if folders.isEmpty { add(path, .source(source.name), files) }
                }
            case .table(let table):
                add(table.path + "/current.json", .source(source.name), files)
            }
        }
        for target in targets {
            let owner = ChangeOwner.target(target.name)
            add(target.input.template, owner, files)
            for folder in target.input.includes {
                for below in WatchedPaths.below(folder, files) { add(folder: below, owner, files) }
            }
            for case .file(let path) in target.input.settings { add(path, owner, files) }
            if case .data(let path) = target.input.root { add(path, owner, files) }
            guard target.each == nil else {
                // Outputs whose names are not known beforehand.
                let folder = target.output.prefix { $0 != "{" }
                add(folder: FileInstaller.folder(of: folder + "x"), .part(target.name), files)
                continue
            }
            add(target.output, .output(target.name), files)
        }
    }

    /// Counts everything in a folder.
    package mutating func add(folder: String, _ owner: ChangeOwner, _ files: FileSystem) {
        add(folder, owner, files)
        if (try? files.status(folder))?.kind == .folder { interests[folder, default: Interest()].all.insert(owner) }
    }

    /// Counts a file or folder by its name, and by every link and folder that leads there. Where a folder is missing, it is
    /// what counts.
    package mutating func add(_ path: String, _ owner: ChangeOwner, _ files: FileSystem) {
        var rest = [path]
        // As many links as the system itself follows.
        for _ in 0..<40 {
            guard let path = rest.popLast() else { return }
            let parts = path.split(separator: "/")
            var folder = path.hasPrefix("/") ? "/" : "."
            for (index, part) in parts.enumerated() {
                let isLast = index == parts.count - 1
                let here = folder == "." ? String(part) : folder + (folder.hasSuffix("/") ? "" : "/") + part
                let status = part == ".." || part == "." ? nil : try? files.linkStatus(here)
                if part != "..", part != ".", isLast || status == nil || status?.kind == .link {
                    interests[folder, default: Interest()].names[String(part), default: []].insert(owner)
                    if status == nil { break }
                }
                if status?.kind == .link, let target = try? files.linkTarget(here) {
                    let tail = parts[(index + 1)...].map { "/" + $0 }.joined()
                    let base = folder == "." ? "" : folder + (folder.hasSuffix("/") ? "" : "/")
                    rest.append((target.hasPrefix("/") ? target : base + target) + tail)
                }
                folder = here
            }
        }
    }

    /// Who is concerned by a change; nobody where it is an editor's or somebody's temporary file.
    package func owners(of change: FolderWatch.Change) -> Set<ChangeOwner> {
        guard let folder = change.folder else {
            return interests.values.reduce(into: []) { owners, interest in
                owners.formUnion(interest.all)
                for named in interest.names.values { owners.formUnion(named) }
            }
        }
        guard let interest = interests[folder] else { return [] }
        guard let name = change.name else {
            return interest.names.values.reduce(into: interest.all) { $0.formUnion($1) }
        }
        let named = interest.names[name] ?? []
        return Self.isTemporary(name) ? named : named.union(interest.all)
    }

    /// Names that editors, version control and installers use for a moment; hidden files are no input at all, save the link
    /// by which Kubernetes swaps the contents of a volume.
    static func isTemporary(_ name: String) -> Bool {
        if name == "..data" { return false }
        return name.hasPrefix(".") || name.hasSuffix("~") || name == "4913" || name.hasSuffix(".swp")
            || name.hasSuffix(".swx") || name.hasSuffix(".tmp") || name.hasSuffix(".bak")
            || name.hasSuffix(".part") || (name.hasPrefix("#") && name.hasSuffix("#"))
    }
}

/// A source whose services lie on this machine.
package struct LocalSource: Sendable, Equatable {
    package let name: String
    package let kind: RenderInput.NamedSource.Kind
    package let trustsConfig: Bool

    package init(name: String, kind: RenderInput.NamedSource.Kind, trustsConfig: Bool) {
        self.name = name
        self.kind = kind
        self.trustsConfig = trustsConfig
    }

    var isFiles: Bool {
        switch kind {
        case .files: true
        case .table: false
        }
    }

    /// The sources of targets: those that they name, and for each its own files and table. No source that a project
    /// declares has a name like those.
    package static func all(of targets: [ProjectTarget]) -> [LocalSource] {
        var found: [LocalSource] = []
        for target in targets {
            for source in own(of: target) + named(by: target) where !found.contains(where: { $0.name == source.name }) {
                found.append(source)
            }
        }
        return found
    }

    /// A source as the log names it.
    package static func words(_ name: String) -> String {
        guard name.hasPrefix("@") else { return "source \(name)" }
        let rest = name.dropFirst()
        return rest.hasSuffix("@table") ? "table of \(rest.dropLast(6))" : "services of \(rest)"
    }

    /// The target's own files, then its own table.
    static func own(of target: ProjectTarget) -> [LocalSource] {
        guard case .services(let paths, let table) = target.input.root else { return [] }
        var sources: [LocalSource] = []
        if !paths.isEmpty {
            sources.append(LocalSource(name: "@\(target.name)", kind: .files(paths), trustsConfig: true))
        }
        if let table {
            let trusts = target.input.trustedSources.contains(.state)
            sources.append(LocalSource(name: "@\(target.name)@table", kind: .table(table), trustsConfig: trusts))
        }
        return sources
    }

    static func named(by target: ProjectTarget) -> [LocalSource] {
        target.input.named.map { LocalSource(name: $0.name, kind: $0.kind, trustsConfig: $0.trustsConfig) }
    }
}
