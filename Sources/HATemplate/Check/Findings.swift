/// The mistakes found so far, each place and code once.
struct Findings {
    private struct Key: Hashable {
        let unit: Int
        let range: SourceRange
        let code: DiagnosticCode
    }

    struct Finding {
        let unit: Int
        let diagnostic: Diagnostic
    }

    /// What one walk through a template found.
    struct Pending {
        let code: DiagnosticCode
        let message: String
        let range: SourceRange
        var severity = Diagnostic.Severity.error
        var notes: [Diagnostic.Note] = []
    }

    /// How many are kept. A template with more is not read to the end by anybody.
    static let maximumCount = 1_000

    private let files: [SourceFile]
    private var seen: Set<Key> = []
    private var all: [Finding] = []
    private var isCut = false

    init(files: [SourceFile]) {
        self.files = files
    }

    mutating func add(
        _ code: DiagnosticCode, _ message: String, unit: Int, _ range: SourceRange,
        severity: Diagnostic.Severity = .error, notes: [Diagnostic.Note] = []
    ) {
        guard seen.count < 100 * Self.maximumCount, files.indices.contains(unit),
            seen.insert(Key(unit: unit, range: range, code: code)).inserted
        else { return }
        // Errors must not be crowded out by warnings.
        guard all.count < Self.maximumCount || (severity == .error && all.count < 2 * Self.maximumCount) else {
            isCut = true
            return
        }
        let location = SourceLocation(files[unit], range)
        all.append(
            Finding(unit: unit, diagnostic: Diagnostic(code, message, at: location, severity: severity, notes: notes)))
    }

    mutating func add(_ finding: Finding) {
        let diagnostic = finding.diagnostic
        add(
            diagnostic.code, diagnostic.message, unit: finding.unit,
            diagnostic.location?.range ?? SourceRange(at: 0), severity: diagnostic.severity, notes: diagnostic.notes)
    }

    /// By file and place; what was found first comes first where several stand in one place.
    func sorted() -> [Finding] {
        var order = all.indices.sorted { left, right in
            let (first, second) = (all[left], all[right])
            if first.unit != second.unit { return first.unit < second.unit }
            let (start, otherStart) = (first.start, second.start)
            return start == otherStart ? left < right : start < otherStart
        }.map { all[$0] }
        if isCut {
            let message = "there are more findings than these \(all.count)"
            order.append(
                Finding(unit: 0, diagnostic: Diagnostic(.tooManyMistakes, message, at: nil, severity: .warning)))
        }
        return order
    }
}

extension Findings.Finding {
    fileprivate var start: UInt32 { diagnostic.location?.range.start ?? 0 }
}

extension Checker {
    /// Reports something that fails whenever it is reached.
    mutating func report(_ code: DiagnosticCode, _ message: String, _ range: SourceRange) {
        add(.init(code: code, message: message, range: range))
    }

    mutating func report(_ error: RuntimeError, _ range: SourceRange) {
        guard walk.isReachable else { return }
        var advice = error.advice.map { [$0] } ?? []
        if case .unknownField(_, type: "[]types.Service", _) = error {
            advice.append(.init(.otherRoot))
        }
        add(.init(code: error.code, message: error.message, range: range, notes: advice))
    }

    /// Reports something that fails for some of the data that the types allow.
    mutating func warn(possible error: RuntimeError, _ range: SourceRange) {
        guard walk.isReachable else { return }
        let (code, message, advice): (DiagnosticCode, String, String) =
            switch error {
            case .missingMapKey(let key, let known):
                (
                    .mayBeAbsent,
                    "the map may have no key \"\(key)\", and then this fails"
                        + (known.contains(key)
                            ? "" : nearest(to: key, in: known).map { " (did you mean \($0)?)" } ?? ""),
                    "{{with index VALUE \"\(key)\"}} leaves the text out where it is absent, and "
                        + "{{index VALUE \"\(key)\" | default \"…\"}} gives a default"
                )
            case .memberOfNil, .memberOfMissing, .nilOperand:
                (.mayBeNil, "for some data this fails: \(error.message)", "ask with {{if}} or {{with}} first")
            default:
                (
                    .mayFail, "for some data this fails: \(error.message)",
                    "the data may hold values of several types here"
                )
            }
        add(.init(code: code, message: message, range: range, severity: .warning, notes: [.init(advice)]))
    }

    /// Lists every `raw`, for whoever reviews what the dialects cannot keep safe. Also where nothing reaches it.
    mutating func noteRawText() {
        for use in set.uses(of: "raw", library: library) {
            findings.add(
                .rawText, "raw writes this value as it is: nothing of it is quoted or refused", unit: use.unit,
                use.range, severity: .note)
        }
    }

    mutating func warn(
        _ code: DiagnosticCode, _ message: String, _ range: SourceRange, notes: [Diagnostic.Note] = []
    ) {
        add(.init(code: code, message: message, range: range, severity: .warning, notes: notes))
    }

    private mutating func add(_ finding: Findings.Pending) {
        guard walk.isReachable, walk.findings.count < 4 * Findings.maximumCount else { return }
        walk.findings.append(finding)
    }

    /// Takes over what the last walk through an instance found.
    mutating func collectFindings(of index: Int) {
        let instance = instances.all[index]
        let unit = instances.templates[instance.template].unit
        for finding in instance.findings {
            let depends = finding.severity == .error || finding.code == .mayBeEmpty || finding.code.isPossible
            findings.add(
                finding.code, finding.message, unit: unit, finding.range, severity: finding.severity,
                notes: finding.notes + (depends ? callNotes(instance, finding.code) : []))
        }
    }

    /// Which call gave this template its dot.
    private func callNotes(_ instance: InstanceTable.Instance, _ code: DiagnosticCode) -> [Diagnostic.Note] {
        guard let caller = instance.caller, set.units.indices.contains(caller.unit) else { return [] }
        let lack = caller.givesDot || code != .nilValue ? "" : Diagnostic.Note.lackOfDot
        return [.init("called from here" + lack, at: SourceLocation(set.units[caller.unit].tree.file, caller.range))]
    }
}

extension DiagnosticCode {
    /// Something that fails for some of the data that the types allow.
    var isPossible: Bool { self == .mayBeAbsent || self == .mayBeNil || self == .mayFail }
}
