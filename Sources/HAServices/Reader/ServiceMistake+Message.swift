import HATemplate

// The words of every mistake: one sentence that names what was found and what is expected.
extension ServiceMistake {
    /// Whether a key is one that people put around a list of services.
    static func isWrapper(_ key: String) -> Bool {
        ["service", "services", "items", "apps"].contains(key.lowercased())
    }

    var message: String {
        switch self {
        case .notAService, .unknownKey, .misplacedKey, .duplicateKey, .notText, .notAnInteger, .integerAsText,
            .integerAsFloat, .notAList, .textForList, .notADomain, .notAHost, .notAnObject:
            shapeMessage
        case .portOutOfRange, .numberOutOfRange, .missingId, .emptyId, .missingIp, .badAddress, .badDomain,
            .badPath, .badCookie, .unknownTransport, .httpSpelling, .nulCharacter, .controlCharacter, .noListenPort,
            .hostWithoutPort:
            valueMessage
        case .duplicateId, .sameName, .duplicateHostId, .portConflict, .routeConflict, .duplicateDomain,
            .duplicateHost:
            ruleMessage
        case .sameAddress, .udpWithHTTP, .nothingLeadsHere, .portOfOther, .fieldsOfHTTP:
            useMessage
        }
    }

    /// What the note at the other place says; nil for mistakes that have one place.
    var noteMessage: String? {
        switch self {
        case .duplicateKey, .duplicateId, .duplicateHostId, .duplicateDomain, .duplicateHost, .sameAddress:
            JSONFault.firstHere
        case .sameName(_, let other, _): "the service \(quoted(other)) is here"
        case .portConflict(_, _, let other): "the service \(quoted(other)) listens on it"
        case .routeConflict(_, _, let other): "the service \(quoted(other)) claims it first"
        case .portOfOther(_, let other): "the service \(quoted(other)) has it"
        case .fieldsOfHTTP: "this makes it a service that is not http"
        default: nil
        }
    }

    private var shapeMessage: String {
        switch self {
        case .notAService(let kind, inList: false):
            "a service file holds a service (an object) or a list of services, not \(kind.text)"
        case .notAService(let kind, inList: true):
            "a service must be an object, not \(kind.text)"
        case .unknownKey(let key, let owner, let near?):
            "a \(owner.rawValue) has no key \(quoted(key)); did you mean \(quoted(near))?"
        case .unknownKey(let key, .service, nil) where Self.isWrapper(key):
            "a service has no key \(quoted(key)); a file holds one service, or a list of them that begins with [ and has no key "
                + "around it"
        case .unknownKey(let key, .service, nil):
            "a service has no key \(quoted(key)); keys of your own stand inside \"Attributes\""
        case .unknownKey(let key, .host, nil):
            "a host has no key \(quoted(key)); it has Ip, Port, Id, Weight and MaxConn"
        case .misplacedKey(let key, .service):
            "a service has no key \(quoted(key)); it belongs to a host, inside \"Hosts\""
        case .misplacedKey(let key, .host):
            "a host has no key \(quoted(key)); it belongs to the service"
        case .duplicateKey(let key, let earlier) where key == earlier:
            "the key \(quoted(key)) appears twice in this object"
        case .duplicateKey(let key, let earlier):
            "the key \(quoted(key)) is \(quoted(earlier)) again, since the case of keys is ignored"
        case .notText(let field, let kind):
            "\(field) must be a string, not \(kind.text)"
        case .notAnInteger(let field, let kind):
            "\(field) must be an integer, not \(kind.text)"
        case .integerAsText(let field, let text):
            "\(field) must be an integer, not a string; write \(text) without quotes"
        case .integerAsFloat(let field, let written, let value?):
            "\(field) must be an integer, not \(shortened(written)); write \(value)"
        case .integerAsFloat(let field, let written, nil):
            "\(field) must be an integer, not \(shortened(written))"
        case .notAList(let field, let kind):
            "\(field) must be a list, not \(kind.text)"
        case .textForList(let field, let text):
            "\(field) must be a list, not a string; write [\(quoted(text))]"
        case .notADomain(let kind):
            "Domains must hold strings, not \(kind.text)"
        case .notAHost(.string):
            "a host must be an object, not a string; write {\"Ip\": \"192.0.2.1\", \"Port\": 80}"
        case .notAHost(let kind):
            "a host must be an object, not \(kind.text)"
        case .notAnObject(let field, let kind):
            "\(field) must be an object, not \(kind.text)"
        default: ""
        }
    }

