/// An HTTP/1.1 server for the loop of a long-running program. Nothing here waits.
///
/// `ready` and `timeOut` hand over one request of a connection at most; `deadline` has passed already while more wait.
package final class HTTPServer: Pollable {
    /// A request that has been handed over and is to be answered. It stays valid when its client is gone.
    package struct Exchange: Sendable, Hashable {
        let number: UInt64
    }

    private struct Client {
        let number: UInt64
        var connection: HTTPConnection
    }

    private struct Listener {
        let address: SocketAddress
        let descriptor: Int32
    }

    /// Connections at one time. As many more may be leaving.
    static let connections = 64
    /// How long nothing is accepted after the system has refused a connection, in milliseconds.
    static let pause = 1_000
    /// A connection without a request, or whose head has not come whole so long after its first byte, is the first that
    /// goes for a new one, in milliseconds.
    static let patience = 1_000

    private let rules: HTTPRules
    private let calls: ServerCalls
    private let handle: (Exchange, HTTPRequest) -> Void
    private var listeners: [Listener] = []
    private var clients: [Int32: Client] = [:]
    private var descriptors: [UInt64: Int32] = [:]
    private var nextNumber: UInt64 = 0
    /// Until when nothing is accepted.
    private var pausedUntil: Int?
    /// What has happened and is not dealt with. A handler that answers at once adds to it.
    private var inputs: [(descriptor: Int32, input: HTTPConnection.Input)] = []
    private var isStepping = false
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// - Parameter handle: is called with each request; the answer may come at once or later, by `answer`.
    package init(rules: HTTPRules, calls: ServerCalls = .system, handle: @escaping (Exchange, HTTPRequest) -> Void) {
        self.rules = rules
        self.calls = calls
        self.handle = handle
    }

    deinit { stop() }

    /// Begins to listen; where. The file of a unix socket whose server is gone is replaced.
    @discardableResult
    package func listen(_ address: SocketAddress) throws(SystemError) -> SocketAddress {
        let (descriptor, bound) = try calls.listen(address)
        listeners.append(Listener(address: bound, descriptor: descriptor))
        return bound
    }

    package var addresses: [SocketAddress] { listeners.map(\.address) }

    package var connectionCount: Int { clients.count }

    package var interests: [PollInterest] {
        let accepting = listeners.map { PollInterest($0.descriptor, pausedUntil == nil ? .reading : []) }
        return accepting
            + clients.map { descriptor, client in
                var readiness: PollReadiness = client.connection.wantsBytes ? .reading : []
                if !client.connection.unsent.isEmpty { readiness.insert(.writing) }
                return PollInterest(descriptor, readiness)
            }
    }

    package var deadline: Int? {
        (clients.values.compactMap(\.connection.deadline) + [pausedUntil].compactMap(\.self)).min()
    }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        if let listener = listeners.first(where: { $0.descriptor == descriptor }) { return accept(listener, now) }
        guard let client = clients[descriptor] else { return }
        if readiness.contains(.reading), client.connection.wantsBytes { return receive(descriptor, now) }
        if readiness.contains(.writing) { send(descriptor, now) }
        if readiness.contains(.ended) { close(descriptor) }
    }

    package func timeOut(at now: Int) {
        if let until = pausedUntil, until <= now { pausedUntil = nil }
        for descriptor in clients.keys { step(descriptor, .timer, now) }
    }

    /// Answers a request. Where its client is gone nothing happens.
    package func answer(_ exchange: Exchange, _ response: HTTPResponse, at now: Int) {
        guard let descriptor = descriptors[exchange.number] else { return }
        step(descriptor, .answer(response), now)
    }

    /// Sends more of an answer that is a stream; whether its client is still there.
    @discardableResult
    package func append(_ bytes: [UInt8], to exchange: Exchange, at now: Int) -> Bool {
        guard let descriptor = descriptors[exchange.number] else { return false }
        step(descriptor, .more(bytes), now)
        return descriptors[exchange.number] != nil
    }

    /// Ends at once: nothing is accepted, nobody is answered, files of sockets are gone.
    package func stop() {
        for listener in listeners {
            calls.close(listener.descriptor)
            if case .unix(let path) = listener.address { calls.remove(path) }
        }
        listeners = []
        for descriptor in clients.keys { close(descriptor) }
    }

    private func accept(_ listener: Listener, _ now: Int) {
        do throws(SystemError) {
            while let descriptor = try calls.accept(listener.descriptor) { add(descriptor, listener.address.door, now) }
        } catch {
            // Out of descriptors or memory: the connection keeps waiting, and would wake the loop without end.
            pausedUntil = now + Self.pause
        }
    }

    private func add(_ descriptor: Int32, _ door: HTTPAccess.Door, _ now: Int) {
        if clients.count >= 2 * Self.connections, let slow = oldest({ $0.isSlow(at: now) }) { close(slow) }
        guard clients.count < 2 * Self.connections else { return calls.close(descriptor) }
        if isFull { makeRoom(now) }
        let comesTooMuch = isFull
        nextNumber += 1
        let connection = HTTPConnection(door: door, rules: rules, at: now, clock: calls.time)
        clients[descriptor] = Client(number: nextNumber, connection: connection)
        descriptors[nextNumber] = descriptor
        if comesTooMuch {
            step(descriptor, .refusal(HTTPRefusal(.serviceUnavailable, "There are too many connections.")), now)
        }
    }

    private var isFull: Bool { clients.values.count { !$0.connection.isLeaving } >= Self.connections }

    /// Closes the connection that has waited longest without a request, else refuses one whose head does not come, else
    /// closes one whose client does not take its answer, else one that has only just come or is between two requests.
    private func makeRoom(_ now: Int) {
        let isLate = { (connection: HTTPConnection) in connection.since + Self.patience <= now }
        if let idle = oldest({ $0.isIdle && isLate($0) }) { return close(idle) }
        if let slow = oldest({ $0.isInHead && isLate($0) }) {
            return step(slow, .refusal(HTTPRefusal(.requestTimeout, "The head does not come, and others wait.")), now)
        }
        let slow = oldest { $0.isSlow(at: now) && !$0.isLeaving }
        if let last = slow ?? oldest(\.isIdle) ?? oldest(\.hasWaitingBytes) { close(last) }
    }

    /// The connection of some in which nothing has happened for longest.
    private func oldest(_ isWanted: (HTTPConnection) -> Bool) -> Int32? {
        clients.filter { isWanted($0.value.connection) }.min {
            ($0.value.connection.since, $0.value.number) < ($1.value.connection.since, $1.value.number)
        }?.key
    }

    private func receive(_ descriptor: Int32, _ now: Int) {
        let result = buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(SystemError) in try calls.receive(descriptor, bytes) }
        }
        switch result {
        case .failure: close(descriptor)
        case .success(nil): break
        case .success(0): step(descriptor, .ended, now)
        case .success(let count?): step(descriptor, .bytes(buffer[..<count]), now)
        }
    }

    private func send(_ descriptor: Int32, _ now: Int) {
        guard let unsent = clients[descriptor]?.connection.unsent, !unsent.isEmpty else { return }
        let result = unsent.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in try calls.send(descriptor, bytes) }
        }
        switch result {
        case .failure: close(descriptor)
        case .success(nil): break
        case .success(let count?): step(descriptor, .sent(count), now)
        }
    }

    /// Takes inputs one after the other, those included that come up meanwhile.
    private func step(_ descriptor: Int32, _ input: HTTPConnection.Input, _ now: Int) {
        inputs.append((descriptor, input))
        guard !isStepping else { return }
        isStepping = true
        while !inputs.isEmpty {
            let (descriptor, input) = inputs.removeFirst()
            guard let effects = clients[descriptor]?.connection.step(input, at: now) else { continue }
            perform(effects, descriptor)
            // Sending is tried at once; the loop waits only where the client does not take it.
            send(descriptor, now)
        }
        isStepping = false
    }

    private func perform(_ effects: [HTTPConnection.Effect], _ descriptor: Int32) {
        for effect in effects {
            switch effect {
            case .request(let request):
                if let client = clients[descriptor] { handle(Exchange(number: client.number), request) }
            case .endWriting: calls.endWriting(descriptor)
            case .close: close(descriptor)
            }
        }
    }

    private func close(_ descriptor: Int32) {
        guard let client = clients.removeValue(forKey: descriptor) else { return }
        descriptors[client.number] = nil
        calls.close(descriptor)
    }
}
