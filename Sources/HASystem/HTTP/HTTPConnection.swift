/// Times in milliseconds after which a connection is given up.
package struct HTTPTimes: Sendable, Equatable {
    /// From the first byte of a head to its end; also from the connection to its first byte.
    package var head = 10_000
    /// Between two pieces of a body.
    package var body = 30_000
    /// Between two requests.
    package var idle = 60_000
    /// Between two pieces of an answer that the client takes.
    package var write = 30_000
    /// What the client still sends after the last answer is read and dropped so long: a connection that is closed with
    /// bytes unread is reset, and the reset overtakes the answer.
    package var linger = 1_000

    package init() {}
}

/// What a server does with every request.
package struct HTTPRules: Sendable {
    package var limits = HTTPLimits()
    package var times = HTTPTimes()
    /// Asked when a head is whole and before the body comes: the bytes that the body may have.
    package var admit: @Sendable (HTTPRequest, HTTPAccess.Door) throws(HTTPRefusal) -> Int

    package init(admit: @escaping @Sendable (HTTPRequest, HTTPAccess.Door) throws(HTTPRefusal) -> Int) {
        self.admit = admit
    }
}

/// One connection of a client, without its socket: bytes and times go in, requests and bytes come out.
///
/// One request at a time is answered; what the client sends meanwhile waits, and after an answer for the next `timer`, so
/// that a client that sends many requests at once does not keep the others waiting.
struct HTTPConnection {
    enum Input {
        case bytes(ArraySlice<UInt8>)
        /// The client sends no more.
        case ended
        /// So many bytes of `unsent` are sent.
        case sent(Int)
        case answer(HTTPResponse)
        /// The server cannot go on with it.
        case refusal(HTTPRefusal)
        /// More of an answer that is a stream.
        case more([UInt8])
        /// Nothing but the time.
        case timer
    }

    enum Effect: Equatable {
        case request(HTTPRequest)
        /// Nothing more is sent.
        case endWriting
        case close
    }

    private enum Phase: Equatable { case reading, answering, streaming, sending(last: Bool), lingering, closed }

    /// Bytes that a slow client of a stream may leave unread.
    static let streamBacklog = 1 << 20
    /// A client that has taken nothing of an answer for so long is slow, in milliseconds.
    static let patience = 1_000
    /// So is one that has not taken the whole answer after so long, in milliseconds.
    static let patienceForAll = 10_000

    /// What waits to be sent, after what has been sent of it.
    private var output: [UInt8] = []
    private var sentCount = 0
    /// When something happened last, or began, by the phase.
    private(set) var since: Int
    /// When the answer that is being sent began.
    private var answeredAt = 0
    private let door: HTTPAccess.Door
    private let rules: HTTPRules
    /// Seconds since 1970.
    private let clock: @Sendable () -> Int
    private var phase = Phase.reading
    private var parser: HTTPRequestParser
    /// Bytes of the next request.
    private var waiting: ArraySlice<UInt8> = []
    /// Whether a request was answered on it.
    private var hasAnswered = false
    private var hasEnded = false

    init(door: HTTPAccess.Door, rules: HTTPRules, at now: Int, clock: @escaping @Sendable () -> Int) {
        self.door = door
        self.rules = rules
        self.clock = clock
        parser = HTTPRequestParser(rules.limits)
        since = now
    }

    /// What waits to be sent.
    var unsent: ArraySlice<UInt8> { output[sentCount...] }

    /// Whether bytes of the client are wanted. While an answer is made nothing is read, so that a client that sends on waits.
    var wantsBytes: Bool {
        switch phase {
        case .reading: !hasEnded && !hasWaitingBytes
        case .lingering: true
        case .streaming: !hasEnded
        case .answering, .sending, .closed: false
        }
    }

    /// Whether an answer is sent, and what the client sent before waits to be read.
    var hasWaitingBytes: Bool { phase == .reading && !waiting.isEmpty }

    /// Whether no request is under way: such connections are closed first.
    var isIdle: Bool { phase == .reading && !parser.hasBegun && !hasWaitingBytes }

    /// Whether the client takes its answer so slowly that the connection may have to go for a new one.
    func isSlow(at now: Int) -> Bool {
        switch phase {
        case .sending: since + Self.patience <= now || answeredAt + Self.patienceForAll <= now
        case .streaming: !unsent.isEmpty && since + Self.patience <= now
        case .reading, .answering, .lingering, .closed: false
        }
    }

    /// Whether nothing but the end of the last answer is under way.
    var isLeaving: Bool { phase == .lingering || phase == .sending(last: true) }

    /// Whether the client has not sent a whole head yet.
    var isInHead: Bool { phase == .reading && parser.hasBegun && !parser.hasBody }

    /// When `timer` is due, in milliseconds; nil: never.
    var deadline: Int? {
        let times = rules.times
        return switch phase {
        case .closed, .answering: nil
        case .streaming: unsent.isEmpty ? nil : since + times.write
        case .sending: since + times.write
        case .lingering: since + times.linger
        case .reading where hasWaitingBytes: since
        case .reading where !parser.hasBegun: since + (hasAnswered ? times.idle : times.head)
        case .reading: since + (parser.hasBody ? times.body : times.head)
        }
    }

