import HAServices
import HATemplate
import Testing

/// Templates of this repository over its examples: the dialect changes nothing.
@Suite struct SameBytesTests {
    static let templates: [(path: String, dialect: Dialect)] = [
        ("templates/haproxy.cfg.tmpl", .haproxy), ("templates/nginx.conf.tmpl", .nginx),
        ("templates/cosmos.cfg.tmpl", .haproxy), ("examples/custom-template/haproxy.cfg.tmpl", .haproxy),
        ("Tools/Benchmarks/proxym.cfg.tmpl", .haproxy),
    ]
    static let services = [
        "quickstart/services/api", "quickstart/services/blog", "quickstart/services/dns", "quickstart/services/redis",
        "quickstart/services/shop", "custom-template/services/queue", "custom-template/services/search",
        "custom-template/services/wiki",
    ]

    @Test(arguments: templates.indices)
    func templatesRenderTheSame(_ index: Int) throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let (path, dialect) = Self.templates[index]
        let file = SourceFile(name: path, bytes: try readFile("\(root)/\(path)"))
        for selection in [Self.services[..<5], Self.services[5...], []] {
            var reader = ServiceReader()
            for name in selection {
                let path = "\(root)/examples/\(name).json"
                reader.addFile(name: path, bytes: try readFile(path), trustsConfig: true)
            }
            let document = try reader.finish()
            var outputs: [[UInt8]] = []
            for dialect in [.plain, dialect] {
                var output = ByteBuffer()
                try Template.parse(file, dialect: dialect).render(document, into: &output)
                outputs.append(output.array)
            }
            #expect(outputs[0] == outputs[1])
        }
    }
}
