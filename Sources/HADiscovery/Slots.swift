/// The places of hosts in a service's `.Hosts`, for sources that answer in no order: a host keeps its place while others
/// come and go, and new ones take free places first.
package struct Slots: Sendable, Equatable {
    /// For each service the hosts in their places; nil: the place is free.
    private var places: [String: [String?]] = [:]

    package init() {}

    /// The hosts in the order of their places.
    ///
    /// - Parameters:
    ///   - hosts: what distinguishes each, such as address and port; one that stands there twice counts once.
    ///   - service: its Id.
    package mutating func place(_ hosts: [String], of service: String) -> [String] {
        let wanted = Set(hosts)
        var row = places[service, default: []].map { host in host.flatMap { wanted.contains($0) ? $0 : nil } }
        var placed = Set(row.compactMap { $0 })
        var free = row.indices.filter { row[$0] == nil }[...]
        for host in hosts where placed.insert(host).inserted {
            if let place = free.popFirst() { row[place] = host } else { row.append(host) }
        }
        while row.last == .some(nil) { row.removeLast() }
        places[service] = row.isEmpty ? nil : row
        return row.compactMap { $0 }
    }

    /// Forgets services that are no more.
    package mutating func keep(_ services: Set<String>) {
        places = places.filter { services.contains($0.key) }
    }
}
