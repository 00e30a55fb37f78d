/// What a proxy that reads a configuration finds in its environment.
package enum ProxyEnvironment: Sendable {
    /// Not known: the text of a variable stays, and the word that holds it is not certain.
    case unknown
    /// What a name stands for; nil for one that is not set. Some versions of HAProxy join what follows `"${UNSET}"` with
    /// the word of the variable.
    case known(@Sendable (String) -> String?, joinsAfterUnset: Bool)
}

/// Makes words of a line. Src/tools.c, parse_line.
struct HAProxyLineReader {
    private let environment: ProxyEnvironment
    /// What the configuration itself has set so far; nil for a variable that it took away.
    private var changes: [String: String?] = [:]
    /// Names that it sets or not, depending on conditions that nobody here decides.
    private var uncertain: Set<String> = []
    private var isCertain = true

    private var words: [ConfigurationText.Word] = []
    private var open = OpenWord()
    private var state = ByteState.start

    init(_ environment: ProxyEnvironment) {
        self.environment = environment
    }

    /// Learns which variables a line changes. `isCertain`: whether the proxy reads the line, whatever its version is.
    mutating func follow(_ keyword: String, _ arguments: ArraySlice<ConfigurationText.Word>, isCertain: Bool) {
        let names: [String]
        switch keyword {
        case "setenv", "presetenv": names = arguments.first.map { [$0.text] } ?? []
        case "unsetenv": names = arguments.map(\.text)
        case "localpeer": names = ["HAPROXY_LOCALPEER"]
        case "resetenv":
            self.isCertain = false
            return
        default: return
        }
        let isWhole = keyword == "unsetenv" || arguments.count == (keyword == "localpeer" ? 1 : 2)
        guard isCertain, arguments.allSatisfy(\.isCertain), isWhole else {
            return uncertain.formUnion(names)
        }
        for name in names {
            let value = keyword == "unsetenv" ? nil : arguments.last?.text
            if keyword == "presetenv", isOwn(name) { uncertain.insert(name) }
            // A value that is there wins over `presetenv`.
            if keyword == "presetenv", let present = present(name) {
                changes[name] = .some(present)
            } else {
                changes[name] = .some(value)
            }
        }
    }

    /// What a variable stands for so far.
    private func present(_ name: String) -> String? {
        if let changed = changes[name] { return changed }
        guard case .known(let value, _) = environment else { return nil }
        return value(name)
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
        if state != .word, !state.isBare, state != .comment { open.spoil() }
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
        let isSet = expand(
            name, fallback.map { bytes[$0] }, splits: splits, source: bytes[start..<offset], at: start, before: offset)
        guard !isSet, case .known(_, joinsAfterUnset: true) = environment, offset < end,
            bytes[offset] == UInt8(ascii: "\"")
        else { return offset }
        offset += 1
        while offset < end, ConfigurationText.isSpace(bytes[offset]) { offset += 1 }
        state = .word
        return offset
    }

    /// Whether the variable stands for anything, as far as is known.
    private mutating func expand(
        _ name: String, _ fallback: ArraySlice<UInt8>?, splits: Bool, source: ArraySlice<UInt8>, at start: Int,
        before end: Int
    ) -> Bool {
        open.quote(at: start)
        guard case .known(let value, _) = environment, !name.isEmpty, !name.hasPrefix("."), isCertain,
            !uncertain.contains(name), !isOwn(name) || (fallback == nil && !words.isEmpty)
        else {
            open.spoil()
            for byte in source { open.add(byte, at: start) }
            return true
        }
        let known = changes[name] ?? (isOwn(name) ? "" : value(name))
        guard let text = known.map({ Array($0.utf8)[...] }) ?? fallback else { return false }
        for byte in text {
            if splits, ConfigurationText.isSpace(byte) {
                finish(at: end)
            } else {
                open.add(byte, at: start)
            }
        }
        return true
    }

    /// The proxy sets these itself: formats of logs, its own name and files.
    private func isOwn(_ name: String) -> Bool { name.hasPrefix("HAPROXY_") && changes[name] == nil }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}
