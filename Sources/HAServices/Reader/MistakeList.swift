import HATemplate

/// One mistake in what was read, as data: each kind of file has its own.
protocol Mistake {
    var code: DiagnosticCode { get }
    var severity: Diagnostic.Severity { get }
    /// One sentence that names what was found and what is expected.
    var message: String { get }
    /// What the note at the other place says; nil for mistakes that have one place.
    var noteMessage: String? { get }
}

extension Mistake {
    var severity: Diagnostic.Severity { .error }
}

extension ServiceMistake: Mistake {}

/// How many mistakes or warnings are kept, and how many are only counted.
struct Tally {
    /// A generated file with one fault in every service needs no more to be understood.
    static let maximum = 1_000

    private(set) var kept = 0
    private(set) var omitted = 0

    var hasRoom: Bool { kept < Self.maximum }
    var isEmpty: Bool { kept == 0 && omitted == 0 }

    /// Counts one more; whether it is to be kept.
    mutating func admit() -> Bool {
        guard hasRoom else {
            omitted += 1
            return false
        }
        kept += 1
        return true
    }

    mutating func omit(_ count: Int) { omitted += count }
}

/// The mistakes found so far, with places in the joined text of all files.
///
/// It keeps no file: the joined text grows with each file read, and a reference to it would make every growth a copy.
struct MistakeList {
    /// One mistake.
    struct Item {
        let code: DiagnosticCode
        let severity: Diagnostic.Severity
        let message: String
        let range: Range<Int>
        /// A second place, with what to say of it.
        let note: (message: String, range: Range<Int>)?
        /// The file that was being read; nil for what was found when all had been.
        let file: Int?
    }

    /// The number of the file that is being read.
    var currentFile: Int?
    private(set) var items: [Item] = []
    private var errors = Tally()
    private var warnings = Tally()

    /// Whether what was read must not be used.
    var hasErrors: Bool { !errors.isEmpty }

    /// Whether one more mistake would be kept. Where its words cost much, ask first, and only count it otherwise.
    var hasRoom: Bool { errors.hasRoom }

    mutating func omit(_ count: Int = 1) { errors.omit(count) }

    mutating func omitWarnings(_ count: Int) { warnings.omit(count) }

    mutating func add(_ mistake: some Mistake, at range: Range<Int>, other: Range<Int>? = nil) {
        keep(mistake, at: range, other: other)
    }

    /// So that cases can be written without their type.
    mutating func add(_ mistake: ServiceMistake, at range: Range<Int>, other: Range<Int>? = nil) {
        keep(mistake, at: range, other: other)
    }

    private mutating func keep(_ mistake: some Mistake, at range: Range<Int>, other: Range<Int>?) {
        switch mistake.severity {
        case .error: guard errors.admit() else { return }
        case .warning, .note: guard warnings.admit() else { return }
        }
        let note = other.flatMap { other in mistake.noteMessage.map { (message: $0, range: other) } }
        items.append(
            Item(
                code: mistake.code, severity: mistake.severity, message: mistake.message, range: range, note: note,
                file: currentFile))
    }

    mutating func add(_ fault: JSONFault) {
        guard errors.admit() else { return }
        items.append(
            Item(
                code: fault.code, severity: .error, message: fault.message, range: fault.range, note: fault.note,
                file: currentFile))
    }

    mutating func add(_ faults: JSONFaults) {
        for fault in faults.items { add(fault) }
        omit(faults.omitted)
    }

    /// The diagnostics, in the order of the files and of the places in each.
    func diagnostics(_ builder: borrowing DocumentBuilder) -> [Diagnostic] {
        let order = items.indices.sorted { left, right in
            let (leftStart, rightStart) = (items[left].range.lowerBound, items[right].range.lowerBound)
            return leftStart == rightStart ? left < right : leftStart < rightStart
        }
        var result: [Diagnostic] = []
        result.reserveCapacity(items.count + 1)
        for index in order {
            let item = items[index]
            var notes: [Diagnostic.Note] = []
            if let note = item.note { notes.append(.init(note.message, at: builder.location(of: note.range))) }
            let location =
                item.file.map { builder.location(of: item.range, inFile: $0) } ?? builder.location(of: item.range)
            result.append(Diagnostic(item.code, item.message, at: location, severity: item.severity, notes: notes))
        }
        if errors.omitted > 0 { result.append(.more(errors.omitted, .error)) }
        if warnings.omitted > 0 { result.append(.more(warnings.omitted, .warning)) }
        return result
    }
}
