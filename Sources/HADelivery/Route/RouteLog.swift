/// What the moved proxy says of each request: a line of its log, found by the client's port.
struct RouteLog {
    struct Line: Equatable {
        /// HAProxy alone names it.
        var frontend: String
        /// HAProxy: the frontend's own name where no backend was chosen. nginx: empty, or an upstream of which no
        /// server could be asked.
        var backend: String
        /// nil where no server was chosen; of nginx the path of its stand-in.
        var server: String?
        var status: Int
        /// HAProxy's two letters and two more: how the connection ended.
        var ending: String
        /// Lines of the output whose rules applied, in their order; of nginx statements.
        var rules: [Int]
    }

    static let haproxyFormat = "HG %cp|%ft|%b|%s|%ST|%tsc|%[var(sess.hg)]|%[var(txn.hg)]"
    /// Where a connection ended before it was a request.
    static let haproxyErrorFormat = "HG %cp|%ft|%ft|-|0|--|%[var(sess.hg)]|"

    /// - Parameter trail: what stands for the places that a request went through.
    static func nginxFormat(trail: String) -> String { "HG $proxy_protocol_port|$status|\(trail)|$upstream_addr|" }

    /// Lines by the port of the client.
    private(set) var lines: [Int: Line] = [:]
    /// Those of datagrams, which have no such port.
    private(set) var datagrams: [Line] = []

    init(haproxy said: String) {
        for line in said.split(whereSeparator: \.isNewline) {
            guard let start = line.firstRange(of: "HG ") else { continue }
            let parts = line[start.upperBound...].split(separator: "|", omittingEmptySubsequences: false).map(
                String.init)
            guard parts.count >= 8, let port = Int(parts[0]) else { continue }
            // A frontend with TLS is marked so.
            let frontend = Self.name(parts[1])
            let server = parts[3].hasPrefix("<") || parts[3] == "-" ? nil : parts[3]
            let rules = (parts[6] + parts[7]).split(separator: ".").compactMap { Int($0) }
            lines[port] = Line(
                frontend: frontend, backend: Self.name(parts[2]), server: server,
                status: Int(parts[4]) ?? 0, ending: parts[5], rules: rules)
        }
    }

    init(nginx said: String) {
        for line in said.split(whereSeparator: \.isNewline) where line.hasPrefix("HG ") {
            let parts = line.dropFirst(3).split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 4 else { continue }
            // Several servers may have been tried, and an error page may have led to others.
            let asked = parts[3].split(separator: " ").last.map(String.init).flatMap { $0 == "-" ? nil : $0 }
            let server = asked.flatMap { $0.hasPrefix("unix:") ? String($0.dropFirst(5)) : nil }
            let entry = Line(
                frontend: "", backend: server == nil ? asked ?? "" : "", server: server, status: Int(parts[1]) ?? 0,
                ending: "", rules: parts[2].split(separator: ".").compactMap { Int($0) })
            if let port = Int(parts[0]) { lines[port] = entry } else { datagrams.append(entry) }
        }
    }

    private static func name(_ written: String) -> String {
        written.hasSuffix("~") ? String(written.dropLast()) : written
    }
}
