import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

@Suite("One template, many outputs") struct EachTests {
    /// A project whose target has `each`, in a folder of its own.
    private final class Scene {
        let folder: TemporaryFolder
        let events = EventLog()
        let members: String
        var options = Applier.Options()

        init(_ members: String = #""each": "service", "output": "sites/{Id}.conf""#) throws {
            self.members = members
            folder = try TemporaryFolder([
                "t.txt": "{{ range . }}{{ .Id }} {{ .Port }}\n{{ end }}", "sites/own.conf": "mine",
            ])
        }

        func services(_ teams: [String: String]) throws {
            let list = teams.sorted { $0.key < $1.key }.enumerated().map { index, entry in
                #"{"Id": "\#(entry.key)", "Port": \#(80 + index), "Attributes": {"team": "\#(entry.value)"}}"#
            }
            try folder.write("[\(list.joined(separator: ",\n"))]", to: "s.json")
        }

        var project: ProjectFile {
            get throws {
                let text =
                    #"{"targets": [{"name": "sites", "template": "t.txt", "services": "s.json", "#
                    + #""reload": "cat sites/* > taken; echo x >> reloads; test ! -e broken", \#(members)}]}"#
                return try ProjectFile.read(InputFile(name: folder.path("haproxy-gen.json"), bytes: Array(text.utf8)))
            }
        }

        func apply() throws {
            let project = try project
            try Applier(
                project: project, options: options, tools: .testing(temporary: folder.path, emit: events.add)
            ).apply(project.targets)
        }

        func outputs() throws -> [String: String] {
            var found: [String: String] = [:]
            for name in try FileSystem.system.names(folder.path("sites")) where name != "own.conf" {
                found[name] = try folder.read("sites/" + name)
            }
            return found
        }

        var reloads: Int { ((try? folder.read("reloads")) ?? "").split(separator: "\n").count }
    }

    @Test("an output of each service, with one reload; that of a service that went is removed, and no other file")
    func services() throws {
        let scene = try Scene()
        try scene.services(["a": "x", "b": "x", "c": "y"])
        try scene.apply()
        #expect(try scene.outputs() == ["a.conf": "a 80\n", "b.conf": "b 81\n", "c.conf": "c 82\n"])
        #expect(scene.reloads == 1)
        try scene.apply()
        #expect(scene.reloads == 1)
        try scene.services(["a": "x", "d": "y"])
        try scene.apply()
        #expect(try scene.outputs() == ["a.conf": "a 80\n", "d.conf": "d 81\n"])
        #expect(try scene.folder.read("sites/own.conf") == "mine" && scene.reloads == 2)
        #expect(scene.events.text.contains("removed \(scene.folder.path("sites/b.conf"))"), "\(scene.events.text)")
    }

    @Test("an output of the services that agree in a field")
    func field() throws {
        let scene = try Scene(#""each": ".Attributes.team", "output": "sites/team-{each}.conf""#)
        try scene.services(["a": "x", "b": "y", "c": "x"])
        try scene.apply()
        #expect(try scene.outputs() == ["team-x.conf": "a 80\nc 82\n", "team-y.conf": "b 81\n"])
        try scene.services(["b": "y"])
        try scene.apply()
        #expect(try scene.outputs() == ["team-y.conf": "b 80\n"])
    }

    @Test(
        "a value that cannot be a file's name is refused at its place",
        arguments: ["", "../x", "a/b", ".h", "-o", "a b"])
    func names(_ team: String) throws {
        let scene = try Scene(#""each": ".Attributes.team", "output": "sites/{each}.conf""#)
        try scene.services(["a": "x"])
        try scene.apply()
        try scene.services(["a": "x", "b": team])
        #expect(throws: ApplyFailure.self) { try scene.apply() }
        #expect(scene.events.text.contains("s.json:2:"), "\(scene.events.text)")
        #expect(try scene.outputs() == ["x.conf": "a 80\n"])
    }

    @Test("a reload that fails brings removed outputs back, and the next apply removes them")
    func rollBack() throws {
        let scene = try Scene()
        try scene.services(["a": "x", "b": "x"])
        try scene.apply()
        let before = try scene.outputs()
        try scene.services(["a": "x", "c": "x"])
        try scene.folder.write("", to: "broken")
        #expect(throws: ApplyFailure.self) { try scene.apply() }
        #expect(try scene.outputs() == before)
        try FileSystem.system.remove(scene.folder.path("broken"))
        try scene.apply()
        #expect(try scene.outputs().keys.sorted() == ["a.conf", "c.conf"])
        #expect(try scene.folder.read("taken") == "a 80\nc 81\nmine")
    }

    @Test("guards count outputs; a dry run removes nothing")
    func guards() throws {
        let scene = try Scene(
            #""each": "service", "output": "sites/{Id}.conf", "guards": {"maxRemoved": 0.5, "requireServices": true}"#)
        try scene.services(["a": "x", "b": "x", "c": "y"])
        try scene.apply()
        try scene.services(["a": "x"])
        #expect(
            try brokenGuards { try scene.apply() }.first
                == "sites: 2 of 3 outputs would be removed, more than the share 0.5 (maxRemoved); --force overrides it")
        try scene.services([:])
        #expect(try brokenGuards { try scene.apply() }.contains { $0.contains("requireServices") })
        #expect(try scene.outputs().count == 3)
        try scene.services(["a": "x", "b": "x"])
        scene.options.isDryRun = true
        try scene.apply()
        #expect(scene.events.text.contains("c.conf would be removed"))
        #expect(try scene.outputs().count == 3)
    }
}
