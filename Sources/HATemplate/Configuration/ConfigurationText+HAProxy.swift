// HAProxy: src/cfgparse.c, readcfgfile: a statement a line, its words as `parse_line` makes them.
extension ConfigurationText {
    mutating func readHAProxy(_ environment: ProxyEnvironment) {
        var section: Int?
        var reader = HAProxyLineReader(environment)
        for line in 1...lineStarts.count {
            guard let range = range(ofLine: line) else { continue }
            let words = reader.words(of: bytes, in: range)
            guard let first = words.first else { continue }
            // `no` and `default` before a directive are read apart from it.
            let hasSign = (first.text == "no" || first.text == "default") && words.count > 1
            let keyword = hasSign ? words[1].text : first.text
            let isGlobal = section.map { statements[$0].keyword == "global" } ?? false
            reader.follow(keyword, words.dropFirst(hasSign ? 2 : 1), isCertain: isGlobal && conditions.isEmpty)
            // `.if` and its like choose lines by the proxy's version: both sides are read.
            if keyword.hasPrefix(".") {
                conditions.append(Statement(words: words, line: line, parent: section, isOpening: false))
                continue
            }
            let isOpening = HAProxyGrammar.isSection(keyword)
            if isOpening { section = statements.count }
            statements.append(
                Statement(words: words, line: line, parent: isOpening ? nil : section, isOpening: isOpening))
        }
    }
}

extension ConfigurationText.Statement {
    /// HAProxy: whether a statement makes a section answer without a `server` line.
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
