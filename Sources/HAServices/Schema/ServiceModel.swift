import HATemplate

/// The types that a template sees: what Go's structs `types.Service` and `types.Host` are to a proxym template.
public enum ServiceModel {
    /// A service: proxym's fields first, in proxym's order, then those that Cosmos and Proxymatic need.
    public static let service = RecordShape(
        name: "types.Service", fields: ServiceField.allCases.map(\.declaration),
        methods: [
            // An http service may be without one, but who binds a port means the others, which always have one.
            .integer("ListenPort") { fields in
                let servicePort = fields.integer(ServiceField.servicePort.rawValue)
                return servicePort != 0 ? servicePort : fields.integer(ServiceField.port.rawValue)
            },
            .text("Name") { proxyName(of: $0.text(ServiceField.id.rawValue)) },
            .text("Path", mayBeEmpty: true) { normalPath(of: $0.text(ServiceField.proxyPath.rawValue)) },
        ])

    /// A place where a service runs.
    public static let host = RecordShape(
        name: "types.Host", fields: HostField.allCases.map(\.declaration),
        methods: [
            .text("Address") {
                addressWithPort($0.text(HostField.ip.rawValue), port: $0.integer(HostField.port.rawValue))
            }
        ])

    /// A ProxyPath with one slash before it and none after it; empty when there is none, `/` for the root.
    static func normalPath(of path: [UInt8]) -> [UInt8] {
        guard !path.isEmpty else { return [] }
        let slash = UInt8(ascii: "/")
        var inner = path[...]
        while inner.first == slash { inner = inner.dropFirst() }
        while inner.last == slash { inner = inner.dropLast() }
        return [slash] + inner
    }

    /// An Id as a name that HAProxy and nginx accept: letters, digits and `-_.` stay, any other character becomes `_`.
    ///
    /// HAProxy would take a colon too, but nginx reads what follows it as a port.
    static func proxyName(of id: [UInt8]) -> [UInt8] {
        var name: [UInt8] = []
        name.reserveCapacity(id.count)
        for byte in id where byte & 0xC0 != 0x80 {  // a character of several bytes becomes one `_`
            name.append(isNameByte(byte) ? byte : UInt8(ascii: "_"))
        }
        return name
    }

    /// Whether a byte may stand in a proxy's name: a letter, a digit or one of `-_.`.
    @inline(__always)
    static func isNameByte(_ byte: UInt8) -> Bool {
        let below64: UInt64 = 0x03FF_6000_0000_0000  // -. 0-9
        let below128: UInt64 = 0x07FF_FFFE_87FF_FFFE  // A-Z _ a-z
        return byte < 128 && (byte < 64 ? below64 : below128) >> UInt64(byte & 63) & 1 == 1
    }

    /// `1.2.3.4:80`, `[::1]:80` or `name:80`.
    static func addressWithPort(_ ip: [UInt8], port: Int) -> [UInt8] {
        let isIPv6 = ip.contains(UInt8(ascii: ":"))
        var address: [UInt8] = []
        address.reserveCapacity(ip.count + 8)
        if isIPv6 { address.append(UInt8(ascii: "[")) }
        address.append(contentsOf: ip)
        if isIPv6 { address.append(UInt8(ascii: "]")) }
        address.append(UInt8(ascii: ":"))
        address.append(contentsOf: String(port).utf8)
        return address
    }
}

extension SchemaField {
    /// What a template finds in the field.
    var declaration: RecordShape.Field {
        let type: DataType =
            switch kind {
            case .text: .string
            case .integer: .int
            case .domains: .list(.string)
            case .hosts: .list(.record(ServiceModel.host))
            case .attributes: .map(.any)
            }
        switch kind {
        case .text, .integer: return RecordShape.Field(name, type, mayBeEmpty: fallback.mayBeEmpty)
        case .domains, .hosts, .attributes: return RecordShape.Field(name, type)
        }
    }
}

extension CheckSubject {
    /// A template that gets the list of services.
    public static let services = CheckSubject.type(.list(.record(ServiceModel.service)))
}
