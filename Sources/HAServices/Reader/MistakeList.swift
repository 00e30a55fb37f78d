import HATemplate

/// One mistake in what was read, as data: each kind of file has its own.
protocol Mistake {
    var code: DiagnosticCode { get }
    /// One sentence that names what was found and what is expected.
    var message: String { get }
    /// What the note at the other place says; nil for mistakes that have one place.
    var noteMessage: String? { get }
}

extension ServiceMistake: Mistake {}

/// The mistakes found so far, with places in the joined text of all files.
///
/// It keeps no file: the joined text grows with each file read, and a reference to it would make every growth a copy.
struct MistakeList {
    /// One mistake.
    struct Item {
        let code: DiagnosticCode
        let message: String
        let range: Range<Int>
        /// A second place, with what to say of it.
        let note: (message: String, range: Range<Int>)?
        /// The file that was being read; nil for what was found when all had been.
        let file: Int?
    }

    /// How many are kept. A generated file with one fault in every service needs no more to be understood.
    static let maximumCount = 1_000

    /// The number of the file that is being read.
    var currentFile: Int?
    private(set) var items: [Item] = []
    private var omitted = 0

    var isEmpty: Bool { items.isEmpty && omitted == 0 }

    mutating func add(_ mistake: some Mistake, at range: Range<Int>, other: Range<Int>? = nil) {
        keep(mistake, at: range, other: other)
    }

    /// So that cases can be written without their type.
    mutating func add(_ mistake: ServiceMistake, at range: Range<Int>, other: Range<Int>? = nil) {
        keep(mistake, at: range, other: other)
    }

    private mutating func keep(_ mistake: some Mistake, at range: Range<Int>, other: Range<Int>?) {
        guard hasRoom() else { return }
        let note = other.flatMap { other in mistake.noteMessage.map { (message: $0, range: other) } }
        items.append(
            Item(code: mistake.code, message: mistake.message, range: range, note: note, file: currentFile))
    }

    mutating func add(_ fault: JSONFault) {
        guard hasRoom() else { return }
        items.append(
            Item(code: fault.code, message: fault.message, range: fault.range, note: fault.note, file: currentFile))
    }

    private mutating func hasRoom() -> Bool {
        if items.count < Self.maximumCount { return true }
        omitted += 1
        return false
    }

    /// What the user is told, in the order of the files and of the places in each.
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
            result.append(Diagnostic(item.code, item.message, at: location, notes: notes))
        }
        if omitted > 0 {
            let noun = omitted == 1 ? "mistake" : "mistakes"
            result.append(Diagnostic(.tooManyMistakes, "and \(omitted) more \(noun)", at: nil))
        }
        return result
    }
}
