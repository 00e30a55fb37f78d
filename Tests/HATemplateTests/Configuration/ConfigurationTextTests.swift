import Testing

@testable import HATemplate

/// Words as the proxies decode them. What HAProxy 2.6 and nginx 1.22 make of them was tried with both.
@Suite("A configuration read into statements") struct ConfigurationTextTests {
    private func words(
        _ text: String, _ dialect: Dialect,
        _ environment: ProxyEnvironment = .known({ _ in nil }, joinsAfterUnset: false)
    ) -> [[String]] {
        ConfigurationText(Array(text.utf8), dialect: dialect, environment: environment).statements.map {
            $0.words.map(\.text)
        }
    }

    static let haproxyLines: [(text: String, words: [[String]])] = [
        (#"l\x75a-load a\ b 'c d' "e f""#, [["lua-load", "a b", "c d", "e f"]]),
        (##"a \n\t\r \# \' \" \\ \1 \$x"##, [["a", "\n\t\r", "#", "'", "\"", "\\", "\\1", "\\$x"]]),
        (#"a "\$x" "\x41" '\x41' "it's""#, [["a", "$x", "A", "\\x41", "it's"]]),
        ("a b#c d", [["a", "b"]]), ("a b\rc d\n e", [["a", "b"], ["e"]]), ("a\u{0B}b\u{0C}c", [["a", "b", "c"]]),
        (#"a "${U}" "x${U}y" "${U-d e}""#, [["a", "", "xy", "d e"]]), ("a $U '$U'", [["a", "$U", "$U"]]),
        (#"a"b"'c' d''"#, [["abc", "d"]]),
    ]

    @Test("HAProxy", arguments: haproxyLines)
    func wordsOfHAProxy(example: (text: String, words: [[String]])) {
        #expect(words(example.text, .haproxy) == example.words)
    }

    @Test("variables of the environment")
    func variables() {
        let known = ProxyEnvironment.known({ ["A": "x y", "E": ""][$0] }, joinsAfterUnset: false)
        #expect(
            words(#"a "$A.b" "${A}c" "${A[*]}" "${A-d}" "$E""#, .haproxy, known) == [
                ["a", "", "x yc", "x", "y", "x y", ""]
            ])
        let joined = ProxyEnvironment.known({ _ in nil }, joinsAfterUnset: true)
        #expect(words(#"a "b${U}"  c"#, .haproxy, joined) == [["a", "bc"]])
        let set = "global\n setenv A 1\n log \"${A}\"\n unsetenv A\n log \"${A-2}\""
        #expect(words(set, .haproxy, known).map(\.last) == ["global", "1", "1", "A", "2"])
        let unknown = ConfigurationText(Array(#"a "${U}" b"#.utf8), dialect: .haproxy)
        #expect(unknown.statements[0].words.map(\.text) == ["a", "${U}", "b"])
        #expect(unknown.statements[0].words.map(\.isCertain) == [true, false, true])
    }

    static let nginxTexts: [(text: String, words: [[String]])] = [
        (#"a b\ c 'd e' "f;g" h\;i;"#, [["a", #"b\ c"#, "d e", "f;g", #"h\;i"#]]),
        (#"a \" \' \\ \n \t "\"x" '\'' \d;"#, [["a", "\"", "'", "\\", "\n", "\t", "\"x", "'", "\\d"]]),
        ("a ${b}c x#y; # z;\nd;", [["a", "${b}c", "x#y"], ["d"]]), ("a{b c;}d;", [["a"], ["b", "c"], ["d"]]),
        ("if ($a = \"b\") { c; }", [["if", "($a", "=", "b", ")"], ["c"]]),
        ("content_by_lua_block { x = '}' -- }\n } a;", [["content_by_lua_block"], ["a"]]),
    ]

    @Test("nginx", arguments: nginxTexts)
    func wordsOfNginx(example: (text: String, words: [[String]])) {
        #expect(words(example.text, .nginx) == example.words)
    }

    @Test("sections and blocks are parents, quoted or with a sign before them")
    func parents() {
        let text = ConfigurationText(
            Array("global\n a\n\"frontend\" f\n .if x\n b\n .endif\nno backend c\n d".utf8), dialect: .haproxy)
        #expect(text.statements.map(\.isOpening) == [true, false, true, false, true, false])
        #expect(text.statements.map(\.parent) == [nil, 0, nil, 2, nil, 4])
        #expect(text.conditions.map(\.keyword) == [".if", ".endif"])
    }

    // MARK: Two readers

    /// The context analysis and the reader of statements must see the same words and ends, whatever the text is.
    @Test("contexts end words where statements do", arguments: [Dialect.haproxy, .nginx])
    func agreement(dialect: Dialect) {
        var random = Numbers(state: 11)
        let pieces = [
            "a", "bind", "x1", " ", "  ", "\t", "\n", "\r\n", "\"", "'", "\\", "$", "{", "}", ";", "#", "${", "é", "!{",
            "%[",
        ]
        for _ in 0..<4_000 {
            let text =
                (0..<Int(random.next() % 25)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
                + "\n"
            // nginx takes a quote as the end of a word, and refuses what follows it at once; contexts go on with the word.
            if dialect == .nginx, text.contains("\"") || text.contains("'") { continue }
            let statements = ConfigurationText(Array(text.utf8), dialect: dialect)
            let ends = Set((statements.statements + statements.conditions).flatMap(\.words).map(\.range.upperBound))
            var lexer = DialectLexer(LexicalContext(dialect))
            for (offset, byte) in text.utf8.enumerated() {
                let wasWord = lexer.context.state == .word
                lexer.advance(byte)
                let isWord = lexer.context.state == .word
                if wasWord, !isWord, lexer.context.state.isBare || lexer.context.state == .comment {
                    #expect(ends.contains(offset), "\(text.debugDescription) at \(offset)")
                }
            }
        }
    }

    /// Where the arguments of a text end, by each of the two readers.
    private func ends(_ text: [UInt8], _ dialect: Dialect) -> (statements: Set<Int>, contexts: Set<Int>) {
        let read = ConfigurationText(text, dialect: dialect)
        let statements = Set((read.statements + read.conditions).flatMap(\.words).map(\.range.upperBound))
        var lexer = DialectLexer(LexicalContext(dialect))
        var contexts: Set<Int> = []
        func isInside(_ state: LexicalContext.State) -> Bool {
            switch state {
            case .word, .doubleQuotes, .singleQuotes, .escape, .escapeInDoubleQuotes, .escapeInSingleQuotes: true
            case .start, .gap, .comment, .maybeComment, .foreign: false
            }
        }
        for (offset, byte) in text.enumerated() {
            let was = lexer.context.state
            lexer.advance(byte)
            guard isInside(was), !isInside(lexer.context.state) else { continue }
            // An argument ends with its closing quote, or before what comes after it.
            let isQuote = was == .doubleQuotes || was == .singleQuotes
            contexts.insert(isQuote ? offset + 1 : offset)
        }
        return (statements, contexts)
    }

    /// The outputs of a shipped example.
    @Test(
        "on real configurations both readers find the same arguments, both ways",
        arguments: [
            (Dialect.haproxy, "haproxy.cfg"), (.nginx, "nginx.conf"),
        ])
    func readersAgreeOnFiles(_ dialect: Dialect, _ name: String) throws {
        let text = try readFile("\(projectFolder)/examples/gitops/rendered/\(name)")
        let (statements, contexts) = ends(text, dialect)
        #expect(statements.count > 30)
        #expect(
            statements.subtracting(contexts).isEmpty, "only in statements: \(statements.subtracting(contexts).sorted())"
        )
        #expect(
            contexts.subtracting(statements).isEmpty, "only in contexts: \(contexts.subtracting(statements).sorted())")
    }

    @Test("words, quotes and escapes end alike for both readers, both ways", arguments: [Dialect.haproxy, .nginx])
    func readersAgreeOnWords(_ dialect: Dialect) {
        let words = ["a", "b.c", "\"x y\"", "'z;{'", "\"\\\"\"", "a\\ b", "10.0.0.1:80", "\"\"", "/p"]
        var numbers = Numbers(state: 7)
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...4, using: &numbers)
            let line =
                "name "
                + (0..<count).map { _ in words[Int.random(in: words.indices, using: &numbers)] }
                .joined(separator: " ")
            let text = Array((line + (dialect == .nginx ? ";\n" : "\n")).utf8)
            let (statements, contexts) = ends(text, dialect)
            #expect(statements == contexts, "\(line): \(statements.sorted()) and \(contexts.sorted())")
        }
    }
}

/// Numbers that are the same in each run.
struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
