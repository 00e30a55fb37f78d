// HAProxy: src/cfgparse.c, parse_line: a statement a line, quotes of two kinds, a backslash takes what follows it.
extension ConfigurationText {
    /// The keywords that begin a section.
    static let sections: Set<String> = [
        "global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "mailers", "userlist", "program",
        "http-errors", "ring", "cache", "log-forward", "log-profile", "fcgi-app", "crt-store", "traces", "acme",
    ]

    mutating func readHAProxy() {
        var section: Int?
        for line in 1...lineStarts.count {
            guard let range = range(ofLine: line) else { continue }
            let words = words(ofLine: range)
            // `.if` and its like choose lines by the proxy's version: both sides are read.
            guard let first = words.first, !first.text.hasPrefix(".") else { continue }
            let isOpening = !first.isQuoted && Self.sections.contains(first.text)
            if isOpening { section = statements.count }
            statements.append(
                Statement(words: words, line: line, parent: isOpening ? nil : section, isOpening: isOpening))
        }
    }

    private func words(ofLine line: Range<Int>) -> [Word] {
        var words: [Word] = []
        var open = OpenWord()
        var quote: UInt8?
        var offset = line.lowerBound
        while offset < line.upperBound {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), offset + 1 < line.upperBound {
                open.quote(at: offset)
                open.add(bytes[offset + 1], at: offset)
                offset += 2
                continue
            }
            if let closing = quote {
                if byte == closing { quote = nil } else { open.add(byte, at: offset) }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                open.quote(at: offset)
                quote = byte
            } else if byte == UInt8(ascii: "#") {
                break
            } else if Self.isSpace(byte) {
                if let word = open.finish(at: offset) { words.append(word) }
            } else {
                open.add(byte, at: offset)
            }
            offset += 1
        }
        if let word = open.finish(at: offset) { words.append(word) }
        return words
    }
}

extension ConfigurationText.Statement {
    /// Whether a statement makes a section answer without a `server` line.
    package var answersWithoutServer: Bool {
        let first = arguments.first?.text ?? ""
        let isConditional = arguments.contains { ["if", "unless"].contains($0.text) && !$0.isQuoted }
        switch keyword {
        case "server-template", "dispatch", "stats", "monitor-uri", "errorfile", "errorloc", "errorloc302",
            "errorloc303", "errorfiles", "use-fcgi-app", "stick-table":
            return true
        case _ where isConditional:
            return false
        case "redirect":
            return true
        case "http-request":
            return ["return", "deny", "redirect", "tarpit", "reject", "silent-drop", "use-service", "auth"]
                .contains(first)
        case "tcp-request":
            return arguments.contains { ["reject", "silent-drop", "use-service"].contains($0.text) }
        case "option":
            return ["transparent", "http_proxy"].contains(first)
        default:
            return false
        }
    }
}
