import HATemplate

/// What the proxy answered to one request, in terms of the output.
package struct RouteAnswer: Sendable, Equatable {
    /// The way in that the request took.
    package var entrance: Relocation.Entrance
    /// The name of the frontend or `listen`; of nginx's server block its first name.
    package var frontend: String
    /// The name that the request is for, in lower case, without a port.
    package var host = ""
    /// The backend or upstream, or the address where a location names one; nil where the proxy answered by itself.
    package var backend: String?
    /// nil where none was chosen.
    package var server: String?
    /// nil for a connection without a request, and where the proxy gave none.
    package var status: Int?
    /// Names in lower case.
    package var headers: [RouteRequest.Header] = []
    /// The statements of the output whose rules applied, in their order: of nginx the server block, locations and
    /// `if`s that the request went through.
    package var rules: [Int] = []
    /// nginx: the statement that names the server that was asked.
    package var target: Int?

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
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
