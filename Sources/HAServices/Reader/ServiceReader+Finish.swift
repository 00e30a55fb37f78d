import HATemplate

// The end of a service: what its fields decide together.
extension ServiceReader {
    /// Fills in what other fields decide, checks what one service can be checked for alone, and keeps the record.
    mutating func finishService(_ file: inout OpenFile, origin: UInt32, start: Range<Int>) {
        let fields = file.service.fields
        let faulty = file.service.faulty
        let port = fields[ServiceField.port.rawValue]
        let servicePort = fields[ServiceField.servicePort.rawValue]
        let facts = ServiceFacts(
            record: .missing, id: fields[ServiceField.id.rawValue],
            listenPort: servicePort.asInt != 0 ? servicePort : port, domains: fields[ServiceField.domains.rawValue],
            path: fields[ServiceField.proxyPath.rawValue],
            isHTTP: holds(fields[ServiceField.applicationProtocol.rawValue], "http", file.text),
            isUDP: holds(fields[ServiceField.transportProtocol.rawValue], "udp", file.text), faulty: faulty)
        if file.service.isWrapper { return }
        if facts.id.count == 0, !faulty.contains(ServiceField.id.rawValue) { mistakes.add(.missingId, at: start) }
        checkUse(of: facts, file.service, hasHostsWithoutPort: !file.hosts.withoutPort.isEmpty, start: start)
        for index in file.hosts.withoutPort {
            let host = builder.element(index, of: fields[ServiceField.hosts.rawValue])
            if port.asInt != 0 {
                builder.setField(HostField.port.rawValue, of: host, to: port)
            } else if !faulty.contains(ServiceField.port.rawValue) {
                mistakes.add(.hostWithoutPort, at: host.writtenRange ?? start)
            }
        }
        if fields[ServiceField.hosts.rawValue].count > 1 { reportRepeatedHosts(fields[ServiceField.hosts.rawValue]) }
        services.append(
            facts.with(builder.appendRecord(serviceShape, fields: UnsafeBufferPointer(fields), origin: origin)))
    }

    /// Whether a value is the given text.
    @inline(__always)
    private func holds(_ value: Value, _ expected: StaticString, _ text: Bytes) -> Bool {
        value.count == expected.utf8CodeUnitCount && withString(value, text) { equals($0, expected) }
    }

    // MARK: Fields without effect

    /// Reports what no template can use: the combinations in `docs/services.md`.
    private mutating func checkUse(
        of facts: ServiceFacts, _ record: borrowing OpenRecord, hasHostsWithoutPort: Bool, start: Range<Int>
    ) {
        guard facts.faulty.isDisjoint(with: ServiceFacts.protocolFields) else { return }
        if facts.isHTTP {
            if facts.isUDP {
                mistakes.add(.udpWithHTTP, at: record.keyRange(ServiceField.transportProtocol.rawValue))
            }
            // A host without a port is a mistake that says as much.
            if !facts.hasRoute, facts.listenPort.asInt == 0, !hasHostsWithoutPort,
                facts.faulty.isDisjoint(with: ServiceFacts.listenFields.union(ServiceFacts.routeFields))
            {
                mistakes.add(.nothingLeadsHere, at: start)
            }
            return
        }
        if facts.listenPort.asInt == 0, facts.faulty.isDisjoint(with: ServiceFacts.portFields) {
            let place = record.fields[ServiceField.port.rawValue].writtenRange ?? start
            mistakes.add(.noListenPort(hasRoute: facts.hasRoute), at: place)
            return
        }
        reportFieldsOfHTTP(record)
    }

    /// Fields that only http services have a use for.
    private mutating func reportFieldsOfHTTP(_ record: borrowing OpenRecord) {
        var unused: [ServiceField] = []
        for field: ServiceField in [.domains, .proxyPath, .cookie] {
            let isWritten = record.fields[field.rawValue].count > 0
            if isWritten, !record.faulty.contains(field.rawValue) { unused.append(field) }
        }
        guard !unused.isEmpty else { return }
        unused.sort { record.keyRange($0.rawValue).lowerBound < record.keyRange($1.rawValue).lowerBound }
        let written = record.fields[ServiceField.applicationProtocol.rawValue]
        let text = written.count > 0 ? String(decoding: builder.bytes(of: written), as: UTF8.self) : nil
        mistakes.add(
            .fieldsOfHTTP(unused.map(\.name), protocol: text), at: record.keyRange(unused[0].rawValue),
            other: written.count > 0 ? written.writtenRange : nil)
    }

    // MARK: Hosts

    /// Two hosts at one address: without Ids they would be two servers of one name.
    private mutating func reportRepeatedHosts(_ list: Value) {
        let (pairs, omitted) = builder.withPools { pools in RepeatedHosts(pools.elements(of: list), pools).pairs() }
        for pair in pairs {
            mistakes.add(
                pair.isNamed ? .sameAddress(pair.address) : .duplicateHost(pair.address), at: pair.second,
                other: pair.first)
        }
        mistakes.omit(omitted)
    }
}

/// Finds hosts that have one address and port.
private struct RepeatedHosts {
    struct Pair {
        let address: String
        let first: Range<Int>?
        let second: Range<Int>
        /// Whether one of both has an Id, which tells them apart.
        let isNamed: Bool
    }

    private let hosts: UnsafeBufferPointer<Value>
    private let pools: DocumentPools

    init(_ hosts: UnsafeBufferPointer<Value>, _ pools: DocumentPools) {
        self.hosts = hosts
        self.pools = pools
    }

    /// Every host that stands there a second time, and how many more there were.
    func pairs() -> (pairs: [Pair], omitted: Int) {
        guard hosts.count > 16 || hasLikelyPair() else { return ([], 0) }
        var seen = FirstPlaces<HostKey>(expecting: hosts.count)
        var found: [Pair] = []
        var tally = Tally()
        for (index, host) in hosts.enumerated() {
            let fields = pools.elements(of: host)
            let ip = pools.bytes(of: fields[HostField.ip.rawValue])
            let port = fields[HostField.port.rawValue].asInt
            guard !ip.isEmpty, port != 0, let earlier = seen.claim(HostKey(ip: ip, port: port), for: index),
                tally.admit()
            else { continue }
            let others = pools.elements(of: hosts[earlier])
            let address = ServiceModel.addressWithPort(Array(ip), port: port)
            found.append(
                Pair(
                    address: String(decoding: address, as: UTF8.self), first: hosts[earlier].writtenRange,
                    second: host.writtenRange ?? 0..<0,
                    isNamed: fields[HostField.id.rawValue].count + others[HostField.id.rawValue].count > 0))
        }
        return (found, tally.omitted)
    }

    /// Whether two of a few hosts agree in what a word holds: port, length and last bytes of the address.
    private func hasLikelyPair() -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: hosts.count) { marks in
            for (index, host) in hosts.enumerated() {
                let fields = pools.elements(of: host)
                var mark = UInt64(truncatingIfNeeded: fields[HostField.port.rawValue].asInt) << 8
                let ip = pools.bytes(of: fields[HostField.ip.rawValue])
                mark |= UInt64(truncatingIfNeeded: ip.count & 0xFF)
                for byte in ip.suffix(5) { mark = mark << 8 | UInt64(byte | 0x20) }
                for earlier in 0..<index where marks[earlier] == mark { return true }
                marks[index] = mark
            }
            return false
        }
    }
}
