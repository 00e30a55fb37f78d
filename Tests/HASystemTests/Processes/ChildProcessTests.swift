import TestSupport
import Testing

@testable import HASystem

@Suite("Child processes") struct ChildProcessTests {
    private func run(_ line: String, time: Int = 20_000, output: Int = 1 << 20) throws -> ChildProcess.Outcome {
        var conditions = ChildProcess.Conditions(time: time)
        conditions.output = output
        conditions.grace = 200
        return try ChildProcess.system().run(.shell(line), conditions)
    }

    @Test("output and exit code")
    func output() throws {
        let outcome = try run("echo out; echo err >&2; exit 3")
        #expect(outcome.ending == .exit(3) && !outcome.isSuccess)
        #expect(outcome.standardOutput == Array("out\n".utf8) && outcome.standardError == Array("err\n".utf8))
    }

    @Test("nothing to read, nothing blocked, a group of its own")
    func environment() throws {
        #expect(try run("read x; echo $?").standardOutput == Array("1\n".utf8))
        let status = try run("grep -E '^Sig(Blk|Ign)' /proc/self/status; test $(ps -o pgid= -p $$) = $$ && echo own")
        let text = String(decoding: status.standardOutput, as: UTF8.self)
        #expect(text.contains("SigBlk:\t0000000000000000") && text.contains("own"), "\(text)")
    }

    @Test("a program that is too slow is stopped with its children")
    func slow() throws {
        #expect(try run("trap '' TERM; sleep 60 & wait; sleep 60", time: 100).ending == .timedOut(100))
        #expect(try run("kill -9 $$").ending == .signal(9))
    }

    @Test("an interruption ends what may be interrupted, with its children")
    func interrupted() throws {
        let processes = ChildProcess.system(interruption: HeldSignals(hold: {}, release: {}, isPending: { true }))
        var conditions = ChildProcess.Conditions(time: 20_000)
        conditions.grace = 200
        #expect(try processes.run(.shell("sleep 0.1"), conditions).ending == .exit(0))
        conditions.isInterruptible = true
        #expect(try processes.run(.shell("trap '' TERM; sleep 60 & wait; sleep 60"), conditions).ending == .interrupted)
    }

    @Test("much output is cut, and what a daemon holds open is not waited for")
    func streams() throws {
        let much = try run("head -c 3000000 /dev/zero", output: 1000)
        #expect(much.standardOutput.count == 1000 && much.isCut && much.isSuccess)
        let daemon = try run("(sleep 5) & echo up")
        #expect(daemon.standardOutput == Array("up\n".utf8) && daemon.isSuccess)
    }

    @Test("a program that is not there")
    func missing() {
        let error = #expect(throws: SystemError.self) {
            try ChildProcess.system().run(.program("/no/such", arguments: []), .init(time: 1000))
        }
        #expect(error?.isNotFound == true)
    }

    @Test(
        "file names reach the command as one word",
        arguments: ["a b", "$(touch pwned)", "x'; touch pwned; '", "`touch pwned`", "a\nb", "-rf", "\"", "*"])
    func quoting(_ name: String) throws {
        let line = ChildProcess.line("printf '%s|' {file}", file: name)
        let expected = (name.hasPrefix("-") ? "./" : "") + name + "|"
        #expect(String(decoding: try run(line).standardOutput, as: UTF8.self) == expected)
    }
}
