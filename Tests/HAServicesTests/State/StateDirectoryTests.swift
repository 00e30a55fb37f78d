import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HAServices

@Suite("State directories")
struct StateDirectoryTests {
    private let first = Event([.init("a", "a.example", ["c1@10.0.0.1"])])
    private let second = Event(running: ["a/c1@10.0.0.1", "a/c2@10.0.0.2"])
    private let third = Event(running: ["a/c2@10.0.0.2"])

    @Test("an unchanged table makes no revision and touches no file")
    func unchanged() throws {
        let bench = try StateBench()
        try bench.send(first)
        let before = try bench.folder.status("state/astro/current.json")
        #expect(try bench.send(first) == 1)
        #expect(try bench.folder.status("state/astro/current.json") == before)
        #expect(try bench.directory.revisions(of: StateBench.table) == [1])
    }

    @Test("the history keeps as many revisions as wanted", arguments: [1, 2, 3, 20])
    func retention(_ kept: Int) throws {
        let bench = try StateBench()
        for number in 1...6 { try bench.send(number % 2 == 1 ? first : second, history: kept) }
        let wanted = Array(max(1, 7 - kept)...6)
        #expect(try bench.directory.history(of: StateBench.table) == wanted)
        #expect(try bench.directory.revisions(of: StateBench.table) == wanted)
        #expect(try bench.directory.verify().findings.isEmpty)
    }

