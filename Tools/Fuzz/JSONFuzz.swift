import HATemplate

enum JSONFuzz {
    static func complaint(_ input: [UInt8]) -> String? {
        let expected = ReferenceJSON.read(input)
        do {
            let document = try Document.json(name: "d", bytes: input)
            guard let expected else { return "accepted, and should be refused" }
            return matches(document.root, expected, document) ? nil : "another value: it should be \(expected)"
        } catch {
            if let found = Fuzz.complaint(about: error.items) { return found }
            if expected != nil { return "refused, and should be accepted: \(error)" }
            return error.items.isEmpty ? "refused without a reason" : nil
        }
    }

    private static func matches(_ value: Value, _ expected: ReferenceJSON, _ document: Document) -> Bool {
        switch expected {
        case .null: return value.kind == .null
        case .bool(let bool): return value.kind == .bool && value.asBool == bool
        case .int(let number): return value.kind == .int && value.asInt == number
        case .float(let number): return value.kind == .float && value.asFloat.bitPattern == number.bitPattern
        case .string(let bytes): return document.bytes(of: value).map { $0.elementsEqual(bytes) } ?? false
        case .array(let elements):
            let found = document.elements(of: value)
            return value.kind == .list && found.count == elements.count
                && zip(found, elements).allSatisfy { matches($0, $1, document) }
        case .object(let members):
            let ordered = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            let keys = document.keys(of: value)
            let values = document.entries(of: value).map(\.value)
            return value.kind == .map && keys.count == ordered.count
                && zip(keys, ordered).allSatisfy { document.bytes(of: $0)?.elementsEqual($1.key) ?? false }
                && zip(values, ordered).allSatisfy { matches($0, $1.value, document) }
        }
    }
}
