import HATemplate

/// What `proxym.cfg.tmpl` prints, written by hand for this one template: the speed that an engine for any template is
/// measured against.
///
/// The services are decoded once into structs of their own; text stays a stretch of the file's bytes, since that is
/// faster than an array for each, and nothing is checked, escaped or limited.
struct HandWrittenLoop {
    struct Service {
        let id: UnsafeBufferPointer<UInt8>
        let isHTTP: Bool
        let domains: [UnsafeBufferPointer<UInt8>]
        let listenPort: Int
        let hosts: [Host]
        let config: UnsafeBufferPointer<UInt8>
    }

    struct Host {
        let ip: UnsafeBufferPointer<UInt8>
        let port: Int
    }

    let services: [Service]

    /// Decodes a document of services. `text` holds copies of its texts for as long as the loop is in use.
    init(_ document: Document, text: inout TextStore) {
        services = document.elements(of: document.root).map { service in
            let field = { (name: String) in document.field(name, of: service) ?? .missing }
            let port = field("Port").asInt
            let servicePort = field("ServicePort").asInt
            return Service(
                id: text.add(document.bytes(of: field("Id"))),
                isHTTP: document.text(of: field("ApplicationProtocol")) == "http",
                domains: document.elements(of: field("Domains")).map { text.add(document.bytes(of: $0)) },
                listenPort: servicePort != 0 ? servicePort : port,
                hosts: document.elements(of: field("Hosts")).map { host in
                    Host(
                        ip: text.add(document.field("Ip", of: host).flatMap { document.bytes(of: $0) }),
                        port: document.field("Port", of: host)?.asInt ?? 0)
                },
                config: text.add(document.bytes(of: field("Config"))))
        }
    }

    /// Appends the configuration of all services.
    func render(into output: inout HandWrittenOutput) {
        output.append(
            """
            global
                maxconn 4096

            defaults
                mode http
                timeout connect 5s
                timeout client 50s
                timeout server 50s

            frontend http-in
                bind :80

            """)
        for service in services where service.isHTTP { appendRules(of: service, to: &output) }
        output.append("\n\n")
        for service in services where service.isHTTP {
            output.append("\nbackend ")
            output.append(service.id)
            output.append("_cluster\n")
            output.append(service.config)
            output.append("\n")
            appendHosts(of: service, to: &output)
        }
        output.append("\n\n")
        for service in services where !service.isHTTP {
            output.append("\nlisten ")
            output.append(service.id)
            output.append("\n    mode tcp\n    bind :")
            output.append(service.listenPort)
            output.append("\n")
            appendHosts(of: service, to: &output)
        }
        output.append("\n")
    }

    private func appendRules(of service: Service, to output: inout HandWrittenOutput) {
        output.append("\n")
        for domain in service.domains {
            output.append("\n    acl host_")
            output.append(service.id)
            output.append(" hdr(host) -i ")
            output.append(domain)
            output.append("\n")
        }
        output.append("\n    use_backend ")
        output.append(service.id)
        output.append("_cluster if host_")
        output.append(service.id)
        output.append("\n")
    }

    private func appendHosts(of service: Service, to output: inout HandWrittenOutput) {
        for host in service.hosts {
            output.append("\n    server ")
            output.append(service.id)
            output.append("-")
            output.append(host.ip)
            output.append("-")
            output.append(host.port)
            output.append(" ")
            output.append(host.ip)
            output.append(":")
            output.append(host.port)
            output.append(" check\n")
        }
    }
}

/// Bytes that grow by doubling.
struct HandWrittenOutput: ~Copyable {
    private var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    private(set) var count = 0

    deinit { bytes.deallocate() }

    var array: [UInt8] { Array(bytes[..<count]) }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        bytes.baseAddress.map { ($0 + count).update(from: start, count: text.count) }
        count += text.count
    }

    mutating func append(_ value: Int) {
        var rest = value.magnitude
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        reserve(digits + 1)
        if value < 0 {
            bytes[count] = UInt8(ascii: "-")
            count += 1
        }
        rest = value.magnitude
        for index in (count..<(count + digits)).reversed() {
            bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += digits
    }

    @inline(__always)
    private mutating func reserve(_ added: Int) {
        if count + added > bytes.count { grow(added) }
    }

    @inline(never)
    private mutating func grow(_ added: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count * 2, count + added))
        _ = larger.update(fromContentsOf: bytes[..<count])
        bytes.deallocate()
        bytes = larger
    }
}

/// Keeps texts still, in the order in which they were added.
struct TextStore: ~Copyable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// `capacity` bounds the bytes of all texts together.
    init(capacity: Int) {
        bytes = .allocate(capacity: capacity)
    }

    deinit { bytes.deallocate() }

    mutating func add(_ text: ArraySlice<UInt8>?) -> UnsafeBufferPointer<UInt8> {
        guard let text, !text.isEmpty, text.count <= bytes.count - count else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let end = bytes[count...].update(fromContentsOf: text)
        defer { count = end }
        return UnsafeBufferPointer(rebasing: bytes[count..<end])
    }
}
