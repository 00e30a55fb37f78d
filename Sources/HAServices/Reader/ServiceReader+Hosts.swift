import HATemplate

extension ServiceReader {
    /// Reads the list of hosts that comes next.
    mutating func readHosts(_ file: inout OpenFile) throws(JSONFault) {
        let slot = ServiceField.hosts.rawValue
        guard let origin = try beginList(.hosts, &file) else { return }
        file.hosts.removeAll()
        while true {
            readUsualHosts(&file)
            guard let token = try nextValue(&file.cursor, file.text) else { continue }
            switch token {
            case .beginObject:
                try readHost(&file)
            case .endArray, .end:
                file.service.set(slot, file.hosts.list(of: hostShape, origin: origin, in: &builder))
                // Two servers of one backend cannot have one name.
                reportRepeated(file.hosts.ids) { ServiceMistake.duplicateHostId($0) }
                return
            default:
                _ = try refuse(
                    .notAHost(JSONKind(token)), token, slot, of: &file.service, &file.cursor, file.text)
            }
        }
    }

    /// Reads hosts as long as nothing about them is unusual, let alone wrong.
    private func readUsualHosts(_ file: inout OpenFile) {
        var ahead = file.cursor.lookahead(file.text)
        while ahead.takeSeparator(), ahead.take(UInt8(ascii: "{")) {
            let origin = UInt32(truncatingIfNeeded: ahead.position)
            guard readUsualHost(&ahead, file.hosts.begin()) else { return }
            file.hosts.keep(origin: origin)
            file.cursor.accept(ahead)
        }
    }

    /// Reads a host after its opening brace; false when it is not one that templates could get as it stands.
    @inline(__always)
    private func readUsualHost(_ ahead: inout JSONLookahead, _ fields: UnsafeMutablePointer<Value>) -> Bool {
        var present: FieldSet = []
        let (keys, kinds) = (HostField.keys, HostField.kinds)
        repeat {
            guard let key = ahead.takeKey(), let slot = keys.slot(of: ahead.bytes(key)), !present.contains(slot)
            else { return false }
            present.insert(slot)
            guard let value = ahead.takeUsual(kinds[slot]) else { return false }
            fields[slot] = value
        } while ahead.take(UInt8(ascii: ","))
        return ahead.take(UInt8(ascii: "}")) && fields[HostField.ip.rawValue].count > 0
    }

    private mutating func readHost(_ file: inout OpenFile) throws(JSONFault) {
        let origin = file.cursor.origin
        let start = Int(origin) - 1
        file.host.begin()
        while try file.cursor.next(file.text, &builder) == .key {
            guard let field = hostField(file.cursor.value, file.text) else {
                try skipUnknownHostKey(&file)
                continue
            }
            if let earlier = file.host.claim(field.rawValue, at: file.cursor.keyRange) {
                try skipDuplicate(of: field.name, earlier: earlier, &file)
                continue
            }
            try read(field, &file)
        }
        if file.host.fields[HostField.ip.rawValue].count == 0, !file.host.faulty.contains(HostField.ip.rawValue) {
            mistakes.add(.missingIp, at: start..<(start + 1))
        }
        _ = UnsafeMutableBufferPointer(start: file.hosts.begin(), count: file.host.fields.count)
            .update(fromContentsOf: file.host.fields)
        file.hosts.keep(origin: origin, hasFaultyPort: file.host.faulty.contains(HostField.port.rawValue))
    }

    @inline(__always)  // a call would pass the whole reader by value
    private func hostField(_ key: Value, _ text: Bytes) -> HostField? {
        withString(key, text) { key in
            HostField.named(key) ?? foldingUnusualLetters(key)?.withUnsafeBufferPointer(HostField.named)
        }
    }

    private mutating func skipUnknownHostKey(_ file: inout OpenFile) throws(JSONFault) {
        guard mistakes.hasRoom else {
            mistakes.omit()
            return try skipValue(&file.cursor, file.text)
        }
        let key = shown(file.cursor.value, file.text)
        let isServiceKey = withString(file.cursor.value, file.text) { ServiceField.named($0) != nil }
        let near = isServiceKey ? nil : nearest(to: key, in: HostField.allCases.map(\.name))
        // What is misspelled is not missing besides.
        if let meant = HostField.allCases.first(where: { $0.name == near }) { file.host.markFaulty(meant.rawValue) }
        let mistake: ServiceMistake =
            isServiceKey ? .misplacedKey(key, of: .host) : .unknownKey(key, of: .host, near: near)
        mistakes.add(mistake, at: file.cursor.keyRange)
        try skipValue(&file.cursor, file.text)
    }

    private mutating func read(_ field: HostField, _ file: inout OpenFile) throws(JSONFault) {
        let slot = field.rawValue
        switch field.kind {
        case .integer(let rule):
            try readInteger(slot, of: &file.host, name: field.name, rule.range, &file.cursor, file.text)
        case .text(let rule):
            let name = field == .id ? "a host's Id" : field.name  // a service has one too
            _ = try readText(slot, of: &file.host, name: name, &file.cursor, file.text, rule)
        case .domains, .hosts, .attributes:
            try skipValue(&file.cursor, file.text)
        }
    }
}
