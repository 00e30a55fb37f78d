import HATemplate

/// The rules that hold across services: each Id once, each listening port once, each domain and path once.
///
/// Fields that hold a mistake are left out, so that no mistake is told twice.
struct ServiceRules {
    /// A rule that is broken by two services.
    struct Conflict {
        let mistake: ServiceMistake
        /// Where the later service breaks it.
        let range: Range<Int>
        /// The earlier service's part.
        let other: Range<Int>?
    }

    let pools: DocumentPools
    let services: [Value]
    let faulty: [FieldSet]

    /// Everything that breaks a rule; in the order of the rules, then of the services.
    func conflicts() -> [Conflict] {
        idConflicts() + portConflicts() + routeConflicts()
    }

    // MARK: Ids

    /// Two services with one Id, or with Ids that give the proxy one name.
    private func idConflicts() -> [Conflict] {
        var conflicts: [Conflict] = []
        var seen = FirstPlaces<NameKey>(expecting: services.count)
        for (index, service) in services.enumerated() {
            let id = field(.id, of: service)
            guard id.count > 0, !faulty[index].contains(ServiceField.id.rawValue) else { continue }
            guard let earlier = seen.claim(NameKey(bytes: pools.bytes(of: id)), for: index) else { continue }
            let (text, other) = (string(id), name(of: earlier))
            let mistake: ServiceMistake =
                text == other
                ? .duplicateId(text)
                : .sameName(
                    text, other: other,
                    name: String(decoding: ServiceModel.proxyName(of: Array(text.utf8)), as: UTF8.self))
            conflicts.append(conflict(mistake, at: id, other: field(.id, of: services[earlier])))
        }
        return conflicts
    }

    // MARK: Ports

    /// Two services that are not http on one listening port of one transport.
    private func portConflicts() -> [Conflict] {
        let listenFields = FieldSet(of: .port, .servicePort, .applicationProtocol, .transportProtocol)
        var conflicts: [Conflict] = []
        var seen = FirstPlaces<Int>(expecting: services.count)
        for (index, service) in services.enumerated()
        where !isHTTP(service) && faulty[index].isDisjoint(with: listenFields) {
            let port = listenPort(of: service)
            guard port.asInt > 0 else { continue }
            let isUDP = equals(pools.bytes(of: field(.transportProtocol, of: service)), "udp")
            guard let earlier = seen.claim(port.asInt << 1 | (isUDP ? 1 : 0), for: index) else { continue }
            let mistake = ServiceMistake.portConflict(
                port.asInt, transport: isUDP ? "udp" : "tcp", other: name(of: earlier))
            conflicts.append(conflict(mistake, at: port, other: listenPort(of: services[earlier])))
        }
        return conflicts
    }

    private func listenPort(of service: Value) -> Value {
        let servicePort = field(.servicePort, of: service)
        return servicePort.asInt != 0 ? servicePort : field(.port, of: service)
    }

    // MARK: Routes

    /// Two http services that claim one domain and path; no domains mean every domain. A service with neither claims
    /// nothing, and naming a domain twice in one service does no harm.
    private func routeConflicts() -> [Conflict] {
        let routeFields = FieldSet(of: .applicationProtocol, .proxyPath, .domains)
        var conflicts: [Conflict] = []
        var seen = FirstPlaces<RouteKey>(expecting: services.count)
        var claims: [(service: Int, place: Value)] = []
        for (index, service) in services.enumerated()
        where isHTTP(service) && faulty[index].isDisjoint(with: routeFields) {
            let path = field(.proxyPath, of: service)
            let domains = pools.elements(of: field(.domains, of: service))
            if domains.isEmpty, path.count > 0 {
                claim(nil, path, of: index)
            }
            for domain in domains { claim(domain, path, of: index) }
        }
        return conflicts

        func claim(_ domain: Value?, _ path: Value, of index: Int) {
            let none = Bytes(start: nil, count: 0)
            let key = RouteKey(domain: domain.map(pools.bytes) ?? none, path: pools.bytes(of: path))
            let place = domain ?? path
            guard let earlier = seen.claim(key, for: claims.count) else {
                claims.append((index, place))
                return
            }
            let first = claims[earlier]
            guard first.service != index else { return }
            let mistake = ServiceMistake.routeConflict(
                domain: domain.map(string), path: path.count == 0 ? "/" : string(path), other: name(of: first.service))
            conflicts.append(conflict(mistake, at: place, other: first.place))
        }
    }

    // MARK: Fields

    private func field(_ field: ServiceField, of service: Value) -> Value {
        pools.elements(of: service)[field.rawValue]
    }

    private func isHTTP(_ service: Value) -> Bool {
        equals(pools.bytes(of: field(.applicationProtocol, of: service)), "http")
    }

    private func string(_ value: Value) -> String {
        String(decoding: pools.bytes(of: value), as: UTF8.self)
    }

    /// A service's Id, for messages.
    private func name(of index: Int) -> String { string(field(.id, of: services[index])) }

    private func conflict(_ mistake: ServiceMistake, at place: Value, other: Value) -> Conflict {
        Conflict(mistake: mistake, range: place.writtenRange ?? 0..<0, other: other.writtenRange)
    }
}
