/// Whether a new configuration keeps what its target's guards ask for.
package enum GuardCheck {
    /// What would be lost, one sentence for each broken guard.
    package static func broken(
        _ guards: Guards, old: ConfigOutline?, new: ConfigOutline, services: Int?
    ) -> [String] {
        var broken: [String] = []
        if guards.requireServices, services == 0 {
            broken.append("the input has no services (requireServices)")
        }
        if let least = guards.minServers {
            let before = old.map(ConfigSummary.byTitle) ?? [:]
            for (title, section, idle) in idleServers(new) where section.holdsServers {
                let count = section.servers.count - idle
                guard count < least else { continue }
                // One that never had a server, and needs none: a status page, a page of errors.
                let hadServers = before[title].map { !$0.servers.isEmpty } ?? false
                if section.servers.isEmpty, section.answersWithoutServer, !hadServers { continue }
                let others = idle == 0 ? "" : ", beside \(idle) that take no requests"
                broken.append("\(title) would have \(count) of at least \(least) servers\(others) (minServers)")
            }
        }
        if let share = guards.maxRemoved, let old { broken += removals(share, old, new) }
        return broken
    }

    private static func removals(_ share: Double, _ old: ConfigOutline, _ new: ConfigOutline) -> [String] {
        let before = ConfigSummary.byTitle(old).filter { $0.value.holdsServers }
        let after = ConfigSummary.byTitle(new)
        let lostSections = before.keys.filter { after[$0] == nil }.sorted()
        let all = before.values.reduce(0) { $0 + $1.servers.count }
        let lost = before.reduce(0) { sum, entry in
            let kept = after[entry.key]?.servers ?? [:]
            return sum + entry.value.servers.keys.filter { kept[$0] == nil }.count
        }
        var broken: [String] = []
        for (lost, all, noun, names) in [
            (lostSections.count, before.count, "backends", lostSections), (lost, all, "servers", []),
        ]
        where Double(lost) > share * Double(all) {
            let list =
                names.isEmpty ? "" : ": " + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
            broken.append(
                "\(lost) of \(all) \(noun) would be removed, more than the share \(share) (maxRemoved)\(list)")
        }
        return broken
    }
}
