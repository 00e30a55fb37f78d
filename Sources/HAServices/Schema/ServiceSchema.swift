/// The fields of services and hosts, one row each.
///
/// Everything that knows the fields is made of these tables: the reader and its look-ahead, the writer of state files,
/// the types that the checker knows, `docs/service.schema.json` and the tables of `docs/services.md`. To add a field,
/// add its row at the end (a proxym template prints fields in order) and its line in `FieldTests.fields`.
enum ServiceSchema {
    static let service: [FieldRow] = [
        // proxym's fields, in proxym's order, which `{{ printf "%+v" . }}` shows.
        FieldRow("Id", .text(.id), absent: .required, "Its name, which no other service has."),
        FieldRow(
            "ApplicationProtocol", .text(.applicationProtocol),
            "`http`; anything else, or nothing, stands for plain tcp or udp."),
        FieldRow("TransportProtocol", .text(.transportProtocol), absent: .text("tcp"), "`tcp` or `udp`."),
        FieldRow("Domains", .domains, "Host names that lead here; `*.example.com` stands for every name below it."),
        FieldRow("ProxyPath", .text(.requestPath), "The path that leads here, such as `/app`."),
        FieldRow("Port", .integer(.port), "The service's own port; also the port of hosts that name none."),
        FieldRow("ServicePort", .integer(.port), "The port that the proxy listens on; 0: the same as `Port`."),
        FieldRow("Hosts", .hosts, "Where it runs."),
        FieldRow("Config", .text(.lines), "Lines of configuration for the section of this service."),
        FieldRow("Source", .text(.line), absent: .source, "Where the description comes from."),
        // Those that Cosmos and Proxymatic need.
        FieldRow("Cookie", .text(.cookieName), "The cookie that keeps a session on its host."),
        FieldRow("Balance", .text(.line), "How requests are spread, such as `leastconn`."),
        FieldRow("HealthCheckPath", .text(.checkPath), "The path that answers when a host is well."),
        FieldRow("ConnectTimeout", .integer(.seconds), "Seconds to connect to a host; 0: not set."),
        FieldRow("ClientTimeout", .integer(.seconds), "Seconds that a client may be silent; 0: not set."),
        FieldRow("ServerTimeout", .integer(.seconds), "Seconds that a host may be silent; 0: not set."),
        FieldRow("MaxConn", .integer(.connections), "Connections at one time; 0: not set."),
        FieldRow("Attributes", .attributes, "Anything of your own: `{{ .Attributes.owner }}`."),
    ]

    static let host: [FieldRow] = [
        FieldRow(
            "Ip", .text(.address), absent: .required, "IPv4 address, IPv6 address (without brackets) or host name."),
        FieldRow("Port", .integer(.port), absent: .servicePort, "Its port; 0: the service's `Port`."),
        FieldRow("Id", .text(.line), "A name for it, which no other host of this service has."),
        FieldRow("Weight", .integer(.weight), "Its share of the requests; 0: not set."),
        FieldRow("MaxConn", .integer(.connections), "Connections at one time; 0: not set."),
    ]
}

/// A field: its key, what it holds, what it holds when it is absent, and what it means.
struct FieldRow: Sendable {
    /// As templates and service files write it, although the case of letters does not count in files.
    let key: StaticString
    let kind: FieldKind
    let fallback: Fallback
    /// For the documents: one sentence.
    let meaning: String

    init(_ key: StaticString, _ kind: FieldKind, absent fallback: Fallback = .zero, _ meaning: String) {
        self.key = key
        self.kind = kind
        self.fallback = fallback
        self.meaning = meaning
    }

    /// What a field holds when a file leaves it out.
    enum Fallback: Sendable {
        /// Go's zero value: no text, 0, an empty list.
        case zero
        case text(StaticString)
        /// What the reader was given: `File`.
        case source
        /// A host's Port is its service's.
        case servicePort
        /// It must be there.
        case required

