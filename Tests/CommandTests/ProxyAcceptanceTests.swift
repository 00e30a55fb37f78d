import TestSupport
import Testing

/// The real proxies accept what the shipped templates make. They are required: `make test` installs them.
@Suite struct ProxyAcceptanceTests {
    struct Example: CustomTestStringConvertible {
        let template: String
        let proxy: String
        let services: Services
        var testDescription: String { "\(template) of \(services)" }
    }

    enum Services: String, CaseIterable {
        case quickstart, custom, none, thousand
    }

    static let examples: [Example] = [
        ("templates/haproxy.cfg.tmpl", "haproxy"), ("templates/nginx.conf.tmpl", "nginx"),
        ("templates/cosmos.cfg.tmpl", "haproxy"), ("examples/custom-template/haproxy.cfg.tmpl", "haproxy"),
    ].flatMap { template, proxy in
        // The custom example's Config lines are HAProxy's.
        Services.allCases.filter { proxy == "haproxy" || $0 != .custom }
            .map { Example(template: template, proxy: proxy, services: $0) }
    }

    @Test(arguments: examples)
    func accepts(example: Example) throws {
        let folder = try TemporaryFolder()
        let output = folder.path("output")
        let rendered = try ProgramRun.run([
            "render", "-t", "\(projectFolder)/\(example.template)", "-s", services(example.services, folder), "-o",
            output,
        ])
        #expect(rendered.exitCode == 0, "\(rendered)")
        #expect(rendered.stderr == "wrote \(output)\n")
        let check = try check(output, by: example.proxy, folder)
        #expect(check.exitCode == 0, "\(check)")
        #expect(!check.stderr.contains("[WARNING]") && !check.stderr.contains("[warn]"), "\(check)")
    }

    @Test("the example of a repository passes its own check")
    func repository() throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.run(
            ["check", "--require-proxy"], environment: ["XDG_CACHE_HOME": folder.path],
            in: "\(projectFolder)/examples/gitops")
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.stderr.hasPrefix("2 targets, 2 service files: 0 errors, 0 warnings in "), "\(run)")
    }

    private func check(_ file: String, by proxy: String, _ folder: TemporaryFolder) throws -> ProgramRun {
        let installed = ProgramRun.installed(proxy) ?? "/usr/sbin/\(proxy)"
        if proxy == "haproxy" { return try ProgramRun.run(["-c", "-f", file], executable: installed) }
        return try ProgramRun.run(
            ["-t", "-q", "-c", file, "-e", "stderr", "-g", "pid \(folder.path)/nginx.pid;"], executable: installed)
    }

    private func services(_ services: Services, _ folder: TemporaryFolder) throws -> String {
        switch services {
        case .quickstart: return "\(projectFolder)/examples/quickstart/services"
        case .custom: return "\(projectFolder)/examples/custom-template/services"
        case .none: return try write("[]", folder)
        case .thousand: return try write(Self.thousandServices, folder)
        }
    }

    private func write(_ text: String, _ folder: TemporaryFolder) throws -> String {
        try folder.write(text, to: "services.json")
        return folder.path("services.json")
    }

    /// Every kind of service, in turn.
    private static let thousandServices: String = {
        let services = (0..<1_000).map { index in
            let host = "10.1.\(index / 250).\(index % 250 + 1)"
            switch index % 5 {
            case 0:
                return """
                    {"Id": "web.\(index)", "ApplicationProtocol": "http", "Port": 80, "Domains": ["w\(index).example.org"],
                     "Cookie": "NODE", "Hosts": [{"Ip": "\(host)", "Weight": 10}, {"Ip": "fd00::\(index)", "Port": 81}]}
                    """
            case 1:
                return """
                    {"id": "path\(index)", "applicationProtocol": "http", "port": 8080, "proxyPath": "/p/\(index)",
                     "hosts": [{"ip": "\(host)", "id": "c\(index)", "maxConn": 10}], "healthCheckPath": "/health",
                     "config": "# of path\(index)"}
                    """
            case 2:
                return """
                    {"Id": "both\(index)", "ApplicationProtocol": "http", "Port": 8080, "ProxyPath": "/b",
                     "Domains": ["B\(index).example.org", "b\(index).example.com"], "Balance": "leastconn",
                     "ConnectTimeout": 3, "ServerTimeout": 90, "Hosts": []}
                    """
            case 3:
                return """
                    {"Id": "tcp\(index)", "Port": 5432, "ServicePort": \(20_000 + index), "MaxConn": 100,
                     "Hosts": [{"Ip": "\(host)", "Port": 5432}]}
                    """
            default:
                return """
                    {"Id": "udp\(index)", "TransportProtocol": "udp", "Port": \(30_000 + index),
                     "Hosts": [{"Ip": "\(host)", "Port": 53}]}
                    """
            }
        }
        return "[" + services.joined(separator: ",\n") + "]"
    }()
}

/// The folder that holds `Package.swift`.
let projectFolder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
