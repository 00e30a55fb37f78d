import Testing

@testable import HATemplate

@Suite("The grammars of the proxies") struct GrammarTests {
    static let grammars: [Grammar] = [
        HAProxyGrammar.grammar, HAProxyGrammar.bindOptions, HAProxyGrammar.serverOptions, HAProxyGrammar.actions,
        HAProxyGrammar.options, HAProxyGrammar.filters, NginxGrammar.grammar,
    ]

    @Test("rows are read as they are written")
    func rows() {
        let grammar = Grammar("[a b]\nname text*: x y* # z\n: q\n[p_ r_]\nkey {: k\n")
        #expect(grammar.directive("x", in: "a") == .init(kinds: [.name, .text], isOpenEnded: true, opensBlock: false))
        #expect(grammar.directive("x", in: "c") == nil && grammar.directives(named: "z").isEmpty)
        #expect(grammar.directive("yes", in: "b")?.kinds == [.name, .text])
        #expect(grammar.directives(named: "q").first?.kinds == [])
        #expect(grammar.directives(named: "r_k").first == .init(kinds: [.key], isOpenEnded: false, opensBlock: true))
        #expect(grammar.directives(named: "k").isEmpty)
    }

    @Test("a kind that is misspelled would count as code, and none does by mistake")
    func kinds() {
        let code: Set<String> = [
            "lua-load", "lua-load-per-thread", "lua-prepend-path", "external-check", "insecure-fork-wanted", "command",
            "opentracing",
        ]
        for grammar in Self.grammars.dropLast() {
            for row in grammar.rows where row.directive.kinds.contains(.code) {
                #expect(code.contains(row.name), "\(row.name)")
            }
        }
        for row in NginxGrammar.grammar.rows where row.directive.kinds.contains(.code) {
            let isCode = ["lua", "perl", "js_", "passenger_", "exec"].contains { row.name.contains($0) }
            #expect(isCode, "\(row.name)")
        }
    }

    @Test("contexts know every section and directive of the grammar")
    func contexts() {
        for row in HAProxyGrammar.grammar.rows where HAProxyGrammar.isSection(row.name) {
            #expect(Directive.haproxy(WordHash(row.name)) == .section, "\(row.name)")
        }
        #expect(HAProxyGrammar.isSection("log-forward") && !HAProxyGrammar.isSection(".if"))
        let expected: [(String, Directive)] = [
            ("server", .server), ("bind", .address), ("peer", .secondAddress), ("acl", .acl),
            ("use_backend", .backendName),
            ("http-request", .rule), ("log-format", .logFormat), ("option", .sampling), (".if", .unknown),
            ("server-template", .serverTemplate), ("set-param", .ruleFormat), ("maxconn", .other),
        ]
        for (name, directive) in expected { #expect(Directive.haproxy(WordHash(name)) == directive, "\(name)") }
        let nginx: [(String, Directive)] = [
            ("location", .location), ("server", .listen), ("map", .mapBlock), ("geo", .geoBlock), ("rewrite", .rewrite),
            ("types", .mapBlock), ("content_by_lua", .foreignText), ("content_by_lua_block", .foreignBlock),
            ("root", .file), ("try_files", .page), ("gzip", .other),
        ]
        for (name, directive) in nginx { #expect(Directive.nginx(WordHash(name)) == directive, "\(name)") }
    }
}
