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
        _ arguments: ParsedArguments, _ project: ProjectFile?, _ rendering: Rendering
    ) throws(CommandError) {
        let folder = project?.state ?? ProjectFile.defaultStateFolder
        do { table = try arguments.storedTable(defaultFolder: folder) } catch { throw .usage(error) }
        trustedSources = arguments.trustedSources
        templates = arguments.values(of: .syntax)
        let all = project?.targets ?? []
        if arguments.operands.isEmpty {
            targets = templates.isEmpty ? all : []
        } else {
            let selection = TargetSelection(rendering: rendering.targets)
            var concerned: Set<Int> = []
            for path in arguments.operands {
                let meaning: TargetSelection.Meaning
                do { meaning = try selection.meaning(of: path, in: project) } catch { throw .file(error) }
                switch meaning {
                case .targets(let indices): concerned.formUnion(indices)
                case .template: templates.append(path)
                case .service: services.append(path)
                case .unknown: unknown.append(path)
                }
            }
            targets = concerned.sorted().map { all[$0] }
        }
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