    @Test("an older revision can be read, and made the next one")
    func rollback() throws {
        let bench = try StateBench()
        for event in [first, second, third] { try bench.send(event) }
        let old = try bench.directory.revision(1, of: StateBench.table)
        #expect(describe(old.document) == ["a host a.example:80 [c1@10.0.0.1]"])
        var transaction = try bench.directory.begin(StateBench.table)
        let proposal = try transaction.proposal(restoring: 1)
        #expect(proposal.changes.lines == ["a: +1 host, −1"])
        #expect(try transaction.commit(proposal) == 4)
        _ = consume transaction
        #expect(try bench.services() == describe(old.document))
        #expect(
            bench.refusal { _ = try bench.directory.revision(9, of: StateBench.table) }
                == ["table 'astro' has no revision 9; its history goes from 1 to 4"])
    }

    @Test("tables are listed by name; other folders and files are none")
    func tables() throws {
        let bench = try StateBench()
        for name in ["b", "a.b", "A"] {
            try bench.send(Event([.init("x", "x.example", ["c1@10.0.0.1"])], table: name))
        }
        bench.folder.makeFolder("state/empty")
        try bench.folder.write("", to: "state/README.md")
        try bench.folder.write("", to: "state/not a table/current.json")
        #expect(try bench.directory.tables().map(\.text) == ["A", "a.b", "b"])
        #expect(
            bench.refusal { _ = try bench.directory.current(StateBench.table) } == [
                "there is no table 'astro' in \(bench.directory.path): it has A, a.b, b"
            ])
    }

    @Test("a new table that comes to nothing leaves nothing behind", arguments: [true, false])
    func abandoned(_ hasDirectory: Bool) throws {
        let bench = try StateBench()
        if hasDirectory { bench.folder.makeFolder("state") }
        do {
            let transaction = try bench.directory.begin(StateBench.table)
            _ = try transaction.proposal(for: try Payload.read(name: "p", bytes: Array(first.json.utf8)))
        }
        #expect(bench.tree() == [])
        #expect(try bench.folder.names() == (hasDirectory ? ["state"] : []))
        #expect(try bench.send(first) == 1)
    }

    @Test("a proposal without a transaction changes and locks nothing")
    func rehearsal() throws {
        let bench = try StateBench()
        let payload = try Payload.read(name: "p", bytes: Array(first.json.utf8))
        #expect(try bench.directory.proposal(for: payload).changes.lines == ["a: new, 1 host"])
        #expect(try bench.folder.names() == [])
        try bench.send(first)
        let holder = try bench.directory.begin(StateBench.table)
        let next = try Payload.read(name: "p", bytes: Array(second.json.utf8))
        #expect(try bench.directory.proposal(for: next).changes.lines == ["a: +1 host"])
        _ = consume holder
    }

    @Test("a lock that is held too long is told, with its holder")
    func locked() throws {
        let bench = try StateBench()
        try bench.send(first)
        let holder = try bench.directory.begin(StateBench.table)
        let path = bench.folder.path("state/astro/.lock")
        #expect(
            bench.refusal { _ = try bench.directory.begin(StateBench.table, lockTimeout: 50) } == [
                "process \(getpid()) holds \(path); waited 0.05 s (--lock-timeout waits longer)"
            ])
        // Other tables do not wait.
        try bench.send(Event([.init("x", "x.example", ["c1@10.0.0.1"])], table: "other"))
        _ = consume holder
        #expect(try bench.send(second) == 2)
    }

    @Test("leftovers of a killed writer are removed by the next one")
    func leftovers() throws {
        let bench = try StateBench()
        try bench.send(first)
        for name in ["state/astro/.haproxy-gen-0123456789abcdef.tmp", "state/astro/history/.haproxy-gen-00.tmp"] {
            try bench.folder.write("half", to: name)
        }
        try bench.folder.write("{", to: "state/astro/mine.tmp")
        #expect(try bench.directory.verify().findings.isEmpty)
        try bench.send(first)
        #expect(bench.tree().filter { $0.hasSuffix(".tmp") } == ["state/astro/mine.tmp"])
    }

    @Test("a current revision that the history does not have is added to it by the next change")
    func unfinished() throws {
        let bench = try StateBench()
        for event in [first, second] { try bench.send(event) }
        let current = try bench.read("current.json")
        unlink(bench.folder.path("state/astro/history/2.json"))
        #expect(try bench.directory.verify().findings.isEmpty)
        #expect(try bench.directory.revisions(of: StateBench.table) == [1, 2])
        #expect(try bench.send(third) == 3)
        #expect(try bench.read("history/2.json") == current)
        #expect(try bench.directory.verify().findings.isEmpty)
    }

    /// Copied back by hand, from the history or a backup.
    @Test("a current.json one revision older than the history is reported, and nothing is overwritten")
    func oneOlder() throws {
        let bench = try StateBench()
        for event in [first, second, third] { try bench.send(event) }
        let newest = try bench.read("history/3.json")
        try bench.folder.write(try bench.read("history/2.json"), to: "state/astro/current.json")
        let folder = bench.folder.path("state/astro")
        let sentence =
            "\(folder)/current.json is older than \(folder)/history/3.json, or missing; "
            + "'haproxy-gen state rollback astro 3 --accept --state \(bench.directory.path)' goes on from there"
        #expect(bench.refusal { try bench.send(first) } == [sentence])
        #expect(bench.refusal { try bench.send(second) } == [sentence])
        #expect(
            try bench.directory.verify().findings.map(\.message)
                == ["\(folder)/history/3.json is newer than \(folder)/current.json, which is 2"])
        #expect(try bench.read("history/3.json") == newest)
        var transaction = try bench.directory.begin(StateBench.table, accepting: true)
        #expect(try transaction.commit(try transaction.proposal(restoring: 2)) == 4)
        #expect(try bench.read("history/3.json") == newest)
    }

    @Test("a folder whose name begins with a dot is no table", arguments: [".installed", ".sources", ".x", ".", ".."])
    func reservedNames(_ name: String) throws {
        #expect(TableName(name) == nil)
        do {
            _ = try Payload.read(name: "p", bytes: Array(#"{"table": "\#(name)", "running": []}"#.utf8))
            Issue.record("the payload was taken")
        } catch {
            #expect(error.items.map(\.code) == [.tableName])
        }
        let bench = try StateBench()
        try bench.send(first)
        if name.utf8.count > 2 {
            try bench.folder.write(try bench.read("current.json"), to: "state/\(name)/current.json")
        }
        #expect(try bench.directory.tables() == [StateBench.table])
    }

    @Test("a history that is ahead is not overwritten")
    func historyAhead() throws {
        let bench = try StateBench()
        for event in [first, second, third] { try bench.send(event) }
        try bench.folder.write(try bench.read("history/1.json"), to: "state/astro/current.json")
        let folder = bench.folder.path("state/astro")
        let sentence =
            "\(folder)/current.json is older than \(folder)/history/3.json, or missing; "
            + "'haproxy-gen state rollback astro 3 --accept --state \(bench.directory.path)' goes on from there"
        #expect(bench.refusal { try bench.send(second) } == [sentence])
        #expect(try bench.directory.verify().findings.count == 1)
        unlink(folder + "/current.json")
        #expect(bench.refusal { try bench.send(second) } == [sentence])
        #expect(bench.refusal { _ = try bench.directory.current(StateBench.table) } == [sentence])
        #expect(try bench.directory.verify().findings.count == 1)
        var transaction = try bench.directory.begin(StateBench.table, accepting: true)
        let proposal = try transaction.proposal(restoring: 3)
        #expect(try transaction.commit(proposal) == 4)
        _ = consume transaction
        #expect(try bench.directory.verify().findings.isEmpty)
    }

    @Test("verify names what is wrong")
    func findings() throws {
        let bench = try StateBench()
        for event in [first, second, third, second] { try bench.send(event) }
        let folder = bench.folder.path("state/astro")
        unlink(folder + "/history/2.json")
        #expect(
            try bench.directory.verify().findings.map(\.message) == [
                "\(folder)/history has a gap: revision 2 is missing"
            ])
        try bench.folder.write(try bench.read("history/1.json"), to: "state/astro/history/2.json")
        #expect(
            try bench.directory.verify().findings.map(\.message) == [
                "this file is revision 1, but lies where revision 2 is kept"
            ])
        try bench.folder.write("{", to: "state/astro/history/2.json")
        let finding = try #require(try bench.directory.verify().findings.first)
        #expect(finding.location?.file.name == folder + "/history/2.json")
        try bench.folder.write(try bench.read("history/4.json"), to: "state/astro/history/2.json")
        unlink(folder + "/history/3.json")
        #expect(
            try bench.directory.verify().findings.map(\.message).last
                == "\(folder)/history has a gap: revision 3 is missing")
    }

    @Test("permissions: files 0644 and folders 0755, less the umask")
    func permissions() throws {
        umask(0o022)
        let bench = try StateBench()
        try bench.send(first)
        #expect(try bench.folder.status("state/astro").mode == 0o755)
        for name in ["current.json", "history/1.json", ".lock"] {
            #expect(try bench.folder.status("state/astro/\(name)").mode == 0o644)
        }
    }

    @Test("root leaves the table to its owner", .enabled(if: geteuid() == 0))
    func owner() throws {
        let bench = try StateBench()
        bench.folder.makeFolder("state")
        chown(bench.folder.path("state"), 1234, 1235)
        try bench.send(first)
        try bench.send(second)
        for name in bench.tree() { #expect(try bench.folder.status(name).owner == 1234, "\(name)") }
    }

    @Test("another user's folder is named with its owner")
    func otherOwner() throws {
        let bench = try StateBench()
        try bench.send(first)
        var files = FileSystem.system
        files.user = { 4321 }
        files.open = { path, opening throws(SystemError) in
            if case .creating = opening { throw SystemError(number: EACCES) }
            return try FileSystem.system.open(path, opening)
        }
        let directory = StateDirectory(path: bench.directory.path, files: files, temporaries: .unregistered)
        let sentence = bench.refusal {
            var transaction = try directory.begin(StateBench.table)
            let payload = try Payload.read(name: "p", bytes: Array(second.json.utf8))
            let proposal = try transaction.proposal(for: payload)
            _ = try transaction.commit(proposal)
        }
        let folder = bench.folder.path("state/astro/history")
        #expect(
            sentence == [
                "cannot write \(folder)/2.json: permission denied in its folder; \(folder) belongs to user \(geteuid()), "
                    + "and this is user 4321"
            ])
        #expect(try bench.services() == ["a host a.example:80 [c1@10.0.0.1]"])
    }
}
