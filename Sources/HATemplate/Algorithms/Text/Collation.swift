/// The order in which Hugo sorts text: that of a dictionary, with punctuation before digits before letters, accents
/// after plain letters and capitals after small ones. Hugo: langs.Collator (Unicode's root order).
///
/// ASCII and the Latin letters up to U+017F stand as Unicode orders them; other scripts follow by code point.
enum Collation {
    /// What a character weighs on the three levels that are compared one after the other.
    private struct Weight: Equatable {
        /// 0 for a combining mark, which only changes the character before it.
        var primary: UInt32
        var secondary: UInt32 = 0
        var tertiary: UInt8 = 0
    }

    /// Negative, zero or positive as `left` sorts before, with or after `right`.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        var first = Reader(bytes: left)
        var second = Reader(bytes: right)
        var accents = 0
        var capitals = 0
        while true {
            switch (first.next(), second.next()) {
            case (nil, nil): return accents != 0 ? accents : capitals
            case (nil, _): return -1
            case (_, nil): return 1
            case (let one?, let other?):
                if one.primary != other.primary { return one.primary < other.primary ? -1 : 1 }
                if accents == 0, one.secondary != other.secondary {
                    accents = one.secondary < other.secondary ? -1 : 1
                }
                if capitals == 0, one.tertiary != other.tertiary {
                    capitals = one.tertiary < other.tertiary ? -1 : 1
                }
            }
        }
    }

    // MARK: Reading

    /// Gives the weights of a text; marks are joined with the character that they follow.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        private var offset = 0
        /// The second letter of a ligature.
        private var waiting: Weight?

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        mutating func next() -> Weight? {
            if let weight = waiting.take() { return weight }
            while offset < bytes.count {
                guard var weight = read() else { continue }
                if waiting == nil { joinMarks(to: &weight) }
                return weight
            }
            return nil
        }

        /// The weight at the offset; nil for a character that does not count.
        private mutating func read() -> Weight? {
            let byte = bytes[offset]
            if byte < 0x80 {
                offset += 1
                return Collation.ascii[Int(byte)]
            }
            let decoded = DecodedScalar.decode(bytes, at: offset)
            offset += decoded.length
            guard decoded.isValid else { return Weight(primary: Rank.invalid) }
            if let known = Collation.latin[decoded.scalar] {
                waiting = known.second
                return known.first
            }
            return Collation.weight(ofOther: decoded.scalar)
        }

        private mutating func joinMarks(to weight: inout Weight) {
            while offset < bytes.count, bytes[offset] >= 0xCC {
                let decoded = DecodedScalar.decode(bytes, at: offset)
                guard decoded.isValid, Collation.isMark(decoded.scalar) else { return }
                weight.secondary = weight.secondary &* 0x80 &+ (decoded.scalar.value - 0x300 + 0x40)
                offset += decoded.length
            }
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { ("\u{300}"..."\u{36F}").contains(scalar) }

    // MARK: Weights

    /// Where the groups of characters begin.
    private enum Rank {
        static let otherSymbol: UInt32 = 0x200
        static let currency: UInt32 = 0x20_0000
        static let digit: UInt32 = 0x40_0000
        static let latin: UInt32 = 0x40_1000
        static let otherLetter: UInt32 = 0x50_0000
        static let invalid: UInt32 = 0x80_0000
    }

    private static let punctuation =
        "\t\n\u{B}\u{C}\r\u{85} \u{A0}_-–—,;:!¡?¿.…·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†•`´^¯¨¸°©®+±÷×<=>¬|¦~"
    private static let currencies = "¤¢$£¥€"
    /// Letters with accents, in their order after the plain letter.
    private static let accented: [(plain: Unicode.Scalar, variants: String)] = [
        ("a", "áàăâåäãąā"), ("c", "ćĉčċç"), ("d", "ďđð"), ("e", "éèĕêěëėęē"), ("g", "ğĝġģ"), ("h", "ĥħ"),
        ("i", "íìĭîïĩ\u{307}įī"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺľļłŀ"), ("n", "ńňñņ"), ("o", "óòŏôöőõøō"),
        ("r", "ŕřŗ"), ("s", "śŝšşſ"), ("t", "ťţ"), ("u", "úùŭûůüűũųū"), ("w", "ŵ"), ("y", "ýŷÿ"), ("z", "źžż"),
        ("α", "ά"), ("ε", "έ"), ("η", "ή"), ("ι", "ίϊΐ"), ("ο", "ό"), ("υ", "ύϋΰ"), ("ω", "ώ"), ("е", "ё"),
    ]
    /// Letters of their own, in their order after the letter before them.
    private static let additional: [(after: Unicode.Scalar, letters: String)] = [
        ("i", "ı"), ("n", "ŋ"), ("q", "ĸ"), ("t", "ŧ"), ("z", "þŉ"),
    ]
    private static let ligatures: [(Unicode.Scalar, Unicode.Scalar, Unicode.Scalar)] = [
        ("æ", "a", "e"), ("œ", "o", "e"), ("ĳ", "i", "j"), ("ß", "s", "s"),
    ]

    private static func rank(ofLetter letter: Unicode.Scalar) -> UInt32 {
        letter.isASCII ? Rank.latin + 4 * letter.value : Rank.otherLetter + letter.value
    }

    /// Control characters do not count.
    private static let ascii: [Weight?] = (0..<128).map { code in
        let scalar = Unicode.Scalar(UInt8(truncatingIfNeeded: code))
        switch scalar {
        case "0"..."9": return Weight(primary: Rank.digit + 2 * scalar.value)
        case "a"..."z": return Weight(primary: rank(ofLetter: scalar))
        case "A"..."Z":
            return Weight(primary: rank(ofLetter: Unicode.Scalar(UInt8(truncatingIfNeeded: code) + 32)), tertiary: 1)
        case "$": return currencyWeight(scalar)
        default: return position(of: scalar, in: punctuation).map { Weight(primary: $0) }
        }
    }

    private static func position(of scalar: Unicode.Scalar, in text: String) -> UInt32? {
        text.unicodeScalars.enumerated().first { $0.element == scalar }.map {
            UInt32(truncatingIfNeeded: $0.offset + 1)
        }
    }

    private static func currencyWeight(_ scalar: Unicode.Scalar) -> Weight {
        Weight(primary: Rank.currency + (position(of: scalar, in: currencies) ?? 0x20 + scalar.value))
    }

    private static let latin: [Unicode.Scalar: (first: Weight, second: Weight?)] = {
        var weights: [Unicode.Scalar: (first: Weight, second: Weight?)] = [:]
        func add(_ letter: Unicode.Scalar, _ first: Weight, _ second: Weight? = nil) {
            weights[letter] = (first, second)
            guard let capital = simple(letter.properties.uppercaseMapping), capital != letter, !capital.isASCII else {
                return
            }
            weights[capital] = (with(first, tertiary: 1), second.map { with($0, tertiary: 1) })
        }
        for (plain, variants) in accented {
            for (index, letter) in variants.unicodeScalars.enumerated() where !isMark(letter) {
                add(letter, Weight(primary: rank(ofLetter: plain), secondary: UInt32(truncatingIfNeeded: index + 1)))
            }
        }
        weights["İ"] = (Weight(primary: rank(ofLetter: "i"), secondary: 7, tertiary: 1), nil)
        for (plain, letters) in additional {
            for (index, letter) in letters.unicodeScalars.enumerated() {
                add(letter, Weight(primary: rank(ofLetter: plain) + UInt32(truncatingIfNeeded: index + 1)))
            }
        }
        for (ligature, one, other) in ligatures {
            add(
                ligature, Weight(primary: rank(ofLetter: one), secondary: 0x7F),
                Weight(primary: rank(ofLetter: other), secondary: 0x7F))
        }
        for (scalar, letter) in [("ª", "a"), ("º", "o"), ("µ", "μ"), ("ς", "σ")] as [(Unicode.Scalar, Unicode.Scalar)] {
            weights[scalar] = (Weight(primary: rank(ofLetter: letter), tertiary: 2), nil)
        }
        for (scalar, digit) in [("¹", "1"), ("²", "2"), ("³", "3")] as [(Unicode.Scalar, Unicode.Scalar)] {
            weights[scalar] = (Weight(primary: Rank.digit + 2 * digit.value, tertiary: 2), nil)
        }
        return weights
    }()

    private static func with(_ weight: Weight, tertiary: UInt8) -> Weight {
        Weight(primary: weight.primary, secondary: weight.secondary, tertiary: tertiary)
    }

    private static func simple(_ mapping: String) -> Unicode.Scalar? {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }

    /// A character outside ASCII and the Latin letters that have a place of their own; nil when it does not count.
    private static func weight(ofOther scalar: Unicode.Scalar) -> Weight? {
        if let position = position(of: scalar, in: punctuation) { return Weight(primary: position) }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format: return nil
        case .currencySymbol: return currencyWeight(scalar)
        case .uppercaseLetter, .titlecaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .unassigned, .privateUse, .surrogate:
            let small = simple(properties.lowercaseMapping) ?? scalar
            return Weight(primary: Rank.otherLetter + small.value, tertiary: small == scalar ? 0 : 1)
        case .decimalNumber:
            // Fits: the value of a decimal digit is 0 to 9.
            let digit = UInt32(properties.numericValue ?? 0) + 0x30
            return Weight(primary: Rank.digit + 2 * digit, tertiary: 2)
        default:
            return Weight(primary: Rank.otherSymbol + scalar.value)
        }
    }
}
