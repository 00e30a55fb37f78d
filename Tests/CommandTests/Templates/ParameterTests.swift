import TestSupport
import Testing

/// What the parameters of the shipped templates do in the real proxies.
@Suite("Parameters of the shipped templates") struct ParameterTests {
    private static let shop = RoutingTests.web("shop", domains: ["shop.test"])
    private static let wild = RoutingTests.web("wild", domains: ["*.wild.test"])

    /// A folder with certificates for the names of the services, as the templates want it.
    private static func certificates() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.bash(
            """
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.test -keyout key -out certificate &&
            cat certificate key > default.pem && rm key certificate &&
            for name in shop.test _.wild.test nobody.test; do cp default.pem $name.pem; done
            chmod 644 *.pem && chmod 755 .
            """, in: folder.path)
        guard run.exitCode == 0 else { throw ProgramRun.Failure(description: "\(run)") }
        return folder
    }

    @Test("TLS, HTTP/2, redirect, HSTS and ACME", arguments: ProxySite.Template.allCases)
    func https(_ template: ProxySite.Template) throws {
        let certificates = try Self.certificates()
        let site = try ProxySite(
            template, [Self.shop, Self.wild, RoutingTests.web("responder", domains: ["nobody.test"])],
            parameters: [
                "certificates": certificates.path, "redirect": "true", "hsts": "31536000",
                "acme": "ADDRESS(responder)",
            ])
        let plain = site.get("/a?b=c", host: "shop.test:\(site.port)")
        #expect(plain.status == "301", "\(plain)")
        #expect(plain.text.lowercased().contains("location: https://shop.test:\(site.httpsPort)/a?b=c\r\n"), "\(plain)")
        #expect(!plain.text.lowercased().contains("strict-transport-security"), "\(plain)")
        let challenge = site.get("/.well-known/acme-challenge/token", host: "shop.test")
        #expect(challenge.server == "responder", "\(challenge)")

        for (host, server) in [("shop.test", "shop"), ("x.wild.test", "wild")] {
            let secure = try site.getSecurely("/a", host: host)
            #expect(secure.server == server, "\(secure)")
            let text = secure.text.lowercased()
            #expect(text.contains("strict-transport-security: max-age=31536000\r\n"), "\(secure)")
            #expect(text.contains("x-forwarded-proto: https"), "\(secure)")
        }
        let session = try site.secureSession("shop.test", "-alpn h2,http/1.1")
        #expect(session.stdout.contains("ALPN protocol: h2"), "\(session)")
        let old = try site.secureSession("shop.test", "-tls1_1 -cipher ALL:@SECLEVEL=0")
        #expect(!old.stdout.contains("Cipher is ECDHE") && old.exitCode != 0, "\(old)")
    }

    @Test("TLS beside plain HTTP, with neither redirect nor HSTS", arguments: ProxySite.Template.allCases)
    func tlsAlone(_ template: ProxySite.Template) throws {
        let certificates = try Self.certificates()
        let site = try ProxySite(template, [Self.shop], parameters: ["certificates": certificates.path])
        #expect(site.get("/", host: "shop.test").server == "shop")
        let secure = try site.getSecurely("/", host: "shop.test")
        #expect(secure.server == "shop" && !secure.text.lowercased().contains("strict-transport"), "\(secure)")
    }

    @Test("a limit on the requests of a client", arguments: ProxySite.Template.allCases)
    func rateLimit(_ template: ProxySite.Template) throws {
        let site = try ProxySite(template, [Self.shop], parameters: ["rateLimit": "5"])
        let answers = (0..<12).map { _ in site.get("/", host: "shop.test").status }
        #expect(
            answers.prefix(5).allSatisfy { $0 == "200" } && answers.suffix(5).allSatisfy { $0 == "429" }, "\(answers)")
    }

    @Test("the client's address behind another proxy", arguments: ProxySite.Template.allCases)
    func clientAddress(_ template: ProxySite.Template) throws {
        func address(_ parameters: [String: String], _ headers: [String], before: String = "") throws -> String? {
            let site = try ProxySite(template, [Self.shop], parameters: parameters)
            let answer = site.get("/", host: "shop.test", headers: headers, before: before)
            return answer.text.firstMatch(of: /x-real-ip: ([0-9a-f.:]+)/).map { String($0.output.1) }
        }
        let forwarded = ["X-Forwarded-For: 198.51.100.1, 203.0.113.9", "Real-Client: 2001:db8::7"]
        let trusted = ["trustedProxies": #"["127.0.0.1", "10.0.0.0/8"]"#]
        #expect(try address(trusted, forwarded) == "203.0.113.9")
        #expect(try address(trusted.merging(["clientHeader": "Real-Client"]) { $1 }, forwarded) == "2001:db8::7")
        #expect(try address(["trustedProxies": #"["192.0.2.0/24"]"#], forwarded) == "127.0.0.1")
        let header = "PROXY TCP4 203.0.113.77 127.0.0.1 1024 80\r\n"
        #expect(try address(["proxyProtocol": "true"], [], before: header) == "203.0.113.77")
    }

    /// What would otherwise switch a feature on, or write nonsense into the output.
    @Test(
        "a parameter of the wrong kind is refused at its use, or means off",
        arguments: ProxySite.Template.allCases,
        [
            ("redirect", "no", false), ("proxyProtocol", "off", false), ("hsts", "yes", false),
            ("rateLimit", "many", false),
            ("rateLimit", "-1", true), ("hsts", "0", true), ("proxyProtocol", "false", true),
        ])
    func kinds(_ template: ProxySite.Template, _ test: (name: String, value: String, isRight: Bool)) throws {
        let folder = try TemporaryFolder()
        try folder.write("[]", to: "none.json")
        let words = ["render", "-t", template.path, "-s", "none.json", "-p", "certificates=/etc/certs"]
        let plain = try ProgramRun.run(words, in: folder.path)
        let run = try ProgramRun.run(words + ["-p", "\(test.name)=\(test.value)"], in: folder.path)
        #expect(plain.exitCode == 0 && run.exitCode == (test.isRight ? 0 : 1), "\(run)")
        if test.isRight { #expect(run.stdout == plain.stdout) }
        if !test.isRight { #expect(run.stderr.contains(".tmpl:") && run.stderr.contains(test.name), "\(run)") }
    }
}
