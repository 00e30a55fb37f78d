import HATemplate

extension PayloadScan {
    /// Reads the list of candidates that comes next.
    mutating func readCandidates(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let slot = PayloadRootKey.candidates.rawValue
        guard try reader.beginList("candidates", slot, &root, &file) else { return }
        while let start = try reader.nextObject(of: "candidates", &file) {
            try readCandidate(start, &reader, &file)
        }
    }

    private mutating func readCandidate(
        _ start: Range<Int>, _ reader: inout ServiceReader, _ file: inout OpenFile
    ) throws(JSONFault) {
        let origin = file.cursor.origin
        let firstContainer = containers.count
        candidate.begin()
        while let key = try reader.nextKey(PayloadCandidateKey.self, &candidate, &file) {
            let slot = key.rawValue
            switch key {
            case .serviceName, .predicate: try reader.readName(key.text, slot, &candidate, &file)
            case .port: try readPort(&reader, &file)
            case .configMode, .cookie:
                _ = try reader.readText(slot, of: &candidate, name: key.text, &file.cursor, file.text)
            case .containers: try readContainers(&reader, &file)
            }
        }
        for key: PayloadCandidateKey in [.serviceName, .port, .predicate] {
            reader.require(key, of: candidate, at: start)
        }
        finish(containers: firstContainer..<containers.count, origin: origin, &reader, file.text)
    }

    private mutating func readContainers(
        _ reader: inout ServiceReader, _ file: inout OpenFile
    ) throws(JSONFault) {
        let slot = PayloadCandidateKey.containers.rawValue
        guard try reader.beginList("containers", slot, &candidate, &file) else { return }
        while let start = try reader.nextObject(of: "containers", &file) {
            entry.begin()
            while let key = try reader.nextKey(PayloadContainerKey.self, &entry, &file) {
                switch key {
                case .id: try readId(key.rawValue, &reader, &file)
                case .ip: try readAddress(key.rawValue, &reader, &file)
                }
            }
            for key in PayloadContainerKey.allCases { reader.require(key, of: entry, at: start) }
            containers.append(PayloadContainer(service: .missing, id: entry.fields[0], ip: entry.fields[1]))
        }
    }

    /// A port is an integer or, as environment variables have it, a string that holds one.
    private mutating func readPort(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let slot = PayloadCandidateKey.port.rawValue
        guard let token = try reader.nextValue(&file.cursor, file.text) else { return candidate.markFaulty(slot) }
        let port: Int
        switch token {
        case .null:
            return
        case .int:
            port = file.cursor.value.asInt
        case .string:
            let text = reader.shown(file.cursor.value, file.text)
            guard let number = PayloadText.number(text) else {
                _ = reader.refuse(PayloadMistake.badPort(text), slot, of: &candidate, at: file.cursor.tokenRange)
                return
            }
            port = number
        default:
            _ = try reader.refuse(
                PayloadMistake.notAPort(JSONKind(token)), token, slot, of: &candidate, &file.cursor, file.text)
            return
        }
        guard (1...65_535).contains(port) else {
            _ = reader.refuse(PayloadMistake.portOutOfRange(port), slot, of: &candidate, at: file.cursor.tokenRange)
            return
        }
        candidate.set(slot, .int(port).withOrigin(file.cursor.origin))
    }

    // MARK: The end of a candidate

    /// Checks what several members decide together, and keeps the candidate.
    mutating func finish(
        containers: Range<Int>, origin: UInt32, _ reader: inout ServiceReader, _ text: Bytes
    ) {
        let fields = candidate.fields
        let isPath = isPathMode(&reader, text)
        let predicate = fields[PayloadCandidateKey.predicate.rawValue]
        var path: Value?
        if let isPath, predicate.count > 0, !candidate.faulty.contains(PayloadCandidateKey.predicate.rawValue) {
            if isPath {
                path = self.path(predicate, &reader, text)
            } else if let fault = reader.withString(predicate, text, { domainFault($0) }) {
                let mistake = PayloadMistake.badDomain(reader.shown(predicate, text), fault)
                reader.mistakes.add(mistake, at: predicate.writtenRange ?? 0..<0)
            }
        }
        let cookie = fields[PayloadCandidateKey.cookie.rawValue]
        checkCookie(cookie, &reader, text)
        candidates.append(
            PayloadCandidate(
                name: fields[PayloadCandidateKey.serviceName.rawValue],
                port: fields[PayloadCandidateKey.port.rawValue], domain: isPath == false ? predicate : nil,
                path: path, cookie: cookie.count > 0 ? cookie : nil, containers: containers, origin: origin))
    }

    /// Whether paths are routed; nil when the mode is wrong. A mode that is not there is `host`, as Cosmos documents.
    private func isPathMode(_ reader: inout ServiceReader, _ text: Bytes) -> Bool? {
        let slot = PayloadCandidateKey.configMode.rawValue
        let value = candidate.fields[slot]
        if candidate.faulty.contains(slot) { return nil }
        guard value.kind == .string else { return false }
        let mode = reader.shown(value, text)
        switch mode.lowercased() {  // Cosmonaut compares without case
        case "host": return false
        case "path": return true
        default:
            let mistake = PayloadMistake.unknownMode(mode, near: nearest(to: mode, in: ["host", "path"]))
            reader.mistakes.add(mistake, at: value.writtenRange ?? 0..<0)
            return nil
        }
    }

    /// A path predicate with one slash in front, which may be missing in the payload.
    private func path(_ predicate: Value, _ reader: inout ServiceReader, _ text: Bytes) -> Value? {
        let isPath = reader.withString(predicate, text) { $0.allSatisfy(PayloadText.isPathByte) }
        guard isPath else {
            let shown = reader.shown(predicate, text)
            let found = PayloadText.firstOutside(shown, PayloadText.isPathByte)
            reader.mistakes.add(
                PayloadMistake.badPath(shown, found: found), at: predicate.writtenRange ?? 0..<0)
            return nil
        }
        let hasSlash = reader.withString(predicate, text) { $0.first == UInt8(ascii: "/") }
        let slashed = Array(((hasSlash ? "" : "/") + reader.shown(predicate, text)).utf8)
        if let fault = slashed.withUnsafeBufferPointer({ pathFault($0) }) {
            reader.mistakes.add(
                PayloadMistake.impossiblePath(reader.shown(predicate, text), fault),
                at: predicate.writtenRange ?? 0..<0)
            return nil
        }
        return hasSlash ? predicate : reader.builder.appendText(slashed, origin: predicate.origin)
    }

    private func checkCookie(_ cookie: Value, _ reader: inout ServiceReader, _ text: Bytes) {
        guard cookie.kind == .string, !candidate.faulty.contains(PayloadCandidateKey.cookie.rawValue),
            !reader.withString(cookie, text, { $0.allSatisfy(PayloadText.isTokenByte) })
        else { return }
        let shown = reader.shown(cookie, text)
        let found = PayloadText.firstOutside(shown, PayloadText.isTokenByte)
        reader.mistakes.add(PayloadMistake.badCookie(shown, found: found), at: cookie.writtenRange ?? 0..<0)
    }
}
