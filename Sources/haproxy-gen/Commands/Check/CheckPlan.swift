import HADelivery
import HAServices
import HATemplate

/// What a `check` looks at: the targets that it is about, and what belongs to none.
struct CheckPlan {
    /// Templates without a target.
    private(set) var templates: [String] = []
    /// Service files and folders without a target.
    private(set) var services: [String] = []
    private(set) var targets: [ProjectTarget] = []
    /// Files that mean nothing to a check.
    private(set) var unknown: [String] = []
    private let table: RenderInput.StoredTable?
    private let trustedSources: Set<ConfigSource>

    init(
        _ arguments: ParsedArguments, _ projects: inout CheckedProjects, _ rendering: Rendering
    ) throws(CommandError) {
        templates = arguments[CheckCommand.syntax]
        let main = try projects.main()
        if arguments[CheckCommand.files].isEmpty, templates.isEmpty { targets = main?.targets ?? [] }
        var selections: [String: TargetSelection] = [:]
        var concerned: [String: Set<Int>] = [:]
        for path in arguments[CheckCommand.files] {
            guard let involved = try projects.involved(path) else { continue }
            var meanings: [TargetSelection.Meaning] = []
            for project in involved.isEmpty ? [nil] : involved.map(Optional.some) {
                let key = project?.path ?? ""
                let selection = selections[key] ?? TargetSelection(project, rendering: rendering.targets)
                selections[key] = selection
                let meaning: TargetSelection.Meaning
                do { meaning = try selection.meaning(of: path) } catch { throw .file(error) }
                concerned[key, default: []].formUnion(meaning.targets)
                meanings.append(meaning)
            }
            // What one project reads need not be looked at by itself for the other.
            let alone = meanings.allSatisfy { $0.alone != nil } ? meanings.first?.alone : nil
            switch alone {
            case .template: templates.append(path)
            case .service: services.append(path)
            case nil where meanings.allSatisfy(\.targets.isEmpty): unknown.append(path)
            case nil: break
            }
        }
        for project in projects.all {
            targets += (concerned[project.path] ?? []).sorted().map { project.targets[$0] }
        }
        let folder = main?.state ?? ProjectFile.defaultStateFolder
        table = arguments.storedTable(in: arguments[Options.projectStateFolder] ?? folder)
        trustedSources = arguments.trustedSources
    }

    func run(_ check: inout TargetCheck) throws(RenderFailure) {
        for path in templates { try check.checkTemplate(input(path)) }
        if !services.isEmpty || (table != nil && templates.isEmpty && targets.isEmpty) {
            try check.checkServices(services, table: table)
        }
        try check.check(targets)
    }

    /// A template without a target: what its data are is not known, save that it gets services.
    private func input(_ path: String) -> RenderInput {
        let root = RenderInput.Root.services(table == nil ? [] : services, table: table)
        var input = RenderInput(template: path, root: root, dialect: DialectChoice.auto.dialect(of: path).dialect)
        input.trustedSources = trustedSources
        return input
    }
}
