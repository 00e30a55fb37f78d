import HASystem
import TestSupport
import Testing

/// Clients that keep their connection while HAProxy reloads: it ends with an answer that says so, never between two.
@Suite("Keep-alive connections during a reload", .serialized) struct KeepAliveTests {
    @Test(arguments: [ProxySite.Template.haproxy, .cosmos])
    func idleConnection(_ template: ProxySite.Template) throws {
        let site = try ProxySite(template, [RoutingTests.web("shop", domains: ["shop.test"])])
        let request = "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"
        let connection = Loopback.Connection(port: site.port)
        let first = try #require(connection.head(of: request))
        #expect(first.hasPrefix("HTTP/1.1 200") && !first.lowercased().contains("connection: close"))

        // The new configuration names another host, which tells the processes apart.
        let configuration = try site.folder.read("proxy")
        try site.folder.write(configuration.replacing("shop.test", with: "new.test"), to: "proxy")
        // A master that has just started may miss the signal.
        let isReloaded = (0..<3000).contains { turn in
            if turn % 200 == 0 { _ = try? ProgramRun.bash("kill -USR2 $(cat proxy.pid)", in: site.folder.path) }
            return site.get("/", host: "new.test").server == "shop" || (usleep(10_000) != 0)
        }
        #expect(isReloaded)
        #expect(!connection.isClosed)
        let second = try #require(connection.head(of: request))
        #expect(second.hasPrefix("HTTP/1.1 200") && second.lowercased().contains("connection: close"), "\(second)")
    }
}
