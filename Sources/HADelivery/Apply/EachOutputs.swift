import HAServices
import HASystem
import HATemplate

// The outputs of a target with `each`, so that those whose services went are removed: only files that this program wrote.
extension InstalledVersions {
    private func listPath(_ target: String) -> String { "\(folder)/\(target)/outputs.json" }

    /// The paths that a target wrote, as the project file would have them. A list that is damaged holds none: nothing is
    /// removed then.
    func outputs(of target: String) -> [String] {
        guard let file = try? FileReader(files: files).read(listPath(target), .kept),
            let document = try? Document.json(name: file.name, bytes: file.bytes),
            document.field("format", of: document.root).map({ $0.kind == .int && $0.asInt == 1 }) == true,
            let list = document.field("outputs", of: document.root)
        else { return [] }
        return document.elements(of: list).compactMap { document.text(of: $0) }
    }

    /// Makes these the paths that a target wrote.
    func keep(outputs: [String], of target: String) throws(FileError) {
        guard outputs != self.outputs(of: target) else { return }
        do throws(SystemError) { try files.makeFolder(folder + "/" + target, 0o700) } catch {
            guard error.isPresence else { throw FileError(.write, folder + "/" + target, error) }
        }
        var text = JSONText()
        text.beginObject()
        text.key("format")
        text.integer(1)
        text.key("outputs")
        text.beginList()
        for path in outputs { text.string(path) }
        text.endList()
        text.endObject()
        text.finish()
        _ = try FileInstaller(files: files, temporaries: temporaries).install(text.bytes, at: listPath(target))
    }
}

extension Applier {
    /// The targets with their parts, and what becomes of outputs whose services went.
    struct Expansion {
        var targets: [ProjectTarget]
        var removed: [Candidate] = []
        /// For each target with `each` what it writes now.
        var outputs: [(target: String, paths: [String])] = []
        var broken: [BrokenGuard] = []
    }

    func expand(_ targets: [ProjectTarget]) throws(ApplyFailure) -> Expansion {
        let reported: Reported<[ProjectTarget]>
        do { reported = try tools.rendering.expanded(targets) } catch {
            emit(.report(error.report))
            throw .render(error.cause)
        }
        emit(.report(reported.report))
        var expansion = Expansion(targets: reported.value)
        for target in targets where target.each != nil {
            let parts = reported.value.filter { $0.name.hasPrefix(target.name + "@") }
            let now = parts.map { $0.committedPath ?? $0.output }
            expansion.outputs.append((target.name, now))
            let before = versions.outputs(of: target.name)
            let gone = before.filter { !Set(now).contains($0) }
            for path in gone {
                var part = target
                part.each = nil
                part.name = "\(target.name)@\(value(of: path, in: target))"
                part.output = ProjectFile.path(path, from: project.path)
                part.committedPath = path.hasPrefix("/") ? nil : path
                expansion.removed.append(Candidate(removing: part))
            }
            expansion.broken += brokenGuards(of: target, before: before.count, gone: gone.count, now: now.count)
        }
        return expansion
    }

    /// What stands at the placeholder in the path of a part.
    private func value(of path: String, in target: ProjectTarget) -> String {
        let pattern = target.committedPath ?? target.output
        for placeholder in ProjectTarget.placeholders {
            guard let found = pattern.firstRange(of: placeholder) else { continue }
            let rest = path.dropFirst(pattern[..<found.lowerBound].count)
            let tail = pattern[found.upperBound...].prefix { $0 != "{" }
            return tail.isEmpty
                ? String(rest) : String(rest[..<(rest.firstRange(of: tail)?.lowerBound ?? rest.endIndex)])
        }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    private func brokenGuards(of target: ProjectTarget, before: Int, gone: Int, now: Int) -> [BrokenGuard] {
        var broken: [BrokenGuard] = []
        if target.guards.requireServices, now == 0 {
            broken.append(BrokenGuard(target: target.name, loss: "the input has no services (requireServices)"))
        }
        if let share = target.guards.maxRemoved, Double(gone) > share * Double(before) {
            let loss = "\(gone) of \(before) outputs would be removed, more than the share \(share) (maxRemoved)"
            broken.append(BrokenGuard(target: target.name, loss: loss))
        }
        return broken
    }

    /// Before anything changes: a kill must leave no output that nobody knows.
    func begin(_ expansion: Expansion) throws(ApplyFailure) {
        for (target, paths) in expansion.outputs {
            let before = versions.outputs(of: target)
            let known = Set(paths)
            do { try versions.keep(outputs: paths + before.filter { !known.contains($0) }, of: target) } catch {
                throw .file(error)
            }
        }
    }

    func end(_ expansion: Expansion) throws(ApplyFailure) {
        for (target, paths) in expansion.outputs {
            do { try versions.keep(outputs: paths, of: target) } catch { throw .file(error) }
        }
    }
}