    mutating func step(_ input: Input, at now: Int) -> [Effect] {
        switch input {
        case .bytes(let bytes): receive(bytes, now)
        case .ended: end(now)
        case .sent(let count): sent(count, now)
        case .answer(let response): answer(response, now)
        case .refusal(let refusal): refuse(refusal, now)
        case .more(let bytes): stream(bytes, now)
        case .timer: deadline.map { $0 <= now } == true ? expire(now) : []
        }
    }

    private mutating func receive(_ bytes: ArraySlice<UInt8>, _ now: Int) -> [Effect] {
        // What comes while lingering, or beside a stream, is dropped.
        guard phase == .reading else { return [] }
        waiting += bytes
        if !parser.hasBegun || parser.hasBody { since = now }
        return read(now)
    }

    private mutating func read(_ now: Int) -> [Effect] {
        do throws(HTTPRefusal) {
            while !waiting.isEmpty, phase == .reading {
                waiting = waiting.dropFirst(try parser.take(waiting))
                if parser.isAtHead { try acceptHead(now) }
                if parser.isDone, phase == .reading {
                    phase = .answering
                    return [.request(parser.request)]
                }
            }
        } catch {
            write(HTTPResponse(error), keepsAlive: false, now)
        }
        return []
    }

    private mutating func acceptHead(_ now: Int) throws(HTTPRefusal) {
        let hasBody = parser.hasBody
        do throws(HTTPRefusal) {
            parser.bodyLimit = try rules.admit(parser.request, door)
        } catch {
            // Where no body follows, the next request can be read.
            return write(HTTPResponse(error), keepsAlive: parser.request.keepsAlive && !hasBody, now)
        }
        try parser.acceptHead()
        since = now
        if parser.request.expectsContinue { output += "HTTP/1.1 100 Continue\r\n\r\n".utf8 }
    }

    private mutating func answer(_ response: HTTPResponse, _ now: Int) -> [Effect] {
        guard phase == .answering else { return [] }
        let keepsAlive = parser.request.keepsAlive && !hasEnded && response.body != .stream
        write(response, keepsAlive: keepsAlive, now)
        if response.body == .stream { phase = parser.request.method == "HEAD" ? .sending(last: true) : .streaming }
        return []
    }

    private mutating func refuse(_ refusal: HTTPRefusal, _ now: Int) -> [Effect] {
        guard phase == .reading else { return [] }
        write(HTTPResponse(refusal), keepsAlive: false, now)
        return []
    }

    private mutating func write(_ response: HTTPResponse, keepsAlive: Bool, _ now: Int) {
        let request = parser.isDone || parser.isAtHead ? parser.request : nil
        output += response.bytes(to: request, keepsAlive: keepsAlive, time: clock())
        phase = .sending(last: !keepsAlive)
        since = now
        answeredAt = now
    }

    private mutating func stream(_ bytes: [UInt8], _ now: Int) -> [Effect] {
        guard phase == .streaming else { return [] }
        if unsent.isEmpty { since = now }
        // What has been sent goes before there is as much of it again.
        if sentCount > Self.streamBacklog {
            output.removeFirst(sentCount)
            sentCount = 0
        }
        output += bytes
        guard unsent.count > Self.streamBacklog else { return [] }
        return close()
    }

    private mutating func sent(_ count: Int, _ now: Int) -> [Effect] {
        sentCount += min(count, unsent.count)
        if count > 0 { since = now }
        guard unsent.isEmpty else { return [] }
        discardOutput()
        switch phase {
        case .sending(last: true):
            if hasEnded { return close() }
            phase = .lingering
            return [.endWriting]
        case .sending(last: false):
            hasAnswered = true
            parser = HTTPRequestParser(rules.limits)
            phase = .reading
            return []
        case .reading, .answering, .streaming, .lingering, .closed: return []
        }
    }

    private mutating func end(_ now: Int) -> [Effect] {
        hasEnded = true
        switch phase {
        // A request that is only half there is not answered: nobody knows what it would have been.
        case .reading, .streaming, .lingering: return close()
        // A client may end its side and wait for the answer.
        case .answering, .sending, .closed: return []
        }
    }

    private mutating func expire(_ now: Int) -> [Effect] {
        if hasWaitingBytes {
            since = now
            return read(now)
        }
        guard phase == .reading, parser.hasBegun else { return close() }
        let refusal =
            parser.hasBody
            ? HTTPRefusal(.requestTimeout, "The body does not come.")
            : HTTPRefusal(.requestTimeout, "The head is not whole after \(rules.times.head / 1000) s.")
        write(HTTPResponse(refusal), keepsAlive: false, now)
        return []
    }

    private mutating func close() -> [Effect] {
        phase = .closed
        discardOutput()
        return [.close]
    }

    private mutating func discardOutput() {
        output = []
        sentCount = 0
    }
}
