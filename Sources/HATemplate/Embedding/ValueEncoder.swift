/// What an `Encodable` value wrote, as JSON in the making. Containers of one value share it.
private final class EncodedValue {
    enum Content {
        case nothing
        /// A scalar's JSON text.
        case scalar(String)
        case list([EncodedValue])
        case map(keys: [String], values: [String: EncodedValue])
    }

    var content = Content.nothing

    func child(_ key: String) -> EncodedValue {
        let child = EncodedValue()
        guard case .map(var keys, var values) = content else {
            content = .map(keys: [key], values: [key: child])
            return child
        }
        // Emptied first, so that the arrays are not copied for each key.
        content = .nothing
        if values.updateValue(child, forKey: key) == nil { keys.append(key) }
        content = .map(keys: keys, values: values)
        return child
    }

    func append() -> EncodedValue {
        let child = EncodedValue()
        guard case .list(var elements) = content else {
            content = .list([child])
            return child
        }
        content = .nothing
        elements.append(child)
        content = .list(elements)
        return child
    }

    var count: Int {
        if case .list(let elements) = content { elements.count } else { 0 }
    }

    func becomeMap() {
        if case .map = content { return }
        content = .map(keys: [], values: [:])
    }

    func becomeList() {
        if case .list = content { return }
        content = .list([])
    }

    /// Nests as deeply as the value that was encoded.
    func write(into output: inout ByteBuffer) {
        switch content {
        case .nothing: output.append("null" as StaticString)
        case .scalar(let text): output.append(text)
        case .list(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .map(let keys, let values):
            output.append(UInt8(ascii: "{"))
            for (index, key) in keys.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.append(Self.quoted(key))
                output.append(UInt8(ascii: ":"))
                values[key]?.write(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Encodes values for a document; integers stay integers.
private struct ValueEncoder: Encoder {
    let target: EncodedValue
    var codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        target.becomeMap()
        return KeyedEncodingContainer(Keyed<Key>(target: target, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        target.becomeList()
        return Unkeyed(target: target, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(target: target, codingPath: codingPath) }

    fileprivate static func encode(
        _ value: some Encodable, into target: EncodedValue, _ codingPath: [any CodingKey]
    ) throws {
        try value.encode(to: ValueEncoder(target: target, codingPath: codingPath))
    }

    fileprivate static func number(_ value: some BinaryFloatingPoint, _ codingPath: [any CodingKey]) throws -> String {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "JSON has no infinities and no NaN"))
        }
        return "\(value)"
    }
}

private struct Single: SingleValueEncodingContainer {
    let target: EncodedValue
    let codingPath: [any CodingKey]

    func encodeNil() { target.content = .scalar("null") }
    func encode(_ value: Bool) { target.content = .scalar(value ? "true" : "false") }
    func encode(_ value: String) { target.content = .scalar(EncodedValue.quoted(value)) }
    func encode(_ value: Double) throws { target.content = .scalar(try ValueEncoder.number(value, codingPath)) }
    func encode(_ value: Float) throws { target.content = .scalar(try ValueEncoder.number(value, codingPath)) }
    func encode(_ value: Int) { target.content = .scalar("\(value)") }
    func encode(_ value: Int8) { target.content = .scalar("\(value)") }
    func encode(_ value: Int16) { target.content = .scalar("\(value)") }
    func encode(_ value: Int32) { target.content = .scalar("\(value)") }
    func encode(_ value: Int64) { target.content = .scalar("\(value)") }
    func encode(_ value: UInt) { target.content = .scalar("\(value)") }
    func encode(_ value: UInt8) { target.content = .scalar("\(value)") }
    func encode(_ value: UInt16) { target.content = .scalar("\(value)") }
    func encode(_ value: UInt32) { target.content = .scalar("\(value)") }
    func encode(_ value: UInt64) { target.content = .scalar("\(value)") }
    func encode<T: Encodable>(_ value: T) throws { try ValueEncoder.encode(value, into: target, codingPath) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
    let target: EncodedValue
    let codingPath: [any CodingKey]

    var count: Int { target.count }

    func encodeNil() { target.append().content = .scalar("null") }
    func encode<T: Encodable>(_ value: T) throws { try ValueEncoder.encode(value, into: target.append(), codingPath) }

    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        ValueEncoder(target: target.append(), codingPath: codingPath).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ValueEncoder(target: target.append(), codingPath: codingPath).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(target: target.append(), codingPath: codingPath) }
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let target: EncodedValue
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { target.child(key.stringValue).content = .scalar("null") }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try ValueEncoder.encode(value, into: target.child(key.stringValue), codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }

    func superEncoder() -> any Encoder {
        ValueEncoder(target: target.child("super"), codingPath: codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: Key) -> ValueEncoder {
        ValueEncoder(target: target.child(key.stringValue), codingPath: codingPath + [key])
    }
}

extension Document {
    /// A document whose root is any value that can be encoded.
    ///
    /// Throws what the value's encoding throws, or `Diagnostics` where it nests too deeply or an integer does not fit.
    public static func encoded(_ value: some Encodable) throws -> Document {
        let root = EncodedValue()
        try ValueEncoder.encode(value, into: root, [])
        var text = ByteBuffer()
        root.write(into: &text)
        return try json(name: "data", bytes: text.array)
    }
}
