import HATemplate

/// What the rules need to know of a service, side by side for all services.
struct ServiceFacts {
    let record: Value
    let id: Value
    /// ServicePort, or Port when that is 0.
    let listenPort: Value
    let domains: Value
    let path: Value
    let isHTTP: Bool
    let isUDP: Bool
    /// Fields that hold a mistake. They take no part in the rules, so that no mistake is told twice.
    let faulty: FieldSet

    /// What decides whether a service needs a port, and has one.
    static let portFields = FieldSet(of: .port, .servicePort, .applicationProtocol)
    /// What decides the port and transport that a service listens on.
    static let listenFields = FieldSet(of: .port, .servicePort, .applicationProtocol, .transportProtocol)
    /// What decides the requests that a service gets.
    static let routeFields = FieldSet(of: .applicationProtocol, .proxyPath, .domains)
}

/// The rules that hold across services: each Id once, each listening port once, each domain and path once.
struct ServiceRules {
    /// A rule that is broken by two services.
    struct Conflict {
        let mistake: ServiceMistake
        /// Where the later service breaks it.
        let range: Range<Int>
        /// The earlier service's part.
        let other: Range<Int>?
    }

    private let pools: DocumentPools
    private let services: [ServiceFacts]
    private var ids: FirstPlaces<NameKey>
    private var ports: FirstPlaces<Int>
    private var routes: FirstPlaces<RouteKey>
    /// Who claimed a route, and where; the owners of `routes` are indices of it.
    private var routeClaims: [(service: Int, place: Value)] = []
    private var conflicts: [Conflict] = []

    private init(pools: DocumentPools, services: [ServiceFacts]) {
        self.pools = pools
        self.services = services
        ids = FirstPlaces(expecting: services.count)
        ports = FirstPlaces(expecting: services.count)
        routes = FirstPlaces(expecting: services.count)
    }

    /// Everything that breaks a rule, in the order of the services.
    static func conflicts(between services: [ServiceFacts], _ pools: DocumentPools) -> [Conflict] {
        var rules = ServiceRules(pools: pools, services: services)
        let listenFields = ServiceFacts.listenFields
        let routeFields = ServiceFacts.routeFields
        for (index, service) in services.enumerated() {
            if service.id.count > 0, !service.faulty.contains(ServiceField.id.rawValue) {
                rules.checkId(of: service, index)
            }
            if service.isHTTP {
                if service.faulty.isDisjoint(with: routeFields) { rules.checkRoutes(of: service, index) }
            } else if service.faulty.isDisjoint(with: listenFields) {
                rules.checkPort(of: service, index)
            }
        }
        return rules.conflicts
    }

    /// Two services with one Id, or with Ids that give the proxy one name.
    private mutating func checkId(of service: ServiceFacts, _ index: Int) {
        guard let earlier = ids.claim(NameKey(bytes: pools.bytes(of: service.id)), for: index) else { return }
        let (id, other) = (text(service.id), text(services[earlier].id))
        let name = String(decoding: ServiceModel.proxyName(of: Array(id.utf8)), as: UTF8.self)
        let mistake: ServiceMistake = id == other ? .duplicateId(id) : .sameName(id, other: other, name: name)
        report(mistake, at: service.id, other: services[earlier].id)
    }

    /// Two services that are not http on one listening port of one transport.
    private mutating func checkPort(of service: ServiceFacts, _ index: Int) {
        let port = service.listenPort.asInt
        guard port > 0, let earlier = ports.claim(port << 1 | (service.isUDP ? 1 : 0), for: index) else { return }
        let other = services[earlier]
        let transport = service.isUDP ? "udp" : "tcp"
        report(
            .portConflict(port, transport: transport, other: text(other.id)), at: service.listenPort,
            other: other.listenPort)
    }

    /// Two http services that claim one domain and path; no domains mean every domain. A service with neither claims
    /// nothing, and naming a domain twice in one service does no harm.
    private mutating func checkRoutes(of service: ServiceFacts, _ index: Int) {
        let domains = pools.elements(of: service.domains)
        if domains.isEmpty, service.path.count > 0 { checkRoute(nil, service.path, index) }
        for domain in domains { checkRoute(domain, service.path, index) }
    }

    private mutating func checkRoute(_ domain: Value?, _ path: Value, _ index: Int) {
        let place = domain ?? path
        let domainBytes = domain.map { pools.bytes(of: $0) } ?? Bytes(start: nil, count: 0)
        let key = RouteKey(domain: domainBytes, path: pools.bytes(of: path))
        guard let earlier = routes.claim(key, for: routeClaims.count) else {
            routeClaims.append((index, place))
            return
        }
        let first = routeClaims[earlier]
        guard first.service != index else { return }
        let mistake = ServiceMistake.routeConflict(
            domain: domain.map { text($0) }, path: path.count == 0 ? "/" : text(path),
            other: text(services[first.service].id))
        report(mistake, at: place, other: first.place)
    }

    private func text(_ value: Value) -> String {
        String(decoding: pools.bytes(of: value), as: UTF8.self)
    }

    private mutating func report(_ mistake: ServiceMistake, at place: Value, other: Value) {
        conflicts.append(
            Conflict(mistake: mistake, range: place.writtenRange ?? 0..<0, other: other.writtenRange))
    }
}
