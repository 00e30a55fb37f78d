import HADelivery
import HADiscovery
import HAServices
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HAWatch

/// A project in a folder of its own, delivered in this process.
final class DeliveryScene {
    let folder: TemporaryFolder
    var state = DeliveryState()
    var files = FileSystem.system
    var watch = ""
    var targets: String
    /// Nanoseconds since 1970; nil: the system's.
    var date: Int64?
    let cache = FileCache()

    /// A check refuses an output that holds the word `bad`, and names its line as haproxy does.
    static let check =
        #"grep -n bad {file} | sed 's#^\\([0-9]*\\).*#[ALERT]    (1) : config : parsing ['{file}':\\1] : bad word#' >&2; "#
        + "! grep -q bad {file}"

    init(_ services: [String: String] = ["s/one.json": service("one"), "s/two.json": service("two")]) throws {
        var contents = services
        contents["t.cfg"] = "{{ range . }}backend {{ .Id }}\n  server a {{ .Cookie }}\n{{ end }}"
        folder = try TemporaryFolder(contents)
        targets =
            #"{"name": "edge", "template": "t.cfg", "services": "s", "output": "o.cfg", "dialect": "plain", "#
            + #""check": "\#(Self.check)", "reload": "echo x >> reloads; test ! -e broken"}"#
    }

    static func service(_ id: String, cookie: String = "fine") -> String {
        #"{"Id": "\#(id)", "ApplicationProtocol": "http", "Domains": ["\#(id).example.com"], "Port": 80, "#
            + "\n" + #" "Cookie": "\#(cookie)"}"#
    }

    func project() throws -> ProjectFile {
        let text = #"{"state": "state", \#(watch) "targets": [\#(targets)]}"#
        return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
    }

    func deliver(_ change: (inout DeliveryRun.Wish) -> Void = { _ in }) throws -> DeliveryReport {
        let project = try project()
        var wish = DeliveryRun.Wish()
        change(&wish)
        let run = DeliveryRun(project: project, targets: project.targets, tools: tools, wish: wish)
        return run.run(&state)
    }

    func look() throws -> LookReport {
        let project = try project()
        return DeliveryRun(project: project, targets: project.targets, tools: tools).look(state)
    }

    var tools: DeliveryTools {
        let (process, temporary, date) = (ChildProcess.system(), folder.path, date)
        let path = getenv("PATH").map { String(cString: $0) }
        let proxy = ProxyCheck(
            files: files, processes: process, temporaries: .unregistered, cache: nil,
            environment: { ["TMPDIR": temporary, "PATH": path][$0] ?? nil })
        var options = OutputCheck.Options()
        options.isInstalling = true
        return DeliveryTools(
            rendering: TargetRendering(files: files, environment: { _ in nil }, now: { 0 }),
            check: OutputCheck(proxy: proxy, options: options), process: process, temporaries: .unregistered,
            cache: cache,
            now: { date ?? CurrentProcess.now }, microseconds: EventCalls.system.microseconds)
    }

    var backends: [String] {
        let text = (try? folder.read("o.cfg")) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix("backend ") }.map { String($0.dropFirst(8)) }
    }
    var reloads: Int { ((try? folder.read("reloads")) ?? "").split(separator: "\n").count }
}

@Suite("Deliveries") struct DeliveryRunTests {
    @Test("delivers what changed, and reloads only then")
    func delivers() throws {
        let scene = try DeliveryScene()
        let first = try scene.deliver()
        #expect(first.ending == .reloaded && first.causes.isEmpty, "\(first)")
        #expect(scene.backends == ["one", "two"] && scene.reloads == 1)
        #expect(first.services == ["@edge": 2] && first.changed.map(\.name) == ["edge"])
        #expect(try scene.deliver().ending == .done)
        #expect(scene.reloads == 1)
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        #expect(try scene.look().isChanged)
        let second = try scene.deliver()
        #expect(second.ending == .reloaded && scene.backends == ["one", "three", "two"])
        #expect(try !scene.look().isChanged)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// The place and a word of the cause.
        let cause: [String]
    }

