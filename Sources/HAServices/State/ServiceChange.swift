import HATemplate

/// What is different about one service between two lists of services.
public struct ServiceChange: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case added, removed, changed
    }

    /// The service's Id.
    public let service: String
    public let kind: Kind
    /// Numbers of hosts. Of a service that is added or removed, all of its hosts.
    public var hostsAdded = 0
    public var hostsRemoved = 0
    /// Hosts that stayed, with another address, port, weight or connection limit.
    public var hostsChanged = 0
    /// Whether the hosts that stayed stand in another order.
    public var isReordered = false
    /// Names of the other fields that differ, in the order of the service model.
    public var fields: [String] = []

    init(_ service: String, _ kind: Kind) {
        self.service = service
        self.kind = kind
    }

    /// In a few words: `+2 hosts, −1; cookie changed`.
    public var words: String {
        switch kind {
        case .added: return "new, " + Self.count(hostsAdded, "host")
        case .removed: return "gone, with " + Self.count(hostsRemoved, "host")
        case .changed: break
        }
        var hosts: [String] = []
        if hostsAdded > 0 { hosts.append("+" + Self.count(hostsAdded, "host")) }
        if hostsRemoved > 0 {
            hosts.append("−" + (hosts.isEmpty ? Self.count(hostsRemoved, "host") : String(hostsRemoved)))
        }
        if hostsChanged > 0 { hosts.append(Self.count(hostsChanged, "host") + " changed") }
        if isReordered { hosts.append("hosts in another order") }
        var parts = hosts.isEmpty ? [] : [hosts.joined(separator: ", ")]
        if !fields.isEmpty { parts.append(Self.list(fields.map { $0.lowercased() }) + " changed") }
        return parts.joined(separator: "; ")
    }

    /// `1 host`, `2 hosts`
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)" + (number == 1 ? "" : "s")
    }

    /// `a`, `a and b`, `a, b and c`
    private static func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}

/// The difference between two lists of services.
public struct ServiceChanges: Sendable, Equatable {
    /// One entry a service: what is there afterwards in its order, then what is gone.
    public private(set) var services: [ServiceChange] = []
    /// Whether services that stayed stand in another order.
    public private(set) var isReordered = false

    public var isEmpty: Bool { services.isEmpty && !isReordered }

    /// One line a service, `app1: +2 hosts, −1; cookie changed`, and one for the order.
    public var lines: [String] {
        services.map { "\($0.service): \($0.words)" } + (isReordered ? ["the services stand in another order"] : [])
    }

    /// Compares the services that two documents hold.
    ///
    /// A host is known by its Id, or by its address and port where it has none.
    public init(from before: Document?, to after: Document) {
        self.init(from: before.map { ServiceList($0) }, to: ServiceList(after))
    }

    init(from before: ServiceList?, to after: ServiceList) {
        guard let before else {
            after.document.withPools { new in
                for service in new.elements(of: after.services) { add(.added, service, new) }
            }
            return
        }
        before.document.withPools { old in
            after.document.withPools { new in
                compare(old.elements(of: before.services), old, new.elements(of: after.services), new)
            }
        }
    }

    private mutating func add(_ kind: ServiceChange.Kind, _ service: Value, _ pools: DocumentPools) {
        let fields = pools.elements(of: service)
        var change = ServiceChange(Self.text(fields[ServiceField.id.rawValue], pools), kind)
        let hosts = fields[ServiceField.hosts.rawValue].count
        if kind == .added { change.hostsAdded = hosts } else { change.hostsRemoved = hosts }
        services.append(change)
    }