        /// The text that an absent or empty field stands for; nil where that is the empty text.
        func text(defaultSource: String) -> String? {
            switch self {
            case .text(let text): text.description
            case .source: defaultSource
            case .zero, .servicePort, .required: nil
            }
        }

        /// Whether a template may find the zero value.
        var mayBeEmpty: Bool {
            switch self {
            case .zero: true
            case .text, .source, .servicePort, .required: false
            }
        }
    }
}

/// What a field holds.
enum FieldKind: Sendable, Equatable {
    case text(TextRule)
    case integer(IntegerRule)
    /// A list of host names.
    case domains
    /// A list of hosts.
    case hosts
    /// An object of any values.
    case attributes

    var isInteger: Bool {
        if case .integer = self { true } else { false }
    }
}

/// The integers that a field may hold.
enum IntegerRule: Sendable {
    case port, seconds, connections, weight

    var range: ClosedRange<Int> {
        switch self {
        case .port: 0...65_535
        /// As milliseconds they must fit in the proxies' 32-bit timers.
        case .seconds: 0...2_147_483
        /// What fits in the proxies' 32-bit counters.
        case .connections: 0...2_147_483_647
        /// HAProxy's range.
        case .weight: 0...256
        }
    }
}

/// A field of a service; the raw value is its row in `ServiceSchema.service` and its slot in a service's record.
struct ServiceField: SchemaField {
    let rawValue: Int

    static let rows = ServiceSchema.service
    static let allCases = rows.indices.map { Self(rawValue: $0) }
    static let keys = KeyTable(rows.map(\.key))
    static let kinds = FieldKinds(rows)

    // Those that rules and methods ask for. A test holds them against the table.
    static var id: Self { Self(rawValue: 0) }
    static var applicationProtocol: Self { Self(rawValue: 1) }
    static var transportProtocol: Self { Self(rawValue: 2) }
    static var domains: Self { Self(rawValue: 3) }
    static var proxyPath: Self { Self(rawValue: 4) }
    static var port: Self { Self(rawValue: 5) }
    static var servicePort: Self { Self(rawValue: 6) }
    static var hosts: Self { Self(rawValue: 7) }
    static var source: Self { Self(rawValue: 9) }
    static var cookie: Self { Self(rawValue: 10) }
    static var attributes: Self { Self(rawValue: 17) }
}

/// A field of a host; the raw value is its row in `ServiceSchema.host` and its slot in a host's record.
struct HostField: SchemaField {
    let rawValue: Int

    static let rows = ServiceSchema.host
    static let allCases = rows.indices.map { Self(rawValue: $0) }
    static let keys = KeyTable(rows.map(\.key))
    static let kinds = FieldKinds(rows)

    static var ip: Self { Self(rawValue: 0) }
    static var port: Self { Self(rawValue: 1) }
    static var id: Self { Self(rawValue: 2) }
}

/// A row's number, with what its row says.
protocol SchemaField: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {
    static var rows: [FieldRow] { get }
    static var keys: KeyTable { get }
    static var kinds: FieldKinds { get }
    init(rawValue: Int)
}

extension SchemaField {
    private var row: FieldRow { Self.rows[rawValue] }

    var key: StaticString { row.key }
    var name: String { row.key.description }
    var fallback: FieldRow.Fallback { row.fallback }
    var meaning: String { row.meaning }
    var kind: FieldKind { Self.kinds[rawValue] }

    /// The field that a key names, whatever the case of its letters; nil when it names none.
    static func named(_ key: Bytes) -> Self? { keys.slot(of: key).map { Self(rawValue: $0) } }
}

/// What the fields of a table hold, side by side, for readers of many services.
struct FieldKinds: @unchecked Sendable {
    /// Never freed: there is one for each table.
    private let kinds: UnsafeMutableBufferPointer<FieldKind>

    init(_ rows: [FieldRow]) {
        kinds = .allocate(capacity: rows.count)
        _ = kinds.initialize(from: rows.map(\.kind))
    }

    /// The kind of the field in a slot, which must be one of the table's.
    @inline(__always)
    subscript(slot: Int) -> FieldKind { kinds[slot] }
}
