import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

/// A folder with the Cosmos template, and runs of the program in it.
struct GenerateBench {
    let folder: TemporaryFolder
    static let template = "\(projectFolder)/templates/cosmos.cfg.tmpl"

    init(_ files: [String: String] = [:]) throws {
        folder = try TemporaryFolder(files)
    }

    func generate(_ arguments: [String], stdin: String = "") throws -> ProgramRun {
        try ProgramRun.run(["generate", "-t", Self.template] + arguments, stdin: stdin, in: folder.path)
    }

    func state(_ arguments: [String], stdin: String = "") throws -> ProgramRun {
        try ProgramRun.run(["state"] + arguments, stdin: stdin, in: folder.path)
    }

    func example(_ name: String) -> String { "\(projectFolder)/examples/cosmos/\(name).json" }

    /// Everything below `state`, to see that nothing changed.
    func contents(_ path: String = "state") -> [String] {
        let run = try? ProgramRun.bash(
            "find \(path) -type f ! -name .lock -exec sha256sum {} + | sort; find \(path) -type d | sort",
            in: folder.path)
        return run.map { $0.stdout.split(separator: "\n").map(String.init) } ?? []
    }

    /// A start of one container of a service.
    static func start(_ service: String, _ id: String, running: [String] = [], table: String = "astro") -> String {
        let others = running.map { #"{"serviceName": "\#(service)", "id": "\#($0)", "ip": "10.0.0.1"}"# }
        return #"{"table": "\#(table)", "running": [\#(others.joined(separator: ", "))], "candidates": [{"#
            + #""serviceName": "\#(service)", "port": 80, "predicate": "\#(service).example", "containers": [{"#
            + #""id": "\#(id)", "ip": "10.0.0.1"}]}]}"#
    }
}

@Suite("haproxy-gen generate")
struct GenerateTests {
    @Test("the examples, one after the other, accepted by haproxy")
    func examples() throws {
        let bench = try GenerateBench()
        let expected = [
            (
                ["server jk3243j54jl 192.168.1.8:80 check cookie jk3243j54jl"],
                "astro: revision 1\n  app1: new, 1 host\n"
            ),
            (
                [
                    "server jk3243j54jl 192.168.1.8:80 check cookie jk3243j54jl",
                    "server kml4nk654m3 192.168.1.2:80 check cookie kml4nk654m3",
                    "server p0q9w8e7r6t 192.168.1.5:8080 check",
                ], "astro: revision 1 → 2\n  app1: +1 host\n  reports: new, 1 host\n"
            ),
            (
                [
                    "server kml4nk654m3 192.168.1.2:80 check cookie kml4nk654m3",
                    "server p0q9w8e7r6t 192.168.1.5:8080 check",
                ], "astro: revision 2 → 3\n  app1: −1 host\n"
            ),
        ]
        for (name, (servers, told)) in zip(["1-start", "2-start", "3-stop"], expected) {
            let run = try bench.generate([bench.example(name)])
            #expect(run.exitCode == 0 && run.stderr == told, "\(run)")
            let lines = run.stdout.split(separator: "\n").map { $0.drop { $0 == " " } }
            #expect(lines.filter { $0.hasPrefix("server ") }.map(String.init) == servers)
            try bench.folder.write(run.stdout, to: "haproxy.cfg")
            let check = try ProgramRun.run(
                ["-c", "-f", bench.folder.path("haproxy.cfg")],
                executable: ProgramRun.installed("haproxy") ?? "/usr/sbin/haproxy")
            #expect(check.exitCode == 0, "\(check)")
        }
        let again = try bench.generate([bench.example("3-stop")])
        #expect(again.exitCode == 0 && again.stderr == "astro: unchanged, revision 3\n")
    }

    @Test("a payload from standard input, the result to a file")
    func streams() throws {
        let bench = try GenerateBench()
        let payload = GenerateBench.start("web", "c1")
        for arguments in [["-", "-o", "out.cfg"], ["-o", "out.cfg"]] {
            let run = try bench.generate(arguments, stdin: payload)
            #expect(run.exitCode == 0 && run.stdout == "", "\(run)")
        }
        #expect(try bench.folder.read("out.cfg").contains("server c1 10.0.0.1:80 check\n"))
        let both = try ProgramRun.run(["generate", "-t", "-", "-"], stdin: payload, in: bench.folder.path)
        #expect(both.exitCode == 2 && both.stderr.contains("standard input ('-') can be read only once"))
    }

    @Test("a dry run stores and locks nothing, and tells what would change")
    func dryRun() throws {
        let bench = try GenerateBench()
        let first = try bench.generate(["--dry-run"], stdin: GenerateBench.start("web", "c1"))
        #expect(
            first
                == ProgramRun(exitCode: 0, stdout: "dry run: astro: revision 1\n  web: new, 1 host\n", stderr: ""))
        #expect(try bench.folder.names() == [])
        #expect(try bench.generate([], stdin: GenerateBench.start("web", "c1")).exitCode == 0)
        let before = bench.contents()
        let second = try bench.generate(["--dry-run"], stdin: GenerateBench.start("web", "c2", running: ["c1"]))
        #expect(second.stdout == "dry run: astro: revision 1 → 2\n  web: +1 host\n")
        let same = try bench.generate(["--dry-run"], stdin: GenerateBench.start("web", "c1", running: ["c1"]))
        #expect(same.stdout == "astro: would stay as it is, revision 1\n")
        #expect(bench.contents() == before)
    }

