import HATemplate

// How services are stored: the fields of the service model in their order, zero values left out.
extension JSONText {
    /// A list of services. The value may be a list of records alone.
    mutating func services(_ list: Value, _ pools: DocumentPools) {
        beginList()
        for service in pools.elements(of: list) { self.service(service, pools) }
        endList()
    }

    /// The same, with runs of services copied that are stored already.
    mutating func services(_ list: Value, _ stored: StoredText, _ pools: DocumentPools) {
        let elements = pools.elements(of: list)
        beginList()
        var index = 0
        while index < elements.count {
            guard let (text, count) = stored.run(from: index, pools) else {
                service(elements[index], pools)
                index += 1
                continue
            }
            literal(text)
            index += count
        }
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
        case .string: value.count == 0 || isDefault(pools.bytes(of: value), field)
        default: value.isAbsent
        }
    }

    /// Source is written even where it is what a reader would put there, since readers differ in that.
    private func isDefault(_ text: Bytes, _ field: ServiceField) -> Bool {
        if case .text(let fallback) = field.fallback { equals(text, fallback) } else { false }
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

/// Where the stored file, which is part of a document's source, has the text of services that stay as they are.
struct StoredText: Sendable {
    /// Where each stored service begins, as a value's origin.
    let origins: [UInt32]
    /// For each service to write, the number of the stored service that it is.
    let kept: [Int?]

    /// What stands between two services.
    private static let separator: StaticString = ",\n    "

    /// The text of the longest run of services from one on that stand side by side in the file too, and their number.
    ///
    /// The last stored service is left out, since no next one marks its end.
    func run(from index: Int, _ pools: DocumentPools) -> (Bytes, count: Int)? {
        guard index < kept.count, let first = kept[index] else { return nil }
        var last = first
        var end: Int?
        while index + (last - first) < kept.count, kept[index + (last - first)] == last, last + 1 < origins.count,
            let found = endOfService(before: last + 1, pools)
        {
            end = found
            last += 1
        }
        let start = Int(origins[first]) - 1
        guard let end, start >= 0, start < end else { return nil }
        return (Bytes(rebasing: pools.source[start..<end]), last - first)
    }

    /// Where the service before another one ends; nil when they do not stand as the program writes them.
    private func endOfService(before next: Int, _ pools: DocumentPools) -> Int? {
        let separator = Bytes(start: Self.separator.utf8Start, count: Self.separator.utf8CodeUnitCount)
        let start = Int(origins[next]) - 1
        let end = start - separator.count
        guard end > 0, start <= pools.source.count, pools.source[end - 1] == UInt8(ascii: "}"),
            Bytes(rebasing: pools.source[end..<start]).elementsEqual(separator)
        else { return nil }
        return end
    }
}

/// A list of services of a document.
package struct ServiceList: Sendable {
    let document: Document
    let services: Value

    init(_ document: Document, _ services: Value) {
        self.document = document
        self.services = services
    }

    package init(_ document: Document) {
        self.init(document, document.root)
    }

    var count: Int { services.count }

    /// Bytes that the text will hardly surpass: services with one domain, hosts with an id and an IPv4 address.
    private var estimatedSize: Int {
        let hosts = document.withPools { pools in
            pools.elements(of: services).reduce(0) { $0 + pools.elements(of: $1)[ServiceField.hosts.rawValue].count }
        }
        return 512 + 320 * count + 100 * hosts
    }

    /// The text of a file that holds this list as a revision of a table, with its digest.
    ///
    /// `stored` says which services stand in the document's source already as they will be written.
    func stateText(table: TableName, revision: Int, reusing stored: StoredText? = nil) -> [UInt8] {
        var text = JSONText(capacity: estimatedSize)
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
        document.withPools { pools in
            if let stored { text.services(services, stored, pools) } else { text.services(services, pools) }
        }
        text.endObject()
        text.finish()
        if let digest = StateDigest(of: text.bytes) {
            text.replace((digestEnd - StateDigest.placeholder.utf8.count)..<digestEnd, with: digest.computed)
        }
        return text.bytes
    }

    /// The text of a service file that holds this list.
    package func listText() -> [UInt8] {
        var text = JSONText(capacity: estimatedSize)
        document.withPools { text.services(services, $0) }
        text.finish()
        return text.bytes
    }
}
