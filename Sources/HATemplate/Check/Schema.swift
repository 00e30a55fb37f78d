/// A JSON Schema, as far as the checker reads it: the type that it describes.
struct Schema: Sendable {
    /// What the type is made of; a check goes on from here.
    let types: TypeTable
    let type: StaticType

    /// Throws what is wrong with the text, or every `bad-schema`.
    init(_ file: SourceFile) throws(Diagnostics) {
        let document = try Document.json(name: file.name, bytes: Array(file.bytes))
        var types = TypeTable()
        var reader = SchemaReader(document: document)
        type = reader.type(of: document.root, level: 0, &types)
        self.types = types
        guard reader.mistakes.isEmpty else { throw Diagnostics(reader.mistakes) }
    }
}

/// Turns a schema into a type; what lies deeper than some levels is unknown, so that a schema may speak of itself.
private struct SchemaReader {
    private struct Key: Hashable {
        let origin: UInt32
        let level: Int
    }

    /// Lists and objects inside each other.
    private static let maximumLevel = TypeTable.maximumDepth - 1
    /// Schemas inside each other, with those that say more of one value.
    private static let maximumNesting = 150

    let document: Document
    private(set) var mistakes: [Diagnostic] = []
    private var known: [Key: StaticType] = [:]
    private var reported: Set<UInt32> = []
    private var nesting = 0
    /// Schemas that are being read, which lead back to themselves without a level in between.
    private var open: Set<Key> = []

    init(document: Document) {
        self.document = document
    }

    mutating func type(of schema: Value, level: Int, _ types: inout TypeTable) -> StaticType {
        guard level < Self.maximumLevel, nesting < Self.maximumNesting else { return .unknown }
        guard schema.kind == .map else {
            if schema.kind != .bool { report("a schema is an object, true or false", schema) }
            return .unknown
        }
        let key = Key(origin: schema.origin, level: level)
        if let type = known[key] { return type }
        guard open.insert(key).inserted else { return .unknown }
        nesting += 1
        let type = read(schema, level: level, &types)
        nesting -= 1
        open.remove(key)
        known[key] = type
        return type
    }

    private mutating func read(_ schema: Value, level: Int, _ types: inout TypeTable) -> StaticType {
        if let reference = document.field("$ref", of: schema) {
            guard let target = resolve(reference) else { return .unknown }
            return type(of: target, level: level, &types)
        }
        if let values = document.field("enum", of: schema) {
            guard values.kind == .list else { return refuse("enum is a list", values) }
            return types.type(ofAll: Array(document.elements(of: values)), document)
        }
        if let value = document.field("const", of: schema) { return types.type(ofAll: [value], document) }
        var result = ownType(schema, level: level, &types)
        for name in ["oneOf", "anyOf"] where result.isUnknown {
            guard let alternatives = document.field(name, of: schema) else { continue }
            var joined = StaticType.never
            for alternative in schemas(alternatives, name) {
                joined = types.join(joined, type(of: alternative, level: level, &types))
            }
            if !joined.isNever { result = joined }
        }
        if let parts = document.field("allOf", of: schema) {
            for part in schemas(parts, "allOf") {
                result = both(result, type(of: part, level: level, &types), &types)
            }
        }
        if let nullable = document.field("nullable", of: schema), nullable.kind == .bool, nullable.asBool,
            !result.isUnknown
        {
            result.kinds.insert(.nil)
        }
        return result
    }

    private mutating func schemas(_ list: Value, _ name: String) -> [Value] {
        guard list.kind == .list else {
            report("\(name) is a list of schemas", list)
            return []
        }
        return Array(document.elements(of: list))
    }

    /// By `type`, or by the keywords that only lists or objects have.
    private mutating func ownType(_ schema: Value, level: Int, _ types: inout TypeTable) -> StaticType {
        var names: [Value] = []
        if let type = document.field("type", of: schema) {
            names = type.kind == .list ? Array(document.elements(of: type)) : [type]
        } else if document.field("properties", of: schema) != nil {
            return object(schema, level: level, &types)
        } else if document.field("items", of: schema) != nil {
            return array(schema, level: level, &types)
        } else {
            return .unknown
        }
        var result = StaticType.never
        for name in names {
            let type: StaticType
            switch document.text(of: name) {
            case "null": type = .null
            case "boolean": type = .bool
            case "integer": type = .int
            case "number": type = StaticType(kinds: [.int, .float])
            case "string": type = .string
            case "array": type = array(schema, level: level, &types)
            case "object": type = object(schema, level: level, &types)
            default: return refuse("a type is null, boolean, integer, number, string, array or object", name)
            }
            result = types.join(result, type)
        }
        return result.isNever ? .unknown : result
    }