    @Test("when rendering fails nothing is stored or printed", arguments: [true, false])
    func failingRender(_ isStored: Bool) throws {
        let bench = try GenerateBench(["bad.cfg.tmpl": "start\n{{ range . }}{{ .Nothing }}{{ end }}\n"])
        if isStored { _ = try bench.generate([], stdin: GenerateBench.start("web", "c1")) }
        let before = bench.contents()
        for option in [["--dry-run"], []] {
            let run = try ProgramRun.run(
                ["generate", "-t", "bad.cfg.tmpl"] + option, stdin: GenerateBench.start("web", "c2", running: ["c1"]),
                in: bench.folder.path)
            #expect(run.exitCode == 1 && run.stdout == "")
            #expect(run.stderr.contains("bad.cfg.tmpl:2:"), "\(run)")
        }
        #expect(bench.contents() == before)
        if !isStored { #expect(try bench.folder.names() == ["bad.cfg.tmpl"]) }
    }

    @Test("the mistakes of the template and of the payload are shown in one run")
    func allMistakes() throws {
        let bench = try GenerateBench(["bad.cfg.tmpl": "{{ if }}"])
        let run = try ProgramRun.run(
            ["generate", "-t", "bad.cfg.tmpl"], stdin: #"{"table": "a/b"}"#, in: bench.folder.path)
        #expect(run.exitCode == 1)
        for part in ["bad.cfg.tmpl:1:", "<stdin>:1:11: error: table: ", "<stdin>:1:1: error: this payload has no"] {
            #expect(run.stderr.contains(part), "\(run)")
        }
        #expect(try bench.folder.names() == ["bad.cfg.tmpl"])
    }

    @Test("what is printed is what the table gives afterwards, to the byte")
    func printedAsStored() throws {
        // A service that is found by its path has no domains, one without containers no hosts.
        let payload =
            #"{"table": "t", "running": [], "candidates": ["#
            + #"{"serviceName": "a", "port": 80, "configMode": "path", "predicate": "/shop", "containers": []}]}"#
        let bench = try GenerateBench(["json.tmpl": "{{ jsonify . }}", "p.json": payload])
        let run = try ProgramRun.run(
            ["generate", "--dialect", "plain", "-t", "json.tmpl", "p.json"], in: bench.folder.path)
        #expect(run.stdout.contains(#""Domains":null"#) && run.stdout.contains(#""Hosts":null"#))
        let again = try ProgramRun.run(
            ["render", "--dialect", "plain", "-t", "json.tmpl", "--state", "state", "--table", "t"],
            in: bench.folder.path)
        #expect(again.stdout == run.stdout)
    }

    @Test("render, with a table beside other services")
    func renderTable() throws {
        let bench = try GenerateBench(["ids.txt": "{{ range . }}{{ .Id }} {{ end }}"])
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1"))
        try bench.folder.write(#"{"Id": "own", "Port": 1}"#, to: "services/own.json")
        let template = ["render", "-t", "ids.txt", "--dialect", "plain"]
        func render(_ arguments: [String]) throws -> ProgramRun {
            try ProgramRun.run(template + arguments, in: bench.folder.path)
        }
        #expect(try render(["--table", "astro"]) == ProgramRun(exitCode: 0, stdout: "web ", stderr: ""))
        let both = try render(["--state", "./state/", "--table", "astro", "-s", "services"])
        #expect(both == ProgramRun(exitCode: 0, stdout: "own web ", stderr: ""))
        let none = try render(["--table", "other"])
        #expect(none.exitCode == 1)
        #expect(none.stderr == "haproxy-gen: error: there is no table 'other' in state: it has astro\n")
        #expect(try render(["--state", "state", "-s", "services"]).exitCode == 2)
        #expect(try render(["--data", "ids.txt", "--table", "astro"]).exitCode == 2)
        #expect(try render(["--table", "a/b"]).exitCode == 2)
        #expect(try render([]).exitCode == 2)
    }

    @Test(
        "options that cannot be",
        arguments: [
            ["--lock-timeout", "soon"], ["--lock-timeout", "-1"], ["--history", "0"], ["--history", "1.5"],
            ["--history", "99999999999999999999"], ["--lock-timeout", "inf"], ["one", "two"],
        ])
    func usage(_ arguments: [String]) throws {
        let bench = try GenerateBench()
        let run = try bench.generate(arguments, stdin: GenerateBench.start("web", "c1"))
        #expect(run.exitCode == 2, "\(run)")
        #expect(try bench.folder.names() == [])
    }
}
