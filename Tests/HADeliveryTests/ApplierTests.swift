import HAServices
import HATemplate
import Synchronization
import TestSupport
import Testing

@testable import HADelivery

/// A project of one or more targets in a folder of its own, applied in this process.
final class ApplyScene {
    let folder: TemporaryFolder
    let events = EventLog()
    var process = ChildProcess.system()
    var files = FileSystem.system
    var options = Applier.Options()
    var keep = 10
    private let extra: String

    init(_ members: String = #""check": "true", "reload": "echo reload >> {folder}/reloads""#) throws {
        folder = try TemporaryFolder(["t.cfg": "{{ range . }}backend {{ .Id }}\n  server a x\n{{ end }}"])
        extra = members.split(separator: "{folder}", omittingEmptySubsequences: false).joined(separator: folder.path)
        try services(["one"])
    }

    func services(_ ids: [String]) throws {
        let list = ids.enumerated().map { #"{"Id": "\#($1)", "Port": \#(80 + $0), "Hosts": []}"# }.joined(
            separator: ",")
        try folder.write("[\(list)]", to: "s.json")
    }

    func output(_ ids: [String]) -> String { ids.map { "backend \($0)\n  server a x\n" }.joined() }

    func project(_ names: [String] = ["a"]) throws -> ProjectFile {
        let targets = names.map {
            #"{"name": "\#($0)", "template": "t.cfg", "services": "s.json", "output": "\#($0).cfg", \#(extra)}"#
        }
        let text = #"{"keep": \#(keep), "targets": [\#(targets.joined(separator: ","))]}"#
        return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
    }

    func applier(_ project: ProjectFile) -> Applier {
        let process = process
        let events = events
        return Applier(
            project: project, options: options,
            rendering: TargetRendering(files: files, environment: { _ in nil }, now: { 0 }), process: process,
            temporaries: .unregistered,
            check: { target, _, file in CommandCheck(process: process).verdict(target, file: file) },
            tell: { events.add($0) })
    }

    func apply(_ names: [String] = ["a"]) throws {
        let project = try project(names)
        try applier(project).apply(project.targets)
    }

    func rollBack(_ steps: Int = 1) throws {
        let project = try project()
        try applier(project).rollBack(project.targets, steps: steps)
    }

    var reloads: Int { ((try? folder.read("reloads")) ?? "").split(separator: "\n").count }

    /// Files that should not be there after any end.
    func leftovers() throws -> [String] {
        try folder.names().filter { $0.hasSuffix(".tmp") }
    }
}

/// What an apply told, as text.
final class EventLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func add(_ event: ApplyEvent) {
        let line: String? =
            switch event {
            case .report(let report): report.diagnostics.isEmpty ? nil : report.diagnostics[0].description
            case .summary(let target, let lines): "\(target): " + lines.joined(separator: "; ")
            case .done(let sentence): sentence
            case .note(let sentence): "note: " + sentence
            case .error(let sentence): "error: " + sentence
            case .commandOutput(let bytes): bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
            case .step: nil
            }
        if let line { lines.withLock { $0.append(line) } }
    }
}

@Suite("Apply") struct ApplierTests {
    @Test("install, nothing to do, change, roll back and on")
    func life() throws {
        let scene = try ApplyScene()
        try scene.apply()
        #expect(try scene.folder.read("a.cfg") == scene.output(["one"]) && scene.reloads == 1)
        let before = try scene.folder.status("a.cfg")
        try scene.apply()
        #expect(try scene.folder.status("a.cfg") == before && scene.reloads == 1)
        for ids in [["one", "two"], ["three"]] {
            try scene.services(ids)
            try scene.apply()
            #expect(try scene.folder.read("a.cfg") == scene.output(ids))
        }
        try scene.rollBack()
        #expect(try scene.folder.read("a.cfg") == scene.output(["one", "two"]) && scene.reloads == 4)
        try scene.rollBack()
        #expect(try scene.folder.read("a.cfg") == scene.output(["one"]))
        #expect(throws: ApplyFailure.self) { try scene.rollBack() }
        #expect(scene.events.text.contains("error: a has 0 earlier versions, not 1"))
        #expect(try scene.leftovers().isEmpty)
    }

