import Testing

@testable import HAServices

/// A generator that gives the same numbers for the same seed (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

/// What containers do, and what a table should know of them: written without looking at the program.
private struct ContainerModel {
    struct Container {
        let service: String
        let id: String
        var ip: String
    }

    struct Service {
        let name: String
        var route: String
        var port: Int
        var cookie: String?
        /// Id and address.
        var hosts: [(id: String, ip: String)]
    }

    /// Containers that run, in the order of their start.
    var running: [Container] = []
    var table: [Service] = []
    private var nextId = 0
    private var attributes: [String: (route: String, port: Int, cookie: String?)] = [:]

    /// Lets something happen; returns the event that the host sends.
    mutating func step(_ random: inout SeededGenerator) -> Event {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5: return start(&random)
        case 5..<8: return stop(&random)
        case 8: return move(&random)
        default: return tell(nil)
        }
    }

    private mutating func start(_ random: inout SeededGenerator) -> Event {
        let name = "app\(Int.random(in: 0..<6, using: &random))"
        if attributes[name] == nil || Int.random(in: 0..<4, using: &random) == 0 {
            let isPath = Bool.random(using: &random)
            // A route of its own for each service, so that none claims another's.
            let route = isPath ? "path \(name)/\(Int.random(in: 0..<3, using: &random))" : "host \(name).example"
            attributes[name] = (
                route, Int.random(in: 1..<65_536, using: &random), Bool.random(using: &random) ? "SID" : nil
            )
        }
        nextId += 1
        let container = Container(service: name, id: "c\(nextId)", ip: address(&random))
        // Its network may not be known yet when the event is sent.
        let isSeen = Bool.random(using: &random)
        if isSeen { running.append(container) }
        let event = tell(container)
        if !isSeen { running.append(container) }
        return event
    }

    private mutating func stop(_ random: inout SeededGenerator) -> Event {
        if !running.isEmpty { running.remove(at: Int.random(in: 0..<running.count, using: &random)) }
        return tell(nil)
    }

    private mutating func move(_ random: inout SeededGenerator) -> Event {
        if !running.isEmpty { running[Int.random(in: 0..<running.count, using: &random)].ip = address(&random) }
        return tell(nil)
    }

    private func address(_ random: inout SeededGenerator) -> String {
        "10.0.\(Int.random(in: 0..<256, using: &random)).\(Int.random(in: 1..<255, using: &random))"
    }

    /// The event of the containers as they are; brings the table up to date, one service after the other.
    private mutating func tell(_ new: Container?) -> Event {
        for index in table.indices {
            let wanted = running.filter { $0.service == table[index].name }
            var hosts = table[index].hosts.compactMap { host in
                let known = wanted.first { $0.id == host.id } ?? (new?.id == host.id ? new : nil)
                return known.map { (id: host.id, ip: $0.ip) }
            }
            var arrivals = wanted
            if let new, new.service == table[index].name { arrivals = [new] + wanted.filter { $0.id != new.id } }
            for container in arrivals where !hosts.contains(where: { $0.id == container.id }) {
                hosts.append((container.id, container.ip))
            }
            table[index].hosts = hosts
        }
        table.removeAll { $0.hosts.isEmpty }
        if let new, let described = attributes[new.service] {
            if let index = table.firstIndex(where: { $0.name == new.service }) {
                table[index].route = described.route
                table[index].port = described.port
                table[index].cookie = described.cookie
            } else {
                table.append(
                    Service(
                        name: new.service, route: described.route, port: described.port, cookie: described.cookie,
                        hosts: [(new.id, new.ip)]))
            }
        }
        let candidates = new.flatMap { new in
            attributes[new.service].map {
                [
                    Event.Candidate(
                        new.service, $0.route, port: $0.port, cookie: $0.cookie, ["\(new.id)@\(new.ip)"])
                ]
            }
        }
        return Event(running: running.map { "\($0.service)/\($0.id)@\($0.ip)" }, candidates)
    }

    /// As `StateBench.services` shows them.
    var services: [String] {
        table.map { service in
            let route = service.route.hasPrefix("path ") ? "path /" + service.route.dropFirst(5) : service.route
            return "\(service.name) \(route):\(service.port)" + (service.cookie.map { " " + $0 } ?? "") + " ["
                + service.hosts.map { "\($0.id)@\($0.ip)" }.joined(separator: " ") + "]"
        }
    }
}

@Suite("Random events: the table is what a plain model of containers says")
struct StatePropertyTests {
    @Test(arguments: 1...12)
    func events(_ seed: Int) throws {
        var random = SeededGenerator(state: UInt64(seed))
        var model = ContainerModel()
        let bench = try StateBench()
        for step in 0..<60 {
            let event = model.step(&random)
            try bench.send(event, history: 5)
            try #require(try bench.services() == model.services, "seed \(seed), step \(step): \(event.json)")
        }
        let report = try bench.directory.verify()
        #expect(report.findings.isEmpty && report.files <= 6)
    }

    @Test("a host that stays keeps its place among those that stay")
    func stability() throws {
        var random = SeededGenerator(state: 99)
        var model = ContainerModel()
        let bench = try StateBench()
        var before: [String] = []
        for _ in 0..<100 {
            try bench.send(model.step(&random))
            let document = try bench.directory.current(StateBench.table).document
            let after = document.services.flatMap { service in
                document.hosts(of: service).map { document.show("Id", of: service) + "/" + document.show("Id", of: $0) }
            }
            #expect(before.filter(after.contains) == after.filter(before.contains))
            before = after
        }
    }
}
