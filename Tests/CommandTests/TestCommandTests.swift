import TestSupport
import Testing

/// `haproxy-gen test`, answered by the real proxies.
@Suite("haproxy-gen test") struct TestCommandTests {
    static let dialects = ["haproxy.cfg", "nginx.conf"]

    private static let services = """
        [{"Id": "shop", "ApplicationProtocol": "http", "Domains": ["shop.test"], "Hosts": [{"Ip": "10.0.1.11", "Port": 80}]},
         {"Id": "api", "ApplicationProtocol": "http", "Domains": ["shop.test"], "ProxyPath": "/api",
          "Hosts": [{"Ip": "10.0.1.13", "Port": 8080}]},
         {"Id": "redis", "Port": 6379, "Hosts": [{"Ip": "10.0.1.16"}]}]
        """

    private static func project(_ output: String, _ cases: String, template: String? = nil) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = template == nil ? "\(projectFolder)/templates/\(output).tmpl" : "\(output).tmpl"
        if let template { try folder.write(template, to: "\(output).tmpl") }
        try folder.write(services, to: "services.json")
        try folder.write(cases, to: "cases.json")
        try folder.write(
            #"{"tests": "*ases.json", "targets": [{"name": "edge", "template": "\#(path)", "services": "services.json", "output": "\#(output)"}]}"#,
            to: "haproxy-gen.json")
        return folder
    }

    private static func request(_ name: String, _ url: String, _ expect: String) -> String {
        #"{"name": "\#(name)", "request": {"url": "\#(url)"}, "expect": \#(expect)}"#
    }

    private static let good = """
        [\(request("a", "http://shop.test/", #"{"service": "shop", "status": 200, "header": {"X-None": null}}"#)),
         \(request("b", "http://shop.test/api", #"{"service": "api", "not": {"service": "shop", "status": 404}}"#)),
         \(request("c", "tcp://x.test:6379", #"{"service": "redis"}"#)),
         \(request("d", "http://x.test/", #"{"status": 503}"#)),
         {"name": "e", "expect": {"contains": "10.0.1.13:8080", "not": {"contains": "10.0.9.9"}}},
         {"name": "f", "services": [], "request": {"url": "http://shop.test/"}, "expect": {"not": {"service": "shop"}}},
         {"name": "g", "services": [{"Id": "x", "Port": 99999999}], "expect": {"fails": "port-out-of-range"}}]
        """

    @Test("cases that hold, by both proxies; check runs them as well", arguments: dialects)
    func passes(_ output: String) throws {
        let folder = try Self.project(output, Self.good)
        let run = try ProgramRun.run(["test", "-v"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains("7 cases: 7 passed, 0 failed"), "\(run)")
        #expect(run.stdout.contains("cases.json:1:2: passed: a"), "\(run)")
        #expect(try folder.names().sorted() == ["cases.json", "haproxy-gen.json", "services.json"])
        let one = try ProgramRun.run(["test", "c"], in: folder.path)
        #expect(one.stderr.contains("1 case: 1 passed"), "\(one)")
        _ = try ProgramRun.run(["render"], in: folder.path)
        let check = try ProgramRun.run(["check", "--start"], in: folder.path)
        #expect(check.exitCode == 0 && check.stderr.contains("0 errors"), "\(check)")
    }

    private static let bad = "[\(request("wrong", "http://shop.test/api", #"{"service": "shop"}"#))]"

    @Test("a case that fails: what there is instead, why, and the rule that would lead there", arguments: dialects)
    func fails(_ output: String) throws {
        let folder = try Self.project(output, Self.bad)
        let run = try ProgramRun.run(["test"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("1 case: 0 passed, 1 failed"), "\(run)")
        for part in [
            "cases.json:1:2: failed: wrong", "expected the service 'shop', got the service 'api'",
            "GET http://shop.test/api", "10.0.1.13:8080  weight 1", "the rule that would lead there:",
            "services.json:1:",
        ] { #expect(run.stdout.contains(part), "\(part): \(run)") }
        _ = try ProgramRun.run(["render"], in: folder.path)
        let check = try ProgramRun.run(["check"], in: folder.path)
        #expect(check.exitCode == 1 && check.stderr.contains("[test-failed]"), "\(check)")
        let named = try ProgramRun.run(["check", "cases.json"], in: folder.path)
        #expect(named.stderr.contains("[test-failed]") && !named.stderr.contains("left alone"), "\(named)")
    }

    static let formats: [(format: String, parts: [String])] = [
        ("json", [#""status": "failed""#, #""service": "api""#, #""nearest": {"#, #""route": {"#, #""failed": 1"#]),
        (
            "junit",
            [
                #"<testsuites tests="1" failures="1" skipped="0">"#, #"<failure message="expected the service 'shop'"#,
                #"classname="edge" name="wrong" file="cases.json" line="1" time="0."#, "</testsuites>",
            ]
        ),
        ("github", ["::error file=cases.json,line=1,", "title=test-failed::the case 'wrong' failed"]),
    ]

    @Test("for programs", arguments: formats)
    func format(_ test: (format: String, parts: [String])) throws {
        let folder = try Self.project("haproxy.cfg", Self.bad)
        let run = try ProgramRun.run(["test", "--format", test.format], in: folder.path)
        #expect(run.exitCode == 1)
        for part in test.parts { #expect(run.stdout.contains(part), "\(part): \(run)") }
    }

    @Test("--update writes the answer of now and nothing else; --init proposes cases that hold")
    func update() throws {
        let cases = """
            [  \(Self.request("a", "http://shop.test/api", #"{"service" :"shop"}"#)),
              {"name": "b", "request": {"url": "http://x.test/"}
              },
              {"name": "c", "expect": {"equals": "kept.cfg"}},
              \(Self.request("d", "http://shop.test/", #"{"service":   "shop"}"#))
            ]

            """
        let folder = try Self.project("haproxy.cfg", cases)
        let run = try ProgramRun.run(["test", "--update"], in: folder.path)
        #expect(run.exitCode == 0 && run.stderr.contains("3 cases changed"), "\(run)")
        let expected = cases.replacing(#"{"service" :"shop"}"#, with: #"{"service": "api"}"#)
            .replacing(
                #"{"url": "http://x.test/"}"#, with: #"{"url": "http://x.test/"}, "expect": {"backend": "unmatched"}"#)
        #expect(try folder.read("cases.json") == expected)
        #expect(try folder.read("kept.cfg").contains("backend be_shop"))
        #expect(try ProgramRun.run(["test"], in: folder.path).exitCode == 0)
        let proposed = try ProgramRun.run(["test", "--init"], in: folder.path)
        try folder.write(proposed.stdout, to: "cases.json")
        let again = try ProgramRun.run(["test"], in: folder.path)
        #expect(again.exitCode == 0 && again.stderr.contains("4 cases: 4 passed"), "\(again)\(proposed)")
    }

    @Test("services that cannot be read fail a case, one that expects nothing too, and the place is named")
    func unreadable() throws {
        let cases = """
            [{"name": "a", "request": {"url": "http://shop.test/"}}, {"name": "b", "expect": {"contains": "x"}}]
            """
        let folder = try Self.project("haproxy.cfg", cases)
        try folder.write("[{", to: "services.json")
        let run = try ProgramRun.run(["test"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("2 cases: 0 passed, 2 failed"), "\(run)")
        #expect(run.stdout.contains("cannot be rendered: services.json:1:3: "), "\(run)")
    }

    @Test("--init proposes cases of the targets that are named, and says which there are")
    func proposesForTargets() throws {
        let folder = try Self.project("haproxy.cfg", "[]")
        let template = "\(projectFolder)/templates/nginx.conf.tmpl"
        try folder.write(
            """
            {"targets": [
             {"name": "edge", "template": "\(projectFolder)/templates/haproxy.cfg.tmpl", "services": "services.json",
              "output": "haproxy.cfg"},
             {"name": "web", "template": "\(template)", "services": "services.json", "output": "nginx.conf"}]}
            """, to: "haproxy-gen.json")
        let web = try ProgramRun.run(["test", "--init", "web"], in: folder.path)
        #expect(web.stdout.contains(#""target": "web""#) && !web.stdout.contains(#""target": "edge""#), "\(web)")
        let none = try ProgramRun.run(["test", "--init", "wbe"], in: folder.path)
        #expect(none.exitCode == 2 && none.stderr.contains("'web'"), "\(none)")
    }

    static let failures: [(cases: String, words: [String], exit: Int32, says: String)] = [
        ("[]", [], 1, "the test files have no cases"),
        ("{}", [], 1, "cases.json:1:1: error: a test file must be a list of cases"),
        (bad, ["nobody"], 1, "no case, target or test file is called nobody"),
        (bad, ["--update", "--init"], 2, "exclude each other"),
        ("[\(request("a", "http://x.test:81/", #"{"status": 200}"#))]", [], 1, "1 failed"),
        (bad, ["--no-proxy"], 0, "1 not asked"),
    ]

    @Test("what is wrong besides", arguments: failures)
    func mistakes(_ test: (cases: String, words: [String], exit: Int32, says: String)) throws {
        let folder = try Self.project("haproxy.cfg", test.cases)
        let run = try ProgramRun.run(["test"] + test.words, in: folder.path)
        #expect(run.exitCode == test.exit && run.stderr.contains(test.says), "\(run)")
    }

    @Test("a proxy that does not start, code, no proxy, no tests")
    func noAnswer() throws {
        let broken = try Self.project(
            "haproxy.cfg", Self.bad, template: "frontend f\n    bind :80\n    mode nonsense\n")
        let run = try ProgramRun.run(["test"], in: broken.path)
        #expect(run.exitCode == 1 && run.stdout.contains("line 3 of the output: haproxy says: "), "\(run)")
        let code = try Self.project(
            "haproxy.cfg", Self.bad, template: "global\n    lua-load x\nfrontend f\n    bind :80\n")
        #expect(try ProgramRun.run(["test"], in: code.path).stdout.contains("--allow-code"))
        let plain = try Self.project("x.txt", Self.bad, template: "x")
        #expect(try ProgramRun.run(["test"], in: plain.path).stdout.contains("is for no proxy"))
        let folder = try Self.project("haproxy.cfg", "[]")
        try folder.write(
            #"{"targets": [{"name": "a", "template": "x.cfg.tmpl", "services": [], "output": "x.cfg"}]}"#,
            to: "haproxy-gen.json")
        #expect(try ProgramRun.run(["test"], in: folder.path).stderr.contains("has no key 'tests'"))
    }

    static let proxies: [(output: String, shop: String, checkout: String, none: String)] = [
        ("haproxy.cfg", "be_shop", "be_api", "unmatched"), ("nginx.conf", "shop", "api", "503"),
    ]

    @Test(
        "diff says which requests are answered otherwise, those of services that are gone among them",
        arguments: proxies)
    func diff(_ test: (output: String, shop: String, checkout: String, none: String)) throws {
        let folder = try Self.project(test.output, "[]")
        _ = try ProgramRun.run(["render"], in: folder.path)
        let services = Self.services.replacing(#""/api""#, with: #""/cart""#).replacing(
            #""Domains": ["shop.test"], "Hosts""#, with: #""Domains": ["store.test"], "Hosts""#)
        try folder.write(services, to: "services.json")
        let run = try ProgramRun.run(["diff"], in: folder.path)
        let changes = run.stdout.split(separator: "\n").filter { $0.contains(" → ") }.map { $0.drop { $0 == " " } }
        let expected = [
            "store.test/: \(test.none) → \(test.shop)", "shop.test/cart: \(test.shop) → \(test.checkout)",
            "shop.test/: \(test.shop) → \(test.none)", "shop.test/api: \(test.checkout) → \(test.none)",
        ]
        for line in expected { #expect(changes.contains(Substring(line)), "\(line) \(run)") }
        let json = try ProgramRun.run(["diff", "--format", "json"], in: folder.path)
        #expect(json.stdout.contains(#""before": "\#(test.none)""#), "\(json)")
        let github = try ProgramRun.run(["diff", "--format", "github"], in: folder.path)
        #expect(github.stdout.contains("- store.test/: "), "\(github)")
        let silent = try ProgramRun.run(["diff", "--no-proxy"], in: folder.path)
        #expect(!silent.stdout.contains(" → ") && silent.exitCode == 1, "\(silent)")
    }
}
