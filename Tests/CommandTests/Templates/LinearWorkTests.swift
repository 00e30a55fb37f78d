import HAServices
import HASystem
import HATemplate
import Testing

/// The work of the shipped templates grows with the services, not with their square: counted as the steps that a render
/// may take at least, never as time.
@Suite("Work of the shipped templates") struct LinearWorkTests {
    /// Services that made an earlier version do the square of the work, or could.
    private static let shapes: [(name: String, service: @Sendable (Int) -> String)] = [
        ("long paths", { #""ApplicationProtocol": "http", "ProxyPath": "/\#(text($0 + 1))""# }),
        (
            "long paths of domains",
            { #""ApplicationProtocol": "http", "Domains": ["d"], "ProxyPath": "/\#(text($0 + 1))""# }
        ),
        ("one domain for all", { #""ApplicationProtocol": "http", "Domains": ["d", "e"], "ProxyPath": "/\#($0)""# }),
        ("domains", { #""ApplicationProtocol": "http", "Domains": ["d\#($0)", "e\#($0)"]"# }),
        (
            "wildcards",
            { #""ApplicationProtocol": "http", "Domains": ["*.d\#($0)", "*.e\#($0)"], "ProxyPath": "/\#($0)""# }
        ),
        ("nested wildcards", { #""ApplicationProtocol": "http", "Domains": ["*.\#(labels($0 % 100))d\#($0)"]"# }),
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
            let steps = try Self.steps(name, count: 25, service)
            // Four times the services, and a bit of room for what does not grow.
            #expect(
                try Self.ends(name, Self.services(100, service), steps: 4 * steps + 100),
                "\(shape): \(steps) steps for 25 services, more than four times as many for 100")
        }
    }

    @Test("a Config is read line by line, not byte by byte")
    func config() throws {
        let service = { (length: Int) in
            { @Sendable (index: Int) in
                #""ApplicationProtocol": "http", "Domains": ["d\#(index)"], "Config": "\#(Self.text(length))""#
            }
        }
        for name in ["haproxy.cfg.tmpl", "nginx.conf.tmpl"] {
            #expect(try Self.steps(name, count: 10, service(10)) == Self.steps(name, count: 10, service(10_000)))
        }
    }

    /// The least number of steps with which a render ends.
    private static func steps(_ name: String, count: Int, _ service: (Int) -> String) throws -> Int {
        let document = try services(count, service)
        var (fails, ends) = (0, 50_000)
        while ends - fails > 1 {
            let steps = fails + (ends - fails) / 2
            if try Self.ends(name, document, steps: steps) { ends = steps } else { fails = steps }
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

    private static func ends(_ name: String, _ document: Document, steps: Int) throws -> Bool {
        var options = RenderOptions()
        options.limits.steps = steps
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
