// Commands of a target's own check.
extension ProxyCheck {
    /// The proxy that a command line runs, when that is all it does: its verdict can be remembered.
    static func plainProgram(_ line: String) -> String? {
        guard let word = ShellLine.plainWords(line)?.first else { return nil }
        return ShellLine.isProxy(word) ? word : nil
    }
}

/// What a line for a shell says, as far as it can be read without one.
enum ShellLine {
    /// The words of a line that only calls a program; nil for one that only a shell can run.
    static func plainWords(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if character == quote {
                quote = nil
            } else if quote == "'" || (quote != nil && !"$`\\".contains(character)) {
                word = (word ?? "") + String(character)
            } else if quote != nil || "|&;<>()$`\\*?~#\n".contains(character) {
                return nil
            } else if character == "'" || character == "\"" {
                (quote, word) = (character, word ?? "")
            } else if character == " " || character == "\t" {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }

    static func isProxy(_ word: String) -> Bool {
        let name = word.split(separator: "/").last
        return name == "haproxy" || name == "nginx"
    }

    /// The proxy that a line calls where it is more than a plain call, so that nobody can say what else it gives it.
    static func hiddenProxy(in line: String) -> String? {
        if let first = plainWords(line)?.first, isProxy(first) { return nil }
        for part in line.split(whereSeparator: { "|&;()\n`".contains($0) }) {
            let words = part.split { !($0.isLetter || $0.isNumber || "./_-{}=[]".contains($0)) }.map(String.init)
            guard let first = words.first, !readers.contains(first) else { continue }
            if let program = words.first(where: isProxy) {
                return program.split(separator: "/").last.map(String.init)
            }
        }
        return nil
    }

    /// Programs that only look at a text.
    private static let readers: Set<String> = [
        "grep", "egrep", "fgrep", "echo", "printf", "test", "[", "cat", "diff", "cmp", "head", "tail", "wc", "true",
        "cd",
    ]
}
