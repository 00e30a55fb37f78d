import TestSupport
import Testing

@testable import haproxy_gen

@Suite("haproxy-gen state")
struct StateCommandTests {
    /// A table with the three revisions of the examples.
    private func bench() throws -> GenerateBench {
        let bench = try GenerateBench()
        for name in ["1-start", "2-start", "3-stop"] { _ = try bench.generate([bench.example(name)]) }
        return bench
    }

    @Test("the example in the repository is what the payloads make, byte for byte")
    func example() throws {
        let made = try bench()
        let names = ["current.json", "history/1.json", "history/2.json", "history/3.json"]
        for name in names {
            let kept = try ProgramRun.run(["\(projectFolder)/state/astro/\(name)"], executable: "/bin/cat").stdout
            #expect(try made.folder.read("state/astro/\(name)") == kept, "\(name)")
        }
        let verify = try ProgramRun.run(["state", "verify", "--state", "\(projectFolder)/state"])
        #expect(verify == ProgramRun(exitCode: 0, stdout: "1 table, 4 files: in order\n", stderr: ""))
    }

    @Test("list")
    func list() throws {
        let bench = try bench()
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1", table: "b"))
        #expect(
            try bench.state(["list"]).stdout == """
                TABLE  REVISION  SERVICES  HOSTS
                astro         3         2      2
                b             1         1      1

                """)
        #expect(
            try bench.state(["list", "--format", "json"]).stdout == """
                [
                  {
                    "table": "astro",
                    "revision": 3,
                    "services": 2,
                    "hosts": 2
                  },
                  {
                    "table": "b",
                    "revision": 1,
                    "services": 1,
                    "hosts": 1
                  }
                ]

                """)
        let nowhere = try bench.state(["list", "--state", "nowhere"])
        #expect(
            nowhere
                == ProgramRun(
                    exitCode: 3, stdout: "",
                    stderr: "haproxy-gen: error: cannot list nowhere: no such file or folder\n"))
    }

    @Test("show")
    func show() throws {
        let bench = try bench()
        #expect(
            try bench.state(["show", "astro", "--revision", "2"]).stdout == """
                astro, revision 2: 2 services, 3 hosts

                app1  http  first.example.com  port 80  cookie JSESSIONID
                  jk3243j54jl  192.168.1.8:80
                  kml4nk654m3  192.168.1.2:80

                reports  http  /reports  port 8080
                  p0q9w8e7r6t  192.168.1.5:8080

                """)
        let json = try bench.state(["show", "astro", "--format=json"])
        #expect(json.stdout == (try bench.folder.read("state/astro/current.json")))
        #expect(
            try bench.state(["show", "astro", "--revision", "2", "--format=json"]).stdout
                == (try bench.folder.read("state/astro/history/2.json")))
        let missing = try bench.state(["show", "astro", "--revision", "9"])
        #expect(missing.exitCode == 1)
        #expect(
            missing.stderr == "haproxy-gen: error: table 'astro' has no revision 9; its history goes from 1 to 3\n")
        #expect(try bench.state(["show", "astro", "--revision", "x"]).exitCode == 2)
        #expect(try bench.state(["show"]).exitCode == 2)
        #expect(try bench.state(["show", "../astro"]).exitCode == 2)
    }

    @Test("log")
    func log() throws {
        let bench = try bench()
        _ = try ProgramRun.bash(
            "cd state/astro/history && for n in 1 2 3; do TZ=UTC touch -d 2026-01-0${n}T00:00:0$n $n.json; done",
            in: bench.folder.path)
        #expect(
            try bench.state(["log", "astro"]).stdout == """
                revision 3, 2026-01-03T00:00:03Z
                  app1: −1 host
                revision 2, 2026-01-02T00:00:02Z
                  app1: +1 host
                  reports: new, 1 host
                revision 1, 2026-01-01T00:00:01Z
                  app1: new, 1 host

                """)
        let json = try bench.state(["log", "astro", "--format", "json"]).stdout
        #expect(
            json.hasPrefix("[\n  {\n    \"revision\": 3,\n    \"time\": \"2026-01-03T00:00:03Z\",\n    \"changes\": ["))
        #expect(json.contains("\"text\": \"new, 1 host\""))
    }

    @Test("diff")
    func diff() throws {
        let bench = try bench()
        let run = try bench.state(["diff", "astro", "1", "3"])
        #expect(run == ProgramRun(exitCode: 1, stdout: "app1: +1 host, −1\nreports: new, 1 host\n", stderr: ""))
        #expect(try bench.state(["diff", "astro", "2", "2"]) == ProgramRun(exitCode: 0, stdout: "", stderr: ""))
        let json = try bench.state(["diff", "astro", "2", "3", "--format", "json"])
        #expect(
            json.exitCode == 1
                && json.stdout == """
                    [
                      {
                        "service": "app1",
                        "change": "changed",
                        "hostsAdded": 0,
                        "hostsRemoved": 1,
                        "hostsChanged": 0,
                        "fields": [],
                        "text": "−1 host"
                      }
                    ]

                    """
        )
        #expect(try bench.state(["diff", "astro", "1"]).exitCode == 2)
        #expect(try bench.state(["diff", "astro", "1", "2", "3"]).exitCode == 2)
    }

    @Test("rollback")
    func rollback() throws {
        let bench = try bench()
        let run = try bench.state(["rollback", "astro", "1"])
        #expect(
            run
                == ProgramRun(
                    exitCode: 0, stdout: "astro: revision 3 → 4\n  app1: +1 host, −1\n  reports: gone, with 1 host\n",
                    stderr: ""))
        #expect(try bench.state(["diff", "astro", "1", "4"]).exitCode == 0)
        #expect(try bench.state(["rollback", "astro", "4"]).stdout == "astro: unchanged, revision 4\n")
        #expect(try bench.state(["rollback", "astro", "7"]).exitCode == 1)
        #expect(try bench.state(["rollback", "other", "1"]).exitCode == 1)
        #expect(try bench.folder.names() == ["state"])
        let json = try bench.state(["rollback", "astro", "3", "--format", "json"]).stdout
        #expect(json.hasPrefix("{\n  \"table\": \"astro\",\n  \"revision\": 5,\n  \"before\": 4,\n  \"changes\": [\n"))
    }

    @Test("verify, and the way out of a file that was changed by hand")
    func verify() throws {
        let bench = try bench()
        #expect(try bench.state(["verify"]).stdout == "1 table, 4 files: in order\n")
        let changed = try bench.folder.read("state/astro/current.json").replacing("1.2\"", with: "1.77\"")
        try bench.folder.write(changed, to: "state/astro/current.json")
        let run = try bench.state(["verify"])
        #expect(run.exitCode == 1 && run.stdout == "")
        #expect(run.stderr.hasPrefix("state/astro/current.json:5:13: error: this file was changed after"), "\(run)")
        let json = try bench.state(["verify", "astro", "--format", "json"])
        #expect(json.exitCode == 1)
        #expect(json.stdout.contains("\"file\": \"state/astro/current.json\",\n      \"line\": 5,"), "\(json)")
        #expect(try bench.state(["verify", "other"]).exitCode == 1)

        let refused = try bench.generate([bench.example("3-stop")])
        #expect(refused.exitCode == 1 && refused.stdout == "")
        #expect(refused.stderr.contains("'haproxy-gen state import FILE astro --accept'"), "\(refused)")
        #expect(try bench.folder.read("state/astro/current.json") == changed)
        let accepted = try bench.state(["import", "state/astro/current.json", "astro", "--accept"])
        #expect(accepted.exitCode == 0, "\(accepted)")
        #expect(try bench.state(["verify"]).exitCode == 0)
        #expect(try bench.folder.read("state/astro/current.json").contains("192.168.1.77"))
        #expect(try bench.folder.read("state/astro/current.json.refused") == changed)
    }

    @Test("rollback goes on from the history after current.json was lost")
    func lost() throws {
        let bench = try bench()
        _ = try ProgramRun.bash("rm state/astro/current.json", in: bench.folder.path)
        let refused = try bench.generate([bench.example("3-stop")])
        #expect(refused.exitCode == 1 && refused.stderr.contains("state rollback astro 3 --accept"), "\(refused)")
        #expect(try bench.state(["rollback", "astro", "3"]).exitCode == 1)
        let run = try bench.state(["rollback", "astro", "3", "--accept"])
        #expect(run.exitCode == 0 && run.stdout.hasPrefix("astro: revision 4\n"), "\(run)")
        #expect(try bench.state(["verify"]).exitCode == 0)
        #expect(try bench.state(["diff", "astro", "3", "4"]).exitCode == 0)
    }

    @Test("import and export")
    func importAndExport() throws {
        let bench = try bench()
        let exported = try bench.state(["export", "astro"])
        #expect(exported.exitCode == 0 && exported.stdout.hasPrefix("[\n  {\n    \"Id\": \"app1\","))
        let run = try bench.state(["import", "-", "copy"], stdin: exported.stdout)
        #expect(
            run
                == ProgramRun(
                    exitCode: 0, stdout: "copy: revision 1\n  app1: new, 1 host\n  reports: new, 1 host\n", stderr: ""))
        #expect(try bench.state(["export", "copy"]).stdout == exported.stdout)
        let same = try bench.state(["import", "-", "copy"], stdin: exported.stdout)
        #expect(same.stdout == "copy: unchanged, revision 1\n")
        let wrong = try bench.state(["import", "-", "copy"], stdin: #"{"Items": [{"serviceName": {"S": "a"}}]}"#)
        #expect(wrong.exitCode == 1 && wrong.stderr.contains("<stdin>:1:12: error: a candidate needs"), "\(wrong)")
        let before = bench.contents()
        #expect(try bench.state(["import", "missing.json", "copy"]).exitCode == 3)
        #expect(bench.contents() == before)
        let old = try bench.state(["export", "astro", "--revision", "1"])
        #expect(old.stdout.contains("192.168.1.8"))
    }

    @Test("a table of many services is told in few lines")
    func manyServices() throws {
        let bench = try GenerateBench()
        let services = (1...30).map { #"{"Id": "s\#($0)", "Port": \#($0)}"# }
        let run = try bench.state(["import", "-", "many"], stdin: "[\(services.joined(separator: ","))]")
        #expect(run.stdout.hasSuffix("  s20: new, 0 hosts\n  … and 10 more\n"), "\(run)")
    }
}
