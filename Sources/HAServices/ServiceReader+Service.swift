import HATemplate

extension ServiceReader {
    /// Reads the service whose opening brace is at the cursor.
    mutating func readService(_ file: inout OpenFile) throws(JSONFault) {
        let origin = file.cursor.origin
        let start = Int(origin) - 1
        file.service.begin()
        file.hostsWithoutPort.removeAll(keepingCapacity: true)
        while try file.cursor.next(file.text, &builder) == .key {
            guard let field = serviceField(file.cursor.value, file.text) else {
                try skipUnknownServiceKey(&file)
                continue
            }
            if let earlier = file.service.claim(field.rawValue, at: file.cursor.keyRange) {
                try skipDuplicate(of: field.name, earlier: earlier, &file)
                continue
            }
            try read(field, &file)
        }
        finishService(&file, origin: origin, start: start..<(start + 1))
    }

    // MARK: Keys

    @inline(__always)  // a call would pass the whole reader by value
    private func serviceField(_ key: Value, _ text: Bytes) -> ServiceField? {
        withString(key, text) { key in
            ServiceField.named(key) ?? foldingUnusualLetters(key)?.withUnsafeBufferPointer(ServiceField.named)
        }
    }

    private mutating func skipUnknownServiceKey(_ file: inout OpenFile) throws(JSONFault) {
        let key = shown(file.cursor.value, file.text)
        let isHostKey = withString(file.cursor.value, file.text) { HostField.named($0) != nil }
        let mistake: ServiceMistake =
            isHostKey
            ? .misplacedKey(key, of: .service)
            : .unknownKey(key, of: .service, near: nearest(to: key, in: ServiceField.allCases.map(\.name)))
        mistakes.add(mistake, at: file.cursor.keyRange)
        try skipValue(&file.cursor, file.text)
    }

    /// Reports a key that stands again, and reads past its value.
    mutating func skipDuplicate(
        of name: String, earlier: Range<Int>, _ file: inout OpenFile
    ) throws(JSONFault) {
        let key = shown(file.cursor.value, file.text)
        let first = String(decoding: file.text[earlier].dropFirst().dropLast(), as: UTF8.self)
        mistakes.add(.duplicateKey(key, earlier: first), at: file.cursor.keyRange, other: earlier)
        try skipValue(&file.cursor, file.text)
    }

    // MARK: Fields

    private mutating func read(_ field: ServiceField, _ file: inout OpenFile) throws(JSONFault) {
        switch field {
        case .id, .applicationProtocol, .transportProtocol, .source, .cookie, .balance, .proxyPath,
            .healthCheckPath:
            try readText(field, &file)
        case .config:
            let slot = field.rawValue
            let isRead = try readText(
                slot, of: &file.service, name: field.name, &file.cursor, file.text, .manyLines)
            if isRead, trustsConfig { file.service.set(slot, file.service.fields[slot].trusted) }
        case .domains:
            try readDomains(&file)
        case .hosts:
            try readHosts(&file)
        case .port, .servicePort:
            try readInteger(field, ServiceLimits.port, &file)
        case .connectTimeout, .clientTimeout, .serverTimeout:
            try readInteger(field, ServiceLimits.timeout, &file)
        case .maxConn:
            try readInteger(field, ServiceLimits.connections, &file)
        case .attributes:
            try readAttributes(&file)
        }
    }

    private mutating func readInteger(
        _ field: ServiceField, _ range: ClosedRange<Int>, _ file: inout OpenFile
    ) throws(JSONFault) {
        try readInteger(field.rawValue, of: &file.service, name: field.name, range, &file.cursor, file.text)
    }

    private mutating func readText(_ field: ServiceField, _ file: inout OpenFile) throws(JSONFault) {
        let slot = field.rawValue
        guard try readText(slot, of: &file.service, name: field.name, &file.cursor, file.text) else { return }
        let (value, text) = (file.cursor.value, file.text)
        if value.count == 0 {
            if field == .id { _ = refuse(.emptyId, slot, of: &file.service, at: file.cursor.tokenRange) }
            // An empty text is Go's zero value, as if the key were absent.
            if field == .transportProtocol || field == .source { file.service.reset(slot) }
            return
        }
        let mistake: ServiceMistake? =
            switch field {
            case .applicationProtocol: withString(value, text) { applicationMistake($0) }
            case .transportProtocol: withString(value, text) { transportMistake($0) }
            case .proxyPath, .healthCheckPath:
                withString(value, text) { $0.first == UInt8(ascii: "/") }
                    ? nil : .pathWithoutSlash(field: field.name, shown(value, text))
            default: nil
            }
        if let mistake { _ = refuse(mistake, slot, of: &file.service, at: file.cursor.tokenRange) }
    }

    private mutating func readDomains(_ file: inout OpenFile) throws(JSONFault) {
        let slot = ServiceField.domains.rawValue
        var hasRefused = false
        guard let origin = try beginList(.domains, &file) else { return }
        while true {
            guard let token = try nextValue(&file.cursor, file.text) else {
                file.service.markFaulty(slot)
                continue
            }
            if token == .endArray || token == .end { break }
            guard token == .string else {
                _ = try refuse(
                    .notADomain(JSONKind(token)), token, slot, of: &file.service, &file.cursor, file.text)
                continue
            }
            if let fault = withString(file.cursor.value, file.text, { domainFault($0) }) {
                let mistake =
                    characterMistake(.oneLine, ServiceField.domains.name, file.cursor.value, file.text)
                    ?? .badDomain(shown(file.cursor.value, file.text), fault)
                mistakes.add(mistake, at: file.cursor.tokenRange)
                hasRefused = true
                continue
            }
            file.elements.append(file.cursor.value)
        }
        let domains = file.elements.withUnsafeBufferPointer { builder.appendList($0, of: .string, origin: origin) }
        file.service.set(slot, domains)
        // The other domains still take part in the rules; but none at all would claim every domain.
        if hasRefused, file.elements.isEmpty { file.service.markFaulty(slot) }
    }

