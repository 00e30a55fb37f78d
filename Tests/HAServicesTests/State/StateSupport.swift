import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HAServices

/// A state directory of a test's own, and short ways to change it and to look at it.
struct StateBench {
    let folder: TemporaryFolder
    let directory: StateDirectory

    init(files: FileSystem = .system) throws {
        folder = try TemporaryFolder()
        directory = StateDirectory(path: folder.path("state"), files: files, temporaries: .unregistered)
    }

    static let table: TableName = {
        guard let table = TableName("astro") else { fatalError("astro is a name") }
        return table
    }()

    /// Sends a payload; returns the revision.
    @discardableResult
    func send(_ payload: String, history: Int = 20) throws -> Int {
        let payload = try Payload.read(name: "payload.json", bytes: Array(payload.utf8))
        var transaction = try directory.begin(payload.table)
        let proposal = try transaction.proposal(for: payload)
        return try transaction.commit(proposal, history: history)
    }

    /// Sends an event of short form: see `Event`.
    @discardableResult
    func send(_ event: Event, history: Int = 20) throws -> Int { try send(event.json, history: history) }

    /// Every service as `app1 host a.example:80 [c1@10.0.0.1 c2@10.0.0.2]`.
    func services() throws -> [String] {
        try describe(directory.current(Self.table).document)
    }

    /// The diagnostics of a change that is refused, or its sentence.
    func refusal(of change: () throws -> Void) -> [String] {
        do {
            try change()
            return ["nothing was thrown"]
        } catch let error as StateError {
            return error.sentence.map { [$0] } ?? error.diagnostics.map(\.code.rawValue)
        } catch let error as Diagnostics {
            return error.items.map(\.code.rawValue)
        } catch {
            return ["\(error)"]
        }
    }

    func read(_ name: String) throws -> String { try folder.read("state/astro/\(name)") }

    /// Paths below the state directory, sorted, with `/` after folders.
    func tree(_ path: String = "state") -> [String] {
        ((try? FileSystem.system.names(folder.path(path))) ?? []).sorted().flatMap { name in
            let inner = "\(path)/\(name)"
            let isFolder = (try? FileSystem.system.linkStatus(folder.path(inner)))?.kind == .folder
            return isFolder ? [inner + "/"] + tree(inner) : [inner]
        }
    }
}

func describe(_ document: Document) -> [String] {
    document.services.map { service in
        let domains = document.field("Domains", of: service).map { Array(document.elements(of: $0)) } ?? []
        let route =
            domains.isEmpty
            ? "path " + document.show("ProxyPath", of: service)
            : "host " + domains.compactMap { document.text(of: $0) }.joined(separator: ",")
        let cookie = document.show("Cookie", of: service)
        let hosts = document.hosts(of: service).map {
            let port = document.show("Port", of: $0)
            let own = port == document.show("Port", of: service) ? "" : ":" + port
            return document.show("Id", of: $0) + "@" + document.show("Ip", of: $0) + own
        }
        return document.show("Id", of: service) + " " + route + ":" + document.show("Port", of: service)
            + (cookie.isEmpty ? "" : " " + cookie) + " [" + hosts.joined(separator: " ") + "]"
    }
}

/// An event in short form: `running` as `app1/c1@10.0.0.1`, candidates with their containers as `c1@10.0.0.1`.
struct Event: Sendable {
    struct Candidate: Sendable {
        var name: String
        var route: String
        var port = 80
        var cookie: String?
        var containers: [String]

        /// `route` is `host PREDICATE` or `path PREDICATE`, or a predicate alone.
        init(_ name: String, _ route: String, port: Int = 80, cookie: String? = nil, _ containers: [String]) {
            self.name = name
            self.route = route
            self.port = port
            self.cookie = cookie
            self.containers = containers
        }
    }

    var running: [String] = []
    var candidates: [Candidate]?
    var table = "astro"

    init(running: [String] = [], _ candidates: [Candidate]? = nil, table: String = "astro") {
        self.running = running
        self.candidates = candidates
        self.table = table
    }

    var json: String {
        let running = running.map { entry in
            let parts = entry.split(separator: "/")
            return #"{"serviceName": "\#(parts[0])", \#(Self.container(parts[1]))}"#
        }
        let candidates = candidates.map { candidates in
            candidates.map { candidate in
                let words = candidate.route.split(separator: " ")
                let mode = words.count > 1 ? #""configMode": "\#(words[0])", "# : ""
                let cookie = candidate.cookie.map { #""cookie": "\#($0)", "# } ?? ""
                let containers = candidate.containers.map { "{\(Self.container($0[...]))}" }.joined(separator: ", ")
                return #"{"serviceName": "\#(candidate.name)", "port": \#(candidate.port), \#(mode)\#(cookie)"#
                    + #""predicate": "\#(words[words.count - 1])", "containers": [\#(containers)]}"#
            }
        }
        let tail = candidates.map { #", "candidates": [\#($0.joined(separator: ", "))]"# } ?? ""
        return #"{"table": "\#(table)", "running": [\#(running.joined(separator: ", "))]\#(tail)}"#
    }

    private static func container(_ text: Substring) -> String {
        let parts = text.split(separator: "@")
        return #""id": "\#(parts[0])", "ip": "\#(parts[1])""#
    }
}