    @Test("only so many versions are kept")
    func kept() throws {
        let scene = try ApplyScene()
        scene.keep = 2
        for number in 0..<5 {
            try scene.services(["s\(number)"])
            try scene.apply()
        }
        #expect(try FileSystem.system.names(scene.folder.path("state/.installed/a")).sorted() == ["4", "5"])
    }

    @Test("a failing check changes nothing, of no target")
    func check() throws {
        let scene = try ApplyScene(
            #""check": "! grep -q bad {file} || { echo 'no bad' >&2; false; }", "reload": "false""#)
        try scene.folder.write("old", to: "b.cfg")
        try scene.services(["bad"])
        #expect(throws: ApplyFailure.self) { try scene.apply(["a", "b"]) }
        #expect(try scene.folder.read("b.cfg") == "old")
        #expect(throws: (any Error).self) { try scene.folder.read("a.cfg") }
        #expect(scene.events.text.contains("no bad"))
        #expect(try scene.leftovers().isEmpty)
    }

    @Test("a failing reload puts all files back and tells both outcomes")
    func reload() throws {
        let scene = try ApplyScene(
            #""check": "true", "reload": "cat {folder}/a.cfg >> {folder}/seen; echo said >&2; ! grep -q two {folder}/a.cfg""#
        )
        try scene.apply(["a", "b"])
        try scene.services(["two"])
        #expect(throws: ApplyFailure.self) { try scene.apply(["a", "b"]) }
        for name in ["a.cfg", "b.cfg"] { #expect(try scene.folder.read(name) == scene.output(["one"])) }
        let text = scene.events.text
        #expect(text.contains("said") && text.contains("error: the reload of a failed with exit code 1"))
        #expect(text.contains("put the previous \(scene.folder.path("b.cfg")) back"))
        #expect(text.hasSuffix("reloaded a"))
        // One command for both targets runs once each time.
        #expect(try scene.folder.read("seen") == scene.output(["one", "two", "one"]))
        #expect(try FileSystem.system.names(scene.folder.path("state/.installed/a")) == ["1"])
    }

    @Test("a dry run goes as far as the check, and changes nothing")
    func dryRun() throws {
        let scene = try ApplyScene(#""check": "cp {file} {folder}/checked", "reload": "false""#)
        scene.options.isDryRun = true
        try scene.apply()
        #expect(try scene.folder.read("checked") == scene.output(["one"]))
        #expect(try scene.folder.names() == ["checked", "s.json", "t.cfg"])
    }

    @Test("guards refuse, and --force overrides")
    func guards() throws {
        let scene = try ApplyScene(#""check": "true", "guards": {"maxRemoved": 0.4, "requireServices": true}"#)
        try scene.services(["one", "two"])
        try scene.apply()
        try scene.services([])
        #expect(throws: ApplyFailure.self) { try scene.apply() }
        #expect(try scene.folder.read("a.cfg") == scene.output(["one", "two"]))
        #expect(scene.events.text.contains("error: a: the input has no services (requireServices)"))
        #expect(scene.events.text.contains("2 of 2 backends would be removed"))
        scene.options.isForced = true
        try scene.apply()
        #expect(try scene.folder.read("a.cfg").isEmpty)
    }

    @Test("links: in the folder followed, out of it refused; modes kept, never for everybody")
    func rights() throws {
        let scene = try ApplyScene()
        try scene.folder.write("old", to: "real.cfg", mode: 0o646)
        scene.folder.link("a.cfg", to: "real.cfg")
        try scene.apply()
        #expect(try scene.folder.read("real.cfg") == scene.output(["one"]))
        #expect(try scene.folder.status("real.cfg").mode == 0o644 && scene.folder.status("a.cfg").kind == .link)
        let other = try ApplyScene(#""check": "true", "mode": "0600""#)
        let outside = try TemporaryFolder(["x.cfg": "old"])
        other.folder.link("a.cfg", to: outside.path("x.cfg"))
        #expect(throws: ApplyFailure.self) { try other.apply() }
        #expect(try outside.read("x.cfg") == "old")
        try other.apply(["b"])
        #expect(try other.folder.status("b.cfg").mode == 0o600)
    }

    @Test("a kill at every system call leaves a whole file, and the next run puts things right")
    func kills() throws {
        let calls = Faults(error: SystemError(number: 5))
        let count: Int
        do {
            let scene = try Self.begun()
            scene.files = .failing(calls)
            try scene.apply()
            count = calls.calls
        }
        #expect(count > 60)
        for number in 0..<count {
            let scene = try Self.begun()
            let death = Death(at: number)
            scene.files = .mortal(death)
            scene.process = .mortal(death)
            try? scene.apply()
            let left = try scene.folder.read("a.cfg")
            #expect(left == scene.output(["one"]) || left == scene.output(["two"]), "call \(number)")
            let reloads = scene.reloads
            scene.files = .system
            scene.process = .system()
            try scene.apply()
            #expect(try scene.folder.read("a.cfg") == scene.output(["two"]), "call \(number)")
            // A new file that no proxy has taken is taken now.
            let taken = try scene.folder.read("taken")
            #expect(taken == scene.output(["two"]), "call \(number), \(reloads) reloads before")
        }
    }

    private static func begun() throws -> ApplyScene {
        let scene = try ApplyScene(#""check": "true", "reload": "cp {folder}/a.cfg {folder}/taken""#)
        try scene.apply()
        try scene.services(["two"])
        return scene
    }
}

/// The moment of a process's death, counted in system calls: from then on nothing that it does has any effect.
final class Death: Sendable {
    private let rest: Mutex<Int>

    init(at call: Int) { rest = Mutex(call) }

    /// Counts a call; throws when the process is dead.
    func step() throws(SystemError) {
        let isDead = rest.withLock { rest in
            rest -= 1
            return rest < 0
        }
        if isDead { throw SystemError(number: 5) }
    }
}

extension FileSystem {
    /// The operating system's until a process dies: then calls do nothing and fail, as if it were not there.
    static func mortal(_ death: Death) -> FileSystem {
        let system = FileSystem.system
        var files = system
        files.open = { path, opening throws(SystemError) in
            try death.step()
            return try system.open(path, opening)
        }
        files.close = { descriptor throws(SystemError) in
            // The system closes the files of the dead, and so ends their locks.
            try system.close(descriptor)
            try death.step()
        }
        files.read = { descriptor, buffer throws(SystemError) in
            try death.step()
            return try system.read(descriptor, buffer)
        }
        files.write = { descriptor, buffer throws(SystemError) in
            try death.step()
            return try system.write(descriptor, UnsafeRawBufferPointer(rebasing: buffer.prefix((buffer.count + 1) / 2)))
        }
        files.status = { path throws(SystemError) in
            try death.step()
            return try system.status(path)
        }
        files.linkStatus = { path throws(SystemError) in
            try death.step()
            return try system.linkStatus(path)
        }
        files.openStatus = { descriptor throws(SystemError) in
            try death.step()
            return try system.openStatus(descriptor)
        }
        files.setMode = { descriptor, mode throws(SystemError) in
            try death.step()
            try system.setMode(descriptor, mode)
        }
        files.setOwner = { descriptor, owner, group throws(SystemError) in
            try death.step()
            try system.setOwner(descriptor, owner, group)
        }
        files.synchronize = { descriptor throws(SystemError) in
            try death.step()
            try system.synchronize(descriptor)
        }
        files.rename = { from, to throws(SystemError) in
            try death.step()
            try system.rename(from, to)
        }
        files.remove = { path throws(SystemError) in
            try death.step()
            try system.remove(path)
        }
        files.truncate = { descriptor throws(SystemError) in
            try death.step()
            try system.truncate(descriptor)
        }
        files.makeFolder = { path, mode throws(SystemError) in
            try death.step()
            try system.makeFolder(path, mode)
        }
        files.names = { path throws(SystemError) in
            try death.step()
            return try system.names(path)
        }
        return files
    }
}

extension ChildProcess {
    static func mortal(_ death: Death) -> ChildProcess {
        let system = ChildProcess.system()
        return ChildProcess { command, limits throws(SystemError) in
            try death.step()
            return try system.run(command, limits)
        }
    }
}
