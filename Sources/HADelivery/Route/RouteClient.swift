import HASystem

/// Sends requests to a moved proxy, one after the other.
struct RouteClient {
    let socket: LocalSocket
    let files: FileSystem
    let moved: Relocation
    let folder: String

    /// Milliseconds for one answer.
    private static let patience = 5_000
    /// How often a listener is asked for that is not there yet, with a millisecond between.
    private static let attempts = 1_000

    /// The port of the client of a request, by which the log's lines are found.
    static func port(_ number: Int) -> Int { 1_024 + number % 60_000 }

    /// What came back of each; fewer where the proxy ended before.
    func ask(
        _ requests: [RouteRequest], hasEnded: () -> Bool
    ) -> [Result<ResponseHead?, RouteRun.Failure>] {
        let stub = folder + "/" + Relocation.stub
        while !socket.isOpen(stub), !hasEnded() { files.pause(1) }
        var answers: [Result<ResponseHead?, RouteRun.Failure>] = []
        for (number, request) in requests.enumerated() {
            guard !hasEnded() else { break }
            answers.append(exchange(request, port: Self.port(number), hasEnded))
        }
        waitForDatagrams(requests)
        return answers
    }

    private func exchange(
        _ request: RouteRequest, port: Int, _ hasEnded: () -> Bool
    ) -> Result<ResponseHead?, RouteRun.Failure> {
        guard let entrance = moved.entrance(for: request) else {
            return .failure(.closed(port: request.port, open: moved.entrances.map(\.address.text)))
        }
        let hasHop = moved.hasHops && entrance.isTLS && request.scheme != .http
        if entrance.isTLS, !moved.hasHops, request.scheme == .http { return .failure(.needsTLS(port: request.port)) }
        let isName = ProxyProtocol.address(request.host) == nil
        let bound = ProxyProtocol.address(entrance.address.host) == nil ? nil : entrance.address.host
        let destination = isName ? (entrance.address.isEveryHost ? nil : bound) : request.host
        let header = ProxyProtocol(
            source: request.from, sourcePort: port, destination: destination ?? Self.usualServer,
            destinationPort: request.port, authority: hasHop && isName ? request.host : nil)
        guard let start = header.bytes else { return .failure(.badClient(request.from)) }
        let path = "\(folder)/\(entrance.socket)\(hasHop ? ".t" : "")"
        for attempt in 1...Self.attempts {
            do throws(SystemError) {
                guard !entrance.isDatagram else {
                    try socket.send(path, [0x0A])
                    return .success(nil)
                }
                let answer = try socket.exchange(
                    path, start + request.bytes, endsWriting: !request.scheme.isWeb, time: Self.patience)
                return .success(ResponseHead(answer))
            } catch {
                // Listeners are opened one after the other.
                let isEarly = error.isNotFound || error.number == ECONNREFUSED
                guard isEarly, attempt < Self.attempts, !hasEnded() else { return .failure(.system(error)) }
                files.pause(1)
            }
        }
        return .failure(.silent)
    }

    /// The address that a client reaches where the URL names none.
    private static let usualServer = "192.0.2.1"

    /// Nothing comes back of a datagram: the log says when it was passed on.
    private func waitForDatagrams(_ requests: [RouteRequest]) {
        let count = requests.count { $0.scheme == .udp && moved.entrance(for: $0) != nil }
        guard count > 0 else { return }
        let end = files.clock() + Self.patience
        while files.clock() < end {
            let bytes = (try? FileReader(files: files).read(folder + "/" + Relocation.nginxLog, .kept).bytes) ?? []
            if RouteLog(nginx: String(decoding: bytes, as: UTF8.self)).datagrams.count >= count { return }
            files.pause(2)
        }
    }
}
