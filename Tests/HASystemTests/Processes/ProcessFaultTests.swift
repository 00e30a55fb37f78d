import Testing

@testable import HASystem

@Suite("Faults of processes") struct ProcessFaultTests {
    /// The system's calls, of which one kind fails; keeps which descriptors are open.
    private func calls(failing: String, _ open: Guarded<Set<Int32>>) -> ProcessCalls {
        let system = ProcessCalls.system
        let error = SystemError(number: 5)
        let count = Guarded(0)
        var calls = system
        calls.makePipe = { () throws(SystemError) in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if failing == "pipe \(number)" { throw error }
            let pipe = try system.makePipe()
            open.withLock { $0.formUnion([pipe.read, pipe.write]) }
            return pipe
        }
        calls.close = { descriptor in
            system.close(descriptor)
            open.withLock { _ = $0.remove(descriptor) }
        }
        if failing == "start" { calls.start = { _ throws(SystemError) in throw error } }
        if failing == "read" { calls.read = { _, _ throws(SystemError) in throw error } }
        if failing == "wait" { calls.wait = { _, _ throws(SystemError) in throw error } }
        if failing == "hasEnded" { calls.hasEnded = { _ throws(SystemError) in throw error } }
        if failing == "status" { calls.status = { _ throws(SystemError) in throw error } }
        return calls
    }

    @Test(
        "a command that cannot be started says why and leaves nothing open", arguments: ["pipe 1", "pipe 2", "start"])
    func start(_ failing: String) {
        let open = Guarded(Set<Int32>())
        let processes = ChildProcess.system(calls: calls(failing: failing, open))
        let error = #expect(throws: SystemError.self) { try processes.run(.shell("true"), .init(time: 1000)) }
        #expect(error?.number == 5 && open.withLock { $0.isEmpty })
    }

    @Test("a run that cannot be followed ends all the same", arguments: ["read", "wait", "hasEnded", "status"])
    func follow(_ failing: String) throws {
        let open = Guarded(Set<Int32>())
        let processes = ChildProcess.system(calls: calls(failing: failing, open))
        let outcome = try processes.run(.shell("echo x"), .init(time: 5000))
        switch failing {
        case "read": #expect(outcome.standardOutput.isEmpty && outcome.isSuccess)
        case "wait": #expect(outcome.standardOutput == Array("x\n".utf8) && outcome.isSuccess)
        default: #expect(!outcome.isSuccess || failing == "hasEnded")
        }
        #expect(open.withLock { $0.isEmpty })
    }
}
