import HASystem

/// What must hold of every request: it is read in the same way however its bytes come, no byte is read twice, and what is
/// taken for a request is within the limits.
enum HTTPFuzz {
    private enum Outcome: Equatable {
        case request(HTTPRequest, taken: Int)
        case refused(HTTPRefusal)
        case unfinished
    }

    static func complaint(_ input: [UInt8]) -> String? {
        let whole = read(input, pieces: input.count)
        for size in [1, 3, 64] where read(input, pieces: size) != whole {
            return "read in pieces of \(size) it is another request"
        }
        guard case .request(let request, let taken) = whole else { return nil }
        if taken > input.count { return "\(taken) of \(input.count) bytes read" }
        if request.body.count > limits.body || request.fields.count > limits.fields { return "over the limits" }
        // Decoding must not trap.
        _ = (request.segments, request.query, request.field("host"))
        return nil
    }

    private static let limits = {
        var limits = HTTPLimits()
        limits.line = 64
        limits.head = 512
        limits.fields = 8
        limits.body = 256
        return limits
    }()

    private static func read(_ input: [UInt8], pieces size: Int) -> Outcome {
        var parser = HTTPRequestParser(limits)
        var rest = input[...]
        do throws(HTTPRefusal) {
            while !rest.isEmpty, !parser.isDone {
                rest = rest.dropFirst(try parser.take(rest.prefix(max(size, 1))))
                if parser.isAtHead { try parser.acceptHead() }
            }
        } catch {
            return .refused(error)
        }
        return parser.isDone ? .request(parser.request, taken: input.count - rest.count) : .unfinished
    }
}
