// What writers who know other languages probably meant.
extension Parser {
    /// Words that other template languages have for ours.
    static let keywordElsewhere: [String: String] = [
        "elseif": "else if", "elsif": "else if", "elif": "else if", "endif": "end", "endfor": "end",
        "endrange": "end", "endwith": "end", "for": "range", "foreach": "range",
    ]

    /// Functions of confd and consul-template that ask a store of keys or the environment, and what to write instead.
    static let settingElsewhere: [String: Remedy] = {
        let stores = [
            "getv", "getvs", "gets", "get", "exists", "ls", "lsdir", "cget", "cgetv", "key", "keyOrDefault",
            "keyExists", "keyWithDefault", "tree", "secret", "secrets",
        ]
        var advice = Dictionary(uniqueKeysWithValues: stores.map { ($0, Remedy.settings) })
        for name in ["env", "envOrDefault", "mustEnv", "expandenv"] { advice[name] = .environment }
        return advice
    }()

    /// Functions of Helm, confd, consul-template and docker-gen, and what does the same here.
    static let functionElsewhere: [String: String] = [
        "list": "collections.Slice", "required": "errorf", "fail": "errorf", "trunc": "truncate", "timestamp": "now",
        "datetime": "now", "map": "dict", "toJSONPretty": "jsonify", "toPrettyJson": "jsonify",
        "min": "math.Min", "max": "math.Max", "round": "math.Round", "floor": "math.Floor", "ceil": "math.Ceil",
        "sortAlpha": "sort", "splitList": "split", "trimSpace": "strings.TrimSpace", "int64": "int",
        "set": "merge", "dig": "index", "cat": "print",
    ]

    /// Words that a slip may have been meant for.
    static let keywords = ["end", "else", "range", "with", "define", "template", "block", "break", "continue"]

    /// What is written otherwise in this language, by how it begins; longer beginnings come first.
    private static let elsewhere: [(beginning: String, advice: String)] = [
        ("==", "values are compared by a function: eq .A .B"),
        ("!=", "values are compared by a function: ne .A .B"),
        ("<=", "values are compared by a function: le .A .B"),
        (">=", "values are compared by a function: ge .A .B"),
        ("&&", "conditions are joined by a function: and .A .B"),
        ("||", "conditions are joined by a function: or .A .B"),
        ("/*", "a comment touches both delimiters, with no space between: {{/* … */}}"),
        ("//", "a comment is written {{/* … */}}"),
        ("#", "a comment is written {{/* … */}}"),
        ("!", "a condition is turned round by a function: not .A"),
        ("<", "values are compared by a function: lt .A .B"),
        (">", "values are compared by a function: gt .A .B"),
        ("=", "a variable is declared by $x := 1 and changed by $x = 1, with a space before the sign"),
        ("(", "arguments follow a function without parentheses, separated by spaces: len .Hosts"),
        ("+", "numbers are added by a function: add .A .B; texts are put together by print .A .B"),
        ("*", "numbers are multiplied by a function: mul .A .B"),
        ("/", "numbers are divided by a function: div .A .B"),
        ("%", "the rest of a division is given by a function: mod .A .B"),
        ("- ", "numbers are subtracted by a function: sub .A .B"),
        ("-}", "an action ends in two braces: -}}"),
        ("-", "look up a key that is not a plain name: index .A \"some-key\""),
        ("[", "an element is looked up: index .A 0"),
        (",", "arguments are separated by spaces"),
        ("\u{201C}", "strings stand in straight quotes"),
        ("\u{201D}", "strings stand in straight quotes"),
    ]

    /// A note for a loop as other languages write it: `{{range $i, $e in .List}}`.
    func loopAdvice() -> [Diagnostic.Note] {
        let text = String(decoding: lexer.source[Int(actionStart.end)...].prefix(200), as: UTF8.self)
        let words = text.split(separator: "\n").first?.split(separator: " ").drop { $0 == "-" } ?? []
        let heads = words.prefix { $0 != "in" }
        guard let first = words.first, ["range", "for", "foreach"].contains(first), heads.count < words.count,
            heads.dropFirst().allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || "$_,".contains($0) } })
        else { return [] }
        return [.init("a loop declares its variables with :=, as in {{range $i, $e := .List}}")]
    }

    /// A note for a token that cannot be read, where it looks like something that is written otherwise.
    func advice(at token: Token) -> [Diagnostic.Note] {
        let start = Int(token.range.start)
        // Of two bars the first is a pipe, and the second one is the mistake.
        let isSecondBar = start > 0 && lexer.source[start...].first == UInt8(ascii: "|")
        let text = lexer.source[(isSecondBar ? start - 1 : start)...]
        let known = Self.elsewhere.first { text.starts(with: $0.beginning.utf8) }
        return known.map { [Diagnostic.Note($0.advice)] } ?? []
    }
}
