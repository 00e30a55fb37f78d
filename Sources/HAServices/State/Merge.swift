import HATemplate

// How a payload changes the services of a table: cleanse, then merge, as Cosmos does, with its faults mended.
//
// - A stored service stays when one of its containers runs or it is a candidate.
// - Of a service that stays, the hosts that run or are a candidate's stay where they are, each with its newest
//   address; new ones go to the end, a candidate's first.
// - A candidate's port, predicate, mode and cookie replace what was stored.
// - A candidate that is not stored becomes a service at the end; its containers need not run yet.
extension Payload {
    /// Makes the services that the table has after this event of those that it had before.
    ///
    /// The reader holds the text of both.
    ///
    /// Returns them with the number of the stored service that each is, if it stays as it is.
    mutating func merge(into stored: [ServiceFacts]) -> (services: [ServiceFacts], kept: [Int?]) {
        let plans = reader.builder.withPools { pools in
            var planner = MergePlanner(
                pools: pools, running: running, candidates: candidates, containers: candidateContainers)
            return planner.plans(for: stored)
        }
        let texts = MergeTexts(&reader.builder)
        var services: [ServiceFacts] = []
        var kept: [Int?] = []
        for plan in plans {
            switch plan {
            case .keep(let index):
                services.append(stored[index])
                kept.append(index)
            case .change(let change):
                services.append(reader.apply(change, stored, candidates, texts))
                kept.append(nil)
            }
        }
        return (services, kept)
    }
}

/// What becomes of one service.
enum MergePlan {
    /// The stored service with this number stays as it is.
    case keep(Int)
    case change(MergeChange)
}

struct MergeChange {
    /// Numbers of the stored service and of the candidate; at least one is there.
    let stored: Int?
    let candidate: Int?
    let hosts: [MergedHost]
}

/// Where a host comes from.
struct MergedHost {
    /// The stored host, whose other fields stay.
    let stored: Value?
    let id: Value
    let ip: Value
}

/// Texts of services that no file holds.
struct MergeTexts {
    let http: Value
    let source: Value

    init(_ builder: inout DocumentBuilder) {
        http = builder.appendText("http".utf8)
        source = builder.appendText("Cosmos".utf8)
    }
}

/// Finds out what becomes of each service, by looking only.
struct MergePlanner {
    let pools: DocumentPools
    let running: [PayloadContainer]
    let candidates: [PayloadCandidate]
    let containers: [PayloadContainer]

    /// Numbers of `running`, those of one service side by side, in the payload's order.
    private var order: [Int32] = []
    /// Where each service's part of `order` begins, and where the last one ends.
    private var starts: [Int] = [0]
    private var runningServices: FirstPlaces<ByteKey>
    private var candidateNames: FirstPlaces<ByteKey>

    init(
        pools: DocumentPools, running: [PayloadContainer], candidates: [PayloadCandidate],
        containers: [PayloadContainer]
    ) {
        self.pools = pools
        self.running = running
        self.candidates = candidates
        self.containers = containers
        runningServices = FirstPlaces(expecting: 64)
        candidateNames = FirstPlaces(expecting: candidates.count)
        for (index, candidate) in candidates.enumerated() {
            _ = candidateNames.claim(ByteKey(bytes: pools.bytes(of: candidate.name)), for: index)
        }
        groupRunning()
    }

    /// Fills `order` and `starts`.
    private mutating func groupRunning() {
        var groups: [Int32] = []
        groups.reserveCapacity(running.count)
        var counts: [Int] = []
        var last = ByteKey(bytes: Bytes(start: nil, count: 0))
        for entry in running {
            let name = ByteKey(bytes: pools.bytes(of: entry.service))
            if let group = groups.last, name == last {  // mostly they come service by service
                groups.append(group)
                counts[Int(group)] += 1
                continue
            }
            last = name
            let group = runningServices.claim(name, for: counts.count) ?? counts.count
            if group == counts.count { counts.append(0) }
            counts[group] += 1
            groups.append(Int32(truncatingIfNeeded: group))
        }
        var next: [Int] = []
        for count in counts {
            next.append(starts[starts.count - 1])
            starts.append(starts[starts.count - 1] + count)
        }
        order = Array(repeating: 0, count: running.count)
        for (index, group) in groups.enumerated() {
            order[next[Int(group)]] = Int32(truncatingIfNeeded: index)
            next[Int(group)] += 1
        }
    }

