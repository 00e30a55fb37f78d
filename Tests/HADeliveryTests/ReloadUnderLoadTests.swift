import HASystem
import TestSupport
import Testing

@testable import HADelivery

/// A real HAProxy in master-worker mode and a real nginx answer without a failure while their servers change.
@Suite("Reload under load") struct ReloadUnderLoadTests {
    private static let haproxy = ProgramRun.installed("haproxy") ?? "/usr/sbin/haproxy"
    private static let nginx = ProgramRun.installed("nginx") ?? "/usr/sbin/nginx"

    private static func isInstalled(_ program: String) -> Bool {
        (try? FileSystem.system.status(program)) != nil
    }

    /// Everything listens on loopback, in a folder of its own.
    private struct Proxies {
        let folder: TemporaryFolder
        let ports: [UInt16]  // haproxy, nginx, then the servers
        let project: ProjectFile

        init() throws {
            ports = LoadGenerator.freePorts(5)
            folder = try TemporaryFolder()
            try folder.write(
                """
                global
                  stats socket \(folder.path("admin.sock")) level admin expose-fd listeners
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 10s
                  timeout server 10s
                frontend in
                  bind 127.0.0.1:\(ports[0])
                  default_backend app
                backend app
                {{ range . }}{{ range .Hosts }}  server s{{ .Port }}{{ .Ip }} {{ .Ip }}:{{ .Port }}
                {{ end }}{{ .Config }}{{ end }}
                """, to: "haproxy.cfg.tmpl")
            try folder.write(
                """
                error_log \(folder.path("error.log"));
                pid \(folder.path("nginx.pid"));
                events {}
                http { access_log off;
                  client_body_temp_path \(folder.path("body")); proxy_temp_path \(folder.path("proxy"));
                  fastcgi_temp_path \(folder.path("f")); uwsgi_temp_path \(folder.path("u"));
                  scgi_temp_path \(folder.path("s"));
                  upstream app { {{ range . }}{{ range .Hosts }}server {{ .Ip }}:{{ .Port }};
                    {{ end }}{{ .Config }}{{ end }} }
                  server { listen 127.0.0.1:\(ports[1]); location / { proxy_pass http://app; } } }
                """, to: "nginx.conf.tmpl")
            try folder.write(
                """
                defaults
                  mode http
                  timeout client 10s
                \(ports[2...].map {
                    "frontend s\($0)\n  bind 127.0.0.1:\($0)\n"
                        + "  http-request return status 200 content-type text/plain string ok"
                }.joined(separator: "\n"))

                """, to: "servers.cfg")
            let text = """
                {"targets": [
                 {"name": "haproxy", "template": "haproxy.cfg.tmpl", "services": "s.json", "output": "haproxy.cfg",
                  "check": "\(ReloadUnderLoadTests.haproxy) -c -q -f {file}",
                  "reload": "kill -USR2 $(cat \(folder.path("haproxy.pid"))) && sleep 0.1"},
                 {"name": "nginx", "template": "nginx.conf.tmpl", "services": "s.json", "output": "nginx.conf",
                  "check": "\(ReloadUnderLoadTests.nginx) -t -q -p \(folder.path) -c {file}",
                  "reload": "\(ReloadUnderLoadTests.nginx) -s reload -p \(folder.path) -c {file}"}]}
                """
            project = try ProjectFile.read(
                InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
        }

        func services(_ number: Int, config: String = "") throws {
            let servers = ports[2...].enumerated().filter { ($0.offset + number) % 3 != 0 }.map(\.element)
            let hosts = servers.map { #"{"Ip": "127.0.0.1", "Port": \#($0)}"# }.joined(separator: ",")
            try folder.write(
                #"{"Id": "app", "Port": 80, "Hosts": [\#(hosts)], "Config": "\#(config)"}"#, to: "s.json")
        }

        func apply(_ log: EventLog) throws {
            try Applier(
                project: project, options: .init(), tools: .testing(temporary: folder.path, emit: { log.add($0) })
            ).apply(project.targets)
        }

        func start() throws {
            let start = try ProgramRun.bash(
                """
                \(ReloadUnderLoadTests.haproxy) -D -f servers.cfg -p servers.pid &&
                \(ReloadUnderLoadTests.haproxy) -W -D -f haproxy.cfg -p haproxy.pid &&
                \(ReloadUnderLoadTests.nginx) -p . -c \(folder.path("nginx.conf"))
                """, in: folder.path)
            #expect(start.exitCode == 0, "\(start)")
        }

        func stop() throws {
            _ = try ProgramRun.bash(
                "for f in haproxy nginx servers; do kill -TERM $(cat $f.pid); done", in: folder.path)
        }
    }

    @Test(
        "50 applies, no failed request; what breaks a configuration never reaches a proxy",
        .enabled(if: isInstalled(haproxy) && isInstalled(nginx), "needs haproxy and nginx"))
    func fiftyApplies() throws {
        let proxies = try Proxies()
        let log = EventLog()
        try proxies.services(0)
        let project = proxies.project
        let rendering = TargetRendering(files: .system, environment: { _ in nil }, now: { 0 })
        for target in project.targets {
            let output = try rendering.render(target.input).value
            try proxies.folder.write(
                String(decoding: output.bytes, as: UTF8.self), to: target.name == "nginx" ? "nginx.conf" : "haproxy.cfg"
            )
        }
        try proxies.start()
        defer { try? proxies.stop() }
        for port in proxies.ports.prefix(2) { #expect(LoadGenerator.ask(port).contains("200")) }
        let load = LoadGenerator(ports: Array(proxies.ports.prefix(2)))
        for number in 1...50 {
            try proxies.services(number)
            try proxies.apply(log)
        }
        let good = try proxies.folder.read("haproxy.cfg")
        try proxies.services(51, config: "nonsense")
        #expect(throws: ApplyFailure.self) { try proxies.apply(log) }
        #expect(try proxies.folder.read("haproxy.cfg") == good)
        let counts = load.stop()
        #expect(counts.failures.isEmpty && counts.answered > 200, "\(counts)")
        #expect(log.text.split(separator: "\n").filter { $0 == "reloaded haproxy" }.count == 50)
    }
}
