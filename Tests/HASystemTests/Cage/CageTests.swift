import TestSupport
import Testing

@testable import HASystem

/// The real thing, on this machine: what holds here depends on its kernel, so that each test asks what was missing.
@Suite("Cages") struct CageTests {
    private func run(
        _ program: String, _ arguments: [String], in folder: TemporaryFolder, environment: [String] = [],
        time: Int = 20_000
    ) throws -> ChildProcess.Outcome {
        let path = try FileSystem.system.realPath(folder.path("private"))
        var plan = CagePlan(
            program: try FileSystem.system.realPath(program), arguments: arguments, folder: path,
            readable: [folder.path("open")])
        plan.environment += environment
        let processes = ChildProcess.system(cageProgram: ProgramRun.binary)
        return try processes.run(.caged(plan), .init(time: time))
    }

    private func folder() throws -> TemporaryFolder {
        try TemporaryFolder(["private/a": "mine", "open/b": "open", "closed/c": "secret"])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a program reads what it may and nothing else")
    func reading() throws {
        let folder = try folder()
        for (path, isOpen) in [("private/a", true), ("open/b", true), ("closed/c", false)] {
            let outcome = try run("/bin/cat", [folder.path(path)], in: folder)
            try #require(outcome.cage != nil)
            if outcome.cage?.missing.contains(.landlock) == true { return }
            #expect(outcome.isSuccess == isOpen, "\(path): \(outcome)")
            #expect(!text(outcome.standardOutput).contains("secret"))
        }
        for path in ["/etc/shadow", "/proc/1/environ", "/root/.profile"] {
            #expect(try run("/bin/cat", [path], in: folder).isSuccess == false)
        }
    }

    @Test("it writes into its own folder alone, and changes no owner and no mode")
    func writing() throws {
        let folder = try folder()
        let outcome = try run("/bin/cp", [folder.path("private/a"), folder.path("private/d")], in: folder)
        #expect(try folder.read("private/d") == "mine", "\(outcome)")
        if outcome.cage?.missing == CageReport.Part.allCases { return }
        for target in ["open/new", "open/b", "closed/new"] {
            #expect(try run("/bin/cp", [folder.path("private/a"), folder.path(target)], in: folder).isSuccess == false)
        }
        _ = try run("/bin/chmod", ["0777", folder.path("open/b")], in: folder)
        #expect(try folder.status("open/b").mode == 0o644)
        #expect(try folder.read("open/b") == "open")
        #expect(try FileSystem.system.names(folder.path("closed")) == ["c"])
    }

    @Test("it starts no other program, and nothing that it leaves behind lives on")
    func programs() throws {
        let folder = try folder()
        let outcome = try run("/bin/sh", ["-c", "echo on; /bin/true; echo over"], in: folder)
        #expect(!text(outcome.standardOutput).contains("over") || outcome.cage?.missing.contains(.calls) == true)
        // Replacing itself needs no new process.
        let other = try run("/bin/sh", ["-c", "exec /bin/echo other"], in: folder)
        #expect(!text(other.standardOutput).contains("other") || other.cage?.missing.contains(.landlock) == true)
    }

    @Test("a program in a folder of its own is run as well, and no other beside it")
    func elsewhere() throws {
        let folder = try folder()
        _ = try ProgramRun.bash("cp /bin/echo open/own; cp /bin/echo private/own", in: folder.path)
        #expect(text(try run(folder.path("open/own"), ["x"], in: folder).standardOutput) == "x\n")
        let other = try run("/bin/sh", ["-c", "exec \(folder.path("private/own")) x"], in: folder)
        #expect(!text(other.standardOutput).contains("x\n") || other.cage?.missing.contains(.landlock) == true)
    }

    @Test("it has the environment that it is given and no descriptor of ours")
    func environment() throws {
        let folder = try folder()
        let outcome = try run(
            "/bin/sh", ["-c", "set; read line <&3 || echo closed"], in: folder, environment: ["A=b c"])
        let said = text(outcome.standardOutput)
        #expect(said.contains("A='b c'") && said.contains("LC_ALL='C'") && said.contains("closed"), "\(outcome)")
        for name in ["HOME=", "USER=", "SWIFT"] { #expect(!said.contains(name)) }
    }

    @Test("a program that cannot be run is the cage's failure, not the program's answer")
    func missing() throws {
        let folder = try folder()
        try folder.write("#!/no/such\n", to: "private/x", mode: 0o755)
        var plan = CagePlan(program: folder.path("private/x"), arguments: [], folder: folder.path("private"))
        let processes = ChildProcess.system(cageProgram: ProgramRun.binary)
        let outcome = try processes.run(.caged(plan), .init(time: 20_000))
        guard case .uncaged(let failure) = outcome.ending else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.step == .program)
        plan.folder = "/no/such"
        let second = try processes.run(.caged(plan), .init(time: 20_000))
        guard case .uncaged = second.ending else { return #expect(Bool(false), "\(second)") }
    }

    @Test("its time limit and its cancellation hold")
    func stopping() throws {
        let folder = try folder()
        #expect(try run("/bin/sleep", ["60"], in: folder, time: 200).ending == .timedOut(200))
        let cancellation = Cancellation()
        cancellation.cancel()
        var conditions = ChildProcess.Conditions(time: 60_000)
        conditions.cancellation = cancellation
        #expect(try ChildProcess.system().run(.shell("sleep 60"), conditions).ending == .interrupted)
    }

    @Test("without a program to enter it there is no cage: it is said, and refused where that is asked for")
    func none() throws {
        let folder = try folder()
        var plan = CagePlan(program: "/bin/echo", arguments: ["x"], folder: folder.path("private"))
        let outcome = try ChildProcess.system().run(.caged(plan), .init(time: 20_000))
        #expect(outcome.cage == CageReport.none && text(outcome.standardOutput) == "x\n")
        plan.isStrict = true
        let refused = try ChildProcess.system().run(.caged(plan), .init(time: 20_000))
        guard case .uncaged(let failure) = refused.ending else { return #expect(Bool(false), "\(refused)") }
        #expect(failure.step == .strictness && refused.standardOutput.isEmpty)
    }
}