    /// Reads the opening bracket of a list field and clears `elements`; returns the list's origin, or nil when it is
    /// absent or something else.
    mutating func beginList(_ field: ServiceField, _ file: inout OpenFile) throws(JSONFault) -> UInt32? {
        file.elements.removeAll(keepingCapacity: true)
        guard let token = try nextValue(&file.cursor, file.text) else {
            file.service.markFaulty(field.rawValue)
            return nil
        }
        if token == .beginArray { return file.cursor.origin }
        if token == .null { return nil }
        let mistake: ServiceMistake =
            token == .string && field == .domains
            ? .textForList(field: field.name, shown(file.cursor.value, file.text))
            : .notAList(field: field.name, JSONKind(token))
        _ = try refuse(mistake, token, field.rawValue, of: &file.service, &file.cursor, file.text)
        return nil
    }

    private mutating func readAttributes(_ file: inout OpenFile) throws(JSONFault) {
        let slot = ServiceField.attributes.rawValue
        guard let token = try nextValue(&file.cursor, file.text) else { return file.service.markFaulty(slot) }
        guard token == .beginObject else {
            if token == .null { return }
            let mistake = ServiceMistake.notAnObject(field: ServiceField.attributes.name, JSONKind(token))
            _ = try refuse(mistake, token, slot, of: &file.service, &file.cursor, file.text)
            return
        }
        let before = builder.extent
        var reader = JSONValueReader()
        defer { for fault in reader.faults { mistakes.add(fault) } }
        let value = try reader.read(from: token, &file.cursor, file.text, &builder)
        file.service.set(slot, value)
        reportNUL(inValuesFrom: before)
    }

    /// NUL can stand in no configuration, whatever a template does with it.
    private mutating func reportNUL(inValuesFrom before: (values: Int, decodedBytes: Int)) {
        let places: [Range<Int>] = builder.withPools { pools in
            guard pools.decoded[before.decodedBytes...].contains(0) else { return [] }
            return pools.values[before.values...].compactMap { value in
                value.kind == .string && pools.bytes(of: value).contains(0) ? value.writtenRange : nil
            }
        }
        for place in places { mistakes.add(.nulCharacter(field: ServiceField.attributes.name), at: place) }
    }

    // MARK: The end of a service

    /// Fills in what other fields decide, checks what one service can be checked for alone, and keeps the record.
    private mutating func finishService(_ file: inout OpenFile, origin: UInt32, start: Range<Int>) {
        let fields = file.service.fields
        let faulty = file.service.faulty
        let id = fields[ServiceField.id.rawValue]
        let port = fields[ServiceField.port.rawValue]
        let servicePort = fields[ServiceField.servicePort.rawValue]
        let listenPort = servicePort.asInt != 0 ? servicePort : port
        let isHTTP = holds(fields[ServiceField.applicationProtocol.rawValue], "http", file.text)
        let isUDP = holds(fields[ServiceField.transportProtocol.rawValue], "udp", file.text)
        if id.count == 0, !faulty.contains(ServiceField.id.rawValue) { mistakes.add(.missingId, at: start) }
        if !isHTTP, listenPort.asInt == 0, faulty.isDisjoint(with: ServiceFacts.portFields) {
            mistakes.add(.noListenPort, at: port.writtenRange ?? start)
        }
        for host in file.hostsWithoutPort {
            if port.asInt != 0 {
                builder.setField(HostField.port.rawValue, of: host, to: port)
            } else if !faulty.contains(ServiceField.port.rawValue) {
                mistakes.add(.hostWithoutPort, at: host.writtenRange ?? start)
            }
        }
        services.append(
            ServiceFacts(
                record: builder.appendRecord(serviceShape, fields: UnsafeBufferPointer(fields), origin: origin),
                id: id, listenPort: listenPort, domains: fields[ServiceField.domains.rawValue],
                path: fields[ServiceField.proxyPath.rawValue], isHTTP: isHTTP, isUDP: isUDP, faulty: faulty))
    }

    /// Whether a value is the given text.
    @inline(__always)
    private func holds(_ value: Value, _ expected: StaticString, _ text: Bytes) -> Bool {
        value.count == expected.utf8CodeUnitCount && withString(value, text) { equals($0, expected) }
    }
}

/// Whether two texts are the same bytes.
@inline(__always)
func equals(_ text: Bytes, _ other: StaticString) -> Bool {
    text.count == other.utf8CodeUnitCount && text.elementsEqual(Bytes(start: other.utf8Start, count: text.count))
}

/// `HTTP` would be a plain tcp service, since templates compare with `http`.
private func applicationMistake(_ text: Bytes) -> ServiceMistake? {
    guard text.count == 4, !equals(text, "http"), text[0] | 0x20 == UInt8(ascii: "h"),
        text[1] | 0x20 == UInt8(ascii: "t"), text[2] | 0x20 == UInt8(ascii: "t"),
        text[3] | 0x20 == UInt8(ascii: "p")
    else { return nil }
    return .httpSpelling(String(decoding: text, as: UTF8.self))
}

private func transportMistake(_ text: Bytes) -> ServiceMistake? {
    equals(text, "tcp") || equals(text, "udp") ? nil : .unknownTransport(String(decoding: text, as: UTF8.self))
}
