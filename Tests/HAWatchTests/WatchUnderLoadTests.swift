import HASystem
import TestSupport
import Testing

/// A real HAProxy in master-worker mode and a real nginx answer without a failure while the daemon delivers.
@Suite("The daemon under load") struct WatchUnderLoadTests {
    private static let haproxy = ProgramRun.installed("haproxy") ?? "/usr/sbin/haproxy"
    private static let nginx = ProgramRun.installed("nginx") ?? "/usr/sbin/nginx"

    private static func isInstalled(_ program: String) -> Bool {
        (try? FileSystem.system.status(program)) != nil
    }

    private static func prepare(_ folder: TemporaryFolder, _ ports: [UInt16]) throws {
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
            {{ range . }}backend {{ .Id }}
            {{ range .Hosts }}  server s{{ .Port }} {{ .Ip }}:{{ .Port }}
            {{ end }}{{ end }}
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
              {{ range . }}upstream {{ .Id }} { {{ range .Hosts }}server {{ .Ip }}:{{ .Port }};
                {{ end }} }
              {{ end }}server { listen 127.0.0.1:\(ports[1]); location / { proxy_pass http://app; } } }
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
        try folder.write(
            """
            {"watch": {"reloadInterval": "0s"}, "targets": [
             {"name": "haproxy", "template": "haproxy.cfg.tmpl", "services": "services", "output": "haproxy.cfg",
              "check": "\(haproxy) -c -q -f {file}",
              "reload": "kill -USR2 $(cat haproxy.pid) && sleep 0.05"},
             {"name": "nginx", "template": "nginx.conf.tmpl", "services": "services", "output": "nginx.conf",
              "check": "\(nginx) -t -q -p \(folder.path) -c {file}",
              "reload": "\(nginx) -s reload -p \(folder.path) -c {file}"}]}
            """, to: "haproxy-gen.json")
    }

    /// One of the servers less each time.
    private static func services(_ folder: TemporaryFolder, _ ports: ArraySlice<UInt16>, _ number: Int) throws {
        let servers = ports.enumerated().filter { ($0.offset + number) % 3 != 0 }.map(\.element)
        let hosts = servers.map { #"{"Ip": "127.0.0.1", "Port": \#($0)}"# }.joined(separator: ",")
        try folder.write(
            #"{"Id": "app", "ApplicationProtocol": "http", "ProxyPath": "/", "Port": 80, "Hosts": [\#(hosts)]}"#,
            to: "services/.app.new")
        try FileSystem.system.rename(folder.path("services/.app.new"), folder.path("services/app.json"))
    }

    @Test(
        "100 changes, no failed request",
        .enabled(if: isInstalled(haproxy) && isInstalled(nginx), "needs haproxy and nginx"))
    func hundredChanges() throws {
        let ports = LoadGenerator.freePorts(5)
        let folder = try TemporaryFolder(["services/.keep": ""])
        try Self.prepare(folder, ports)
        try Self.services(folder, ports[2...], 0)
        let script = """
            fail() { echo "$1"; cat log; exit 1; }
            "$PROGRAM" render 2> first.log || { cat first.log; exit 1; }
            \(Self.haproxy) -D -f servers.cfg -p servers.pid && \(Self.haproxy) -W -D -f haproxy.cfg -p haproxy.pid || fail haproxy
            \(Self.nginx) -p . -c \(folder.path("nginx.conf")) || fail nginx
            "$PROGRAM" watch 2> log & echo $! > watch.pid
            until grep -q watching log; do sleep 0.01; done
            """
        let start = try ProgramRun.bash(script, in: folder.path)
        defer {
            _ = try? ProgramRun.bash(
                "for f in watch haproxy nginx servers; do kill -TERM $(cat $f.pid); done", in: folder.path)
        }
        #expect(start.exitCode == 0, "\(start)")
        for port in ports.prefix(2) { #expect(LoadGenerator.ask(port).contains("200")) }
        let load = LoadGenerator(ports: Array(ports.prefix(2)), keepsAlive: true, pause: 8_000)
        for number in 1...100 {
            try Self.services(folder, ports[2...], number)
            let gone = ports[2...].enumerated().first { ($0.offset + number) % 3 == 0 }?.element ?? 0
            var isDone = false
            for _ in 0..<5_000 {
                let outputs = ["haproxy.cfg", "nginx.conf"].map { (try? folder.read($0)) ?? "" }
                isDone = outputs.allSatisfy {
                    !$0.isEmpty && !$0.contains("127.0.0.1:\(gone)\n") && !$0.contains(":\(gone);")
                }
                if isDone { break }
                usleep(2_000)
            }
            #expect(isDone, "change \(number) was not delivered: \((try? folder.read("log")) ?? "")")
            if !isDone { break }
        }
        let counts = load.stop()
        #expect(counts.failures.isEmpty && counts.answered > 500, "\(counts)")
        let log = try folder.read("log")
        #expect(log.split(separator: "\n").filter { $0.contains("haproxy: ") }.count >= 50, "\(log)")
        print("100 changes: \(counts.answered) answers, \(counts.idleClosings) idle connections closed")
    }
}
