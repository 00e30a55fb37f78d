import HATemplate
import Testing

/// The library as another program uses it: nothing here is imported for tests.
@Suite struct EmbeddingTests {
    private struct Host: Encodable {
        let name: String
        let address: String
    }

    private struct Pool: Encodable {
        let hosts: [Host]
    }

    private enum Mistake: Error {
        case noText
    }

    // MARK: Snippets of the documentation

    @Test func aTemplateIsReadOnceAndRendered() throws {
        let template = try Template("{{ range .hosts }}server {{ .name }} {{ .address }}\n{{ end }}")
        let text = try template.render(Pool(hosts: [Host(name: "a", address: "10.0.0.1:80")]))
        #expect(text == "server a 10.0.0.1:80\n")
    }

    @Test func dialectsKeepValuesInside() throws {
        let backend = try Template("backend {{ .name }}\n", named: "edge.cfg.tmpl", dialect: .haproxy)
        #expect(try backend.render(["name": "web"]) == "backend web\n")
        let failure = #expect(throws: Diagnostic.self) { try backend.render(["name": "web\n    server x 1.2.3.4"]) }
        #expect(failure?.code == .unsafeValue && failure?.location?.file.name == "edge.cfg.tmpl")
    }

    @Test func jsonIsRendered() throws {
        let greeting = try Template("hello {{ .name }}").render(json: #"{"name": "world"}"#.utf8)
        #expect(greeting == "hello world")
        #expect(throws: Diagnostics.self) { try Template("").render(json: "{".utf8) }
    }

    @Test func resultsHaveWarningsAndPlaces() throws {
        let result = try Template(#"{{ warnf "no port" }}port {{ . }}"#).result(of: 80)
        #expect(result.text == "port 80" && result.bytes == Array("port 80".utf8))
        #expect(result.warnings.map(\.message) == ["no port"])
        #expect(result.sourceMap.outputCount == 7)
        let named = try Template("{{ .a }}").result(ofJSON: #"{"a": "x"}"#.utf8, named: "d.json")
        #expect(named.sourceMap.entry(0)?.data?.location.file.name == "d.json")
    }

    @Test func functionsOfOnesOwn() throws {
        let shout = TemplateFunction("shout") { arguments in
            guard case .string(let text) = arguments[0] else { throw Mistake.noText }
            return .string(text.uppercased() + "!")
        }
        let loud = try Template(#"{{ shout .name }}"#, functions: [shout])
        #expect(try loud.render(["name": "web"]) == "WEB!")
        let failure = #expect(throws: Diagnostic.self) { try loud.render(["name": 1]) }
        #expect(failure?.message == "noText" && failure?.location?.range.start == 3)
        #expect(throws: Diagnostic.self) { try Template("{{ shout 1 2 }}", functions: [shout]).render(json: "1".utf8) }
        // The language itself stays as it is.
        #expect(throws: Diagnostics.self) { try Template("{{ shout 1 }}") }
    }

    // MARK: Values

    @Test func valuesKeepTheirKinds() throws {
        struct All: Encodable {
            let flag = true
            let whole = 7
            let large = Int64.max
            let part = 2.5
            let text = "a \"b\"\n\u{1}é"
            let none: Int? = nil
            let list = [[1], []]
            let map = ["k": ["z"]]
        }
        let template = try Template(
            #"{{ printf "%T %T %v %v %q %v %v" .flag .whole .large .part .text .list .map }}{{ isset . "none" }}"#)
        #expect(
            try template.render(All())
                == #"bool int 9223372036854775807 2.5 "a \"b\"\n\x01é" [[1] []] map[k:[z]]false"#)
    }

    @Test func whatCannotBeEncodedIsSaid() throws {
        let template = try Template("{{ . }}")
        #expect(throws: EncodingError.self) { try template.render([Double.nan]) }
        #expect(throws: Diagnostics.self) { try template.render(UInt64.max) }
        #expect(try template.render(UInt8.max) == "255")
        #expect(try template.render(Int?.none) == "<no value>")
    }

    @Test func functionsGetAndGiveEveryKind() throws {
        let same = TemplateFunction("same", arguments: 0...3) { .list($0) }
        let template = try Template(
            #"{{ json (same nil (dict "a" (slice 1 2.5 true)) "x") }}{{ json same }}"#, functions: [same])
        #expect(try template.render(0) == #"[null,{"a":[1,2.5,true]},"x"][]"#)
        let mapped = TemplateFunction("mapped", arguments: 0...0) { _ in .map(["b": .int(1), "a": .null]) }
        #expect(try Template("{{ json mapped }}", functions: [mapped]).render(0) == #"{"a":null,"b":1}"#)
        let nested = try Template(
            "{{ $l := slice }}{{ range 1000 }}{{ $l = collections.Slice $l }}{{ end }}{{ same $l }}", functions: [same])
        #expect(throws: Diagnostic.self) { try nested.render(0) }
    }

    /// What such a function gives comes from outside the template.
    @Test func resultsOfOwnFunctionsAreData() throws {
        let line = TemplateFunction("line", arguments: 0...0) { _ in .string("a\nb") }
        let template = try Template("backend {{ line }}\n", dialect: .haproxy, functions: [line])
        #expect(throws: Diagnostic.self) { try template.render(0) }
    }

    @Test func limitsHold() throws {
        var options = RenderOptions()
        options.limits.work = 1_000
        let failure = #expect(throws: Diagnostic.self) {
            try Template("{{ range 100000 }}{{ end }}").render(0, options: options)
        }
        #expect(failure?.code == .limitExceeded)
    }

    @Test func includesAndDelimiters() throws {
        let piece = Template.Include(path: "piece.tmpl", file: SourceFile(name: "piece.tmpl", text: "<<[[ . ]]>>"))
        let template = try Template(
            #"[[ template "piece" .x ]]"#, includes: [piece], delimiters: .init(left: "[[", right: "]]"))
        #expect(try template.render(["x": 1]) == "<<1>>")
    }

    @Test func rendersShareATemplate() async throws {
        let template = try Template("{{ range seq .n }}{{ . }},{{ end }}")
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try template.render(["n": 3]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts == Array(repeating: "1,2,3,", count: 8))
    }

    // MARK: The documentation

    /// Every snippet in the documentation of the embedding API stands in this file, which is compiled and run.
    @Test(arguments: ["Template+Embedding.swift", "TemplateFunction.swift"]) func snippetsAreCompiled(file: String)
        throws
    {
        let source = String(
            decoding: try readFile("\(projectFolder)/Sources/HATemplate/Embedding/\(file)"), as: UTF8.self)
        let tests = String(decoding: try readFile(#filePath), as: UTF8.self)
        let compiled = Set(tests.split(separator: "\n").map(Self.trimmed))
        var isSnippet = false
        var count = 0
        for line in source.split(separator: "\n").map(Self.trimmed) where line.hasPrefix("///") {
            let text = Self.trimmed(line.dropFirst(3))
            if text.hasPrefix("```") {
                isSnippet = text == "```swift"
            } else if isSnippet, !text.isEmpty {
                count += 1
                #expect(compiled.contains(text), "\(text)")
            }
        }
        #expect(count > 3)
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var rest = line.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
