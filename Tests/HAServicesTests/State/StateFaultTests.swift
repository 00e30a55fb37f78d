import HASystem
import TestSupport
import Testing

@testable import HAServices

@Suite("Faults: the old revision or the new one, whatever happens")
struct StateFaultTests {
    private let first = Event([.init("a", "a.example", ["c1@10.0.0.1"])])
    private let second = Event(running: ["a/c1@10.0.0.1", "a/c2@10.0.0.2"])
    private let third = Event(running: ["a/c2@10.0.0.2", "a/c3@10.0.0.3"])

    /// How a table was before the change: not stored, stored once, or stored so often that an old revision goes.
    enum Start: Int, CaseIterable {
        case nothing, stored, full
    }

    private func prepare(_ start: Start) throws -> (bench: StateBench, event: Event, old: [String], new: [String]) {
        let bench = try StateBench()
        for event in [first, second].prefix(start.rawValue) { try bench.send(event, history: 2) }
        let event = [first, second, third][start.rawValue]
        let states = [
            [], ["a host a.example:80 [c1@10.0.0.1]"], ["a host a.example:80 [c1@10.0.0.1 c2@10.0.0.2]"],
            ["a host a.example:80 [c2@10.0.0.2 c3@10.0.0.3]"],
        ]
        return (bench, event, states[start.rawValue], states[start.rawValue + 1])
    }

    /// The services that are stored now; none where there is no table.
    private func stored(_ bench: StateBench) throws -> [String] {
        try bench.directory.currentFile(of: StateBench.table) == nil ? [] : bench.services()
    }

    private func expectWhole(
        _ bench: StateBench, _ event: Event, _ old: [String], _ new: [String], _ place: String
    ) throws {
        let findings = (try? bench.directory.verify().findings) ?? []
        #expect(findings.isEmpty, "\(place): \(findings)")
        let now = try stored(bench)
        #expect(now == old || now == new, "\(place): \(now)")
        try bench.send(event, history: 2)
        #expect(try bench.services() == new, "\(place), afterwards")
        let report = try bench.directory.verify()
        #expect(report.findings.isEmpty, "\(place), afterwards: \(report.findings)")
        #expect(bench.tree().allSatisfy { !$0.hasSuffix(".tmp") }, "\(place): \(bench.tree())")
    }

    @Test("killed at every system call of a write", arguments: Start.allCases)
    func killed(_ start: Start) throws {
        let writer = ProgramRun.built("KilledWriter")
        var calls = 1
        var number = -1
        while number < calls {
            let (bench, event, old, new) = try prepare(start)
            try bench.folder.write(event.json, to: "payload.json")
            let arguments = ["table", bench.directory.path, bench.folder.path("payload.json")]
            let run = try ProgramRun.run(
                arguments + (number < 0 ? [] : [String(number)]), executable: writer)
            if number < 0 {
                calls = try #require(Int(run.stdout.split(separator: "\n").last ?? ""), "\(run)")
                #expect(try stored(bench) == new)
            } else {
                #expect(run.signal == SIGKILL, "call \(number): \(run)")
                try expectWhole(bench, event, old, new, "call \(number) of \(calls)")
            }
            number += 1
        }
        #expect(calls > 40, "\(calls)")
    }

    @Test("every system call fails once", arguments: Start.allCases, [ENOSPC, EIO, EROFS])
    func failing(_ start: Start, _ errorNumber: Int32) throws {
        var calls = 1
        var number = -1
        while number < calls {
            let (bench, event, old, new) = try prepare(start)
            let before = start == .nothing ? "" : try bench.read("current.json")
            let faults = Faults(failing: number < 0 ? nil : number, error: SystemError(number: errorNumber))
            let directory = StateDirectory(
                path: bench.directory.path, files: .failing(faults), temporaries: .unregistered)
            var isDone = false
            let refusal = bench.refusal {
                let payload = try Payload.read(name: "p", bytes: Array(event.json.utf8))
                var transaction = try directory.begin(payload.table)
                let proposal = try transaction.proposal(for: payload)
                _ = try transaction.commit(proposal, history: 2)
                isDone = true
            }
            if number < 0 { calls = faults.calls }
            if isDone {
                #expect(try stored(bench) == new, "call \(number)")
            } else {
                #expect(refusal.allSatisfy { $0.contains(bench.folder.path) }, "call \(number): \(refusal)")
                // Only the last step, bringing the folder to the disk, comes after the table is new.
                let now = try stored(bench)
                if now != new, start != .nothing { #expect(try bench.read("current.json") == before, "call \(number)") }
            }
            try expectWhole(bench, event, old, new, "call \(number), \(refusal)")
            number += 1
        }
        #expect(calls > 40)
    }
}