    private var valueMessage: String {
        switch self {
        case .portOutOfRange(let field, let value):
            "\(field) must be from 0 to 65535, not \(value)"
        case .numberOutOfRange(let field, let value, let range):
            "\(field) must be from \(range.lowerBound) to \(range.upperBound), not \(value)"
        case .missingId: "this service has no Id"
        case .emptyId: "Id must not be empty"
        case .missingIp: "this host has no Ip"
        case .badAddress(let text, let fault): "Ip: " + fault.message(for: text, isDomain: false)
        case .badDomain(let text, let fault): "Domains: " + fault.message(for: text, isDomain: true)
        case .badPath(let field, let text, let fault): fault.message(for: text, field: field)
        case .badCookie(let text):
            "Cookie \(quoted(text)) cannot name a cookie because of "
                + "\(PayloadText.firstOutside(text, PayloadText.isTokenByte)); write its name alone, such as \"SID\""
        case .unknownTransport(let text):
            "TransportProtocol must be \"tcp\" or \"udp\", not \(quoted(text))"
                + (nearest(to: text, in: ["tcp", "udp"]).map { "; did you mean \(quoted($0))?" } ?? "")
        case .httpSpelling(let text):
            "ApplicationProtocol \(quoted(text)) would count as plain tcp; write \"http\" in lower case"
        case .nulCharacter(let field): "\(field) must not hold the character NUL"
        case .controlCharacter(let field, let code):
            "\(field) must not hold control characters; here is U+\(hexadecimal(code))"
        case .noListenPort(hasRoute: false):
            "this service is not http, so it needs a port to listen on; write ServicePort or Port"
        case .noListenPort(hasRoute: true):
            "this service is not http, so it needs a port to listen on; if it is, write \"ApplicationProtocol\": \"http\""
        case .hostWithoutPort:
            "this host has no Port, and its service has none either"
        default: ""
        }
    }

    private var ruleMessage: String {
        switch self {
        case .duplicateId(let id): "two services have the Id \(quoted(id))"
        case .sameName(let id, let other, let name):
            "the Ids \(quoted(id)) and \(quoted(other)) give the proxy the same name \(quoted(name))"
        case .duplicateDomain(let domain): "Domains has \(quoted(domain)) twice; case is ignored"
        case .duplicateHost(let address):
            "two hosts of this service are \(quoted(address)); give them Ids or leave one out"
        case .duplicateHostId(let id): "two hosts of this service have the Id \(quoted(id))"
        case .portConflict(let port, let transport, let other):
            "\(transport) port \(port) is taken by the service \(quoted(other)) already"
        case .routeConflict(let domain?, let path, let other):
            "\(quoted(domain)) with the path \(quoted(path)) is claimed by the service \(quoted(other)) already"
        case .routeConflict(nil, let path, let other):
            "the path \(quoted(path)) of every domain is claimed by the service \(quoted(other)) already"
        default: ""
        }
    }
}

extension ServiceMistake {
    private var useMessage: String {
        switch self {
        case .sameAddress(let address): "two hosts of this service have the address \(quoted(address))"
        case .udpWithHTTP: "TransportProtocol \"udp\" has no effect: an http service is reached over tcp"
        case .nothingLeadsHere: "nothing leads to this service: it has no Domains, no ProxyPath and no port"
        case .portOfOther(let port, let other):
            "nothing leads to this service: it has no Domains and no ProxyPath, and port \(port) belongs to the service "
                + quoted(other)
        case .fieldsOfHTTP(let fields, nil):
            "\(Self.list(fields)) no effect: this service is not http; if it is, write \"ApplicationProtocol\": \"http\""
        case .fieldsOfHTTP(let fields, "https"?):
            "\(Self.list(fields)) no effect: ApplicationProtocol \"https\" counts as plain tcp; write \"http\", since TLS "
                + "ends at the proxy"
        case .fieldsOfHTTP(let fields, let name?):
            "\(Self.list(fields)) no effect: ApplicationProtocol \(quoted(name)) counts as plain tcp; write \"http\" for an "
                + "http service"
        default: ""
        }
    }

