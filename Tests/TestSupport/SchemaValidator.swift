import HATemplate

/// As much of JSON Schema (draft 2020-12) as the schemas in `docs` use; an unknown keyword is a fault.
package struct SchemaValidator {
    private let schema: Document

    package init(schema: Document) {
        self.schema = schema
    }

    /// What is wrong with a JSON text.
    package func faults(of bytes: [UInt8]) throws -> [String] {
        let document = try Document.json(name: "checked", bytes: bytes)
        return Check(schema: schema, document: document).faults(document.root, schema.root, at: "")
    }

    private struct Check {
        let schema: Document
        let document: Document

        func faults(_ value: Value, _ rules: Value, at path: String) -> [String] {
            schema.entries(of: rules).flatMap { keyword, rule in
                apply(keyword, rule, rules, to: value, at: path).map { "\(path): \($0)" }
            }
        }

        private func accepts(_ value: Value, _ rules: Value) -> Bool { faults(value, rules, at: "").isEmpty }

        private func apply(
            _ keyword: String, _ rule: Value, _ rules: Value, to value: Value, at path: String
        ) -> [String] {
            let isGood: Bool
            switch keyword {
            case "$schema", "$defs", "title", "description", "default": isGood = true
            case "$ref": return faults(value, resolve(rule), at: path)
            case "type":
                let names = rule.kind == .list ? Array(schema.elements(of: rule)) : [rule]
                isGood = names.contains { kinds(schema.text(of: $0) ?? "").contains(value.kind) }
            case "enum":
                isGood = schema.elements(of: rule).contains { text($0, in: schema) == text(value, in: document) }
            case "not": isGood = !accepts(value, rule)
            case "anyOf": isGood = schema.elements(of: rule).contains { accepts(value, $0) }
            case "oneOf": isGood = schema.elements(of: rule).count { accepts(value, $0) } == 1
            case "required", "properties", "patternProperties", "additionalProperties":
                return value.kind == .map ? object(keyword, rule, rules, value, path) : []
            case "items", "minItems", "maxItems", "uniqueItems":
                return value.kind == .list ? list(keyword, rule, value, path) : []
            case "minLength": isGood = text(value).map { $0.unicodeScalars.count >= rule.asInt } ?? true
            case "maxLength": isGood = text(value).map { $0.unicodeScalars.count <= rule.asInt } ?? true
            case "pattern":
                isGood = text(value).map { matches($0, schema.text(of: rule) ?? "(") } ?? true
            case "minimum": isGood = number(value).map { $0 >= number(rule) ?? 0 } ?? true
            case "maximum": isGood = number(value).map { $0 <= number(rule) ?? 0 } ?? true
            default: return ["unknown keyword \(keyword)"]
            }
            return isGood ? [] : [keyword]
        }

        private func object(
            _ keyword: String, _ rule: Value, _ rules: Value, _ value: Value, _ path: String
        ) -> [String] {
            let members = document.entries(of: value)
            switch keyword {
            case "required":
                let names = schema.elements(of: rule).compactMap { schema.text(of: $0) }
                return names.filter { name in !members.contains { $0.key == name } }.map { "\($0) is missing" }
            case "properties":
                return members.flatMap { key, member in
                    schema.field(key, of: rule).map { faults(member, $0, at: path + "/" + key) } ?? []
                }
            case "patternProperties":
                return members.flatMap { key, member in
                    schema.entries(of: rule).filter { matches(key, $0.key) }
                        .flatMap { faults(member, $0.value, at: path + "/" + key) }
                }
            default:
                let known = schema.field("properties", of: rules).map { schema.entries(of: $0).map(\.key) } ?? []
                let patterns =
                    schema.field("patternProperties", of: rules).map { schema.entries(of: $0).map(\.key) } ?? []
                let unknown = members.map(\.key).filter { key in
                    !known.contains(key) && !patterns.contains { matches(key, $0) }
                }
                return rule.kind == .bool && rule.asBool ? [] : unknown.map { "no key \($0)" }
            }
        }

        private func list(_ keyword: String, _ rule: Value, _ value: Value, _ path: String) -> [String] {
            let elements = Array(document.elements(of: value))
            switch keyword {
            case "items":
                return elements.enumerated().flatMap { faults($0.element, rule, at: "\(path)/\($0.offset)") }
            case "minItems": return elements.count >= rule.asInt ? [] : [keyword]
            case "maxItems": return elements.count <= rule.asInt ? [] : [keyword]
            default: return Set(elements.map { text($0) }).count == elements.count ? [] : [keyword]
            }
        }

        /// Characters count, as in other programs; a pattern that is none matches nothing.
        private func matches(_ text: String, _ pattern: String) -> Bool {
            guard let pattern = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
            return text.contains(pattern)
        }

        /// `#/$defs/target`
        private func resolve(_ reference: Value) -> Value {
            let steps = (schema.text(of: reference) ?? "").split(separator: "/").dropFirst()
            return steps.reduce(schema.root) { schema.field(String($1), of: $0) ?? $0 }
        }

        private func kinds(_ name: String) -> [Value.Kind] {
            switch name {
            case "object": [.map]
            case "array": [.list]
            case "string": [.string]
            case "integer": [.int]
            case "number": [.int, .float]
            case "boolean": [.bool]
            case "null": [.null]
            default: []
            }
        }

        private func text(_ value: Value) -> String? { text(value, in: document) }

        private func text(_ value: Value, in document: Document) -> String? { document.text(of: value) }

        private func number(_ value: Value) -> Double? {
            switch value.kind {
            case .int: Double(value.asInt)
            case .float: value.asFloat
            default: nil
            }
        }
    }
}
