@testable import HAServices

/// The JSON Schema of service files, made from `ServiceSchema`.
///
/// Keys stand there as the documents write them, for editors to propose, and once more as patterns, since the case of
/// letters does not count. What one field decides about another, and rules across services, are not in it.
struct ServiceJSONSchema {
    private var text = JSONText()

    /// The text of `docs/service.schema.json`.
    static func bytes() -> [UInt8] {
        var schema = ServiceJSONSchema()
        schema.write()
        return schema.text.bytes
    }

    private mutating func write() {
        text.beginObject()
        member("$schema", "https://json-schema.org/draft/2020-12/schema")
        member("title", "Services of haproxy-gen")
        member("description", "A service, or a list of services.")
        text.key("anyOf")
        text.beginList()
        reference("service")
        text.beginObject()
        member("type", "array")
        text.key("items")
        reference("service")
        text.endObject()
        text.endList()
        text.key("$defs")
        text.beginObject()
        text.key("service")
        object(ServiceField.self, isRoot: true)
        text.key("host")
        object(HostField.self, isRoot: false)
        text.endObject()
        text.endObject()
        text.finish()
    }

    private mutating func object<Field: SchemaField>(_ type: Field.Type, isRoot: Bool) {
        text.beginObject()
        member("type", "object")
        for field in Field.allCases where field.isRequired { requireInAnyCase(field.name) }
        text.key("additionalProperties")
        text.literal("false")
        text.key("properties")
        text.beginObject()
        if isRoot {
            text.key("$schema")
            text.beginObject()
            type_("string", orNull: true)
            member("description", "Where this schema is, for editors.")
            text.endObject()
        }
        for field in Field.allCases {
            text.key(field.key)
            self.field(field)
        }
        text.endObject()
        text.key("patternProperties")
        text.beginObject()
        for field in Field.allCases {
            let pattern = "^" + field.name.map { "[\($0.uppercased())\($0.lowercased())]" }.joined() + "$"
            key(pattern)
            reference((isRoot ? "service" : "host") + "/properties/" + field.name)
        }
        text.endObject()
        text.endObject()
    }

    /// The name of a field of two letters in each case: an editor that finds none of them says that it is missing.
    private mutating func requireInAnyCase(_ name: String) {
        let first = [name.first?.uppercased(), name.first?.lowercased()].compactMap { $0 }
        let last = [name.last?.lowercased(), name.last?.uppercased()].compactMap { $0 }
        text.key("anyOf")
        text.beginList()
        for name in first.flatMap({ first in last.map { first + $0 } }) {
            text.beginObject()
            text.key("required")
            text.beginList()
            text.string(name)
            text.endList()
            text.endObject()
        }
        text.endList()
    }

    private mutating func field(_ field: some SchemaField) {
        text.beginObject()
        switch field.kind {
        case .text(let rule):
            type_("string", orNull: !field.isRequired)
            member("pattern", rule.pattern)
            if let longest = rule.longest {
                text.key("maxLength")
                text.integer(longest)
            }
        case .integer(let rule):
            type_("integer", orNull: true)
            text.key("minimum")
            text.integer(rule.range.lowerBound)
            text.key("maximum")
            text.integer(rule.range.upperBound)
        case .domains:
            type_("array", orNull: true)
            text.key("uniqueItems")
            text.literal("true")
            text.key("items")
            text.beginObject()
            member("type", "string")
            member("pattern", oneLine(#"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]"#))
            text.endObject()
        case .hosts:
            type_("array", orNull: true)
            text.key("items")
            reference("host")
        case .attributes:
            type_("object", orNull: true)
        }
        if case .text(let fallback) = field.fallback { member("default", fallback.description) }
        member("description", field.meaning)
        text.endObject()
    }

    // MARK: Members

    private mutating func type_(_ name: String, orNull: Bool) {
        text.key("type")
        guard orNull else { return text.string(name) }
        text.beginList()
        text.string(name)
        text.string("null")
        text.endList()
    }

    private mutating func member(_ key: StaticString, _ value: String) {
        text.key(key)
        text.string(value)
    }

    private mutating func key(_ name: String) {
        Array(name.utf8).withUnsafeBufferPointer { text.key($0) }
    }

    private mutating func reference(_ name: String) {
        text.beginObject()
        member("$ref", "#/$defs/" + name)
        text.endObject()
    }
}

extension SchemaField {
    var isRequired: Bool {
        if case .required = fallback { true } else { false }
    }
}

/// A pattern for a whole text in one line. Some validators let `$` match before a last line break, too.
private func oneLine(_ pattern: String) -> String {
    #"^(?!.*\n)(?:"# + pattern + ")$"
}

extension TextRule {
    /// As much of the rule as a regular expression can say.
    fileprivate var pattern: String {
        let character = #"[^\u0000-\u001f\u007f-\u009f]"#
        return switch self {
        case .line: oneLine("\(character)*")
        case .lines: #"^[^\u0000]*$"#
        case .id: oneLine("\(character)+")
        case .applicationProtocol: oneLine("(?![Hh][Tt][Tt][Pp]$)\(character)*|http")
        case .transportProtocol: oneLine("tcp|udp|")
        case .requestPath:
            oneLine(
                #"(?!.*/(?:\.|%2[Ee]){1,2}(?:/|$))(?!.*%(?:[01]|(?![0-9A-Fa-f]{2})))"#
                    + #"(?:/[^\u0000-\u0020#?\u007f-\u009f]*)?"#)
        case .checkPath:
            oneLine(
                #"(?![^?]*/(?:\.|%2[Ee]){1,2}(?:[/?]|$))(?![^?]*%(?![0-9A-Fa-f]{2}))(?:/[^\u0000-\u0020#\u007f-\u009f]*)?"#
            )
        case .cookieName: oneLine("[A-Za-z0-9!#$%&'*+.^_`|~-]*")
        case .address: oneLine("[A-Za-z0-9_:](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_.:])?")
        }
    }

    fileprivate var longest: Int? {
        switch self {
        case .requestPath, .checkPath: PathFault.longestPath
        case .line, .lines, .id, .applicationProtocol, .transportProtocol, .address, .cookieName: nil
        }
    }
}
