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
    /// Fields that hold a mistake. They take no part in the rules, so that no mistake is reported twice.
    let faulty: FieldSet

    var hasRoute: Bool { domains.count > 0 || path.count > 0 }

    /// The same with its record.
    func with(_ record: Value) -> ServiceFacts {
        ServiceFacts(
            record: record, id: id, listenPort: listenPort, domains: domains, path: path, isHTTP: isHTTP, isUDP: isUDP,
            faulty: faulty)
    }

    /// What decides how a service is reached.
    static let protocolFields = FieldSet(of: .applicationProtocol, .transportProtocol)
    /// What decides whether a service needs a port, and has one.
    static let portFields = FieldSet(of: .port, .servicePort, .applicationProtocol)
    /// What decides the port and transport that a service listens on.
    static let listenFields = FieldSet(of: .port, .servicePort, .applicationProtocol, .transportProtocol)
    /// What decides the requests that a service gets.
    static let routeFields = FieldSet(of: .applicationProtocol, .proxyPath, .domains)
}

/// The rules that hold across services: each Id once, each listening port once, each domain and path once.
struct ServiceRules {
    /// What breaks a rule: the first of it, and how much more there was.
    struct Conflicts {
        var items: [Conflict] = []
        var errors = Tally()
        var warnings = Tally()
    }

    /// A rule that is broken by two services, or by one twice.
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
    private var conflicts = Conflicts()

    private init(pools: DocumentPools, services: [ServiceFacts]) {
        self.pools = pools
        self.services = services
        ids = FirstPlaces(expecting: services.count)
        ports = FirstPlaces(expecting: services.count)
        routes = FirstPlaces(expecting: services.count)
    }

    /// Everything that breaks a rule, in the order of the services.
    static func conflicts(between services: [ServiceFacts], _ pools: DocumentPools) -> Conflicts {
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
        rules.checkWholePorts()
        return rules.conflicts
    }

    /// Two services with one Id, or with Ids that give the proxy one name.
    private mutating func checkId(of service: ServiceFacts, _ index: Int) {
        guard let earlier = ids.claim(NameKey(bytes: pools.bytes(of: service.id)), for: index) else { return }
        report(at: service.id, other: services[earlier].id) { rules in
            let (id, other) = (rules.text(service.id), rules.text(rules.services[earlier].id))
            let name = String(decoding: ServiceModel.proxyName(of: Array(id.utf8)), as: UTF8.self)
            return id == other ? .duplicateId(id) : .sameName(id, other: other, name: name)
        }
    }

    /// Two services that are not http on one listening port of one transport.
    private mutating func checkPort(of service: ServiceFacts, _ index: Int) {
        let port = service.listenPort.asInt
        guard port > 0, let earlier = ports.claim(port << 1 | (service.isUDP ? 1 : 0), for: index) else { return }
        let other = services[earlier]
        let transport = service.isUDP ? "udp" : "tcp"
        report(at: service.listenPort, other: other.listenPort) {
            .portConflict(port, transport: transport, other: $0.text(other.id))
        }
    }

    /// Http services without a domain and a path get a whole port, unless another service has it: a tcp service, or an
    /// http service before them.
    private mutating func checkWholePorts() {
        var owners = FirstPlaces<Int>(expecting: 16)
        let fields = ServiceFacts.listenFields.union(ServiceFacts.routeFields)
        for (index, service) in services.enumerated() where service.isHTTP && !service.hasRoute {
            let port = service.listenPort.asInt
            guard port > 0, service.faulty.isDisjoint(with: fields) else { continue }
            guard let owner = ports.owner(of: port << 1) ?? owners.claim(port, for: index) else { continue }
            let other = services[owner]
            report(at: service.listenPort, other: other.listenPort, isWarning: true) {
                .portOfOther(port, other: $0.text(other.id))
            }
        }
    }

    /// Two http services that claim one domain and path; no domains mean every domain. A service with neither claims
    /// nothing.
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
        report(at: place, other: first.place) { rules in
            if first.service == index { return .duplicateDomain(rules.text(place)) }
            return .routeConflict(
                domain: domain.map { rules.text($0) }, path: path.count == 0 ? "/" : rules.text(path),
                other: rules.text(rules.services[first.service].id))
        }
    }

    private func text(_ value: Value) -> String {
        String(decoding: pools.bytes(of: value), as: UTF8.self)
    }

    /// Keeps a conflict while there is room; its words are made only then.
    private mutating func report(
        at place: Value, other: Value, isWarning: Bool = false, _ mistake: (ServiceRules) -> ServiceMistake
    ) {
        guard isWarning ? conflicts.warnings.admit() : conflicts.errors.admit() else { return }
        conflicts.items.append(
            Conflict(mistake: mistake(self), range: place.writtenRange ?? 0..<0, other: other.writtenRange))
    }
}
