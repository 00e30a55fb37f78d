import HAServices
import HASystem
import HATemplate

/// What there is to say about a render, or a part of one, whether it succeeded or not.
package struct RenderReport: Sendable {
    /// Mistakes, and what the template warned of, in the order found.
    package var diagnostics: [Diagnostic] = []
    /// Sentences without a place.
    package var notes: [String] = []

    package init(_ diagnostics: [Diagnostic] = [], notes: [String] = []) {
        self.diagnostics = diagnostics
        self.notes = notes
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    package static func += (report: inout RenderReport, other: RenderReport) {
        report.diagnostics += other.diagnostics
        report.notes += other.notes
    }

    /// Takes what a failed part reports, so that the parts after it can report theirs. Throws where these make no sense
    /// any more.
    mutating func take(_ failure: RenderFailure) throws(RenderFailure) {
        self += failure.report
        switch failure.cause {
        case .input: break
        case .file, .state, .badTime: throw RenderFailure(failure.cause, self)
        }
    }

    /// What a part of the work reports, whether it came to its end or stopped at mistakes of the input.
    static func of(_ part: () throws(RenderFailure) -> RenderReport) throws(RenderFailure) -> RenderReport {
        do { return try part() } catch {
            var report = RenderReport()
            try report.take(error)
            return report
        }
    }

    /// Does two parts of the work: the second also where the first found mistakes in the input, so that one run reports
    /// those of both.
    static func ofBoth<First, Second>(
        _ first: () throws(RenderFailure) -> Reported<First>, _ second: () throws(RenderFailure) -> Reported<Second>
    ) throws(RenderFailure) -> Reported<(First, Second)> {
        var report = RenderReport()
        var made: First?
        do {
            let reported = try first()
            made = reported.value
            report += reported.report
        } catch {
            try report.take(error)
        }
        let other: Reported<Second>
        do { other = try second() } catch { throw error.after(report) }
        report += other.report
        guard let made else { throw RenderFailure(.input, report) }
        return Reported((made, other.value), report)
    }

    /// Throws where an error was reported.
    func requireNoErrors() throws(RenderFailure) {
        if hasErrors { throw RenderFailure(.input, self) }
    }
}

/// What a part of the work made, and what it reports. With errors in the report the value is what could be had in spite
/// of them.
package struct Reported<Value: Sendable>: Sendable {
    package let value: Value
    package let report: RenderReport

    init(_ value: Value, _ report: RenderReport = RenderReport()) {
        self.value = value
        self.report = report
    }
}

/// A render that made nothing.
package struct RenderFailure: Error, Sendable {
    package enum Cause: Sendable {
        /// Template, services, data or settings are wrong: the errors of the report.
        case input
        case file(FileError)
        case state(StateError)
        /// SOURCE_DATE_EPOCH is no number of seconds.
        case badTime(String)
    }

    package let cause: Cause
    /// Everything that was found before the render stopped.
    package let report: RenderReport

    package init(_ cause: Cause, _ report: RenderReport = RenderReport()) {
        self.cause = cause
        self.report = report
    }

    /// The same failure with what was reported before it.
    func after(_ earlier: RenderReport) -> RenderFailure {
        var all = earlier
        all += report
        return RenderFailure(cause, all)
    }
}
