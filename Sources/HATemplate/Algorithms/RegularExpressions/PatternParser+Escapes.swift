extension PatternParser {
    /// What a backslash begins outside brackets.
    mutating func parseBackslash() throws(Mistake) {
        switch peek(1) {
        case UInt8(ascii: "A"): return try pushAssertion(.textStart, length: 2)
        case UInt8(ascii: "z"): return try pushAssertion(.textEnd, length: 2)
        case UInt8(ascii: "b"): return try pushAssertion(.wordBoundary, length: 2)
        case UInt8(ascii: "B"): return try pushAssertion(.noWordBoundary, length: 2)
        case UInt8(ascii: "C"): throw Mistake(.escape, offset..<(offset + 2))
        case UInt8(ascii: "Q"): return try parseQuotation()
        default: break
        }
        var set = ScalarSet()
        if try parseClassEscape(into: &set) {
            set.normalize()
            try push(tree.add(set))
        } else {
            try pushLiteral(parseEscape())
        }
    }

    /// `\Q…\E`: everything in it is literal; the end of the pattern ends it too.
    private mutating func parseQuotation() throws(Mistake) {
        offset += 2
        while offset < bytes.count {
            if starts(with: "\\E") {
                offset += 2
                return
            }
            do {
                try pushLiteral(nextScalar())
            } catch {
                // Go sees only what stands before \E.
                guard error.reason == .invalidUTF8 else { throw error }
                let end = bytes.indices.dropLast().first {
                    $0 >= offset && bytes[$0] == UInt8(ascii: "\\") && bytes[$0 + 1] == UInt8(ascii: "E")
                }
                throw Mistake(.invalidUTF8, error.range.lowerBound..<(end ?? bytes.count), place: error.place)
            }
        }
    }

    /// `\d`, `\pL` and the like, inside and outside brackets; false when there is none here.
    mutating func parseClassEscape(into set: inout ScalarSet) throws(Mistake) -> Bool {
        guard peek() == UInt8(ascii: "\\"), let letter = peek(1) else { return false }
        let group: ScalarSet
        switch letter | 0x20 {
        case UInt8(ascii: "d"): group = Self.digits
        case UInt8(ascii: "s"): group = Self.perlSpaces
        case UInt8(ascii: "w"): group = Self.wordScalars
        case UInt8(ascii: "p"):
            try parseUnicodeClass(into: &set)
            return true
        default: return false
        }
        offset += 2
        append(group, isNegated: letter & 0x20 == 0, to: &set)
        return true
    }

    /// Adds a class or what is not in it, after folding.
    func append(_ group: ScalarSet, isNegated: Bool, to set: inout ScalarSet) {
        let group = flags.contains(.ignoresCase) ? group.folded : group
        set.append(isNegated ? group.inverted : group)
    }

    /// `\pL`, `\p{Greek}`, `\P{^Lu}`. Go: parseUnicodeClass.
    private mutating func parseUnicodeClass(into set: inout ScalarSet) throws(Mistake) {
        let start = offset
        var isNegated = bytes[offset + 1] == UInt8(ascii: "P")
        offset += 2
        var name = offset..<offset
        if try nextScalar() == 0x7B {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
                try checkUTF8(start..<bytes.count)
                throw Mistake(.characterRange, start..<bytes.count)
            }
            name = (start + 3)..<end
            offset = end + 1
            try checkUTF8(name)
        } else {
            name = name.lowerBound..<offset
        }
        if !name.isEmpty, bytes[name.lowerBound] == UInt8(ascii: "^") {
            isNegated.toggle()
            name = (name.lowerBound + 1)..<name.upperBound
        }
        let key = Array(bytes[name])
        guard let group = unicodeClasses[key] ?? UnicodeClass.set(named: key) else {
            throw Mistake(.characterRange, start..<offset)
        }
        unicodeClasses[key] = group
        if UnicodeClass.folds(key) {
            append(group, isNegated: isNegated, to: &set)
        } else {
            set.append(isNegated ? group.inverted : group)
        }
    }

    /// An escape that stands for one scalar. Go: parseEscape.
    mutating func parseEscape() throws(Mistake) -> UInt32 {
        let start = offset
        offset += 1
        guard offset < bytes.count else {
            throw Mistake(.trailingBackslash, bytes.count..<bytes.count, place: start..<bytes.count)
        }
        let scalar = try nextScalar()
        switch Unicode.Scalar(scalar) ?? "\u{FFFD}" {
        case "1"..."7":
            // A single digit would be a reference back, which there is not.
            guard let next = peek(), (0x30...0x37).contains(next) else { break }
            return octal(scalar - 0x30)
        case "0": return octal(0)
        case "x": if let code = try hexadecimal() { return code }
        case "a": return 0x07
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "v": return 0x0B
        case "_": return scalar
        default:
            if scalar < 0x80, !Self.isWordByte(UInt8(truncatingIfNeeded: scalar)) { return scalar }
        }
        throw Mistake(.escape, start..<offset)
    }

    /// Up to two more octal digits.
    private mutating func octal(_ first: UInt32) -> UInt32 {
        var code = first
        for _ in 0..<2 {
            guard let digit = peek(), (0x30...0x37).contains(digit) else { break }
            code = code * 8 + UInt32(digit - 0x30)
            offset += 1
        }
        return code
    }

    /// What follows `\x`: two digits, or any number of them in braces; nil when it is none.
    private mutating func hexadecimal() throws(Mistake) -> UInt32? {
        guard offset < bytes.count else { return nil }
        let first = try nextScalar()
        guard first == 0x7B else {
            let second = try nextScalar()
            guard let high = Self.digit(first), let low = Self.digit(second) else { return nil }
            return high * 16 + low
        }
        var code: UInt32 = 0
        var count = 0
        while offset < bytes.count {
            let scalar = try nextScalar()
            if scalar == 0x7D { return count > 0 ? code : nil }
            guard let digit = Self.digit(scalar) else { return nil }
            code = code * 16 + digit
            guard code <= ScalarSet.maximum else { return nil }
            count += 1
        }
        return nil
    }

    private static func digit(_ scalar: UInt32) -> UInt32? {
        UInt8(exactly: scalar).flatMap(hexDigitValue).map(UInt32.init)
    }
}
