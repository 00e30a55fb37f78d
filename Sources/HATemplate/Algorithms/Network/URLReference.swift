/// The parts of a URL or of a relative reference. Go: net/url.
struct URLReference {
    typealias Bytes = [UInt8]

    /// Why a text is no URL.
    enum Mistake: Error, Equatable {
        case controlCharacter
        case missingScheme
        case colonInFirstSegment
        case invalidUserInfo
        case bracketInHost
        case bracketNotClosed
        case noIPv6Address
        case invalidPort(String)
        case invalidEscape(String)
        case invalidHostCharacter(String)
    }

    /// In small letters, without the colon.
    var scheme: Bytes = []
    /// What follows the scheme when that is no path: `a@b` in `mailto:a@b`.
    var opaque: Bytes = []
    var user: (name: Bytes, password: Bytes?)?
    /// Host and port, an IPv6 address in brackets.
    var host: Bytes = []
    /// Decoded.
    private(set) var path: Bytes = []
    /// The path as it was written, when encoding `path` gives something else.
    private(set) var rawPath: Bytes = []
    var rawQuery: Bytes = []
    /// Whether there was a `?` with nothing after it.
    var forcesQuery = false
    /// Decoded.
    private(set) var fragment: Bytes = []
    private(set) var rawFragment: Bytes = []
    /// Whether a slash follows the scheme, and no host.
    private var omitsHost = false

