import HADelivery
import TestSupport
import HATemplate
import Testing

@testable import haproxy_gen

@Suite("Render request")
struct RenderRequestTests {
    private func request(_ words: [String]) throws -> RenderRequest {
        let line = ["render"] + words
        guard case .run(let arguments) = try ArgumentParser(program: Program.declaration).parse(line) else {
            throw ProgramRun.Failure(description: "not a run: \(line)")
        }
        return try RenderRequest(arguments)
    }

    @Test(
        "dialect by the template's name",
        arguments: [
            ("haproxy.cfg", .haproxy), ("a/b/haproxy.cfg.tmpl", .haproxy), ("x.cfg.tpl", .haproxy),
            ("nginx.conf", .nginx), ("site.conf.tmpl", .nginx), ("site.conf.tpl", .nginx), ("nginx.tpl", .nginx),
            ("nginx-vhosts.tpl", .nginx), ("a/nginx_x.tpl", .nginx), ("haproxy.tpl", nil), ("nginx/a.tpl", nil),
            ("haproxy.tmpl", nil), ("nginx.tmpl", nil), ("cfg", nil), ("x.CFG", nil), ("-", nil), ("x.cfg.bak", nil),
        ] as [(String, Dialect?)])
    func dialect(_ path: String, _ expected: Dialect?) {
        #expect(Dialect.named(by: path) == expected)
    }

    @Test("defaults")
    func defaults() throws {
        let haproxy = try request(["-t", "a.cfg", "-s", "x"])
        #expect(haproxy.input.dialect == .haproxy && haproxy.input.blankLines == .squeeze && !haproxy.isDialectGuessed)
        #expect(haproxy.input.missingKey == .error && haproxy.output == nil && haproxy.input.delimiters == .init())
        #expect(haproxy.input.root == .services(["x"]))
        let nginx = try request(["-t", "a.conf", "--data", "x"])
        #expect(nginx.input.dialect == .nginx && nginx.input.blankLines == .squeeze && nginx.input.root == .data("x"))
        let unknown = try request(["-t", "a.txt", "-s", "x"])
        #expect(unknown.input.dialect == .plain && unknown.input.blankLines == .keep && unknown.isDialectGuessed)
        let plain = try request(["-t", "a.cfg", "-s", "x", "--dialect", "plain"])
        #expect(plain.input.dialect == .plain && plain.input.blankLines == .keep && !plain.isDialectGuessed)
    }

    @Test("options over defaults")
    func options() throws {
        let given = try request([
            "-t", "a", "-s", "x", "-sy", "--dialect=haproxy", "--missing-key=zero", "--blank-lines=remove",
            "--delims=<<,>>", "-o", "out",
        ])
        #expect(given.input.dialect == .haproxy && given.input.missingKey == .zero && given.input.blankLines == .remove)
        #expect(given.input.delimiters == .init(left: "<<", right: ">>") && given.output == "out")
        #expect(given.input.root == .services(["x", "y"]))
        #expect(try request(["-t", "a", "-s", "x", "-o", "-"]).output == nil)
        #expect(try request(["-t", "a", "-s", "x", "--missing-key=default"]).input.missingKey == .default)
    }

    @Test("delimiters that cannot be", arguments: ["[[", "[[,", ",]]", "a,b,c", "x,x", ","])
    func delimiters(_ value: String) {
        let error = #expect(throws: UsageError.self) { try request(["-t", "a", "-s", "x", "--delims", value]) }
        #expect(error?.mistake.sentence.hasPrefix("option '--delims' must be two different") == true)
        #expect(error?.mistake.sentence.hasSuffix(", not '\(value)'") == true)
    }
}
