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
        var faults: [JSONFault] = []
        defer { for fault in faults { mistakes.add(fault) } }
        try cursor.skipRest(of: token, text, &builder, faults: &faults)
    }

    /// Reads past the value of a key that was reported.
    mutating func skipValue(_ cursor: inout JSONCursor, _ text: Bytes) throws(JSONFault) {
        guard let token = try nextValue(&cursor, text) else { return }
        try skipRest(of: token, &cursor, text)
    }

    /// Runs `body` on the bytes of the last key or string.
    func withString<Result>(_ cursor: borrowing JSONCursor, _ text: Bytes, _ body: (Bytes) -> Result) -> Result {
        if let range = cursor.plainRange { return body(Bytes(rebasing: text[range])) }
        return Array(builder.bytes(of: cursor.value)).withUnsafeBufferPointer(body)
    }

    /// The last key or string as a message shows it.
    func string(_ cursor: borrowing JSONCursor, _ text: Bytes) -> String {
        withString(cursor, text) { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Text

    /// What may stand in a text.
    enum TextRule {
        /// No control characters.
        case oneLine
        /// Anything but NUL.
        case manyLines
    }

    /// Reads a text into a slot; `null` leaves it as it is. Returns whether a text was read and nothing is wrong with
    /// it so far.
    mutating func readText(
        _ slot: Int, of record: inout OpenRecord, name: @autoclosure () -> String, _ cursor: inout JSONCursor,
        _ text: Bytes, _ rule: TextRule = .oneLine
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
        if !cursor.isPlainText, let mistake = characterMistake(rule, name(), cursor, text) {
            return refuse(mistake, slot, of: &record, cursor)
        }
        return true
    }

    /// What is wrong with the characters of the last string.
    func characterMistake(
        _ rule: TextRule, _ name: String, _ cursor: borrowing JSONCursor, _ text: Bytes
    ) -> ServiceMistake? {
        withString(cursor, text) { bytes in
            if bytes.contains(0) { return .nulCharacter(field: name) }
            guard rule == .oneLine else { return nil }
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
            } else if range == ServiceLimits.port {
                _ = refuse(.portOutOfRange(field: name(), value), slot, of: &record, cursor)
            } else {
                _ = refuse(.numberOutOfRange(field: name(), value, range), slot, of: &record, cursor)
            }
        case .null:
            break
        default:
            let mistake = integerMistake(token, name(), cursor, text)
            _ = try refuse(mistake, token, slot, of: &record, &cursor, text)
        }
    }

    /// What to say of something that is not an integer.
    private func integerMistake(
        _ token: JSONScanner.Token, _ name: String, _ cursor: borrowing JSONCursor, _ text: Bytes
    ) -> ServiceMistake {
        switch token {
        case .string:
            let written = string(cursor, text)
            return Int(written).map { .integerAsText(field: name, String($0)) } ?? .notAnInteger(field: name, .string)
        case .float:
            let written = String(decoding: text[cursor.tokenRange], as: UTF8.self)
            return .integerAsFloat(field: name, written: written, wholeNumber(cursor.value.asFloat))
        default:
            return .notAnInteger(field: name, JSONKind(token))
        }
    }

    // MARK: Reporting

    /// Reports a value at the cursor and reads past it.
    mutating func refuse(
        _ mistake: ServiceMistake, _ token: JSONScanner.Token, _ slot: Int, of record: inout OpenRecord,
        _ cursor: inout JSONCursor, _ text: Bytes
    ) throws(JSONFault) -> Bool {
        _ = refuse(mistake, slot, of: &record, cursor)
        try skipRest(of: token, &cursor, text)
        return false
    }

    /// Reports the scalar at the cursor.
    mutating func refuse(
        _ mistake: ServiceMistake, _ slot: Int, of record: inout OpenRecord, _ cursor: borrowing JSONCursor
    ) -> Bool {
        record.markFaulty(slot)
        mistakes.add(mistake, at: cursor.tokenRange)
        return false
    }
}

/// How large numbers may be.
enum ServiceLimits {
    /// 0 stands for "not set".
    static let port = 0...65_535
    /// HAProxy's range; 0 stands for "not set".
    static let weight = 0...256
    /// What fits in the proxies' 32-bit counters.
    static let connections = 0...2_147_483_647
    /// Seconds; as milliseconds they must fit in the proxies' 32-bit timers.
    static let timeout = 0...2_147_483
}

/// The integer that a float is; nil for fractions and for what is too large to be meant as one.
private func wholeNumber(_ number: Double) -> Int? {
    guard number.magnitude < 1e15 else { return nil }
    let integer = Int(number)
    return Double(integer) == number ? integer : nil
}

/// The first control character of valid UTF-8, C0, DEL or C1.
private func firstControlCharacter(_ bytes: Bytes) -> UInt32? {
    for (index, byte) in bytes.enumerated() {
        if byte < 0x20 || byte == 0x7F { return UInt32(byte) }
        if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return UInt32(bytes[index + 1]) }
    }
    return nil
}
