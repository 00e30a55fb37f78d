import HASystem
import HATemplate
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
        let text = projectText(names)
        return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
    }

    func projectText(_ names: [String]) -> String {
        let targets = names.map {
            #"{"name": "\#($0)", "template": "t.cfg", "services": "s.json", "output": "\#($0).cfg", \#(extra)}"#
        }
        return #"{"keep": \#(keep), "targets": [\#(targets.joined(separator: ","))]}"#
    }

    func applier(_ project: ProjectFile) -> Applier {
        Applier(
            project: project, options: options,
            tools: .testing(files: files, process: process, temporary: folder.path, emit: events.add))
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

extension Applier.Tools {
    /// Tools without a cache of verdicts; `temporary` is where checks make their folders.
    static func testing(
        files: FileSystem = .system, process: ChildProcess = .system(), temporary: String,
        emit: @escaping @Sendable (ApplyEvent) -> Void
    ) -> Applier.Tools {
        let path = getenv("PATH").map { String(cString: $0) }
        let proxy = ProxyCheck(
            files: files, processes: process, temporaries: .unregistered, cache: nil,
            environment: { ["TMPDIR": temporary, "PATH": path][$0] ?? nil })
        return Applier.Tools(
            rendering: TargetRendering(files: files, environment: { _ in nil }, now: { 0 }),
            check: OutputCheck(proxy: proxy), process: process, temporaries: .unregistered, steps: .unreported,
            emit: emit)
    }
}

/// Why an apply stops.
func applyFailure(_ work: () throws -> Void) throws -> ApplyFailure {
    try #require(#expect(throws: ApplyFailure.self) { try work() })
}

/// The guards that stop an apply, a sentence each.
func brokenGuards(_ work: () throws -> Void) throws -> [String] {
    let failure = try applyFailure(work)
    guard case .guards(let broken) = failure else { throw failure }
    return broken.map(\.sentence)
}

/// What an apply reported, as text.
final class EventLog: Sendable {
    private let lines = Guarded<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func add(_ event: ApplyEvent) {
        let line: String? =
            switch event {
            case .report(let report):
                report.diagnostics.isEmpty ? nil : report.diagnostics.map(\.description).joined(separator: "\n")
            case .refused(let target): "refused: " + target.name
            case .summary(let target, let lines): "\(target): " + lines.joined(separator: "; ")
            case .done(let sentence): sentence
            case .note(let sentence): "note: " + sentence
            case .error(let sentence): "error: " + sentence
            case .commandOutput(let bytes): bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
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
        let failure = try applyFailure { try scene.rollBack() }
        guard case .noVersion(target: "a", steps: 1, available: 0) = failure else {
            return #expect(Bool(false), "\(failure)")
        }
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
        let failure = try applyFailure { try scene.apply(["a", "b"]) }
        guard case .check(let targets) = failure else { return #expect(Bool(false), "\(failure)") }
        #expect(targets.map(\.name) == ["a", "b"])
        #expect(scene.events.text.contains("refused: a\n") && scene.events.text.hasSuffix("refused: b"))
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
        let failure = try applyFailure { try scene.apply(["a", "b"]) }
        guard case .reload(let target) = failure else { return #expect(Bool(false), "\(failure)") }
        #expect(target.name == "a")
        for name in ["a.cfg", "b.cfg"] { #expect(try scene.folder.read(name) == scene.output(["one"])) }
        let text = scene.events.text
        #expect(text.contains("said") && text.contains("error: the reload of a failed with exit code 1"))
        #expect(text.contains("put the previous \(scene.folder.path("b.cfg")) back"))
        #expect(text.hasSuffix("reloaded a with its old output"))
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
        let broken = try brokenGuards { try scene.apply() }
        #expect(try scene.folder.read("a.cfg") == scene.output(["one", "two"]))
        #expect(broken.count == 3 && broken[0].hasPrefix("a: the input has no services (requireServices);"))
        #expect(broken[1].hasPrefix("a: 2 of 2 backends would be removed"))
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
}
