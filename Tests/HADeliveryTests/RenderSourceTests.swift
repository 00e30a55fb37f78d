import HAServices
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

@Suite("Where templates and services come from") struct RenderSourceTests {
    private static func rendering(_ store: TemplateStore = TemplateStore()) -> TargetRendering {
        TargetRendering(files: .system, environment: { _ in nil }, now: { 0 }, templates: store)
    }

    private static func service(_ id: String, _ port: Int, _ more: String = "") -> [UInt8] {
        Array(#"{"Id": "\#(id)", "Port": \#(port)\#(more)}"#.utf8)
    }

    private static func text(_ input: RenderInput, _ rendering: TargetRendering = rendering()) throws -> String {
        String(decoding: try rendering.render(input).value.bytes, as: UTF8.self)
    }

    @Test("services come from anything that gives bytes with a name, after those of files")
    func sources() throws {
        let folder = try TemporaryFolder(["t.cfg": "{{ range . }}# {{ .Id }}\n{{ end }}", "a.json": ""])
        try folder.write(String(decoding: Self.service("file", 1), as: UTF8.self), to: "a.json")
        var input = RenderInput(
            template: folder.path("t.cfg"), root: .services([folder.path("a.json")]), dialect: .haproxy)
        let answers = Guarded([Self.service("one", 2), Self.service("two", 3)])
        input.sources = [
            ServiceSource(name: "network") { answers.withLock { $0.removeFirst() } },
            ServiceSource(name: "memory") { Array("[]".utf8) },
        ]
        #expect(try Self.text(input) == "# file\n# one\n")
        #expect(try Self.text(input) == "# file\n# two\n")
    }

    @Test("mistakes of a source stand under its name, and one that cannot answer stops the render")
    func mistakes() throws {
        let folder = try TemporaryFolder(["t.cfg": "# {{ len . }}\n"])
        var input = RenderInput(template: folder.path("t.cfg"), root: .services([]), dialect: .haproxy)
        input.sources = [
            ServiceSource(name: "network") { Self.service("x", 99_999) },
            ServiceSource(name: "other") { Array("{".utf8) },
        ]
        let failure = try #require(#expect(throws: RenderFailure.self) { try Self.rendering().render(input) })
        let found = failure.report.diagnostics.map(\.description)
        #expect(found.count == 2 && found[0].hasPrefix("network:1:21: error") && found[1].hasPrefix("other:1:2: error"))
        let error = FileError(.read, "network", SystemError(number: EIO))
        input.sources = [ServiceSource(name: "network") { () throws(FileError) in throw error }]
        let stopped = try #require(#expect(throws: RenderFailure.self) { try Self.rendering().render(input) })
        guard case .file(error) = stopped.cause else { return #expect(Bool(false), "\(stopped)") }
    }

    @Test("the Config of a source is data unless it is trusted", arguments: [true, false])
    func trust(_ isTrusted: Bool) throws {
        let folder = try TemporaryFolder(["t.cfg": "listen a\n{{ range . }}  {{ .Config }}\n{{ end }}"])
        var input = RenderInput(template: folder.path("t.cfg"), root: .services([]), dialect: .haproxy)
        input.sources = [
            ServiceSource(name: "network", trustsConfig: isTrusted) {
                Self.service("x", 80, #", "Config": "server s 10.0.0.1:80 check""#)
            }
        ]
        if isTrusted {
            #expect(try Self.text(input) == "listen a\n  server s 10.0.0.1:80 check\n")
        } else {
            #expect(throws: RenderFailure.self) { try Self.text(input) }
        }
    }

    @Test("a template is compiled again when it, a piece or what it is read by has changed, and not otherwise")
    func store() throws {
        let folder = try TemporaryFolder([
            "t.cfg": "# {{ template \"p\" . }}\n", "pieces/p.tmpl": "{{ len . }}", "a.json": "[]",
        ])
        var input = RenderInput(
            template: folder.path("t.cfg"), root: .services([folder.path("a.json")]), dialect: .haproxy)
        input.includes = [folder.path("pieces")]
        let store = TemplateStore()
        let rendering = Self.rendering(store)
        for _ in 0..<3 { #expect(try Self.text(input, rendering) == "# 0\n") }
        #expect(store.compilationCount == 1)
        try folder.write("[\(String(decoding: Self.service("x", 80), as: UTF8.self))]", to: "a.json")
        #expect(try Self.text(input, rendering) == "# 1\n" && store.compilationCount == 1, "other services")
        try folder.write("{{ len . }}!", to: "pieces/p.tmpl")
        #expect(try Self.text(input, rendering) == "# 1!\n" && store.compilationCount == 2, "another piece")
        try folder.write("## {{ template \"p\" . }}\n", to: "t.cfg")
        #expect(try Self.text(input, rendering) == "## 1!\n" && store.compilationCount == 3, "another template")
        input.dialect = .plain
        #expect(try Self.text(input, rendering) == "## 1!\n" && store.compilationCount == 4, "another dialect")
        // What is broken is told each time.
        try folder.write("{{", to: "t.cfg")
        for _ in 0..<2 { #expect(throws: RenderFailure.self) { try Self.text(input, rendering) } }
        try folder.write("## {{ template \"p\" . }}\n", to: "t.cfg")
        #expect(try Self.text(input, rendering) == "## 1!\n" && store.compilationCount == 4)
    }
}
