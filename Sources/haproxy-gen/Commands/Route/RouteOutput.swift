import HADelivery
import HAServices
import HATemplate

/// Says where a request went.
///
///     GET https://shop.example.com/cart
///       frontend http (bind :443)         edge.cfg.tmpl:31
///       use_backend be_shop if host_shop  edge.cfg.tmpl:44 · services/shop.json:4:16 "shop.example.com"
///       backend be_shop                   edge.cfg.tmpl:60 · services/shop.json:1:1
///         shop-1 10.0.1.11:8080  weight 100
struct RouteOutput {
    let request: RouteRequest
    let target: ProjectTarget
    let route: RouteExplanation

    private static let widestText = 60
    private static let shownRules = 3

    // MARK: For people

    func human(isVerbose: Bool) -> String {
        var rows: [(text: String, line: RouteExplanation.Line?)] = []
        let bind = route.bind.map { " (\(Self.address($0.text)))" } ?? ""
        rows.append(("frontend \(route.answer.frontend)\(bind)", route.bind))
        if isVerbose {
            rows += route.applied.map { ($0.text, $0) }
        }
        rows += route.deciding.map { ($0.text, $0) }
        if let backend = route.answer.backend {
            rows.append(("backend \(backend)", route.backend))
        }
        let width = min(rows.map { $0.text.count }.max() ?? 0, Self.widestText)
        var places = CheckOutput.Places()
        var text = Console.printable(request.line) + "\n"
        for row in rows {
            let place = row.line.map { Self.place($0, &places) } ?? ""
            let gap = String(repeating: " ", count: max(width - row.text.count, 0) + 2)
            text += "  " + Console.printable(row.text) + (place.isEmpty ? "" : gap + place) + "\n"
        }
        for server in route.servers { text += "    " + Console.printable(Self.words(server)) + "\n" }
        text += answer
        return text + passed(isVerbose, &places)
    }

    /// `bind :443 ssl crt …` → `bind :443`
    private static func address(_ bind: String) -> String {
        bind.split(separator: " ").prefix(2).joined(separator: " ")
    }

    private static func words(_ server: RouteExplanation.Server) -> String {
        let marks = (server.isBackup ? "  backup" : "") + (server.isDisabled ? "  disabled" : "")
        return "\(server.name) \(server.address)  weight \(server.weight)\(marks)"
    }

    /// What came back where no server did.
    private var answer: String {
        guard route.answer.server == nil else { return "" }
        guard let status = route.answer.status else { return "  the proxy ended the connection by itself\n" }
        let location = route.answer.header("location").map { ", Location: \(Console.printable($0))" } ?? ""
        let reason =
            route.answer.backend == nil || !route.deciding.isEmpty && route.servers.isEmpty
            ? "the proxy answered by itself" : "no server of the backend can take it"
        return "  \(status)\(location): \(reason)\n"
    }

    private func passed(_ isVerbose: Bool, _ places: inout CheckOutput.Places) -> String {
        guard !route.passed.isEmpty else { return "" }
        let count = route.passed.count
        let shown = isVerbose ? route.passed[...] : route.passed.suffix(Self.shownRules)
        var text =
            "  \(count) \(count == 1 ? "rule" : "rules") before that did not apply\(shown.count < count ? ", the last of them" : ""):\n"
        for line in shown { text += "    " + Console.printable(line.text) + "  " + Self.place(line, &places) + "\n" }
        return text
    }

    private static func place(_ line: RouteExplanation.Line, _ places: inout CheckOutput.Places) -> String {
        var parts: [String] = []
        if let template = line.template { parts.append(position(template, &places)) }
        // The most specific value: a domain says more than the service that it belongs to.
        if let value = line.data.max(by: { $0.path.utf8.count < $1.path.utf8.count }) {
            parts.append(position(value.place, &places) + " \"\(Console.printable(value.text))\"")
        }
        return parts.joined(separator: " · ")
    }

    private static func position(
        _ location: HATemplate.SourceLocation, _ places: inout CheckOutput.Places
    ) -> String {
        let start = places.positions(of: location).start
        return "\(Console.printable(location.file.name)):\(start.line):\(start.column)"
    }

    // MARK: For programs

    func json() -> [UInt8] {
        var places = CheckOutput.Places()
        var text = JSONText()
        text.beginObject()
        Self.member("request", request.line, &text)
        Self.member("target", target.name, &text)
        Self.member("frontend", route.answer.frontend, &text)
        if let backend = route.answer.backend { Self.member("backend", backend, &text) }
        if let server = route.answer.server { Self.member("server", server, &text) }
        if let status = route.answer.status {
            text.key("status")
            text.integer(status)
        }
        if let location = route.answer.header("location") { Self.member("location", location, &text) }
        Self.list("deciding", route.deciding, &text, &places)
        Self.list("applied", route.applied, &text, &places)
        Self.list("passed", route.passed, &text, &places)
        text.key("servers")
        text.beginList()
        for server in route.servers {
            text.beginObject()
            Self.member("name", server.name, &text)
            Self.member("address", server.address, &text)
            text.key("weight")
            text.integer(server.weight)
            text.endObject()
        }
        text.endList()
        text.endObject()
        text.finish()
        return text.bytes
    }

    private static func list(
        _ key: StaticString, _ lines: [RouteExplanation.Line], _ text: inout JSONText,
        _ places: inout CheckOutput.Places
    ) {
        text.key(key)
        text.beginList()
        for line in lines {
            text.beginObject()
            text.key("line")
            text.integer(line.number)
            member("text", line.text, &text)
            if let template = line.template { member("template", position(template, &places), &text) }
            text.key("data")
            text.beginList()
            for value in line.data {
                text.beginObject()
                member("path", value.path, &text)
                member("value", value.text, &text)
                member("place", position(value.place, &places), &text)
                text.endObject()
            }
            text.endList()
            text.endObject()
        }
        text.endList()
    }

    private static func member(_ key: StaticString, _ value: String, _ text: inout JSONText) {
        text.key(key)
        text.string(value)
    }
}
