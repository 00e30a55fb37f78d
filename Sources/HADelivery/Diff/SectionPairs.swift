/// Which section of an old configuration became which of a new one.
///
/// Sections with a name keep it. A `server` of nginx has none: it is the one that shares most domains, else the one with
/// the same addresses and locations, so that a domain that comes or goes does not make it another.
struct SectionPairs {
    typealias Titled = (title: String, section: ConfigOutline.Section)

    /// For each new section, in its order, the index of the old one.
    private(set) var olds: [Int?]
    /// The old sections that are gone, in their order.
    private(set) var removed: [Int]

    init(_ old: [Titled], _ new: [Titled]) {
        olds = Array(repeating: nil, count: new.count)
        var free = Set(old.indices)
        Self.pair(old, new, &olds, &free) { $0.isNameless ? [] : [$0.kind + " " + $1] }
        // The same domains on the same addresses, one domain after the other, then the same locations.
        Self.pair(old, new, &olds, &free) { section, _ in
            section.isNameless && !section.domains.isEmpty
                ? [
                    section.binds.sorted().joined(separator: ",") + " "
                        + section.domains.sorted().joined(separator: ",")
                ] : []
        }
        Self.pair(old, new, &olds, &free) { section, _ in
            section.isNameless
                ? section.domains.sorted().map { section.binds.sorted().joined(separator: ",") + " " + $0 } : []
        }
        Self.pair(old, new, &olds, &free) { section, _ in section.isNameless ? section.domains.sorted() : [] }
        Self.pair(old, new, &olds, &free) { section, _ in
            section.isNameless ? [(section.binds.sorted() + ["/"] + section.lines).joined(separator: "\n")] : []
        }
        Self.pair(old, new, &olds, &free) { section, _ in
            section.isNameless && section.domains.isEmpty ? [section.binds.sorted().joined(separator: ",")] : []
        }
        removed = free.sorted()
    }

    /// Joins sections that have a key in common, the first of the old ones first.
    private static func pair(
        _ old: [Titled], _ new: [Titled], _ olds: inout [Int?], _ free: inout Set<Int>,
        by keys: (ConfigOutline.Section, _ title: String) -> [String]
    ) {
        var byKey: [String: [Int]] = [:]
        for index in free.sorted().reversed() {
            for key in keys(old[index].section, old[index].title) { byKey[key, default: []].append(index) }
        }
        for index in new.indices where olds[index] == nil {
            for key in keys(new[index].section, new[index].title) {
                while let candidate = byKey[key]?.popLast() {
                    guard free.remove(candidate) != nil else { continue }
                    olds[index] = candidate
                    break
                }
                if olds[index] != nil { break }
            }
        }
    }
}

extension ConfigOutline.Section {
    /// Whether what it holds is all that tells it apart.
    fileprivate var isNameless: Bool { kind == "server" }

    fileprivate var lines: [String] {
        rest.sorted() + locations.sorted { $0.key < $1.key }.map { $0.key + " " + $0.value.joined(separator: "\n") }
    }
}
