import HATemplate

/// Writes the moved configuration of nginx, directive by directive.
struct NginxMover {
    typealias Node = NginxTree.Node

    /// What is around a directive.
    enum Block: Equatable {
        case main, http, stream, server, location, upstream(String), other
    }

    var result: Relocation
    /// Names of upstreams, in lower case, of the http and the stream block.
    private let upstreams: [Bool: Set<String>]
    private var isStream = false
    private var depth = 0
    /// Maps that lead variable targets to upstreams of the configuration, or to the stand-in.
    private var maps: [String] = []
    private var mapCount = 0
    private var cacheCount = 0
    /// By protocol and address: the number of the entrance.
    private var entrances: [(isStream: Bool, isDatagram: Bool, entrance: Int)] = []

    init(_ result: Relocation, _ nodes: [Node]) {
        self.result = result
        var names: [Bool: Set<String>] = [:]
        for block in nodes where block.isBlock && ["http", "stream"].contains(block.keyword) {
            let own = block.inner.filter { $0.isBlock && $0.keyword == "upstream" }.map { $0.argument.lowercased() }
            names[block.keyword == "stream", default: []].formUnion(own)
        }
        upstreams = names
    }

    mutating func move(_ nodes: [Node]) {
        for node in nodes { move(node, in: .main) }
        if !nodes.contains(where: { $0.keyword == "http" && $0.isBlock }) {
            result.add("http {")
            addTemporaries()
            addStub()
            result.add("}")
        }
        // Modules are loaded before all else.
        for line in [
            "daemon off;", "master_process off;", "pid haproxy-gen-route.pid;", "error_log stderr warn;",
            "user root root;", "events { worker_connections 1024; }",
        ] { result.add(line) }
    }

