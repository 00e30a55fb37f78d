import Testing

@testable import HATemplate

/// Templates that call each other from many kinds of places are looked at in few contexts.
@Suite("Contexts of templates that call each other") struct ContextCountTests {
    private func analyse(
        _ text: String, _ dialect: Dialect, visitsOfNode: Int = 200, leastVisits: Int = 20_000
    ) throws -> ContextAnalysis {
        let template = try Template.parse(SourceFile(name: "t", text: text), dialect: dialect)
        return try ContextAnalysis.run(
            template.templates, dialect, library: .standard, visitsOfNode: visitsOfNode, leastVisits: leastVisits)
    }

    /// Each of `count` templates calls three others, each inside another kind of block.
    private func nested(_ count: Int) -> String {
        let definitions = (0..<count).map { number in
            let calls = ["map $a $b {", "geo $g {", "x {"].enumerated().map { index, opening in
                let target = (number * 7 + index * 3 + 1) % count
                return "\(opening) {{ if .a }}{{ template \"t\(target)\" . }}{{ end }} }\n"
            }
            return "{{ define \"t\(number)\" }}\(calls.joined()){{ end }}"
        }
        return definitions.joined() + "{{ template \"t0\" . }}"
    }

    @Test("nested blocks", arguments: [1, 3, 40])
    func blocks(count: Int) throws {
        let instances = try analyse(nested(count), .nginx).instances.count
        #expect(instances <= 1 + 25 * count, "\(instances)")
    }

    @Test("blocks around a call are the same after it")
    func blocksAfterCall() throws {
        let text =
            "{{ define \"k\" }}{{ if .a }}a 1; {{ end }}{{ end }}{{ define \"b\" }}x { y; }{{ end }}"
            + "a { b { c { d { e { f { g { map $x $y { {{ template \"k\" . }} {{ .v }} 1; } {{ template \"b\" . }} return {{ .v }}; } } } } } } }"
        let analysis = try analyse(text, .nginx)
        let roles = analysis.instances[0].sites.values.map(\.context.role)
        #expect(Set(roles) == [.mapKey, .argument])
    }

    @Test("a template that ends blocks of its caller's")
    func endingBlocks() throws {
        let text =
            "{{ define \"end\" }}} } } {{ end }}a { b { c { {{ template \"end\" . }} x {{ .v }}; y { z {{ .v }}; }"
        let blocks = try analyse(text, .nginx).instances[0].sites.values.map(\.context.blocks).sorted()
        #expect(blocks == [1, 4])
    }

    @Test("more contexts than a bound are a mistake at the template that has too many")
    func bound() throws {
        let error = #expect(throws: Diagnostics.self) {
            try analyse(nested(20), .nginx, visitsOfNode: 1, leastVisits: 10)
        }
        let found = try #require(error?.items.first)
        #expect(found.code == .limitExceeded && found.location != nil)
        _ = try analyse(nested(20), .nginx, visitsOfNode: 100, leastVisits: 0)
    }
}