    /// `Domains has`, `Domains and ProxyPath have`
    private static func list(_ fields: [String]) -> String {
        guard let last = fields.last, fields.count > 1 else { return (fields.first ?? "") + " has" }
        return fields.dropLast().joined(separator: ", ") + " and " + last + " have"
    }
}

extension PathFault {
    /// What is wrong with `text`, and what to write instead.
    func message(for text: String, field: String) -> String {
        switch self {
        case .noSlash: "\(field) must begin with '/', not \(quoted(text)); write \(quoted("/" + text))"
        case .blank: "\(field) \(quoted(text)) has a blank, which no path of a request has; clients send it as %20"
        case .fragment:
            "\(field) \(quoted(text)) has a '#', which clients do not send; leave out '#' and what follows it"
        case .query:
            "\(field) \(quoted(text)) has a '?', where the path of a request ends; leave out '?' and what follows it"
        case .dots:
            "\(field) \(quoted(text)) has \".\" or \"..\" between slashes, which clients resolve; write the path that remains"
        case .badEscape:
            "\(field) \(quoted(text)) has a '%' that two hexadecimal digits do not follow; write %25 for the character '%'"
        case .control:
            "\(field) \(quoted(text)) has the code of a control character, which proxies refuse or never match; leave it out"
        case .tooLong: "\(field) has more than \(Self.longestPath) bytes, and no proxy takes such a request"
        }
    }
}

extension AddressFault {
    /// What is wrong with `text`, and how to write it.
    func message(for text: String, isDomain: Bool) -> String {
        let shown = quoted(text)
        let wanted = isDomain ? "a host name" : "an address or a host name"
        return switch self {
        case .empty: "the \(isDomain ? "domain" : "address") must not be empty"
        case .brackets where isDomain:
            "\(shown) is not \(wanted); only an IPv6 address stands in brackets, as in \"[2001:db8::1]\""
        case .brackets: "\(shown) is not \(wanted); write IPv6 addresses without brackets"
        case .withoutBrackets:
            "\(shown) is not \(wanted); as a domain an IPv6 address stands in brackets: \(quoted("[" + text + "]"))"
        case .longForm(let short): "\(shown) is not the form that clients send; write \(quoted(short))"
        case .everyDomain: "\(shown) is not \(wanted); for every domain leave out Domains"
        case .leadingDot: "\(shown) is not \(wanted); write \(quoted("*" + text)) for every name below it"
        case .zone: "\(shown) has a zone, which is known on one machine only; write an address without '%'"
        case .scheme: "\(shown) is not \(wanted); leave out the scheme and everything after the name"
        case .path: "\(shown) is not \(wanted); leave out '/' and what follows it"
        case .withPort where isDomain: "\(shown) is not \(wanted); leave out the port"
        case .withPort: "\(shown) is not \(wanted); put the port in \"Port\""
        case .octetTooLarge: "\(shown) is not an IPv4 address; its numbers go from 0 to 255"
        case .leadingZero: "\(shown) is not an IPv4 address; write its numbers without leading zeros"
        case .notFourNumbers:
            "\(shown) is not an IPv4 address, which has four numbers, and no host name ends in a number"
        case .badIPv6: "\(shown) is not an IPv6 address"
        case .badCharacter: "\(shown) is not \(wanted); a name has only letters, digits, '-', '_' and '.'"
        case .emptyLabel: "\(shown) is not \(wanted); something is missing before or after a '.'"
        case .labelTooLong: "\(shown) is not \(wanted); a part between dots has at most 63 characters"
        case .nameTooLong: "\(shown) is not \(wanted); it has more than 253 characters"
        case .hyphenAtEnd: "\(shown) is not \(wanted); a part between dots must not begin or end with '-'"
        case .trailingDot: "\(shown) is not \(wanted) as browsers send it; leave out the '.' at the end"
        case .misplacedWildcard where isDomain:
            "\(shown) is not \(wanted); '*' stands only at the start, as in \"*.example.com\""
        case .misplacedWildcard: "\(shown) is not \(wanted)"
        case .notASCII: "\(shown) is not \(wanted) in ASCII; write its xn-- form"
        }
    }
}

extension JSONKind {
    /// With its article.
    var text: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a fraction"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}

/// A text from a file as a message shows it: quoted, and not longer than a line bears.
func quoted(_ text: String) -> String { "\"\(shortened(text))\"" }

private func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 80 else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(79))) + "…"
}

private func hexadecimal(_ code: UInt32) -> String {
    let digits = String(code, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
