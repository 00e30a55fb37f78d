import HASystem

/// What a source of services says: files in the format of service files, whether or not they are files of the disk.
package struct SourceAnswer: Sendable, Equatable {
    package struct File: Sendable, Equatable {
        /// What messages call it; a path where it is a file.
        package let name: String
        package let bytes: [UInt8]
        /// Copies share what was found once.
        private let found = FoundEntries()

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }

        /// The services in it, looked for when somebody asks; nil: it is no file of services.
        package var entries: [ServiceEntry]? { found.entries(of: bytes) }

        package static func == (left: File, right: File) -> Bool {
            left.name == right.name && left.bytes == right.bytes
        }
    }

    package var files: [File]
    /// Whether the Config of its services stands as it is written.
    package var trustsConfig: Bool

    package init(files: [File], trustsConfig: Bool) {
        self.files = files
        self.trustsConfig = trustsConfig
    }

    package var serviceCount: Int { files.reduce(0) { $0 + ($1.entries?.count ?? 0) } }

    /// Whether it certainly holds no service.
    package var isEmpty: Bool { files.allSatisfy { $0.entries?.isEmpty ?? false } }
}

/// The services of a file, once somebody has asked for them.
private final class FoundEntries: Sendable {
    private let found = Guarded<[ServiceEntry]??>(nil)

    func entries(of bytes: [UInt8]) -> [ServiceEntry]? {
        found.withLock { found in
            if let known = found { return known }
            let entries = ServiceIndex.entries(of: bytes)
            found = .some(entries)
            return entries
        }
    }
}

/// Why a source has no answer.
package struct SourceProblem: Error, Sendable, Equatable {
    /// One line without a full stop.
    package let sentence: String

    package init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// Puts the answers of several sources together: of two services with one Id, or one transport and listening port, the
/// first source's counts.
package struct ServiceMerge: Sendable {
    /// A service that another source's hides.
    package struct Hidden: Sendable, Hashable {
        package let source: String
        package let id: String
        /// The source whose service counts.
        package let winner: String
        /// `Id` or `port 80/tcp`.
        package let what: String

        package var sentence: String {
            "the service '\(id)' of the source '\(source)' is left out: '\(winner)' has one with the same \(what)"
        }
    }

    /// A file with the source it comes from.
    package struct Part: Sendable {
        package let source: String
        package var file: SourceAnswer.File
        package let trustsConfig: Bool
    }

    package private(set) var parts: [Part] = []
    package private(set) var hidden: [Hidden] = []
    private var names: [[UInt8]: String] = [:]
    private var ports: [Int: String] = [:]

    package init() {}

    /// Adds a source after those that are there.
    ///
    /// - Parameter joins: whether its services stand beside those of the others, so that what collides is a mistake.
    package mutating func add(_ source: String, _ answer: SourceAnswer, joins: Bool = false) {
        guard !joins else {
            parts += answer.files.map { Part(source: source, file: $0, trustsConfig: answer.trustsConfig) }
            return
        }
        let isFirst = parts.isEmpty
        var newNames: [[UInt8]] = []
        var newPorts: [Int] = []
        for file in answer.files {
            var file = file
            var dropped: [Int: [UInt8]?] = [:]
            for (number, entry) in (file.entries ?? []).enumerated() {
                let name = ServiceModel.proxyName(of: Array(entry.id.utf8))
                let port = entry.isHTTP || entry.listenPort <= 0 ? nil : entry.listenPort << 1 | (entry.isUDP ? 1 : 0)
                if !isFirst {
                    if !name.isEmpty, let winner = names[name] {
                        hidden.append(Hidden(source: source, id: entry.id, winner: winner, what: "Id"))
                        dropped[number] = .some(nil)
                        continue
                    }
                    if let port, let winner = ports[port] {
                        let what = "port \(entry.listenPort)/\(entry.isUDP ? "udp" : "tcp")"
                        hidden.append(Hidden(source: source, id: entry.id, winner: winner, what: what))
                        dropped[number] = .some(nil)
                        continue
                    }
                }
                if !name.isEmpty { newNames.append(name) }
                if let port { newPorts.append(port) }
            }
            if !dropped.isEmpty, let entries = file.entries {
                file = SourceAnswer.File(
                    name: file.name, bytes: ServiceIndex.replacing(dropped, of: entries, in: file.bytes))
            }
            parts.append(Part(source: source, file: file, trustsConfig: answer.trustsConfig))
        }
        // Two services of one source that collide are a mistake of that source.
        for name in newNames { names[name] = names[name] ?? source }
        for port in newPorts { ports[port] = ports[port] ?? source }
    }
}
