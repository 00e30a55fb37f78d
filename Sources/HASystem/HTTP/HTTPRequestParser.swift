/// Sizes, in bytes and numbers, that a request may have.
package struct HTTPLimits: Sendable, Equatable {
    /// A line of the head without its end.
    package var line = 8 << 10
    /// All lines of the head together.
    package var head = 32 << 10
    package var fields = 100
    package var body = 16 << 20

    package init() {}
}

/// Reads one HTTP/1.1 request that comes in pieces, as RFC 9112 has it. What two readers could understand in two ways is
/// refused, so that nothing is smuggled past a proxy before this server.
///
/// `take` stops once when the head is whole, so that a request can be refused before its body comes.
package struct HTTPRequestParser {
    private enum State: Equatable {
        case requestLine, fields, head, length(left: Int), chunkSize, chunk(left: Int), chunkEnd, trailer, done
    }

    package private(set) var request = HTTPRequest()
    /// Bytes that the body may have; lowered or raised when the head is whole.
    var bodyLimit: Int
    private let limits: HTTPLimits
    private var state = State.requestLine
    /// What follows the head.
    private var afterHead = State.done
    private var line: [UInt8] = []
    private var headBytes = 0
    private var fieldCount = 0

    package init(_ limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        bodyLimit = limits.body
    }

    package var isDone: Bool { state == .done }
    /// Whether the head is whole and nothing of the body has been read.
    package var isAtHead: Bool { state == .head }
    /// Whether any byte of the request has come.
    var hasBegun: Bool { state != .requestLine || headBytes > 0 }
    /// Whether a body follows the head, or is being read.
    var hasBody: Bool { isAtHead ? afterHead != .done : isInBody }
    private var isInBody: Bool {
        switch state {
        case .requestLine, .fields, .head, .done: false
        case .length, .chunkSize, .chunk, .chunkEnd, .trailer: true
        }
    }

    /// Goes on after the head.
    package mutating func acceptHead() throws(HTTPRefusal) {
        if case .length(let length) = afterHead, length > bodyLimit { throw tooLarge }
        state = afterHead
    }

    /// Reads until the head is whole, or the request; how many bytes that took.
    package mutating func take(_ bytes: ArraySlice<UInt8>) throws(HTTPRefusal) -> Int {
        var rest = bytes
        while !rest.isEmpty, !isDone, !isAtHead {
            switch state {
            case .length(let left):
                let count = takeBody(&rest, left)
                state = count == left ? .done : .length(left: left - count)
            case .chunk(let left):
                let count = takeBody(&rest, left)
                state = count == left ? .chunkEnd : .chunk(left: left - count)
            case .requestLine, .fields, .chunkSize, .chunkEnd, .trailer, .head, .done:
                try takeLine(&rest)
            }
        }
        return bytes.count - rest.count
    }

    private mutating func takeBody(_ rest: inout ArraySlice<UInt8>, _ left: Int) -> Int {
        let piece = rest.prefix(left)
        request.body += piece
        rest = rest.dropFirst(piece.count)
        return piece.count
    }

    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(HTTPRefusal) {
        let lineFeed = UInt8(ascii: "\n")
        let carriageReturn = UInt8(ascii: "\r")
        while let byte = rest.popFirst() {
            headBytes += 1
            if headBytes > limits.head {
                throw HTTPRefusal(.fieldsTooLarge, "The head is longer than \(limits.head) bytes.")
            }
            if byte == lineFeed {
                guard line.last == carriageReturn else { throw malformed("A line ends without a carriage return.") }
                line.removeLast()
                let whole = line
                line.removeAll(keepingCapacity: true)
                return try end(whole)
            }
            if line.last == carriageReturn { throw malformed("A carriage return is not the end of a line.") }
            line.append(byte)
            if line.count > limits.line + 1 { throw tooLong }
        }
    }

    private mutating func end(_ line: [UInt8]) throws(HTTPRefusal) {
        switch state {
        case .requestLine:
            // One empty line before a request is forgiven (RFC 9112, 2.2).
            if line.isEmpty, headBytes == 2 { return }
            try endRequestLine(line)
        case .fields where line.isEmpty: try endHead()
        case .trailer where line.isEmpty: state = .done
        case .fields: request.fields.append(try field(line))
        case .trailer: _ = try field(line)
        case .chunkSize: try endChunkSize(line)
        case .chunkEnd:
            guard line.isEmpty else { throw malformed("A chunk is longer than its size.") }
            state = .chunkSize
        case .head, .length, .chunk, .done: break
        }
    }

    private mutating func endRequestLine(_ line: [UInt8]) throws(HTTPRefusal) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, (1...16).contains(parts[0].count), parts[0].allSatisfy(\.isTokenCharacter) else {
            throw malformed("The first line is not METHOD TARGET VERSION.")
        }
        request.isVersion10 = parts[2].elementsEqual("HTTP/1.0".utf8)
        guard request.isVersion10 || parts[2].elementsEqual("HTTP/1.1".utf8) else {
            throw parts[2].starts(with: "HTTP/".utf8)
                ? HTTPRefusal(.versionNotSupported, "This server speaks HTTP/1.1.")
                : malformed("The first line ends with no version of HTTP.")
        }
        let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
        guard parts[1].first == UInt8(ascii: "/"),
            parts[1].allSatisfy({ visible.contains($0) && $0 != UInt8(ascii: "#") })
        else { throw malformed("The target is not a path.") }
        request.method = String(decoding: parts[0], as: UTF8.self)
        request.target = String(decoding: parts[1], as: UTF8.self)
        request.keepsAlive = !request.isVersion10
        state = .fields
    }

    /// Also refuses a line that goes on with the field before, and blanks before the colon.
    private mutating func field(_ line: [UInt8]) throws(HTTPRefusal) -> HTTPRequest.Field {
        fieldCount += 1
        if fieldCount > limits.fields {
            throw HTTPRefusal(.fieldsTooLarge, "There are more than \(limits.fields) fields.")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(\.isTokenCharacter)
        else { throw malformed("A line of the head is not NAME: VALUE.") }
        let tab = UInt8(ascii: "\t")
        let blank = UInt8(ascii: " ")
        guard line[colon...].allSatisfy({ $0 == tab || ($0 >= blank && $0 != 0x7F) }) else {
            throw malformed("A field has a control character.")
        }
        let value = line[(colon + 1)...].drop { $0 == tab || $0 == blank }
        let end = value.lastIndex { $0 != tab && $0 != blank }.map { $0 + 1 } ?? value.startIndex
        return HTTPRequest.Field(
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            String(decoding: value[value.startIndex..<end], as: UTF8.self))
    }

    private mutating func endHead() throws(HTTPRefusal) {
        state = .head
        let hosts = values("host")
        guard hosts.count == 1 || (hosts.isEmpty && request.isVersion10) else {
            throw malformed(hosts.isEmpty ? "The field Host is missing." : "The field Host stands twice.")
        }
        let options = values("connection").flatMap { $0.lowercased().split(separator: ",") }
        if options.contains(where: { $0.trimmingBlanks == "close" }) { request.keepsAlive = false }
        afterHead = try framing()
        guard let expected = request.field("expect") else { return }
        guard expected.lowercased() == "100-continue" else {
            throw HTTPRefusal(.expectationFailed, "The only thing to expect is 100-continue.")
        }
        request.expectsContinue = afterHead != .done && !request.isVersion10
    }

    private func values(_ name: String) -> [String] { request.fields.filter { $0.name == name }.map(\.value) }

    /// How the body is delimited.
    private func framing() throws(HTTPRefusal) -> State {
        let lengths = values("content-length")
        let codings = values("transfer-encoding")
        guard codings.isEmpty else {
            guard lengths.isEmpty else { throw malformed("Content-Length and Transfer-Encoding exclude each other.") }
            guard !request.isVersion10 else { throw malformed("HTTP/1.0 has no Transfer-Encoding.") }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw HTTPRefusal(.notImplemented, "The only Transfer-Encoding is chunked.")
            }
            return .chunkSize
        }
        guard let length = lengths.first else { return .done }
        guard lengths.count == 1, (1...18).contains(length.utf8.count), length.utf8.allSatisfy(\.isDecimalDigit),
            let count = Int(length)
        else { throw malformed("Content-Length is not one number.") }
        return count == 0 ? .done : .length(left: count)
    }

    private mutating func endChunkSize(_ line: [UInt8]) throws(HTTPRefusal) {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        guard (1...8).contains(digits.count), digits.allSatisfy(\.isHexDigit),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw malformed("The size of a chunk is not 1 to 8 hexadecimal digits.") }
        if request.body.count + size > bodyLimit { throw tooLarge }
        headBytes = 0
        state = size == 0 ? .trailer : .chunk(left: size)
    }

    private func malformed(_ reason: String) -> HTTPRefusal { HTTPRefusal(.badRequest, reason) }

    private var tooLong: HTTPRefusal {
        state == .requestLine
            ? HTTPRefusal(.targetTooLong, "The first line is longer than \(limits.line) bytes.")
            : HTTPRefusal(.fieldsTooLarge, "A line of the head is longer than \(limits.line) bytes.")
    }

    private var tooLarge: HTTPRefusal { HTTPRefusal(.contentTooLarge, "The body is longer than \(bodyLimit) bytes.") }
}

extension UInt8 {
    /// Whether a method or the name of a field may have this (RFC 9110, 5.6.2).
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}

extension StringProtocol {
    /// Without blanks and tabs at both ends.
    var trimmingBlanks: SubSequence {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return self[endIndex...] }
        return start[...last]
    }
}
