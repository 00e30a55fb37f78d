/// What the moved proxy says of each request: a line of its log, found by the client's port.
struct RouteLog {
    struct Line: Equatable {
        var frontend: String
        /// The frontend's own name where no backend was chosen.
        var backend: String
        /// nil where no server was chosen.
        var server: String?
        var status: Int
        /// HAProxy's two letters and two more: how the connection ended.
        var ending: String
        /// Lines of the output whose rules applied, in their order.
        var rules: [Int]
    }

    static let haproxyFormat = "HG %cp|%ft|%b|%s|%ST|%tsc|%[var(sess.hg)]|%[var(txn.hg)]"
    /// Where a connection ended before it was a request.
    static let haproxyErrorFormat = "HG %cp|%ft|%ft|-|0|--|%[var(sess.hg)]|"

    /// Lines by the port of the client.
    private(set) var lines: [Int: Line] = [:]

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

    private static func name(_ written: String) -> String {
        written.hasSuffix("~") ? String(written.dropLast()) : written
    }
}
