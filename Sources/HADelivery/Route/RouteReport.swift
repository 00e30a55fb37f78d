import HATemplate

/// Puts together what came back and what the log says.
struct RouteReport {
    let moved: Relocation
    let log: RouteLog
    private let index: StatementIndex

    init(moved: Relocation, log: RouteLog) {
        self.moved = moved
        self.log = log
        index = StatementIndex(moved.text)
    }

    func answers(
        _ requests: [RouteRequest], _ raw: [Result<ResponseHead?, RouteRun.Failure>]
    ) -> [Result<RouteAnswer, RouteRun.Failure>] {
        var datagrams = log.datagrams[...]
        return zip(requests, raw).enumerated().map { number, pair in
            pair.1.flatMap { head in
                guard let entrance = moved.entrance(for: pair.0) else {
                    return .failure(.closed(port: pair.0.port, open: []))
                }
                let line = entrance.isDatagram ? datagrams.popFirst() : log.lines[RouteClient.port(number)]
                guard let line else { return .failure(.silent) }
                return .success(answer(line, head, entrance, pair.0))
            }
        }
    }

    private func answer(
        _ line: RouteLog.Line, _ head: ResponseHead?, _ entrance: Relocation.Entrance, _ request: RouteRequest
    ) -> RouteAnswer {
        var answer = RouteAnswer(entrance: entrance, frontend: line.frontend)
        answer.host = Self.name(in: request)
        if request.scheme.isWeb {
            answer.status = head?.status
            answer.headers = head?.headers ?? []
        }
        switch moved.text.dialect {
        case .haproxy, .plain: addHAProxy(line, to: &answer)
        case .nginx: addNginx(line, request, to: &answer)
        }
        return answer
    }

    private func addHAProxy(_ line: RouteLog.Line, to answer: inout RouteAnswer) {
        let isListen = index.section(["listen"], line.frontend) != nil
        // A frontend stands as its own backend in the log where none was chosen.
        answer.backend = line.backend == line.frontend && !(isListen && line.server != nil) ? nil : line.backend
        answer.server = line.server
        answer.rules = line.rules.compactMap(index.statement(atLine:))
    }

    private func addNginx(_ line: RouteLog.Line, _ request: RouteRequest, to answer: inout RouteAnswer) {
        answer.rules = line.rules
        let block = line.rules.first ?? answer.entrance.owner
        let name = block.flatMap { NginxRouteReading(index: index).name(of: $0, for: answer.host) }
        answer.frontend = name?.text ?? "on port \(request.port)"
        if let target = line.server.flatMap({ moved.targets[$0] }) {
            answer.target = target.statement
            answer.backend = target.upstream ?? target.address
            answer.server = target.address
        } else if !line.backend.isEmpty {
            answer.backend = line.backend
        }
        guard moved.completesRedirects else { return }
        for (number, header) in answer.headers.enumerated()
        where header.name.lowercased() == "location" && header.value.hasPrefix("/") {
            answer.headers[number].value = origin(of: request) + header.value
        }
    }

    /// `https://shop.example.com`, as nginx puts it before a path that it redirects to.
    private func origin(of request: RouteRequest) -> String {
        let port = request.port == request.scheme.usualPort ? "" : ":\(request.port)"
        return "\(request.scheme.rawValue)://\(Self.name(in: request))\(port)"
    }

    private static func name(in request: RouteRequest) -> String {
        let host = request.headers.first { $0.name.lowercased() == "host" }?.value ?? request.hostHeader
        let end = host.lastIndex { $0 == "]" } ?? host.startIndex
        return (host[end...].firstIndex(of: ":").map { host[..<$0] } ?? host[...]).lowercased()
    }
}
