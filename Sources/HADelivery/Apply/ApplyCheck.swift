import HAServices
import HATemplate

/// What `apply` asks of an output before it is installed: the same as `check`, with causes in template and services.
package struct ApplyCheck: Sendable {
    private let rendering: TargetRendering
    private let process: ChildProcess
    private let proxy: ProxyCheck
    private let allowsCode: Bool

    package init(rendering: TargetRendering, process: ChildProcess, proxy: ProxyCheck, allowsCode: Bool) {
        self.rendering = rendering
        self.process = process
        self.proxy = proxy
        self.allowsCode = allowsCode
    }

    /// An older version has no template to point into: its program alone is asked.
    package func verdict(_ target: ProjectTarget, _ output: RenderedOutput?, file: String) -> CheckVerdict {
        guard let output else { return CommandCheck(process: process).verdict(target, file: file) }
        var options = TargetCheck.Options()
        options.allowsCode = allowsCode
        var check = TargetCheck(rendering: rendering, proxy: proxy, options: options)
        var report = RenderReport()
        do throws(RenderFailure) {
            try check.examine(output, of: target, &report)
        } catch {
            guard case .file(let error) = error else {
                return .failed(report, sentence: "the check could not be made", output: [])
            }
            return .failed(report, sentence: "the check could not be made: \(error.sentence)", output: [])
        }
        report.notes += check.report.notes
        let isGood = !report.diagnostics.contains { $0.severity == .error }
        return isGood ? .passed(report) : .failed(report, sentence: "the check refused the output", output: [])
    }
}
