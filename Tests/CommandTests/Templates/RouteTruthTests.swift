import HASystem
import TestSupport
import Testing

/// What `route` and `test` say, held against proxies that run: random services of a fixed seed on loopback, and random
/// requests to them.
///
/// `HAPROXY_GEN_ROUTE_SETS=200` takes so many sets of services for each proxy, with ten requests each.
@Suite("Answers held against running proxies") struct RouteTruthTests {
    private static let setCount = getenv("HAPROXY_GEN_ROUTE_SETS").flatMap { Int(String(cString: $0)) } ?? 6
    private static let requestCount = 10

    /// SplitMix64.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(next() % UInt64(elements.count))]
        }
    }

    private static let domains = [
        "a.test", "b.test", "c.a.test", "*.test", "*.a.test", "*.b.test", "Upper.test", "192.0.2.5", "[2001:db8::5]",
    ]
    private static let paths = ["", "/x", "/x/y", "/x%20y", "/long/path", "/z-1", "/x/y/z"]
    private static let hosts = [
        "a.test", "b.test", "c.a.test", "d.c.a.test", "x.test", "x.b.test", "upper.test", "UPPER.Test", "A.TEST",
        "a.test.", "a.test:80", "b.test.:8080", "test", "other.invalid", "192.0.2.5", "[2001:db8::5]:80", "xa.test",
    ]
    private static let targets = [
        "/", "/x", "/x/", "/xx", "/x/y", "/x/yy", "/x/y/z/0", "/x%20y", "/x%20y/a", "/long/path?q=/x", "/long", "/z-1",
        "/z-1/x", "/X", "/?x=/x",
    ]

    private static func services(_ dice: inout Dice) -> [ProxySite.Service] {
        var claims: Set<String> = []
        return (0..<Int(2 + dice.next() % 8)).compactMap { number in
            let path = dice.pick(paths)
            var names: [String] = []
            for _ in 0..<Int(dice.next() % 3) {
                let name = dice.pick(domains)
                if claims.insert(name.lowercased() + path).inserted { names.append(name) }
            }
            // Without a name a path belongs to all, and without both a service has no way in here.
            guard !names.isEmpty || (!path.isEmpty && claims.insert(path).inserted) else { return nil }
            let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
            let fields = #""ApplicationProtocol": "http", "ProxyPath": "\#(path)", "Domains": [\#(list)]"#
            return ProxySite.Service(id: "s\(number)", fields: fields)
        }
    }

    @Test(arguments: [ProxySite.Template.haproxy, .nginx])
    func truth(_ template: ProxySite.Template) throws {
        var dice = Dice(state: 15)
        for number in 0..<Self.setCount {
            let services = Self.services(&dice)
            let requests = (0..<Self.requestCount).map { _ in (dice.pick(Self.hosts), dice.pick(Self.targets)) }
            guard !services.isEmpty else { continue }
            let site = try ProxySite(template, services)
            let cases = requests.enumerated().map { index, request in
                let answer = site.get(request.1, host: request.0)
                let expect = answer.server.map { #"{"service": "\#($0)"}"# } ?? #"{"status": \#(answer.status)}"#
                let url = "http://127.0.0.1:\(site.port)\(request.1)"
                return
                    #"{"name": "\#(index)", "request": {"url": "\#(url)", "headers": {"Host": "\#(request.0)"}}, "expect": \#(expect)}"#
            }
            try site.folder.write("[\(cases.joined(separator: ",\n"))]", to: "tests.json")
            try site.folder.write(
                """
                {"tests": "tests.json", "targets": [{"name": "edge", "template": "\(template.path)",
                  "services": "services.json", "output": "edge.\(template == .nginx ? "conf" : "cfg")",
                  "params": {"address": "127.0.0.1", "port": \(site.port)}}]}
                """, to: "haproxy-gen.json")
            let run = try ProgramRun.run(["test"], in: site.folder.path)
            let list = try site.folder.read("services.json")
            #expect(run.exitCode == 0, "set \(number): \(list)\n\(run)")
        }
    }
}
