/// What a client asks for.
package struct HTTPRequest: Sendable, Equatable {
    /// A field of the head or of an answer; names of requests are in lower case.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// As it was sent: `GET`.
    package internal(set) var method = ""
    /// Path and query as they were sent: `/annotations/a%20b?table=edge`. It begins with a slash.
    package internal(set) var target = ""
    package internal(set) var fields: [Field] = []
    package internal(set) var body: [UInt8] = []
    var isVersion10 = false
    /// Whether the connection may carry another request afterwards.
    var keepsAlive = true
    /// Whether the client waits for a word before it sends the body.
    var expectsContinue = false

    package init() {}

    /// The path without the query, percent-encoded as it was sent.
    package var path: Substring { target.prefix { $0 != "?" } }

    /// The value of a field, by its name in lower case; several are joined with commas, as RFC 9110 (5.3) has it.
    package func field(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The parts of the path between slashes, decoded; nil where an escape is broken, is no UTF-8, or hides a slash or a
    /// control character.
    package var segments: [String]? {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let decoded = parts.compactMap { Self.decoded($0, plusIsBlank: false) }
        guard decoded.count == parts.count, !decoded.contains(where: Self.isHiding) else { return nil }
        return decoded
    }

    private static func isHiding(_ segment: String) -> Bool {
        segment == "." || segment == ".." || segment.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == 0x2F }
    }

    /// Names and values of the query, decoded, in their order; nil where an escape is broken.
    package var query: [Field]? {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        let parts = target[target.index(after: mark)...].split(separator: "&")
        let fields = parts.compactMap { part -> Field? in
            let equals = part.firstIndex(of: "=") ?? part.endIndex
            guard let name = Self.decoded(part[..<equals], plusIsBlank: true),
                let value = Self.decoded(part[equals...].dropFirst(), plusIsBlank: true)
            else { return nil }
            return Field(name, value)
        }
        return fields.count == parts.count ? fields : nil
    }

    private static func decoded(_ text: Substring, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.isHexDigit),
                    let number = UInt8(String(Substring(digits)), radix: 16)
                else { return nil }
                bytes.append(number)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether this is one of `0` to `9`, `a` to `f`, `A` to `F`.
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Whether this is one of `0` to `9`.
    var isDecimalDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

/// Why a request is not served.
package struct HTTPRefusal: Error, Sendable, Equatable {
    package let status: HTTPStatus
    /// For people, without a line break.
    package let reason: String
    /// What the status asks for, such as `Allow`.
    package let fields: [HTTPRequest.Field]

    package init(_ status: HTTPStatus, _ reason: String, _ fields: [HTTPRequest.Field] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
    }
}
