import HAServices
import HASystem
import HATemplate
import Testing

@testable import HADelivery

/// The JSON Schema that editors use says no other things than the program.
@Suite("Schema of the project file") struct ProjectSchemaTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/"

    private static func schema() throws -> SchemaValidator {
        let file = try FileReader(files: .system).read(root + "docs/haproxy-gen.schema.json")
        return SchemaValidator(schema: try Document.json(name: file.name, bytes: file.bytes))
    }

    @Test("accepts every project file of the examples")
    func examples() throws {
        let schema = try Self.schema()
        let paths = FilePattern(Self.root + "examples/**/haproxy-gen.json")?.matches(.system) ?? []
        #expect(!paths.isEmpty)
        for path in paths {
            let file = try FileReader(files: .system).read(path)
            _ = try ProjectFile.read(file)
            #expect(try schema.faults(of: file.bytes).isEmpty, "\(path)")
        }
    }

    @Test("accepts a project with every key")
    func allKeys() throws {
        #expect(try Self.schema().faults(of: Array(ProjectFileTests.allKeys.utf8)).isEmpty)
    }

    @Test("refuses what the program refuses by its shape", arguments: ProjectFileTests.mistakes.filter(\.isShape))
    func mistakes(_ mistake: ProjectFileTests.Mistake) throws {
        #expect(try !Self.schema().faults(of: Array(mistake.text.utf8)).isEmpty)
    }

    @Test("accepts what the program refuses for another reason")
    func others() throws {
        for mistake in ProjectFileTests.mistakes where !mistake.isShape && mistake.text.hasSuffix("}") {
            #expect(try Self.schema().faults(of: Array(mistake.text.utf8)).isEmpty, "\(mistake.testDescription)")
        }
    }
}

/// As much of JSON Schema (draft 2020-12) as the schema of the project file uses; an unknown keyword is a fault.
struct SchemaValidator {
    let schema: Document

    /// What is wrong with a JSON text.
    func faults(of bytes: [UInt8]) throws -> [String] {
        let document = try Document.json(name: "project", bytes: bytes)
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
            case "type": isGood = kinds(schema.text(of: rule) ?? "").contains(value.kind)
            case "enum":
                isGood = schema.elements(of: rule).contains { text($0, in: schema) == text(value, in: document) }
            case "not": isGood = !accepts(value, rule)
            case "anyOf": isGood = schema.elements(of: rule).contains { accepts(value, $0) }
            case "oneOf": isGood = schema.elements(of: rule).count { accepts(value, $0) } == 1
            case "required", "properties", "additionalProperties":
                return value.kind == .map ? object(keyword, rule, rules, value, path) : []
            case "items", "minItems", "maxItems", "uniqueItems":
                return value.kind == .list ? list(keyword, rule, value, path) : []
            case "minLength": isGood = text(value).map { $0.unicodeScalars.count >= rule.asInt } ?? true
            case "pattern":
                let pattern = try? Regex(schema.text(of: rule) ?? "")
                isGood = text(value).map { text in pattern.map { text.contains($0) } ?? false } ?? true
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
            default:
                let known = schema.field("properties", of: rules).map { schema.entries(of: $0).map(\.key) } ?? []
                return rule.asBool ? [] : members.map(\.key).filter { !known.contains($0) }.map { "no key \($0)" }
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
