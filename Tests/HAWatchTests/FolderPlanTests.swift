import HADelivery
import HASystem
import TestSupport
import Testing

@testable import HAWatch

@Suite("What is watched") struct FolderPlanTests {
    private static func project(_ folder: TemporaryFolder, _ members: String) throws -> ProjectFile {
        let text = #"{"targets": [{"name": "edge", "template": "t/a.cfg.tmpl", "output": "out/a.cfg", \#(members)}]}"#
        return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
    }

    private static func plan(_ folder: TemporaryFolder, _ members: String) throws -> FolderPlan {
        let project = try project(folder, members)
        return FolderPlan(project, project.targets, LocalSource.all(of: project.targets), .system)
    }

    @Test("names that count, and names that do not")
    func names() throws {
        let folder = try TemporaryFolder([
            "t/a.cfg.tmpl": "", "s/a.json": "", "out/x": "", "i/deep/p": "", "p.json": "",
        ])
        let plan = try Self.plan(folder, #""services": "s", "include": "i", "paramFiles": "p.json""#)
        func owners(_ path: String, _ name: String?) -> Set<ChangeOwner> {
            plan.owners(of: .init(folder: path.isEmpty ? folder.path : folder.path(path), name: name))
        }
        #expect(owners("s", "b.json") == [.source("@edge")])
        #expect(owners("s", "..data") == [.source("@edge")])
        #expect(owners("s", nil) == [.source("@edge")])
        #expect(owners("t", "a.cfg.tmpl") == [.target("edge")])
        #expect(owners("t", "other").isEmpty)
        #expect(owners("i/deep", "q") == [.target("edge")])
        #expect(owners("", "p.json") == [.target("edge")])
        #expect(owners("", "s") == [.source("@edge")])
        #expect(owners("", "haproxy-gen.json") == [.project])
        #expect(owners("out", "a.cfg") == [.output("edge")])
        #expect(owners("out", "log").isEmpty)
        for name in [".b.json.swp", "b.json~", "4913", "#b.json#", ".#b.json", "b.json.tmp", ".haproxy-gen-1.tmp"] {
            #expect(owners("s", name).isEmpty, "\(name)")
        }
        #expect(plan.owners(of: .init(folder: nil, name: nil)).count == 4)
    }

    @Test("links are followed, folders that are missing are waited for, patterns look into folders")
    func paths() throws {
        let folder = try TemporaryFolder(["t/a.cfg.tmpl": "", "real/v1/a.json": "", "teams/x/a.json": "", "out/x": ""])
        try FileSystem.system.makeLink("v1", folder.path("real/..data"))
        try FileSystem.system.makeLink("..data/a.json", folder.path("real/a.json"))
        let plan = try Self.plan(folder, #""services": ["real/a.json", "later/on", "teams/*/a.json"]"#)
        func counts(_ path: String, _ name: String) -> Bool {
            !plan.owners(of: .init(folder: path.isEmpty ? folder.path : folder.path(path), name: name)).isEmpty
        }
        #expect(counts("real", "a.json") && counts("real", "..data") && counts("real/v1", "a.json"))
        #expect(counts("", "later"))
        #expect(counts("teams/x", "a.json") && counts("teams", "y"))
    }
}

@Suite("Folders by the system's events") struct FolderWatchTests {
    /// Waits for a change with this name; other changes may come before it.
    private static func expect(
        _ name: String?, in scene: Scene, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        for _ in 0..<500 {
            if scene.changes.contains(where: { $0.name == name }) {
                scene.changes = []
                return
            }
            try scene.loop.turn(until: scene.loop.calls.clock() + 10)
        }
        Issue.record("no change of \(name ?? "the folder")", sourceLocation: sourceLocation)
    }

    private final class Scene {
        let loop = EventLoop()
        var changes: [FolderWatch.Change] = []
        var watch: FolderWatch?

        init() throws {
            watch = try FolderWatch(files: .system) { [unowned self] changes, _ in self.changes += changes }
            if let watch { loop.add(watch) }
        }
    }

    @Test("files written, renamed and removed, links swapped, folders replaced")
    func events() throws {
        let folder = try TemporaryFolder(["s/a.json": "1", "new/b.json": "2"])
        let scene = try Scene()
        let path = folder.path("s")
        #expect(scene.watch?.watch([path, folder.path]) == true)
        #expect(scene.watch?.watch([path, folder.path]) == false)
        try folder.write("3", to: "s/a.json")
        try Self.expect("a.json", in: scene)
        try folder.write("4", to: "s/b.json")
        try Self.expect("b.json", in: scene)
        let files = FileSystem.system
        try files.rename(path + "/b.json", path + "/c.json")
        try Self.expect("c.json", in: scene)
        try files.remove(path + "/c.json")
        try Self.expect("c.json", in: scene)
        try files.makeLink("v2", path + "/..data_tmp")
        try files.rename(path + "/..data_tmp", path + "/..data")
        try Self.expect("..data", in: scene)
        try files.rename(path, folder.path("old"))
        try Self.expect(nil, in: scene)
        try files.rename(folder.path("new"), path)
        try Self.expect("s", in: scene)
        #expect(scene.watch?.watch([path, folder.path]) == true)
        try folder.write("5", to: "s/b.json")
        try Self.expect("b.json", in: scene)
    }

    @Test("another name of a file that was there before")
    func hardLinks() throws {
        let folder = try TemporaryFolder(["a": "1", "s/x": ""])
        let scene = try Scene()
        _ = scene.watch?.watch([folder.path("s")])
        #expect(link(folder.path("a"), folder.path("s/a.json")) == 0)
        try Self.expect("a.json", in: scene)
        // It counts also when its first name goes at once.
        try folder.write("2", to: "b")
        var times = [timeval(), timeval()]
        #expect(utimes(folder.path("b"), &times) == 0)
        #expect(link(folder.path("b"), folder.path("s/b.json")) == 0)
        try FileSystem.system.remove(folder.path("b"))
        try Self.expect("b.json", in: scene)
    }

    @Test("what cannot be watched is kept as a failure, and lost events mean everywhere")
    func failures() throws {
        let folder = try TemporaryFolder(["s/a.json": "1"])
        var calls = FolderEventCalls.system
        calls.add = { _, path throws(SystemError) in throw SystemError(number: ENOSPC) }
        calls.read = { _ throws(SystemError) in [FolderEvent(nil, .unknown)] }
        var changes: [FolderWatch.Change] = []
        let watch = try FolderWatch(calls: calls, files: .system) { found, _ in changes += found }
        #expect(!watch.watch([folder.path("s")]))
        #expect(watch.failures[folder.path("s")] == SystemError(number: ENOSPC))
        watch.ready(0, .reading, at: 0)
        #expect(changes == [.init(folder: nil, name: nil)])
    }
}

@Suite("The worker and the loop") struct WorkerTests {
    @Test("results come back to the loop's thread, one piece of work at a time")
    func results() throws {
        let loop = EventLoop()
        var results: [Int] = []
        let worker = try Worker<Int> { result, _ in results.append(result) }
        loop.add(worker)
        for number in 0..<100 {
            worker.submit { number * 2 }
            #expect(worker.isBusy)
            while worker.isBusy { try loop.turn() }
        }
        #expect(results == (0..<100).map { $0 * 2 })
    }

    @Test("a pipe that cannot be had is an error, and nothing stays open")
    func faults() throws {
        for failing in 0..<2 {
            let count = Guarded(0)
            let open = Guarded(Set<Int32>())
            var calls = EventCalls.system
            calls.makePipe = { () throws(SystemError) in
                let number = count.withLock { count in
                    defer { count += 1 }
                    return count
                }
                if number == failing { throw SystemError(number: EMFILE) }
                let pipe = try EventCalls.system.makePipe()
                open.withLock { $0.formUnion([pipe.read, pipe.write]) }
                return pipe
            }
            calls.close = { descriptor in
                open.withLock { _ = $0.remove(descriptor) }
                EventCalls.system.close(descriptor)
            }
            #expect(throws: SystemError.self) { _ = try Worker<Int>(calls: calls) { _, _ in } }
            #expect(open.withLock { $0.isEmpty })
        }
    }

    @Test("deadlines of pollables pass in time")
    func deadlines() throws {
        final class Timer: Pollable {
            var interests: [PollInterest] { [] }
            var deadline: Int?
            var passed = 0

            func ready(_ descriptor: Int32, _ readiness: PollReadiness, at now: Int) {}

            func timeOut(at now: Int) {
                passed += 1
                deadline = nil
            }
        }
        let clock = Guarded(0)
        var calls = EventCalls.system
        calls.clock = { clock.withLock { $0 } }
        calls.wait = { interests, milliseconds throws(SystemError) in
            clock.withLock { $0 += Int(milliseconds) }
            return interests.map { _ in [] }
        }
        let loop = EventLoop(calls: calls)
        let timer = Timer()
        timer.deadline = 250
        loop.add(timer)
        try loop.turn(until: 100)
        #expect(timer.passed == 0 && clock.withLock { $0 } == 100)
        try loop.turn()
        #expect(timer.passed == 1 && clock.withLock { $0 } == 250)
    }
}

@Suite("systemd's notify protocol") struct ServiceManagerTests {
    private static func said(_ variables: [String: String], _ work: (ServiceManager) -> Void) -> [String] {
        let said = Guarded<[String]>([])
        work(
            ServiceManager(variable: { variables[$0] }, process: 7) { socket, bytes in
                said.withLock { $0.append("\(socket) \(String(decoding: bytes, as: UTF8.self))") }
            })
        return said.withLock { $0 }
    }

    @Test("says its states and its status")
    func states() {
        let said = Self.said(["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]) { manager in
            #expect(manager.watchdogInterval == 15_000)
            manager.notify(.ready, status: "2 services\ndelivered")
            manager.notify(.reloading(5), status: nil)
            manager.notify(.alive)
            manager.notify(.stopping)
            manager.notify(nil, status: "x")
        }
        #expect(
            said == [
                "/run/n READY=1\nSTATUS=2 services delivered", "/run/n RELOADING=1\nMONOTONIC_USEC=5",
                "/run/n WATCHDOG=1", "/run/n STOPPING=1", "/run/n STATUS=x",
            ])
    }

    @Test("says nothing where nobody listens, and gives no sign of life that is for another process")
    func nobody() {
        #expect(Self.said([:]) { $0.notify(.ready) }.isEmpty)
        #expect(Self.said(["NOTIFY_SOCKET": "relative"]) { $0.notify(.ready) }.isEmpty)
        _ = Self.said(["NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "8"]) {
            #expect($0.watchdogInterval == nil)
        }
    }
}
