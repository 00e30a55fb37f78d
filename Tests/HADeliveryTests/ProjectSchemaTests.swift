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