    mutating func plans(for stored: [ServiceFacts]) -> [MergePlan] {
        var plans: [MergePlan] = []
        plans.reserveCapacity(stored.count + candidates.count)
        var isStored = Array(repeating: false, count: candidates.count)
        for (index, service) in stored.enumerated() {
            let name = ByteKey(bytes: pools.bytes(of: service.id))
            let candidate = candidateNames.owner(of: name)
            if let candidate { isStored[candidate] = true }
            let group = runningServices.owner(of: name)
            guard group != nil || candidate != nil else { continue }
            let running = group.map { order[starts[$0]..<starts[$0 + 1]] } ?? []
            let hosts = pools.elements(of: pools.elements(of: service.record)[ServiceField.hosts.rawValue])
            if candidate == nil, isUnchanged(hosts, running) {
                plans.append(.keep(index))
            } else {
                let merged = merge(hosts, containers: candidate.map { candidates[$0].containers } ?? 0..<0, running)
                plans.append(.change(MergeChange(stored: index, candidate: candidate, hosts: merged)))
            }
        }
        for (index, candidate) in candidates.enumerated() where !isStored[index] {
            let hosts = containers[candidate.containers].map { MergedHost(stored: nil, id: $0.id, ip: $0.ip) }
            plans.append(.change(MergeChange(stored: nil, candidate: index, hosts: hosts)))
        }
        return plans
    }

    /// Whether the stored hosts are those that run, in the same order: the usual case.
    private func isUnchanged(_ hosts: UnsafeBufferPointer<Value>, _ running: ArraySlice<Int32>) -> Bool {
        guard hosts.count == running.count else { return false }
        for (host, entry) in zip(hosts, running) {
            let fields = pools.elements(of: host)
            let entry = self.running[Int(entry)]
            guard equal(fields[HostField.id.rawValue], entry.id), equal(fields[HostField.ip.rawValue], entry.ip)
            else { return false }
        }
        return true
    }

    private func equal(_ left: Value, _ right: Value) -> Bool {
        left.count == right.count && ByteKey(bytes: pools.bytes(of: left)) == ByteKey(bytes: pools.bytes(of: right))
    }

    private func merge(
        _ hosts: UnsafeBufferPointer<Value>, containers range: Range<Int>, _ running: ArraySlice<Int32>
    ) -> [MergedHost] {
        var wanted: [PayloadContainer] = []
        wanted.reserveCapacity(range.count + running.count)
        var ids = FirstPlaces<ByteKey>(expecting: range.count + running.count)
        for container in containers[range] {
            _ = ids.claim(ByteKey(bytes: pools.bytes(of: container.id)), for: wanted.count)
            wanted.append(container)
        }
        for index in running {
            // What runs was seen later than what was about to start: its address counts.
            let entry = self.running[Int(index)]
            if let earlier = ids.claim(ByteKey(bytes: pools.bytes(of: entry.id)), for: wanted.count) {
                wanted[earlier] = entry
            } else {
                wanted.append(entry)
            }
        }
        var merged: [MergedHost] = []
        merged.reserveCapacity(wanted.count)
        var isPlaced = Array(repeating: false, count: wanted.count)
        for host in hosts {
            let fields = pools.elements(of: host)
            let id = fields[HostField.id.rawValue]
            guard id.count > 0, let index = ids.owner(of: ByteKey(bytes: pools.bytes(of: id))) else { continue }
            isPlaced[index] = true
            let ip = fields[HostField.ip.rawValue]
            merged.append(MergedHost(stored: host, id: id, ip: equal(ip, wanted[index].ip) ? ip : wanted[index].ip))
        }
        for (index, container) in wanted.enumerated() where !isPlaced[index] {
            merged.append(MergedHost(stored: nil, id: container.id, ip: container.ip))
        }
        return merged
    }
}