    private mutating func write(_ text: String, _ node: Node) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            result.add(String(repeating: "    ", count: depth) + line, from: node.line)
        }
    }

    private mutating func write(_ words: [String], _ node: Node) {
        write(words.joined(separator: " ") + ";", node)
    }

    private mutating func keep(_ node: Node) { write(node.raw.map(translated), node) }

    // MARK: Directives

    private mutating func move(_ node: Node, in block: Block) {
        if node.isBlock { return open(node, in: block) }
        if Self.isDropped(node, isStream: isStream) { return drop(node) }
        switch (node.keyword, block) {
        case ("listen", .server): listen(node)
        case ("server", .upstream(let name)): server(node, of: name)
        case ("proxy_pass", _), ("grpc_pass", _): pass(node)
        case ("proxy_cache_path", _), ("fastcgi_cache_path", _), ("uwsgi_cache_path", _), ("scgi_cache_path", _):
            cacheCount += 1
            write([node.keyword, "haproxy-gen-cache-\(cacheCount)"] + node.raw.dropFirst(2), node)
        case ("fastcgi_pass", _), ("uwsgi_pass", _), ("scgi_pass", _), ("memcached_pass", _): passPlain(node)
        case ("ssl_reject_handshake", .server):
            // The handshake fails in truth; without one the connection is ended as soon.
            if node.argument == "on" { write(["return", "444"], node) }
        default: keep(node)
        }
    }

    private mutating func drop(_ node: Node) {
        switch node.keyword {
        case "set_real_ip_from", "real_ip_header":
            result.note("the client's address is the one of the request: '\(node.keyword)' is left out", at: node.line)
        case "health_check", "auth_jwt":
            result.note("'\(node.keyword)' is left out", at: node.line)
        default: break
        }
    }

    private static func isDropped(_ node: Node, isStream: Bool) -> Bool {
        let keyword = node.keyword
        if droppedKeywords.contains(keyword) || droppedPrefixes.contains(where: keyword.hasPrefix) { return true }
        if keyword.hasPrefix("ssl_") || keyword == "ssl" {
            return keyword != "ssl_preread" && keyword != "ssl_reject_handshake"
        }
        return isStream && ["proxy_protocol", "proxy_responses"].contains(keyword)
    }

    private static let droppedKeywords: Set<String> = [
        "user", "pid", "daemon", "master_process", "error_log", "lock_file", "working_directory", "debug_points",
        "access_log", "open_log_file_cache", "log_format", "log_subrequest", "resolver", "resolver_timeout",
        "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "uwsgi_temp_path", "scgi_temp_path",
        "proxy_bind", "grpc_bind", "fastcgi_bind", "uwsgi_bind", "scgi_bind", "memcached_bind", "health_check",
        "set_real_ip_from", "real_ip_header", "real_ip_recursive", "uninitialized_variable_warn", "http2", "http3",
        "state", "ssl", "worker_processes", "accept_mutex", "timer_resolution",
    ]
    private static let droppedPrefixes = [
        "worker_", "http2_", "http3_", "quic_", "proxy_ssl", "grpc_ssl", "uwsgi_ssl", "health_check",
    ]

    // MARK: Blocks

    private mutating func open(_ node: Node, in block: Block) {
        switch (node.keyword, block) {
        case ("events", .main): return
        case ("mail", .main): return result.note("the block 'mail' is left out", at: node.line)
        case ("match", _): return
        case ("http", .main): openHTTP(node)
        case ("stream", .main): openStream(node)
        case ("server", .http), ("server", .stream): openServer(node)
        case ("location", _), ("if", _): openPlace(node)
        case ("limit_except", _):
            // `set` may not stand here: the log itself says that the request came by.
            write(node.raw.joined(separator: " ") + " {", node)
            depth += 1
            write("access_log \(Relocation.nginxLog) \(Self.format(of: node));", node)
            for inner in node.inner { move(inner, in: .location) }
            close(node)
        case ("upstream", _):
            write(node.raw.joined(separator: " ") + " {", node)
            depth += 1
            for inner in node.inner { move(inner, in: .upstream(node.argument)) }
            close(node)
        default:
            // Blocks of keys and values.
            write(node.raw.map(translated).joined(separator: " ") + " {", node)
            depth += 1
            for inner in node.inner { inner.isBlock ? open(inner, in: .other) : keep(inner) }
            close(node)
        }
    }

    private mutating func close(_ node: Node) {
        depth -= 1
        write("}", node)
    }

    private mutating func openHTTP(_ node: Node) {
        isStream = false
        write("http {", node)
        depth += 1
        addTemporaries()
        for line in [
            "log_format hg '\(RouteLog.nginxFormat(trail: "$hg_t"))';", "access_log \(Relocation.nginxLog) hg;",
            "uninitialized_variable_warn off;", "set_real_ip_from unix:;", "real_ip_header proxy_protocol;",
        ] { result.add(line) }
        if Self.all("absolute_redirect", in: node.inner).isEmpty {
            result.add("absolute_redirect off;")
            result.completesRedirects = true
        }
        for place in Self.all("limit_except", in: node.inner) {
            let format = RouteLog.nginxFormat(trail: "$hg_t.\(place.statement)")
            result.add("log_format \(Self.format(of: place)) '\(format)';")
        }
        for inner in node.inner { move(inner, in: .http) }
        result.add("map $server_addr $hg_scheme { default http;\(schemes("https")) }")
        result.add("map $server_addr $hg_https { default \"\";\(schemes("on")) }")
        addMaps()
        addStub()
        close(node)
    }

    private static func format(of limit: Node) -> String { "hg\(limit.statement)" }

    private static func has(_ keyword: String, in node: Node) -> Bool {
        node.inner.contains { $0.keyword == keyword && !$0.isBlock }
    }

    private static func all(_ keyword: String, in nodes: [Node]) -> [Node] {
        nodes.flatMap { ($0.keyword == keyword ? [$0] : []) + all(keyword, in: $0.inner) }
    }

    private func schemes(_ value: String) -> String {
        result.entrances.filter(\.isTLS).map { " \"unix:\($0.socket)\" \(value);" }.joined()
    }

    private mutating func openStream(_ node: Node) {
        isStream = true
        write("stream {", node)
        depth += 1
        for line in [
            "log_format hg '\(RouteLog.nginxFormat(trail: "$hg_t"))';", "access_log \(Relocation.nginxLog) hg;",
            "set_real_ip_from unix:;",
        ] { result.add(line) }
        for inner in node.inner { move(inner, in: .stream) }
        addMaps()
        close(node)
        isStream = false
    }

    private mutating func openServer(_ node: Node) {
        write("server {", node)
        depth += 1
        write("set $hg_t \"\(isStream ? "" : "${hg_t}").\(node.statement)\";", node)
        if !isStream, !Self.has("listen", in: node) {
            var listen = node
            (listen.words, listen.raw, listen.isBlock) = (["listen", "*:80"], ["listen", "*:80"], false)
            self.listen(listen)
        }
        server = node.statement
        for inner in node.inner { move(inner, in: .server) }
        if isStream, node.inner.contains(where: { $0.keyword == "listen" && $0.words.contains("udp") }) {
            result.add("proxy_responses 0;")
        }
        close(node)
    }

    /// The server block around, by its statement.
    private var server = 0

    private mutating func openPlace(_ node: Node) {
        write(node.raw.map(translated).joined(separator: " ") + " {", node)
        depth += 1
        write("set $hg_t \"${hg_t}.\(node.statement)\";", node)
        for inner in node.inner { move(inner, in: .location) }
        close(node)
    }

    // MARK: Listeners

    private mutating func listen(_ node: Node) {
        let options = node.words.dropFirst(2)
        guard !options.contains("quic"), !options.contains("http3") else {
            return result.note(
                "'listen \(node.argument) quic' cannot be moved, so nothing answers there", at: node.line)
        }
        let isDatagram = options.contains("udp")
        let address = ListenAddress(nginx: node.argument, isStream: isStream)
        let number = entrance(address, isDatagram, node)
        let isUsual = options.contains("default_server") || options.contains("default")
        let isTLS = options.contains("ssl")
        let owner = server
        result.change(number) { entrance in
            entrance.isTLS = entrance.isTLS || isTLS
            if isUsual || entrance.owner == nil { entrance.owner = owner }
        }
        let kind = isDatagram ? " udp" : " proxy_protocol"
        write("listen unix:\(result.entrances[number].socket)\(kind)\(isUsual ? " default_server" : "");", node)
    }

    private mutating func entrance(_ address: ListenAddress, _ isDatagram: Bool, _ node: Node) -> Int {
        let known = entrances.first { known in
            let other = result.entrances[known.entrance].address
            let isSocket = address.ports == nil && other.text != address.text
            return known.isStream == isStream && known.isDatagram == isDatagram && !isSocket
                && other.isSame(as: address)
        }
        if let known { return known.entrance }
        let number = result.entrances.count
        var entrance = Relocation.Entrance(address: address, socket: "n\(number)", line: node.line)
        entrance.isDatagram = isDatagram
        result.add(entrance)
        entrances.append((isStream, isDatagram, number))
        return number
    }

    // MARK: Servers

    private mutating func server(_ node: Node, of upstream: String) {
        let path = result.add(
            Relocation.Target(statement: node.statement, address: node.argument, upstream: upstream))
        let kept = node.raw.dropFirst(2).filter { word in
            ["weight=", "max_conns=", "max_fails=", "fail_timeout="].contains(where: word.hasPrefix)
                || ["backup", "down"].contains(word)
        }
        write(["server", "unix:\(path)"] + kept, node)
    }

    /// `proxy_pass http://10.0.0.1:80/x` → `proxy_pass "http://unix:./stub:/x"`
    private mutating func pass(_ node: Node) {
        var rest = node.argument[...]
        var scheme = ""
        if let mark = rest.firstRange(of: "://") {
            scheme = rest.hasPrefix("grpc") ? "grpc://" : "http://"
            rest = rest[mark.upperBound...]
        }
        let names = upstreams[isStream] ?? []
        let hostEnd = rest.hasPrefix("unix:") ? rest.dropFirst(5).firstIndex(of: ":") : rest.firstIndex(of: "/")
        let host = String(rest[..<(hostEnd ?? rest.endIndex)])
        let uri = hostEnd.map { String(rest[$0...].drop { $0 == ":" }) } ?? ""
        if names.contains(host.lowercased()) {
            return write([node.keyword, Self.quoted(scheme + host + translated(uri))], node)
        }
        if host.contains("$") || scheme.isEmpty && node.argument.contains("$") { return passVariable(node) }
        let path = result.add(Relocation.Target(statement: node.statement, address: host))
        let end = uri.isEmpty ? "" : ":" + translated(uri)
        write([node.keyword, Self.quoted("\(scheme)unix:\(path)\(end)")], node)
    }

    private mutating func passPlain(_ node: Node) {
        let name = node.argument
        if (upstreams[false] ?? []).contains(name.lowercased()) { return keep(node) }
        let path = result.add(Relocation.Target(statement: node.statement, address: name))
        write([node.keyword, "unix:\(path)"], node)
    }

    /// A target that is known when the request comes: an upstream keeps its name, and everything else is the stand-in.
    private mutating func passVariable(_ node: Node) {
        let path = result.add(Relocation.Target(statement: node.statement, address: node.argument))
        let scheme = isStream ? "" : "http://"
        let variable = "$hg_p\(mapCount)"
        mapCount += 1
        var names = ""
        for name in (upstreams[isStream] ?? []).sorted() {
            for written in isStream ? [name] : ["http://\(name)", "https://\(name)"] {
                names += "    \(Self.quoted(written)) \(Self.quoted(scheme + name));\n"
            }
        }
        let known = (upstreams[isStream] ?? []).sorted().map(Self.pattern)
        let usesPattern = !isStream && !known.isEmpty && known.count <= Self.maximumAlternatives
        if usesPattern {
            let pattern = "~^https?://(?<hg_r\(mapCount)>(\(known.joined(separator: "|")))/.*)$"
            names += "    \"\(pattern)\" \"http://$hg_r\(mapCount)\";\n"
        }
        let argument = Self.quoted(translated(node.argument))
        maps.append(
            "map \(argument) \(variable) {\n    volatile;\n    default \"\(scheme)unix:\(path)\";\n\(names)}")
        write([node.keyword, variable], node)
    }

    private static let maximumAlternatives = 500

    private static func pattern(_ name: String) -> String {
        String(name.flatMap { $0.isLetter || $0.isNumber || $0 == "_" ? [$0] : ["\\", "\\", $0] })
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    // MARK: Variables

    /// What a socket does not know of a connection: its port and address as the client sees them, and TLS.
    private func translated(_ word: String) -> String {
        guard word.contains("$") else { return word }
        var result = ""
        var rest = word[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[...dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.hasPrefix("{")
            let name = (isBraced ? rest.dropFirst() : rest).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard let other = variable(String(name)) else { continue }
            result += (isBraced ? "{" : "") + other
            rest = rest[name.endIndex...]
        }
        return result + rest
    }

    private func variable(_ name: String) -> String? {
        switch name {
        case "server_port": "proxy_protocol_server_port"
        case "server_addr": "proxy_protocol_server_addr"
        case "scheme" where !isStream: "hg_scheme"
        case "https" where !isStream: "hg_https"
        default: nil
        }
    }

    // MARK: Our own

    private mutating func addMaps() {
        for map in maps { for line in map.split(separator: "\n") { result.add(String(line)) } }
        maps = []
    }

    private mutating func addTemporaries() {
        for (number, name) in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].enumerated() {
            result.add("\(name)_temp_path haproxy-gen-temporary-\(number);")
        }
    }

    private mutating func addStub() {
        result.add("server {")
        for line in [
            "listen unix:\(Relocation.stub);", "access_log off;", "location / { return 200 \"stub\\n\"; }",
        ] { result.add("    " + line) }
        result.add("}")
    }
}
