import HASystem
import HATemplate

/// Reads a project's JSON, and collects everything that is wrong with it.
struct ProjectReader {
    let document: Document
    let file: InputFile
    private(set) var mistakes: [Diagnostic] = []
    /// Mistakes beyond those that are kept.
    private var omitted = 0
    private static let maximumCount = 1_000

    init(document: Document, file: InputFile) {
        self.document = document
        self.file = file
    }

    /// In the order of the file.
    var sortedMistakes: [Diagnostic] {
        let sorted = mistakes.enumerated().sorted { left, right in
            let starts = (left.element.location?.range.start ?? 0, right.element.location?.range.start ?? 0)
            return starts.0 == starts.1 ? left.offset < right.offset : starts.0 < starts.1
        }.map(\.element)
        return omitted == 0 ? sorted : sorted + [.more(omitted, .error)]
    }

    mutating func project() -> ProjectFile {
        let fallback = ProjectFile(path: file.name, targets: [], state: ProjectFile.defaultStateFolder)
        guard let root = members(of: document.root, "the project", ProjectKey.self) else { return fallback }
        let state = ProjectFile.path(text(root[.state]) ?? ProjectFile.defaultStateFolder, from: file.name)
        let keep = integer(root[.keep], 1...1000) ?? ProjectFile.defaultKeep
        guard let list = root[.targets] else {
            refuse(.badValue, "the project has no 'targets'", at: document.root)
            return fallback
        }
        guard list.value.kind == .list else {
            refuse(.wrongType, "'targets' must be a list of targets", at: list.value)
            return fallback
        }
        if list.value.count == 0 { refuse(.badValue, "the project has no targets", at: list.value) }
        var targets: [ProjectTarget] = []
        for (index, value) in document.elements(of: list.value).enumerated() {
            if let target = target(value, index: index, state: state) { targets.append(target) }
        }
        refuseRepetitions(targets)
        return ProjectFile(path: file.name, targets: targets, state: state, keep: keep)
    }

    /// Two targets of one name cannot be distinguished; two with one output would overwrite each other.
    private mutating func refuseRepetitions(_ targets: [ProjectTarget]) {
        var names: [String: Int] = [:]
        var outputs: [String: Int] = [:]
        for (index, target) in targets.enumerated() {
            if let other = names[target.name] {
                let first = targets[other].location
                add(
                    Diagnostic(
                        .duplicateId, "two targets are called '\(target.name)'", at: target.location,
                        notes: [.init("the first is here", at: first)]))
            }
            if let other = outputs[target.output] { add(WrittenFiles.sameOutput(targets[other], target)) }
            names[target.name] = names[target.name] ?? index
            outputs[target.output] = outputs[target.output] ?? index
        }
    }

    /// Keeps a mistake, unless there are many already.
    private mutating func add(_ mistake: @autoclosure () -> Diagnostic) {
        if mistakes.count < Self.maximumCount { mistakes.append(mistake()) } else { omitted += 1 }
    }

    // MARK: Values

    /// A member of an object: where its key stands, and its value.
    struct Member {
        let name: String
        let key: Value
        let value: Value
    }

    /// The members of an object by their keys; `null` means absent. nil when it is no object.
    mutating func members<Key: RawRepresentable<String> & CaseIterable & Hashable>(
        of object: Value, _ owner: String, _ keys: Key.Type
    ) -> [Key: Member]? {
        guard object.kind == .map else {
            refuse(.wrongType, "\(owner) must be an object", at: object)
            return nil
        }
        var members: [Key: Member] = [:]
        for (entry, key) in zip(document.entries(of: object), document.keys(of: object)) {
            if let known = Key(rawValue: entry.key) {
                if !entry.value.isNil { members[known] = Member(name: entry.key, key: key, value: entry.value) }
                continue
            }
            // What is not kept need not be put into words.
            let names = mistakes.count < Self.maximumCount ? Key.allCases.map(\.rawValue) : []
            let near = nearest(to: entry.key, in: names).map { "; did you mean '\($0)'?" } ?? ""
            refuse(.unknownKey, "\(owner) has no key '\(entry.key)'\(near)", at: key)
        }
        return members
    }

    mutating func text(_ member: Member?, mayBeEmpty: Bool = false) -> String? {
        guard let member else { return nil }
        guard let text = document.text(of: member.value) else {
            refuse(.wrongType, "'\(member.name)' must be text", at: member.value)
            return nil
        }
        guard mayBeEmpty || !text.isEmpty else {
            refuse(.badValue, "'\(member.name)' must not be empty", at: member.value)
            return nil
        }
        guard !text.utf8.contains(0) else {
            refuse(.nulCharacter, "'\(member.name)' must not hold a NUL character", at: member.value)
            return nil
        }
        return text
    }

    /// The elements of a list, or one value alone.
    func members(ofList member: Member?) -> [Member] {
        guard let member else { return [] }
        guard member.value.kind == .list else { return [member] }
        return document.elements(of: member.value).map { Member(name: member.name, key: member.key, value: $0) }
    }

    /// A list of texts, or one text alone.
    mutating func texts(_ member: Member?) -> [String] {
        members(ofList: member).compactMap { text($0) }
    }

    /// A list of choices, or one alone.
    mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: Member?, of choices: Choice.Type
    ) -> [Choice] {
        members(ofList: member).compactMap { choice($0, of: choices) }
    }

    mutating func integer(_ member: Member?, _ range: ClosedRange<Int>) -> Int? {
        guard let member else { return nil }
        guard member.value.kind == .int else {
            refuse(.wrongType, "'\(member.name)' must be a whole number", at: member.value)
            return nil
        }
        guard range.contains(member.value.asInt) else {
            let (low, high) = (range.lowerBound, range.upperBound)
            refuse(.numberOutOfRange, "'\(member.name)' must be from \(low) to \(high)", at: member.value)
            return nil
        }
        return member.value.asInt
    }

    mutating func boolean(_ member: Member?) -> Bool? {
        guard let member else { return nil }
        guard member.value.kind == .bool else {
            refuse(.wrongType, "'\(member.name)' must be true or false", at: member.value)
            return nil
        }
        return member.value.asBool
    }

    /// From 0 to 1.
    mutating func share(_ member: Member?) -> Double? {
        guard let member else { return nil }
        let number: Double
        switch member.value.kind {
        case .int: number = Double(member.value.asInt)
        case .float: number = member.value.asFloat
        default:
            refuse(.wrongType, "'\(member.name)' must be a number from 0 to 1", at: member.value)
            return nil
        }
        guard (0...1).contains(number) else {
            refuse(.numberOutOfRange, "'\(member.name)' must be from 0 to 1", at: member.value)
            return nil
        }
        return number
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: Member?, of choices: Choice.Type
    ) -> Choice? {
        guard let member, let text = text(member) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let near = nearest(to: text, in: names).map { "; did you mean '\($0)'?" } ?? ""
        refuse(.badValue, "'\(member.name)' must be one of \(names.joined(separator: ", "))\(near)", at: member.value)
        return nil
    }

    mutating func refuse(_ code: DiagnosticCode, _ message: String, at value: Value) {
        let location = mistakes.count < Self.maximumCount ? document.location(of: value) : nil
        add(Diagnostic(code, message, at: location))
    }
}
