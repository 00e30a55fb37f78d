import HATemplate

// Reading objects whose keys are known, lists of objects, and texts that name something.
extension ServiceReader {
    /// The next key of an object that is known and stands there the first time; nil at the object's end.
    @inline(__always)
    mutating func nextKey<Key: ObjectKey>(
        _ type: Key.Type, _ record: inout OpenRecord, _ file: inout OpenFile
    ) throws(JSONFault) -> Key? {
        while try file.cursor.next(file.text, &builder) == .key {
            let key = file.cursor.value
            guard let range = key.textRange, let known = Key.named(Bytes(rebasing: file.text[range])) else {
                try skipUnknown(type, &file)
                continue
            }
            guard let earlier = record.claim(known.rawValue, at: file.cursor.keyRange) else { return known }
            try skipDuplicate(of: known.text, earlier: earlier, &file)
        }
        return nil
    }

    /// Reports a value that is not there, unless something wrong stands in its place.
    mutating func require<Key: ObjectKey>(
        _ key: Key, of record: borrowing OpenRecord, at place: Range<Int>
    ) {
        guard record.fields[key.rawValue].kind == .missing, !record.faulty.contains(key.rawValue) else { return }
        mistakes.add(PayloadMistake.missing(field: key.text, of: Key.owner), at: place)
    }

    /// Reads the opening bracket of a list; returns whether there is one. `null` counts as absent.
    mutating func beginList(
        _ name: String, _ slot: Int, _ record: inout OpenRecord, _ file: inout OpenFile
    ) throws(JSONFault) -> Bool {
        guard let token = try nextValue(&file.cursor, file.text) else {
            record.markFaulty(slot)
            return false
        }
        if token == .beginArray {
            record.set(slot, .null)
            return true
        }
        if token == .null { return false }
        return try refuse(
            PayloadMistake.notAList(field: name, JSONKind(token)), token, slot, of: &record, &file.cursor, file.text)
    }

    /// The place of the next element that is an object; nil at the end of the list.
    mutating func nextObject(
        of list: String, _ file: inout OpenFile
    ) throws(JSONFault) -> Range<Int>? {
        while true {
            guard let token = try nextValue(&file.cursor, file.text) else { continue }
            switch token {
            case .beginObject:
                return file.cursor.tokenRange
            case .endArray, .end:
                return nil
            default:
                mistakes.add(
                    PayloadMistake.notAnEntry(of: list, JSONKind(token)), at: file.cursor.tokenRange)
                try skipRest(of: token, &file.cursor, file.text)
            }
        }
    }

    /// Reads a text that must not be empty.
    mutating func readName(
        _ name: String, _ slot: Int, _ record: inout OpenRecord, _ file: inout OpenFile
    ) throws(JSONFault) {
        guard try readText(slot, of: &record, name: name, &file.cursor, file.text) else { return }
        if file.cursor.value.count == 0 {
            _ = refuse(PayloadMistake.empty(field: name), slot, of: &record, at: file.cursor.tokenRange)
        }
    }

    /// Reports a key that an object does not have, and reads past its value.
    private mutating func skipUnknown<Key: ObjectKey>(
        _ type: Key.Type, _ file: inout OpenFile
    ) throws(JSONFault) {
        guard mistakes.hasRoom else {
            mistakes.omit()
            return try skipValue(&file.cursor, file.text)
        }
        let key = shown(file.cursor.value, file.text)
        let near = nearest(to: key, in: Key.allCases.map(\.text))
        mistakes.add(PayloadMistake.unknownKey(key, of: Key.owner, near: near), at: file.cursor.keyRange)
        try skipValue(&file.cursor, file.text)
    }

    /// What is wrong with a container's id, which names a server; nil for other values than texts.
    func idMistake(_ value: Value, _ text: Bytes) -> PayloadMistake? {
        guard value.kind == .string, !withString(value, text, { $0.allSatisfy(PayloadText.isIdByte) }) else {
            return nil
        }
        let id = shown(value, text)
        return .badId(id, found: PayloadText.firstOutside(id, PayloadText.isIdByte))
    }

    /// What is wrong with a container's address.
    func addressMistake(_ value: Value, _ text: Bytes) -> PayloadMistake? {
        withString(value, text, { addressFault($0) }).map { .badAddress(shown(value, text), $0) }
    }
}
