import HATemplate

/// Requests that services are for: one for each domain and path, and one that none of them is for.
package struct ProposedRequests: Sendable {
    package struct Proposal: Sendable {
        /// `shop.example.com/cart`
        package var name: String
        package var url: String
        package var request: RouteRequest
    }

    package private(set) var proposals: [Proposal] = []
    private var known: Set<String> = []
    private let scheme: String
    /// `:8080` where it is not the usual one.
    private let port: String

    /// - Parameter text: the output, whose listeners decide between http and https.
    package init(_ text: ConfigurationText) {
        let entrances = (Relocation.of(text)?.entrances ?? []).filter { !$0.isDatagram && $0.address.ports != nil }
        let usual =
            entrances.first { $0.isTLS && $0.address.holds(port: 443) }
            ?? entrances.first { !$0.isTLS && $0.address.holds(port: 80) }
        let chosen = usual ?? entrances.first { $0.address.isEveryHost } ?? entrances.first
        scheme = chosen?.isTLS == true ? "https" : "http"
        port = usual == nil ? chosen?.address.ports.map { ":\($0.lowerBound)" } ?? "" : ""
    }

    /// The requests of services; nothing for other data.
    package mutating func add(_ document: Document) {
        for service in document.elements(of: document.root) where document.shape(of: service) != nil {
            func text(_ name: String) -> String? { document.field(name, of: service).flatMap(document.text) }
            guard text("ApplicationProtocol") == "http" else {
                let port = document.callMethod("ListenPort", of: service).flatMap { Int($0) } ?? 0
                let kind = text("TransportProtocol") == "udp" ? "udp" : "tcp"
                if port > 0 { add("\(kind)/\(port)", "\(kind)://any.invalid:\(port)") }
                continue
            }
            let path = document.callMethod("Path", of: service) ?? ""
            let domains = document.field("Domains", of: service).map {
                document.elements(of: $0).compactMap(document.text)
            }
            if let domains, !domains.isEmpty {
                for domain in domains { add(domain: domain, path: path) }
            } else if !path.isEmpty {
                add(domain: "any.invalid", path: path)
            }
        }
    }

    /// The request for a domain, of which a star is made a name.
    package mutating func add(domain: String, path: String = "") {
        let host = domain.hasPrefix("*") ? "any" + domain.dropFirst() : domain
        add(domain + (path.isEmpty ? "/" : path), "\(scheme)://\(host)\(port)\(path.isEmpty ? "/" : path)")
    }

    /// The request that no service is for.
    package mutating func addMiss() { add("no service", "\(scheme)://no-service.invalid\(port)/") }

    private mutating func add(_ name: String, _ url: String) {
        guard let request = try? RouteRequest(url: url), known.insert(url).inserted else { return }
        proposals.append(Proposal(name: name, url: url, request: request))
    }
}
