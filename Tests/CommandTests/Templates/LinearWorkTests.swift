import HAServices
import HASystem
import HATemplate
import Testing

/// The work of the shipped templates grows with the services, not with their square: counted in the engine's
/// units, never as time.
@Suite("Work of the shipped templates") struct LinearWorkTests {
    /// Services that made an earlier version do the square of the work, or could.
    private static let shapes: [(name: String, service: @Sendable (Int) -> String)] = [
        ("long paths", { #""ApplicationProtocol": "http", "ProxyPath": "/\#(text($0 + 1_000))""# }),
        (
            "long paths of domains",
            { #""ApplicationProtocol": "http", "Domains": ["d"], "ProxyPath": "/\#(text($0 + 1_000))""# }
        ),
        ("one domain for all", { #""ApplicationProtocol": "http", "Domains": ["d", "e"], "ProxyPath": "/\#($0)""# }),
        ("domains", { #""ApplicationProtocol": "http", "Domains": ["d\#($0)", "e\#($0)"]"# }),
        (
            "wildcards",
            { #""ApplicationProtocol": "http", "Domains": ["*.d\#($0)", "*.e\#($0)"], "ProxyPath": "/\#($0)""# }
        ),
        ("nested wildcards", { #""ApplicationProtocol": "http", "Domains": ["*.\#(labels($0 % 20))d\#($0)"]"# }),
        ("one port for all", { _ in #""ApplicationProtocol": "http", "Port": 8080"# }),
        ("the default port for all", { _ in #""ApplicationProtocol": "http", "Port": 80"# }),
        ("ports", { #""ApplicationProtocol": "http", "Port": \#(1000 + $0)"# }),
        ("ports of tcp", { #""Port": \#(1000 + $0)"# }),
        ("cookies", { #""ApplicationProtocol": "http", "Domains": ["d\#($0)"], "Cookie": "C\#($0)""# }),
        ("one cookie for all", { #""ApplicationProtocol": "http", "Domains": ["d\#($0)"], "Cookie": "C""# }),
        (
            "long Config",
            { _ in #""ApplicationProtocol": "http", "Domains": [], "Port": 1, "Config": "\#(text(500))""# }
        ),
    ]

    private static let templates: [String: Template] = {
        var templates: [String: Template] = [:]
        for name in ["haproxy.cfg.tmpl", "nginx.conf.tmpl", "cosmos.cfg.tmpl"] {
            let path = "\(projectFolder)/templates/\(name)"
            let bytes = (try? FileReader(files: .system).read(path).bytes) ?? []
            let dialect: Dialect = name.hasPrefix("nginx") ? .nginx : .haproxy
            templates[name] = try? Template.parse(SourceFile(name: path, bytes: bytes), dialect: dialect)
        }
        return templates
    }()

    private static func text(_ length: Int) -> String { String(repeating: "x", count: length) }
    private static func labels(_ count: Int) -> String { String(repeating: "a.", count: count) }

    @Test(arguments: ["haproxy.cfg.tmpl", "nginx.conf.tmpl", "cosmos.cfg.tmpl"])
    func growth(_ name: String) throws {
        for (shape, service) in Self.shapes {
            let work = try Self.work(name, count: 25, service)
            // Four times the services, and room for sorting them.
            #expect(
                try Self.ends(name, Self.services(100, service), work: 5 * work),
                "\(shape): \(work) units of work for 25 services, more than five times as many for 100")
        }
    }

    /// The least limit of work with which a render ends, give or take a hundredth.
    private static func work(_ name: String, count: Int, _ service: (Int) -> String) throws -> Int {
        let document = try services(count, service)
        var (fails, ends) = (0, 1 << 32)
        while ends - fails > ends / 100 {
            let work = fails + (ends - fails) / 2
            if try Self.ends(name, document, work: work) { ends = work } else { fails = work }
        }
        return ends
    }

    private static func services(_ count: Int, _ service: (Int) -> String) throws -> Document {
        let services = (0..<count).map {
            #"{"Id": "s\#($0)", "Hosts": [{"Ip": "192.0.2.1", "Port": 80}], \#(service($0))}"#
        }
        var reader = ServiceReader()
        reader.addFile(
            name: "services.json", bytes: Array("[\(services.joined(separator: ","))]".utf8), trustsConfig: true)
        return try reader.finish()
    }

    private static func ends(_ name: String, _ document: Document, work: Int) throws -> Bool {
        var options = RenderOptions()
        options.limits.work = work
        var output = ByteBuffer()
        do {
            try templates[name]?.render(document, options: options, into: &output)
            return true
        } catch {
            guard error.code == .limitExceeded else { throw error }
            return false
        }
    }
}
