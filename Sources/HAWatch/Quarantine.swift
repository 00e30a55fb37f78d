import HADelivery
import HAServices
import HATemplate

/// Services that could not be delivered, and what takes their place.
package struct Quarantine: Sendable {
    package struct Entry: Sendable, Equatable {
        package let source: String
        /// The file as messages call it.
        package let file: String
        /// Empty: the whole file, or a service without an Id.
        package let id: String
        /// The text that is bad; another one is tried again.
        let text: [UInt8]
        /// `FILE:LINE:COL: MESSAGE [code]`
        package let cause: String
        /// What takes its place; nil: nothing.
        package fileprivate(set) var replacement: [UInt8]?
        /// Whether the proxy had to be asked: it is not asked again before something else speaks for it.
        let isRemembered: Bool
        /// Whether the file could not be read at all.
        fileprivate(set) var isUnreadable = false

        /// A file that cannot be read: a source leaves it out, or says what it held before.
        static func unreadable(
            _ file: String, of source: String, cause: String, replacement: [UInt8]?
        ) -> Entry {
            var entry = Entry(
                source: source, file: file, id: "", text: [], cause: cause, replacement: replacement,
                isRemembered: false)
            entry.isUnreadable = true
            return entry
        }

        /// What the log and the status page say.
        package var sentence: String {
            let what = isUnreadable ? "the file" : id.isEmpty ? "a part of \(file)" : "the service '\(id)'"
            return "\(cause); \(what) is in quarantine, "
                + (replacement == nil ? "and nothing takes its place" : "and its last good version takes its place")
        }
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// Forgets what is tried again at each delivery, or all of it.
    package mutating func release(all: Bool) {
        entries = all ? [] : entries.filter(\.isRemembered)
    }

    /// An answer with what is in quarantine left out or replaced. Entries whose text is no longer there are dropped.
    package mutating func cleaned(_ answer: SourceAnswer, of source: String) -> SourceAnswer {
        guard entries.contains(where: { $0.source == source }) else { return answer }
        var answer = answer
        var isThere = entries.map { $0.source != source }
        for index in answer.files.indices {
            let file = answer.files[index]
            let own = entries.indices.filter { entries[$0].source == source && entries[$0].file == file.name }
            guard !own.isEmpty else { continue }
            if let whole = own.first(where: { entries[$0].text == file.bytes }) {
                isThere[whole] = true
                answer.files[index] = SourceAnswer.File(
                    name: file.name, bytes: entries[whole].replacement ?? Array("[]".utf8))
                continue
            }
            var replaced: [Int: [UInt8]?] = [:]
            for (number, entry) in (file.entries ?? []).enumerated() {
                let text = file.bytes[entry.range]
                guard let found = own.first(where: { entries[$0].text.elementsEqual(text) }) else { continue }
                isThere[found] = true
                replaced[number] = .some(entries[found].replacement)
            }
            if let services = file.entries, !replaced.isEmpty {
                answer.files[index] = SourceAnswer.File(
                    name: file.name, bytes: ServiceIndex.replacing(replaced, of: services, in: file.bytes))
            }
        }
        entries = zip(entries, isThere).filter { $0.1 }.map { $0.0 }
        return answer
    }

    /// Something that was delivered as a part of a source's answer, by its number in a file; nil: the file as a whole.
    package struct Suspect: Hashable, Sendable {
        package let part: Int
        package let service: Int?
    }

    /// The services that findings are about: where a finding has a place in a service file, or was made by a value from
    /// there.
    package static func suspects(
        _ findings: [Diagnostic], in parts: [ServiceMerge.Part]
    ) -> [(suspect: Suspect, finding: Diagnostic, location: HATemplate.SourceLocation)] {
        // Several sources may read one file.
        let numbers = Dictionary(grouping: parts.indices) { parts[$0].file.name }
        var found: [(suspect: Suspect, finding: Diagnostic, location: HATemplate.SourceLocation)] = []
        var seen: Set<Suspect> = []
        for finding in findings.flatMap(\.all) where finding.severity == .error {
            let places = [finding.location] + finding.notes.map(\.location)
            for case let place? in places {
                guard let same = numbers[place.file.name] else { continue }
                let offset = Int(place.range.start)
                for part in same {
                    let service = parts[part].file.entries?.firstIndex { $0.range.contains(offset) }
                    let suspect = Suspect(part: part, service: service)
                    if seen.insert(suspect).inserted { found.append((suspect, finding, place)) }
                }
                break
            }
        }
        return found
    }

    /// Puts a service in quarantine; its last good version takes its place.
    ///
    /// - Parameters:
    ///   - suspect: in `parts`, which are what was delivered: its text may be that of a replacement, which is bad then.
    ///   - good: what each source said when a delivery last succeeded.
    /// - Returns: the new entry; nil where the suspect is in quarantine for good already.
    package mutating func add(
        _ suspect: Suspect, in parts: [ServiceMerge.Part], good: [String: SourceAnswer], cause: String,
        isRemembered: Bool
    ) -> Entry? {
        let part = parts[suspect.part]
        let file = part.file
        guard let number = suspect.service, let service = file.entries?[number] else {
            let last = good[part.source]?.files.first { $0.name == file.name }
            let isNew = last.map { $0.bytes != file.bytes } ?? false
            return add(
                Entry(
                    source: part.source, file: file.name, id: "", text: file.bytes, cause: cause,
                    replacement: isNew ? last?.bytes : nil, isRemembered: isRemembered))
        }
        let text = Array(file.bytes[service.range])
        let last = service.id.isEmpty ? nil : Self.text(of: service.id, in: good[part.source])
        let flat = last.map { $0.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } }
        return add(
            Entry(
                source: part.source, file: file.name, id: service.id, text: text, cause: cause,
                replacement: last == text || flat == text ? nil : last, isRemembered: isRemembered))
    }

    private mutating func add(_ entry: Entry) -> Entry? {
        // A replacement that is bad itself is none.
        let same = entries.firstIndex { known in
            guard known.source == entry.source, known.file == entry.file, let given = known.replacement else {
                return false
            }
            return given == entry.text || given.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } == entry.text
        }
        if let same {
            entries[same].replacement = nil
            return entries[same]
        }
        guard !entries.contains(where: { $0.source == entry.source && $0.text == entry.text && $0.file == entry.file })
        else { return nil }
        entries.append(entry)
        return entry
    }

    private static func text(of id: String, in answer: SourceAnswer?) -> [UInt8]? {
        for file in answer?.files ?? [] {
            if let entry = file.entries?.first(where: { $0.id == id }) { return Array(file.bytes[entry.range]) }
        }
        return nil
    }
}

