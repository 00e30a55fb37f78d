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
    /// The target's name.
    let target: String
    let route: RouteExplanation
    let explainer: RouteExplainer

    private static let widestText = 60
    private static let shownRules = 3

    // MARK: For people

    func human(isVerbose: Bool) -> String {
        var rows: [(text: String, line: RouteExplanation.Line?)] = []
        let bind = route.bind.map { " (\(Self.address($0.text)))" } ?? ""
        rows.append((route.entranceTitle + bind, route.bind))
        if isVerbose {
            rows += route.applied.map { ($0.text, $0) }
        }
        rows += route.deciding.map { ($0.text, $0) }
        if let title = route.backendTitle { rows.append((title, route.backend)) }
        let width = min(rows.map { $0.text.count }.max() ?? 0, Self.widestText)
        var places = CheckOutput.Places()
        var text = Console.printable(request.line) + "\n"
        for row in rows {
            let origin = row.line.map { place($0, &places) } ?? ""
            let gap = String(repeating: " ", count: max(width - row.text.count, 0) + 2)
            text += "  " + Console.printable(row.text) + (origin.isEmpty ? "" : gap + origin) + "\n"
        }
        for server in route.servers { text += "    " + Console.printable(Self.words(server)) + "\n" }
        text += answer
        return text + passed(isVerbose, &places)
    }

    /// `bind :443 ssl crt …` → `bind :443`
    private static func address(_ bind: String) -> String {
        let words = bind.split(separator: " ").prefix(2).joined(separator: " ")
        return words.hasSuffix(";") ? String(words.dropLast()) : words
    }

    private static func words(_ server: RouteExplanation.Server) -> String {
        let marks = (server.isBackup ? "  backup" : "") + (server.isDisabled ? "  disabled" : "")
        let name = server.name.map { $0 + " " } ?? ""
        return "\(name)\(server.address)  weight \(server.weight)\(marks)"
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
            "  \(route.passedTitle(count))\(shown.count < count ? ", the last of them" : ""):\n"
        for line in shown { text += "    " + Console.printable(line.text) + "  " + place(line, &places) + "\n" }
        return text
    }

    func place(_ line: RouteExplanation.Line, _ places: inout CheckOutput.Places) -> String {
        let cause = explainer.cause(of: line)
        var parts: [String] = []
        if let template = cause.template { parts.append(Self.position(template, &places)) }
        // The most specific value: a domain says more than the service that it belongs to.
        if let value = cause.data.max(by: { $0.path.utf8.count < $1.path.utf8.count }) {
            parts.append(Self.position(value.place, &places) + " \"\(Console.printable(value.text))\"")
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
        write(to: &text, &places)
        text.finish()
        return text.bytes
    }

    /// The object, as a part of another text.
    func write(to text: inout JSONText, _ places: inout CheckOutput.Places) {
        text.beginObject()
        Self.member("request", request.line, &text)
        Self.member("target", target, &text)
        Self.member("frontend", route.answer.frontend, &text)
        if let backend = route.answer.backend { Self.member("backend", backend, &text) }
        if let server = route.answer.server { Self.member("server", server, &text) }
        if let status = route.answer.status {
            text.key("status")
            text.integer(status)
        }
        if let location = route.answer.header("location") { Self.member("location", location, &text) }
        list("deciding", route.deciding, &text, &places)
        list("applied", route.applied, &text, &places)
        list("passed", route.passed, &text, &places)
        text.key("servers")
        text.beginList()
        for server in route.servers {
            text.beginObject()
            if let name = server.name { Self.member("name", name, &text) }
            Self.member("address", server.address, &text)
            text.key("weight")
            text.integer(server.weight)
            text.endObject()
        }
        text.endList()
        text.endObject()
    }

    private func list(
        _ key: StaticString, _ lines: [RouteExplanation.Line], _ text: inout JSONText,
        _ places: inout CheckOutput.Places
    ) {
        text.key(key)
        text.beginList()
        for line in lines {
            text.beginObject()
            text.key("line")
            text.integer(line.number)
            Self.member("text", line.text, &text)
            let cause = explainer.cause(of: line)
            if let template = cause.template { Self.member("template", Self.position(template, &places), &text) }
            text.key("data")
            text.beginList()
            for value in cause.data {
                text.beginObject()
                Self.member("path", value.path, &text)
                Self.member("value", value.text, &text)
                Self.member("place", Self.position(value.place, &places), &text)
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
