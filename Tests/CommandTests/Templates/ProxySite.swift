import TestSupport
import Testing

/// What a shipped template makes of services, in a running proxy on loopback. Behind it each host of a service is a
/// server that answers with its own name and the headers of the request.
final class ProxySite {
    enum Template: String, CaseIterable, CustomTestStringConvertible {
        case haproxy = "haproxy.cfg.tmpl"
        case cosmos = "cosmos.cfg.tmpl"
        case nginx = "nginx.conf.tmpl"

        var testDescription: String { rawValue }
        var path: String { "\(projectFolder)/templates/\(rawValue)" }
    }

    /// A service without its hosts: `fields` are the rest of its JSON object.
    struct Service {
        let id: String
        var fields: String
        var hosts = 1
        /// Where a server of the test's own listens; nil: one is started for each host.
        var port: UInt16?
    }

    struct Answer: Equatable {
        var status: String
        /// The server that answered; nil: the proxy did so by itself.
        var server: String?
        var text: String
    }

    let folder: TemporaryFolder
    let template: Template
    let port: UInt16
    let httpsPort: UInt16
    private var stubs = "defaults\n  mode http\n  timeout client 10s\n"
    private static let haproxy = ProgramRun.installed("haproxy") ?? "/usr/sbin/haproxy"
    private static let nginx = ProgramRun.installed("nginx") ?? "/usr/sbin/nginx"

    /// Starts the servers and the proxy, and waits until both listen. In fields and parameters PORT stands for the port
    /// of the proxy, and ADDRESS(ID) for where the first host of a service listens.
    init(_ template: Template, _ services: [Service], parameters: [String: String] = [:]) throws {
        self.template = template
        folder = try TemporaryFolder()
        var ports = Loopback.freePorts(services.reduce(3) { $0 + $1.hosts })
        (port, httpsPort) = (ports.removeLast(), ports.removeLast())
        var settings = ["address": "127.0.0.1", "port": "\(port)", "httpsPort": "\(httpsPort)"]
        let statusPort = ports.removeLast()
        if template != .cosmos { settings["statusPort"] = "\(statusPort)" }
        settings.merge(parameters) { $1 }
        var objects: [String] = []
        for service in services {
            var hosts: [String] = []
            for number in 0..<service.hosts {
                let name = service.hosts == 1 ? service.id : "\(service.id)-\(number)"
                let port = service.port ?? stub(name, ports.removeLast())
                hosts.append(#"{"Id": "\#(name)", "Ip": "127.0.0.1", "Port": \#(port)}"#)
                if number == 0 {
                    settings = settings.mapValues { $0.replacing("ADDRESS(\(service.id))", with: "127.0.0.1:\(port)") }
                }
            }
            let fields = service.fields.replacing("PORT", with: "\(port)")
            objects.append(#"{"Id": "\#(service.id)", "Hosts": [\#(hosts.joined(separator: ", "))], \#(fields)}"#)
        }
        try folder.write(stubs, to: "servers.cfg")
        try folder.write("[\(objects.joined(separator: ",\n"))]", to: "services.json")
        try start(settings, waitingFor: [port] + (parameters["certificates"] == nil ? [] : [httpsPort]))
    }

    deinit {
        _ = try? ProgramRun.bash("for f in *.pid; do kill $(cat $f); done", in: folder.path)
    }

    private func stub(_ name: String, _ port: UInt16) -> UInt16 {
        stubs += """
            frontend \(name)
              bind 127.0.0.1:\(port)
              http-request return status 200 content-type text/plain lf-string "\(name)\\n%[req.hdrs]"

            """
        return port
    }

    private func start(_ settings: [String: String], waitingFor ports: [UInt16]) throws {
        let words = settings.sorted { $0.key < $1.key }.flatMap { ["-p", "\($0.key)=\($0.value)"] }
        let render = try ProgramRun.run(
            ["render", "-t", template.path, "-s", "services.json"] + words, in: folder.path)
        guard render.exitCode == 0 else { throw ProgramRun.Failure(description: "\(render)") }
        try folder.write(render.stdout, to: "proxy")
        let proxy =
            template == .nginx
            ? "\(Self.nginx) -c $PWD/proxy -e $PWD/error.log -g \"pid $PWD/proxy.pid;\""
            // An ordinary user cannot become another one.
            : "{ [ $UID = 0 ] || sed -i '/^    user /d; /^    group /d' proxy; } "
                + "&& \(Self.haproxy) -W -D -f proxy -p proxy.pid"
        let start = try ProgramRun.bash(
            "\(Self.haproxy) -D -f servers.cfg -p servers.pid && \(proxy)", in: folder.path)
        guard start.exitCode == 0, ports.allSatisfy(Loopback.isListening) else {
            throw ProgramRun.Failure(description: "\(start)\n\(render.stdout)")
        }
    }

    /// Asks for a path; headers are whole lines, and `before` comes before the request.
    func get(
        _ path: String, host: String, headers: [String] = [], port: UInt16? = nil, before: String = ""
    ) -> Answer {
        let lines = ["GET \(path) HTTP/1.1", "Host: \(host)", "Connection: close"] + headers
        let text = before + lines.joined(separator: "\r\n") + "\r\n\r\n"
        return Self.answer(Loopback.exchange(text, port: port ?? self.port) ?? "")
    }

    /// The same over TLS, with openssl as the client.
    func getSecurely(_ path: String, host: String) throws -> Answer {
        let run = try secureSession(
            host, "-quiet", "GET \(path) HTTP/1.1\\r\\nHost: \(host)\\r\\nConnection: close\\r\\n\\r\\n")
        return Self.answer(run.stdout)
    }

    /// What openssl prints about a session in which it sends a text.
    func secureSession(_ host: String, _ options: String, _ text: String = "") throws -> ProgramRun {
        try ProgramRun.bash(
            "printf '\(text)' | timeout 20 openssl s_client \(options) -connect 127.0.0.1:\(httpsPort) "
                + "-servername \(host)", in: folder.path)
    }

    private static func answer(_ text: String) -> Answer {
        let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.map(String.init) ?? "no answer"
        let body = text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        let line = body.split(separator: "\n").first.map(String.init)
        return Answer(status: status, server: status == "200" ? line : nil, text: text)
    }
}
