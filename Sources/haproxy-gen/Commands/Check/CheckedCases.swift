import HADelivery
import HATemplate

/// The cases of the test files that a `check` is about.
struct CheckedCases {
    /// What is wrong with test files.
    private(set) var mistakes: [Diagnostic] = []
    private var work: [(project: ProjectFile, cases: [TestCase])] = []
    private var files: Set<String> = []
    private let arguments: ParsedArguments
    private let context: CommandContext

    init(
        _ projects: [ProjectFile], _ plan: CheckPlan, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws(CommandError) {
        self.arguments = arguments
        self.context = context
        let isWhole = arguments[CheckCommand.files].isEmpty
        guard !isWhole || arguments[CheckCommand.syntax].isEmpty else { return }
        for project in projects where !project.tests.isEmpty {
            let all: [TestCase]
            do { all = try CaseFiles(files: context.files).cases(of: project) } catch {
                guard case .input = error.cause else { throw .render(error) }
                mistakes += error.report.diagnostics
                continue
            }
            files.formUnion(all.compactMap { try? context.files.realPath($0.file) })
            let named = Set(plan.unknown.compactMap { try? context.files.realPath($0) })
            let outputs = Set(plan.targets.map(\.output))
            let own = Set(project.targets.filter { outputs.contains($0.output) }.map(\.name))
            let cases = all.filter { test in
                let target = test.target ?? project.targets.first?.name ?? ""
                return isWhole || own.contains(target)
                    || named.contains((try? context.files.realPath(test.file)) ?? test.file)
            }
            if !cases.isEmpty { work.append((project, cases)) }
        }
    }

    /// Whether a path is one of the test files.
    func hold(_ path: String) -> Bool {
        (try? context.files.realPath(path)).map(files.contains) ?? false
    }

    /// Runs the cases, once nothing else is wrong: one mistake in a template would make all of them fail.
    func run(_ check: inout TargetCheck) throws(CommandError) {
        let isOtherwiseRight = !check.report.diagnostics.contains { $0.severity == .error && $0.code != .staleOutput }
        for (project, cases) in work {
            guard isOtherwiseRight else {
                check.note("the tests were not run, because of the errors above")
                return
            }
            let results: [CaseResult]
            do throws(RenderFailure) {
                results = try TestCommand.runner(arguments, context).run(cases, of: project.targets)
            } catch {
                throw .render(RenderFailure(error.cause))
            }
            check.add(results.compactMap(\.diagnostic))
            let reasons = results.compactMap { if case .unasked(let reason) = $0.status { reason } else { nil } }
            if let reason = reasons.first { check.note("\(reasons.count) cases were not asked: \(reason)") }
        }
    }
}