extension ServiceReader {
    /// Makes the changed service.
    mutating func apply(
        _ change: MergeChange, _ stored: [ServiceFacts], _ candidates: [PayloadCandidate], _ texts: MergeTexts
    ) -> ServiceFacts {
        let before = change.stored.map { stored[$0] }
        var fields = before.map { Array(builder.elements(of: $0.record)) } ?? absentService
        let oldPort = fields[ServiceField.port.rawValue].asInt
        var origin = before?.record.origin ?? 0
        if let candidate = change.candidate.map({ candidates[$0] }) {
            set(&fields, from: candidate, texts, isNew: before == nil)
            if before == nil { origin = candidate.origin }
        }
        let port = fields[ServiceField.port.rawValue]
        let hosts = change.hosts.map { host in
            self.host(host, port: port, oldPort: oldPort)
        }
        set(&fields, .hosts, to: hosts, of: .record(hostShape))
        return fields.withUnsafeBufferPointer { facts(of: $0, origin: origin) }
    }

    private mutating func set(
        _ fields: inout [Value], from candidate: PayloadCandidate, _ texts: MergeTexts, isNew: Bool
    ) {
        if isNew {
            fields[ServiceField.id.rawValue] = candidate.name
            fields[ServiceField.source.rawValue] = texts.source
        }
        fields[ServiceField.applicationProtocol.rawValue] = texts.http
        fields[ServiceField.transportProtocol.rawValue] = absentService[ServiceField.transportProtocol.rawValue]
        fields[ServiceField.port.rawValue] = candidate.port
        set(&fields, .domains, to: candidate.domain.map { [$0] } ?? [], of: .string)
        fields[ServiceField.proxyPath.rawValue] = candidate.path ?? absentService[ServiceField.proxyPath.rawValue]
        fields[ServiceField.cookie.rawValue] = candidate.cookie ?? absentService[ServiceField.cookie.rawValue]
    }

    /// A list without elements is absent, as it will be when it is read from the state.
    private mutating func set(_ fields: inout [Value], _ field: ServiceField, to list: [Value], of type: ElementType) {
        fields[field.rawValue] =
            list.isEmpty
            ? absentService[field.rawValue]
            : list.withUnsafeBufferPointer { builder.appendList($0, of: type, origin: 0) }
    }

    /// A host without a port of its own has its service's.
    private mutating func host(_ host: MergedHost, port: Value, oldPort: Int) -> Value {
        var fields = host.stored.map { Array(builder.elements(of: $0)) } ?? absentHost
        let ownPort = fields[HostField.port.rawValue].asInt
        if let stored = host.stored, host.ip.origin == fields[HostField.ip.rawValue].origin,
            ownPort != oldPort || ownPort == port.asInt
        {
            return stored
        }
        fields[HostField.id.rawValue] = host.id
        fields[HostField.ip.rawValue] = host.ip
        if ownPort == 0 || ownPort == oldPort { fields[HostField.port.rawValue] = port }
        let origin = host.stored?.origin ?? host.id.origin
        return fields.withUnsafeBufferPointer { builder.appendRecord(hostShape, fields: $0, origin: origin) }
    }

    /// The record of a service and what the rules need to know of it.
    func facts(of record: Value, _ fields: UnsafeBufferPointer<Value>) -> ServiceFacts {
        let servicePort = fields[ServiceField.servicePort.rawValue]
        let listenPort = servicePort.asInt != 0 ? servicePort : fields[ServiceField.port.rawValue]
        return ServiceFacts(
            record: record, id: fields[ServiceField.id.rawValue], listenPort: listenPort,
            domains: fields[ServiceField.domains.rawValue], path: fields[ServiceField.proxyPath.rawValue],
            isHTTP: builder.bytes(of: fields[ServiceField.applicationProtocol.rawValue]).elementsEqual("http".utf8),
            isUDP: builder.bytes(of: fields[ServiceField.transportProtocol.rawValue]).elementsEqual("udp".utf8),
            faulty: [])
    }

    private mutating func facts(of fields: UnsafeBufferPointer<Value>, origin: UInt32) -> ServiceFacts {
        let record = builder.appendRecord(serviceShape, fields: fields, origin: origin)
        return facts(of: record, fields)
    }
}
