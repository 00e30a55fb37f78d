import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What a target's own command gives its proxy beside the output is looked at as the output is.
@Suite("A scan of a target's own check") struct CheckCommandTests {
    private func scan(
        _ command: String, _ files: [String: String] = [:], _ text: String = "global\n daemon\n",
        _ dialect: Dialect = .haproxy
    ) throws -> ScanReport {
        let given = [
            "base.cfg": "global\n daemon\n", "code.cfg": "global\n lua-load x.lua\n", "out/edge": "",
            "d/a.cfg": "global\n daemon\n", "d/b.txt": "global\n lua-load x.lua\n",
            "e/z.cfg": "global\n lua-load x.lua\n",
        ]
        let folder = try TemporaryFolder(given.merging(files) { $1 })
        let outside = try TemporaryFolder(["x.cfg": "secret"])
        return ConfigurationScan.scan(
            ConfigurationText(Array(text.utf8), dialect: dialect), output: folder.path("out/edge"),
            command: command.replacing("OUTSIDE", with: outside.path), workingFolder: folder.path, files: .system
        ) { _ in nil }
    }

    @Test(
        "code in its other files, files outside and unknown words are refused",
        arguments: [
            "haproxy -c -f code.cfg -f {file}", "haproxy -c -f {file} -f code.cfg", "haproxy -c -f {file} -- code.cfg",
            "/usr/sbin/haproxy -f e -c -f {file}", "haproxy -c -f OUTSIDE/x.cfg -f {file}",
            "haproxy -c -f ../x -f {file}",
            "haproxy -c -C OUTSIDE -f {file}", "haproxy -c -C e -f z.cfg -f {file}",
            "haproxy -c -fcode.cfg x -f {file}",
            "haproxy -c -foo code.cfg -f {file}", "haproxy -cc code.cfg -f {file}", "haproxy -c code.cfg -f {file}",
            "haproxy -c -x sock -f {file}", "haproxy -c -f {file}.x -f {file}", "haproxy -c -f",
            "nginx -t -c code.cfg", "nginx -tccode.cfg", "nginx -t -c {file} -g load_module", "nginx -s stop",
            "nginx -t -c {file} -p OUTSIDE", "nginx -t -c {file} -e log",
        ])
    func refused(command: String) throws {
        #expect(try !scan(command, [:], "", command.contains("nginx") ? .nginx : .haproxy).refusals.isEmpty)
    }

    @Test(
        "ordinary commands pass",
        arguments: [
            "haproxy -c -f {file}", "haproxy -c -V -dW -f base.cfg -f {file}", "haproxy -c -f d -f {file}",
            "haproxy -c -f d/a.cfg -- {file} base.cfg", "haproxy -c -L peer -f {file}", "haproxy -c -C d -f {file}",
            "haproxy -c -f gone.cfg -f {file}", "nginx -t -c {file}", "nginx -tq -c {file} -e stderr",
            "nginx -tc {file}",
            "sh check.sh {file}",
        ])
    func passes(command: String) throws {
        let report = try scan(command, [:], "", command.contains("nginx") ? .nginx : .haproxy)
        #expect(report.refusals.isEmpty, "\(report.refusals)")
    }

    @Test("one file changes what another means")
    func together() throws {
        let command = "haproxy -c -L x -f base.cfg -f {file}"
        let use = "global\n \"${A-log}\" x local0\n"
        #expect(try !scan(command, ["base.cfg": "global\n setenv A lua-load\n"], use).refusals.isEmpty)
        #expect(try scan(command, ["base.cfg": "global\n daemon\n"], use).refusals.isEmpty)
        #expect(try scan(command, ["base.cfg": "global\n setenv A lua-load\n"]).refusals.isEmpty)
        #expect(try !scan(command, [:], "frontend f\n log-format \"${HAPROXY_LOCALPEER}\"\n").refusals.isEmpty)
        // The program decides how the output is read, not the dialect of its template.
        #expect(try !scan("haproxy -c -f {file}", [:], "global\n lua-load x\n", .plain).refusals.isEmpty)
        let report = try scan(command, ["base.cfg": "global\n\n lua-load x\n"])
        #expect(report.refusals.first?.message.contains("base.cfg:3") == true)
        #expect(report.refusals.first?.range == 0..<6)
    }

    @Test(
        "a proxy inside a line for a shell is found",
        arguments: [
            ("haproxy -c -f {file} || true", "haproxy"), ("timeout 5 haproxy -c -f {file}", "haproxy"),
            ("sh -c 'haproxy -c -f {file}'", "haproxy"), ("A=b /usr/sbin/nginx -t -c {file}", "nginx"),
            ("true; sudo nginx -t -c {file}", "nginx"), ("echo $(haproxy -c -f {file})", "haproxy"),
            ("haproxy -c -f $X -f {file}", "haproxy"), ("cd out && haproxy -c -f {file}", "haproxy"),
            ("haproxy -c -f {file}", nil), ("haproxy -c -f \"{file}\"", nil), ("'haproxy' -c -f '{file}'", nil),
            ("nginx -t -c {file}", nil), ("grep -q haproxy {file}", nil), ("./check.sh {file} | cat", nil),
            ("test -e haproxy && true {file}", nil), ("true", nil), ("", nil),
        ] as [(String, String?)])
    func hidden(line: String, program: String?) {
        #expect(ShellLine.hiddenProxy(in: line) == program)
    }

    @Test("words in quotes")
    func words() {
        #expect(ShellLine.plainWords("a 'b c' \"d|e\" f'g'") == ["a", "b c", "d|e", "fg"])
        for line in ["a $b", "a \"$b\"", "a 'b", "a `b`", "a\nb", "a;b", "a \\b"] {
            #expect(ShellLine.plainWords(line) == nil)
        }
    }

    @Test("paths that go up and come back are looked at where they lead")
    func detours() throws {
        #expect(try scan("haproxy -c -f d/../base.cfg -f {file}").refusals.isEmpty)
        #expect(try !scan("haproxy -c -f d/../code.cfg -f {file}").refusals.isEmpty)
        #expect(try !scan("haproxy -c -f d/../../x -f {file}").refusals.isEmpty)
    }
}