    private mutating func array(_ schema: Value, level: Int, _ types: inout TypeTable) -> StaticType {
        var element = StaticType.never
        for name in ["prefixItems", "items"] {
            guard let items = document.field(name, of: schema) else { continue }
            let all = items.kind == .list ? Array(document.elements(of: items)) : [items]
            for item in all { element = types.join(element, type(of: item, level: level + 1, &types)) }
        }
        return types.list(of: element.isNever ? .unknown : element)
    }

    private mutating func object(_ schema: Value, level: Int, _ types: inout TypeTable) -> StaticType {
        var map = MapType()
        var required: Set<String> = []
        if let names = document.field("required", of: schema) {
            if names.kind != .list { return refuse("required is a list of keys", names) }
            required = Set(document.elements(of: names).compactMap { document.text(of: $0) })
        }
        if let properties = document.field("properties", of: schema) {
            guard properties.kind == .map else { return refuse("properties is an object of schemas", properties) }
            for entry in document.entries(of: properties) {
                let type = type(of: entry.value, level: level + 1, &types)
                map.entries[Array(entry.key.utf8)] = .init(
                    type: types.id(of: type), isRequired: required.contains(entry.key))
            }
        }
        // As JSON Schema has it, other keys are allowed unless they are forbidden.
        if let rest = document.field("additionalProperties", of: schema), rest.kind != .bool {
            map.rest = types.id(of: type(of: rest, level: level + 1, &types))
        } else if document.field("additionalProperties", of: schema)?.asBool ?? true {
            map.rest = .unknown
        }
        for name in required where map.entries[Array(name.utf8)] == nil {
            map.entries[Array(name.utf8)] = .init(type: map.rest ?? .unknown, isRequired: true)
        }
        return types.map(map)
    }

    /// What is of both types: of two objects all keys.
    private func both(_ left: StaticType, _ right: StaticType, _ types: inout TypeTable) -> StaticType {
        if left.isUnknown { return right }
        guard !right.isUnknown, left.kinds == .map, right.kinds == .map, let first = left.map, let second = right.map
        else { return left }
        var result = types[first]
        let other = types[second]
        for (key, entry) in other.entries {
            let isRequired = entry.isRequired || result.entries[key]?.isRequired == true
            result.entries[key] = .init(type: result.entries[key]?.type ?? entry.type, isRequired: isRequired)
        }
        if other.rest == nil { result.rest = nil }
        return types.map(result)
    }

    // MARK: References

    /// The schema that `#/definitions/port` names.
    private mutating func resolve(_ reference: Value) -> Value? {
        guard let text = document.text(of: reference), text.hasPrefix("#") else {
            _ = refuse("a reference names a schema of this file: #/definitions/…", reference)
            return nil
        }
        var value = document.root
        for step in text.dropFirst().split(separator: "/") {
            let name = unescaped(step)
            let next =
                value.kind == .list
                ? Int(name).flatMap { index in document.elements(of: value).dropFirst(max(0, index)).first }
                : document.field(name, of: value)
            guard let next else {
                _ = refuse("there is no schema \(text) in this file", reference)
                return nil
            }
            value = next
        }
        return value
    }

    /// JSON Pointer: `~1` stands for a slash, `~0` for a tilde.
    private func unescaped(_ step: Substring) -> String {
        guard step.contains("~") else { return String(step) }
        var result = ""
        var isEscaped = false
        for character in step {
            if isEscaped {
                result.append(character == "1" ? "/" : "~")
                isEscaped = false
            } else if character == "~" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }

    private mutating func refuse(_ message: String, _ value: Value) -> StaticType {
        report(message, value)
        return .unknown
    }

    private mutating func report(_ message: String, _ value: Value) {
        guard mistakes.count < 100, reported.insert(value.origin).inserted else { return }
        mistakes.append(Diagnostic(.badSchema, message, at: document.location(of: value)))
    }
}

extension TypeTable {
    fileprivate mutating func type(ofAll values: [Value], _ document: Document) -> StaticType {
        Memory.with(constants: [], document: document) { type(ofAll: values, $0, depth: 0) }
    }
}
