import HATemplate

/// What a new configuration means, compared with the old one.
package struct ConfigSummary: Sendable, Equatable {
    /// One sentence for each section that changed: `backend app1: +2 servers, −1`.
    package private(set) var lines: [String] = []

    package init(from old: ConfigOutline, to new: ConfigOutline) {
        let before = Self.titled(old)
        let after = Self.titled(new)
        let pairs = SectionPairs(before, after)
        for ((title, section), earlier) in zip(after, pairs.olds) {
            guard let earlier else {
                lines.append("\(title) added\(Self.holding(section))")
                continue
            }
            let words = Self.words(from: before[earlier].section, to: section)
            guard !words.isEmpty else { continue }
            // A person knows it by the name that it had.
            lines.append("\(before[earlier].title): \(words.joined(separator: ", "))")
        }
        for index in pairs.removed {
            lines.append("\(before[index].title) removed\(Self.holding(before[index].section))")
        }
    }

    /// Sections with their titles; several of one title are numbered.
    static func titled(_ outline: ConfigOutline) -> [(title: String, section: ConfigOutline.Section)] {
        var counts: [String: Int] = [:]
        return outline.sections.map { section in
            let number = (counts[section.title] ?? 0) + 1
            counts[section.title] = number
            return (number == 1 ? section.title : "\(section.title) (\(number))", section)
        }
    }

    static func byTitle(_ outline: ConfigOutline) -> [String: ConfigOutline.Section] {
        Dictionary(titled(outline).map { ($0.title, $0.section) }) { first, _ in first }
    }

    private static func words(from old: ConfigOutline.Section, to new: ConfigOutline.Section) -> [String] {
        var words: [String] = []
        let added = new.servers.keys.filter { old.servers[$0] == nil }.count
        let removed = old.servers.keys.filter { new.servers[$0] == nil }.count
        let changed = new.servers.filter { name, rest in (old.servers[name] ?? rest) != rest }.count
        switch (added, removed) {
        case (0, 0): break
        case (_, 0): words.append("+\(servers(added))")
        case (0, _): words.append("−\(servers(removed))")
        default: words.append("+\(servers(added)), −\(removed)")
        }
        if changed > 0 { words.append("\(servers(changed)) changed") }
        words += differences(old.domains, new.domains, "domain")
        words += differences(old.binds, new.binds, "address")
        words += locations(old.locations, new.locations)
        if old.rest != new.rest { words.append(otherLines(old.rest, new.rest)) }
        return words
    }

    private static func locations(_ old: [String: [String]], _ new: [String: [String]]) -> [String] {
        let words = differences(Set(old.keys), Set(new.keys), "location")
        let changed = Set(old.filter { path, lines in (new[path] ?? lines) != lines }.keys)
        guard !changed.isEmpty else { return words }
        let names = changed.sorted().prefix(3).joined(separator: ", ") + (changed.count > 3 ? " …" : "")
        return words + [
            changed.count == 1 ? "location \(names) changed" : "\(changed.count) locations changed (\(names))"
        ]
    }

    /// `, 2 servers`; nothing for a section that needs none.
    private static func holding(_ section: ConfigOutline.Section) -> String {
        let isOfServers = section.holdsServers && !(section.servers.isEmpty && section.answersWithoutServer)
        return isOfServers ? ", \(servers(section.servers.count))" : ""
    }

    private static func servers(_ count: Int) -> String { count == 1 ? "1 server" : "\(count) servers" }

    private static func differences(_ old: Set<String>, _ new: Set<String>, _ noun: String) -> [String] {
        let plural = noun == "address" ? "addresses" : noun + "s"
        return [(new.subtracting(old), "added"), (old.subtracting(new), "removed")].compactMap { set, verb in
            if set.isEmpty { return nil }
            let names = set.sorted().prefix(3).joined(separator: ", ") + (set.count > 3 ? " …" : "")
            return set.count == 1 ? "\(noun) \(names) \(verb)" : "\(set.count) \(plural) \(verb) (\(names))"
        }
    }

    private static func otherLines(_ old: [String], _ new: [String]) -> String {
        var counts: [String: Int] = [:]
        for line in new { counts[line, default: 0] += 1 }
        for line in old { counts[line, default: 0] -= 1 }
        let added = counts.values.reduce(0) { $0 + max($1, 0) }
        let removed = counts.values.reduce(0) { $0 + max(-$1, 0) }
        if added + removed == 0 { return "other lines in another order" }
        return "other lines: "
            + [(added, "+"), (removed, "−")].filter { $0.0 > 0 }.map { "\($1)\($0)" }.joined(separator: ", ")
    }
}
