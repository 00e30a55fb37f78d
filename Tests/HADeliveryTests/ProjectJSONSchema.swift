import HAServices

@testable import HADelivery

/// The JSON Schema of the project file, made from `ProjectSchema`.
struct ProjectJSONSchema {
    private var text = JSONText()

    /// The text of `docs/haproxy-gen.schema.json`.
    static func bytes() -> [UInt8] {
        var schema = ProjectJSONSchema()
        schema.write()
        return schema.text.bytes
    }

    private mutating func write() {
        text.beginObject()
        member("$schema", "https://json-schema.org/draft/2020-12/schema")
        member("title", ProjectFile.name)
        member("description", "All outputs of a repository. Relative paths count from the project file.")
        object(ProjectSchema.project)
        text.key("$defs")
        text.beginObject()
        text.key("target")
        text.beginObject()
        chooseData()
        object(ProjectSchema.target)
        text.endObject()
        text.endObject()
        text.endObject()
        text.finish()
    }

    /// The text of `docs/test.schema.json`.
    static func testBytes() -> [UInt8] {
        var schema = ProjectJSONSchema()
        schema.writeTest()
        return schema.text.bytes
    }

    private mutating func writeTest() {
        text.beginObject()
        member("$schema", "https://json-schema.org/draft/2020-12/schema")
        member("title", "haproxy-gen test file")
        member("description", "Cases: requests with what is expected of them, or what the text of an output is.")
        member("type", "array")
        text.key("items")
        item(.reference("case"))
        text.key("$defs")
        text.beginObject()
        let definitions = [
            ("case", TestSchema.testCase), ("request", TestSchema.request), ("expect", TestSchema.expect),
        ]
        for (name, rows) in definitions {
            key(name)
            text.beginObject()
            object(rows)
            text.endObject()
        }
        text.endObject()
        text.endObject()
        text.finish()
    }

    private mutating func object(_ rows: [ProjectRow]) {
        member("type", "object")
        let required = rows.filter(\.isRequired).map(\.name)
        if !required.isEmpty { list("required", required) }
        text.key("additionalProperties")
        text.literal("false")
        text.key("properties")
        text.beginObject()
        for row in rows {
            key(row.name)
            text.beginObject()
            shape(row.shape)
            if let fallback = row.fallback {
                text.key("default")
                literal(fallback)
            }
            member("description", row.meaning)
            text.endObject()
        }
        text.endObject()
    }

    private mutating func shape(_ shape: ProjectShape) {
        switch shape {
        case .text(let least):
            member("type", "string")
            if least > 0 { number("minLength", least) }
        case .pattern(let pattern):
            member("type", "string")
            member("pattern", pattern)
        case .choice(let names):
            list("enum", names)
        case .integer(let range):
            member("type", "integer")
            number("minimum", range.lowerBound)
            number("maximum", range.upperBound)
        case .share:
            member("type", "number")
            number("minimum", 0)
            number("maximum", 1)
        case .boolean:
            member("type", "boolean")
        case .oneOrMany(let one):
            text.key("oneOf")
            text.beginList()
            item(one)
            text.beginObject()
            member("type", "array")
            text.key("items")
            item(one)
            text.endObject()
            text.endList()
        case .pair:
            member("type", "array")
            number("minItems", 2)
            number("maxItems", 2)
            text.key("uniqueItems")
            text.literal("true")
            text.key("items")
            item(.text(atLeast: 1))
        case .settings:
            member("type", "object")
        case .guards:
            object(ProjectSchema.guards)
        case .watch:
            object(ProjectSchema.watch)
        case .duration:
            member("type", "string")
            member("pattern", "^[0-9]{1,9}(ms|s|m|h)$")
        case .sources:
            member("type", "array")
            text.key("items")
            text.beginObject()
            object(ProjectSchema.source)
            text.endObject()
        case .targets:
            member("type", "array")
            number("minItems", 1)
            text.key("items")
            text.beginObject()
            member("$ref", "#/$defs/target")
            text.endObject()
        case .textMap:
            member("type", "object")
            text.key("additionalProperties")
            text.beginObject()
            list("type", ["string", "null"])
            text.endObject()
        case .objects:
            member("type", "array")
            text.key("items")
            text.beginObject()
            member("type", "object")
            text.endObject()
        case .reference(let name):
            member("$ref", "#/$defs/\(name)")
        }
    }

    private mutating func item(_ shape: ProjectShape) {
        text.beginObject()
        self.shape(shape)
        text.endObject()
    }

    /// Either other data, or services from files, a table or both.
    private mutating func chooseData() {
        let services = [TargetKeys.services.row.name, TargetKeys.sources.row.name, TargetKeys.table.row.name]
        let data = TargetKeys.data.row.name
        text.key("oneOf")
        text.beginList()
        text.beginObject()
        list("required", [data])
        text.key("not")
        text.beginObject()
        anyOf(services)
        text.endObject()
        text.endObject()
        text.beginObject()
        anyOf(services)
        text.key("not")
        text.beginObject()
        list("required", [data])
        text.endObject()
        text.endObject()
        text.endList()
    }

    private mutating func anyOf(_ names: [String]) {
        text.key("anyOf")
        text.beginList()
        for name in names {
            text.beginObject()
            list("required", [name])
            text.endObject()
        }
        text.endList()
    }

    // MARK: Members

    private mutating func member(_ key: StaticString, _ value: String) {
        text.key(key)
        text.string(value)
    }

    private mutating func number(_ key: StaticString, _ value: Int) {
        text.key(key)
        text.integer(value)
    }

    private mutating func list(_ key: StaticString, _ names: [String]) {
        text.key(key)
        text.beginList()
        for name in names { text.string(name) }
        text.endList()
    }

    private mutating func key(_ name: String) {
        Array(name.utf8).withUnsafeBufferPointer { text.key($0) }
    }

    /// A default, which the table holds as JSON.
    private mutating func literal(_ json: String) {
        if json.hasPrefix("\"") {
            text.string(String(json.dropFirst().dropLast()))
        } else if let number = Int(json) {
            text.integer(number)
        } else {
            text.literal(json == "true" ? "true" : "false")
        }
    }
}
