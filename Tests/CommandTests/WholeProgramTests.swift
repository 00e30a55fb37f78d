import TestSupport
import Testing

@testable import haproxy_gen

@Suite("The program")
struct WholeProgramTests {
    @Test("version")
    func version() throws {
        let run = try ProgramRun.run(["--version"])
        #expect(run == ProgramRun(exitCode: 0, stdout: "haproxy-gen \(Program.version)\n", stderr: ""))
    }

    @Test("no command: help is not printed, but named")
    func nothing() throws {
        let commands = Program.declaration.subcommands.map(\.name)
        let expected = """
            haproxy-gen: error: no command given: \(commands.dropLast().joined(separator: ", ")) or \(commands.last ?? "")
            haproxy-gen: see 'haproxy-gen --help'

            """
        #expect(try ProgramRun.run([]) == ProgramRun(exitCode: 2, stdout: "", stderr: expected))
    }

    @Test("usage mistakes: code 2, one line and a hint")
    func usage() throws {
        let expected = """
            haproxy-gen: error: unknown option '--tempate' (did you mean '--template'?)
            haproxy-gen: see 'haproxy-gen render --help'

            """
        let run = try ProgramRun.run(["render", "--tempate", "x"])
        #expect(run == ProgramRun(exitCode: 2, stdout: "", stderr: expected))
        let delimiters = try ProgramRun.run(["render", "-t", "x", "-s", "y", "--delims=x"])
        #expect(delimiters.exitCode == 2 && delimiters.stderr.contains("'haproxy-gen render --help'"))
    }

    @Test("words of the command line cannot command the terminal")
    func escapes() throws {
        let run = try ProgramRun.run(["\u{1B}[31m\nred"])
        #expect(run.stderr.hasPrefix("haproxy-gen: error: unknown command '\\u{1b}[31m\\nred'\n"))
    }

    @Test(
        "files that cannot be read: code 3 and a sentence",
        arguments: [
            (["-t", "missing.cfg", "-s", "a.json"], "cannot read missing.cfg: no such file or folder"),
            (["-t", "a.cfg", "-s", "missing"], "cannot read missing: no such file or folder"),
            (["-t", "a.cfg", "--data", "missing"], "cannot read missing: no such file or folder"),
            (["-t", "folder", "-s", "a.json", "--dialect=plain"], "cannot read folder: it is a folder"),
            (["-t", "a.cfg", "--data", "folder"], "cannot read folder: it is a folder"),
        ])
    func unreadable(_ words: [String], _ sentence: String) throws {
        let folder = try TemporaryFolder(["a.cfg": "", "a.json": "[]", "folder/b.json": "[]"])
        let run = try ProgramRun.run(["render"] + words, in: folder.path)
        #expect(run == ProgramRun(exitCode: 3, stdout: "", stderr: "haproxy-gen: error: \(sentence)\n"))
    }

    @Test("color when it is asked for, none in a pipe")
    func color() throws {
        let words = ["render", "-t", "missing.cfg", "-s", "a.json"]
        let always = try ProgramRun.run(words + ["--color=always"], environment: ["NO_COLOR": "1"])
        #expect(always.stderr.hasPrefix("haproxy-gen: \u{1B}[1;31merror:\u{1B}[0m cannot read"))
        let auto = try ProgramRun.run(words, environment: ["TERM": "xterm"])
        #expect(auto.stderr.hasPrefix("haproxy-gen: error: cannot read"))
    }

    // MARK: Pipes and signals

    @Test("nobody reads: silence, and the status of a filter that SIGPIPE ended")
    func brokenPipe() throws {
        let run = try ProgramRun.bash(
            """
            { "$PROGRAM" completions bash; echo "status $?" >&2; } | true
            """)
        // Where the reader is still there, the few bytes fit into the pipe: both endings are right.
        #expect(["status 141\n", "status 0\n"].contains(run.stderr))
        let folder = try TemporaryFolder()
        let closed = try ProgramRun.bash(
            """
            mkfifo pipe
            exec 3<>pipe 4>pipe 3<&-
            "$PROGRAM" --help >&4
            echo "status $?" >&2
            """, in: folder.path)
        #expect(closed.stderr.hasSuffix("status 141\n"))
    }

    @Test("standard output that takes nothing: code 3 and the reason")
    func fullOutput() throws {
        let run = try ProgramRun.bash("\"$PROGRAM\" --version > /dev/full")
        #expect(run.exitCode == 3)
        #expect(run.stderr == "haproxy-gen: error: cannot write to standard output: No space left on device\n")
    }

    @Test("closed streams are not mistaken for files", arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
    func closedStreams(_ redirections: String) throws {
        let folder = try TemporaryFolder(["a.cfg": "text\n"])
        let run = try ProgramRun.bash(
            "\"$PROGRAM\" render -t a.cfg -s missing \(redirections); echo $?", in: folder.path)
        #expect(run.stdout == "3\n")
        #expect(try folder.read("a.cfg") == "text\n")
        let version = try ProgramRun.bash("\"$PROGRAM\" --version >&-; echo $?")
        #expect(version.stdout == "3\n")
    }

    @Test("signals end the program with the shell's codes", arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
    func signals(_ name: String, _ status: Int) throws {
        let folder = try TemporaryFolder(["a.cfg": ""])
        // Job control on: otherwise bash makes background jobs immune to SIGINT.
        let run = try ProgramRun.bash(
            """
            set -m
            mkfifo pipe
            exec 3<>pipe
            "$PROGRAM" render -t a.cfg --data pipe 3>&- & process=$!
            sleep 0.3
            kill -\(name) $process
            wait $process
            echo "status $?"
            """, in: folder.path)
        #expect(run.stdout.hasSuffix("status \(status)\n"))
    }

    @Test("a signal that the parent made us ignore stays ignored")
    func immune() throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.bash(
            """
            mkfifo pipe
            exec 3<>pipe
            trap '' TERM
            "$PROGRAM" render -t pipe --data missing --dialect plain 3>&- & process=$!
            sleep 0.3
            kill -TERM $process
            echo template > pipe
            exec 3>&-
            wait $process
            echo "status $?"
            """, in: folder.path)
        #expect(run.stdout.hasSuffix("status 3\n"))
    }
}