    init(_ text: Bytes) throws(Mistake) {
        let (reference, fragment) = text.cut(at: UInt8(ascii: "#"))
        guard !reference.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .controlCharacter }
        try parse(reference)
        guard let fragment, !fragment.isEmpty else { return }
        self.fragment = try URLEncoding.fragment.decode(fragment)
        rawFragment = URLEncoding.fragment.encode(self.fragment).elementsEqual(fragment) ? [] : Array(fragment)
    }

    private mutating func parse(_ reference: ArraySlice<UInt8>) throws(Mistake) {
        if reference.elementsEqual([UInt8(ascii: "*")]) {
            path = Array(reference)
            return
        }
        var rest = reference
        if let colon = try Self.endOfScheme(reference) {
            scheme = reference[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            rest = reference[(colon + 1)...]
        }
        let question = UInt8(ascii: "?")
        if rest.firstIndex(of: question) == rest.endIndex - 1 {
            forcesQuery = true
            rest = rest.dropLast()
        } else {
            let (before, query) = rest.cut(at: question)
            rawQuery = Array(query ?? [])
            rest = before
        }
        let slash = UInt8(ascii: "/")
        if rest.first != slash {
            guard scheme.isEmpty else {
                opaque = Array(rest)
                return
            }
            guard !rest.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) else { throw .colonInFirstSegment }
        }
        let slashes = rest.prefix { $0 == slash }.count
        if slashes == 2 || (slashes > 2 && !scheme.isEmpty) {
            let authority = rest.dropFirst(2).prefix { $0 != slash }
            try parse(authority: authority)
            rest = rest[authority.endIndex...]
        } else if !scheme.isEmpty, slashes > 0 {
            omitsHost = true
        }
        try setPath(Array(rest))
    }

    /// Where the colon after a scheme stands; nil when there is none.
    private static func endOfScheme(_ text: ArraySlice<UInt8>) throws(Mistake) -> Int? {
        for (position, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if position == 0 { return nil }
            case UInt8(ascii: ":"):
                guard position > 0 else { throw .missingScheme }
                return text.startIndex + position
            default: return nil
            }
        }
        return nil
    }

    // MARK: Authority

    private mutating func parse(authority: ArraySlice<UInt8>) throws(Mistake) {
        guard let sign = authority.lastIndex(of: UInt8(ascii: "@")) else {
            host = try parsedHost(authority)
            return
        }
        host = try parsedHost(authority[(sign + 1)...])
        let information = authority[..<sign]
        guard information.allSatisfy(URLEncoding.canStandInUserInfo) else { throw .invalidUserInfo }
        let (name, password) = information.cut(at: UInt8(ascii: ":"))
        let decodedName = try URLEncoding.user.decode(name)
        guard let password else {
            user = (decodedName, nil)
            return
        }
        user = (decodedName, try URLEncoding.user.decode(password))
    }

    private func parsedHost(_ host: ArraySlice<UInt8>) throws(Mistake) -> Bytes {
        if let bracket = host.lastIndex(of: UInt8(ascii: "[")) {
            guard bracket == host.startIndex else { throw .bracketInHost }
            return try parsedAddress(host)
        }
        let colon = UInt8(ascii: ":")
        if let first = host.firstIndex(of: colon) {
            let isStrict = scheme == Array("http".utf8) || scheme == Array("https".utf8)
            try checkPort(host[(isStrict ? first : host.lastIndex(of: colon) ?? first)...])
        }
        return try URLEncoding.host.decode(host)
    }

    /// An IPv6 address in brackets, with a zone after `%25` and a port perhaps.
    private func parsedAddress(_ host: ArraySlice<UInt8>) throws(Mistake) -> Bytes {
        guard let end = host.lastIndex(of: UInt8(ascii: "]")) else { throw .bracketNotClosed }
        let port = host[(end + 1)...]
        try checkPort(port)
        let inner = host[(host.startIndex + 1)..<end]
        let zoneStart = inner.indices.first { inner[$0...].starts(with: "%25".utf8) } ?? end
        let address = try URLEncoding.host.decode(inner[..<zoneStart])
        let zone = try URLEncoding.zone.decode(inner[zoneStart...])
        let isIPv6 = address.withUnsafeBufferPointer { IPAddress.parseV6($0) } != nil
        guard isIPv6, zone.count != 1 else { throw .noIPv6Address }
        return [UInt8(ascii: "[")] + address + zone + [UInt8(ascii: "]")] + port
    }

    private func checkPort(_ port: ArraySlice<UInt8>) throws(Mistake) {
        guard let first = port.first else { return }
        guard first == UInt8(ascii: ":"), port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .invalidPort(String(decoding: port, as: UTF8.self))
        }
    }

    // MARK: Parts

    /// Takes an encoded path.
    mutating func setPath(_ encoded: Bytes) throws(Mistake) {
        path = try URLEncoding.path.decode(encoded[...])
        rawPath = URLEncoding.path.encode(path) == encoded ? [] : encoded
    }

    /// The path encoded as it was written, if that is a way to write it.
    var escapedPath: Bytes {
        if !rawPath.isEmpty, URLEncoding.path.isEncoded(rawPath) { return rawPath }
        return path == [UInt8(ascii: "*")] ? path : URLEncoding.path.encode(path)
    }

    var escapedFragment: Bytes {
        if !rawFragment.isEmpty, URLEncoding.fragment.isEncoded(rawFragment) { return rawFragment }
        return URLEncoding.fragment.encode(fragment)
    }

    /// The host without port and brackets.
    var hostname: Bytes {
        let name = host.dropLast(portWithColon.count)
        if name.first == UInt8(ascii: "["), name.last == UInt8(ascii: "]") { return Bytes(name.dropFirst().dropLast()) }
        return Bytes(name)
    }

    /// The digits of the port, if there are any.
    var port: Bytes { Bytes(portWithColon.dropFirst()) }

    private var portWithColon: ArraySlice<UInt8> {
        guard let colon = host.lastIndex(of: UInt8(ascii: ":")) else { return [] }
        let port = host[colon...]
        return port.dropFirst().allSatisfy { (0x30...0x39).contains($0) } ? port : []
    }

    /// User and password, encoded.
    var userInfo: Bytes? {
        guard let user else { return nil }
        guard let password = user.password else { return URLEncoding.user.encode(user.name) }
        return URLEncoding.user.encode(user.name) + [UInt8(ascii: ":")] + URLEncoding.user.encode(password)
    }

    /// What a client asks the host for. Go: URL.RequestURI.
    var requestTarget: Bytes {
        let slashes = Array("//".utf8)
        var target = opaque
        if opaque.isEmpty {
            target = escapedPath.isEmpty ? [UInt8(ascii: "/")] : escapedPath
        } else if opaque.starts(with: slashes) {
            target = scheme + [UInt8(ascii: ":")] + opaque
        }
        return forcesQuery || !rawQuery.isEmpty ? target + [UInt8(ascii: "?")] + rawQuery : target
    }

    /// The whole reference. Go: URL.String.
    var text: Bytes {
        var text: Bytes = []
        if !scheme.isEmpty { text += scheme + [UInt8(ascii: ":")] }
        if opaque.isEmpty { text = appendHostAndPath(to: text) } else { text += opaque }
        if forcesQuery || !rawQuery.isEmpty { text += [UInt8(ascii: "?")] + rawQuery }
        if !fragment.isEmpty { text += [UInt8(ascii: "#")] + escapedFragment }
        return text
    }

    private func appendHostAndPath(to start: Bytes) -> Bytes {
        let slash = UInt8(ascii: "/")
        var text = start
        var path = escapedPath
        let hasAuthority = !host.isEmpty || user != nil
        if hasAuthority || (!scheme.isEmpty && !omitsHost) {
            if hasAuthority || !path.isEmpty { text += [slash, slash] }
            if let userInfo { text += userInfo + [UInt8(ascii: "@")] }
            text += URLEncoding.host.encode(host)
        }
        if omitsHost, !hasAuthority, path.starts(with: [slash, slash]) {
            // Read again, the second slash would begin a host.
            path.replaceSubrange(0..<1, with: "%2F".utf8)
        }
        if let first = path.first, first != slash, !host.isEmpty { text.append(slash) }
        if text.isEmpty, path.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) { text += "./".utf8 }
        return text + path
    }

    /// The reference with path elements added. Go: URL.JoinPath.
    func joined(_ elements: [Bytes]) throws(Mistake) -> URLReference {
        let slash = UInt8(ascii: "/")
        let base = escapedPath
        let isRooted = base.first == slash
        var path = Paths.join([isRooted ? base : [slash] + base] + elements)
        if !isRooted { path.removeFirst() }
        let last = elements.last ?? (isRooted ? base : [slash] + base)
        if last.last == slash, path.last != slash { path.append(slash) }
        var result = self
        try result.setPath(path)
        return result
    }
}

extension ArraySlice<UInt8> {
    /// What stands before the first `separator` and after it; nil when it is absent.
    fileprivate func cut(at separator: UInt8) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>?) {
        guard let place = firstIndex(of: separator) else { return (self, nil) }
        return (self[..<place], self[(place + 1)...])
    }
}

extension [UInt8] {
    fileprivate func cut(at separator: UInt8) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>?) {
        self[...].cut(at: separator)
    }
}
