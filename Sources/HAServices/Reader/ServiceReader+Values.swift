import HATemplate

// Values of the types that fields have. Each function reads one value, and reports it when it is of another type.
extension ServiceReader {
    /// The next token; nil when what stands there was reported and skipped.
    mutating func nextValue(_ cursor: inout JSONCursor, _ text: Bytes) throws(JSONFault) -> JSONScanner.Token? {
        do {
            return try cursor.next(text, &builder)
        } catch {
            guard error.isRecoverable else { throw error }
            mistakes.add(error)
            return nil
        }
    }

    /// Reads past the value whose first token has just been read.
    mutating func skipRest(
        of token: JSONScanner.Token, _ cursor: inout JSONCursor, _ text: Bytes
    ) throws(JSONFault) {
        var faults = JSONFaults()
        defer { mistakes.add(faults) }
        try cursor.skipRest(of: token, text, &builder, faults: &faults)
    }

    /// Reads past the value of a key that was reported.
    mutating func skipValue(_ cursor: inout JSONCursor, _ text: Bytes) throws(JSONFault) {
        guard let token = try nextValue(&cursor, text) else { return }
        try skipRest(of: token, &cursor, text)
    }

    /// Reports texts that stood in a list before. Empty texts and values of other kinds do not count.
    mutating func reportRepeated(_ texts: [Value], _ mistake: (_ text: String) -> some Mistake) {
        guard texts.count > 1 else { return }
        var tally = Tally()
        let pairs: [(second: Value, first: Value, text: String)] = builder.withPools { pools in
            var found: [(second: Value, first: Value, text: String)] = []
            var seen = FirstPlaces<ByteKey>(expecting: texts.count)
            for (index, value) in texts.enumerated() where value.kind == .string && value.count > 0 {
                let key = ByteKey(bytes: pools.bytes(of: value))
                guard let earlier = seen.claim(key, for: index), tally.admit() else { continue }
                found.append((value, texts[earlier], String(decoding: key.bytes, as: UTF8.self)))
            }
            return found
        }
        for pair in pairs {
            mistakes.add(mistake(pair.text), at: pair.second.writtenRange ?? 0..<0, other: pair.first.writtenRange)
        }
        mistakes.omit(tally.omitted)
    }

    /// Runs `body` on the bytes of a key or string.
    @inline(__always)
    func withString<Result>(_ string: Value, _ text: Bytes, _ body: (Bytes) -> Result) -> Result {
        if let range = string.textRange { return body(Bytes(rebasing: text[range])) }
        return Array(builder.bytes(of: string)).withUnsafeBufferPointer(body)
    }

