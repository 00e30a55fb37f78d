import HASystem
import TestSupport
import Testing

/// Files that wait, never end, or lead elsewhere.
@Suite("Files that are not regular")
struct FileSafetyTests {
    private func project(_ target: String = "", _ files: [String: String] = [:]) throws -> TemporaryFolder {
        let plain = [
            "t.cfg.tmpl": "# {{ len . }}\n", "d.json": "[]", "p.json": "{}",
            "haproxy-gen.json": """
            {"targets": [{"name": "a", "template": "t.cfg.tmpl", "data": "d.json", "paramFiles": ["p.json"],
                          "output": "out/a.cfg"\(target)}]}
            """,
        ]
        return try TemporaryFolder(plain.merging(files) { $1 })
    }

    @Test(
        "what a project file names is never waited for, whatever it is",
        arguments: ["t.cfg.tmpl", "d.json", "p.json", "out/a.cfg", "inc/x.tmpl", "haproxy-gen.json"],
        ["mkfifo NAME", "ln -s /dev/zero NAME", "ln -s /dev/tty NAME", "mkfifo f; ln -s $PWD/f NAME"])
    func project(name: String, make: String) throws {
        let folder = try project(#", "include": ["inc"]"#, ["inc/y.tmpl": "y", "out/kept": ""])
        let line = make.split(separator: "NAME", omittingEmptySubsequences: false).joined(separator: name)
        let run = try ProgramRun.bash("rm -f \(name); \(line); \"$PROGRAM\" check --no-proxy", in: folder.path)
        #expect(run.exitCode == 3 || run.exitCode == 1, "\(run)")
        #expect(run.stderr.contains("is not a regular file") || run.stderr.contains("leads out"), "\(run)")
    }

    @Test("what a person names may be a pipe, and is limited all the same")
    func person() throws {
        let folder = try project()
        let piped = try ProgramRun.bash(
            "\"$PROGRAM\" render --dialect plain -t <(printf '{{ len . }}') --data <(echo '[1, 2]')", in: folder.path)
        #expect(piped.exitCode == 0 && piped.stdout == "2", "\(piped)")
        let template = try ProgramRun.bash("\"$PROGRAM\" render -t /dev/zero --data d.json", in: folder.path)
        #expect(template.exitCode == 1, "\(template)")
    }

    @Test("folders of pieces do not lead out through links")
    func includes() throws {
        let outside = try TemporaryFolder(["secret": "SECRET"])
        let folder = try project(
            "", ["inc/own.tmpl": "own", "m.tmpl": #"{{ partial "own.tmpl" . }}{{ partial "s" . }}"#])
        for link in [outside.path("secret"), "/etc/hostname", "../../../../../../etc/hostname"] {
            let run = try ProgramRun.bash(
                "ln -sfn \(link) inc/s; \"$PROGRAM\" render --dialect plain -t m.tmpl --data d.json --include inc",
                in: folder.path)
            #expect(run.exitCode == 3 && run.stdout.isEmpty && run.stderr.contains("leads out of its folder"), "\(run)")
        }
        let inside = try ProgramRun.bash(
            "ln -sfn own.tmpl inc/s; \"$PROGRAM\" render --dialect plain -t m.tmpl --data d.json --include inc",
            in: folder.path)
        #expect(inside.stdout == "ownown", "\(inside)")
    }

    @Test("an output below a linked folder is not written outside", arguments: ["render", "apply"])
    func output(_ command: String) throws {
        let outside = try TemporaryFolder(["a.cfg": "old\n"])
        let folder = try project()
        folder.link("out", to: outside.path)
        let run = try ProgramRun.bash("\"$PROGRAM\" \(command)", in: folder.path)
        #expect(run.exitCode == 3 && run.stderr.contains("leads out of its folder"), "\(run)")
        #expect(try outside.read("a.cfg") == "old\n" && outside.names() == ["a.cfg"])
    }

    @Test("a verdict is forgotten when anything that the proxy read has changed")
    func verdicts() throws {
        guard ProgramRun.installed("nginx") != nil, ProgramRun.installed("haproxy") != nil else { return }
        let folder = try TemporaryFolder([
            "t.conf.tmpl": "events {}\nhttp { include conf.d/*.conf; server { listen 127.0.0.1:18081; } }\n",
            "h.cfg.tmpl": "frontend f\n  bind \"${ADDR}:18080\"\n  mode http\n  timeout client 1s\n", "d.json": "{}",
            "out/conf.d/a.conf": "include more/b.inc;\n", "out/more/b.inc": "# fine\n",
            "haproxy-gen.json": """
            {"targets": [{"name": "t", "template": "t.conf.tmpl", "data": "d.json", "output": "out/nginx.conf"},
                         {"name": "h", "template": "h.cfg.tmpl", "data": "d.json", "output": "out/h.cfg", "env": ["ADDR"]}]}
            """,
        ])
        func check(_ change: String, address: String = "127.0.0.1") throws -> ProgramRun {
            try ProgramRun.bash(
                "\(change)\n\"$PROGRAM\" check",
                environment: ["XDG_CACHE_HOME": folder.path("cache"), "ADDR": address],
                in: folder.path)
        }
        let first = try check("\"$PROGRAM\" render")
        #expect(first.exitCode == 0, "\(first)")
        #expect(try check("").exitCode == 0)
        #expect(try FileSystem.system.names(folder.path("cache/haproxy-gen/verdicts")).isEmpty == false)
        for (change, undo) in [
            ("echo 'nonsense on;' > out/more/b.inc", "echo '# fine' > out/more/b.inc"),
            ("echo 'include more/b.inx;' > out/conf.d/a.conf", "echo 'include more/b.inc;' > out/conf.d/a.conf"),
            ("echo 'nonsense on;' > out/conf.d/new.conf", "rm out/conf.d/new.conf"),
            ("rm out/more/b.inc", "echo '# fine' > out/more/b.inc"),
        ] {
            #expect(try check(change).exitCode == 1, "\(change)")
            #expect(try check(undo).exitCode == 0, "\(undo)")
        }
        #expect(try check("", address: "no address").exitCode == 1)
    }
}