    private mutating func compare(
        _ before: UnsafeBufferPointer<Value>, _ old: DocumentPools, _ after: UnsafeBufferPointer<Value>,
        _ new: DocumentPools
    ) {
        let sharesMemory = old.values.baseAddress == new.values.baseAddress
        var places = FirstPlaces<ByteKey>(expecting: before.count)
        for (index, service) in before.enumerated() {
            _ = places.claim(ByteKey(bytes: old.bytes(of: old.elements(of: service)[0])), for: index)
        }
        var remains = Array(repeating: false, count: before.count)
        var last = -1
        for service in after {
            guard let index = places.owner(of: ByteKey(bytes: new.bytes(of: new.elements(of: service)[0]))) else {
                add(.added, service, new)
                continue
            }
            remains[index] = true
            if index < last { isReordered = true }
            last = max(last, index)
            if sharesMemory, before[index].payload == service.payload { continue }
            let comparison = ServiceComparison(old: old, new: new)
            if let change = comparison.change(from: before[index], to: service) { services.append(change) }
        }
        for (index, service) in before.enumerated() where !remains[index] { add(.removed, service, old) }
    }

    private static func text(_ value: Value, _ pools: DocumentPools) -> String {
        String(decoding: pools.bytes(of: value), as: UTF8.self)
    }
}

/// Compares one service in two documents.
private struct ServiceComparison {
    let old: DocumentPools
    let new: DocumentPools

    /// nil when nothing is different.
    func change(from before: Value, to after: Value) -> ServiceChange? {
        let (oldFields, newFields) = (old.elements(of: before), new.elements(of: after))
        var change = ServiceChange(String(decoding: new.bytes(of: newFields[0]), as: UTF8.self), .changed)
        for field in ServiceField.allCases where field != .hosts {
            if !same(oldFields[field.rawValue], newFields[field.rawValue]) { change.fields.append(field.name) }
        }
        compareHosts(
            old.elements(of: oldFields[ServiceField.hosts.rawValue]),
            new.elements(of: newFields[ServiceField.hosts.rawValue]), &change,
            movesWithService: change.fields.contains(ServiceField.port.name)
                ? (oldFields[ServiceField.port.rawValue].asInt, newFields[ServiceField.port.rawValue].asInt) : nil)
        let isEmpty =
            change.fields.isEmpty && change.hostsAdded == 0 && change.hostsRemoved == 0 && change.hostsChanged == 0
            && !change.isReordered
        return isEmpty ? nil : change
    }

    /// A host whose port changed because its service's did is not reported again.
    private func compareHosts(
        _ before: UnsafeBufferPointer<Value>, _ after: UnsafeBufferPointer<Value>, _ change: inout ServiceChange,
        movesWithService ports: (Int, Int)?
    ) {
        var places: [[UInt8]: Int] = [:]
        for (index, host) in before.enumerated() { places[key(old.elements(of: host), old)] = index }
        var last = -1
        var kept = 0
        for host in after {
            let fields = new.elements(of: host)
            guard let index = places[key(fields, new)] else {
                change.hostsAdded += 1
                continue
            }
            kept += 1
            if index < last { change.isReordered = true }
            last = max(last, index)
            let oldFields = old.elements(of: before[index])
            let isSame = HostField.allCases.allSatisfy { field in
                let (left, right) = (oldFields[field.rawValue], fields[field.rawValue])
                if field == .port, let ports, left.asInt == ports.0, right.asInt == ports.1 { return true }
                return same(left, right)
            }
            if !isSame { change.hostsChanged += 1 }
        }
        change.hostsRemoved = before.count - kept
    }

    private func key(_ fields: UnsafeBufferPointer<Value>, _ pools: DocumentPools) -> [UInt8] {
        let id = fields[HostField.id.rawValue]
        if id.count > 0 { return Array(pools.bytes(of: id)) }
        let ip = Array(pools.bytes(of: fields[HostField.ip.rawValue]))
        return ServiceModel.addressWithPort(ip, port: fields[HostField.port.rawValue].asInt)
    }

    /// Whether two values would be written alike.
    private func same(_ left: Value, _ right: Value) -> Bool {
        switch (left.kind, right.kind) {
        case (.int, .int): return left.asInt == right.asInt
        case (.string, .string): return ByteKey(bytes: old.bytes(of: left)) == ByteKey(bytes: new.bytes(of: right))
        default:
            var (first, second) = (JSONText(), JSONText())
            first.value(left, old)
            second.value(right, new)
            return first.bytes == second.bytes
        }
    }
}
