import HATemplate

/// What `proxym.cfg.tmpl` prints, written by hand for this one template: the speed that an engine for any template is
/// measured against.
///
/// The services are decoded once, with all their fields, into structs. Text stays where it stands in the file, as it
/// does for the engine: that is faster than an array for each. Nothing is checked, escaped or limited.
struct HandWrittenLoop {
    typealias Text = UnsafeBufferPointer<UInt8>

    struct Service {
        let id, applicationProtocol, transportProtocol: Text
        let domains: [Text]
        let proxyPath: Text
        let port, servicePort: Int
        let hosts: [Host]
        let config, source, cookie, balance, healthCheckPath: Text
        let connectTimeout, clientTimeout, serverTimeout, maxConn: Int

        var isHTTP: Bool { applicationProtocol.elementsEqual("http".utf8) }
        var listenPort: Int { servicePort != 0 ? servicePort : port }
    }

    struct Host {
        let ip: Text
        let port: Int
        let id: Text
        let weight, maxConn: Int
    }

    let services: [Service]

    /// Decodes a document of services that were read from one file; `file` keeps that file's text.
    init(_ document: Document, file: borrowing FileText) {
        var services: [Service] = []
        for service in document.elements(of: document.root) {
            let text = { document.field($0, of: service).flatMap { document.bytes(of: $0) } ?? [] }
            let number = { document.field($0, of: service)?.asInt ?? 0 }
            let list = { document.elements(of: document.field($0, of: service) ?? .missing) }
            var domains: [Text] = []
            for domain in list("Domains") { domains.append(file.text(document.bytes(of: domain) ?? [])) }
            var hosts: [Host] = []
            for host in list("Hosts") {
                let text = { document.field($0, of: host).flatMap { document.bytes(of: $0) } ?? [] }
                let number = { document.field($0, of: host)?.asInt ?? 0 }
                hosts.append(
                    Host(
                        ip: file.text(text("Ip")), port: number("Port"), id: file.text(text("Id")),
                        weight: number("Weight"), maxConn: number("MaxConn")))
            }
            services.append(
                Service(
                    id: file.text(text("Id")), applicationProtocol: file.text(text("ApplicationProtocol")),
                    transportProtocol: file.text(text("TransportProtocol")), domains: domains,
                    proxyPath: file.text(text("ProxyPath")), port: number("Port"), servicePort: number("ServicePort"),
                    hosts: hosts, config: file.text(text("Config")), source: file.text(text("Source")),
                    cookie: file.text(text("Cookie")), balance: file.text(text("Balance")),
                    healthCheckPath: file.text(text("HealthCheckPath")), connectTimeout: number("ConnectTimeout"),
                    clientTimeout: number("ClientTimeout"), serverTimeout: number("ServerTimeout"),
                    maxConn: number("MaxConn")))
        }
        self.services = services
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

/// Keeps the text of a file still.
struct FileText: ~Copyable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: [UInt8]) {
        bytes = .allocate(capacity: text.count)
        _ = bytes.update(fromContentsOf: text)
    }

    deinit { bytes.deallocate() }

    /// The same range of the file; empty when the slice is of something else.
    func text(_ slice: ArraySlice<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard slice.endIndex <= bytes.count, bytes[slice.startIndex..<slice.endIndex].elementsEqual(slice) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(rebasing: bytes[slice.startIndex..<slice.endIndex])
    }
}