/// Finds the one that spoils the whole, by asking about halves.
package enum Halving {
    /// The number of the culprit; nil: there is not one alone, it is none of these, or nobody answers any more.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - questions: how many may be asked at most.
    ///   - isGood: whether some of them, without all others, are good; nil: no answer.
    package static func culprit(
        of count: Int, questions: Int = 40, isGood: ([Int]) -> Bool?
    ) -> Int? {
        guard count > 0, let isNothingGood = isGood([]) else { return nil }
        if isNothingGood {
            let found = narrowed(count, questions - 1) { range in isGood(Array(range)).map { !$0 } }
            guard let found, isGood([found]) == false else { return nil }
            return found
        }
        // Some of them have to be there: so all others stay while a part is left out.
        guard count > 1 else { return nil }
        return narrowed(count, questions - 1) { range in isGood((0..<count).filter { !range.contains($0) }) }
    }

    private static func narrowed(_ count: Int, _ questions: Int, isCulpritIn: (Range<Int>) -> Bool?) -> Int? {
        var (range, rest) = (0..<count, questions)
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            rest -= 2
            guard rest >= 0, let isBelow = isCulpritIn(range.lowerBound..<middle) else { return nil }
            if isBelow {
                range = range.lowerBound..<middle
            } else if isCulpritIn(middle..<range.upperBound) == true {
                range = middle..<range.upperBound
            } else {
                return nil
            }
        }
        return range.lowerBound
    }
}
