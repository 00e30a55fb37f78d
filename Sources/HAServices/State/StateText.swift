import HATemplate

// How services are stored: the fields of the service model in their order, zero values left out.
extension JSONText {
    /// A list of services. The value may be a list of records alone.
    mutating func services(_ list: Value, _ pools: DocumentPools) {
        beginList()
        for service in pools.elements(of: list) { self.service(service, pools) }
        endList()
    }

    mutating func service(_ record: Value, _ pools: DocumentPools) {
        let values = pools.elements(of: record)
        guard values.count == ServiceField.allCases.count else { return }
        beginObject()
        for field in ServiceField.allCases where !isZero(values[field.rawValue], field, pools) {
            key(field.key)
            if field == .hosts {
                hosts(values[field.rawValue], port: values[ServiceField.port.rawValue].asInt, pools)
            } else {
                value(values[field.rawValue], pools)
            }
        }
        endObject()
    }

    private func isZero(_ value: Value, _ field: ServiceField, _ pools: DocumentPools) -> Bool {
        switch value.kind {
        case .int: value.asInt == 0
        case .string: value.count == 0 || field == .transportProtocol && equals(pools.bytes(of: value), "tcp")
        default: value.count == 0
        }
    }

    /// A host's Port is left out when it is its service's, which is what a reader puts there.
    private mutating func hosts(_ list: Value, port: Int, _ pools: DocumentPools) {
        beginList()
        for host in pools.elements(of: list) {
            let values = pools.elements(of: host)
            beginObject()
            for field in HostField.allCases {
                let value = values[field.rawValue]
                if value.kind == .string {
                    if value.count == 0 { continue }
                    key(field.key)
                    string(pools.bytes(of: value))
                } else if value.asInt != 0, field != .port || value.asInt != port {
                    key(field.key)
                    integer(value.asInt)
                }
            }
            endObject()
        }
        endList()
    }
}

/// A list of services of a document.
struct ServiceList: Sendable {
    let document: Document
    let services: Value

    init(_ document: Document, _ services: Value) {
        self.document = document
        self.services = services
    }

    init(_ document: Document) {
        self.init(document, document.root)
    }

    var count: Int { services.count }

    /// The text of a file that holds this list as a revision of a table, with its digest.
    func stateText(table: TableName, revision: Int) -> [UInt8] {
        var text = JSONText(capacity: 512 + 128 * count)
        text.beginObject()
        text.key("format")
        text.integer(StateFile.format)
        text.key("table")
        text.string(table.text)
        text.key("revision")
        text.integer(revision)
        text.key("digest")
        text.string(StateDigest.placeholder)
        let digestEnd = text.bytes.count - 1  // before the closing quote
        text.key("services")
        document.withPools { text.services(services, $0) }
        text.endObject()
        text.finish()
        if let digest = StateDigest(of: text.bytes) {
            text.replace((digestEnd - StateDigest.placeholder.utf8.count)..<digestEnd, with: digest.computed)
        }
        return text.bytes
    }

    /// The text of a service file that holds this list.
    func listText() -> [UInt8] {
        var text = JSONText(capacity: 128 * count)
        document.withPools { text.services(services, $0) }
        text.finish()
        return text.bytes
    }
}

extension ServiceField {
    /// The key in a state file.
    var key: StaticString {
        switch self {
        case .id: "Id"
        case .applicationProtocol: "ApplicationProtocol"
        case .transportProtocol: "TransportProtocol"
        case .domains: "Domains"
        case .proxyPath: "ProxyPath"
        case .port: "Port"
        case .servicePort: "ServicePort"
        case .hosts: "Hosts"
        case .config: "Config"
        case .source: "Source"
        case .cookie: "Cookie"
        case .balance: "Balance"
        case .healthCheckPath: "HealthCheckPath"
        case .connectTimeout: "ConnectTimeout"
        case .clientTimeout: "ClientTimeout"
        case .serverTimeout: "ServerTimeout"
        case .maxConn: "MaxConn"
        case .attributes: "Attributes"
        }
    }
}

extension HostField {
    /// The key in a state file.
    var key: StaticString {
        switch self {
        case .ip: "Ip"
        case .port: "Port"
        case .id: "Id"
        case .weight: "Weight"
        case .maxConn: "MaxConn"
        }
    }
}
