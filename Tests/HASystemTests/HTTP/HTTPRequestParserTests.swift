import Testing

@testable import HASystem

@Suite("Requests of HTTP/1.1") struct HTTPRequestParserTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let text: String
        /// The status; nil where the request is taken.
        let status: HTTPStatus?

        init(_ name: String, _ text: String, _ status: HTTPStatus?) {
            self.name = name
            self.text = text
            self.status = status
        }

        var testDescription: String { name }
    }

    private static let host = "Host: x\r\n"

    private static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\n\(fields)\r\n" }
    private static func post(_ fields: String, _ body: String) -> String {
        "POST / HTTP/1.1\r\n\(host)\(fields)\r\n\r\n\(body)"
    }
    private static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked", body) }

    /// Rows of what a strict server refuses, and siblings that it takes.
    static let rows: [Case] = heads + targets + lengths + chunks

    private static let heads: [Case] = [
        Case("plain", get(host), nil),
        Case("no blank after the colon", get("Host:x\r\n"), nil),
        Case("blanks and tabs around a value", get("Host: \t x \t\r\n"), nil),
        Case("letters outside ASCII in a value", get("\(host)A: münchen\r\n"), nil),
        Case("an empty line before", "\r\n" + get(host), nil),
        Case("two empty lines before", "\r\n\r\n" + get(host), .badRequest),
        Case("bare line feed", "GET / HTTP/1.1\n\(host)\r\n", .badRequest),
        Case("bare line feed in a field", get("Host: x\n"), .badRequest),
        Case("bare carriage return", get("Host: x\rA: b\r\n"), .badRequest),
        Case("NUL in a field", get("\(host)A: \0\r\n"), .badRequest),
        Case("DEL in a field", get("\(host)A: \u{7F}\r\n"), .badRequest),
        Case("escape in a field", get("\(host)A: \u{1B}[0m\r\n"), .badRequest),
        Case("folded line", get("\(host) folded\r\n"), .badRequest),
        Case("folded line with a tab", get("\(host)\tfolded\r\n"), .badRequest),
        Case("blank before the colon", get("Host : x\r\n"), .badRequest),
        Case("field without a name", get("\(host): x\r\n"), .badRequest),
        Case("field without a colon", get("\(host)x\r\n"), .badRequest),
        Case("blank in a name", get("\(host)a b: x\r\n"), .badRequest),
        Case("no Host", get(""), .badRequest),
        Case("two Hosts", get(host + host), .badRequest),
        Case("no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", nil),
        Case("a long field", get("\(host)A: \(String(repeating: "a", count: 9_000))\r\n"), .fieldsTooLarge),
        Case("100 fields", get(host + String(repeating: "A: b\r\n", count: 99)), nil),
        Case("101 fields", get(host + String(repeating: "A: b\r\n", count: 100)), .fieldsTooLarge),
        Case(
            "a long head", get(host + String(repeating: "A: \(String(repeating: "b", count: 8_000))\r\n", count: 5)),
            .fieldsTooLarge),
        Case("Expect 100-continue", post("Content-Length: 1\r\nExpect: 100-continue", "a"), nil),
        Case("another Expect", get("\(host)Expect: x\r\n"), .expectationFailed),
    ]

    private static let targets: [Case] = [
        Case("query", "GET /a?b=c&d HTTP/1.1\r\n\(host)\r\n", nil),
        Case("two blanks", "GET  / HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a tab for a blank", "GET\t/ HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a blank after the version", "GET / HTTP/1.1 \r\n\(host)\r\n", .badRequest),
        Case("no version", "GET /\r\n\(host)\r\n", .badRequest),
        Case("another version", "GET / HTTP/2.0\r\n\(host)\r\n", .versionNotSupported),
        Case("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported),
        Case("a version in lower case", "GET / http/1.1\r\n\(host)\r\n", .badRequest),
        Case("an address for a target", "GET http://x/ HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a star for a target", "OPTIONS * HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a fragment", "GET /#a HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a control character", "GET /\u{01} HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a letter outside ASCII", "GET /ü HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a method that is no word", "G@T / HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("no method", " / HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a long method", "\(String(repeating: "G", count: 17)) / HTTP/1.1\r\n\(host)\r\n", .badRequest),
        Case("a long target", "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n\(host)\r\n", .targetTooLong),
    ]

    private static let lengths: [Case] = [
        Case("a body", post("Content-Length: 3", "abc"), nil),
        Case("an empty body", post("Content-Length: 0", ""), nil),
        Case("two lengths", post("Content-Length: 3\r\nContent-Length: 3", "abc"), .badRequest),
        Case("a list of lengths", post("Content-Length: 3, 3", "abc"), .badRequest),
        Case("a sign", post("Content-Length: +3", "abc"), .badRequest),
        Case("a negative length", post("Content-Length: -3", "abc"), .badRequest),
        Case("a hexadecimal length", post("Content-Length: 0x3", "abc"), .badRequest),
        Case("a blank in a length", post("Content-Length: 3 3", "abc"), .badRequest),
        Case("no length", post("Content-Length:", "abc"), .badRequest),
        Case("19 digits", post("Content-Length: 0000000000000000003", "abc"), .badRequest),
        Case("digits of another script", post("Content-Length: ٣", "abc"), .badRequest),
        Case("a length over the limit", post("Content-Length: 999999999", ""), .contentTooLarge),
        Case("length and coding", post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), .badRequest),
        Case("coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n"), .badRequest),
    ]

    private static let chunks: [Case] = [
        Case("chunks", chunked("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), nil),
        Case("an extension", chunked("3;a=b\r\nabc\r\n0\r\n\r\n"), nil),
        Case("a trailer", chunked("0\r\nA: b\r\n\r\n"), nil),
        Case("a trailer that is no field", chunked("0\r\nA\r\n\r\n"), .badRequest),
        Case(
            "coding in HTTP/1.0", "POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .badRequest),
        Case("two codings", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), .notImplemented),
        Case(
            "coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
            .notImplemented),
        Case("an unknown coding", post("Transfer-Encoding: xchunked", "0\r\n\r\n"), .notImplemented),
        Case("identity", post("Transfer-Encoding: identity", ""), .notImplemented),
        Case("no size", chunked("\r\n\r\n"), .badRequest),
        Case("a bare line feed after a size", chunked("3\nabc\r\n0\r\n\r\n"), .badRequest),
        Case("a long chunk", chunked("3\r\nabcX\r\n0\r\n\r\n"), .badRequest),
        Case("a negative size", chunked("-3\r\nabc\r\n0\r\n\r\n"), .badRequest),
        Case("a size with 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n"), .badRequest),
        Case("a blank before a size", chunked(" 3\r\nabc\r\n0\r\n\r\n"), .badRequest),
        Case("nine digits", chunked("fffffffff\r\n"), .badRequest),
        Case("a size over the limit", chunked("ffffffff\r\n"), .contentTooLarge),
    ]

    /// Reads in pieces of so many bytes.
    private static func read(_ text: String, _ size: Int) -> Result<HTTPRequest?, HTTPRefusal> {
        Result { () throws(HTTPRefusal) in
            var parser = HTTPRequestParser()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty, !parser.isDone {
                let count = try parser.take(rest.prefix(size))
                rest = rest.dropFirst(count)
                if parser.isAtHead { try parser.acceptHead() }
            }
            return parser.isDone ? parser.request : nil
        }
    }

    @Test("what is ambiguous is refused, however the bytes come", arguments: rows)
    func row(_ row: Case) {
        for size in [1, 7, 100_000] {
            switch Self.read(row.text, size) {
            case .success(let request): #expect(request != nil && row.status == nil, "in pieces of \(size)")
            case .failure(let refusal): #expect(refusal.status == row.status, "\(refusal.reason), in pieces of \(size)")
            }
        }
    }

    @Test("method, path, query, fields and body")
    func request() throws {
        let text =
            "POST /api/a%20b?table=edge&x=1%2B2+3&y HTTP/1.1\r\nHost: x\r\nACCEPT: a\r\nAccept: b\r\nConnection: x, Close\r\n"
            + "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        let request = try #require(try Self.read(text, 5).get())
        #expect(request.method == "POST")
        #expect(request.path == "/api/a%20b")
        #expect(request.segments == ["api", "a b"])
        let query = [("table", "edge"), ("x", "1+2 3"), ("y", "")].map { HTTPRequest.Field($0.0, $0.1) }
        #expect(request.query == query)
        #expect(request.field("accept") == "a, b")
        #expect(request.field("none") == nil)
        #expect(request.body == Array("abcde".utf8))
        #expect(!request.keepsAlive)
    }

    @Test(
        "paths that hide something have no segments",
        arguments: ["/%2e%2e/a", "/../a", "/.", "/a%2fb", "/a%00", "/%", "/%4", "/%zz", "/%ff", "/a%0a"])
    func hiddenPaths(_ path: String) throws {
        let request = try #require(try Self.read("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n", 100).get())
        #expect(request.segments == nil)
    }
}
