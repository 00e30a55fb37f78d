import HADelivery
import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

/// `apply` and its neighbors as whole programs: signals, two at once, progress on a terminal.
@Suite("Apply, as a program") struct ApplyCommandTests {
    private static func folder(check: String = "true", reload: String = "true") throws -> TemporaryFolder {
        let project = """
            {"targets": [{"name": "a", "template": "t.cfg", "services": "s.json", "output": "a.cfg",
              "dialect": "plain", "check": "\(check)", "reload": "\(reload)"}]}
            """
        return try TemporaryFolder([
            "t.cfg": "{{ range . }}{{ .Id }}{{ end }}\n", "s.json": #"{"Id": "new", "Port": 1, "Hosts": []}"#,
            "haproxy-gen.json": project, "a.cfg": "old\n", "beside.txt": "", "tmp/x": "",
        ])
    }

    /// Starts a command, waits for a file that its check or reload makes, and does something then.
    private static func interrupted(
        _ command: String, at file: String, _ then: String, in folder: TemporaryFolder
    ) throws -> ProgramRun {
        try ProgramRun.bash(
            """
            set -m
            "$PROGRAM" \(command) & process=$!
            for i in $(seq 200); do [ -e \(file) ] && break; sleep 0.05; done
            \(then)
            wait $process
            echo "status $?"
            """, environment: ["TMPDIR": folder.path("tmp")], in: folder.path)
    }

    // MARK: Signals

    @Test(
        "a signal during the check: the check ends, nothing changes, nothing is left",
        arguments: ["apply", "render", "check", "apply --dry-run"], [("INT", 130), ("TERM", 143), ("QUIT", 131)])
    func signalDuringCheck(_ command: String, _ signal: (name: String, status: Int)) throws {
        let folder = try Self.folder(check: "touch at; sleep 20; touch survived")
        let run = try Self.interrupted(command, at: "at", "kill -\(signal.name) $process", in: folder)
        #expect(run.stdout == "status \(signal.status)\n", "\(run)")
        #expect(try folder.read("a.cfg") == "old\n")
        #expect(try FileSystem.system.names(folder.path("tmp")) == ["x"])
        #expect(try folder.names().allSatisfy { !$0.hasSuffix(".tmp") && $0 != "survived" }, "\(run)")
    }

    @Test("a check that ignores the signal is killed")
    func stubbornCheck() throws {
        let folder = try Self.folder(check: "trap '' TERM; touch at; while :; do sleep 0.1; done")
        let run = try Self.interrupted("apply", at: "at", "kill -TERM $process", in: folder)
        #expect(run.stdout == "status 143\n", "\(run)")
        #expect(try FileSystem.system.names(folder.path("tmp")) == ["x"])
    }

    @Test("a signal during the reload waits until files and proxy agree", arguments: [("INT", 130), ("TERM", 143)])
    func signalDuringReload(_ signal: (name: String, status: Int)) throws {
        let folder = try Self.folder(reload: "touch at; sleep 1; cp a.cfg taken")
        let run = try Self.interrupted("apply", at: "at", "kill -\(signal.name) $process", in: folder)
        #expect(run.stdout == "status \(signal.status)\n", "\(run)")
        #expect(try folder.read("a.cfg") == "new\n" && folder.read("taken") == "new\n")
        #expect(try !FileSystem.system.names(folder.path("state/.installed")).contains("pending.json"))
        let again = try ProgramRun.run(["apply"], in: folder.path)
        #expect(again == ProgramRun(exitCode: 0, stderr: "a.cfg is unchanged\n"))
    }

    @Test("a signal during a reload that fails: the old file is back first")
    func signalDuringRollBack() throws {
        let folder = try Self.folder(reload: "touch at; sleep 0.5; ! grep -q new a.cfg")
        let run = try Self.interrupted("apply", at: "at", "kill -TERM $process", in: folder)
        #expect(run.stdout == "status 143\n", "\(run)")
        #expect(try folder.read("a.cfg") == "old\n")
        #expect(run.stderr.contains("put the previous a.cfg back\nreloaded a with its old output\n"), "\(run)")
    }

