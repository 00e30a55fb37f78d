import HATemplate

/// What the proxy answered to one request, in terms of the output.
package struct RouteAnswer: Sendable, Equatable {
    /// The way in that the request took.
    package var entrance: Relocation.Entrance
    /// The name of the frontend, or of the `listen`.
    package var frontend: String
    /// nil where the proxy answered by itself.
    package var backend: String?
    /// nil where none was chosen.
    package var server: String?
    /// nil for a connection without a request, and where the proxy gave none.
    package var status: Int?
    /// Names in lower case.
    package var headers: [RouteRequest.Header] = []
    /// 1-based lines of the output whose rules applied, in their order.
    package var rules: [Int] = []

    package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

/// The start of an answer of HTTP.
struct ResponseHead: Equatable {
    var status: Int
    var headers: [RouteRequest.Header]

    /// nil for what is none.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else { return nil }
        self.status = status
        headers = lines.dropFirst().prefix { !$0.isEmpty }.compactMap { RouteRequest.Header(String($0)) }
    }
}
