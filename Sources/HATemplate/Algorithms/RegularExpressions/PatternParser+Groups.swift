extension PatternParser {
    /// `(?P<name>`, `(?<name>`, `(?flags:` or `(?flags)`. Go: parsePerlFlags.
    mutating func parseGroupSyntax() throws(Mistake) {
        if starts(with: "(?P<"), offset + 4 < bytes.count { return try parseNamedGroup(nameOffset: 4) }
        if starts(with: "(?<"), offset + 3 < bytes.count { return try parseNamedGroup(nameOffset: 3) }
        let start = offset
        offset += 2
        var changed = flags
        var isRemoving = false
        var sawFlag = false
        while offset < bytes.count {
            let flag: Flags
            switch Unicode.Scalar(try nextScalar()) ?? "\u{FFFD}" {
            case "i": flag = .ignoresCase
            case "m": flag = .byLines
            case "s": flag = .dotMatchesAll
            case "U": flag = .prefersShort
            case "-" where !isRemoving:
                isRemoving = true
                sawFlag = false
                continue
            case ":" where !isRemoving || sawFlag:
                let end = offset
                offset = start
                pushGroup(capture: nil)
                offset = end
                flags = changed
                return
            case ")" where !isRemoving || sawFlag:
                flags = changed
                return
            default:
                throw Mistake(.groupSyntax, start..<offset)
            }
            sawFlag = true
            if isRemoving { changed.remove(flag) } else { changed.insert(flag) }
        }
        throw Mistake(.groupSyntax, start..<offset)
    }

    private mutating func parseNamedGroup(nameOffset: Int) throws(Mistake) {
        let start = offset
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else {
            try checkUTF8(start..<bytes.count)
            throw Mistake(.groupName, start..<bytes.count)
        }
        let name = (start + nameOffset)..<end
        try checkUTF8(name)
        guard !name.isEmpty, bytes[name].allSatisfy({ Self.isWordByte($0) }) else {
            throw Mistake(.groupName, start..<(end + 1))
        }
        pushGroup(capture: Array(bytes[name]))
        offset = end + 1
    }

    /// A letter or digit of ASCII, or an underscore.
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
