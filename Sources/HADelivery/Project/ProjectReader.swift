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
    /// The sources by their names.
    var known: [String: RenderInput.NamedSource] = [:]

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
        guard let root = members(of: document.root, "the project", ProjectSchema.project) else { return fallback }
        // The default, too, is a path from the file.
        let folder = value(ProjectKeys.state, root) ?? ProjectFile.defaultStateFolder
        let state = ProjectFile.path(folder, from: file.name)
        let keep = value(ProjectKeys.keep, root) ?? ProjectFile.defaultKeep
        guard let list = required(ProjectKeys.targets, root, in: document.root, "the project") else { return fallback }
        let sources = value(ProjectKeys.sources, root) ?? []
        let watch = value(ProjectKeys.watch, root) ?? WatchSettings()
        known = Dictionary(sources.map { ($0.name, $0.resolved(state: state)) }) { first, _ in first }
        var targets: [ProjectTarget] = []
        for (index, member) in list.enumerated() {
            if let target = target(member.value, index: index, state: state) { targets.append(target) }
        }
        refuseRepetitions(targets)
        var project = ProjectFile(path: file.name, targets: targets, state: state, keep: keep)
        project.watch = watch
        project.tests = value(ProjectKeys.tests, root) ?? []
        project.testPlaces = NamedPlaces(file)
        for member in members(ofList: root[ProjectKeys.tests]) {
            guard let text = document.text(of: member.value), let place = document.location(of: member.value) else {
                continue
            }
            project.testPlaces.add(ProjectFile.path(text, from: file.name), at: place.range)
        }
        return project
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
    struct Member: Sendable {
        let name: String
        let key: Value
        let value: Value
    }

    /// The members of an object by their keys.
    struct Members {
        fileprivate var byName: [String: Member] = [:]

        subscript(key: any DeclaredProjectKey) -> Member? { byName[key.row.name] }
    }

    /// The members of an object that has these keys; `null` means absent. nil when it is no object.
    mutating func members(of object: Value, _ owner: String, _ rows: [ProjectRow]) -> Members? {
        guard object.kind == .map else {
            refuse(.wrongType, "\(owner) must be an object", at: object, note: found(object, "{ … }"))
            return nil
        }
        var members = Members()
        let names = rows.map(\.name)
        let known = Set(names)
        for (entry, key) in zip(document.entries(of: object), document.keys(of: object)) {
            guard !known.contains(entry.key) else {
                if !entry.value.isNil {
                    members.byName[entry.key] = Member(name: entry.key, key: key, value: entry.value)
                }
                continue
            }
            // What is not kept need not be put into words.
            let choices = mistakes.count < Self.maximumCount ? names : []
            let near = nearest(to: entry.key, in: choices).map { "; did you mean '\($0)'?" } ?? ""
            refuse(.unknownKey, "\(owner) has no key '\(entry.key)'\(near)", at: key)
        }
        return members
    }

    /// The value of a key, or its default; nil where it is wrong, or absent without a default.
    mutating func value<Value>(_ key: ProjectKey<Value>, _ members: Members) -> Value? {
        guard let member = members[key] else { return key.fallback }
        return key.type.read(&self, member)
    }

    /// The value of a key that must be there.
    mutating func required<Result>(
        _ key: ProjectKey<Result>, _ members: Members, in object: Value, _ owner: String
    ) -> Result? {
        guard let member = members[key] else {
            refuse(.badValue, "\(owner) has no '\(key.row.name)'", at: object)
            return nil
        }
        return key.type.read(&self, member)
    }

    /// The values of a list, or one value alone.
    mutating func each<Result>(
        _ member: Member, _ read: (inout ProjectReader, Member) -> Result?
    ) -> [Result] {
        members(ofList: member).compactMap { read(&self, $0) }
    }

    /// The elements of a list, or one value alone.
    func members(ofList member: Member?) -> [Member] {
        guard let member else { return [] }
        return member.value.kind == .list ? elements(of: member) : [member]
    }

    func elements(of member: Member) -> [Member] {
        document.elements(of: member.value).map { Member(name: member.name, key: member.key, value: $0) }
    }

    mutating func text(_ member: Member) -> String? {
        guard let text = document.text(of: member.value) else {
            let quoted = member.value.kind == .int ? "\"\(member.value.asInt)\"" : "\"…\""
            refuse(
                .wrongType, "'\(member.name)' must be text", at: member.value, note: found(member.value, quoted))
            return nil
        }
        guard !text.isEmpty else {
            refuse(.badValue, "'\(member.name)' must not be empty", at: member.value)
            return nil
        }
        guard !text.utf8.contains(0) else {
            refuse(.nulCharacter, "'\(member.name)' must not hold a NUL character", at: member.value)
            return nil
        }
        return text
    }

    mutating func integer(_ member: Member, _ range: ClosedRange<Int>) -> Int? {
        guard member.value.kind == .int else {
            refuse(
                .wrongType, "'\(member.name)' must be a whole number", at: member.value,
                note: found(member.value, "digits without quotes"))
            return nil
        }
        guard range.contains(member.value.asInt) else {
            let (low, high) = (range.lowerBound, range.upperBound)
            refuse(.numberOutOfRange, "'\(member.name)' must be from \(low) to \(high)", at: member.value)
            return nil
        }
        return member.value.asInt
    }

    mutating func boolean(_ member: Member) -> Bool? {
        guard member.value.kind == .bool else {
            refuse(
                .wrongType, "'\(member.name)' must be true or false", at: member.value,
                note: found(member.value, "true or false without quotes"))
            return nil
        }
        return member.value.asBool
    }

    /// From 0 to 1.
    mutating func share(_ member: Member) -> Double? {
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
        _ member: Member, of choices: Choice.Type
    ) -> Choice? {
        guard let text = text(member) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let near = nearest(to: text, in: names).map { "; did you mean '\($0)'?" } ?? ""
        refuse(.badValue, "'\(member.name)' must be one of \(names.joined(separator: ", "))\(near)", at: member.value)
        return nil
    }

    /// What stands there, and what to write: `it is a number here; write "5"`.
    func found(_ value: Value, _ wanted: String) -> String {
        let found =
            switch value.kind {
            case .string: "text"
            case .int, .float: "a number"
            case .bool: "true or false"
            case .list: "a list"
            case .map, .record: "an object"
            case .missing, .null, .time: "no such value"
            }
        return "it is \(found) here; write \(wanted)"
    }

    mutating func refuse(_ code: DiagnosticCode, _ message: String, at value: Value, note: String? = nil) {
        let location = mistakes.count < Self.maximumCount ? document.location(of: value) : nil
        add(Diagnostic(code, message, at: location, notes: note.map { [.init($0)] } ?? []))
    }
}