    @Test(
        "one bad service does not stop the others; it is named with file, line and reason, and comes back by itself",
        arguments: [
            Fault(
                testDescription: "no JSON", text: #"{"Id": "two","#, cause: ["s/two.json:1:", "[json-unexpected-end]"]),
            Fault(
                testDescription: "a wrong field", text: "{\"Id\": \"two\",\n \"Port\": \"x\"}",
                cause: ["s/two.json:2:", "[wrong-type]"]),
            Fault(
                testDescription: "refused by the proxy", text: DeliveryScene.service("two", cookie: "bad"),
                cause: ["s/two.json:2:", "bad word", "[proxy-error]"]),
            Fault(
                testDescription: "an Id that is taken", text: DeliveryScene.service("one"),
                cause: ["s/two.json:1:", "[duplicate-id]"]),
        ])
    func quarantine(_ fault: Fault) throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        try scene.folder.write(fault.text, to: "s/two.json")
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        let report = try scene.deliver()
        #expect(report.ending == .reloaded, "\(report.causes)")
        #expect(report.quarantined.count == 1)
        let sentence = report.quarantined.first?.sentence ?? ""
        for part in fault.cause { #expect(sentence.contains(part), "\(sentence)") }
        #expect(Set(scene.backends).isSuperset(of: ["one", "three"]), "\(scene.backends)")
        // The same again: nothing more happens.
        #expect(try scene.deliver().ending == .done)
        #expect(scene.reloads == 2)
        try scene.folder.write(DeliveryScene.service("two", cookie: "mended"), to: "s/two.json")
        let mended = try scene.deliver()
        #expect(mended.ending == .reloaded && mended.quarantined.isEmpty, "\(mended)")
        #expect(try scene.folder.read("o.cfg").contains("mended"))
    }

    @Test("the last good version takes the place of a bad service, and nothing that of a new one")
    func replacement() throws {
        let list = "[\(DeliveryScene.service("a")),\n\(DeliveryScene.service("b")),\n\(DeliveryScene.service("c"))]"
        let scene = try DeliveryScene(["s/all.json": list])
        _ = try scene.deliver()
        let before = try scene.folder.read("o.cfg")
        try scene.folder.write(
            list.replacing("\"Id\": \"b\"", with: "\"Id\": \"b\", \"Balance\": \"bad\"").replacing(
                "\"Cookie\": \"fine\"},\n{\"Id\": \"c\"", with: "\"Cookie\": \"bad\"},\n{\"Id\": \"c\""),
            to: "s/all.json")
        let report = try scene.deliver()
        #expect(report.quarantined.map(\.id) == ["b"], "\(report)")
        #expect(report.quarantined.first?.sentence.contains("s/all.json:4:") == true)
        #expect(try scene.folder.read("o.cfg") == before && report.ending == .done)
        try scene.folder.write(DeliveryScene.service("new", cookie: "bad"), to: "s/new.json")
        let other = try scene.deliver()
        #expect(other.quarantined.map(\.id).sorted() == ["b", "new"])
        #expect(try scene.folder.read("o.cfg") == before)
    }

    @Test("a delivery that comes to nothing takes nothing out of quarantine")
    func failureKeepsQuarantine() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        try scene.folder.write(DeliveryScene.service("two", cookie: "bad"), to: "s/two.json")
        #expect(try scene.deliver().quarantined.map(\.id) == ["two"])
        try scene.folder.write("", to: "broken")
        try scene.folder.write(DeliveryScene.service("one", cookie: "new"), to: "s/one.json")
        for releases in [false, true] {
            let report = try scene.deliver { $0.releasesQuarantine = releases }
            #expect(report.ending == .failed, "\(report)")
            #expect(report.quarantined.map(\.id) == ["two"], "\(report)")
        }
        try FileSystem.system.remove(scene.folder.path("broken"))
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && report.quarantined.map(\.id) == ["two"], "\(report)")
    }

    @Test("of a thousand services one is found by halves where no place names it")
    func halves() throws {
        let services = (0..<1_000).map { DeliveryScene.service("s\($0)", cookie: $0 == 617 ? "bad" : "fine") }
        let scene = try DeliveryScene(["s/all.json": "[\(services.joined(separator: ",\n"))]"])
        scene.targets = scene.targets.replacing(DeliveryScene.check, with: "! grep -q bad {file}")
        let report = try scene.deliver()
        #expect(report.quarantined.map(\.id) == ["s617"], "\(report.causes)")
        #expect(scene.backends.count == 999)
        #expect(report.quarantined.first?.cause.contains("s/all.json:1235") == true)
    }

    @Test("two targets with the same files: a service that one refuses is left out of both")
    func twoTargets() throws {
        let scene = try DeliveryScene()
        let second = scene.targets.replacing(#""edge""#, with: #""other""#).replacing("o.cfg", with: "p.cfg")
        scene.targets = scene.targets.replacing(DeliveryScene.check, with: "true {file}") + "," + second
        try scene.folder.write(DeliveryScene.service("two", cookie: "bad"), to: "s/two.json")
        let report = try scene.deliver()
        #expect(report.ending == .reloaded && report.quarantined.map(\.id) == ["two"], "\(report.causes)")
        #expect(scene.backends == ["one"])
    }

    @Test("a template that is wrong is nobody's fault: nothing is delivered, the old output stays")
    func template() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        let before = try scene.folder.read("o.cfg")
        for text in ["{{ range . }}", "bad\n", "{{ range . }}{{ .Nothing }}{{ end }}"] {
            try scene.folder.write(text, to: "t.cfg")
            let report = try scene.deliver()
            #expect(report.ending == .refused && report.quarantined.isEmpty && !report.causes.isEmpty, "\(report)")
            #expect(try scene.folder.read("o.cfg") == before && scene.reloads == 1)
        }
    }

    @Test("quarantine off: nothing is delivered until all is well")
    func off() throws {
        let scene = try DeliveryScene()
        scene.watch = #""watch": {"quarantine": "off"},"#
        _ = try scene.deliver()
        try scene.folder.write("{", to: "s/two.json")
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        let report = try scene.deliver()
        #expect(report.ending == .refused && scene.backends == ["one", "two"])
        #expect(report.causes.first?.contains("s/two.json:1:") == true)
        try scene.folder.write(DeliveryScene.service("two"), to: "s/two.json")
        #expect(try scene.deliver().ending == .reloaded)
    }

    @Test("the only service is bad: nothing is delivered, so that no proxy is emptied")
    func onlyOne() throws {
        let scene = try DeliveryScene(["s/one.json": DeliveryScene.service("one", cookie: "bad")])
        let report = try scene.deliver()
        #expect(report.ending == .refused && report.quarantined.isEmpty && scene.reloads == 0, "\(report)")
    }

    @Test("a source that is gone, or answers nothing after that, keeps its services, also in another process")
    func lastGood() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        let files = FileSystem.system
        try files.rename(scene.folder.path("s"), scene.folder.path("away"))
        let gone = try scene.deliver()
        #expect(gone.ending == .done && scene.backends == ["one", "two"])
        #expect(gone.problems["@edge"]?.contains("no such file or folder") == true)
        // A restart finds what ran before.
        scene.state = DeliveryState()
        try scene.folder.write("", to: "o.cfg")
        let restarted = try scene.deliver { $0.isWaitOver = false }
        #expect(restarted.ending == .reloaded && scene.backends == ["one", "two"], "\(restarted)")
        // It answers without services.
        try files.makeFolder(scene.folder.path("s"), 0o755)
        #expect(try scene.deliver().problems["@edge"] == "it answers without services after an error")
        #expect(scene.backends == ["one", "two"])
        // A person means it.
        let forced = try scene.deliver { $0.isForced = true }
        #expect(forced.problems.isEmpty && scene.backends.isEmpty)
    }

    @Test("a source that has never answered is waited for")
    func waits() throws {
        let scene = try DeliveryScene([:])
        let waiting = try scene.deliver { $0.isWaitOver = false }
        #expect(waiting.isWaiting && waiting.ending == .failed && scene.reloads == 0)
        let files = FileSystem.system
        try files.makeFolder(scene.folder.path("s"), 0o755)
        try scene.folder.write(DeliveryScene.service("one"), to: "s/one.json")
        #expect(try scene.deliver { $0.isWaitOver = false }.ending == .reloaded)
    }

    @Test("a source that has never answered empties no output that is there")
    func neverAnswered() throws {
        let scene = try DeliveryScene([:])
        try scene.folder.write("backend old\n", to: "o.cfg")
        for _ in 0..<2 {
            let report = try scene.deliver()
            #expect(report.notes == ["the output of edge stays as it is: a source of it has never answered"])
            #expect(try scene.folder.read("o.cfg") == "backend old\n" && scene.reloads == 0, "\(report)")
        }
        try scene.folder.write(DeliveryScene.service("one"), to: "s/one.json")
        #expect(try scene.deliver().ending == .reloaded && scene.backends == ["one"])
        let fresh = try DeliveryScene([:])
        #expect(try fresh.deliver().ending == .reloaded)
    }

    @Test("a source that is empty after a restart keeps its services until a person means it")
    func emptyAtFirst() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        for name in ["one", "two"] { try FileSystem.system.remove(scene.folder.path("s/\(name).json")) }
        scene.state = DeliveryState()
        for _ in 0..<2 {
            let report = try scene.deliver()
            #expect(report.problems["@edge"]?.contains("answers without services") == true, "\(report)")
            #expect(scene.backends == ["one", "two"])
        }
        _ = try scene.deliver { $0.isForced = true }
        #expect(scene.backends.isEmpty)
    }

    @Test("what somebody writes while the reload runs is noticed, and so is an output that goes then")
    func driftDuringReload() throws {
        for harm in ["echo GARBAGE > o.cfg", "rm o.cfg"] {
            let scene = try DeliveryScene()
            scene.targets = scene.targets.replacing("echo x >> reloads;", with: "test -e calm || { \(harm); };")
            _ = try scene.deliver()
            #expect(try scene.look().drifted == ["edge"], "\(harm)")
            try scene.folder.write("", to: "calm")
            _ = try scene.deliver()
            #expect(try scene.look().drifted.isEmpty && scene.backends == ["one", "two"], "\(harm)")
        }
    }

    @Test("an output that somebody changed is put back, and that is said")
    func drift() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        #expect(try scene.look().drifted.isEmpty)
        let before = try scene.folder.read("o.cfg")
        try scene.folder.write("x", to: "o.cfg")
        #expect(try scene.look().drifted == ["edge"])
        let report = try scene.deliver()
        #expect(report.restored == ["edge"])
        #expect(try scene.folder.read("o.cfg") == before && scene.look().drifted.isEmpty)
    }

    @Test("a reload that fails three times takes back each time, and then all recovers")
    func reloads() throws {
        let scene = try DeliveryScene()
        _ = try scene.deliver()
        let before = try scene.folder.read("o.cfg")
        try scene.folder.write("", to: "broken")
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        for _ in 0..<3 {
            let report = try scene.deliver()
            #expect(report.ending == .failed && report.causes.first?.contains("reload of edge") == true, "\(report)")
            #expect(try scene.folder.read("o.cfg") == before)
            #expect(report.quarantined.isEmpty)
        }
        try FileSystem.system.remove(scene.folder.path("broken"))
        #expect(try scene.deliver().ending == .reloaded)
        #expect(scene.backends.contains("three"))
    }

    @Test("a full disk at any system call leaves a whole output, and the next delivery recovers")
    func faults() throws {
        var call = 0
        var failures = 0
        while call < 600 {
            let scene = try DeliveryScene()
            _ = try scene.deliver()
            let before = scene.backends
            try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
            let faults = Faults(failing: call, error: SystemError(number: ENOSPC))
            scene.files = .failing(faults)
            let report = try scene.deliver()
            scene.files = .system
            if report.ending != .reloaded { failures += 1 }
            #expect(scene.backends == before || scene.backends == ["one", "three", "two"], "call \(call): \(report)")
            let after = try scene.deliver()
            #expect(after.ending == .reloaded || after.ending == .done, "call \(call): \(after)")
            #expect(scene.backends == ["one", "three", "two"], "call \(call): \(report) \(after)")
            guard faults.calls > call else { break }
            call += 7
        }
        #expect(failures > 3)
    }

    @Test("sources by precedence; the hidden service is reported")
    func precedence() throws {
        let scene = try DeliveryScene([
            "a/x.json": DeliveryScene.service("x"), "b/x.json": DeliveryScene.service("x", cookie: "other"),
        ])
        scene.watch =
            #""sources": [{"name": "a", "type": "files", "paths": "a"}, {"name": "b", "type": "files", "paths": "b"}],"#
        scene.targets = scene.targets.replacing(#""services": "s""#, with: #""sources": ["b", "a"]"#)
        let report = try scene.deliver()
        #expect(try scene.folder.read("o.cfg").contains("other") && scene.backends == ["x"])
        #expect(
            report.notes == ["the service 'x' of the source 'a' is left out: 'b' has one with the same Id"], "\(report)"
        )
        // `apply` makes the same bytes.
        let project = try scene.project()
        let rendered = try scene.tools.rendering.render(project.targets[0].input)
        #expect(String(decoding: rendered.value.bytes, as: UTF8.self) == (try scene.folder.read("o.cfg")))
    }

    @Test("an output each: what changed is said of the target, and a service that names no file is in quarantine")
    func each() throws {
        let scene = try DeliveryScene()
        scene.targets = scene.targets.replacing(
            #""output": "o.cfg""#, with: #""each": "service", "output": "{Id}.out""#)
        let first = try scene.deliver()
        #expect(first.ending == .reloaded && scene.reloads == 1, "\(first.causes)")
        #expect(first.changed.map(\.name) == ["edge"] && first.changed.first?.summary.count == 2)
        try scene.folder.write(DeliveryScene.service("-two"), to: "s/two.json")
        try scene.folder.write(DeliveryScene.service("three"), to: "s/three.json")
        let second = try scene.deliver()
        #expect(second.quarantined.map(\.id) == ["-two"], "\(second.causes)")
        #expect(try scene.folder.names().filter { $0.hasSuffix(".out") } == ["one.out", "three.out"])
    }

    @Test("memory does not grow with deliveries, nor do descriptors")
    func growth() throws {
        let scene = try DeliveryScene()
        func descriptors() -> Int { (try? FileSystem.system.names("/proc/self/fd").count) ?? 0 }
        for round in 0..<20 {
            try scene.folder.write(DeliveryScene.service("two", cookie: "c\(round)"), to: "s/two.json")
            _ = try scene.deliver()
        }
        #expect(scene.state.quarantine.entries.isEmpty && scene.state.good.count == 1)
        _ = descriptors()
    }
}
