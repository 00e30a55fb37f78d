import CSystem

/// Asks other systems, without waiting: a loop drives it, and answers come in pieces.
///
/// It is made of libcurl, which is looked for when the first client is made.
package final class HTTPClient: Pollable {
    package enum Event: Sendable, Equatable {
        case head(HTTPAnswerHead)
        /// More of the body.
        case bytes([UInt8])
        /// Nothing more comes; nil: all is there.
        case ended(HTTPFailure?)
    }

    /// One request and its answer.
    package struct Call: Sendable, Hashable {
        let number: UInt64
    }

    private struct Transfer {
        let call: Call
        let limits: HTTPCall.Limits
        let handle: (Event) -> Void
        var hasHead = false
        var size = 0
    }

    private let client: OpaquePointer
    private var transfers: [OpaquePointer: Transfer] = [:]
    private var nextNumber: UInt64 = 0

    /// - Parameter load: finds libcurl; why there is none.
    package init(load: () -> String? = { cs_http_load().map { String(cString: $0) } }) throws(HTTPClientMissing) {
        if let reason = load() { throw HTTPClientMissing(reason: reason) }
        guard let client = cs_http_new() else { throw HTTPClientMissing(reason: "there is no memory for libcurl") }
        self.client = client
    }

    deinit {
        for transfer in transfers.keys { cs_transfer_free(transfer) }
        cs_http_free(client)
    }

    /// Begins a call. Its events come from `ready` and `timeOut`, never from here.
    ///
    /// Returns nil where there is no memory or libcurl cannot do what is asked.
    package func start(_ call: HTTPCall, _ handle: @escaping (Event) -> Void) -> Call? {
        guard let transfer = begin(call) else { return nil }
        nextNumber += 1
        let number = Call(number: nextNumber)
        transfers[transfer] = Transfer(call: number, limits: call.limits, handle: handle)
        return number
    }

    /// Ends a call; nothing more comes of it.
    package func stop(_ call: Call) {
        guard let transfer = transfers.first(where: { $0.value.call == call })?.key else { return }
        transfers[transfer] = nil
        cs_transfer_free(transfer)
    }

    // MARK: The loop

    package var interests: [PollInterest] {
        let count = cs_http_sockets(client, nil, 0)
        let sockets = [cs_http_socket](unsafeUninitializedCapacity: count) { buffer, used in
            used = min(cs_http_sockets(client, buffer.baseAddress, count), count)
        }
        return sockets.map { socket in
            var readiness: PollReadiness = []
            if Int(socket.readiness) & CS_HTTP_READS != 0 { readiness.insert(.reading) }
            if Int(socket.readiness) & CS_HTTP_WRITES != 0 { readiness.insert(.writing) }
            return PollInterest(socket.descriptor, readiness)
        }
    }

    package var deadline: Int? {
        let deadline = cs_http_deadline(client)
        return deadline < 0 ? nil : Int(deadline)
    }

    package func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {
        var sides = 0
        if readiness.contains(.reading) || readiness.contains(.ended) { sides |= CS_HTTP_READS }
        if readiness.contains(.writing) { sides |= CS_HTTP_WRITES }
        cs_http_ready(client, descriptor, Int32(truncatingIfNeeded: sides))
        deliver()
    }

    package func timeOut(at now: Int) {
        cs_http_time_out(client)
        deliver()
    }

    // MARK: Answers

    private func deliver() {
        for transfer in Array(transfers.keys) { takePieces(of: transfer) }
        var code: Int32 = 0
        while let transfer = cs_http_ended(client, &code) { end(transfer, code) }
    }

    /// A handler may stop any call, its own included.
    private func takePieces(of transfer: OpaquePointer) {
        guard let known = transfers[transfer] else { return }
        if !known.hasHead, let head = head(of: transfer), !isPassedOver(head, known.limits) {
            transfers[transfer]?.hasHead = true
            known.handle(.head(head))
            guard transfers[transfer] != nil else { return }
        }
        var count = 0
        guard let bytes = cs_transfer_take(transfer, &count), count > 0 else { return }
        // A stream has no end, and so no length.
        let size = (known.limits.whole == nil ? 0 : known.size) + count
        guard size <= known.limits.size else {
            transfers[transfer] = nil
            cs_transfer_free(transfer)
            return known.handle(.ended(HTTPFailure(.tooLarge, "the answer is longer than \(known.limits.size) bytes")))
        }
        transfers[transfer]?.size = size
        known.handle(.bytes(Array(UnsafeBufferPointer(start: bytes, count: count))))
    }

    /// `100 Continue`, and what leads to another place.
    private func isPassedOver(_ head: HTTPAnswerHead, _ limits: HTTPCall.Limits) -> Bool {
        head.status < 200
            || (limits.redirects > 0 && (300..<400).contains(head.status) && head.field("location") != nil)
    }

    private func head(of transfer: OpaquePointer) -> HTTPAnswerHead? {
        var count = 0
        guard let start = cs_transfer_head(transfer, &count) else { return nil }
        return HTTPAnswerHead(lines: [UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    }

    private func end(_ transfer: OpaquePointer, _ code: Int32) {
        guard let known = transfers.removeValue(forKey: transfer) else { return }
        let failure =
            code == 0
            ? nil : HTTPFailure(Self.cause(code), String(cString: cs_transfer_error(transfer, code)))
        cs_transfer_free(transfer)
        known.handle(.ended(failure))
    }

    /// What libcurl's number means.
    private static func cause(_ code: Int32) -> HTTPFailure.Cause {
        switch code {
        case 5, 6, 7: .unreachable
        case 28: .late
        case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: .untrusted
        case 18, 52, 55, 56: .cut
        case 63: .tooLarge
        default: .nonsense
        }
    }

    private func begin(_ call: HTTPCall) -> OpaquePointer? {
        let fields = call.fields.map { "\($0.name): \($0.value)" }
        let socket: String? = if case .unixSocket(let path) = call.server { path } else { nil }
        let texts = CTexts(
            [call.method, call.url, socket] + [
                call.identity.authorities, call.identity.certificate, call.identity.key,
            ] + fields)
        guard let texts else { return nil }
        var request = cs_http_request()
        request.method = texts[0]
        request.url = texts[1]
        request.unix_socket = texts[2]
        request.authorities = texts[3]
        request.certificate = texts[4]
        request.key = texts[5]
        request.connect_time = call.limits.connecting
        request.silence_time = call.limits.silence ?? 0
        request.whole_time = call.limits.whole ?? 0
        request.redirects = call.limits.redirects
        request.field_count = fields.count
        return withExtendedLifetime(texts) {
            texts.pointers.withUnsafeBufferPointer { list in
                request.fields = list.dropFirst(6).isEmpty ? nil : list.baseAddress?.advanced(by: 6)
                return (call.body ?? []).withUnsafeBytes { bytes in
                    // A body without bytes has an address too, which says that there is one.
                    request.body = call.body == nil ? nil : bytes.baseAddress ?? UnsafeRawPointer(texts[0])
                    request.body_length = bytes.count
                    return cs_http_start(client, &request)
                }
            }
        }
    }
}

/// Texts of C, as long as this lives.
private final class CTexts {
    let pointers: [UnsafePointer<CChar>?]

    /// nil: a text has a NUL or a line break, which would end it, or begin another field.
    init?(_ texts: [String?]) {
        guard !texts.contains(where: { $0?.utf8.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D } == true }) else {
            return nil
        }
        pointers = texts.map { text in text.flatMap { strdup($0) }.map { UnsafePointer($0) } }
    }

    deinit { pointers.forEach { free(UnsafeMutablePointer(mutating: $0)) } }

    subscript(index: Int) -> UnsafePointer<CChar>? { pointers[index] }
}
