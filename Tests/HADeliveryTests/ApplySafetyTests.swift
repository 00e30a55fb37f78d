import HAServices
import HASystem
import TestSupport
import Testing

@testable import HADelivery

/// Names and settings are data: none of them runs a command, and no file ends where it should not.
@Suite("Apply: names, links and rights") struct ApplySafetyTests {
    static let names = [
        "$(touch pwned).cfg", "`touch pwned`.cfg", "a;touch pwned;.cfg", "it's.cfg", "a \"b\" c.cfg", "two\nlines.cfg",
        "-rf.cfg", "{file}.cfg", "a&touch pwned&.cfg", "back\\slash.cfg", "*.cfg", "|touch pwned.cfg", "höhe €.cfg",
    ]

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.beginList()
        json.string(text)
        json.endList()
        json.finish()
        let list = String(decoding: json.bytes, as: UTF8.self).split(separator: "\n").map(String.init).joined()
        return String(list.drop { $0 != "\"" }.reversed().drop { $0 != "\"" }.reversed())
    }

    /// A project in whose commands, names and settings a text stands.
    private static func project(_ folder: TemporaryFolder, output: String, param: String) throws -> ProjectFile {
        let text = """
            {"targets": [{"name": "a", "template": "t.cfg", "services": "s.json", "output": \(quoted(output)),
              "params": {"p": \(quoted(param))}, "dialect": "plain",
              "check": "cat {file} > '\(folder.path)/checked'",
              "reload": "cat {file} > '\(folder.path)/reloaded'"}]}
            """
        return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
    }

    @Test("no name of a file and no setting is run by the shell", arguments: names)
    func injection(_ name: String) throws {
        let folder = try TemporaryFolder([
            "t.cfg": #"{{ param "p" }}{{ range . }}{{ .Id }}{{ end }}"#,
            "s.json": #"{"Id": "x", "Port": 1, "Hosts": []}"#,
        ])
        let project = try Self.project(folder, output: name, param: name)
        let log = EventLog()
        // The folder of checks has an unpleasant name too.
        folder.makeFolder("tmp $(touch pwned) 'x")
        let tools = Applier.Tools.testing(temporary: folder.path("tmp $(touch pwned) 'x"), emit: { log.add($0) })
        try Applier(project: project, options: .init(), tools: tools).apply(project.targets)
        let expected = name + "x"
        for file in [name, "checked", "reloaded"] { #expect(try folder.read(file) == expected, "\(log.text)") }
        let known = [name, "checked", "reloaded", "s.json", "state", "t.cfg", "tmp $(touch pwned) 'x"]
        #expect(try folder.names() == known.sorted(), "\(log.text)")
        #expect(try FileSystem.system.names(folder.path("tmp $(touch pwned) 'x")).isEmpty)
        // Nor where the shell would have left it.
        #expect((try? FileSystem.system.status("pwned")) == nil)
    }

    @Test(
        "a target's name cannot be anything but a name",
        arguments: ["$(x)", "a b", "a\nb", "../a", "-a", ".a", "a/b", "a'b", ""])
    func targetNames(_ name: String) {
        let text = """
            {"targets": [{"name": \(Self.quoted(name)), "template": "t.cfg", "services": "s", "output": "o"}]}
            """
        #expect(throws: (any Error).self) { try ProjectFile.read(InputFile(name: "p", bytes: Array(text.utf8))) }
    }

    struct Link: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Relative to the project's folder; `{outside}` is another one.
        let target: String
        let isFollowed: Bool
    }

    static let links: [Link] = [
        .init(testDescription: "a name in the folder", target: "real.cfg", isFollowed: true),
        .init(testDescription: "a name after ./", target: "./real.cfg", isFollowed: true),
        .init(testDescription: "a chain in the folder", target: "link.cfg", isFollowed: true),
        .init(testDescription: "a folder below", target: "sub/real.cfg", isFollowed: false),
        .init(testDescription: "out by ..", target: "../x.cfg", isFollowed: false),
        .init(testDescription: "an absolute path", target: "{outside}/x.cfg", isFollowed: false),
        .init(testDescription: "a chain that leads out", target: "chain.cfg", isFollowed: false),
        .init(testDescription: "a circle", target: "a.cfg", isFollowed: false),
        .init(testDescription: "a folder", target: "sub", isFollowed: false),
        .init(testDescription: "a device", target: "/dev/null", isFollowed: false),
    ]

    @Test("symbolic links are followed inside the folder alone", arguments: links)
    func link(_ link: Link) throws {
        let scene = try ApplyScene()
        let outside = try TemporaryFolder(["x.cfg": "old"])
        try scene.folder.write("old", to: "real.cfg")
        try scene.folder.write("old", to: "sub/real.cfg")
        scene.folder.link("link.cfg", to: "real.cfg")
        scene.folder.link("chain.cfg", to: outside.path("x.cfg"))
        scene.folder.link("a.cfg", to: link.target.replacing("{outside}", with: outside.path))
        if link.isFollowed {
            try scene.apply()
            #expect(try scene.folder.read("real.cfg") == scene.output(["one"]))
        } else {
            #expect(throws: ApplyFailure.self) { try scene.apply() }
            #expect(try scene.folder.read("real.cfg") == "old" && scene.reloads == 0)
        }
        #expect(try scene.folder.status("a.cfg").kind == .link)
        #expect(try outside.read("x.cfg") == "old" && scene.folder.read("sub/real.cfg") == "old")
        #expect(try scene.leftovers().isEmpty)
    }

    @Test("nginx gets the machine's modules, never libraries that lie beside the output")
    func modules() throws {
        let scene = try ApplyScene(
            #""dialect": "nginx", "check": "cd $(dirname {file}) && test ! -e modules/evil.so && test -e mime.types""#)
        try scene.folder.write("", to: "modules/evil.so")
        try scene.folder.write("", to: "mime.types")
        try scene.folder.write("# {{ len . }}\n", to: "t.cfg")
        try scene.apply()
        #expect(try scene.folder.read("a.cfg") == "# 1\n", "\(scene.events.text)")
    }

    @Test("outputs are never writable for everybody", arguments: [nil, 0o666, 0o777, 0o602] as [UInt32?])
    func worldWritable(_ old: UInt32?) throws {
        let scene = try ApplyScene(#""check": "stat -c %a {file} > {folder}/mode""#)
        if let old { try scene.folder.write("old", to: "a.cfg", mode: old) }
        try scene.apply()
        let mode = try scene.folder.status("a.cfg").mode
        #expect(mode & 0o002 == 0 && (old == nil || mode == (old ?? 0) & ~0o002))
        // What is checked is nobody else's business.
        #expect(try scene.folder.read("mode") == "600\n")
        let versions = scene.folder.path("state/.installed/a")
        for name in try FileSystem.system.names(versions) {
            #expect(try FileSystem.system.status(versions + "/" + name).mode & 0o002 == 0)
        }
        #expect(try FileSystem.system.status(versions).mode == 0o700)
    }

    @Test("a mode that changes is put back with the file when the reload fails")
    func modeIsPutBack() throws {
        let scene = try ApplyScene(#""check": "true", "mode": "0600", "reload": "! grep -q two {folder}/a.cfg""#)
        try scene.folder.write(scene.output(["one"]), to: "a.cfg", mode: 0o640)
        try scene.services(["two"])
        #expect(throws: ApplyFailure.self) { try scene.apply() }
        #expect(try scene.folder.read("a.cfg") == scene.output(["one"]))
        #expect(try scene.folder.status("a.cfg").mode == 0o640)
    }
}