    /// A key or string as a message shows it.
    func shown(_ string: Value, _ text: Bytes) -> String {
        withString(string, text) { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Text

    /// Reads a text into a slot; `null` leaves it as it is. Returns whether a text was read and nothing is wrong with
    /// it.
    mutating func readText(
        _ slot: Int, of record: inout OpenRecord, name: @autoclosure () -> String, _ cursor: inout JSONCursor,
        _ text: Bytes, _ rule: TextRule = .line
    ) throws(JSONFault) -> Bool {
        guard let token = try nextValue(&cursor, text) else {
            record.markFaulty(slot)
            return false
        }
        guard token == .string else {
            if token == .null { return false }
            return try refuse(.notText(field: name(), JSONKind(token)), token, slot, of: &record, &cursor, text)
        }
        record.set(slot, cursor.value)
        if !cursor.isPlainText, let mistake = characterMistake(rule, name(), cursor.value, text) {
            return refuse(mistake, slot, of: &record, at: cursor.tokenRange)
        }
        if withString(cursor.value, text, { rule.accepts($0) }) { return true }
        guard let mistake = withString(cursor.value, text, { rule.mistake(in: $0, field: name()) }) else { return true }
        return refuse(mistake, slot, of: &record, at: cursor.tokenRange)
    }

    /// What is wrong with the characters of a string.
    func characterMistake(
        _ rule: TextRule, _ name: String, _ string: Value, _ text: Bytes
    ) -> ServiceMistake? {
        withString(string, text) { bytes in
            if bytes.contains(0) { return .nulCharacter(field: name) }
            guard rule != .lines else { return nil }
            return firstControlCharacter(bytes).map { .controlCharacter(field: name, $0) }
        }
    }

    // MARK: Integers

    /// Reads an integer into a slot; `null` leaves it as it is. Integers outside the range are reported.
    mutating func readInteger(
        _ slot: Int, of record: inout OpenRecord, name: @autoclosure () -> String, _ range: ClosedRange<Int>,
        _ cursor: inout JSONCursor, _ text: Bytes
    ) throws(JSONFault) {
        guard let token = try nextValue(&cursor, text) else { return record.markFaulty(slot) }
        switch token {
        case .int:
            let value = cursor.value.asInt
            if range.contains(value) {
                record.set(slot, cursor.value)
            } else if range == IntegerRule.port.range {
                _ = refuse(.portOutOfRange(field: name(), value), slot, of: &record, at: cursor.tokenRange)
            } else {
                _ = refuse(.numberOutOfRange(field: name(), value, range), slot, of: &record, at: cursor.tokenRange)
            }
        case .null:
            break
        default:
            let mistake = integerMistake(token, name(), cursor.value, text[cursor.tokenRange])
            _ = try refuse(mistake, token, slot, of: &record, &cursor, text)
        }
    }

    /// What to say of something that is not an integer.
    private func integerMistake(
        _ token: JSONScanner.Token, _ name: String, _ value: Value, _ written: Slice<Bytes>
    ) -> ServiceMistake {
        switch token {
        case .string:
            let number = Int(String(decoding: builder.bytes(of: value), as: UTF8.self))
            return number.map { .integerAsText(field: name, String($0)) } ?? .notAnInteger(field: name, .string)
        case .float:
            let text = String(decoding: written, as: UTF8.self)
            return .integerAsFloat(field: name, written: text, wholeNumber(value.asFloat))
        default:
            return .notAnInteger(field: name, JSONKind(token))
        }
    }

    // MARK: Reporting

    /// Reports a value at the cursor and reads past it.
    mutating func refuse(
        _ mistake: some Mistake, _ token: JSONScanner.Token, _ slot: Int, of record: inout OpenRecord,
        _ cursor: inout JSONCursor, _ text: Bytes
    ) throws(JSONFault) -> Bool {
        _ = refuse(mistake, slot, of: &record, at: cursor.tokenRange)
        try skipRest(of: token, &cursor, text)
        return false
    }

    /// Reports a value that has been read.
    mutating func refuse(
        _ mistake: some Mistake, _ slot: Int, of record: inout OpenRecord, at range: Range<Int>
    ) -> Bool {
        record.markFaulty(slot)
        mistakes.add(mistake, at: range)
        return false
    }
}

// The same, so that the cases of a service's mistakes can be written without their type.
extension ServiceReader {
    mutating func refuse(
        _ mistake: ServiceMistake, _ token: JSONScanner.Token, _ slot: Int, of record: inout OpenRecord,
        _ cursor: inout JSONCursor, _ text: Bytes
    ) throws(JSONFault) -> Bool {
        let mistake: some Mistake = mistake
        return try refuse(mistake, token, slot, of: &record, &cursor, text)
    }

    mutating func refuse(
        _ mistake: ServiceMistake, _ slot: Int, of record: inout OpenRecord, at range: Range<Int>
    ) -> Bool {
        let mistake: some Mistake = mistake
        return refuse(mistake, slot, of: &record, at: range)
    }
}

/// The integer that a float is; nil for fractions and for what is too large to be meant as one.
private func wholeNumber(_ number: Double) -> Int? {
    number.magnitude < 1e15 ? Int(exactly: number) : nil
}

/// The first control character of valid UTF-8, C0, DEL or C1.
private func firstControlCharacter(_ bytes: Bytes) -> UInt32? {
    for (index, byte) in bytes.enumerated() {
        if byte < 0x20 || byte == 0x7F { return UInt32(byte) }
        if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return UInt32(bytes[index + 1]) }
    }
    return nil
}

extension JSONLookahead {
    /// Reads a text or integer that a field may hold; nil for what is unusual or wrong there.
    @inline(__always)
    mutating func takeUsual(_ kind: FieldKind) -> Value? {
        switch kind {
        case .text(let rule):
            guard let text = takeString(), rule.accepts(bytes(text)) else { return nil }
            return Value(quoted: text)
        case .integer(let rule):
            guard let value = takeInteger(), rule.range.contains(value.asInt) else { return nil }
            return value
        case .domains, .hosts, .attributes:
            return nil
        }
    }
}
