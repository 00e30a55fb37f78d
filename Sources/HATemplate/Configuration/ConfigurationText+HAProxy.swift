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
            reader.follow(keyword, words.dropFirst(hasSign ? 2 : 1))
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

/// What a proxy that reads a configuration finds in its environment.
package enum ProxyEnvironment: Sendable {
    /// Not known: the text of a variable stays, and the word that holds it is not certain.
    case unknown
    /// What a name stands for; nil for one that is not set.
    case known(@Sendable (String) -> String?)
}

/// Makes words of a line. Src/tools.c, parse_line.
struct HAProxyLineReader {
    private let environment: ProxyEnvironment
    /// Names that the configuration itself sets: their value depends on conditions that nobody here decides.
    private var changed: Set<String> = []
    private var hasChangedAll = false

    private var words: [ConfigurationText.Word] = []
    private var open = OpenWord()
    private var state = ByteState.start

    init(_ environment: ProxyEnvironment) {
        self.environment = environment
    }

    /// Learns which variables a line changes.
    mutating func follow(_ keyword: String, _ arguments: ArraySlice<ConfigurationText.Word>) {
        switch keyword {
        case "setenv", "presetenv": if let name = arguments.first { changed.insert(name.text) }
        case "unsetenv": changed.formUnion(arguments.map(\.text))
        case "resetenv": hasChangedAll = true
        default: break
        }
    }

    mutating func words(of bytes: [UInt8], in line: Range<Int>) -> [ConfigurationText.Word] {
        (words, open, state) = ([], OpenWord(), .start)
        var offset = line.lowerBound
        while offset < line.upperBound {
            let byte = bytes[offset]
            if state == .doubleQuotes, byte == UInt8(ascii: "$") {
                offset = readVariable(bytes, from: offset, to: line.upperBound)
                continue
            }
            let step = HAProxyBytes.step(state, byte)
            if step.endsWord { finish(at: offset) }
            switch step.effect {
            case .mark: open.quote(at: offset)
            case .text where state == .escape || state == .escapeInDoubleQuotes:
                offset = readEscape(bytes, at: offset, to: line.upperBound)
            case .text: open.add(byte, at: offset)
            case .nothing, .endLine, .endComment, .endDirective, .openBlock, .closeBlock: break
            }
            // A NUL ends the line for a program in C, or does not, by its version.
            if byte == 0 { open.spoil() }
            state = step.state
            offset += 1
        }
        // Such a line is refused by the proxy, in the middle of what it does.
        if state == .doubleQuotes || state == .singleQuotes { open.spoil() }
        finish(at: line.upperBound)
        return words
    }

    private mutating func finish(at offset: Int) {
        if let word = open.finish(at: offset) { words.append(word) }
    }

    /// Reads what follows a backslash; returns the offset of its last byte.
    private mutating func readEscape(_ bytes: [UInt8], at offset: Int, to end: Int) -> Int {
        if bytes[offset] == UInt8(ascii: "x") {
            guard offset + 2 < end, let high = hexDigit(bytes[offset + 1]), let low = hexDigit(bytes[offset + 2]) else {
                open.spoil()
                open.add(bytes[offset], at: offset)
                return offset
            }
            open.add(high << 4 | low, at: offset)
            if high << 4 | low == 0 { open.spoil() }
            return offset + 2
        }
        if let byte = HAProxyBytes.escaped(bytes[offset], inDoubleQuotes: state == .escapeInDoubleQuotes) {
            open.add(byte, at: offset)
        } else {
            open.add(UInt8(ascii: "\\"), at: offset)
            open.add(bytes[offset], at: offset)
        }
        return offset
    }

    // MARK: Variables

    /// Reads `$NAME`, `${NAME}`, `${NAME-default}` or `${NAME[*]}`; returns the offset after it.
    private mutating func readVariable(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var offset = start + 1
        let hasBraces = offset < end && bytes[offset] == UInt8(ascii: "{")
        if hasBraces { offset += 1 }
        let nameStart = offset
        while offset < end, isAlphanumeric(bytes[offset]) || ("_." as StaticString).contains(bytes[offset]) {
            offset += 1
        }
        let name = String(decoding: bytes[nameStart..<offset], as: UTF8.self)
        var fallback: Range<Int>?
        var splits = false
        if hasBraces {
            if bytes[offset..<end].starts(with: "[*]".utf8) {
                splits = true
                offset += 3
            }
            if offset < end, bytes[offset] == UInt8(ascii: "-") {
                let valueStart = offset + 1
                while offset < end, bytes[offset] != UInt8(ascii: "}") { offset += 1 }
                fallback = min(valueStart, offset)..<offset
            }
            if offset < end, bytes[offset] == UInt8(ascii: "}") { offset += 1 } else { open.spoil() }
        }
        expand(
            name, fallback.map { bytes[$0] }, splits: splits, source: bytes[start..<offset], at: start, before: offset)
        // Some versions join what follows an unset variable and a quote.
        return offset
    }

    private mutating func expand(
        _ name: String, _ fallback: ArraySlice<UInt8>?, splits: Bool, source: ArraySlice<UInt8>, at start: Int,
        before end: Int
    ) {
        guard case .known(let value) = environment, !name.isEmpty, !name.hasPrefix("."), !name.hasPrefix("HAPROXY_"),
            !hasChangedAll, !changed.contains(name)
        else {
            open.spoil()
            for byte in source { open.add(byte, at: start) }
            return
        }
        let bytes = value(name).map { Array($0.utf8)[...] } ?? fallback
        guard let bytes else {
            open.skipUnset(at: start)
            return
        }
        for byte in bytes {
            if splits, ConfigurationText.isSpace(byte) {
                finish(at: end)
            } else {
                open.add(byte, at: start)
            }
        }
    }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
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
