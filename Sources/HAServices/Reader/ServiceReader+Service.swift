import HATemplate

extension ServiceReader {
    /// Reads the service whose opening brace is at the cursor.
    mutating func readService(_ file: inout OpenFile) throws(JSONFault) {
        let origin = file.cursor.origin
        let start = Int(origin) - 1
        file.service.begin()
        file.schemaKey = nil
        file.hosts.removeAll()
        while true {
            readUsualMembers(&file)
            guard try file.cursor.next(file.text, &builder) == .key else { break }
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

    /// Reads texts and integers of a service as long as nothing about them is unusual, let alone wrong.
    private mutating func readUsualMembers(_ file: inout OpenFile) {
        var ahead = file.cursor.lookahead(file.text)
        let (keys, kinds) = (ServiceField.keys, ServiceField.kinds)
        while ahead.takeSeparator(), let key = ahead.takeKey(), let slot = keys.slot(of: ahead.bytes(key)),
            !file.service.isPresent(slot)
        {
            let kind = kinds[slot]
            guard let value = ahead.takeUsual(kind) else { return }
            if value.kind == .int {
                file.service.set(slot, value)
            } else if value.count > 0 || !defaultedFields.contains(slot) {
                file.service.set(slot, trustsConfig && kind == .text(.lines) ? value.trusted : value)
            }
            _ = file.service.claim(slot, at: (key.lowerBound - 1)..<(key.upperBound + 1))
            file.cursor.accept(ahead)
        }
    }

    // MARK: Keys

    @inline(__always)  // a call would pass the whole reader by value
    private func serviceField(_ key: Value, _ text: Bytes) -> ServiceField? {
        withString(key, text) { key in
            ServiceField.named(key) ?? foldingUnusualLetters(key)?.withUnsafeBufferPointer(ServiceField.named)
        }
    }

    private mutating func skipUnknownServiceKey(_ file: inout OpenFile) throws(JSONFault) {
        if withString(file.cursor.value, file.text, { equals($0, "$schema") }) { return try skipSchema(&file) }
        guard mistakes.hasRoom else {
            mistakes.omit()
            return try skipValue(&file.cursor, file.text)
        }
        let key = shown(file.cursor.value, file.text)
        file.service.hasWrapperKey = file.service.hasWrapperKey || ServiceMistake.isWrapper(key)
        let isHostKey = withString(file.cursor.value, file.text) { HostField.named($0) != nil }
        let near = isHostKey ? nil : nearest(to: key, in: ServiceField.allCases.map(\.name))
        // What is misspelled is not missing besides.
        if let meant = ServiceField.allCases.first(where: { $0.name == near }) {
            file.service.markFaulty(meant.rawValue)
        }
        let mistake: ServiceMistake =
            isHostKey ? .misplacedKey(key, of: .service) : .unknownKey(key, of: .service, near: near)
        mistakes.add(mistake, at: file.cursor.keyRange)
        try skipValue(&file.cursor, file.text)
    }

    /// Where the JSON Schema of the file is, for editors.
    private mutating func skipSchema(_ file: inout OpenFile) throws(JSONFault) {
        if let earlier = file.schemaKey { return try skipDuplicate(of: "$schema", earlier: earlier, &file) }
        file.schemaKey = file.cursor.keyRange
        guard let token = try nextValue(&file.cursor, file.text), token != .string, token != .null else { return }
        mistakes.add(.notText(field: "$schema", JSONKind(token)), at: file.cursor.tokenRange)
        try skipRest(of: token, &file.cursor, file.text)
    }

    /// Reports a key that stands again, and reads past its value.
    mutating func skipDuplicate(
        of name: String, earlier: Range<Int>, _ file: inout OpenFile
    ) throws(JSONFault) {
        guard mistakes.hasRoom else {
            mistakes.omit()
            return try skipValue(&file.cursor, file.text)
        }
        let key = shown(file.cursor.value, file.text)
        let first = String(decoding: file.text[earlier].dropFirst().dropLast(), as: UTF8.self)
        mistakes.add(.duplicateKey(key, earlier: first), at: file.cursor.keyRange, other: earlier)
        try skipValue(&file.cursor, file.text)
    }

    // MARK: Fields

    private mutating func read(_ field: ServiceField, _ file: inout OpenFile) throws(JSONFault) {
        let slot = field.rawValue
        switch field.kind {
        case .integer(let rule):
            try readInteger(slot, of: &file.service, name: field.name, rule.range, &file.cursor, file.text)
        case .text(let rule):
            guard try readText(slot, of: &file.service, name: field.name, &file.cursor, file.text, rule) else { return }
            if file.cursor.value.count == 0, defaultedFields.contains(slot) { file.service.reset(slot) }
            if rule == .lines, trustsConfig { file.service.set(slot, file.service.fields[slot].trusted) }
        case .domains: try readDomains(&file)
        case .hosts: try readHosts(&file)
        case .attributes: try readAttributes(&file)
        }
    }

    private mutating func readDomains(_ file: inout OpenFile) throws(JSONFault) {
        let slot = ServiceField.domains.rawValue
        var hasRefused = false
        guard let origin = try beginList(.domains, &file) else { return }
        while true {
            readUsualDomains(&file)
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
                    characterMistake(.line, ServiceField.domains.name, file.cursor.value, file.text)
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

    /// Reads domains as long as nothing about them is unusual, let alone wrong.
    private func readUsualDomains(_ file: inout OpenFile) {
        var ahead = file.cursor.lookahead(file.text)
        while ahead.takeSeparator(), let domain = ahead.takeString(), domainFault(ahead.bytes(domain)) == nil {
            file.elements.append(Value(quoted: domain))
            file.cursor.accept(ahead)
        }
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
        defer { mistakes.add(reader.faults) }
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
}
