import Testing

@testable import HATemplate

/// Tokens of small templates, written as `kind:text` separated by spaces. Expectations follow Go's lexer.
@Suite struct LexerTests {
    struct Example: CustomTestStringConvertible {
        let template: String
        let tokens: String
        var delimiters = Lexer.Delimiters()
        var testDescription: String { template }

        init(_ template: String, _ tokens: String, left: String = "{{", right: String = "}}") {
            self.template = template
            self.tokens = tokens
            delimiters = .init(left: Array(left.utf8), right: Array(right.utf8))
        }
    }

    static let examples = [
        Example("", "end"),
        Example("plain text", "text:plain␣text end"),
        Example("a{{.}}b", "text:a {{ dot:. }} text:b end"),
        Example("{{.Host.Ip}}", "{{ field:.Host field:.Ip }} end"),
        Example("{{$x}}{{$}}", "{{ variable:$x }} {{ variable:$ }} end"),
        Example("a \n {{- .x -}} \t b", "text:a {{ field:.x }} text:b end"),
        Example("{{- -3 -}}", "{{ number:-3 }} end"),
        Example("{{-3}}", "{{ number:-3 }} end"),
        Example("{{ 3 -}}", "{{ space number:3 }} end"),
        Example("{{ 3  -}}", "{{ space number:3 space }} end"),
        Example("a{{/* note */}}b", "text:a text:b end"),
        Example("a {{- /* note */ -}} b", "text:a text:b end"),
        Example(
            "{{if .a}}x{{else if .b}}{{end}}",
            "{{ word:if space field:.a }} text:x {{ word:else space word:if space field:.b }} {{ word:end }} end"),
        Example(
            "{{range $i, $v := .l}}",
            "{{ word:range space variable:$i other:, space variable:$v space := space field:.l }} end"),
        Example("{{$x = 1}}", "{{ variable:$x space = space number:1 }} end"),
        Example(
            #"{{printf "%d" 1 | print `r`}}"#,
            #"{{ identifier:printf space string:"%d" space number:1 space | space identifier:print space raw:`r` }} end"#
        ),
        Example("{{(1).x}}", "{{ ( number:1 ) field:.x }} end"),
        Example("{{'a' '\\''}}", "{{ character:'a' space character:'\\'' }} end"),
        Example("{{true false nil break}}", "{{ bool:true space bool:false space word:nil space word:break }} end"),
        Example(
            "{{0x1F 1_000 1e3 .5 0b1 0o7}}",
            "{{ number:0x1F space number:1_000 space number:1e3 space number:.5 space number:0b1 space number:0o7 }} end"
        ),
        Example("{{1+2i}}", "{{ complex:1+2i }} end"),
        Example("{{.größe $٣}}", "{{ field:.größe space variable:$٣ }} end"),
        Example("{{\"a\\\"b\"}}", "{{ string:\"a\\\"b\" }} end"),
        Example("<<.>> {{.}}", "{{ dot:. }} text:␣{{.}} end", left: "<<", right: ">>"),
        Example("((.x))", "{{ field:.x }} end", left: "((", right: "))"),
        Example("{{\n.x\n}}", "{{ space field:.x space }} end"),
    ]

    @Test(arguments: examples)
    func tokens(example: Example) {
        var lexer = Lexer(Array(example.template.utf8), delimiters: example.delimiters)
        var shown: [String] = []
        while shown.last != "end", shown.last?.hasPrefix("error") != true, shown.count < 100 {
            shown.append(show(lexer.next(), lexer.source))
        }
        #expect(shown.joined(separator: " ") == example.tokens)
    }

    /// Mistakes: the code and the offset at which they are seen.
    static let mistakes: [(String, String, UInt32)] = [
        ("{{/* open", "unclosed-comment", 0),
        ("{{/* a */ }}", "unclosed-comment", 9),
        ("{{.x", "unclosed-action", 4),
        ("{{\"abc}}", "unclosed-string", 2),
        ("{{`abc}}", "unclosed-string", 2),
        ("{{'a}}", "unclosed-string", 2),
        ("{{(.x}}", "unclosed-parenthesis", 5),
        ("{{.x)}}", "unexpected-token", 4),
        ("{{1a}}", "bad-number", 2),
        ("{{.x:1}}", "bad-character", 4),
        ("{{.a\u{301}}}", "bad-character", 4),
        ("{{\u{0}}}", "bad-character", 2),
        ("{{$x+2}}", "bad-character", 4),
    ]

    @Test(arguments: mistakes)
    func mistake(template: String, code: String, offset: UInt32) {
        var lexer = Lexer(Array(template.utf8))
        var token = lexer.next()
        while token.kind != .error, token.kind != .endOfFile { token = lexer.next() }
        #expect(lexer.mistake?.code.rawValue == code)
        #expect(token.range.start == offset)
    }

    @Test func readingGoesOnBehindABrokenAction() {
        var lexer = Lexer(Array("{{\"abc}}x{{.y}}".utf8))
        _ = lexer.next()
        #expect(lexer.next().kind == .error)
        lexer.skipAction()
        #expect(show(lexer.next(), lexer.source) == "text:x")
    }

    private func show(_ token: Token, _ source: [UInt8]) -> String {
        let bytes = source[Int(token.range.start)..<Int(token.range.end)]
        let text = String(decoding: bytes, as: UTF8.self).replacing(" ", with: "␣")
        switch token.kind {
        case .text: return "text:" + text
        case .leftDelimiter: return "{{"
        case .rightDelimiter: return "}}"
        case .space: return "space"
        case .identifier: return "identifier:" + text
        case .field: return "field:" + text
        case .variable: return "variable:" + text
        case .dot: return "dot:" + text
        case .number: return "number:" + text
        case .complexNumber: return "complex:" + text
        case .character: return "character:" + text
        case .string: return "string:" + text
        case .rawString: return "raw:" + text
        case .bool: return "bool:" + text
        case .assign: return "="
        case .declare: return ":="
        case .pipe: return "|"
        case .leftParenthesis: return "("
        case .rightParenthesis: return ")"
        case .other: return "other:" + text
        case .keyword(let word): return "word:" + word.rawValue
        case .endOfFile: return "end"
        case .error: return "error"
        }
    }
}

extension String {
    fileprivate func replacing(_ character: Character, with other: Character) -> String {
        String(map { $0 == character ? other : $0 })
    }
}
