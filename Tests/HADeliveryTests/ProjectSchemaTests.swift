import HAServices
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// The JSON Schema that editors use says no other things than the program.
@Suite("Schema of the project file") struct ProjectSchemaTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/"

    private static func schema() throws -> SchemaValidator {
        let file = try FileReader(files: .system).read(root + "docs/haproxy-gen.schema.json")
        return SchemaValidator(schema: try Document.json(name: file.name, bytes: file.bytes))
    }

    static let schemas: [(path: String, bytes: [UInt8])] = [
        ("docs/haproxy-gen.schema.json", ProjectJSONSchema.bytes()),
        ("docs/test.schema.json", ProjectJSONSchema.testBytes()),
    ]

    @Test("the schemas in docs are the tables'", arguments: schemas)
    func golden(_ schema: (path: String, bytes: [UInt8])) throws {
        let path = Self.root + schema.path
        let bytes = schema.bytes
        if getenv("UPDATE_GOLDEN") != nil {
            _ = try FileInstaller(files: .system, temporaries: .unregistered).install(bytes, at: path)
            Issue.record("\(path) was written; read what changed")
        }
        #expect(try FileReader(files: .system).read(path).bytes == bytes, "UPDATE_GOLDEN=1 rewrites it")
    }

    @Test("each key has one row, a sentence and a default of its kind")
    func rows() {
        for rows in [
            ProjectSchema.project, ProjectSchema.target, ProjectSchema.guards, ProjectSchema.source,
            ProjectSchema.watch,
            TestSchema.testCase, TestSchema.request, TestSchema.expect,
        ] {
            #expect(Set(rows.map(\.name)).count == rows.count)
            for row in rows {
                #expect(row.meaning.hasSuffix("."), "\(row.name)")
                guard let fallback = row.fallback else { continue }
                #expect(!row.isRequired)
                switch row.shape {
                case .choice(let names): #expect(names.contains(String(fallback.dropFirst().dropLast())))
                case .integer(let range): #expect(Int(fallback).map(range.contains) == true)
                case .boolean: #expect(["true", "false"].contains(fallback))
                case .duration: #expect(TimeWords.milliseconds(String(fallback.dropFirst().dropLast())) != nil)
                case .text, .pattern: #expect(fallback.hasPrefix("\"") && fallback.hasSuffix("\""))
                case .share, .oneOrMany, .pair, .settings, .guards, .targets, .sources, .watch, .textMap, .objects,
                    .reference:
                    Issue.record("\(row.name)")
                }
            }
        }
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