    @Test("a version that the check refuses is told at its own file")
    func refusedVersion() throws {
        let folder = try Self.folder(check: "sh check {file}")
        try folder.write("exit 0\n", to: "check")
        #expect(try ProgramRun.run(["apply"], in: folder.path).exitCode == 0)
        try folder.write(#"{"Id": "newer", "Port": 1, "Hosts": []}"#, to: "s.json")
        #expect(try ProgramRun.run(["apply"], in: folder.path).exitCode == 0)
        try folder.write("echo \"nginx: [emerg] it is too old in $1:1\" >&2\nexit 1\n", to: "check")
        let run = try ProgramRun.run(["apply", "--rollback"], in: folder.path)
        #expect(run.exitCode == 1 && run.stderr.contains("state/.installed/a/2:1:1: error: "), "\(run)")
        #expect(try folder.read("a.cfg") == "newer\n")
    }

    // MARK: Two at once

    @Test("two applies: the second waits, or says who is at work")
    func lock() throws {
        let folder = try Self.folder(reload: "touch at; sleep 1; echo reload >> reloads")
        let run = try Self.interrupted(
            "apply 2>first", at: "at",
            """
            "$PROGRAM" apply --lock-timeout 0; echo "impatient $?"
            "$PROGRAM" apply; echo "patient $?"
            """, in: folder)
        #expect(run.stdout == "impatient 3\npatient 0\nstatus 0\n", "\(run)")
        #expect(run.stderr.contains(".installed") && run.stderr.contains("\na.cfg is unchanged\n"), "\(run)")
        #expect(try folder.read("reloads") == "reload\n")
    }

    // MARK: Progress

    @Test(
        "-v shows each step with its time",
        arguments: [
            ("apply", ["render a", "check a", "reload a"]), ("render", ["render a", "check a"]),
            ("check", ["render a", "check a"]), ("diff", ["render a", "compare a"]),
        ])
    func verbose(_ command: String, _ steps: [String]) throws {
        let folder = try Self.folder()
        let run = try ProgramRun.run([command, "-v"], in: folder.path)
        let shown = run.stderr.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^(.*): \d+ ms$/).map { String($0.1) }
        }
        #expect(shown == steps, "\(run)")
        try folder.write("older\n", to: "a.cfg")
        let quiet = try ProgramRun.run([command], in: folder.path)
        #expect(!quiet.stderr.contains("render a: "), "\(quiet)")
    }

    @Test("on a terminal long work shows what is under way, without color, and the line goes at the end")
    func progress() throws {
        let folder = try Self.folder(check: "sleep 1.5; test -s {file}")
        let run = try Terminal.run(#""$PROGRAM" apply 2>"$TERMINAL""#, environment: ["NO_COLOR": "1"], in: folder.path)
        #expect(run.status == "0", "\(run)")
        #expect(run.text.contains("\r\u{1B}[K/ check a") || run.text.contains("\r\u{1B}[K| check a"), "\(run)")
        #expect(run.text.contains(" check a, 1 s"), "\(run)")
        #expect(!run.text.contains("\u{1B}[3") && !run.text.contains("\u{1B}[1"), "\(run)")
        // What is left on the screen is what a pipe would have got.
        #expect(Terminal.screen(run.text) == ["wrote a.cfg", "reloaded a"], "\(run)")
    }

    @Test("a terminal that cannot move gets none of it")
    func dumbTerminal() throws {
        let folder = try Self.folder(check: "sleep 1; test -s {file}")
        let run = try Terminal.run(#""$PROGRAM" apply 2>"$TERMINAL""#, environment: ["TERM": "dumb"], in: folder.path)
        #expect(run.text == "wrote a.cfg\r\nreloaded a\r\n" && run.status == "0", "\(run)")
    }

    @Test("the line comes up after half a second, and makes room for other text")
    func patience() throws {
        let clock = Guarded(0)
        let written = Guarded("")
        var files = FileSystem.system
        files.clock = { clock.withLock { $0 } }
        files.pause = { _ in usleep(1000) }
        files.write = { _, bytes throws(SystemError) in
            written.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            return bytes.count
        }
        let line = ProgressLine(files: files, width: { 14 })
        line.begin(WorkStep("check\tedge", 2, of: 5))
        clock.withLock { $0 = 499 }
        usleep(50_000)
        #expect(written.withLock { $0 }.isEmpty)
        clock.withLock { $0 = 1500 }
        for _ in 0..<2000 where written.withLock({ $0.isEmpty }) { usleep(1000) }
        line.end()
        let text = written.withLock { $0 }
        #expect(text.hasPrefix("\r\u{1B}[K| check\\tedge") && text.hasSuffix("\r\u{1B}[K"), "\(text.debugDescription)")
        #expect(text.split(separator: "\r\u{1B}[K").allSatisfy { $0.count <= 13 })
        #expect(
            ProgressLine.text(WorkStep("check a", 2, of: 5), seconds: 3, picture: "/", width: 80)
                == "/ check a (2 of 5), 3 s")
        #expect(ProgressLine.text(WorkStep("check a"), seconds: 0, picture: "/", width: 80) == "/ check a")
    }

    @Test("a signal leaves a clean line")
    func progressInterrupted() throws {
        let folder = try Self.folder(check: "sleep 20")
        let run = try Terminal.run(
            #"set -m; "$PROGRAM" apply 2>"$TERMINAL" & sleep 1.5; kill -INT $!; wait $!"#, in: folder.path)
        #expect(run.status == "130" && run.text.contains("check a"), "\(run)")
        #expect(run.text.hasSuffix("\r\u{1B}[K") && Terminal.screen(run.text).isEmpty, "\(run)")
    }
}
